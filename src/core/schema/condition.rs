//! Fields that are required only if others have certain values.
use serde_json::{Map, Value};

use super::error::{Place, Problems};
use super::field::{ConditionOperator, Field, FieldCondition, Match, Required};

/// Adds what the conditions of an object's fields have to say, before anything else of the object is looked at and
/// before its values are coerced. The reference finds two problems for each field that is missing.
pub(super) fn check(fields: &[Field], object: &Map<String, Value>, place: Place<'_>, problems: &mut Problems) {
    for field in fields {
        let is_required = match field.required {
            Required::No | Required::Yes => false,
            Required::If { key, is } => {
                holds_alone(&FieldCondition { key, operator: ConditionOperator::Is, value: Some(is) }, object)
            }
            Required::When { conditions: [only], .. } => holds_alone(only, object),
            Required::When { matching: Match::All, conditions } => {
                conditions.iter().all(|condition| holds_among_others(condition, object))
            }
            Required::When { matching: Match::Any, conditions } => {
                conditions.iter().any(|condition| holds_among_others(condition, object))
            }
        };
        if is_required && !object.contains_key(field.key) {
            problems.add("", place, &format!("is missing the required field '{}'", field.key));
            problems.add("", place, "must match \"then\" schema");
        }
    }
}

/// A lone condition on a field of the object itself also holds where that field is missing, unless it is about that;
/// one on a field inside an object needs both to be there.
fn holds_alone(condition: &FieldCondition, object: &Map<String, Value>) -> bool {
    match (condition.key.split_once('.'), condition.value) {
        (Some((parent, child)), value) => match object.get(parent) {
            // What is no object is not looked into.
            Some(Value::Object(inner)) => {
                inner.get(child).is_some_and(|found| compares(condition.operator, found, value))
            }
            other => other.is_some(),
        },
        (None, None) => object.contains_key(condition.key) == (condition.operator == ConditionOperator::IsNot),
        (None, value) => object.get(condition.key).is_none_or(|found| compares(condition.operator, found, value)),
    }
}

/// One of several conditions holds only where its field is there. For a field inside an object the reference asks for a
/// field of the child's name beside the object, not inside it.
fn holds_among_others(condition: &FieldCondition, object: &Map<String, Value>) -> bool {
    match condition.key.split_once('.') {
        Some((parent, child)) => {
            let inner = object.get(parent).and_then(Value::as_object).and_then(|inner| inner.get(child));
            let compares = inner.is_none_or(|found| compares(condition.operator, found, condition.value));
            compares && object.contains_key(child)
        }
        None => object.get(condition.key).is_some_and(|found| compares(condition.operator, found, condition.value)),
    }
}

fn compares(operator: ConditionOperator, found: &Value, value: Option<&str>) -> bool {
    let is_same = value.is_some_and(|value| found == value);
    is_same == (operator == ConditionOperator::Is)
}
