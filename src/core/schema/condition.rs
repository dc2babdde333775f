//! Fields that are required only if others have certain values. The conditions of an object's fields are asked of the
//! object around it, next to those of its own neighbours.
use serde_json::{Map, Value};

use super::error::{Place, Problems};
use super::field::{ConditionOperator, Field, FieldCondition, Match, Required};

/// Whether one of the fields has conditions. An object with such a field forgets which of its fields are required at all
/// times, as in the reference.
pub(super) fn has_some(fields: &[Field]) -> bool {
    fields.iter().any(|field| !matches!(field.required, Required::No | Required::Yes))
}

/// Adds what the conditions have to say, before anything else of the object is looked at and before its values are
/// coerced; only a lone question whether a field is there coerces that field to null, if it can be. For each field that
/// is missing the reference finds two problems.
pub(super) fn check(fields: &[Field], object: &mut Map<String, Value>, place: Place<'_>, problems: &mut Problems) {
    for field in fields {
        for child in field.properties {
            check_field(&child.required, (Some(field.key), child.key), object, place, problems);
        }
        check_field(&field.required, (None, field.key), object, place, problems);
    }
}

/// One field: its own key, and the key of the object that it is in.
fn check_field(
    required: &Required,
    (parent, key): (Option<&str>, &str),
    object: &mut Map<String, Value>,
    place: Place<'_>,
    problems: &mut Problems,
) {
    let only;
    let (matching, conditions) = match *required {
        Required::No | Required::Yes => return,
        Required::If { key, is } => {
            only = [FieldCondition { key, operator: ConditionOperator::Is, value: Some(is) }];
            (Match::All, &only[..])
        }
        Required::When { matching, conditions } => (matching, conditions),
    };
    if let [FieldCondition { key, value: None, .. }] = conditions
        && let Some(value) = object.get_mut(*key).filter(|value| reads_as_null(value))
    {
        *value = Value::Null;
    }
    let holds = match (matching, conditions) {
        (_, [only]) => holds(only, object, Missing::IncludesNull),
        (Match::All, several) => several.iter().all(|condition| holds(condition, object, Missing::IsAbsent)),
        (Match::Any, several) => several.iter().any(|condition| holds(condition, object, Missing::IsAbsent)),
    };
    if !holds {
        return;
    }
    let dotted;
    let problem = match parent {
        None => missing(key, object).map(|key| (place, key)),
        // With several conditions the reference asks for a key that has the dot in it.
        Some(parent) if conditions.len() > 1 => {
            dotted = format!("{parent}.{key}");
            missing(&dotted, object).map(|key| (place, key))
        }
        Some(parent) => match object.get(parent) {
            None => Some((place, parent)),
            Some(Value::Object(inner)) => missing(key, inner).map(|key| (place.field(parent), key)),
            Some(_) => None,
        },
    };
    if let Some((where_missing, key)) = problem {
        problems.add("", where_missing, &format!("is missing the required field '{key}'"));
        problems.add("", place, "must match \"then\" schema");
    }
}

fn missing<'a>(key: &'a str, object: &Map<String, Value>) -> Option<&'a str> {
    (!object.contains_key(key)).then_some(key)
}

/// When a condition without a value takes a field for missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    /// A lone condition: also where the value is null.
    IncludesNull,
    /// One of several: only where it is not there.
    IsAbsent,
}

fn holds(condition: &FieldCondition, object: &Map<String, Value>, when_missing: Missing) -> bool {
    let wants_same = condition.operator == ConditionOperator::Is;
    // What is no object is not looked into, and a missing value to compare with is no comparison.
    let compares = |found: &Value| condition.value.map_or(wants_same, |value| (found == value) == wants_same);
    match (condition.key.split_once('.'), condition.value) {
        (Some((parent, child)), _) => match object.get(parent) {
            Some(Value::Object(inner)) => inner.get(child).is_some_and(compares),
            other => other.is_some(),
        },
        (None, None) => {
            let includes_null = when_missing == Missing::IncludesNull;
            let is_missing = object.get(condition.key).is_none_or(|found| includes_null && found.is_null());
            is_missing == wants_same
        }
        (None, Some(_)) => object.get(condition.key).is_some_and(compares),
    }
}

/// Whether the reference's validator turns a value into null where null is asked for.
fn reads_as_null(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => matches!(&items[..], [only] if !only.is_array() && reads_as_null(only)),
        Value::Bool(true) | Value::Object(_) => false,
    }
}
