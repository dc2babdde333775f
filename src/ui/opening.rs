//! What stands in the window while its first file is read, if that takes long.
use std::time::Duration;

use egui::{CentralPanel, Frame, RichText, Ui};

use super::busy::busy_ui;
use super::command::{Commands, Verb};
use super::frame_state::FrameState;
use super::theme::{Theme, size};

/// Most files are there before anybody has read a word.
const PATIENCE: Duration = Duration::from_millis(300);

/// Says what is read and how far that is, with a way to stop it.
pub fn opening_ui(ui: &mut Ui, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    // Only a program that has just started has no session.
    if ui.input(|input| input.time) < PATIENCE.as_secs_f64() {
        ui.ctx().request_repaint_after(PATIENCE);
        return;
    }
    let Some(working) = &state.working else { return };
    CentralPanel::default().frame(Frame::NONE).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() * 0.4);
            busy_ui(ui, theme);
            ui.add_space(size::STEP);
            ui.label(RichText::new(working).font(Theme::semibold(14.0)));
            ui.add_space(2.0 * size::STEP);
            if ui.button("Stop").on_hover_text(Verb::StopReading.info().tooltip).clicked() {
                commands.verb(Verb::StopReading);
            }
        });
    });
}
