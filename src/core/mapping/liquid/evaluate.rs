//! What expressions come to.
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;

use super::error::LiquidError;
use super::expression::{Argument, Chain, Operand, Operator, Piece};
use super::filters::{self, Arguments};
use super::value::{Drop, Val};
use crate::core::js;

/// What a template is rendered with.
pub(super) struct Context<'a> {
    event: Option<&'a Value>,
    /// What `assign` and `capture` set; it hides the event's own keys.
    pub(super) variables: HashMap<String, Val<'a>>,
    /// What `increment` and `decrement` count.
    pub(super) counters: HashMap<String, f64>,
    /// Whose turn it is in the groups of `cycle`.
    pub(super) turns: HashMap<String, usize>,
    /// How many `block` tags are around, each of which brings a variable of its own.
    pub(super) n_open_blocks: usize,
    /// Whether `break` or `continue` was met: nothing is rendered any more.
    pub(super) is_stopped: bool,
    memory_used: f64,
}

/// How much memory a template may ask for, about, in letters.
const MEMORY: f64 = 1e8;

impl<'a> Context<'a> {
    pub(super) fn new(event: Option<&'a Value>) -> Self {
        Self {
            event,
            variables: HashMap::new(),
            counters: HashMap::new(),
            turns: HashMap::new(),
            n_open_blocks: 0,
            is_stopped: false,
            memory_used: 0.0,
        }
    }

    /// Counts memory before it is used.
    pub(super) fn charge(&mut self, letters: f64) -> Result<(), LiquidError> {
        if letters > 0.0 {
            self.memory_used += letters;
        }
        if self.memory_used > MEMORY { Err(LiquidError::new("memory alloc limit exceeded")) } else { Ok(()) }
    }

    /// Counts the memory of a text.
    pub(super) fn charge_text(&mut self, text: &str) -> Result<(), LiquidError> {
        self.charge(js::number(&text.len().into()))
    }

    /// An expression with its filters applied.
    pub(super) fn chain(&mut self, chain: &Chain) -> Result<Val<'a>, LiquidError> {
        let mut value = self.expression(&chain.expression)?;
        for filter in &chain.filters {
            let mut arguments = Arguments::default();
            for argument in &filter.arguments {
                match argument {
                    Argument::Plain(operand) => arguments.push(self.operand(operand)?),
                    Argument::Named(name, operand) => {
                        let value = operand.as_ref().map_or(Ok(Val::Undefined), |operand| self.operand(operand))?;
                        arguments.push_named(name, value);
                    }
                }
            }
            value = filters::apply(&filter.name, value, &arguments, self)?;
        }
        Ok(value)
    }

    /// Operands that no operator ties together are dropped, but for the first.
    fn expression(&mut self, pieces: &[Piece]) -> Result<Val<'a>, LiquidError> {
        let mut stack: Vec<Val<'a>> = Vec::new();
        for piece in pieces {
            let value = match piece {
                Piece::Operand(operand) => self.operand(operand)?,
                Piece::Operator(operator) => {
                    let right = stack.pop().unwrap_or(Val::Undefined);
                    let holds = if *operator == Operator::Not {
                        !right.is_truthy()
                    } else {
                        compare(*operator, &stack.pop().unwrap_or(Val::Undefined), &right)
                    };
                    Val::from_json(holds.into())
                }
            };
            stack.push(value);
        }
        Ok(stack.into_iter().next().unwrap_or(Val::Undefined))
    }

    pub(super) fn operand(&mut self, operand: &Operand) -> Result<Val<'a>, LiquidError> {
        match operand {
            Operand::Constant(value) => Ok(value.clone()),
            Operand::Range(low, high) => {
                let low = self.operand(low)?.to_number();
                let high = self.operand(high)?.to_number();
                self.charge(high - low + 1.0)?;
                let numbers = std::iter::successors(Some(low), |number| Some(number + 1.0));
                let numbers = numbers.take_while(|number| *number < high + 1.0).map(js::number_json);
                Ok(Val::list(numbers.collect()))
            }
            Operand::Access { base, keys } => {
                let mut keys = keys.iter();
                let mut value = if let Some(base) = base {
                    self.operand(base)?
                } else {
                    let first = keys.next().map_or(Ok(Val::Undefined), |key| self.operand(key))?;
                    self.variable(&first)
                };
                for key in keys {
                    let key = self.operand(key)?;
                    value = property(value, &key);
                }
                Ok(value)
            }
        }
    }

    /// A variable of the template, a counter, or a key of the event.
    pub(super) fn variable(&self, key: &Val<'_>) -> Val<'a> {
        let name = property_name(key);
        if self.n_open_blocks > 0 && name == "block" {
            // A layout would give it more, but the reference turns layouts off.
            return Val::from_json(Value::Object(serde_json::Map::new()));
        }
        if let Some(value) = self.variables.get(name.as_ref()) {
            return value.clone();
        }
        if let Some(count) = self.counters.get(name.as_ref()) {
            return Val::Number(*count);
        }
        let found = self.event.and_then(|event| js::member(event, &name));
        // What nobody knows is looked up in an empty object, whose size is 0.
        let unknown = || if name == "size" { Val::Number(0.0) } else { Val::Undefined };
        found.map_or_else(unknown, Val::from_cow)
    }

    /// A number that the event holds under a key.
    pub(super) fn event_number(&self, key: &str) -> Option<f64> {
        self.event?.get(key)?.as_f64()
    }
}

