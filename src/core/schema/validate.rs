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

/// Null and empty text have been removed as empty by then.
fn no_object(payload: &Value) -> SchemaError {
    let kind = if payload.is_null() || payload == "" { "undefined".to_owned() } else { kind_of(payload) };
    SchemaError::of("", Place::ROOT, &format!("must be an object but it was {kind}"))
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
    if place.is_root() || !condition::has_some(fields) {
        condition::check(fields, object, place, problems);
        for field in fields.iter().filter(|field| matches!(field.required, Required::Yes)) {
            if !object.contains_key(field.key) {
                problems.add(title, place, &format!("is missing the required field '{}'", field.key));
            }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::{ConditionOperator, FieldCondition, Match, OtherKeys};
    use super::*;

    const NUMBER: FieldKind = FieldKind::Number { minimum: 1.0, maximum: 10.0 };

    const FIELDS: &[Field] = &[
        Field { required: Required::Yes, ..Field::new("id", "Identifier", FieldKind::String) },
        Field { choices: &["A", "B", "C"], ..Field::new("region", "region", FieldKind::String) },
        Field { choices: &["A"], nullable: true, ..Field::new("maybe", "Maybe", FieldKind::String) },
        Field::new("count", "Count", NUMBER),
        Field::new("whole", "Whole", FieldKind::Integer),
        Field::new("flag", "Flag", FieldKind::Boolean),
        Field { length: (2, 3), ..Field::new("short", "Short", FieldKind::String) },
        Field::new("when", "When", FieldKind::Datetime),
        Field { multiple: true, choices: &["x", "y"], ..Field::new("tags", "Tags", FieldKind::String) },
        Field { multiple: true, properties: AMOUNT, ..Field::new("items", "Items", FieldKind::Object) },
        Field { properties: AMOUNT, ..Field::new("value", "Value", FieldKind::Object) },
        Field { properties: AMOUNT, other_keys: OtherKeys::Kept, ..Field::new("open", "Open", FieldKind::Object) },
        Field::new("free", "Free", FieldKind::Object),
        Field::new("a/b~c", "", FieldKind::Number { minimum: 0.0, maximum: 0.0 }),
    ];

    const AMOUNT: &[Field] = &[
        Field { required: Required::Yes, ..Field::new("currency", "Currency", FieldKind::String) },
        Field { required: Required::Yes, ..Field::new("amount", "", NUMBER) },
        Field { multiple: true, ..Field::new("list", "List", FieldKind::String) },
    ];

    fn run(fields: &'static [Field], payload: Value) -> Result<Value, String> {
        validate(fields, payload, Mode::Single).map(Value::Object).map_err(|error| error.to_string())
    }

    #[test]
    fn what_can_be_coerced_is_and_unknown_keys_go() {
        let payload = json!({
            "id": 7, "count": "5.5", "whole": "5.0", "flag": "true", "when": 1_700_000_000, "tags": "x", "other": 1,
            "value": {"currency": ["EUR"], "amount": true, "list": "z", "other": 1},
            "open": {"currency": "EUR", "amount": 2, "other": [null]},
            "items": {"currency": "EUR", "amount": 3, "other": 1},
            "free": {"anything": null}, "short": null, "region": null, "maybe": null,
        });
        let expected = json!({
            "id": "7", "count": 5.5, "whole": 5, "flag": true, "when": 1_700_000_000, "tags": ["x"],
            "value": {"currency": "EUR", "amount": 1, "list": ["z"]},
            "open": {"currency": "EUR", "amount": 2, "other": [null]},
            "items": [{"currency": "EUR", "amount": 3}],
            "free": {"anything": null}, "maybe": null,
        });
        assert_eq!(run(FIELDS, payload), Ok(expected));
    }

    #[test]
    fn an_empty_text_is_no_number_and_goes() {
        assert_eq!(run(FIELDS, json!({"id": "x", "count": "", "flag": ""})), Ok(json!({"id": "x"})));
    }

    #[test]
    fn each_problem_is_a_sentence_of_the_reference() {
        let root = "The root value is missing the required field 'id'.";
        for (payload, expected) in [
            (json!({}), root),
            (json!({"id": ""}), root),
            (json!({"id": null}), root),
            (json!("text"), "The root value must be an object but it was a string."),
            (json!([]), "The root value must be an object but it was an array."),
            (json!(null), "The root value must be an object but it was undefined."),
            (json!({"id": {}}), "Identifier must be a string but it was an object."),
            (json!({"id": [[]]}), "Identifier must be a string but it was an array."),
            (json!({"id": "x", "region": "D"}), "Region must be one of: \"A\", \"B\", or \"C\"."),
            (
                json!({"id": "x", "region": {}}),
                "Region must be a string but it was an object. Region must be one of: \"A\", \"B\", or \"C\".",
            ),
            (json!({"id": "x", "maybe": "D"}), "Maybe must be one of: \"A\" or null."),
            (json!({"id": "x", "count": "abc"}), "Count must be a number but it was a string."),
            (json!({"id": "x", "count": 0}), "Count must be equal to or greater than 1."),
            (json!({"id": "x", "count": 10.5}), "Count must be equal to or less than 10."),
            (json!({"id": "x", "whole": 5.5}), "Whole must be an integer but it was a number."),
            (json!({"id": "x", "flag": "1"}), "Flag must be a boolean but it was a string."),
            (json!({"id": "x", "short": "\u{1f600}"}), "Short must be 2 characters or more but it was 2 characters."),
            (json!({"id": "x", "short": "a"}), "Short must be 2 characters or more but it was 1 character."),
            (json!({"id": "x", "short": "abcd"}), "Short must be 3 characters or fewer but it was 4 characters."),
            (json!({"id": "x", "when": "soon"}), "When must be a valid date-like string but it was not."),
            (json!({"id": "x", "when": true}), "When must be a valid date-like string but it was not."),
            (json!({"id": "x", "when": {}}), "When must be a string or number but it was an object."),
            (json!({"id": "x", "tags": ["x", "z"]}), "The value at /tags/1 must be one of: \"x\" or \"y\"."),
            (
                json!({"id": "x", "value": {}}),
                "Value is missing the required field 'currency'. Value is missing the required field 'amount'.",
            ),
            (
                json!({"id": "x", "value": {"currency": "EUR", "amount": {}}}),
                "The value at /value/amount must be a number but it was an object.",
            ),
            (json!({"id": "x", "value": 5}), "Value must be an object but it was a number."),
            (
                json!({"id": "x", "items": [{"currency": "EUR"}]}),
                "The value at /items/0 is missing the required field 'amount'.",
            ),
            (json!({"id": "x", "free": "text"}), "Free must be an object but it was a string."),
            (json!({"id": "x", "a/b~c": "text"}), "The value at /a~1b~0c must be a number but it was a string."),
            (
                json!({"count": "abc", "flag": 5}),
                "The root value is missing the required field 'id'. Count must be a number but it was a string. \
                 Flag must be a boolean but it was a number.",
            ),
        ] {
            assert_eq!(run(FIELDS, payload.clone()), Err(expected.to_owned()), "{payload}");
        }
    }

    #[test]
    fn empty_text_at_the_root_survives_in_a_batch_only() {
        let payload = json!({"id": "", "value": {"currency": "", "amount": 1}});
        assert_eq!(validate(FIELDS, payload.clone(), Mode::Batch).map(Value::Object), Ok(payload.clone()));
        assert_eq!(run(FIELDS, payload), Err("The root value is missing the required field 'id'.".to_owned()));
    }

    #[test]
    fn settings_are_checked_without_removing_what_is_empty() {
        let settings = |value| Map::from_iter([("id".to_owned(), value)]);
        assert_eq!(validate_settings(FIELDS, settings(json!(""))), Ok(settings(json!(""))));
        assert_eq!(validate_settings(FIELDS, settings(json!(null))), Ok(settings(json!(""))));
        assert!(validate_settings(FIELDS, Map::new()).is_err());
    }

    const fn condition(key: &'static str, operator: ConditionOperator, value: Option<&'static str>) -> FieldCondition {
        FieldCondition { key, operator, value }
    }

    const KIND: &[Field] = &[Field::new("kind", "", FieldKind::String)];

    const ADDRESS: &[Field] = &[
        Field { required: Required::Yes, ..Field::new("street", "", FieldKind::String) },
        Field { required: Required::If { key: "source", is: "A" }, ..Field::new("city", "", FieldKind::String) },
        Field {
            required: Required::When {
                matching: Match::All,
                conditions: &[
                    condition("source", ConditionOperator::Is, Some("B")),
                    condition("source", ConditionOperator::IsNot, Some("C")),
                ],
            },
            ..Field::new("zip", "", FieldKind::String)
        },
    ];

    const CONDITIONAL: &[Field] = &[
        Field::new("source", "Source", FieldKind::String),
        Field { properties: KIND, ..Field::new("nested", "", FieldKind::Object) },
        Field { required: Required::If { key: "source", is: "A" }, ..Field::new("name", "Name", FieldKind::String) },
        Field {
            required: Required::When {
                matching: Match::All,
                conditions: &[condition("nested.kind", ConditionOperator::Is, Some("k"))],
            },
            ..Field::new("deep", "", FieldKind::String)
        },
        Field {
            required: Required::When {
                matching: Match::Any,
                conditions: &[
                    condition("source", ConditionOperator::Is, Some("X")),
                    condition("nested.kind", ConditionOperator::Is, Some("Y")),
                ],
            },
            ..Field::new("either", "", FieldKind::String)
        },
        Field {
            required: Required::When {
                matching: Match::All,
                conditions: &[
                    condition("source", ConditionOperator::IsNot, Some("A")),
                    condition("gone", ConditionOperator::Is, None),
                ],
            },
            ..Field::new("neither", "", FieldKind::String)
        },
        Field {
            required: Required::When {
                matching: Match::All,
                conditions: &[condition("either", ConditionOperator::IsNot, None)],
            },
            ..Field::new("with", "", FieldKind::String)
        },
        Field {
            required: Required::When {
                matching: Match::All,
                conditions: &[condition("flag", ConditionOperator::Is, None)],
            },
            ..Field::new("without", "", FieldKind::String)
        },
        Field::new("flag", "", FieldKind::Boolean),
        Field::new("gone", "", FieldKind::String),
        Field { properties: ADDRESS, ..Field::new("address", "Address", FieldKind::Object) },
    ];

    #[test]
    fn conditions_require_fields_by_the_values_of_others() {
        let at_root = |key: &str| format!("The root value is missing the required field '{key}'.");
        let city = "The value at /address is missing the required field 'city'.".to_owned();
        for (payload, missing) in [
            (json!({"flag": true}), vec![]),
            (json!({}), vec![at_root("without")]),
            (json!({"flag": false}), vec![at_root("without")]),
            (json!({"flag": true, "source": "A"}), vec![at_root("name"), at_root("address")]),
            (json!({"flag": true, "source": "A", "name": "n", "address": {}}), vec![city]),
            (json!({"flag": true, "source": "A", "name": "n", "address": {"city": "c"}}), vec![]),
            (json!({"flag": true, "source": "B", "neither": "n"}), vec![at_root("address.zip")]),
            (json!({"flag": true, "source": "Z"}), vec![at_root("neither")]),
            (json!({"flag": true, "source": "Z", "gone": "x"}), vec![]),
            (json!({"flag": true, "nested": {"kind": "k"}}), vec![at_root("deep")]),
            (json!({"flag": true, "nested": {"kind": "other"}}), vec![]),
            (json!({"flag": true, "nested": {}}), vec![]),
            (json!({"flag": true, "nested": {"kind": "Y"}}), vec![at_root("either")]),
            (json!({"flag": true, "either": "there"}), vec![at_root("with")]),
        ] {
            let found = run(CONDITIONAL, payload.clone()).err().unwrap_or_default();
            let then = " The root value must match \"then\" schema.";
            let expected: Vec<_> = missing.into_iter().map(|sentence| sentence + then).collect();
            assert_eq!(found, expected.join(" "), "{payload}");
        }
    }

    proptest! {
        #[test]
        fn any_payload_is_judged_the_same_twice_and_what_passed_once_passes_again(
            key in prop::sample::select(FIELDS.iter().map(|field| field.key).collect::<Vec<_>>()),
            text in ".{0,6}",
            number in any::<f64>(),
            choice in 0..8,
        ) {
            let value = match choice {
                0 => json!(text),
                1 => json!(number),
                2 => json!([text, number]),
                3 => json!([[number]]),
                4 => json!({"currency": text, "amount": number}),
                5 => json!(null),
                6 => json!({text: [null]}),
                _ => json!(true),
            };
            let payload = json!({"id": "x", key: value});
            let once = run(FIELDS, payload.clone());
            prop_assert_eq!(&once, &run(FIELDS, payload));
            if let Ok(passed) = once {
                prop_assert_eq!(run(FIELDS, passed.clone()), Ok(passed));
            }
        }
    }
}
