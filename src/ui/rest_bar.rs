//! Strips above the timeline that ask what becomes of things from before: deliveries that still waited when a run ended, and
//! recordings that were in no file when the program did.
use egui::{Frame, Margin, RichText, Ui};

use super::command::{Command, Commands, Verb};
use super::icon::{Icon, icon_ui};
use super::primary::primary_button;
use super::theme::{Theme, Tone, size};

/// Shows what a run has left to be done, with the ways on.
pub fn left_bar_ui(ui: &mut Ui, words: &str, theme: &Theme, commands: &mut Commands) {
    strip_ui(ui, "This run is not over", words, theme, |ui| {
        if ui.add(primary_button("Go on", theme)).on_hover_text(Verb::GoOn.info().tooltip).clicked() {
            commands.verb(Verb::GoOn);
        }
        if ui.button("Give up").on_hover_text(Verb::GiveUpRest.info().tooltip).clicked() {
            commands.verb(Verb::GiveUpRest);
        }
        if ui.button("Not now").on_hover_text("Leave it as it is; the question comes back with the session").clicked() {
            commands.push(Command::LeaveForLater);
        }
    });
}

/// Shows how many recordings were in no file when the program ended, with the ways on.
pub fn unsaved_bar_ui(ui: &mut Ui, n_unsaved: usize, theme: &Theme, commands: &mut Commands) {
    let words = match n_unsaved {
        1 => "One recording was in no file when the program ended. Nothing of it is lost.".to_owned(),
        _ => format!("{n_unsaved} recordings were in no file when the program ended. Nothing of them is lost."),
    };
    strip_ui(ui, "Not saved last time", &words, theme, |ui| {
        if ui.add(primary_button("Open", theme)).on_hover_text("Each in a tab of its own").clicked() {
            commands.push(Command::OpenUnsaved);
        }
        if ui.button("Delete").on_hover_text("Lose what was recorded").clicked() {
            commands.push(Command::DeleteUnsaved);
        }
    });
}

fn strip_ui(ui: &mut Ui, title: &str, words: &str, theme: &Theme, buttons: impl FnOnce(&mut Ui)) {
    Frame::NONE.fill(theme.selection).inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            icon_ui(ui, Icon::from(Tone::Retry), 12.0, theme.tone(Tone::Retry));
            ui.label(RichText::new(title).font(Theme::semibold(size::TEXT)));
            ui.label(RichText::new(words).color(theme.text));
            ui.add_space(size::STEP);
            buttons(ui);
        });
    });
}
