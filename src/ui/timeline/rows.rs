//! Which lines are in view and where, and the words before their bars.
use egui::{Rangef, Rect, Sense, Ui, WidgetInfo, pos2};

use super::areas::{Areas, line_height};
use super::lane::Lane;
use super::scene::Scene;
use super::words;
use crate::store::label::{Label, thousands};
use crate::store::rows::{Head, Line};
use crate::store::threads::Story;
use crate::store::{AttemptIdx, DeliveryIdx, Session};
use crate::ui::command::Commands;
use crate::ui::icon::Icon;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::view_state::{ViewCommand, ViewState};

/// Before a delivery's words.
const INDENT: f32 = 20.0;

/// A delivery in view.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) delivery: DeliveryIdx,
    pub(super) label: Label,
    pub(super) lane: Lane,
    pub(super) y: Rangef,
}

/// All that is in view.
#[derive(Debug, Default)]
pub(super) struct VisibleRows {
    pub(super) heads: Vec<(Head, Rangef)>,
    pub(super) rows: Vec<Row>,
    /// Deliveries of which no attempt has ended yet, by their place among those.
    pub(super) beginning: Vec<(usize, Rangef)>,
}

impl VisibleRows {
    /// Lays out the lines in view, and no others.
    pub(super) fn place(scene: &Scene<'_>) -> Self {
        let Scene { session, view, areas, axis, .. } = *scene;
        let mut visible = Self::default();
        let scroll = &view.timeline.scroll;
        let mut top = areas.rows.top() - scroll.above;
        for line in view.rows.lines().iter().skip(scroll.row_idx) {
            if top >= areas.rows.bottom() {
                break;
            }
            let y = Rangef::new(top, top + line_height(*line));
            top = y.max;
            match *line {
                Line::Head(head_idx) => {
                    let head = view.rows.head(head_idx).cloned();
                    visible.heads.extend(head.map(|head| (head, y)));
                }
                Line::Beginning(place) => visible.beginning.push((place as usize, y)),
                Line::Delivery(delivery) => visible.rows.push(Row {
                    delivery,
                    label: Label::of(session, delivery),
                    lane: Lane::place(
                        session,
                        axis,
                        (delivery, view.timeline.pending(delivery, &session.delivery(delivery))),
                        areas.plot,
                    ),
                    y,
                }),
            }
        }
        visible
    }

    /// Where an attempt's bar stands, if it is in view.
    pub(super) fn bar(&self, session: &Session, attempt: AttemptIdx) -> Option<Rect> {
        let delivery = session.attempt(attempt).delivery;
        let row = self.rows.iter().find(|row| row.delivery == delivery)?;
        Some(bar_rect(row.lane.x_of(attempt)?, row.y))
    }
}

/// The deliveries of the lines in view.
pub(super) fn deliveries_in_view(view: &ViewState, areas: &Areas) -> Vec<DeliveryIdx> {
    let scroll = &view.timeline.scroll;
    let mut top = areas.rows.top() - scroll.above;
    let in_view = view.rows.lines().iter().skip(scroll.row_idx).take_while(|line| {
        let is_in_view = top < areas.rows.bottom();
        top += line_height(**line);
        is_in_view
    });
    in_view.filter_map(Line::delivery).collect()
}

/// A bar in the middle of its row.
pub(super) fn bar_rect(x: Rangef, row: Rangef) -> Rect {
    let middle = row.center();
    Rect::from_x_y_ranges(x, middle - size::BAR / 2.0..=middle + size::BAR / 2.0)
}

/// Backgrounds: the selected row, the one under the pointer, lines between rows.
pub(super) fn backgrounds(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows) {
    let Scene { view, areas, theme, .. } = *scene;
    let painter = ui.painter_at(areas.rows);
    let hovered = ui.input(|input| input.pointer.hover_pos()).filter(|at| areas.rows.contains(*at));
    for row in &visible.rows {
        let rect = Rect::from_x_y_ranges(areas.whole.x_range(), row.y);
        if view.selection.is_some_and(|selection| selection.delivery == row.delivery) {
            painter.rect_filled(rect, 0.0, theme.selection);
        } else if hovered.is_some_and(|at| row.y.contains(at.y)) {
            painter.rect_filled(rect, 0.0, theme.raised);
        }
        painter.hline(areas.whole.x_range(), row.y.max - 0.5, theme.line());
    }
    for (place, y) in &visible.beginning {
        let rect = Rect::from_x_y_ranges(areas.whole.x_range(), *y);
        let beginning = view.beginnings.shown().get(*place);
        if beginning.is_some_and(|beginning| view.beginnings.is_chosen(&beginning.delivery)) {
            painter.rect_filled(rect, 0.0, theme.selection);
        } else if hovered.is_some_and(|at| y.contains(at.y)) {
            painter.rect_filled(rect, 0.0, theme.raised);
        }
        painter.hline(areas.whole.x_range(), y.max - 0.5, theme.line());
    }
}

/// Words of rows and heads, and what a click on them does.
pub(super) fn labels_ui(ui: &Ui, scene: &Scene<'_>, visible: &VisibleRows, commands: &mut Commands) {
    for row in &visible.rows {
        row_label_ui(ui, scene, row, commands);
    }
    for (head, y) in &visible.heads {
        head_ui(ui, scene, head, *y, commands);
    }
}

