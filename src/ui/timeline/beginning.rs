//! Attempts that are under way: a bar that is open to the right, and the rows of deliveries of which nothing has ended yet.
use egui::{Painter, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};

use super::rows::{self, VisibleRows};
use super::scene::Scene;
use crate::core::time::Timestamp;
use crate::store::beginning::Beginning;
use crate::store::label::Label;
use crate::ui::command::Commands;
use crate::ui::icon::Icon;
use crate::ui::stamps;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::view_state::ViewCommand;
use crate::ui::waiting::waiting;

/// An open bar is at least so wide.
pub(super) const LEAST_OPEN: f32 = 26.0;
/// From the open end to the words.
const WORDS: f32 = 6.0;

/// Rows of deliveries whose first attempt is under way.
pub(super) fn beginning_ui(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows, commands: &mut Commands) {
    let Some(now) = scene.view.timeline.run_time() else { return };
    for (place, y) in &visible.beginning {
        if let Some(beginning) = scene.view.beginnings.shown().get(*place) {
            row_ui(ui, scene, beginning, *y, now, commands);
        }
    }
}

fn row_ui(ui: &Ui, scene: &Scene<'_>, beginning: &Beginning, y: egui::Rangef, now: Timestamp, commands: &mut Commands) {
    let Scene { session, areas, axis, theme, .. } = *scene;
    let Beginning { delivery, number, started_at, .. } = beginning;
    let label = Label::of_beginning(session, beginning);
    let is_chosen = scene.view.beginnings.is_chosen(delivery);
    let row = Rect::from_x_y_ranges(areas.labels, y).intersect(areas.rows);
    rows::label_words(&ui.painter_at(row), areas, y, &label, theme);
    let response = ui.interact(row, ui.scope_id().with(("beginning", delivery)), Sense::CLICK);
    let was_clicked = response.clicked();
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(format!("since {}", stamps::instant(scene.view.times, *started_at, scene.origin()))),
        ..WidgetInfo::selected(
            Role::ListItem,
            true,
            is_chosen,
            format!("{}, {}, {}, under way", label.who, label.what, label.message_id),
        )
    });
    let (left, right) = (axis.x_of(*started_at), axis.x_of(now));
    let bar = rows::bar_rect(egui::Rangef::new(left, right.max(left + LEAST_OPEN)), y);
    let painter = scene.plot_painter(ui, areas.rows.y_range());
    open_bar(&painter, bar, now.since(*started_at), theme);
    if is_chosen {
        let corners = egui::CornerRadius::same(size::BAR_RADIUS + 2);
        painter.rect_stroke(bar.expand(2.0), corners, Stroke::new(1.5, theme.text), egui::StrokeKind::Middle);
    }
    let mut was_bar_clicked = false;
    let bar = bar.intersect(painter.clip_rect());
    if bar.is_positive() {
        let response = ui.interact(bar, ui.scope_id().with(("beginning bar", delivery)), Sense::CLICK);
        was_bar_clicked = response.clicked();
        let name = format!("attempt {number} under way, {}", label.message_id);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        response.on_hover_text(format!("{name}. {}", waiting(beginning.asked.as_ref())));
    }
    if was_clicked || was_bar_clicked {
        commands.view(ViewCommand::SelectBeginning(delivery.clone()));
    }
}

/// An attempt of which nothing is known yet but that it has begun: no right edge, three dots, words where there is room.
pub(super) fn open_bar(painter: &Painter, bar: Rect, lasts: std::time::Duration, theme: &Theme) {
    let color = theme.tone(Tone::Pending);
    let fill = bar.with_max_x(bar.right() - 3.0);
    painter.rect_filled(
        fill,
        egui::CornerRadius { nw: size::BAR_RADIUS, sw: size::BAR_RADIUS, ne: 0, se: 0 },
        theme.raised,
    );
    let (left, top, bottom) = (bar.left() + 0.5, bar.top() + 0.5, bar.bottom() - 0.5);
    let corner = f32::from(size::BAR_RADIUS) - 1.0;
    let edge = vec![
        pos2(fill.right(), top),
        pos2(left + corner, top),
        pos2(left, top + corner),
        pos2(left, bottom - corner),
        pos2(left + corner, bottom),
        pos2(fill.right(), bottom),
    ];
    painter.add(Shape::line(edge, Stroke::new(1.2, color)));
    let sight = bar.intersect(painter.clip_rect());
    Icon::Dots.paint_at(painter, pos2(sight.right() - 12.0, bar.center().y), 12.0, color);
    let left = bar.right() + WORDS;
    let words = format!("under way · {}", stamps::duration(rounded(lasts)));
    let room = (painter.clip_rect().right() - left - size::STEP).max(0.0);
    let galley = elided(painter, &words, Theme::font(size::TIMELINE_TEXT), theme.weak, room);
    painter.galley(pos2(left, bar.center().y - galley.size().y / 2.0), galley, theme.weak);
}

/// To a tenth of a second: nobody reads finer than that while it runs.
pub(in crate::ui) fn rounded(lasts: std::time::Duration) -> std::time::Duration {
    const TENTH: u128 = 100;
    let tenths = lasts.as_millis() / TENTH * TENTH;
    std::time::Duration::from_millis(u64::try_from(tenths).unwrap_or(u64::MAX))
}
