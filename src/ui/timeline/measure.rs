//! Measuring: a span of time that people draw with Shift and the pointer, or mark with a key from attempt to attempt.
use egui::{
    Align2, Modifiers, Pos2, Rangef, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::areas::Areas;
use super::rows::VisibleRows;
use super::scene::Scene;
use crate::core::time::Timestamp;
use crate::ui::stamps;
use crate::ui::theme::{Theme, size};

/// An end this near to where an attempt begins or ends is meant to be there.
const SNAP: f32 = 7.0;

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Measure {
    /// Begins at an instant, ends there if it has begun, and begins anew after that.
    pub(super) fn mark(&mut self, at: Timestamp) {
        *self = match *self {
            Self { from: Some(from), to: None } if from != at => Self { from: Some(from), to: Some(at) },
            _ => Self { from: Some(at), to: None },
        };
    }

    /// Where the pointer began and is.
    fn draw(&mut self, from: Timestamp, to: Timestamp) {
        *self = Self { from: Some(from), to: Some(to) };
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Both ends, the earlier first.
    pub(super) fn ends(&self) -> Option<(Timestamp, Timestamp)> {
        let (from, to) = (self.from?, self.to?);
        Some((from.min(to), from.max(to)))
    }
}

/// Whether a drag on the plot measures rather than pans.
pub(super) fn is_measuring(ui: &Ui) -> bool {
    ui.input(|input| input.modifiers.contains(Modifiers::SHIFT))
}

/// What the pointer measures in this frame, if it does.
pub(super) fn dragged(ui: &Ui, plot: &Response, scene: &Scene<'_>, visible: &VisibleRows) -> Option<Measure> {
    let (origin, pointer) = ui.input(|input| (input.pointer.press_origin(), input.pointer.interact_pos()));
    let (origin, pointer) = origin.zip(pointer).filter(|_| plot.dragged() && is_measuring(ui))?;
    let mut measure = Measure::default();
    measure.draw(snapped(scene, visible, origin), snapped(scene, visible, pointer));
    Some(measure)
}

/// The instant under the pointer, or a start or an end of an attempt of the row there, if one is near.
fn snapped(scene: &Scene<'_>, visible: &VisibleRows, pointer: Pos2) -> Timestamp {
    let axis = scene.axis;
    let x = pointer.x.clamp(scene.areas.plot.min, scene.areas.plot.max);
    let row = visible.rows.iter().find(|row| row.y.contains(pointer.y));
    let edges = row.into_iter().flat_map(|row| &row.lane.bars).flat_map(|bar| [bar.row.started_at, bar.row.ended_at]);
    let distance = |at: &Timestamp| (axis.x_of(*at) - x).abs();
    let nearest = edges.min_by(|left, right| distance(left).total_cmp(&distance(right)));
    nearest.filter(|at| distance(at) <= SNAP).unwrap_or_else(|| axis.time_at(x))
}

/// The measured span over everything, its length on the ruler. True if people closed it.
pub(super) fn measure_ui(ui: &Ui, scene: &Scene<'_>) -> bool {
    let Scene { view, axis, areas, theme, .. } = *scene;
    let measure = view.timeline.measure;
    let Some((from, to)) = measure.ends() else {
        if let Some(from) = measure.from {
            edge(ui, areas, axis.x_of(from), theme);
        }
        return false;
    };
    let x = Rangef::new(axis.x_of(from), axis.x_of(to));
    let painter = scene.plot_painter(ui, areas.whole.y_range());
    painter.rect_filled(Rect::from_x_y_ranges(x, areas.grid()), 0.0, theme.accent.gamma_multiply(0.10));
    edge(ui, areas, x.min, theme);
    edge(ui, areas, x.max, theme);
    let length = stamps::duration(to.since(from));
    let galley = ui.painter().layout_no_wrap(length.clone(), Theme::semibold(size::TABLE_TEXT), theme.on_color);
    let reach = galley.size().x / 2.0 + 6.0;
    let middle = x.center().clamp(areas.plot.min + reach, areas.plot.max - reach);
    let chip = Rect::from_center_size(pos2(middle, areas.ruler.center().y), vec2(2.0 * reach, 18.0));
    ui.painter().rect(chip, size::BAR_RADIUS, theme.accent, Stroke::NONE, StrokeKind::Inside);
    ui.painter().text(
        chip.center(),
        Align2::CENTER_CENTER,
        length.clone(),
        Theme::semibold(size::TABLE_TEXT),
        theme.on_color,
    );
    let origin = scene.origin();
    let instant = |at| stamps::instant(view.times, at, origin);
    let name = format!("measured {length}, from {} to {}", instant(from), instant(to));
    let response = ui.interact(chip, ui.scope_id().with("measured"), Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.on_hover_text(format!("From {} to {}. Click to close.", instant(from), instant(to))).clicked()
}

fn edge(ui: &Ui, areas: &Areas, x: f32, theme: &Theme) {
    let painter = ui.painter_at(areas.plot_rect(areas.whole.y_range()).intersect(ui.clip_rect()));
    painter.vline(x, areas.grid(), Stroke::new(1.2, theme.accent));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_marks_make_a_span_and_a_third_begins_anew() {
        let at = Timestamp::from_millis;
        let mut measure = Measure::default();
        measure.mark(at(50));
        assert_eq!(measure.ends(), None);
        measure.mark(at(20));
        assert_eq!(measure.ends(), Some((at(20), at(50))));
        measure.mark(at(70));
        assert_eq!((measure.from, measure.ends()), (Some(at(70)), None));
        measure.clear();
        assert_eq!(measure, Measure::default());
    }
}
