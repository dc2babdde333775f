//! What a mapping or a part of it resolves to, while it may still hold `undefined`.
use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::core::js::Found;

/// A value on its way into a payload. Parts of the event are borrowed until they are kept.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Resolved<'a> {
    /// No value: the key that it stands under is left out in the end.
    Undefined,
    /// A value that holds nothing undefined.
    Json(Cow<'a, Value>),
    /// An object in the order of its keys; some may be undefined.
    Object(Vec<(Cow<'a, str>, Resolved<'a>)>),
    /// A list; undefined elements stay, and read as null.
    Array(Vec<Resolved<'a>>),
}

impl<'a> Resolved<'a> {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Json(Cow::Owned(Value::String(text.into())))
    }

    /// The value without anything undefined in it, `None` if it is undefined itself.
    pub(super) fn into_json(self) -> Found<'a> {
        match self {
            Self::Undefined => None,
            Self::Json(value) => Some(value),
            Self::Object(entries) => {
                let mut fields = Map::with_capacity(entries.len());
                for (key, entry) in entries {
                    if let Some(value) = entry.into_json() {
                        fields.insert(key.into_owned(), value.into_owned());
                    }
                }
                Some(Cow::Owned(Value::Object(fields)))
            }
            Self::Array(items) => {
                let items = items.into_iter().map(|item| item.into_json().map_or(Value::Null, Cow::into_owned));
                Some(Cow::Owned(Value::Array(items.collect())))
            }
        }
    }

    /// The same, borrowing nothing.
    pub(super) fn detach(self) -> Resolved<'static> {
        match self {
            Self::Undefined => Resolved::Undefined,
            Self::Json(value) => Resolved::Json(Cow::Owned(value.into_owned())),
            Self::Object(entries) => {
                let entries = entries.into_iter().map(|(key, entry)| (Cow::Owned(key.into_owned()), entry.detach()));
                Resolved::Object(entries.collect())
            }
            Self::Array(items) => Resolved::Array(items.into_iter().map(Resolved::detach).collect()),
        }
    }

    /// Whether it is undefined or null.
    pub(super) fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined) || matches!(self, Self::Json(value) if value.is_null())
    }
}

impl<'a> From<Found<'a>> for Resolved<'a> {
    fn from(found: Found<'a>) -> Self {
        found.map_or(Self::Undefined, Self::Json)
    }
}

impl From<Value> for Resolved<'_> {
    fn from(value: Value) -> Self {
        Self::Json(Cow::Owned(value))
    }
}
