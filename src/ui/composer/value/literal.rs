//! Values that are written in a text as they are: typed, ticked or chosen, by the kind of their field.
use egui::{ComboBox, Role, TextEdit, Ui, WidgetInfo};
use serde_json::{Value, json};

use super::Language;
use crate::core::schema::{Field, FieldKind};
use crate::ui::composer::field_words::all_words;
use crate::ui::json_editor::one_line;
use crate::ui::theme::{Theme, size};

/// Shows a value, or an empty field where there is none; gives what it was changed to, null to take it away.
pub(super) fn literal_ui(
    ui: &mut Ui,
    field: &Field,
    name: &str,
    value: Option<&Value>,
    language: Language,
) -> Option<Value> {
    let word = |value: &Value| value.as_str().map_or_else(|| one_line(value), str::to_owned);
    if field.kind == FieldKind::Boolean && value.is_none_or(Value::is_boolean) {
        let mut on = value.and_then(Value::as_bool).unwrap_or_default();
        let text = if on { "true" } else { "false" };
        let response = ui.checkbox(&mut on, text);
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, name));
        return response.on_hover_text(all_words(field)).changed().then(|| json!(on));
    }
    if !field.choices.is_empty() {
        return choice_ui(ui, field, name, &value.map(word).unwrap_or_default(), language);
    }
    let mut typed = value.map(|value| typed(value, field)).unwrap_or_default();
    let edit = TextEdit::singleline(&mut typed).desired_width(f32::INFINITY).font(Theme::mono(size::MONO));
    let response = ui.add(edit);
    response.widget_info(|| {
        let info = WidgetInfo::text_edit(true, "", typed.clone(), "");
        WidgetInfo { label: Some(name.to_owned()), ..info }
    });
    let has_changed = response.changed();
    response.on_hover_text(all_words(field));
    has_changed.then(|| from_typed(&typed, field, language))
}

fn choice_ui(ui: &mut Ui, field: &Field, name: &str, text: &str, language: Language) -> Option<Value> {
    let mut chosen = None;
    let combo = ComboBox::from_id_salt(name).selected_text(text).truncate().show_ui(ui, |ui| {
        let is_needed = matches!(field.required, crate::core::schema::Required::Yes);
        if language == Language::Plain && !is_needed && ui.selectable_label(text.is_empty(), "nothing").clicked() {
            chosen = Some(Value::Null);
        }
        for choice in field.choices {
            if ui.selectable_label(*choice == text, *choice).clicked() {
                chosen = Some(json!(choice));
            }
        }
    });
    combo.response.widget_info(|| {
        let info = WidgetInfo::labeled(Role::ComboBox, true, name);
        WidgetInfo { current_text_value: Some(text.to_owned()), ..info }
    });
    combo.response.on_hover_text(all_words(field));
    chosen
}

/// A value as it is typed: letters as they are, unless they would be read as something else.
fn typed(value: &Value, field: &Field) -> String {
    match value {
        Value::String(text) if field.kind == FieldKind::Any && serde_json::from_str::<Value>(text).is_ok() => {
            value.to_string()
        }
        Value::String(text) => text.clone(),
        other => one_line(other),
    }
}

/// What was typed: a text field takes letters as they are, a field of any kind JSON where it is JSON.
fn from_typed(text: &str, field: &Field, language: Language) -> Value {
    let value = || serde_json::from_str::<Value>(text).ok();
    let read = match field.kind {
        FieldKind::Number { .. } | FieldKind::Integer | FieldKind::Boolean => {
            value().filter(|value| value.is_number() || value.is_boolean())
        }
        // In a mapping, objects and lists have rows of their own.
        FieldKind::Any if language == Language::Mapping => {
            value().filter(|value| !value.is_object() && !value.is_array())
        }
        FieldKind::Any | FieldKind::Object => value(),
        _ => None,
    };
    read.unwrap_or_else(|| json!(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_was_typed() {
        let any = Field::new("a", "A", FieldKind::Any);
        for value in
            [json!("5xx"), json!("503"), json!(503), json!([429, "5xx"]), json!(null), json!("true"), json!("")]
        {
            assert_eq!(from_typed(&typed(&value, &any), &any, Language::Plain), value, "{value}");
        }
        let text = Field { kind: FieldKind::String, ..any };
        assert_eq!(from_typed("503", &text, Language::Plain), json!("503"));
        let number = Field { kind: FieldKind::Integer, ..any };
        assert_eq!(from_typed("7", &number, Language::Mapping), json!(7));
        assert_eq!(from_typed("7a", &number, Language::Mapping), json!("7a"), "the row says that it is no number");
    }
}
