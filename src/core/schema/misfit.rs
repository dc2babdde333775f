//! What the reader of a JSON text cannot take, and where in it: what editors mark and command lines name.
use std::fmt;

use serde_json::Value;

use super::field::Field;
use crate::core::spelling::nearest;

/// A value, or the key of one, that its reader cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where it is, as `faults[1].status`; empty for the whole.
    pub place: String,
    /// Which part of that member is wrong.
    pub part: MisfitPart,
    /// What is wrong and what is allowed, to be read on from the place: `is 7; it must be text`.
    pub problem: String,
}

/// Which part of a member is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisfitPart {
    /// Its key: nobody reads it.
    Key,
    /// What stands there.
    Value,
}

impl Misfit {
    /// A complaint about what stands at a place.
    #[must_use]
    pub fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { place: place.into(), part: MisfitPart::Value, problem: problem.into() }
    }

    /// What stands at a place is something else than it must be.
    #[must_use]
    pub fn wrong(place: impl Into<String>, value: &Value, must_be: &str) -> Self {
        Self::new(place, format!("is {}; it must be {must_be}", found_words(value)))
    }

    /// A key that nobody reads.
    #[must_use]
    pub fn unknown(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { part: MisfitPart::Key, ..Self::new(place, problem) }
    }

    /// A key of an object that has none of that name, with the one that was probably meant.
    #[must_use]
    pub fn of_stranger(key: &str, fields: &[Field]) -> Self {
        let keys = || fields.iter().map(|field| field.key);
        let problem = match nearest(key, keys()) {
            Some(meant) => format!("means nothing there; perhaps `{meant}` was meant"),
            None => format!("means nothing there; there are {}", keys().collect::<Vec<_>>().join(", ")),
        };
        Self::unknown(key, problem)
    }

    /// The same, seen from what holds it.
    #[must_use]
    pub fn within(mut self, parent: &str) -> Self {
        self.place = member_place(parent, &self.place);
        self
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "it {}", self.problem)
        } else {
            write!(f, "`{}` {}", self.place, self.problem)
        }
    }
}

/// The place of a member of what stands at `parent`.
#[must_use]
pub fn member_place(parent: &str, key: &str) -> String {
    match (parent, key) {
        ("", key) => key.to_owned(),
        (parent, "") => parent.to_owned(),
        (parent, key) if key.starts_with('[') => format!("{parent}{key}"),
        (parent, key) => format!("{parent}.{key}"),
    }
}

/// What a value is, short enough for a sentence whatever it holds.
#[must_use]
pub fn found_words(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::Null => "null".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("\"{}…\"", &text[..end]),
            None => format!("\"{text}\""),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_the_outside_in() {
        for (parent, place, whole) in
            [("", "a", "a"), ("a", "b", "a.b"), ("a", "[2].b", "a[2].b"), ("a", "", "a"), ("", "", "")]
        {
            assert_eq!(Misfit::new(place, "").within(parent).place, whole);
        }
    }
}
