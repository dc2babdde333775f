//! Filters on lists. Another value counts as a list of one, nothing as an empty list.
use std::borrow::Cow;

use serde_json::Value;

use super::Arguments;
use crate::core::js;
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::evaluate::{Context, equals, property};
use crate::core::mapping::liquid::scanner::Scanner;
use crate::core::mapping::liquid::value::Val;

pub(super) fn apply<'a>(
    name: &str,
    value: &Val<'a>,
    arguments: &Arguments<'a>,
) -> Option<Result<Val<'a>, LiquidError>> {
    let items = || items_of(value);
    Some(Ok(match name {
        "join" => {
            let separator = if arguments.at(0).is_nil() { " ".to_owned() } else { arguments.text(0) };
            let texts =
                items().into_iter().map(|item| if item.is_null() { String::new() } else { js::text(&item).into() });
            Val::text(texts.collect::<Vec<_>>().join(&separator))
        }
        "first" => end_of(value, 0.0),
        "last" => end_of(value, -1.0),
        "size" => match value {
            Val::Json(json) => match js::member(json, "length") {
                Some(length) if js::truthy(&length) => Val::from_json(length.into_owned()),
                _ => Val::Number(0.0),
            },
            _ => Val::Number(0.0),
        },
        "compact" => Val::list(items().into_iter().filter(|item| !item.is_null()).collect()),
        "push" => {
            let mut items = items();
            items.push(item_of(arguments.at(0)));
            Val::list(items)
        }
        "unshift" => {
            let mut items = items();
            items.insert(0, item_of(arguments.at(0)));
            Val::list(items)
        }
        "pop" => {
            let mut items = items();
            items.pop();
            Val::list(items)
        }
        "shift" => Val::list(items().into_iter().skip(1).collect()),
        "sum" => sum(&items(), &arguments.at(0)),
        "slice" => slice(value, arguments),
        "sample" => sample(value, arguments),
        "where" => return Some(with_property(items(), arguments)),
        _ => return None,
    }))
}

/// A value as an element of a list. JSON has no NaN and no infinity, so they stand there as text, which reads the same.
fn item_of(value: Val<'_>) -> Value {
    match value {
        Val::Number(number) if !number.is_finite() => js::number_text(number).into(),
        other => other.into_json(),
    }
}

fn items_of(value: &Val<'_>) -> Vec<Value> {
    if matches!(value, Val::Number(_)) {
        return vec![item_of(value.clone())];
    }
    match value.to_json().map(Cow::into_owned) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items,
        Some(other) => vec![other],
    }
}

/// The first or last element of a list, or letter of a text; empty text for anything else.
fn end_of<'a>(value: &Val<'a>, index: f64) -> Val<'a> {
    if value.as_array().is_some() {
        return property(value.clone(), &Val::Number(index));
    }
    let units: Vec<u16> = value.as_str().unwrap_or_default().encode_utf16().collect();
    let unit = if index < 0.0 { units.last() } else { units.first() };
    Val::text(unit.map(|unit| String::from_utf16_lossy(&[*unit])).unwrap_or_default())
}

fn sum<'a>(items: &[Value], path: &Val<'_>) -> Val<'a> {
    let is_given = matches!(path, Val::Drop(_)) || path.to_json().is_some_and(|json| js::truthy(&json));
    let path = is_given.then(|| path.to_text());
    let number = |item: &Value| {
        let item = Val::from_json(item.clone());
        let found = match &path {
            Some(path) => path.split('.').fold(item, |item, key| property(item, &Val::text(key))),
            None => item,
        };
        Some(found.to_number()).filter(|number| !number.is_nan())
    };
    Val::Number(items.iter().filter_map(number).sum())
}

/// Elements of a list or letters of a text, from a place on, counted from the end if negative.
fn slice<'a>(value: &Val<'a>, arguments: &Arguments<'_>) -> Val<'a> {
    if value.is_nil() {
        return Val::list(Vec::new());
    }
    let text = value.to_text();
    let n_parts = value.as_array().map_or_else(|| text.chars().count(), Vec::len);
    let n_parts = js::number(&n_parts.into());
    let begin = arguments.number_or(0, f64::NAN);
    let begin = if begin < 0.0 { n_parts + begin } else { begin };
    let length = arguments.number_or(1, 1.0);
    // Without a beginning a text is taken from its start, of a list nothing.
    let is_empty = begin < 0.0 || length < 0.0 || (begin.is_nan() && value.as_array().is_some());
    let begin = if begin.is_nan() { 0.0 } else { begin };
    let is_in = |place: u32| !is_empty && f64::from(place) >= begin && f64::from(place) < begin + length;
    if let Some(items) = value.as_array() {
        let kept = items.iter().zip(0..).filter(|(_, place)| is_in(*place));
        return Val::list(kept.map(|(item, _)| item.clone()).collect());
    }
    let kept = text.chars().zip(0..).filter(|(_, place)| is_in(*place));
    Val::text(kept.map(|(letter, _)| letter).collect::<String>())
}

/// Elements of a list or letters of a text that dice choose: here always the first ones, because the same event has to
/// give the same request again.
fn sample<'a>(value: &Val<'a>, arguments: &Arguments<'_>) -> Val<'a> {
    if value.is_nil() {
        return Val::list(Vec::new());
    }
    let items = match value.as_array() {
        Some(items) => items.clone(),
        None => value.to_text().chars().map(|letter| Value::String(letter.into())).collect(),
    };
    let count = arguments.number_or(0, 1.0);
    if js::number_text(count) == "1" {
        return items.into_iter().next().map_or(Val::Undefined, Val::from_json);
    }
    let from_end = if count < 0.0 { js::number(&items.len().into()) + count } else { count };
    let kept = items.into_iter().zip(0..).take_while(|(_, place)| f64::from(*place) + 1.0 <= from_end);
    Val::list(kept.map(|(item, _)| item).collect())
}

/// Elements of which a property has a value, or is there at all.
fn with_property<'a>(items: Vec<Value>, arguments: &Arguments<'_>) -> Result<Val<'a>, LiquidError> {
    let path: Vec<char> = arguments.text(0).chars().collect();
    let expected = arguments.at(1);
    let mut scanner = Scanner::new(&path, 0, path.len());
    scanner.skip_blanks();
    let keys = scanner.properties(true)?;
    let mut kept = Vec::new();
    for item in items {
        let is_wanted = {
            let mut context = Context::new(Some(&item));
            let mut found = Val::Undefined;
            for (place, key) in keys.iter().enumerate() {
                let key = context.operand(key)?;
                found = if place == 0 { context.variable(&key) } else { property(found, &key) };
            }
            if matches!(expected, Val::Undefined) { found.is_truthy() } else { equals(&found, &expected) }
        };
        if is_wanted {
            kept.push(item);
        }
    }
    Ok(Val::list(kept))
}
