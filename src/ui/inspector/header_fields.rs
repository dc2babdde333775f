//! The header fields of an exchange, secrets masked, each with a button that copies it.
use std::borrow::Cow;

use egui::text::{LayoutJob, TextFormat};
use egui::{RichText, Ui};

use super::exchange_view::{Shown, hidden_ui};
use super::section;
use crate::core::http::Headers;
use crate::core::record::Exchange;
use crate::store::label::thousands;
use crate::ui::command::{Command, Commands};
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// More header fields than these are counted and not shown.
const MAX_FIELDS: usize = 100;

pub(super) fn headers_ui(ui: &mut Ui, shown: &Shown<'_>, exchange: &Exchange, commands: &mut Commands) {
    let mut n_hidden = 0;
    ui.spacing_mut().item_spacing.y = 0.0;
    fields_ui(ui, "Request headers", &exchange.request.headers, shown, &mut n_hidden, commands);
    if let Ok(response) = &exchange.result {
        ui.add_space(2.0 * size::STEP);
        fields_ui(ui, "Response headers", &response.headers, shown, &mut n_hidden, commands);
    }
    hidden_ui(ui, n_hidden, shown.theme, commands);
}

fn fields_ui(
    ui: &mut Ui,
    title: &str,
    headers: &Headers,
    shown: &Shown<'_>,
    n_hidden: &mut usize,
    commands: &mut Commands,
) {
    let theme = shown.theme;
    ui.label(RichText::new(title).font(Theme::semibold(size::TABLE_TEXT)).color(theme.weak));
    if headers.is_empty() {
        ui.label(RichText::new("none").color(theme.faint));
    }
    for (name, value) in headers.iter().take(MAX_FIELDS) {
        let masked = shown.context.mask.header(name, value);
        *n_hidden += usize::from(matches!(masked, Cow::Owned(_)));
        let name = visible::label(name);
        let mut job = LayoutJob::default();
        let font = Theme::mono(size::MONO);
        for (text, color) in [(&*name, theme.accent), (": ", theme.weak), (&*visible::label(&masked), theme.text)] {
            job.append(text, 0.0, TextFormat::simple(font.clone(), color));
        }
        if section::copyable_ui(ui, job, &format!("Copy {name}"), theme) {
            commands.push(Command::Copy(format!("{name}: {masked}"), "Header"));
        }
    }
    if let Some(more) = headers.len().checked_sub(MAX_FIELDS).filter(|more| *more > 0) {
        ui.label(RichText::new(format!("and {} more", thousands(more))).color(theme.weak));
    }
}
