//! Values: truth, text, types.
use std::borrow::Cow;

use serde_json::Value;

use super::number;

/// A `TypeError` of the JavaScript engine: the reference reached into a value that is not there. It carries no status,
/// so the pipeline counts it as 500.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypeError(String);

impl TypeError {
    /// What the engine says when `key` is read from null or undefined.
    #[must_use]
    pub fn reading(key: &str, of: &'static str) -> Self {
        Self(format!("Cannot read properties of {of} (reading '{key}')"))
    }

    /// What the engine says when `key` is taken apart out of null and an empty object would stand in for undefined.
    #[must_use]
    pub fn destructuring(key: &str) -> Self {
        Self(format!("Cannot destructure property '{key}' of '{{}}' as it is null."))
    }

    /// What the engine says when the keys of null or undefined are asked for.
    #[must_use]
    pub fn no_object() -> Self {
        Self("Cannot convert undefined or null to object".to_owned())
    }
}

/// Whether `if (value)` takes its branch: not for null, false, 0 and empty text.
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number::double(number) != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// `String(value)`: arrays are joined with commas, null inside them is empty, objects are `[object Object]`.
#[must_use]
pub fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed("null"),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Owned(number::text(number::double(number))),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(items) => {
            let texts = items.iter().map(|item| if item.is_null() { Cow::Borrowed("") } else { text(item) });
            Cow::Owned(texts.collect::<Vec<_>>().join(","))
        }
        Value::Object(_) => Cow::Borrowed("[object Object]"),
    }
}

/// `value != ''` with its loose comparison: false for `''`, 0, false, `[]` and whatever else reads as nothing.
#[must_use]
pub fn differs_from_empty_text(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Number(_) => number::of(value) != 0.0,
        Value::Array(_) => !text(value).is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Null | Value::Object(_) => true,
    }
}

/// `typeof value`.
#[must_use]
pub fn type_of(value: Option<&Value>) -> &'static str {
    match value {
        Some(Value::Null | Value::Array(_) | Value::Object(_)) => "object",
        other => real_type_of(other),
    }
}

/// The type as the reference's messages name it: like `typeof`, but `array` and `null` by their own names.
#[must_use]
pub fn real_type_of(value: Option<&Value>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn truth_text_and_difference_from_nothing() {
        for (value, is_truthy, as_text, differs) in [
            (json!(null), false, "null", true),
            (json!(false), false, "false", false),
            (json!(true), true, "true", true),
            (json!(0), false, "0", false),
            (json!(-1.50), true, "-1.5", true),
            (json!(""), false, "", false),
            (json!("  "), true, "  ", true),
            (json!([]), true, "", false),
            (json!([null]), true, "", false),
            (json!([[], [null, 1, "a"], {}]), true, ",,1,a,[object Object]", true),
            (json!({}), true, "[object Object]", true),
        ] {
            assert_eq!(truthy(&value), is_truthy, "{value}");
            assert_eq!(text(&value), as_text, "{value}");
            assert_eq!(differs_from_empty_text(&value), differs, "{value}");
        }
    }

    #[test]
    fn null_and_arrays_have_names_of_their_own_only_in_messages() {
        assert_eq!(
            [type_of(Some(&json!(null))), type_of(Some(&json!([]))), type_of(None)],
            ["object", "object", "undefined"]
        );
        assert_eq!([real_type_of(Some(&json!(null))), real_type_of(Some(&json!([])))], ["null", "array"]);
    }
}
