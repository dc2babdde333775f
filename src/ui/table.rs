//! The table: one row a delivery, sorted by any column; only the rows in view are laid out.
use egui::{Color32, Painter, Rangef, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::command::{Commands, TimeMode};
use super::icon::Icon;
use super::navigation;
use super::row_list::{RowAnchor, RowList};
use super::stamps;
use super::text::elided;
use super::theme::{Theme, Tone, size};
use super::view_state::{Front, ViewCommand, ViewState};
use crate::core::names::Decision;
use crate::store::label::Label;
use crate::store::rows::{Direction, SortKey};
use crate::store::{Delivery, DeliveryIdx, Session, Status};

/// From the left edge of a column to its text.
const MARGIN: f32 = 2.0 * size::STEP;
/// Right of the columns, for the scroll bar.
const BAR_ROOM: f32 = 3.0 * size::STEP;
/// Marks of attempts beyond these are left out.
const MAX_MARKS: usize = 6;

/// The table's part of the view.
#[derive(Debug, Default)]
pub struct TableView {
    scroll: RowAnchor,
    wants_reveal: bool,
}

impl TableView {
    /// Brings the selected row into view with the next frame.
    pub fn reveal_selection(&mut self) {
        self.wants_reveal = true;
    }
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Started,
    Destination,
    Event,
    Message,
    Tries,
    Marks,
    Statuses,
    Took,
    Token,
    Rule,
    Fate,
}

/// Every column with its title, its share of the width and what it sorts by.
const COLUMNS: [(Column, &str, f32, Option<SortKey>); 11] = [
    (Column::Started, "Started", 1.0, Some(SortKey::Started)),
    (Column::Destination, "Destination", 1.45, Some(SortKey::Destination)),
    (Column::Event, "Event", 1.3, Some(SortKey::Event)),
    (Column::Message, "Message", 0.85, Some(SortKey::Message)),
    (Column::Tries, "Tries", 0.5, Some(SortKey::Tries)),
    (Column::Marks, "", 0.65, None),
    (Column::Statuses, "Statuses", 1.0, None),
    (Column::Took, "Took", 0.6, Some(SortKey::Took)),
    (Column::Token, "Token", 0.75, Some(SortKey::Token)),
    (Column::Rule, "Deciding rule", 1.8, Some(SortKey::Rule)),
    (Column::Fate, "Fate", 1.0, Some(SortKey::Fate)),
];

/// Shows the deliveries in all the room there is.
pub fn table_ui(ui: &mut Ui, session: &Session, view: &mut ViewState, theme: &Theme, commands: &mut Commands) {
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let ui = &mut ui.new_child(UiBuilder::new().id_salt("table").max_rect(whole));
    ui.shrink_clip_rect(whole);
    let head = Rect::from_min_size(whole.min, vec2(whole.width(), size::ROW));
    let body = Rect::from_min_max(head.left_bottom(), whole.max);
    let columns_range = Rangef::new(whole.left(), whole.right() - BAR_ROOM);
    head_ui(ui, head, columns_range, view, theme, commands);

    if ui.rect_contains_pointer(whole) && ui.input(|input| input.pointer.any_pressed()) {
        view.front = Front::Table;
    }
    navigation::read_keys(ui.ctx(), commands);
    let n_rows = view.rows.visible_deliveries().len();
    let rows = RowList { name: "deliveries", n_rows, row_height: size::ROW, max_height: body.height() };
    reveal(view, &rows);
    let mut anchor = view.table.scroll;
    let mut body_ui = ui.new_child(UiBuilder::new().max_rect(body));
    body_ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    rows.show(&mut body_ui, &mut anchor, theme, |ui, row_idx| {
        if let Some(delivery) = view.rows.visible_deliveries().get(row_idx) {
            row_ui(ui, columns_range, session, *delivery, view, theme, commands);
        }
    });
    view.table.scroll = anchor;
}

/// Scrolls as little as brings the selected row into view, if somebody asked for it.
fn reveal(view: &mut ViewState, rows: &RowList<'_>) {
    if std::mem::take(&mut view.table.wants_reveal)
        && let Some(selection) = view.selection
        && let Some(row_idx) = view.rows.visible_deliveries().iter().position(|row| *row == selection.delivery)
    {
        view.table.scroll.reveal(row_idx, rows.n_visible_rows());
    }
}

/// The columns with their places in a table this wide.
fn columns(x: Rangef) -> impl Iterator<Item = (Column, &'static str, Option<SortKey>, Rangef)> {
    let all: f32 = COLUMNS.iter().map(|(_, _, share, _)| share).sum();
    let mut left = x.min;
    COLUMNS.into_iter().map(move |(column, title, share, sort_by)| {
        let width = x.span() * share / all;
        left += width;
        (column, title, sort_by, Rangef::new(left - width, left))
    })
}

fn head_ui(ui: &Ui, head: Rect, x: Rangef, view: &ViewState, theme: &Theme, commands: &mut Commands) {
    ui.painter().rect_filled(head, 0.0, theme.raised);
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, theme.line());
    for (_, title, sort_by, x) in columns(x) {
        let Some(sort_by) = sort_by else {
            paint_head(ui, title, x, head, theme.weak);
            continue;
        };
        let cell = Rect::from_x_y_ranges(x, head.y_range());
        let response = ui.interact(cell, ui.scope_id().with(("head", title)), Sense::CLICK);
        let is_sorted = view.arrangement.sort_by == sort_by;
        let color = if is_sorted || response.hovered() { theme.text } else { theme.weak };
        let right = paint_head(ui, title, x, head, color);
        let is_ascending = view.arrangement.direction == Direction::Ascending;
        if is_sorted {
            let icon = if is_ascending { Icon::Ascending } else { Icon::Descending };
            icon.paint_at(ui.painter(), pos2(right + 8.0, head.center().y), 10.0, color);
        }
        response.widget_info(|| {
            let how = if is_ascending { "ascending" } else { "descending" };
            let name = if is_sorted { format!("{title}, sorted {how}") } else { format!("sort by {title}") };
            WidgetInfo::labeled(Role::ColumnHeader, true, name)
        });
        if response.clicked() {
            commands.view(ViewCommand::SortBy(sort_by));
        }
    }
}

