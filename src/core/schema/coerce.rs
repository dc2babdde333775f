//! Types: whether a value has one of those asked for, and whether it can be turned into one.
use serde_json::Value;

use super::shape::JsonType;
use crate::core::js;

/// Turns a value into one of the types if it is not of one already. The first type that takes it wins.
///
/// # Errors
/// No type takes it. A list of one element has then become its element, which is what messages speak of.
pub(super) fn coerce(value: &mut Value, types: &[JsonType]) -> Result<(), ()> {
    if has_type(value, types) {
        return Ok(());
    }
    if types == [JsonType::Object] {
        return Err(());
    }
    if let Value::Array(items) = value
        && items.len() == 1
    {
        *value = items.remove(0);
        // Where several types are allowed the reference asks for all of them at once here, which nothing is.
        if types.len() == 1 && has_type(value, types) {
            return Ok(());
        }
    }
    *value = types.iter().find_map(|wanted| converted(value, *wanted)).ok_or(())?;
    Ok(())
}

fn has_type(value: &Value, types: &[JsonType]) -> bool {
    types.iter().any(|wanted| match wanted {
        JsonType::String => value.is_string(),
        JsonType::Number => value.is_number(),
        JsonType::Integer => value.is_number() && is_whole(js::number(value)),
        JsonType::Boolean => value.is_boolean(),
        JsonType::Object => value.is_object(),
        JsonType::Array => value.is_array(),
        JsonType::Null => value.is_null(),
    })
}

fn is_whole(number: f64) -> bool {
    number.is_finite() && number.fract() == 0.0
}

fn converted(value: &Value, wanted: JsonType) -> Option<Value> {
    let is_scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null);
    match (wanted, value) {
        (JsonType::String, Value::Number(_) | Value::Bool(_)) => Some(js::text(value).into()),
        (JsonType::String, Value::Null) => Some("".into()),
        (JsonType::Number | JsonType::Integer, Value::Bool(_) | Value::Null) => {
            Some(js::number_json(js::number(value)))
        }
        (JsonType::Number | JsonType::Integer, Value::String(text)) if !text.is_empty() => {
            let number = js::number_from_text(text);
            // The remainder of infinity is NaN, which the reference takes for no remainder.
            let fits = !number.is_nan() && (wanted == JsonType::Number || is_whole(number) || number.is_infinite());
            fits.then(|| js::number_json(number))
        }
        (JsonType::Boolean, Value::Null) => Some(false.into()),
        (JsonType::Boolean, Value::String(text)) => text.parse().ok().map(Value::Bool),
        (JsonType::Boolean, Value::Number(_)) => match js::number(value) {
            0.0 => Some(false.into()),
            1.0 => Some(true.into()),
            _ => None,
        },
        (JsonType::Null, Value::String(text)) if text.is_empty() => Some(Value::Null),
        (JsonType::Null, Value::Bool(false)) => Some(Value::Null),
        (JsonType::Null, Value::Number(_)) if js::number(value) == 0.0 => Some(Value::Null),
        (JsonType::Array, _) if is_scalar => Some(Value::Array(vec![value.clone()])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_become_what_is_asked_for_where_the_reference_lets_them() {
        use JsonType::{Array, Boolean, Integer, Null, Number, Object, String};
        for (types, value, expected) in [
            (&[String][..], json!(5), Some(json!("5"))),
            (&[String], json!(1.5e21), Some(json!("1.5e+21"))),
            (&[String], json!(true), Some(json!("true"))),
            (&[String], json!(null), Some(json!(""))),
            (&[String], json!(["x"]), Some(json!("x"))),
            (&[String], json!([7]), Some(json!("7"))),
            (&[String], json!([]), None),
            (&[String], json!(["a", "b"]), None),
            (&[String], json!({}), None),
            (&[Number], json!("5.5e2"), Some(json!(550))),
            (&[Number], json!(" 0x10 "), Some(json!(16))),
            (&[Number], json!("  "), Some(json!(0))),
            (&[Number], json!(""), None),
            (&[Number], json!("abc"), None),
            (&[Number], json!(true), Some(json!(1))),
            (&[Number], json!(null), Some(json!(0))),
            (&[Integer], json!("5.0"), Some(json!(5))),
            (&[Integer], json!(5.0), Some(json!(5.0))),
            (&[Integer], json!(5.5), None),
            (&[Integer], json!("5.5"), None),
            (&[Integer], json!("Infinity"), Some(json!(null))),
            (&[Boolean], json!("true"), Some(json!(true))),
            (&[Boolean], json!("1"), None),
            (&[Boolean], json!(0), Some(json!(false))),
            (&[Boolean], json!(1.0), Some(json!(true))),
            (&[Boolean], json!(2), None),
            (&[Boolean], json!(null), Some(json!(false))),
            (&[Object], json!([{}]), None),
            (&[Object, Null], json!([{}]), None),
            (&[String, Null], json!(["x"]), None),
            (&[String, Null], json!([5]), Some(json!("5"))),
            (&[Number, Null], json!([null]), Some(json!(0))),
            (&[Object, Null], json!(0), Some(json!(null))),
            (&[Number, Null], json!(""), Some(json!(null))),
            (&[String, Null], json!(false), Some(json!("false"))),
            (&[String, Number], json!(5), Some(json!(5))),
            (&[String, Number], json!(true), Some(json!("true"))),
            (&[Array], json!("x"), Some(json!(["x"]))),
            (&[Array], json!(null), Some(json!([null]))),
            (&[Array], json!({}), None),
        ] {
            let mut coerced = value.clone();
            let result = coerce(&mut coerced, types);
            assert_eq!(result.map(|()| coerced).ok(), expected, "{value} as {types:?}");
        }
    }
}
