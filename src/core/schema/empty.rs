//! Removal of empty values, before validation.
use serde_json::{Map, Value};

use super::field::Field;
use super::shape::{JsonType, Shape};
use crate::core::names::Mode;

/// Takes out null where a field does not allow it and empty text where it is no text. In single mode empty text goes
/// from the payload's own fields whatever they are; a batch keeps it. Keys that are no fields stay as they are.
#[must_use]
pub fn without_empty_values(fields: &'static [Field], payload: Map<String, Value>, mode: Mode) -> Map<String, Value> {
    let is_kept = |value: &Value| mode == Mode::Batch || value != "";
    let kept = payload.into_iter().filter_map(|(key, value)| {
        let value = cleaned(fields.iter().find(|field| field.key == key).map(Shape::of), value)?;
        is_kept(&value).then_some((key, value))
    });
    kept.collect()
}

/// The value without what is empty in it, `None` if it is empty itself. Objects in lists are not looked into.
fn cleaned(shape: Option<Shape>, value: Value) -> Option<Value> {
    let Some(shape) = shape else { return Some(value) };
    match value {
        Value::Array(items) if shape.types == [JsonType::Array] => {
            let items = items.into_iter().filter(|item| cleaned(Some(shape.items()), item.clone()).is_some());
            Some(Value::Array(items.collect()))
        }
        Value::Object(entries) => {
            let Some(fields) = shape.properties() else { return Some(Value::Object(entries)) };
            let entries = entries.into_iter().filter_map(|(key, entry)| {
                let field = fields.iter().find(|field| field.key == key);
                cleaned(field.map(Shape::of), entry).map(|entry| (key, entry))
            });
            Some(Value::Object(entries.collect()))
        }
        Value::Null if !shape.types.contains(&JsonType::Null) => None,
        Value::String(text) if text.is_empty() && !shape.types.contains(&JsonType::String) => None,
        other => Some(other),
    }
}
