//! The heads of the columns: a click sorts, a drag moves a column, a drag between two resizes, a menu chooses which are
//! shown.
use egui::{Color32, CursorIcon, Rangef, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2};

use super::columns::{Column, Columns};
use super::panel::MARGIN;
use crate::store::rows::Direction;
use crate::ui::command::Commands;
use crate::ui::icon::{Icon, icon_button};
use crate::ui::text::elided;
use crate::ui::theme::{Theme, size};
use crate::ui::view_state::{ViewCommand, ViewState};

/// Half the width of what can be grasped between two columns.
const GRIP: f32 = 4.0;
/// How far an arrow key moves an edge.
const KEY_STEP: f32 = 8.0;

/// Shows the heads, and gives the places of the columns.
pub(super) fn head_ui(
    ui: &mut Ui,
    head: Rect,
    x: Rangef,
    view: &mut ViewState,
    columns: &mut Columns,
    theme: &Theme,
    commands: &mut Commands,
) -> Vec<(Column, Rangef)> {
    ui.painter().rect_filled(head, 0.0, theme.raised);
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, theme.line());
    chooser_ui(ui, head.with_min_x(x.max), columns, theme);
    let places = columns.places(x);
    for (column, x) in &places {
        let cell = Rect::from_x_y_ranges(*x, head.y_range());
        let response = title_ui(ui, *column, cell, view, theme, commands);
        if response.drag_started() {
            view.table.dragged = Some(*column);
        }
        if response.has_focus() {
            move_by_keys(ui, response.id, *column, columns);
        }
    }
    let edges = places.split_last().map_or(&[][..], |(_, rest)| rest);
    for (column, at) in edges {
        edge_ui(ui, *column, Rect::from_x_y_ranges(at.max - GRIP..=at.max + GRIP, head.y_range()), x, columns, theme);
    }
    if let Some(dragged) = view.table.dragged {
        drag_ui(ui, head, &places, dragged, columns, theme);
        if !ui.input(|input| input.pointer.any_down()) {
            view.table.dragged = None;
        }
    }
    columns.places(x)
}

/// A head: a click sorts where the column can be sorted by, a drag moves the column, arrow keys with Shift do, too.
fn title_ui(ui: &Ui, column: Column, cell: Rect, view: &ViewState, theme: &Theme, commands: &mut Commands) -> Response {
    let response = ui.interact(cell, ui.scope_id().with(("head", column.to_string())), Sense::click_and_drag());
    let sort_by = column.sort_key();
    let is_sorted = sort_by == Some(view.arrangement.sort_by);
    let color = if is_sorted || response.hovered() { theme.text } else { theme.weak };
    let is_ascending = view.arrangement.direction == Direction::Ascending;
    if column != Column::Marks {
        let right = paint_title(ui, column, cell, color);
        if is_sorted {
            let icon = if is_ascending { Icon::Ascending } else { Icon::Descending };
            icon.paint_at(ui.painter(), pos2(right + 8.0, cell.center().y), 10.0, color);
        }
    }
    response.widget_info(|| {
        let how = if is_ascending { "ascending" } else { "descending" };
        let name = match sort_by {
            Some(_) if is_sorted => format!("{column}, sorted {how}"),
            Some(_) => format!("sort by {column}"),
            None => column.to_string(),
        };
        WidgetInfo::labeled(Role::ColumnHeader, true, name)
    });
    if let Some(sort_by) = sort_by.filter(|_| response.clicked()) {
        commands.view(ViewCommand::SortBy(sort_by));
    }
    response
}

fn move_by_keys(ui: &Ui, id: egui::Id, column: Column, columns: &mut Columns) {
    let arrows = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    for (key, n_steps) in [(egui::Key::ArrowLeft, -1), (egui::Key::ArrowRight, 1)] {
        if ui.input_mut(|input| input.consume_key(egui::Modifiers::SHIFT, key))
            && let Some(place) = columns.beside(column, n_steps)
        {
            columns.move_to(column, place);
        }
    }
}

/// Shows where the column would go, and puts it there when it is let go.
fn drag_ui(ui: &Ui, head: Rect, places: &[(Column, Rangef)], dragged: Column, columns: &mut Columns, theme: &Theme) {
    let Some(pointer) = ui.input(|input| input.pointer.interact_pos()) else { return };
    let Some((place, x)) = places.iter().find(|(_, x)| x.contains(pointer.x)) else { return };
    ui.set_cursor_icon(CursorIcon::Grabbing);
    if *place == dragged {
        return;
    }
    let is_after = places.iter().position(|(column, _)| *column == dragged)
        < places.iter().position(|(column, _)| column == place);
    let edge = if is_after { x.max } else { x.min };
    ui.painter().vline(edge, head.y_range(), Stroke::new(3.0, theme.accent));
    if ui.input(|input| input.pointer.any_released()) {
        columns.move_to(dragged, *place);
    }
}

/// Gives the right edge of the title.
fn paint_title(ui: &Ui, column: Column, cell: Rect, color: Color32) -> f32 {
    let painter = ui.painter_at(cell);
    let font = Theme::semibold(size::TABLE_TEXT);
    let galley = elided(&painter, &column.to_string(), font, color, cell.width() - 2.0 * MARGIN);
    let (left, width) = (cell.left() + MARGIN, galley.size().x);
    painter.galley(pos2(left, cell.center().y - galley.size().y / 2.0), galley, color);
    left + width
}

/// The edge between a column and the next: dragged, or moved with the arrow keys while it has the focus.
fn edge_ui(ui: &Ui, column: Column, grip: Rect, x: Rangef, columns: &mut Columns, theme: &Theme) {
    let id = ui.scope_id().with(("edge", column.to_string()));
    let response = ui.interact(grip, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::ResizeColumn);
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, format!("width of {column}")));
    let is_hot = response.hovered() || response.dragged() || response.has_focus();
    let color = if is_hot { theme.accent } else { theme.hairline };
    let reach = if is_hot { 0.0 } else { 6.0 };
    let y = grip.y_range().shrink(reach);
    ui.painter().vline(grip.center().x, y, Stroke::new(if is_hot { 2.0 } else { 1.0 }, color));
    let mut points = response.drag_delta().x;
    if response.has_focus() {
        ui.memory_mut(|memory| {
            let arrows = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
            memory.set_focus_lock_filter(response.id, arrows);
        });
        let n_presses = |key| ui.input(|input| f32::from(u8::from(input.key_pressed(key))));
        points += KEY_STEP * (n_presses(egui::Key::ArrowRight) - n_presses(egui::Key::ArrowLeft));
    }
    if points != 0.0 {
        columns.resize(column, points, x.span());
    }
}

/// The button at the right end, and its menu.
fn chooser_ui(ui: &mut Ui, corner: Rect, columns: &mut Columns, theme: &Theme) {
    let mut corner_ui = ui.new_child(UiBuilder::new().max_rect(corner).id_salt("columns"));
    let button = icon_button(&mut corner_ui, Icon::Dots, "Choose columns", theme);
    let menu = egui::Popup::menu(&button).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
    menu.show(|ui| {
        for column in Column::ALL {
            let mut is_shown = columns.is_shown(column);
            if ui.checkbox(&mut is_shown, column.to_string()).clicked() {
                columns.toggle(column);
            }
        }
        ui.separator();
        if ui.button("Reset columns").clicked() {
            columns.reset();
        }
    });
}
