//! The few things that stand in front of everything until they are answered.
use std::path::PathBuf;

use egui::{Id, Modal, RichText, TextEdit, Ui, vec2};

use super::command::{Command, Commands, FileRequest};
use super::theme::{Theme, size};

/// Asks for a path where the desktop has no file dialog. `text` is what was typed so far. True when it is answered.
pub fn path_prompt_ui(ui: &mut Ui, request: FileRequest, text: &mut String, commands: &mut Commands) -> bool {
    let mut answered = false;
    let modal = Modal::new(Id::unique("path prompt")).show(ui.ctx(), |ui| {
        ui.set_width(460.0);
        ui.label(RichText::new(request.title()).font(Theme::semibold(14.0)));
        ui.add_space(size::STEP);
        ui.label("This desktop offers no file dialog. Type a path:");
        let field =
            TextEdit::singleline(text).desired_width(f32::INFINITY).hint_text(format!("….{}", request.ending()));
        let response = ui.add(field);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
        if !response.has_focus() && !response.lost_focus() {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        ui.add_space(2.0 * size::STEP);
        ui.horizontal(|ui| {
            let word = if request.writes() { "Save" } else { "Open" };
            if (ui.button(word).clicked() || entered) && !text.trim().is_empty() {
                commands.push(Command::PathTyped(request, PathBuf::from(text.trim())));
                answered = true;
            }
            answered |= ui.button("Cancel").clicked();
        });
    });
    answered || modal.should_close()
}

/// What the About panel tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutFacts {
    /// Agreement with the reference as a sentence, for instance "700 of 700 recorded cases agree".
    pub conformance: String,
}

/// Says what this program is. True when it is closed.
pub fn about_ui(ui: &mut Ui, facts: &AboutFacts, theme: &Theme) -> bool {
    let mut closed = false;
    let modal = Modal::new(Id::unique("about")).show(ui.ctx(), |ui| {
        ui.set_width(420.0);
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        ui.label(RichText::new("Delivery Inspector").font(Theme::semibold(18.0)));
        ui.label(RichText::new(concat!("version ", env!("CARGO_PKG_VERSION"))).color(theme.weak));
        ui.label(
            "Every delivery attempt of an event: what was sent, which rule decided, which token was used, and whether it \
             arrived twice.",
        );
        ui.label(&facts.conformance);
        ui.label(
            RichText::new("Licensed under MIT or Apache-2.0. Inter and JetBrains Mono under the SIL Open Font License.")
                .color(theme.weak),
        );
        ui.add_space(size::STEP);
        closed = ui.button("Close").clicked();
    });
    closed || modal.should_close()
}
