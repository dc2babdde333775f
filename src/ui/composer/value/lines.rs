//! The lines below a value: what the event gives it, and what is wrong with it.
use egui::{Label, RichText, Ui, WidgetInfo};

use super::cell::Gets;
use crate::ui::json_editor::one_line;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

/// What the event gives a value, on a line of its own, if that can be told.
pub(super) fn gets_ui(ui: &mut Ui, name: &str, gets: Gets<'_>, theme: &Theme) {
    let (text, color) = match gets {
        Gets::Untold => return,
        Gets::Nothing => ("nothing".to_owned(), theme.weak),
        Gets::Value(value) => (one_line(value), theme.tone(Tone::Delivered)),
    };
    ui.horizontal_top(|ui| {
        ui.add_space(2.0 * size::STEP);
        let shown = RichText::new(format!("→ {}", visible::label(&text))).font(Theme::mono(size::MONO)).color(color);
        let response = ui.add(Label::new(shown).truncate());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("{name} gets {text}")));
    });
}

/// What is wrong, on a line of its own.
pub(super) fn complaint_ui(ui: &mut Ui, message: &str, theme: &Theme) {
    ui.horizontal_top(|ui| {
        ui.add_space(2.0 * size::STEP);
        let words = RichText::new(visible::label(message)).font(Theme::font(size::TABLE_TEXT));
        ui.add(Label::new(words.color(theme.tone(Tone::Dropped))).wrap());
    });
}
