//! End marks and arrow heads.
use egui::{Align2, Color32, Painter, Pos2, Rangef, Shape, Stroke, Vec2};

use crate::ui::icon::Icon;
use crate::ui::theme::Theme;

/// Radius of the ring around an end mark, in points.
pub(super) const RING: f32 = 7.5;
/// A number greater than this does not fit into a ring.
const MAX_COUNT: usize = 99;

/// The part of a dashed stretch that is in sight, begun before that where a dash begins. Zoomed in far, a wait is millions of dashes
/// long; `step` is one dash and one gap.
pub(super) fn dashes_in_sight(stretch: Rangef, sight: Rangef, step: f32) -> Rangef {
    let n_before = ((sight.min - stretch.min) / step - 1.0).floor().max(0.0);
    Rangef::new(stretch.min + n_before * step, stretch.max.min(sight.max + step))
}

/// A shape in a ring.
pub(super) fn ringed(painter: &Painter, center: Pos2, icon: Icon, color: Color32) {
    painter.circle_stroke(center, RING, Stroke::new(1.4, color));
    icon.paint_at(painter, center, if icon == Icon::Twice { 10.5 } else { 11.0 }, color);
}

/// A number in a ring, or a cross where it does not fit.
pub(super) fn ringed_count(painter: &Painter, center: Pos2, count: usize, color: Color32) {
    if count > MAX_COUNT {
        return ringed(painter, center, Icon::Cross, color);
    }
    painter.circle_stroke(center, RING, Stroke::new(1.4, color));
    painter.text(center, Align2::CENTER_CENTER, count.to_string(), Theme::semibold(9.0), color);
}

/// The head of an arrow that ends at `tip` and came along `direction`.
pub(super) fn arrow_head(painter: &Painter, tip: Pos2, direction: Vec2, color: Color32) {
    let (along, across) = (direction.normalized() * 5.0, direction.normalized().rot90() * 2.8);
    let points = vec![tip, tip - along + across, tip - along - across];
    painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_out_of_sight_are_not_there_and_those_in_sight_stay_where_they_were() {
        let sight = Rangef::new(100.0, 200.0);
        assert_eq!(dashes_in_sight(Rangef::new(120.0, 150.0), sight, 7.0), Rangef::new(120.0, 150.0));
        assert_eq!(dashes_in_sight(Rangef::new(-6_900.0, 9_000.0), sight, 7.0), Rangef::new(93.0, 207.0));
        let long = dashes_in_sight(Rangef::new(-7e6 + 3.0, 9e6), sight, 7.0);
        assert!(long.min < 100.0 && long.span() < 130.0, "{long:?}");
        assert!(dashes_in_sight(Rangef::new(300.0, 400.0), sight, 7.0).span() < 0.0, "nothing is in sight");
    }
}
