//! End marks and arrow heads.
use egui::{Align2, Color32, Painter, Pos2, Shape, Stroke, Vec2};

use crate::ui::icon::Icon;
use crate::ui::theme::Theme;

/// Radius of the ring around an end mark, in points.
pub(super) const RING: f32 = 7.5;
/// A number greater than this does not fit into a ring.
const MAX_COUNT: usize = 99;

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
