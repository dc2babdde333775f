//! Takes typed fields out of JSON objects that people or other programs wrote, and says of a wrong one where it is,
//! what it is and what it must be. What nobody took is kept, at any depth, for writing it again.
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::core::batching::BatchKind;
use crate::core::http::FaultKind;
use crate::core::names::{
    ClockKind, Decision, DestinationName, DuplicateOutcome, Mode, Purpose, Refresh, RefreshHook, RuleSetName, Trigger,
};
use crate::core::pipeline::Ends;
use crate::core::schema::found_words;
use crate::core::time::Timestamp;

/// A field that is missing or holds something else than it must.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` {problem}")]
pub struct FieldError {
    /// Where it is: `responses[2].status`.
    pub field: String,
    /// What is wrong and what is allowed, to be read on from the field: `is missing; it must be text`.
    pub problem: String,
}

impl FieldError {
    /// A complaint about a field, by its key.
    pub(crate) fn new(key: &str, problem: impl Into<String>) -> Self {
        Self { field: key.to_owned(), problem: problem.into() }
    }

    /// The same, seen from the object that holds the field.
    pub(crate) fn within(mut self, parent: &str) -> Self {
        self.field = format!("{parent}.{}", self.field);
        self
    }
}

/// A JSON object whose fields are taken one by one.
#[derive(Debug)]
pub(crate) struct Fields {
    left: Map<String, Value>,
    unknown: Map<String, Value>,
    /// The keys that were asked for.
    #[cfg(test)]
    asked: Vec<String>,
}

impl Fields {
    pub(crate) fn new(object: Map<String, Value>) -> Self {
        Self {
            left: object,
            unknown: Map::new(),
            #[cfg(test)]
            asked: Vec::new(),
        }
    }

    /// The keys that were asked for so far, whether they were there or not.
    #[cfg(test)]
    pub(crate) fn asked(&self) -> &[String] {
        &self.asked
    }

    /// Whether there is such a field, null included.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.left.contains_key(key)
    }

    /// Whether there is such a field and it is not null.
    pub(crate) fn holds(&self, key: &str) -> bool {
        self.left.get(key).is_some_and(|value| !value.is_null())
    }

    /// A field that may be missing or null.
    pub(crate) fn optional<T: FromField>(&mut self, key: &str) -> Result<Option<T>, FieldError> {
        match self.pull(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::from_value(value).map(Some).map_err(|value| wrong::<T>(key, &value)),
        }
    }

    /// A field that must be there.
    pub(crate) fn required<T: FromField>(&mut self, key: &str) -> Result<T, FieldError> {
        self.optional(key)?.ok_or_else(|| FieldError::new(key, format!("is missing; it must be {}", T::must_be())))
    }

    /// A field as it stands, null where it is missing.
    pub(crate) fn take(&mut self, key: &str) -> Value {
        self.pull(key).unwrap_or_default()
    }

    fn pull(&mut self, key: &str) -> Option<Value> {
        #[cfg(test)]
        self.asked.push(key.to_owned());
        self.left.shift_remove(key)
    }

    /// An object that may be missing or null; `read` takes what it knows of it.
    pub(crate) fn object<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&mut Self) -> Result<T, FieldError>,
    ) -> Result<Option<T>, FieldError> {
        let Some(object) = self.optional::<Map<String, Value>>(key)? else { return Ok(None) };
        let mut inner = Self::new(object);
        let value = read(&mut inner).map_err(|error| error.within(key))?;
        let unknown = inner.into_unknown();
        if !unknown.is_empty() {
            self.unknown.insert(key.to_owned(), Value::Object(unknown));
        }
        Ok(Some(value))
    }

    /// A list of objects, empty where it is missing or null; `read` takes what it knows of each.
    pub(crate) fn objects<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&mut Self) -> Result<T, FieldError>,
    ) -> Result<Vec<T>, FieldError> {
        let list = self.optional::<Vec<Value>>(key)?.unwrap_or_default();
        let (mut values, mut unknown) = (Vec::with_capacity(list.len()), Vec::new());
        for (idx, element) in list.into_iter().enumerate() {
            let at = || format!("{key}[{idx}]");
            let object = Map::from_value(element).map_err(|element| wrong::<Map<_, _>>(&at(), &element))?;
            let mut inner = Self::new(object);
            values.push(read(&mut inner).map_err(|error| error.within(&at()))?);
            unknown.push(inner.into_unknown());
        }
        if unknown.iter().any(|unknown| !unknown.is_empty()) {
            self.unknown.insert(key.to_owned(), unknown.into_iter().map(Value::Object).collect());
        }
        Ok(values)
    }

    /// What nobody took: fields of this object, and below the keys of known objects what was unknown in them, with
    /// an empty object for each element of a known list that had nothing unknown.
    pub(crate) fn into_unknown(self) -> Map<String, Value> {
        let mut unknown = self.left;
        unknown.extend(self.unknown);
        unknown
    }
}

