//! From events to payloads.
use std::borrow::Cow;

use serde_json::{Map, Value};

use super::error::MappingError;
use super::node::Node;
use super::validate::validate;
use crate::core::js::{self, TypeError};

/// Key whose directive is handed all other keys of the mapping as its `mapping`.
pub const ROOT_DIRECTIVE: &str = "__segment_internal_directive";

/// A plan's mapping over an action's default one: its keys replace the default's, and null removes a key.
#[must_use]
pub fn merge_over_default(default: &Map<String, Value>, over: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = default.clone();
    for (key, value) in over {
        if value.is_null() {
            merged.shift_remove(key);
        } else {
            merged.insert(key.clone(), value.clone());
        }
    }
    merged
}

/// A mapping that was found valid, ready to be resolved for many events.
#[derive(Debug)]
pub struct CompiledMapping {
    root: Node,
}

impl CompiledMapping {
    /// Validates a mapping and makes it ready.
    ///
    /// # Errors
    /// The mapping is wrong. Lists and literals are not looked into: what is wrong there fails on each event.
    pub fn new(mapping: &Map<String, Value>) -> Result<Self, MappingError> {
        let mapping = with_root_directive(mapping)?;
        validate(&mapping)?;
        Ok(Self { root: Node::compile(&mapping) })
    }

    /// The payload of an event: an object, unless a root directive makes something else of it. Undefined reads as null.
    ///
    /// # Errors
    /// A directive failed on this event, or the event is no object.
    pub fn transform(&self, event: &Value) -> Result<Value, MappingError> {
        check_event(event)?;
        self.resolve(event)
    }

    /// The same for each event of a batch, which need not even be objects.
    ///
    /// # Errors
    /// A directive failed on one event: that fails the whole batch.
    pub fn transform_batch(&self, events: &[&Value]) -> Result<Vec<Value>, MappingError> {
        events.iter().map(|event| self.resolve(event)).collect()
    }

    fn resolve(&self, event: &Value) -> Result<Value, MappingError> {
        Ok(self.resolve_defined(event)?.unwrap_or(Value::Null))
    }

    /// The result, `None` if it is undefined.
    pub(super) fn resolve_defined(&self, event: &Value) -> Result<Option<Value>, MappingError> {
        Ok(self.root.resolve(Some(event))?.into_json().map(Cow::into_owned))
    }
}

/// Validates a mapping and resolves it for one event; see [`CompiledMapping::transform`].
///
/// # Errors
/// The event is no object, the mapping is wrong, or a directive failed.
pub fn transform(mapping: &Map<String, Value>, event: &Value) -> Result<Value, MappingError> {
    check_event(event)?;
    CompiledMapping::new(mapping)?.resolve(event)
}

/// Validates a mapping once and resolves it for each event; see [`CompiledMapping::transform_batch`].
///
/// # Errors
/// The mapping is wrong, or a directive failed on one of the events.
pub fn transform_batch(mapping: &Map<String, Value>, events: &[&Value]) -> Result<Vec<Value>, MappingError> {
    CompiledMapping::new(mapping)?.transform_batch(events)
}

pub(super) fn check_event(event: &Value) -> Result<(), MappingError> {
    if event.is_object() {
        return Ok(());
    }
    Err(MappingError::runtime(format!("data must be an object, got {}", js::real_type_of(Some(event)))))
}

/// The mapping as it is resolved: itself, or its root directive with the other keys inside.
fn with_root_directive(mapping: &Map<String, Value>) -> Result<Value, MappingError> {
    let Some(root) = mapping.get(ROOT_DIRECTIVE) else {
        return Ok(Value::Object(mapping.clone()));
    };
    let n_keys = match root {
        Value::Null => return Err(TypeError::no_object().into()),
        Value::Object(fields) => fields.len(),
        Value::Array(items) => items.len(),
        Value::String(text) => js::utf16_len(text),
        Value::Bool(_) | Value::Number(_) => 0,
    };
    if n_keys > 1 {
        return Err(MappingError::runtime("The root mapping must only have a single directive object"));
    }
    let mut root = root.clone();
    let directive = match &mut root {
        Value::Object(fields) => fields.values_mut().next(),
        Value::Array(items) => items.first_mut(),
        _ => None,
    };
    match directive {
        Some(Value::Object(options)) => {
            let others = mapping.iter().filter(|(key, _)| *key != ROOT_DIRECTIVE);
            let others = others.map(|(key, value)| (key.clone(), value.clone())).collect();
            options.insert("mapping".to_owned(), Value::Object(others));
            Ok(root)
        }
        // A list takes the other keys as properties that nothing ever reads.
        Some(Value::Array(_)) => Ok(root),
        _ => Err(MappingError::runtime("The root directive must be an object")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    #[test]
    fn a_plan_replaces_and_removes_keys_of_the_default_mapping() {
        let default = fields(json!({"a": {"@path": "$.a"}, "b": 1, "c": 2}));
        let merged = merge_over_default(&default, &fields(json!({"b": null, "c": {"d": 3}, "e": null, "f": false})));
        assert_eq!(Value::Object(merged), json!({"a": {"@path": "$.a"}, "c": {"d": 3}, "f": false}));
    }

    #[test]
    fn a_root_directive_gets_the_other_keys_as_its_mapping() {
        let mapping = fields(json!({
            "__segment_internal_directive": {"@transform": {"apply": {"x": {"@path": "$.user"}}}},
            "id": {"@path": "$.x"},
        }));
        assert_eq!(transform(&mapping, &json!({"user": "u"})), Ok(json!({"id": "u"})));
    }

    #[test]
    fn root_directives_that_are_none_and_events_that_are_none_are_refused() {
        for (root, message) in [
            (json!({"@path": "a", "@if": {}}), "The root mapping must only have a single directive object"),
            (json!({"@path": "a"}), "The root directive must be an object"),
            (json!({}), "The root directive must be an object"),
            (json!("a"), "The root directive must be an object"),
            (json!("ab"), "The root mapping must only have a single directive object"),
            (json!(5), "The root directive must be an object"),
            (json!(null), "Cannot convert undefined or null to object"),
        ] {
            let mapping = fields(json!({"__segment_internal_directive": root}));
            let error = transform(&mapping, &json!({})).map_err(|error| (error.status(), error.to_string()));
            assert_eq!(error, Err((None, message.to_owned())), "{root}");
        }
        for (event, kind) in [(json!(null), "null"), (json!([]), "array"), (json!("x"), "string")] {
            let message = transform(&Map::new(), &event).map_err(|error| error.to_string());
            assert_eq!(message, Err(format!("data must be an object, got {kind}")));
        }
    }
}
