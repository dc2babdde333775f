//! `"$env:NAME"` in `settings` and `auth`: read from the environment when the plan is run, never written to a file.
use serde_json::{Map, Value};

use super::read::Environment;
use crate::session::fields::FieldError;

const PREFIX: &str = "$env:";

/// Puts the variables' values in the place of every reference, at any depth; `field` is the path so far.
pub(super) fn resolve(value: &mut Value, field: &str, environment: Environment<'_>) -> Result<(), FieldError> {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(PREFIX) {
                *text = look_up(name, field, environment)?;
            }
            Ok(())
        }
        Value::Array(list) => list
            .iter_mut()
            .enumerate()
            .try_for_each(|(idx, element)| resolve(element, &format!("{field}[{idx}]"), environment)),
        Value::Object(object) => resolve_members(object, field, environment),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

pub(super) fn resolve_members(
    object: &mut Map<String, Value>,
    field: &str,
    environment: Environment<'_>,
) -> Result<(), FieldError> {
    object.iter_mut().try_for_each(|(key, value)| resolve(value, &format!("{field}.{key}"), environment))
}

fn look_up(name: &str, field: &str, environment: Environment<'_>) -> Result<String, FieldError> {
    if name.is_empty() {
        return Err(FieldError::new(field, "must name an environment variable behind `$env:`"));
    }
    environment(name).ok_or_else(|| {
        let problem = format!("is read from the environment variable {name}, which is not set; set it and try again");
        FieldError::new(field, problem)
    })
}
