//! Validation: coerces what it can, drops what no field names, and says everything that is wrong.
use serde_json::{Map, Value};

use super::coerce::coerce;
use super::error::{Place, Problems, SchemaError, kind_of, list};
use super::field::{Field, FieldKind, OtherKeys, Required};
use super::shape::{Role, Shape};
use super::{condition, date_like, empty};
use crate::core::js;
use crate::core::names::Mode;

/// Checks the payload that a mapping gave, and returns it as the action gets it: empty values removed, values coerced,
/// keys dropped that are no fields. No defaults are filled in.
///
/// # Errors
/// The payload is not what the fields ask for.
pub fn validate(fields: &'static [Field], payload: Value, mode: Mode) -> Result<Map<String, Value>, SchemaError> {
    match payload {
        Value::Object(payload) => checked(fields, empty::without_empty_values(fields, payload, mode)),
        other => Err(no_object(&other)),
    }
}

/// Checks a destination's settings in the same way, except that empty values count.
///
/// # Errors
/// The settings are not what the destination asks for.
pub fn validate_settings(
    fields: &'static [Field],
    settings: Map<String, Value>,
) -> Result<Map<String, Value>, SchemaError> {
    checked(fields, settings)
}

fn no_object(payload: &Value) -> SchemaError {
    SchemaError::of("", Place::ROOT, &format!("must be an object but it was {}", kind_of(payload)))
}

fn checked(fields: &'static [Field], mut payload: Map<String, Value>) -> Result<Map<String, Value>, SchemaError> {
    for field in fields.iter().filter(|field| field.multiple) {
        if let Some(value) = payload.get_mut(field.key).filter(|value| !value.is_null() && !value.is_array()) {
            *value = Value::Array(vec![value.take()]);
        }
    }
    let mut problems = Problems::default();
    check_object(fields, "", OtherKeys::Dropped, &mut payload, Place::ROOT, &mut problems);
    problems.into_result().map(|()| payload)
}

fn check_object(
    fields: &'static [Field],
    title: &str,
    other_keys: OtherKeys,
    object: &mut Map<String, Value>,
    place: Place<'_>,
    problems: &mut Problems,
) {
    condition::check(fields, object, place, problems);
    for field in fields.iter().filter(|field| matches!(field.required, Required::Yes)) {
        if !object.contains_key(field.key) {
            problems.add(title, place, &format!("is missing the required field '{}'", field.key));
        }
    }
    if other_keys == OtherKeys::Dropped {
        object.retain(|key, _| fields.iter().any(|field| field.key == key));
    }
    for field in fields {
        if let Some(value) = object.get_mut(field.key) {
            check_value(Shape::of(field), value, place.field(field.key), problems);
        }
    }
}

fn check_value(shape: Shape, value: &mut Value, place: Place<'_>, problems: &mut Problems) {
    let mut add = |what: String| problems.add(shape.title, place, &what);
    if coerce(value, shape.types).is_err() {
        let names: Vec<_> = shape.types.iter().map(|wanted| wanted.name().to_owned()).collect();
        let wanted = list(&names);
        add(format!("must be {} {wanted} but it was {}", js::article(&wanted), kind_of(value)));
    }
    let choices = shape.choices();
    if !choices.is_empty() && !choices.iter().any(|choice| value == choice) {
        let nullable = shape.field.nullable;
        if !(nullable && value.is_null()) {
            let null = nullable.then(|| "null".to_owned());
            let allowed: Vec<_> = choices.iter().map(|choice| js::quoted(choice)).chain(null).collect();
            add(format!("must be one of: {}", list(&allowed)));
        }
    }
    match value {
        Value::Number(_) if shape.role == Role::Single => check_bounds(shape.field, js::number(value), &mut add),
        Value::String(text) if shape.role == Role::Single => check_text(shape.field, text, &mut add),
        Value::Array(items) if shape.role == Role::List => {
            for (index, item) in items.iter_mut().enumerate() {
                check_value(shape.items(), item, place.item(index), problems);
            }
        }
        Value::Object(object) => {
            if let Some(fields) = shape.properties() {
                check_object(fields, shape.title, shape.field.other_keys, object, place, problems);
            }
        }
        _ => {}
    }
}

/// Bounds of 0 are none, and a whole number's bounds are ignored.
fn check_bounds(field: &Field, number: f64, add: &mut impl FnMut(String)) {
    let FieldKind::Number { minimum, maximum } = field.kind else { return };
    if maximum != 0.0 && number > maximum {
        add(format!("must be equal to or less than {}", js::number_text(maximum)));
    }
    if minimum != 0.0 && number < minimum {
        add(format!("must be equal to or greater than {}", js::number_text(minimum)));
    }
}

/// Lengths are counted in letters and reported in UTF-16 units.
fn check_text(field: &Field, text: &str, add: &mut impl FnMut(String)) {
    let (shortest, longest) = field.length;
    let characters = |count: usize| format!("{count} character{}", if count == 1 { "" } else { "s" });
    let length = text.chars().count();
    let it_was = characters(js::utf16_len(text));
    if longest != 0 && length > longest {
        add(format!("must be {} or fewer but it was {it_was}", characters(longest)));
    }
    if shortest != 0 && length < shortest {
        add(format!("must be {} or more but it was {it_was}", characters(shortest)));
    }
    if field.kind == FieldKind::Datetime && !date_like::is_date_like(text) {
        add("must be a valid date-like string but it was not".to_owned());
    }
}
