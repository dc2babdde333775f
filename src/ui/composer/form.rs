//! The composer's form fields over settings and credentials, and what changes with the choice of a destination.
use egui::{ComboBox, TextEdit, Ui};
use serde_json::{Map, Value, json};

use super::deduplication_form;
use super::draft::{Answerer, Draft};
use crate::core::destinations::{Destination, default_settings};
use crate::core::names::ClockKind;
use crate::core::schema::{Field, FieldKind};
use crate::core::secret_names::is_secret_key;

/// Credentials of OAuth destinations: key in the plan, label.
pub(super) const AUTH: [(&str, &str); 4] = [
    ("access_token", "Access token"),
    ("refresh_token", "Refresh token"),
    ("client_id", "Client id"),
    ("client_secret", "Client secret"),
];

/// Shows one setting. A value of another kind than the field's is shown as text and kept.
pub(super) fn field_ui(ui: &mut Ui, field: &Field, values: &mut Map<String, Value>) {
    if field.kind == FieldKind::Password {
        return secret_ui(ui, field.key, field.label, values);
    }
    if field.kind == FieldKind::Boolean {
        let mut on = values.get(field.key).and_then(Value::as_bool).unwrap_or_default();
        let response = ui.checkbox(&mut on, "");
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, field.label));
        if response.on_hover_text(field.description).changed() {
            values.insert(field.key.to_owned(), json!(on));
        }
        return;
    }
    let mut text = text_of(values, field.key);
    let changed = if field.choices.is_empty() {
        let response = ui.add(TextEdit::singleline(&mut text));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, field.label));
        response.on_hover_text(field.description).changed()
    } else {
        let before = text.clone();
        let combo = ComboBox::from_id_salt(field.key).selected_text(text.clone()).show_ui(ui, |ui| {
            for choice in field.choices {
                ui.selectable_value(&mut text, (*choice).to_owned(), *choice);
            }
        });
        combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, field.label));
        text != before
    };
    if changed {
        values.insert(field.key.to_owned(), json!(text));
    }
}

/// Shows one of the credentials: the secret ones as dots.
pub(super) fn credential_ui(ui: &mut Ui, key: &str, label: &str, values: &mut Map<String, Value>) {
    if is_secret_key(key) {
        return secret_ui(ui, key, label, values);
    }
    let mut text = text_of(values, key);
    let response = ui.add(TextEdit::singleline(&mut text));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, label));
    if response.changed() {
        values.insert(key.to_owned(), json!(text));
    }
}

/// Shows one secret as dots; `$env:NAME` is no secret and is shown as it is.
fn secret_ui(ui: &mut Ui, key: &str, label: &str, values: &mut Map<String, Value>) {
    let mut text = text_of(values, key);
    let names_variable = text.starts_with("$env:");
    let field = TextEdit::singleline(&mut text).password(!names_variable);
    let response = ui.add(field.hint_text("or $env:NAME"));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, label));
    if response.changed() {
        values.insert(key.to_owned(), json!(text));
    }
}

/// Shows a parameter that may be left empty, with what then holds in its place. Gives the text that it was changed to.
pub(super) fn parameter_ui(ui: &mut Ui, label: &str, usual: &str, value: Option<&Value>) -> Option<String> {
    let mut text = text_of_value(value);
    let response = ui.add(TextEdit::singleline(&mut text).hint_text(usual));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, label));
    response.changed().then_some(text)
}

fn text_of(values: &Map<String, Value>, key: &str) -> String {
    text_of_value(values.get(key))
}

fn text_of_value(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    }
}

/// Goes over to another destination: its first action, and its settings with their defaults where none was given.
pub(super) fn take_destination(draft: &mut Draft, destination: &dyn Destination) {
    draft.destination = destination.name();
    deduplication_form::keep_if_offered(draft);
    if let Some(action) = destination.actions().first() {
        action.name().clone_into(&mut draft.action);
    }
    for (key, default) in default_settings(destination) {
        draft.settings.entry(key).or_insert(default);
    }
}

/// Goes over to another answerer; real endpoints answer in real time only.
pub(super) fn take_answerer(draft: &mut Draft, answerer: Answerer) {
    draft.answerer = answerer;
    draft.clock = if answerer == Answerer::Endpoint { ClockKind::Wall } else { ClockKind::Virtual };
}
