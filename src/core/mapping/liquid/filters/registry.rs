//! Which filters there are, and how they get their arguments.
use serde_json::Value;

use super::{encode, list, markup, number, slug, text, time};
use crate::core::js;
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::evaluate::Context;
use crate::core::mapping::liquid::value::Val;

/// Filters that the reference turns off.
const DISABLED: [&str; 20] = [
    "array_to_sentence_string",
    "concat",
    "find",
    "find_exp",
    "find_index",
    "find_index_exp",
    "group_by",
    "group_by_exp",
    "has",
    "has_exp",
    "map",
    "newline_to_br",
    "reject",
    "reject_exp",
    "reverse",
    "sort",
    "sort_natural",
    "type",
    "uniq",
    "where_exp",
];

/// Arguments of a filter. A named one also takes a place, as a list of its name and its value.
#[derive(Debug, Default)]
pub(in crate::core::mapping::liquid) struct Arguments<'a> {
    places: Vec<Val<'a>>,
}

impl<'a> Arguments<'a> {
    pub(in crate::core::mapping::liquid) fn push(&mut self, value: Val<'a>) {
        self.places.push(value);
    }

    pub(in crate::core::mapping::liquid) fn push_named(&mut self, name: &str, value: Val<'a>) {
        self.places.push(Val::list(vec![name.into(), value.into_json()]));
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The argument at a place, undefined where there is none.
    pub(super) fn at(&self, place: usize) -> Val<'a> {
        self.places.get(place).cloned().unwrap_or(Val::Undefined)
    }

    pub(super) fn text(&self, place: usize) -> String {
        self.at(place).to_text().into_owned()
    }

    /// The argument as a number, or another one where it is undefined.
    pub(super) fn number_or(&self, place: usize, default: f64) -> f64 {
        match self.at(place) {
            Val::Undefined => default,
            value => value.to_number(),
        }
    }
}

/// Runs a filter; one that nobody knows gives its value back.
pub(in crate::core::mapping::liquid) fn apply<'a>(
    name: &str,
    value: Val<'a>,
    arguments: &Arguments<'a>,
    context: &mut Context<'_>,
) -> Result<Val<'a>, LiquidError> {
    if DISABLED.contains(&name) {
        return Err(LiquidError::new(format!("filter \"{name}\" is disabled")));
    }
    context.charge_text(&value.to_text())?;
    for place in 0..arguments.len() {
        context.charge_text(&arguments.at(place).to_text())?;
    }
    if matches!(name, "replace" | "join") {
        context.charge(growth(name, &value, arguments))?;
    }
    if let Some(result) = number::apply(name, &value, arguments) {
        return Ok(result);
    }
    if let Some(result) = text::apply(name, &value, arguments)
        .or_else(|| markup::apply(name, &value))
        .or_else(|| slug::apply(name, &value, arguments).map(Ok))
    {
        return result;
    }
    if let Some(result) = list::apply(name, &value, arguments) {
        return result;
    }
    if let Some(result) = encode::apply(name, &value, arguments).or_else(|| time::apply(name, &value, arguments)) {
        return result;
    }
    match name {
        "default" => default(value, arguments),
        _ => Ok(value),
    }
}

/// How many letters a filter may add that repeats its argument.
fn growth(name: &str, value: &Val<'_>, arguments: &Arguments<'_>) -> f64 {
    let (count, repeated) = match name {
        "join" => (value.as_array().map_or(0, Vec::len), arguments.text(0).len()),
        _ => (value.to_text().matches(arguments.text(0).as_str()).count(), arguments.text(1).len()),
    };
    js::number(&count.saturating_mul(repeated).into())
}

/// Another value for what is empty, false or not there.
fn default<'a>(value: Val<'a>, arguments: &Arguments<'a>) -> Result<Val<'a>, LiquidError> {
    let is_empty = match value.to_json().as_deref() {
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Bool(false)) => !allows_false(arguments)?,
        _ => !value.is_truthy(),
    };
    Ok(if is_empty { arguments.at(0) } else { value })
}

/// Whether `allow_false` is on. The reference makes a dictionary of all arguments but the first, and nothing but pairs
/// goes into one.
fn allows_false(arguments: &Arguments<'_>) -> Result<bool, LiquidError> {
    let mut is_allowed = false;
    for place in 1..arguments.len() {
        let entry = arguments.at(place);
        match entry.to_json().as_deref() {
            Some(Value::Array(pair)) if pair.first().is_some_and(|name| name == "allow_false") => {
                is_allowed = pair.get(1).is_some_and(js::truthy);
            }
            Some(Value::Array(_) | Value::Object(_)) => {}
            _ if matches!(entry, Val::Drop(_)) => {}
            _ => {
                let shown = entry.to_text();
                return Err(LiquidError::new(format!("Iterator value {shown} is not an entry object")));
            }
        }
    }
    Ok(is_allowed)
}
