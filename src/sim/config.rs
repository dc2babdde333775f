//! The `simulator` value of a plan: what is said of the remotes, everything else as on a good day.
use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::{DeserializeOwned, Error as _, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::faults::{FaultRule, PartialFailure};
use super::preset::Preset;
use crate::net::dice::Dice;

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

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PendoFields {
    /// The only key that is accepted; any key if absent.
    pub(super) integration_key: Option<String>,
    /// The only segments that exist besides those made during the run; any if absent.
    pub(super) segments: Option<Vec<String>>,
    /// How many writes to a segment, the first ones, meet "Operation in progress".
    pub(super) busy_first_writes: u32,
    /// For how long after the first write to a segment writes meet "Operation in progress".
    pub(super) busy_ms: u64,
    /// How long an accepted write goes on, and keeps others out.
    pub(super) write_ms: u64,
    operation_failures: Vec<Value>,
}

/// `simulator.linkedin`.
#[derive(Clone, Debug, Default)]
pub(super) struct LinkedinConfig {
    pub(super) on: LinkedinFields,
    pub(super) element_failures: Vec<PartialFailure>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LinkedinFields {
    /// How the plan's own token stands.
    pub(super) access_token: TokenState,
    /// How long it takes until a token that was just issued is known everywhere.
    pub(super) propagation_ms: Millis,
    /// How long a token lives; for ever if absent. The plan's own counts from the first request.
    pub(super) token_lifetime_ms: Option<u64>,
    /// What the token endpoint answers.
    pub(super) refresh: RefreshAnswer,
    /// How many nodes answer, each of which learns of a new token by itself; one if absent.
    pub(super) nodes: Option<NonZeroU32>,
    /// After how long from the first request the owner takes the consent back; never if absent.
    pub(super) consent_ms: Option<u64>,
    /// Whether a refresh ends the life of the access tokens before it.
    pub(super) refresh_revokes: bool,
    /// Whether a refresh brings a new refresh token, and ends the life of the one that it was asked with.
    pub(super) rotate_refresh_token: bool,
    /// How many requests there may be.
    pub(super) rate_limit: Option<RateLimit>,
    /// Segments that exist before the run.
    pub(super) segments: Vec<SegmentFields>,
    /// What happens to a second segment for the same key.
    pub(super) second_create: SecondCreate,
    /// Which headers name a new segment.
    pub(super) id_headers: Option<Vec<IdHeader>>,
    /// Role of the token's owner in the ad account.
    pub(super) role: Option<String>,
    element_failures: Vec<Value>,
}

/// How the token that the plan brought stands with LinkedIn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TokenState {
    #[default]
    Valid,
    Invalid,
    Revoked,
    Expired,
    NotYetPropagated,
}

/// What the token endpoint answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RefreshAnswer {
    #[default]
    Succeeds,
    InvalidGrant,
    ServerError,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateLimit {
    pub(super) requests: u32,
    pub(super) per_ms: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentFields {
    pub(super) source_segment_id: String,
    pub(super) id: String,
    #[serde(default)]
    pub(super) r#type: SegmentType,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum SegmentType {
    #[default]
    User,
    Company,
}

impl SegmentType {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Company => "COMPANY",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SecondCreate {
    #[default]
    Allowed,
    Conflict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum IdHeader {
    #[serde(rename = "x-restli-id")]
    Restli,
    #[serde(rename = "x-linkedin-id")]
    Linkedin,
}

impl IdHeader {
    pub(super) const ALL: &'static [Self] = &[Self::Restli, Self::Linkedin];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Restli => "x-restli-id",
            Self::Linkedin => "x-linkedin-id",
        }
    }
}

/// `simulator.receiver`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ReceiverConfig {
    /// Status of an answer to a request that was acted on; 200 if absent.
    pub(super) status: Option<u16>,
    /// What it answers besides.
    pub(super) headers: BTreeMap<String, String>,
    /// The body of that answer.
    pub(super) body: Option<Value>,
    /// What it makes of `Idempotency-Key`.
    pub(super) idempotency_key: IdempotencyKey,
    /// Whether it acts on each `messageId` once, and answers the same whenever it comes again.
    pub(super) unique: bool,
    /// How long acting takes; the same key meanwhile is a conflict.
    pub(super) acting_ms: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum IdempotencyKey {
    #[default]
    Ignored,
    Honoured,
    Required,
}

/// A duration in milliseconds: one number, or two between which each is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Millis {
    least: u64,
    most: u64,
}

impl Millis {
    pub(super) const ZERO: Self = Self { least: 0, most: 0 };

    /// Draws one, in whole milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "milliseconds of a latency are far below 2^53, and neither bound is negative"
    )]
    pub(super) fn draw(self, dice: &mut Dice) -> Duration {
        let span = (self.most - self.least) as f64;
        Duration::from_millis(self.least + (dice.unit() * (span + 1.0)) as u64)
    }
}

impl Default for Millis {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrTwo;

        impl<'de> Visitor<'de> for OneOrTwo {
            type Value = Millis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("milliseconds, as a whole number or as [least, most]")
            }

