//! The `simulator` value of a plan: what is said of the remotes, everything else as on a good day.
use serde_json::{Map, Value};

use super::described::Described as _;
use super::faults::{FaultRule, PartialFailure};
use super::fields::{LinkedinFields, PendoFields, ReceiverConfig, Top};
use super::millis::Millis;
use super::preset::Preset;
use crate::core::schema::{Field, Misfit};

/// What the simulator is told. [`Config::from_json`] reads it; the default is a good day.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How long every answer takes.
    pub(super) latency_ms: Millis,
    /// Faults of any operation, the first that fires counts.
    pub(super) faults: Vec<FaultRule>,
    /// The Pendo side.
    pub(super) pendo: PendoConfig,
    /// The LinkedIn side.
    pub(super) linkedin: LinkedinConfig,
    /// The receiver of everything else.
    pub(super) receiver: ReceiverConfig,
}

/// `simulator.pendo`.
#[derive(Clone, Debug, Default)]
pub(super) struct PendoConfig {
    pub(super) on: PendoFields,
    pub(super) operation_failures: Vec<PartialFailure>,
}

/// `simulator.linkedin`.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkedinConfig {
    pub(super) on: LinkedinFields,
    pub(super) element_failures: Vec<PartialFailure>,
}

/// What is wrong with a `simulator` value, and in which of its parts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; docs/simulator.md lists what can be set")]
pub struct ConfigError(Misfit);

/// Realistic for an API over the internet.
const DEFAULT_LATENCY: Millis = Millis { least: 60, most: 180 };

impl Config {
    /// The fields that the value has where it is an object, those of its parts among them.
    pub const FIELDS: &'static [Field] = Top::FIELD.properties;

    /// Reads the value of a plan: an object, `true` for all defaults, or the name of a preset.
    ///
    /// # Errors
    /// [`ConfigError`] for a field that does not exist or has a value of the wrong kind.
    pub fn from_json(value: &Value) -> Result<Self, ConfigError> {
        let written = match value {
            Value::Bool(true) => Value::Object(Map::new()),
            Value::String(preset) => serde_json::json!({ "preset": preset }),
            other => other.clone(),
        };
        let error = |misfit: Misfit| ConfigError(misfit.within("simulator"));
        if let Some(misfit) = structural_misfits(&written).into_iter().next() {
            return Err(error(misfit));
        }
        Self::read(written).map_err(error)
    }

    /// Everything that is wrong with an object; places are those inside of it.
    #[must_use]
    pub fn misfits(value: &Value) -> Vec<Misfit> {
        let misfits = structural_misfits(value);
        if misfits.is_empty() { Self::read(value.clone()).err().into_iter().collect() } else { misfits }
    }

    fn read(written: Value) -> Result<Self, Misfit> {
        let top =
            |value: Value| serde_json::from_value::<Top>(value).map_err(|error| Misfit::new("", error.to_string()));
        let preset = top(written.clone())?.preset;
        let mut config = preset.map_or_else(|| Value::Object(Map::new()), Preset::configuration);
        lay_over(&mut config, written);
        let Top { latency_ms, faults, pendo, linkedin, receiver, preset: _ } = top(config)?;
        let (mut pendo, mut linkedin) = (pendo.unwrap_or_default(), linkedin.unwrap_or_default());
        let operation_failures = std::mem::take(&mut pendo.operation_failures);
        let element_failures = std::mem::take(&mut linkedin.element_failures);
        Ok(Self {
            latency_ms: latency_ms.unwrap_or(DEFAULT_LATENCY),
            faults: each("faults", faults, FaultRule::from_fields)?,
            pendo: PendoConfig {
                operation_failures: each("pendo.operation_failures", operation_failures, PartialFailure::of_operation)?,
                on: pendo,
            },
            linkedin: LinkedinConfig {
                element_failures: each("linkedin.element_failures", element_failures, PartialFailure::of_element)?,
                on: linkedin,
            },
            receiver: receiver.unwrap_or_default(),
        })
    }
}