fn paint_head(ui: &Ui, title: &str, x: Rangef, head: Rect, color: Color32) -> f32 {
    let painter = ui.painter_at(Rect::from_x_y_ranges(x, head.y_range()));
    let galley = elided(&painter, title, Theme::semibold(size::TABLE_TEXT), color, x.span() - 2.0 * MARGIN);
    let (left, width) = (x.min + MARGIN, galley.size().x);
    painter.galley(pos2(left, head.center().y - galley.size().y / 2.0), galley, color);
    left + width
}

fn row_ui(
    ui: &Ui,
    x: Rangef,
    session: &Session,
    delivery_idx: DeliveryIdx,
    view: &ViewState,
    theme: &Theme,
    commands: &mut Commands,
) {
    let row = Rect::from_x_y_ranges(x.min..=x.max + BAR_ROOM, ui.max_rect().y_range());
    let painter = ui.painter();
    let response = ui.interact(row.intersect(ui.clip_rect()), ui.scope_id().with("row"), Sense::CLICK);
    let is_selected = view.selection.is_some_and(|selection| selection.delivery == delivery_idx);
    if is_selected {
        painter.rect_filled(row, 0.0, theme.selection);
    } else if response.hovered() {
        painter.rect_filled(row, 0.0, theme.raised);
    }
    painter.hline(row.x_range(), row.bottom() - 0.5, theme.line());
    let delivery = session.delivery(delivery_idx);
    let label = Label::of(session, delivery_idx);
    let context = Context { session, delivery_idx, delivery: &delivery, label: &label, times: view.times, theme };
    for (column, _, _, x) in columns(x) {
        let cell = Rect::from_x_y_ranges(x.min + MARGIN..=x.max - size::STEP, row.y_range());
        context.paint(&painter.with_clip_rect(cell.intersect(ui.clip_rect())), column, cell);
    }
    response.widget_info(|| {
        let name = format!("table row {}, {}, {}", label.message_id, label.what, delivery.fate);
        WidgetInfo::selected(Role::Row, true, is_selected, name)
    });
    if response.double_clicked() {
        commands.view(ViewCommand::ZoomToDelivery(delivery_idx));
    } else if response.clicked() {
        commands.view(ViewCommand::SelectDelivery(delivery_idx));
    }
}