fn wrong<T: FromField>(key: &str, value: &Value) -> FieldError {
    FieldError::new(key, format!("is {}; it must be {}", found_words(value), T::must_be()))
}

/// What a field can hold.
pub(crate) trait FromField: Sized {
    /// Reads on from "it must be".
    fn must_be() -> String;

    /// The value, or what was there instead.
    fn from_value(value: Value) -> Result<Self, Value>;
}

impl FromField for String {
    fn must_be() -> String {
        "text".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(other),
        }
    }
}

impl FromField for Arc<str> {
    fn must_be() -> String {
        String::must_be()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        String::from_value(value).map(Self::from)
    }
}

impl FromField for bool {
    fn must_be() -> String {
        "true or false".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        value.as_bool().ok_or(value)
    }
}

impl FromField for f64 {
    fn must_be() -> String {
        "a number".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        value.as_f64().ok_or(value)
    }
}

impl FromField for Timestamp {
    fn must_be() -> String {
        "an RFC 3339 time such as \"2026-11-22T09:30:00.000Z\", between the years 1677 and 2262".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        value.as_str().and_then(|text| text.parse().ok()).ok_or(value)
    }
}

impl FromField for Map<String, Value> {
    fn must_be() -> String {
        "an object".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(map) => Ok(map),
            other => Err(other),
        }
    }
}

impl FromField for Vec<Value> {
    fn must_be() -> String {
        "a list".to_owned()
    }

    fn from_value(value: Value) -> Result<Self, Value> {
        match value {
            Value::Array(list) => Ok(list),
            other => Err(other),
        }
    }
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {
        $(impl FromField for $number {
            fn must_be() -> String {
                format!("a whole number from {} to {}", Self::MIN, Self::MAX)
            }

            fn from_value(value: Value) -> Result<Self, Value> {
                value.as_u64().and_then(|number| number.try_into().ok()).ok_or(value)
            }
        })+
    };
}

whole_numbers!(u8, u16, u32, u64);

macro_rules! names {
    ($($name:ty),+) => {
        $(impl FromField for $name {
            fn must_be() -> String {
                let names: Vec<&str> = Self::ALL.iter().map(|value| value.name()).collect();
                format!("one of {}", names.join(", "))
            }

            fn from_value(value: Value) -> Result<Self, Value> {
                value.as_str().and_then(Self::from_name).ok_or(value)
            }
        })+
    };
}

names!(
    BatchKind,
    ClockKind,
    Decision,
    DestinationName,
    DuplicateOutcome,
    Ends,
    FaultKind,
    Mode,
    Purpose,
    Refresh,
    RefreshHook,
    RuleSetName,
    Trigger
);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(json: Value) -> Fields {
        Fields::new(Map::from_value(json).unwrap())
    }

    #[test]
    fn a_wrong_field_says_where_it_is_what_it_is_and_what_it_must_be() {
        let mut plan = fields(json!({"mode": "bulk", "list": [{"a": 1}, {"a": -1}], "deep": {"at": "noon"}}));
        let said = |error: FieldError| error.to_string();
        assert_eq!(
            said(plan.required::<Mode>("mode").unwrap_err()),
            "`mode` is \"bulk\"; it must be one of single, batch"
        );
        assert_eq!(said(plan.required::<bool>("gone").unwrap_err()), "`gone` is missing; it must be true or false");
        assert_eq!(
            said(plan.objects("list", |element| element.required::<u16>("a")).unwrap_err()),
            "`list[1].a` is -1; it must be a whole number from 0 to 65535"
        );
        assert_eq!(
            said(plan.object("deep", |deep| deep.required::<Timestamp>("at")).unwrap_err()),
            "`deep.at` is \"noon\"; it must be an RFC 3339 time such as \"2026-11-22T09:30:00.000Z\", between the \
             years 1677 and 2262"
        );
    }

    #[test]
    fn what_nobody_took_is_kept_at_every_depth() {
        let mut record = fields(json!({
            "id": "a", "colour": "red", "inner": {"known": 1, "new": 2}, "list": [{"known": 1}, {"known": 1, "new": 3}],
        }));
        record.required::<String>("id").unwrap();
        record.object("inner", |inner| inner.required::<u8>("known")).unwrap();
        record.objects("list", |element| element.required::<u8>("known")).unwrap();
        let unknown = json!({"colour": "red", "inner": {"new": 2}, "list": [{}, {"new": 3}]});
        assert_eq!(Value::Object(record.into_unknown()), unknown);
    }

    #[test]
    fn long_text_is_cut_in_messages() {
        let mut plan = fields(json!({"mode": "ü".repeat(1000)}));
        assert!(plan.required::<Mode>("mode").unwrap_err().problem.chars().count() < 100);
    }
}
