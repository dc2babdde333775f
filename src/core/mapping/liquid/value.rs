//! Values that templates compute with.
use std::borrow::Cow;

use serde_json::Value;

use crate::core::js;

/// A value: of the event, of the template, or computed.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val<'a> {
    /// Nothing.
    Undefined,
    /// A number, perhaps none that JSON has.
    Number(f64),
    /// Any other value.
    Json(Cow<'a, Value>),
    /// One of the words that compare in their own way.
    Drop(Drop),
}

/// Words that compare in their own way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drop {
    /// `nil` or `null`: equal to whatever is not there.
    Nil,
    /// `empty`: equal to texts, lists and objects with nothing in them.
    Empty,
    /// `blank`: equal to that, to false, to what is not there and to blank text.
    Blank,
}

impl<'a> Val<'a> {
    pub(super) fn from_json(value: Value) -> Self {
        Self::from_cow(Cow::Owned(value))
    }

    pub(super) fn from_cow(value: Cow<'a, Value>) -> Self {
        if value.is_number() { Self::Number(js::number(&value)) } else { Self::Json(value) }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Json(Cow::Owned(Value::String(text.into())))
    }

    pub(super) fn list(items: Vec<Value>) -> Self {
        Self::Json(Cow::Owned(Value::Array(items)))
    }

    /// As JSON, `None` for undefined. Words are what they stand for.
    pub(super) fn to_json(&self) -> Option<Cow<'_, Value>> {
        match self {
            Self::Undefined => None,
            Self::Number(number) => Some(Cow::Owned(js::number_json(*number))),
            Self::Json(value) => Some(Cow::Borrowed(value)),
            Self::Drop(Drop::Nil) => Some(Cow::Owned(Value::Null)),
            Self::Drop(Drop::Empty | Drop::Blank) => Some(Cow::Owned(Value::String(String::new()))),
        }
    }

    pub(super) fn into_json(self) -> Value {
        match self {
            Self::Json(value) => value.into_owned(),
            other => other.to_json().map_or(Value::Null, Cow::into_owned),
        }
    }

    pub(super) fn as_array(&self) -> Option<&Vec<Value>> {
        if let Self::Json(value) = self { value.as_array() } else { None }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Json(value) = self { value.as_str() } else { None }
    }

    pub(super) fn is_nil(&self) -> bool {
        matches!(self, Self::Undefined | Self::Drop(Drop::Nil)) || matches!(self, Self::Json(value) if value.is_null())
    }

    /// Whether a condition holds: only false and what is not there make it fail.
    pub(super) fn is_truthy(&self) -> bool {
        !self.is_nil() && !matches!(self, Self::Json(value) if **value == Value::Bool(false))
    }

    /// As it is written out: nothing for what is not there, lists without separators.
    pub(super) fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Number(number) => Cow::Owned(js::number_text(*number)),
            Self::Json(value) => written(value),
            Self::Undefined | Self::Drop(_) => Cow::Borrowed(""),
        }
    }

    /// `+value`: NaN for what is no number.
    pub(super) fn to_number(&self) -> f64 {
        match self {
            Self::Undefined => f64::NAN,
            Self::Number(number) => *number,
            Self::Json(value) => js::number(value),
            Self::Drop(_) => 0.0,
        }
    }

    /// Borrowing nothing.
    pub(super) fn detach(self) -> Val<'static> {
        match self {
            Self::Undefined => Val::Undefined,
            Self::Number(number) => Val::Number(number),
            Self::Json(value) => Val::Json(Cow::Owned(value.into_owned())),
            Self::Drop(drop) => Val::Drop(drop),
        }
    }
}

/// A value as templates write it.
pub(super) fn written(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::Array(items) => Cow::Owned(items.iter().map(written).collect()),
        other => js::text(other),
    }
}
