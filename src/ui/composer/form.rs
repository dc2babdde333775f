//! Fields of the composer's forms over settings, credentials and parameters.
use egui::{Align, ComboBox, Layout, Response, Role, TextEdit, Ui, WidgetInfo, vec2};
use serde_json::{Map, Value, json};

use super::deduplication_form;
use super::draft::{Answerer, Draft};
use super::field_words::all_words;
use crate::core::destinations::{Destination, default_settings};
use crate::core::names::ClockKind;
use crate::core::schema::{Field, FieldKind};
use crate::ui::json_editor::set_member;

/// Credentials of OAuth destinations: key in the plan, label.
pub(super) const AUTH: [(&str, &str); 4] = [
    ("access_token", "Access token"),
    ("refresh_token", "Refresh token"),
    ("client_id", "Client id"),
    ("client_secret", "Client secret"),
];

/// Whether the letters of a field are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    Shown,
    /// As dots, unless it is `$env:NAME`, which is no secret.
    Hidden,
}

/// Shows one setting. A value of another kind than the field's is shown as text. Gives what it was changed to.
pub(super) fn setting_ui(ui: &mut Ui, field: &Field, value: Option<&Value>, letters: Letters) -> Option<Value> {
    let tip = || all_words(field);
    if field.kind == FieldKind::Boolean {
        let mut on = value.and_then(Value::as_bool).unwrap_or_default();
        let response = ui.checkbox(&mut on, "");
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, field.label));
        return response.on_hover_text(tip()).changed().then(|| json!(on));
    }
    if field.choices.is_empty() || field.multiple {
        let hint = if field.kind == FieldKind::Password { "or $env:NAME" } else { "" };
        let typed = text_ui(ui, field.label, hint, value, letters, Some(tip()))?;
        return Some(typed_value(field, typed));
    }
    let text = text_of(value);
    let mut chosen = None;
    let response = chooser_ui(ui, field.key, field.label, &text, |ui| {
        for choice in field.choices {
            if ui.selectable_label(*choice == text, *choice).clicked() {
                chosen = Some(json!(choice));
            }
        }
    });
    response.on_hover_text(tip());
    chosen
}

/// A chooser as wide as the fields above and below it, whatever is chosen.
pub(super) fn chooser_ui(
    ui: &mut Ui,
    salt: &str,
    label: &str,
    chosen: &str,
    entries: impl FnOnce(&mut Ui),
) -> Response {
    let room = vec2(ui.spacing().combo_width, ui.spacing().interact_size.y);
    let row = ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.set_max_width(room.x);
        ComboBox::from_id_salt(salt).selected_text(chosen).truncate().show_ui(ui, entries).response
    });
    row.inner.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, label));
    row.inner
}

/// What was typed, as a number, a list or an object where the field holds one and that is what was typed.
fn typed_value(field: &Field, typed: String) -> Value {
    let is_text = matches!(field.kind, FieldKind::String | FieldKind::Text | FieldKind::Password) && !field.multiple;
    let json = if is_text { None } else { serde_json::from_str(&typed).ok() };
    json.unwrap_or(Value::String(typed))
}

/// Shows a text that a plan holds, with what holds in its place where it is empty. Gives the text that it was changed to.
pub(super) fn text_ui(
    ui: &mut Ui,
    label: &str,
    usual: &str,
    value: Option<&Value>,
    letters: Letters,
    tip: Option<String>,
) -> Option<String> {
    let mut text = text_of(value);
    let is_hidden = letters == Letters::Hidden && !text.starts_with("$env:");
    let response = ui.add(TextEdit::singleline(&mut text).password(is_hidden).hint_text(usual.to_owned()));
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, label));
    let has_changed = response.changed();
    if let Some(tip) = tip {
        response.on_hover_text(tip);
    }
    has_changed.then_some(text)
}

fn text_of(value: Option<&Value>) -> String {
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
    let present: Map<String, Value> = serde_json::from_str(&draft.settings).unwrap_or_default();
    for (key, default) in default_settings(destination).iter().filter(|(key, _)| !present.contains_key(*key)) {
        if let Some(text) = set_member(&draft.settings, &[key], default) {
            draft.settings = text;
        }
    }
}

/// Goes over to another answerer; real endpoints answer in real time only.
pub(super) fn take_answerer(draft: &mut Draft, answerer: Answerer) {
    draft.answerer = answerer;
    draft.clock = if answerer == Answerer::Endpoint { ClockKind::Wall } else { ClockKind::Virtual };
}
