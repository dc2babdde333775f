//! One row of a form: a field, how it gets its value, and what comes of it.
use egui::{Label, Ui};
use serde_json::Value;

use super::cell::{CHOOSER, Cell, Complaints, Form, Language};
use super::edit::Edit;
use super::lines::{complaint_ui, gets_ui};
use super::shape::Shape;
use super::told::Told;
use crate::core::schema::{Field, Required};
use crate::ui::composer::field_words::{all_words, type_words};
use crate::ui::theme::{Theme, Tone, size};

/// What is shown of a field.
pub(in crate::ui::composer) struct Row<'a> {
    pub(in crate::ui::composer) cell: Cell<'a>,
    pub(in crate::ui::composer) language: Language,
    /// What it has where the text says nothing.
    pub(in crate::ui::composer) default: Option<&'a Value>,
    /// Whether the text itself says it, and there is a default to go back to.
    pub(in crate::ui::composer) can_reset: bool,
    pub(in crate::ui::composer) told: &'a [Told],
}

impl Form<'_> {
    /// Shows a row.
    pub(in crate::ui::composer) fn row_ui(&mut self, ui: &mut Ui, row: &Row<'_>) {
        let cell = &row.cell;
        let shape = cell.shape(row.language);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::STEP;
            let chooser = if row.language == Language::Mapping { CHOOSER } else { 0.0 };
            let buttons = chooser + if row.can_reset { 58.0 } else { 0.0 } + 2.0 * size::STEP;
            let room = egui::vec2((ui.available_width() - buttons).max(60.0), ui.spacing().interact_size.y);
            ui.allocate_ui_with_layout(room, egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.set_width(room.x);
                title_ui(ui, &cell.field, self.theme);
            });
            if row.can_reset && ui.small_button("Default").on_hover_text("Back to what holds without it").clicked() {
                self.edit = Some(Edit::Reset(cell.way.clone()));
            }
            if row.language == Language::Mapping {
                self.kind_ui(ui, cell, &shape, row.default);
            }
        });
        let mut told = Complaints { told: row.told, is_shown: vec![false; row.told.len()] };
        if shape != Shape::Nothing || row.language == Language::Plain {
            ui.indent(&cell.name, |ui| self.body_ui(ui, cell, &shape, row.language, &mut told));
        }
        let left = row.told.iter().zip(&told.is_shown).filter(|(_, is_shown)| !**is_shown);
        for (complaint, _) in left {
            complaint_ui(ui, complaint.message(), self.theme);
        }
        if row.told.is_empty() {
            gets_ui(ui, &cell.name, cell.gets, self.theme);
        }
        ui.add_space(1.5 * size::STEP);
    }
}

fn title_ui(ui: &mut Ui, field: &Field, theme: &Theme) {
    let mut job = egui::text::LayoutJob::default();
    let text = |font, color| egui::TextFormat::simple(font, color);
    job.append(field.label, 0.0, text(Theme::font(size::TEXT), theme.text));
    if matches!(field.required, Required::Yes) {
        job.append(" required", 0.0, text(Theme::font(size::TABLE_TEXT), theme.tone(Tone::Retry)));
    }
    job.append(&format!("  {}", type_words(field)), 0.0, text(Theme::font(size::TABLE_TEXT), theme.weak));
    ui.add(Label::new(job).truncate()).on_hover_text(all_words(field));
}
