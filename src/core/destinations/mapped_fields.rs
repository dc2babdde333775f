//! What a mapping makes of one event, field by field: where each value comes from and what is wrong with it.
use serde_json::{Map, Value};

use super::action::Action;
use super::form::default_mapping;
use crate::core::mapping::{ROOT_DIRECTIVE, merge_over_default, transform};
use crate::core::names::Mode;
use crate::core::schema::{Field, validate, validate_settings};

/// Where a field's mapping comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingSource {
    /// The plan says it.
    Plan,
    /// The plan takes the default away.
    Removed,
    /// The action's default.
    Default,
    /// Nobody.
    Nothing,
}

/// A field of an action, and what an event gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct MappedField {
    /// Its key.
    pub key: &'static str,
    /// Where the mapping comes from.
    pub source: MappingSource,
    /// The mapping in force, if there is one.
    pub mapping: Option<Value>,
    /// What the action gets; absent where it gets nothing.
    pub value: Option<Value>,
    /// What is wrong, in the reference's words.
    pub problems: Vec<String>,
}

/// What a plan's mapping, merged over the action's default, makes of an event. Each field is resolved and checked on its
/// own, so that one mistake hides no other.
#[must_use]
pub fn mapped_fields(action: &dyn Action, over: &Map<String, Value>, event: &Value, mode: Mode) -> Vec<MappedField> {
    let default = default_mapping(action);
    let merged = merge_over_default(&default, over);
    let mut payload = Map::new();
    let mut fields: Vec<MappedField> = Vec::new();
    for field in action.fields() {
        let source = match over.get(field.key) {
            Some(Value::Null) if default.contains_key(field.key) => MappingSource::Removed,
            Some(Value::Null) | None if !default.contains_key(field.key) => MappingSource::Nothing,
            Some(_) => MappingSource::Plan,
            None => MappingSource::Default,
        };
        let mapping = merged.get(field.key).cloned();
        let resolved = mapping.as_ref().map(|mapping| resolved(field.key, mapping, &merged, event));
        let (value, problems) = match resolved {
            None => (None, Vec::new()),
            Some(Ok(value)) => (value, Vec::new()),
            Some(Err(problem)) => (None, vec![problem]),
        };
        if let Some(value) = &value {
            payload.insert(field.key.to_owned(), value.clone());
        }
        fields.push(MappedField { key: field.key, source, mapping, value, problems });
    }
    for (mapped, field) in fields.iter_mut().zip(action.fields()) {
        if mapped.problems.is_empty() {
            match validate(std::slice::from_ref(field), Value::Object(payload.clone()), mode) {
                Ok(mut checked) => mapped.value = checked.remove(field.key),
                Err(error) => mapped.problems.extend_from_slice(error.messages()),
            }
        }
    }
    fields
}

/// What one field is mapped to, through the root directive if the mapping has one.
fn resolved(key: &str, mapping: &Value, whole: &Map<String, Value>, event: &Value) -> Result<Option<Value>, String> {
    let root = whole.get_key_value(ROOT_DIRECTIVE).map(|(key, root)| (key.clone(), root.clone()));
    let alone = root.into_iter().chain([(key.to_owned(), mapping.clone())]).collect();
    match transform(&alone, event) {
        Ok(Value::Object(mut payload)) => Ok(payload.shift_remove(key)),
        Ok(_) => Ok(None),
        // The reference lists the problems of an object under each other.
        Err(error) => Err(error.to_string().trim().replace("ValidationError: ", "")),
    }
}

/// What is wrong with each of a destination's settings: its key, and the sentences of the reference.
#[must_use]
pub fn settings_problems(fields: &'static [Field], settings: &Map<String, Value>) -> Vec<(&'static str, Vec<String>)> {
    let problems = |field: &'static Field| {
        let checked = validate_settings(std::slice::from_ref(field), settings.clone());
        checked.err().map(|error| (field.key, error.messages().to_vec()))
    };
    fields.iter().filter_map(problems).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::core::destinations::{Operation, destination};
    use crate::core::names::DestinationName;

    fn mapped(destination_name: DestinationName, action: &str, over: &Value, event: &Value) -> Vec<MappedField> {
        let Some(Operation::Action(action)) = Operation::of(destination(destination_name), action) else {
            panic!("no action {action}")
        };
        mapped_fields(action, over.as_object().unwrap_or(&Map::new()), event, Mode::Single)
    }

    fn field<'a>(fields: &'a [MappedField], key: &str) -> &'a MappedField {
        fields.iter().find(|field| field.key == key).unwrap_or_else(|| panic!("no field {key}"))
    }

    #[test]
    fn each_field_tells_where_it_comes_from_and_what_the_action_gets() {
        let event = json!({"userId": 7, "context": {"personas": {"external_audience_id": "seg"}}});
        let over = json!({"enable_batching": "false", "batch_size": null});
        let fields = mapped(DestinationName::PendoAudiences, "syncAudience", &over, &event);
        let told = |key| (field(&fields, key).source, field(&fields, key).value.clone());
        assert_eq!(told("visitorId"), (MappingSource::Default, Some(json!("7"))), "coerced to text");
        assert_eq!(told("enable_batching"), (MappingSource::Plan, Some(json!(false))));
        assert_eq!(told("batch_size"), (MappingSource::Removed, None));
        assert!(fields.iter().all(|field| field.problems.is_empty()), "{fields:?}");
    }

    #[test]
    fn a_mistake_in_one_field_hides_none_in_another() {
        let over = json!({"visitorId": {"@path": "$.nobody"}, "batch_size": "many", "enable_batching": {"@nope": 1}});
        let fields = mapped(DestinationName::PendoAudiences, "syncAudience", &over, &json!({"type": "track"}));
        let problem = |key| field(&fields, key).problems.join(" ");
        assert_eq!(problem("visitorId"), "The root value is missing the required field 'visitorId'.");
        assert_eq!(problem("batch_size"), "Max Batch Size must be an integer but it was a string.");
        assert_eq!(problem("enable_batching"), "/enable_batching has an invalid directive: @nope.");
    }

    #[test]
    fn settings_are_checked_one_by_one() {
        let fields = destination(DestinationName::PendoAudiences).settings();
        let settings = json!({"region": "MARS"});
        let problems = settings_problems(fields, settings.as_object().unwrap_or(&Map::new()));
        let keys: Vec<_> = problems.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, ["integrationKey", "region"]);
    }
}