/// What is wrong by the declarations of the fields alone.
fn structural_misfits(written: &Value) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    Top::check(written, "", &mut misfits);
    misfits
}

/// Lays an object over another, object by object; anything else replaces what was there.
fn lay_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay_over(under.entry(key).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over,
    }
}

/// Makes something of each entry of a list; what is wrong with one is told with its place.
fn each<F, T>(place: &str, entries: Vec<F>, make: fn(F) -> Result<T, Misfit>) -> Result<Vec<T>, Misfit> {
    let all = entries
        .into_iter()
        .enumerate()
        .map(|(entry_idx, fields)| make(fields).map_err(|misfit| misfit.within(&format!("{place}[{entry_idx}]"))));
    all.collect()
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde::de::{Deserializer, Error as _, Visitor};
    use serde_json::json;

    use super::*;
    use crate::core::schema::FieldKind;
    use crate::sim::faults::{FaultFields, PartialFailureFields};
    use crate::sim::fields::{RateLimit, SegmentFields, TokenState};

    #[test]
    fn every_preset_and_every_short_form_can_be_read() {
        for preset in Preset::ALL {
            assert!(Config::from_json(&json!(preset.name())).is_ok(), "{}", preset.name());
        }
        for value in [json!(true), json!({}), json!({ "pendo": null, "latency_ms": [1, 2] })] {
            assert!(Config::from_json(&value).is_ok(), "{value}");
        }
    }

    #[test]
    fn fields_beside_a_preset_are_laid_over_it() {
        let value = json!({ "preset": "linkedin-token-propagation", "linkedin": { "propagation_ms": 1500 } });
        let config = Config::from_json(&value).unwrap();
        assert_eq!(config.linkedin.on.access_token, TokenState::Revoked);
        assert_eq!(config.linkedin.on.propagation_ms, Millis { least: 1_500, most: 1_500 });
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (value, words) in [
            (json!({ "pendoo": {} }), "`simulator.pendoo` means nothing there; perhaps `pendo` was meant"),
            (
                json!({ "pendo": { "busy": 1 } }),
                "`simulator.pendo.busy` means nothing there; there are integration_key,",
            ),
            (
                json!({ "linkedin": { "access_token": "old" } }),
                "`simulator.linkedin.access_token` is \"old\"; it must be one of valid, invalid,",
            ),
            (json!({ "latency_ms": [9, 1] }), "`simulator.latency_ms` is a list; it must be milliseconds, as a whole"),
            (
                json!({ "linkedin": { "rate_limit": { "requests": 1 } } }),
                "`simulator.linkedin.rate_limit` has no `per_ms`",
            ),
            (json!({ "faults": [{ "status": 500 }, { "chance": 0.5 }] }), "`simulator.faults[1]` has neither"),
            (
                json!({ "faults": [{ "status": 500, "chance": 2 }] }),
                "`simulator.faults[0].chance` is 2; it must be a number",
            ),
            (
                json!({ "faults": [{ "during_ms": [5, 5], "status": 500 }] }),
                "`simulator.faults[0].during_ms` is [5, 5], which is no time at all",
            ),
            (
                json!({ "faults": [{ "fault": "flood" }] }),
                "`simulator.faults[0].fault` is \"flood\"; it must be one of",
            ),
            (
                json!({ "faults": [{ "status": 500, "headers": { "a": 1 } }] }),
                "`simulator.faults[0].headers.a` is 1; it must be text",
            ),
            (json!("busy"), "`simulator.preset` is \"busy\"; it must be one of happy-path"),
            (json!(3), "`simulator` is 3; it must be an object"),
            (json!(false), "`simulator` is false; it must be an object"),
        ] {
            let error = Config::from_json(&value).unwrap_err().to_string();
            assert!(error.starts_with(words), "{error}");
        }
    }

    /// What serde asks a text for when it reads a struct.
    struct Keys;

    #[derive(Debug, PartialEq)]
    struct Asked(&'static [&'static str]);

    impl fmt::Display for Asked {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{:?}", self.0)
        }
    }

    impl std::error::Error for Asked {}

    impl serde::de::Error for Asked {
        fn custom<T: fmt::Display>(_message: T) -> Self {
            Self(&[])
        }
    }

    impl<'de> Deserializer<'de> for Keys {
        type Error = Asked;

        fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Asked> {
            Err(Asked::custom("no struct"))
        }

        fn deserialize_struct<V: Visitor<'de>>(
            self,
            _name: &'static str,
            fields: &'static [&'static str],
            _visitor: V,
        ) -> Result<V::Value, Asked> {
            Err(Asked(fields))
        }

        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }

    fn asked<'de, T: Deserialize<'de>>() -> Vec<&'static str> {
        T::deserialize(Keys).err().map(|Asked(keys)| keys.to_vec()).unwrap_or_default()
    }

    fn find(path: &[&str]) -> &'static [Field] {
        path.iter().fold(Config::FIELDS, |fields, key| {
            fields.iter().find(|field| field.key == *key).unwrap_or_else(|| panic!("no hint for {path:?}")).properties
        })
    }

    #[test]
    fn every_field_that_is_read_has_a_hint_and_every_hint_is_read() {
        for (path, asked) in [
            (&[][..], asked::<Top>()),
            (&["pendo"], asked::<PendoFields>()),
            (&["linkedin"], asked::<LinkedinFields>()),
            (&["receiver"], asked::<ReceiverConfig>()),
            (&["faults"], asked::<FaultFields>()),
            (&["pendo", "operation_failures"], asked::<PartialFailureFields>()),
            (&["linkedin", "element_failures"], asked::<PartialFailureFields>()),
            (&["linkedin", "rate_limit"], asked::<RateLimit>()),
            (&["linkedin", "segments"], asked::<SegmentFields>()),
        ] {
            let hinted: Vec<&str> = find(path).iter().map(|field| field.key).collect();
            assert!(!asked.is_empty(), "{path:?}");
            assert_eq!(hinted, asked, "{path:?}");
        }
    }

    fn all(fields: &'static [Field]) -> Vec<&'static Field> {
        fields.iter().flat_map(|field| [field].into_iter().chain(all(field.properties))).collect()
    }

    #[test]
    fn every_field_says_what_it_is_for_and_stands_in_the_documentation() {
        let page = include_str!("../../docs/simulator.md");
        for field in all(Config::FIELDS) {
            assert!(field.description.ends_with(['.', ']']), "{}: {}", field.key, field.description);
            assert!(page.contains(field.key), "docs/simulator.md does not name `{}`", field.key);
            assert!(field.choices.iter().all(|choice| page.contains(choice)), "{}", field.key);
        }
        assert!(all(Config::FIELDS).len() > 40);
    }

    proptest! {
        /// What editors mark and what a run refuses are the same.
        #[test]
        fn what_is_marked_is_refused_and_nothing_else(
            field_idx in any::<prop::sample::Index>(),
            value in prop::sample::select(vec![
                json!(null), json!(1), json!(-1), json!("x"), json!(true), json!([]), json!([1, 2]), json!({}),
                json!([{}]), json!({"x": 1}), json!(0.5), json!([{"status": 500}]), json!("valid"),
            ]),
        ) {
            let sections: Vec<(&str, &Field)> = Config::FIELDS
                .iter()
                .flat_map(|section| {
                    let is_section = section.kind == FieldKind::Object && !section.multiple;
                    let inner = if is_section { section.properties } else { &[] };
                    [("", section)].into_iter().chain(inner.iter().map(|field| (section.key, field)))
                })
                .collect();
            let (section, field) = sections[field_idx.index(sections.len())];
            let mut config = json!({field.key: value});
            if !section.is_empty() {
                config = json!({section: config});
            }
            prop_assert_eq!(Config::misfits(&config).is_empty(), Config::from_json(&config).is_ok(), "{}", config);
        }
    }
}
