//! The few things that stand in front of everything until they are answered.
use std::path::PathBuf;

use egui::{Frame, Id, Margin, Modal, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::command::{Command, Commands, FileRequest};
use super::primary::primary_button;
use super::theme::{Theme, size};
use crate::core::conformance::{FIGURE, Figure};

/// A window in front of everything, with room around what it holds.
pub(super) fn dialog(name: &str, ui: &Ui) -> Modal {
    Modal::new(Id::unique(name)).frame(Frame::popup(ui.style()).inner_margin(Margin::same(16)))
}

/// The width of what stands in front of everything: as wide as it likes to be, if the window is.
pub(super) fn set_width(ui: &mut Ui, wanted: f32) {
    const AROUND: f32 = 48.0;
    let room = ui.ctx().content_rect().width() - AROUND;
    ui.set_width(wanted.min(room));
}

/// What stands above a dialog's buttons: it scrolls where the window is too low for all of it.
pub(super) fn scrolling_ui(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    const AROUND: f32 = 150.0;
    let room = (ui.ctx().content_rect().height() - AROUND).max(60.0);
    ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| {
        ui.set_width(ui.available_width());
        content(ui);
    });
}

/// Asks for a path where the desktop has no file dialog. `text` is what was typed so far. True when it is answered.
pub fn path_prompt_ui(
    ui: &mut Ui,
    request: FileRequest,
    text: &mut String,
    theme: &Theme,
    commands: &mut Commands,
) -> bool {
    let mut answered = false;
    let modal = dialog("path prompt", ui).show(ui.ctx(), |ui| {
        set_width(ui, 460.0);
        ui.label(RichText::new(request.title()).font(Theme::semibold(14.0)));
        ui.add_space(size::STEP);
        ui.label("This desktop offers no file dialog. Type a path:");
        let field =
            TextEdit::singleline(text).desired_width(f32::INFINITY).hint_text(format!("….{}", request.ending()));
        let response = ui.add(field);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path"));
        if ui.memory(|memory| memory.focused().is_none()) && !response.lost_focus() {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        ui.add_space(2.0 * size::STEP);
        ui.horizontal(|ui| {
            let word = if request.writes() { "Save" } else { "Open" };
            if (ui.add(primary_button(word, theme)).clicked() || entered) && !text.trim().is_empty() {
                commands.push(Command::PathTyped(request, PathBuf::from(text.trim())));
                answered = true;
            }
            answered |= ui.button("Cancel").clicked();
        });
    });
    answered || modal.should_close()
}

/// Says what this program is. True when it is closed.
pub fn about_ui(ui: &mut Ui, theme: &Theme) -> bool {
    let mut closed = false;
    let modal = dialog("about", ui).show(ui.ctx(), |ui| {
        set_width(ui, 420.0);
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        scrolling_ui(ui, |ui| {
            ui.label(RichText::new("Delivery Inspector").font(Theme::semibold(18.0)));
            ui.label(RichText::new(concat!("version ", env!("CARGO_PKG_VERSION"))).color(theme.weak));
            ui.label(
                "Every delivery attempt of an event: what was sent, which rule decided, which token was used, and whether \
                 it arrived twice.",
            );
            let Figure { n_agreeing, n_cases, reference } = FIGURE;
            ui.label(format!("Judges as the reference does in {n_agreeing} of {n_cases} recorded cases."));
            ui.label(RichText::new(format!("Measured against {reference}.")).color(theme.weak));
            let licences = "Licensed under MIT or Apache-2.0. Inter and JetBrains Mono under the SIL Open Font License.";
            ui.label(RichText::new(licences).color(theme.weak));
        });
        ui.add_space(size::STEP);
        closed = ui.button("Close").clicked();
    });
    closed || modal.should_close()
}

/// Asks whether requests may leave this machine for a host. True when it is answered.
pub fn confirm_host_ui(ui: &mut Ui, host: &str, theme: &Theme, commands: &mut Commands) -> bool {
    let mut answered = false;
    let modal = dialog("confirm host", ui).show(ui.ctx(), |ui| {
        set_width(ui, 420.0);
        ui.label(RichText::new(format!("Fire at {host}?")).font(Theme::semibold(14.0)));
        ui.label(
            "The requests leave this machine and carry the credentials of the composer. What the receiver does with them \
             cannot be undone.",
        );
        ui.add_space(2.0 * size::STEP);
        ui.horizontal(|ui| {
            if ui.add(primary_button("Fire", theme)).clicked() {
                commands.push(Command::ConfirmHost(host.to_owned()));
                answered = true;
            }
            answered |= ui.button("Cancel").clicked();
        });
    });
    answered || modal.should_close()
}

/// Says that files may be dropped, while they are held over the window.
pub fn drop_overlay_ui(ui: &Ui, theme: &Theme) {
    let layer = egui::LayerId::new(egui::Order::Foreground, Id::unique("drop overlay"));
    let painter = ui.ctx().layer_painter(layer);
    let screen = ui.ctx().content_rect();
    painter.rect_filled(screen, 0.0, theme.background.gamma_multiply(0.85));
    painter.rect_stroke(screen.shrink(16.0), 8.0, egui::Stroke::new(2.0, theme.accent), egui::StrokeKind::Inside);
    let words = "Drop sessions, plans, HAR files, events or logs to open them";
    painter.text(screen.center(), egui::Align2::CENTER_CENTER, words, Theme::semibold(18.0), theme.text);
}
