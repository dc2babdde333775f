//! The ruler above the rows, its lines through them, and the zigzags over folded time.
use egui::{Align2, Rangef, Rect, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::areas::Areas;
use crate::store::Session;
use crate::store::activity::Span;
use crate::store::label::thousands;
use crate::ui::command::TimeMode;
use crate::ui::stamps;
use crate::ui::theme::{Theme, size};
use crate::ui::ticks::ticks;
use crate::ui::time_axis::TimeAxis;
use crate::ui::view_state::ViewState;

/// Lines and zigzag bands behind the rows.
pub(super) fn grid(ui: &Ui, areas: &Areas, axis: &TimeAxis<'_>, mode: TimeMode, origin: Span, theme: &Theme) {
    let painter = ui.painter_at(areas.plot_rect(areas.grid()));
    for tick in ticks(axis, mode, origin.start) {
        painter.vline(tick.x.round() + 0.5, areas.grid(), theme.line());
    }
    for (_, left, right) in axis.visible_folds() {
        painter.rect_filled(Rect::from_x_y_ranges(left..=right, areas.grid()), 0.0, theme.raised);
    }
}

/// Zigzags above the rows: whatever crosses folded time is broken.
pub(super) fn zigzags(ui: &Ui, areas: &Areas, axis: &TimeAxis<'_>, theme: &Theme) {
    let painter = ui.painter_at(areas.plot_rect(areas.grid()));
    for (_, left, right) in axis.visible_folds() {
        let (middle, reach) = (f32::midpoint(left, right), ((right - left) / 7.0).clamp(1.0, 4.0));
        let grid = areas.grid();
        let mut points = Vec::new();
        let (mut y, mut side) = (grid.min, -1.0);
        while y <= grid.max {
            points.push(pos2(middle + side * reach, y));
            (y, side) = (y + 2.0 * size::STEP, -side);
        }
        painter.line(points, Stroke::new(1.2, theme.weak));
    }
}

/// Names of the lines and of folded stretches. Gives the fold that was clicked.
pub(super) fn ruler_ui(
    ui: &Ui,
    areas: &Areas,
    axis: &TimeAxis<'_>,
    view: &ViewState,
    session: &Session,
    theme: &Theme,
) -> Option<Span> {
    let counts = format!(
        "{} deliveries · {} attempts",
        thousands(view.rows.visible_deliveries().len()),
        thousands(view.rows.n_attempts())
    );
    let ruler = areas.ruler;
    let at = pos2(ruler.left() + 2.0 * size::STEP, ruler.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, counts, Theme::font(size::TABLE_TEXT), theme.weak);
    let painter = ui.painter_at(areas.plot_rect(ruler.y_range()));
    let mut taken: Vec<Rangef> = Vec::new();
    let mut clicked = None;
    for (fold, left, right) in axis.visible_folds() {
        let words = stamps::duration(fold.end.since(fold.start));
        let middle = pos2(f32::midpoint(left, right), ruler.center().y);
        let rect = painter.text(middle, Align2::CENTER_CENTER, &words, Theme::font(size::TIMELINE_TEXT), theme.weak);
        taken.push(rect.x_range().expand(6.0));
        let band = Rect::from_x_y_ranges(left..=right, ruler.top()..=areas.grid().max);
        let response = ui.interact(band, ui.scope_id().with(("fold", fold.start)), Sense::CLICK);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("{words} with nothing, folded")));
        if response.on_hover_text(format!("{words} in which nothing happened. Click to unfold.")).clicked() {
            clicked = Some(fold);
        }
    }
    let start = session.activity().range().map_or_else(Default::default, |range| range.start);
    for tick in ticks(axis, view.times, start) {
        let galley = painter.layout_no_wrap(tick.label, Theme::font(size::TIMELINE_TEXT), theme.weak);
        let x = Rangef::new(tick.x - galley.size().x / 2.0, tick.x + galley.size().x / 2.0);
        let x = if x.min < areas.plot.min { Rangef::new(areas.plot.min, areas.plot.min + galley.size().x) } else { x };
        if taken.iter().all(|other| !other.intersects(x)) && x.max <= areas.plot.max {
            painter.galley(pos2(x.min, ruler.center().y - galley.size().y / 2.0), galley, theme.weak);
            taken.push(x.expand(6.0));
        }
    }
    ui.painter().hline(ruler.x_range(), ruler.bottom(), theme.line());
    clicked
}