            fn visit_u64<E: serde::de::Error>(self, millis: u64) -> Result<Millis, E> {
                Ok(Millis { least: millis, most: millis })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut two: A) -> Result<Millis, A::Error> {
                let bounds = (two.next_element::<u64>()?, two.next_element::<u64>()?, two.next_element::<u64>()?);
                match bounds {
                    (Some(least), Some(most), None) if least <= most => Ok(Millis { least, most }),
                    _ => Err(A::Error::invalid_value(Unexpected::Seq, &self)),
                }
            }
        }

        deserializer.deserialize_any(OneOrTwo)
    }
}

/// What is wrong with a `simulator` value, and in which of its parts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{path}`: {reason}; docs/simulator.md lists what can be set")]
pub struct ConfigError {
    path: String,
    reason: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Top {
    /// Laid under the rest before this is read; here to be a known field.
    #[serde(rename = "preset")]
    _preset: Option<String>,
    latency_ms: Option<Value>,
    faults: Vec<Value>,
    pendo: Value,
    linkedin: Value,
    receiver: Value,
}

/// Realistic for an API over the internet.
const DEFAULT_LATENCY: Millis = Millis { least: 60, most: 180 };

impl Config {
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
        let mut config = preset_of(&written)?.map_or_else(|| Value::Object(Map::new()), Preset::configuration);
        lay_over(&mut config, written);
        let top: Top = section("simulator", config)?;
        let pendo: PendoFields = section_or_default("simulator.pendo", top.pendo)?;
        let linkedin: LinkedinFields = section_or_default("simulator.linkedin", top.linkedin)?;
        Ok(Self {
            latency_ms: match top.latency_ms {
                Some(latency) => section("simulator.latency_ms", latency)?,
                None => DEFAULT_LATENCY,
            },
            faults: sections("simulator.faults", &top.faults, FaultRule::from_fields)?,
            pendo: PendoConfig {
                operation_failures: sections(
                    "simulator.pendo.operation_failures",
                    &pendo.operation_failures,
                    PartialFailure::of_operation,
                )?,
                on: pendo,
            },
            linkedin: LinkedinConfig {
                element_failures: sections(
                    "simulator.linkedin.element_failures",
                    &linkedin.element_failures,
                    PartialFailure::of_element,
                )?,
                on: linkedin,
            },
            receiver: section_or_default("simulator.receiver", top.receiver)?,
        })
    }
}

fn preset_of(written: &Value) -> Result<Option<Preset>, ConfigError> {
    let Some(name) = written.get("preset").and_then(Value::as_str) else { return Ok(None) };
    Preset::from_name(name).map(Some).ok_or_else(|| {
        let known: Vec<&str> = Preset::ALL.iter().map(|preset| preset.name()).collect();
        let reason = format!("there is no preset \"{name}\"; there are {}", known.join(", "));
        ConfigError { path: "simulator.preset".to_owned(), reason }
    })
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

fn section<T: DeserializeOwned>(path: &str, value: Value) -> Result<T, ConfigError> {
    serde_json::from_value(value).map_err(|error| ConfigError { path: path.to_owned(), reason: error.to_string() })
}

fn section_or_default<T: DeserializeOwned + Default>(path: &str, value: Value) -> Result<T, ConfigError> {
    if value.is_null() { Ok(T::default()) } else { section(path, value) }
}

fn sections<F: DeserializeOwned, T>(
    path: &str,
    values: &[Value],
    check: fn(F) -> Result<T, String>,
) -> Result<Vec<T>, ConfigError> {
    let checked = |(entry_idx, value): (usize, &Value)| {
        let path = format!("{path}[{entry_idx}]");
        let fields: F = section(&path, value.clone())?;
        check(fields).map_err(|reason| ConfigError { path, reason })
    };
    values.iter().enumerate().map(checked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

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
            (json!({ "pendoo": {} }), "`simulator`: unknown field `pendoo`, expected one of `preset`, `latency_ms`"),
            (json!({ "pendo": { "busy": 1 } }), "`simulator.pendo`: unknown field `busy`, expected one of"),
            (
                json!({ "linkedin": { "access_token": "old" } }),
                "`simulator.linkedin`: unknown variant `old`, expected one of `valid`",
            ),
            (json!({ "latency_ms": [9, 1] }), "`simulator.latency_ms`: invalid value: sequence, expected milliseconds"),
            (json!({ "faults": [{ "status": 500 }, { "chance": 0.5 }] }), "`simulator.faults[1]`: has neither"),
            (
                json!({ "faults": [{ "during_ms": [5, 5], "status": 500 }] }),
                "`simulator.faults[0]`: `during_ms` is [5, 5]",
            ),
            (json!({ "faults": [{ "fault": "flood" }] }), "`simulator.faults[0]`: there is no fault \"flood\""),
            (json!("busy"), "`simulator.preset`: there is no preset \"busy\""),
            (json!(3), "`simulator`: invalid type"),
            (json!(false), "`simulator`: invalid type"),
        ] {
            let error = Config::from_json(&value).unwrap_err().to_string();
            assert!(error.starts_with(words), "{error}");
        }
    }
}
