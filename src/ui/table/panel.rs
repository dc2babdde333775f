//! The table as a whole: only the rows in view are laid out.
use egui::{Rangef, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::beginning::beginning_row_ui;
use super::cells::Cells;
use super::columns::{Column, Columns};
use super::head::head_ui;
use crate::store::label::Label;
use crate::store::standing::Standing;
use crate::store::{AttemptRow, DeliveryIdx, Session};
use crate::ui::command::Commands;
use crate::ui::dock::focus_id;
use crate::ui::layout::Part;
use crate::ui::navigation;
use crate::ui::row_list::{RowAnchor, RowList};
use crate::ui::theme::{Theme, size};
use crate::ui::view_state::{Front, ViewCommand, ViewState};

/// From the left edge of a column to its text.
pub(super) const MARGIN: f32 = 2.0 * size::STEP;
/// How strongly a row is drawn that is still to come at the instant that people look at.
const TO_COME: f32 = 0.5;
/// Right of the columns, for the scroll bar and the button that chooses columns.
const BAR_ROOM: f32 = 6.0 * size::STEP;

/// The table's part of the view.
#[derive(Debug, Default)]
pub struct TableView {
    /// The column whose head is being dragged.
    pub(super) dragged: Option<Column>,
    scroll: RowAnchor,
    /// Whether people have scrolled away from the last row: new ones are not followed then.
    is_away: bool,
    wants_reveal: bool,
}

impl TableView {
    /// The first row in view.
    #[must_use]
    pub fn row_idx(&self) -> usize {
        self.scroll.row_idx
    }

    /// Says where the first row in view stands now. Who looks at the beginning goes on to do so.
    pub(in crate::ui) fn keep_at_top(&mut self, row_idx: usize) {
        if self.scroll.row_idx > 0 {
            self.scroll.row_idx = row_idx;
        }
    }

    /// Brings the selected row into view with the next frame.
    pub fn reveal_selection(&mut self) {
        self.wants_reveal = true;
    }
}

/// Shows the deliveries in all the room there is.
pub fn table_ui(
    ui: &mut Ui,
    session: &Session,
    view: &mut ViewState,
    columns: &mut Columns,
    theme: &Theme,
    commands: &mut Commands,
) {
    let whole = ui.available_rect_before_wrap();
    ui.allocate_rect(whole, Sense::hover());
    let ui = &mut ui.new_child(UiBuilder::new().id_salt("table").max_rect(whole));
    ui.shrink_clip_rect(whole);
    let head = Rect::from_min_size(whole.min, vec2(whole.width(), size::ROW));
    let body = Rect::from_min_max(head.left_bottom(), whole.max);
    let columns_range = Rangef::new(whole.left(), whole.right() - BAR_ROOM);
    let places = head_ui(ui, head, columns_range, view, columns, theme, commands);

    let is_pressed = ui.rect_contains_pointer(whole) && ui.input(|input| input.pointer.any_pressed());
    if is_pressed || ui.memory(|memory| memory.has_focus(focus_id(Part::Table))) {
        view.front = Front::Table;
    }
    navigation::read_keys(ui.ctx(), commands);
    let n_known = view.rows.visible_deliveries().len();
    let n_rows = n_known + view.beginnings.shown().len();
    let rows = RowList { name: "deliveries", n_rows, row_height: size::ROW, max_height: body.height() };
    reveal(view, &rows);
    let mut anchor = view.table.scroll;
    rows.follow(&mut anchor, view.follows_rows() && !view.table.is_away);
    let mut body_ui = ui.new_child(UiBuilder::new().max_rect(body));
    body_ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
    rows.show(&mut body_ui, &mut anchor, theme, |ui, row_idx| {
        if let Some(delivery) = view.rows.visible_deliveries().get(row_idx) {
            row_ui(ui, &places, session, *delivery, view, theme, commands);
        } else if let Some(beginning) = view.beginnings.shown().get(row_idx - n_known) {
            beginning_row_ui(ui, &places, session, beginning, view, theme, commands);
        }
    });
    view.table.scroll = anchor;
    view.table.is_away = !rows.is_at_end(&anchor);
}

/// Scrolls as little as brings the selected row into view, if somebody asked for it.
fn reveal(view: &mut ViewState, rows: &RowList<'_>) {
    if !std::mem::take(&mut view.table.wants_reveal) {
        return;
    }
    let chosen = view.beginnings.chosen_place().map(|place| view.rows.visible_deliveries().len() + place);
    let row_idx = match view.selection {
        Some(selection) => view.rows.row_of(selection.delivery, view.table.scroll.row_idx),
        None => chosen,
    };
    if let Some(row_idx) = row_idx {
        view.table.scroll.reveal(row_idx, rows.n_visible_rows());
    }
}

fn row_ui(
    ui: &Ui,
    places: &[(Column, Rangef)],
    session: &Session,
    delivery_idx: DeliveryIdx,
    view: &ViewState,
    theme: &Theme,
    commands: &mut Commands,
) {
    let row = Rect::from_x_y_ranges(ui.clip_rect().x_range(), ui.max_rect().y_range());
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
    let standing = view.timeline.playhead().and_then(|at| {
        let rows: Vec<AttemptRow> = session.attempts_of(delivery_idx).map(|idx| session.attempt(idx)).collect();
        Standing::at(&rows, delivery.fate, at).map(|standing| (standing, at))
    });
    let (times, origin) = (view.times, view.origin(session));
    let cells = Cells { session, delivery_idx, delivery: &delivery, label: &label, standing, times, origin, theme };
    let is_to_come = matches!(standing, Some((Standing::ToCome(_), _)));
    for (column, x) in places {
        let cell = Rect::from_x_y_ranges(x.min + MARGIN..=x.max - size::STEP, row.y_range());
        let mut painter = painter.with_clip_rect(cell.intersect(ui.clip_rect()));
        // The word that says why the others are faint is not.
        painter.set_opacity(if is_to_come && *column != Column::Fate { TO_COME } else { 1.0 });
        cells.paint(&painter, *column, cell);
    }
    response.widget_info(|| {
        let (fate, at) = (cells.fate_word(), standing.map(|_| " at the playhead"));
        let name = format!("table row {}, {}, {fate}", label.message_id, label.what);
        let value = at.map(|at| format!("{fate}{at}"));
        WidgetInfo { current_text_value: value, ..WidgetInfo::selected(Role::Row, true, is_selected, name) }
    });
    if response.double_clicked() {
        commands.view(ViewCommand::ZoomToDelivery(delivery_idx));
    } else if response.clicked() {
        commands.view(ViewCommand::SelectDelivery(delivery_idx));
    }
}
