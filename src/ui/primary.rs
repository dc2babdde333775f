//! The one button of a bar or a dialog that people came for.
use egui::{Button, RichText};

use super::theme::Theme;

/// A button in the accent's colour.
pub fn primary_button(words: impl Into<String>, theme: &Theme) -> Button<'static> {
    Button::new(RichText::new(words).color(theme.on_color)).fill(theme.accent).stroke(egui::Stroke::NONE)
}
