//! The form for `deduplication`: a strategy that the destination has, and its parameters.
use egui::{ComboBox, Grid, RichText, Ui, WidgetInfo};
use serde_json::{Map, Value, json};

use super::draft::Draft;
use super::form::{self, Letters};
use crate::core::deduplication::Strategy;
use crate::core::names::DestinationName;
use crate::ui::theme::Theme;

/// A parameter of a strategy.
struct Parameter {
    strategy: &'static str,
    key: &'static str,
    label: &'static str,
    /// What holds without it.
    usual: &'static str,
}

const fn parameter(strategy: &'static str, key: &'static str, label: &'static str, usual: &'static str) -> Parameter {
    Parameter { strategy, key, label, usual }
}

/// Every parameter; `docs/duplicates.md` says what each does.
const PARAMETERS: &[Parameter] = &[
    parameter("message-id", "window", "Remembered for", "24 h"),
    parameter("profile-trait", "trait", "Trait", "last_processed_at"),
    parameter("profile-trait", "staleness", "Visible after", "5 min"),
    parameter("profile-trait", "remembers", "Processed for", "30 d"),
    parameter("idempotency-key", "header", "Header", "idempotency-key"),
    parameter("idempotency-key", "key", "Key is made of", "message-id"),
];

/// What a strategy keeps out, in a sentence.
fn words(strategy: &str) -> &'static str {
    match strategy {
        "none" => "Nothing keeps duplicates out; what comes twice is marked.",
        "message-id" => "Ingest drops a messageId that it has seen. A retry never passes there.",
        "profile-trait" => "The function reads a trait, submits, and sets the trait. Traits are read late.",
        "idempotency-key" => "The receiver knows a key again and acts once.",
        "linkedin-event-id" => "LinkedIn counts conversions with one eventId once.",
        "receiver-unique-key" => "The receiver takes each messageId once.",
        _ => "The plan says nothing of duplicates.",
    }
}

fn is_offered(strategy: &str, destination: DestinationName) -> bool {
    Strategy::only_of(strategy).is_none_or(|only| only == destination)
}

/// Forgets a strategy that the destination does not have.
pub(super) fn keep_if_offered(draft: &mut Draft) {
    if !is_offered(name_of(&draft.deduplication), draft.destination) {
        draft.deduplication = Value::Null;
    }
}

fn name_of(deduplication: &Value) -> &str {
    deduplication.get("strategy").unwrap_or(deduplication).as_str().unwrap_or_default()
}

/// Shows the form.
pub(super) fn deduplication_ui(ui: &mut Ui, draft: &mut Draft, theme: &Theme) {
    let name = name_of(&draft.deduplication).to_owned();
    ui.horizontal(|ui| {
        ui.label("Duplicates are kept out by");
        let shown = if name.is_empty() { "nothing said" } else { &name };
        let combo = ComboBox::from_id_salt("deduplication").selected_text(shown).show_ui(ui, |ui| {
            if ui.selectable_label(name.is_empty(), "nothing said").clicked() {
                draft.deduplication = Value::Null;
            }
            for offered in Strategy::NAMES.into_iter().filter(|offered| is_offered(offered, draft.destination)) {
                if ui.selectable_label(offered == name, offered).on_hover_text(words(offered)).clicked() {
                    draft.deduplication = json!(offered);
                }
            }
        });
        combo.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "Deduplication"));
    });
    ui.label(RichText::new(words(&name)).color(theme.weak));
    Grid::new("deduplication grid").num_columns(2).show(ui, |ui| {
        for parameter in PARAMETERS.iter().filter(|parameter| parameter.strategy == name) {
            ui.label(parameter.label);
            let value = draft.deduplication.get(parameter.key);
            if let Some(text) = form::text_ui(ui, parameter.label, parameter.usual, value, Letters::Shown, None) {
                set(&mut draft.deduplication, &name, parameter.key, &text);
            }
            ui.end_row();
        }
    });
}

/// Sets a parameter, or takes it out where its text is empty. Without any, the name alone says everything.
fn set(deduplication: &mut Value, strategy: &str, key: &str, text: &str) {
    let mut object = match deduplication.take() {
        Value::Object(object) => object,
        _ => Map::from_iter([("strategy".to_owned(), json!(strategy))]),
    };
    if text.is_empty() {
        object.shift_remove(key);
    } else {
        object.insert(key.to_owned(), json!(text));
    }
    *deduplication = if object.len() == 1 { json!(strategy) } else { Value::Object(object) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_comes_and_goes_again() {
        let mut value = json!("message-id");
        set(&mut value, "message-id", "window", "1 h");
        assert_eq!(value, json!({"strategy": "message-id", "window": "1 h"}));
        set(&mut value, "message-id", "window", "");
        assert_eq!(value, json!("message-id"));
    }

    #[test]
    fn every_parameter_belongs_to_a_strategy_that_is_known() {
        assert!(PARAMETERS.iter().all(|parameter| Strategy::NAMES.contains(&parameter.strategy)));
        assert!(is_offered("message-id", DestinationName::PendoAudiences));
        assert!(!is_offered("profile-trait", DestinationName::PendoAudiences));
    }
}
