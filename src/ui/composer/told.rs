//! What is wrong in a text, told in a line or two below its editor. The rest of it is told below the pointer.
use egui::{Frame, Label, Panel, RichText, Ui};

use crate::ui::theme::{Theme, Tone, size};

/// So many mistakes are told below an editor.
const MOST: usize = 2;

/// Shows the first mistakes at the bottom of what is left of `ui`; call it before the editor takes the room.
pub(super) fn told_ui<'m>(ui: &mut Ui, id: &str, messages: impl Iterator<Item = &'m str>, theme: &Theme) {
    let mut messages = messages.take(MOST).peekable();
    if messages.peek().is_none() {
        return;
    }
    Panel::bottom(id.to_owned()).frame(Frame::NONE).show_separator_line(false).show(ui, |ui| {
        for message in messages {
            let words = RichText::new(message).font(Theme::font(size::TABLE_TEXT)).color(theme.tone(Tone::Dropped));
            ui.add(Label::new(words).truncate()).on_hover_text(message);
        }
    });
}
