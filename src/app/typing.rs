//! Whether the person types into a text field: Escape that leads out of one means nothing more.
use crate::ui::command::{Command, Commands};
use crate::ui::view_state::ViewCommand;

/// What is known of that from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Typing {
    /// Whether a field had the keyboard when the last frame ended.
    was_typing: bool,
    /// Whether Escape has just led out of it.
    has_left: bool,
}

impl Typing {
    /// Looks at the beginning of a frame.
    pub(super) fn begin(&mut self, ctx: &egui::Context) {
        let has_escape = ctx.input(|input| input.key_pressed(egui::Key::Escape));
        self.has_left = self.was_typing && has_escape && !ctx.text_edit_focused();
    }

    /// Looks at the end of a frame: panels that saw the Escape as well did not know of the field.
    pub(super) fn end(&mut self, ctx: &egui::Context, commands: &mut Commands) {
        self.was_typing = ctx.text_edit_focused();
        if self.has_left {
            commands.drop_where(|command| *command == Command::View(ViewCommand::ClearSelection));
        }
    }
}
