//! What to look for in a story, above the timeline until it is closed.
use egui::{Button, Frame, Margin, RichText, Ui};

use super::command::{Command, Commands};
use super::examples::Example;
use super::theme::{Theme, size};

/// Shows the strip.
pub fn story_bar_ui(ui: &mut Ui, example: &Example, theme: &Theme, commands: &mut Commands) {
    Frame::NONE.fill(theme.selection).inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - 72.0).max(160.0));
                ui.label(RichText::new(example.title).font(Theme::semibold(size::TEXT)));
                ui.label(RichText::new(example.story).color(theme.text));
            });
            if ui.add(Button::new("Got it")).on_hover_text("Close this note").clicked() {
                commands.push(Command::CloseStory);
            }
        });
    });
}
