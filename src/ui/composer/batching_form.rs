//! The form for `batching`: whether a batch keeps its members, and how full a batch gets.
use egui::{ComboBox, Label, Ui, WidgetInfo};
use serde_json::{Map, Value, json};

use super::form::{self, Letters};

/// A kind of batches, and what it does.
const KINDS: [(&str, &str); 2] = [
    ("bulk", "A batch keeps its members; what of it is to be retried is its next attempt"),
    ("stream", "Events queue up; what is to be retried joins whatever else is due"),
];

/// Shows the rows of a form with two columns.
pub(super) fn batching_rows_ui(ui: &mut Ui, batching: &mut Value) {
    let kind = batching.get("kind").and_then(Value::as_str).unwrap_or("bulk").to_owned();
    ui.add(Label::new("Batches").truncate());
    let combo = ComboBox::from_id_salt("batching").selected_text(kind.as_str()).show_ui(ui, |ui| {
        for (offered, words) in KINDS {
            if ui.selectable_label(offered == kind, offered).on_hover_text(words).clicked() {
                take_kind(batching, offered);
            }
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "Batches"));
    ui.end_row();
    parameter_ui(ui, batching, "max_size", "Events in a batch", "no limit");
    if kind == "stream" {
        parameter_ui(ui, batching, "max_wait", "Batch waits for", "10s");
    }
}

fn parameter_ui(ui: &mut Ui, batching: &mut Value, key: &str, label: &str, usual: &str) {
    ui.add(Label::new(label).truncate());
    if let Some(text) = form::text_ui(ui, label, usual, batching.get(key), Letters::Shown, None) {
        set(batching, key, &text);
    }
    ui.end_row();
}

/// Goes over to another kind; what the new one has no use for is taken out.
fn take_kind(batching: &mut Value, kind: &str) {
    let mut object = object(batching);
    object.insert("kind".to_owned(), json!(kind));
    if kind != "stream" {
        object.shift_remove("max_wait");
    }
    *batching = tidy(object);
}

/// Sets a parameter, as a number where it is one; takes it out where its text is empty.
fn set(batching: &mut Value, key: &str, text: &str) {
    let mut object = object(batching);
    match text.trim() {
        "" => _ = object.shift_remove(key),
        text => _ = object.insert(key.to_owned(), text.parse::<u64>().map_or_else(|_| json!(text), Value::from)),
    }
    *batching = tidy(object);
}

fn object(batching: &mut Value) -> Map<String, Value> {
    match batching.take() {
        Value::Object(object) => object,
        _ => Map::from_iter([("kind".to_owned(), json!("bulk"))]),
    }
}

/// The default needs no words.
fn tidy(object: Map<String, Value>) -> Value {
    let is_default = object.len() == 1 && object.get("kind").is_some_and(|kind| kind == "bulk");
    if is_default { Value::Null } else { Value::Object(object) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bulk_batch_waits_for_nobody() {
        let mut batching = Value::Null;
        set(&mut batching, "max_size", "500");
        assert_eq!(batching, json!({"kind": "bulk", "max_size": 500}));
        take_kind(&mut batching, "stream");
        set(&mut batching, "max_wait", "3s");
        assert_eq!(batching, json!({"kind": "stream", "max_size": 500, "max_wait": "3s"}));
        take_kind(&mut batching, "bulk");
        set(&mut batching, "max_size", "");
        assert_eq!(batching, Value::Null);
    }

    #[test]
    fn what_is_no_number_is_left_for_the_plan_reader_to_refuse() {
        let mut batching = Value::Null;
        set(&mut batching, "max_size", "many");
        assert_eq!(batching["max_size"], json!("many"));
    }
}