fn property_name<'k>(key: &'k Val<'_>) -> Cow<'k, str> {
    match key {
        Val::Undefined => Cow::Borrowed("undefined"),
        Val::Drop(Drop::Nil) => Cow::Borrowed("null"),
        Val::Drop(Drop::Empty | Drop::Blank) => Cow::Borrowed(""),
        Val::Number(number) => Cow::Owned(js::number_text(*number)),
        Val::Json(value) => js::text(value),
    }
}

/// A property of a value: a field, an element (from the end if negative), or `size`, `first` and `last`.
pub(super) fn property<'a>(value: Val<'a>, key: &Val<'_>) -> Val<'a> {
    let value = match value {
        Val::Json(value) => value,
        Val::Drop(Drop::Nil) => return Val::from_json(Value::Null),
        Val::Undefined | Val::Drop(_) | Val::Number(_) => return Val::Undefined,
    };
    if value.is_null() {
        return Val::Json(value);
    }
    let count = value.as_array().map(Vec::len);
    let element = |index: f64| {
        let from_start = if index < 0.0 { js::number(&count.into()) + index } else { index };
        js::number_text(from_start)
    };
    let name = property_name(key);
    let found = match (key, count) {
        (Val::Number(index), Some(_)) => return read(value, &element(*index)).unwrap_or(Val::Undefined),
        _ => read(value.clone(), &name),
    };
    match (name.as_ref(), count) {
        (_, _) if found.is_some() => found,
        ("first", Some(_)) => read(value, "0"),
        ("last", Some(_)) => read(value, &element(-1.0)),
        ("size", Some(count)) => Some(Val::from_json(count.into())),
        ("size", None) => match value.as_ref() {
            Value::String(text) => Some(Val::from_json(js::utf16_len(text).into())),
            Value::Object(fields) => Some(Val::from_json(fields.len().into())),
            _ => None,
        },
        _ => None,
    }
    .unwrap_or(Val::Undefined)
}

fn read<'a>(value: Cow<'a, Value>, key: &str) -> Option<Val<'a>> {
    match value {
        Cow::Borrowed(value) => js::member(value, key).map(Val::from_cow),
        Cow::Owned(value) => js::member(&value, key).map(|found| Val::from_json(found.into_owned())),
    }
}

fn compare(operator: Operator, left: &Val<'_>, right: &Val<'_>) -> bool {
    let is_ordered = |wanted: &[Ordering]| order(left, right).is_some_and(|order| wanted.contains(&order));
    match operator {
        Operator::Equal => equals(left, right),
        Operator::NotEqual => !equals(left, right),
        Operator::Greater => is_ordered(&[Ordering::Greater]),
        Operator::Less => is_ordered(&[Ordering::Less]),
        Operator::GreaterOrEqual => is_ordered(&[Ordering::Greater, Ordering::Equal]),
        Operator::LessOrEqual => is_ordered(&[Ordering::Less, Ordering::Equal]),
        Operator::Contains => contains(left, right),
        Operator::Not => !right.is_truthy(),
        Operator::And => left.is_truthy() && right.is_truthy(),
        Operator::Or => left.is_truthy() || right.is_truthy(),
    }
}

/// Lists are equal element by element, objects only to themselves.
pub(super) fn equals(left: &Val<'_>, right: &Val<'_>) -> bool {
    match (left, right) {
        (Val::Drop(drop), other) | (other, Val::Drop(drop)) => matches_drop(*drop, other),
        (Val::Undefined, Val::Undefined) => true,
        (Val::Number(left), Val::Number(right)) => left.partial_cmp(right) == Some(Ordering::Equal),
        (Val::Json(left), Val::Json(right)) => match (left.as_ref(), right.as_ref()) {
            (Value::Array(left), Value::Array(right)) => {
                let element = |value| Val::from_cow(Cow::Borrowed(value));
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| equals(&element(left), &element(right)))
            }
            (left @ Value::Object(_), right @ Value::Object(_)) => std::ptr::eq(left, right),
            (left, right) => left == right,
        },
        _ => false,
    }
}

fn matches_drop(drop: Drop, other: &Val<'_>) -> bool {
    let is_empty = |other: &Val<'_>| match other {
        Val::Json(value) => match value.as_ref() {
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        },
        _ => false,
    };
    match drop {
        Drop::Nil => other.is_nil(),
        Drop::Empty => is_empty(other),
        Drop::Blank => {
            let is_false = matches!(other, Val::Json(value) if **value == Value::Bool(false));
            let is_blank = other.as_str().is_some_and(|text| text.chars().all(js::is_blank));
            is_false || is_blank || other.is_nil() || is_empty(other)
        }
    }
}

/// Texts by their UTF-16 units, everything else as numbers. Words have no order.
fn order(left: &Val<'_>, right: &Val<'_>) -> Option<Ordering> {
    let primitive = |value: &Val<'_>| match value {
        Val::Json(json) if json.is_array() || json.is_object() => Val::text(js::text(json).into_owned()),
        other => other.clone().detach(),
    };
    if matches!(left, Val::Drop(_)) || matches!(right, Val::Drop(_)) {
        return None;
    }
    let (left, right) = (primitive(left), primitive(right));
    match (left.as_str(), right.as_str()) {
        (Some(left), Some(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
        _ => left.to_number().partial_cmp(&right.to_number()),
    }
}

fn contains(left: &Val<'_>, right: &Val<'_>) -> bool {
    if let Some(items) = left.as_array() {
        return items.iter().any(|item| equals(&Val::from_cow(Cow::Borrowed(item)), right));
    }
    let text = match left {
        Val::Drop(Drop::Empty | Drop::Blank) => "",
        other => match other.as_str() {
            Some(text) => text,
            None => return false,
        },
    };
    text.contains(property_name(right).as_ref())
}
