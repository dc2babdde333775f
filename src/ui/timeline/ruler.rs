//! The ruler above the rows, its lines through them, and the zigzags over folded time.
use egui::{Align2, Rangef, Rect, Sense, Stroke, Ui, WidgetInfo, pos2};

use super::playhead;
use super::scene::Scene;
use crate::store::activity::Span;
use crate::store::label::counted;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, size};
use crate::ui::ticks::ticks;

/// Lines and zigzag bands behind the rows.
pub(super) fn grid(ui: &Ui, scene: &Scene<'_>) {
    let Scene { areas, axis, theme, .. } = *scene;
    let painter = scene.plot_painter(ui, areas.grid());
    for tick in ticks(axis, scene.view.times, scene.origin()) {
        painter.vline(tick.x.round() + 0.5, areas.grid(), theme.line());
    }
    for (_, left, right) in axis.visible_folds() {
        painter.rect_filled(Rect::from_x_y_ranges(band(left, right), areas.grid()), 0.0, theme.raised);
    }
}

/// The part of a fold that is drawn as one; before it is room for the marks of what ended there.
pub(super) fn band(left: f32, right: f32) -> Rangef {
    Rangef::new(right - ((right - left) * 0.4), right)
}

/// Zigzags above the rows: whatever crosses folded time is broken.
pub(super) fn zigzags(ui: &Ui, scene: &Scene<'_>) {
    let Scene { areas, axis, theme, .. } = *scene;
    let painter = scene.plot_painter(ui, areas.grid());
    for (_, left, right) in axis.visible_folds() {
        let band = band(left, right);
        let (middle, reach) = (band.center(), (band.span() / 7.0).clamp(1.0, 4.0));
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
pub(super) fn ruler_ui(ui: &Ui, scene: &Scene<'_>) -> Option<Span> {
    let Scene { view, areas, axis, theme, .. } = *scene;
    let counts = format!(
        "{} · {}",
        counted(view.rows.visible_deliveries().len(), "delivery", "deliveries"),
        counted(view.rows.n_attempts(), "attempt", "attempts")
    );
    let ruler = areas.ruler;
    let at = pos2(ruler.left() + 2.0 * size::STEP, ruler.center().y);
    let room = areas.labels.max - at.x - size::STEP;
    let counted = elided(ui.painter(), &counts, Theme::font(size::TABLE_TEXT), theme.weak, room);
    ui.painter().galley(at - egui::vec2(0.0, counted.size().y / 2.0), counted, theme.weak);
    let painter = scene.plot_painter(ui, ruler.y_range());
    let marks: Vec<Rangef> = playhead::chips(ui, scene).into_iter().map(|chip| chip.expand(4.0)).collect();
    let mut taken = marks.clone();
    let mut clicked = None;
    for (fold, left, right) in axis.visible_folds() {
        let words = stamps::duration(fold.end.since(fold.start));
        let band = band(left, right);
        let middle = pos2(band.center(), ruler.center().y);
        let galley = painter.layout_no_wrap(words.clone(), Theme::font(size::TIMELINE_TEXT), theme.weak);
        let rect = Align2::CENTER_CENTER.anchor_size(middle, galley.size());
        // A mark may stand on the words; the stretch keeps its name and can be clicked below.
        if marks.iter().all(|mark| !mark.intersects(rect.x_range())) {
            painter.galley(rect.min, galley, theme.weak);
        }
        taken.push(rect.x_range().expand(6.0));
        let name = ui.interact(rect.expand(4.0), ui.scope_id().with(("fold", fold.start)), Sense::CLICK);
        name.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("{words} with nothing, folded")));
        let below = Rect::from_x_y_ranges(band, areas.grid());
        let below = ui.interact(below, ui.scope_id().with(("fold below", fold.start)), Sense::CLICK);
        let response = (name | below).on_hover_cursor(egui::CursorIcon::PointingHand);
        if response.on_hover_text(format!("{words} in which nothing happened. Click to unfold.")).clicked() {
            clicked = Some(fold);
        }
    }
    for tick in ticks(axis, view.times, scene.origin()) {
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