/// One row and how to write it.
struct Context<'a> {
    session: &'a Session,
    delivery_idx: DeliveryIdx,
    delivery: &'a Delivery,
    label: &'a Label,
    times: TimeMode,
    theme: &'a Theme,
}

impl Context<'_> {
    fn paint(&self, painter: &Painter, column: Column, cell: Rect) {
        if column == Column::Marks {
            return self.paint_marks(painter, cell);
        }
        let color = match column {
            Column::Fate => self.theme.tone(Tone::from(self.delivery.fate)),
            Column::Message | Column::Token => self.theme.weak,
            _ => self.theme.text,
        };
        let font =
            if column == Column::Fate { Theme::semibold(size::TABLE_TEXT) } else { Theme::font(size::TABLE_TEXT) };
        let galley = elided(painter, &self.text(column), font, color, cell.width());
        painter.galley(pos2(cell.left(), cell.center().y - galley.size().y / 2.0), galley, color);
    }

    fn text(&self, column: Column) -> String {
        let (session, delivery) = (self.session, self.delivery);
        let origin = session.activity().range().map_or(delivery.started_at, |range| range.start);
        match column {
            Column::Started => stamps::instant(self.times, delivery.started_at, origin),
            Column::Destination => session.name(delivery.destination).to_owned(),
            Column::Event if delivery.is_batch() => format!("{} · {}", self.label.what, self.label.who),
            Column::Event => self.label.what.clone(),
            Column::Message => self.label.message_id.clone(),
            Column::Tries => delivery.n_attempts.to_string(),
            Column::Marks => String::new(),
            Column::Statuses => self.statuses(),
            Column::Took => stamps::duration(delivery.ended_at.since(delivery.started_at)),
            Column::Token => match delivery.tokens {
                Some((first, last)) if first == last => format!("gen {first}"),
                Some((first, last)) => format!("gen {first} → {last}"),
                None => String::new(),
            },
            Column::Rule => session.name(delivery.rule).to_owned(),
            Column::Fate => delivery.fate.to_string(),
        }
    }

    /// `401 → 200`, only of what came over the wire.
    fn statuses(&self) -> String {
        let attempts = self.session.attempts_of(self.delivery_idx);
        let wire: Vec<String> = attempts
            .map(|attempt| self.session.attempt(attempt).status)
            .filter(|status| Status::is_from_wire(*status))
            .map(|status| status.to_string())
            .take(2 * MAX_MARKS)
            .collect();
        if wire.is_empty() { "—".to_owned() } else { wire.join(" → ") }
    }

    /// A shape for each attempt, the last of them being what became of the delivery.
    fn paint_marks(&self, painter: &Painter, cell: Rect) {
        let mut x = cell.left() + 5.0;
        let n_retries = self
            .session
            .attempts_of(self.delivery_idx)
            .filter(|attempt| self.session.attempt(*attempt).decision == Decision::Retry)
            .take(MAX_MARKS - 1)
            .count();
        for _ in 0..n_retries {
            Icon::Retry.paint_at(painter, pos2(x, cell.center().y), 12.0, self.theme.tone(Tone::Retry));
            x += 14.0;
        }
        let color = self.theme.tone(Tone::from(self.delivery.fate));
        Icon::from(self.delivery.fate).paint_at(painter, pos2(x, cell.center().y), 12.0, color);
    }
}
