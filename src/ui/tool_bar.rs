//! Second row of the window: which deliveries are shown, and how they are arranged and timed.
use egui::{Align, Button, ComboBox, Layout, RichText, Ui};

use super::command::{Commands, TimeMode};
use super::filter_bar::filter_bar_ui;
use super::frame_state::FrameState;
use super::icon::{Icon, icon_button};
use super::theme::{Theme, size};
use super::view_state::{ViewCommand, ViewState};
use crate::store::Session;
use crate::store::rows::{Arrangement, Direction, Grouping, SortKey};

/// A row narrower than this, in points, has everything but the filter behind one button.
const ROOM_FOR_ALL: f32 = 720.0;

/// Shows the row.
pub fn tool_bar_ui(
    ui: &mut Ui,
    session: &Session,
    view: &mut ViewState,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    ui.horizontal_centered(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.available_width() < ROOM_FOR_ALL {
                ui.menu_button("Rows…", |ui| rows_menu_ui(ui, view, theme, commands));
            } else {
                grouping_ui(ui, view, commands);
                sorting_ui(ui, view, theme, commands);
                for mode in TimeMode::ALL.into_iter().rev() {
                    let chosen = view.times == mode;
                    let fill = if chosen { theme.selection } else { theme.raised };
                    let button = Button::new(mode.word()).fill(fill).selected(chosen);
                    if ui.add(button).on_hover_text("How times are written").clicked() {
                        commands.view(ViewCommand::ShowTimesAs(mode));
                    }
                }
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                filter_bar_ui(ui, session, view, &state.filters, theme, commands);
            });
        });
    });
}

/// The same choices as a menu.
fn rows_menu_ui(ui: &mut Ui, view: &ViewState, theme: &Theme, commands: &mut Commands) {
    let Arrangement { sort_by, direction, .. } = view.arrangement;
    let head = |ui: &mut Ui, words: &str| {
        ui.label(RichText::new(words).font(Theme::semibold(size::TABLE_TEXT)).color(theme.weak));
    };
    head(ui, "Times");
    ui.horizontal(|ui| {
        for mode in TimeMode::ALL {
            if ui.selectable_label(view.times == mode, mode.word()).clicked() {
                commands.view(ViewCommand::ShowTimesAs(mode));
            }
        }
    });
    ui.menu_button(format!("Group: {}", view.arrangement.grouping), |ui| groupings_ui(ui, view, commands));
    ui.menu_button(format!("Sort: {sort_by}"), |ui| sort_keys_ui(ui, sort_by, commands));
    let other = match direction {
        Direction::Ascending => "Sort descending",
        Direction::Descending => "Sort ascending",
    };
    if ui.button(other).clicked() {
        commands.view(ViewCommand::SortBy(sort_by));
    }
}

/// What rows are sorted by, and which way.
fn sorting_ui(ui: &mut Ui, view: &ViewState, theme: &Theme, commands: &mut Commands) {
    let Arrangement { sort_by, direction, .. } = view.arrangement;
    let (icon, way) = match direction {
        Direction::Ascending => (Icon::Ascending, "Ascending"),
        Direction::Descending => (Icon::Descending, "Descending"),
    };
    if icon_button(ui, icon, way, theme).clicked() {
        commands.view(ViewCommand::SortBy(sort_by));
    }
    let combo = ComboBox::from_id_salt("sorting").selected_text(format!("Sort: {sort_by}"));
    let shown = combo.show_ui(ui, |ui| sort_keys_ui(ui, sort_by, commands));
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Sort rows by"));
}

fn grouping_ui(ui: &mut Ui, view: &ViewState, commands: &mut Commands) {
    let grouping = view.arrangement.grouping;
    let combo = ComboBox::from_id_salt("grouping").selected_text(format!("Group: {grouping}"));
    let shown = combo.show_ui(ui, |ui| groupings_ui(ui, view, commands));
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Group rows by"));
}

fn sort_keys_ui(ui: &mut Ui, sort_by: SortKey, commands: &mut Commands) {
    for choice in SortKey::ALL {
        if ui.selectable_label(choice == sort_by, choice.to_string()).clicked() && choice != sort_by {
            commands.view(ViewCommand::SortBy(choice));
        }
    }
}

fn groupings_ui(ui: &mut Ui, view: &ViewState, commands: &mut Commands) {
    for choice in Grouping::ALL {
        if ui.selectable_label(choice == view.arrangement.grouping, choice.to_string()).clicked() {
            commands.view(ViewCommand::GroupBy(choice));
        }
    }
}