fn row_label_ui(ui: &Ui, scene: &Scene<'_>, row: &Row, commands: &mut Commands) {
    let Scene { session, areas, theme, .. } = *scene;
    let rect = Rect::from_x_y_ranges(areas.labels, row.y).intersect(areas.rows);
    let mut painter = ui.painter_at(rect);
    let delivery = session.delivery(row.delivery);
    painter.set_opacity(scene.phase(delivery.started_at, delivery.ended_at).strength(theme));
    label_words(&painter, areas, row.y, &row.label, theme);
    let response = ui.interact(rect, ui.scope_id().with(("row", row.delivery)), Sense::CLICK);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(scene.instants(delivery.started_at, delivery.ended_at)),
        ..WidgetInfo::labeled(egui::Role::ListItem, true, words::row_name(&delivery, &row.label))
    });
    if response.double_clicked() {
        commands.view(ViewCommand::ZoomToDelivery(row.delivery));
    } else if response.clicked() {
        commands.view(ViewCommand::SelectDelivery(row.delivery));
    }
}

/// Who a delivery is about, what happened, and what it is called.
pub(super) fn label_words(painter: &egui::Painter, areas: &Areas, y: Rangef, label: &Label, theme: &Theme) {
    let right = areas.labels.max - 2.0 * size::STEP;
    let middle = y.center();
    let font = || Theme::font(size::TABLE_TEXT);
    let id_width = (areas.labels.span() * 0.3).max(40.0);
    let message_id = elided(painter, &label.message_id, font(), theme.weak, id_width);
    let id_left = right - message_id.size().x;
    painter.galley(pos2(id_left, middle - message_id.size().y / 2.0), message_id, theme.weak);

    let left = areas.labels.min + INDENT;
    let room = id_left - 2.0 * size::STEP - left;
    let what = painter.layout_no_wrap(label.what.clone(), font(), theme.weak);
    let who_room = (room - what.size().x - size::STEP).max(room * 0.66);
    let who = elided(painter, &label.who, font(), theme.text, who_room);
    let what_left = left + who.size().x + size::STEP + 2.0;
    painter.galley(pos2(left, middle - who.size().y / 2.0), who, theme.text);
    let what = elided(painter, &label.what, font(), theme.weak, left + room - what_left);
    painter.galley(pos2(what_left, middle - what.size().y / 2.0), what, theme.weak);
}

/// What became of a thread: the shape of the worst, then words.
fn story_ui(painter: &egui::Painter, story: &Story, at: egui::Pos2, right: f32, theme: &Theme) {
    let (worst, font) = (story.worst(), Theme::font(size::TABLE_TEXT));
    let ink = theme.tone(Tone::from(worst));
    Icon::from(worst).paint_at(painter, at + egui::vec2(6.0, 0.0), 12.0, ink);
    let left = at.x + 4.0 * size::STEP;
    let words = elided(painter, &story.to_string(), font, theme.text, (right - left - 2.0 * size::STEP).max(0.0));
    painter.galley(pos2(left, at.y - words.size().y / 2.0), words, theme.text);
}

fn head_ui(ui: &Ui, scene: &Scene<'_>, head: &Head, y: Rangef, commands: &mut Commands) {
    let Scene { areas, theme, .. } = *scene;
    let rect = Rect::from_x_y_ranges(areas.whole.x_range(), y).intersect(areas.rows);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, theme.raised);
    painter.hline(rect.x_range(), y.max - 0.5, theme.line());
    let response = ui.interact(rect, ui.scope_id().with(("head", head.key)), Sense::CLICK);
    let color = if response.hovered() { theme.accent } else { theme.weak };
    let icon = if head.is_collapsed { Icon::Next } else { Icon::Descending };
    icon.paint_at(&painter, pos2(areas.labels.min + 11.0, y.center()), 10.0, color);
    let (left, middle) = (areas.labels.min + INDENT, y.center());
    let edge = areas.labels.max - 2.0 * size::STEP;
    let font = Theme::semibold(size::TABLE_TEXT);
    let title = elided(&painter, &head.title, font, theme.text, rect.right() - left - 60.0);
    let count = painter.layout_no_wrap(thousands(head.n_deliveries), Theme::font(size::TABLE_TEXT), theme.weak);
    let title_right = left + title.size().x + 2.0 * size::STEP;
    let count_left = (edge - count.size().x).max(title_right);
    let story_left = (count_left + count.size().x + 2.0 * size::STEP).max(areas.plot.min + 2.0 * size::STEP);
    painter.galley(pos2(left, middle - title.size().y / 2.0), title, theme.text);
    painter.galley(pos2(count_left, middle - count.size().y / 2.0), count, theme.weak);
    if let Some(story) = &head.story {
        story_ui(&painter, story, pos2(story_left, middle), rect.right(), theme);
    }
    let state = if head.is_collapsed { "collapsed" } else { "expanded" };
    response.widget_info(|| {
        let story = head.story.map(|story| format!("{story}, worst {}, ", story.worst())).unwrap_or_default();
        let name = format!("{}, {story}{} deliveries, {state}", head.title, head.n_deliveries);
        WidgetInfo::labeled(egui::Role::Button, true, name)
    });
    if response.clicked() {
        commands.view(ViewCommand::ToggleGroup(head.key));
    }
}
