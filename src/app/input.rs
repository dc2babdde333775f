//! What a person gives the window as a whole: keys, and files that are dropped on it.
use egui::{Key, Modifiers, Popup};

use super::shell::App;
use crate::ui::command::{Command, Verb};
use crate::ui::modals;
use crate::ui::theme::Theme;

impl App {
    /// Turns keys into commands. Plain keys belong to a text field that has the focus, and so does taking back what was
    /// typed unless the field is one of the composer's, whose changes are all taken back in order.
    pub(super) fn shortcuts(&mut self, ui: &egui::Ui) {
        // Escape closes an open menu, and means nothing more.
        if Popup::is_any_open(ui.ctx()) && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            Popup::close_all(ui.ctx());
        }
        let typing = ui.ctx().text_edit_focused();
        for (keys, verb) in Verb::by_shortcut() {
            let is_free = match verb {
                _ if !typing => true,
                Verb::Undo | Verb::Redo => self.composer.has_focus && self.palette.is_none(),
                _ => keys.modifiers.command || !is_typed(keys.logical_key),
            };
            if is_free && ui.input_mut(|input| input.consume_shortcut(&keys)) {
                self.commands.verb(verb);
            }
        }
    }

    /// Opens what is let go over the window, and says so while it is held there.
    pub(super) fn take_drops(&mut self, ui: &egui::Ui) {
        let dropped = ui.input(|input| input.raw.dropped_files.clone());
        for file in dropped {
            self.commands.push(Command::OpenPath(file.path().to_owned()));
        }
        if ui.input(|input| !input.raw.hovered_files.is_empty()) {
            modals::drop_overlay_ui(ui, Theme::of(self.theme_kind()));
        }
    }
}

/// Whether a key writes something into a text field.
fn is_typed(key: Key) -> bool {
    !matches!(key, Key::F3 | Key::F6 | Key::F8 | Key::F9 | Key::F10 | Key::F11 | Key::F12)
}
