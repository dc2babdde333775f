//! Faults that a configuration asks for: which requests they hit, and what comes instead of the answer.
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::described::{Described, choices, described, described_names};
use super::operation::Operation;
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::schema::{Field, FieldKind, Misfit, member_place};
use crate::net::dice::Dice;
use crate::net::transport::fault_words;

/// A fault as it is configured.
#[derive(Clone, Debug)]
pub(super) struct FaultRule {
    on: Option<Operation>,
    /// What the URL or the body must have in it.
    containing: Option<String>,
    /// Milliseconds after the first request of all from which and until which it hits.
    during: Option<(Duration, Duration)>,
    when: When,
    instead: Instead,
    /// Whether the remote does what it was asked to before it fails.
    pub(super) acted: bool,
}

/// Which of the things that match are hit: those with these numbers, and of them a share by chance.
#[derive(Clone, Debug, Default)]
pub(super) struct When {
    nth: Option<Vec<u64>>,
    chance: Option<Chance>,
}

#[derive(Clone, Debug)]
enum Instead {
    Response(Response),
    Fault(FaultKind),
}

described_names!(Operation, FaultKind);

described! {
    /// An entry of `simulator.faults`.
    pub(super) struct FaultFields {
        /// The operation that it is about; any if absent.
        on: Option<Operation>,
        /// A text that the URL or the body of the request must have in it.
        containing: Option<String>,
        /// Only so many milliseconds after the first request of all: [from, to].
        during_ms: Option<(u64, u64)>,
        /// Which of the requests that match are hit, counted from 1; all if absent.
        nth: Option<Vec<u64>>,
        /// The share of them that is hit, by chance: 0 to 1.
        chance: Option<Chance>,
        /// Status of what comes in place of the answer.
        status: Option<u16>,
        /// Header fields of what comes in place of the answer.
        #[serde(default)]
        headers: HeaderFields,
        /// Body of what comes in place of the answer.
        #[serde(default)]
        body: Value,
        /// What happens in place of any answer.
        fault: Option<FaultKind>,
        /// Whether the remote does what it was asked to before it fails.
        #[serde(default)]
        acted: bool,
    }
}

/// A share, 0 to 1.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Chance(f64);

impl TryFrom<f64> for Chance {
    type Error = String;

    fn try_from(share: f64) -> Result<Self, String> {
        if (0.0..=1.0).contains(&share) { Ok(Self(share)) } else { Err(format!("{share} is not {}", Self::must_be())) }
    }
}

impl Described for Chance {
    const FIELD: Field = Field::new("", "", FieldKind::Number { minimum: 0.0, maximum: 1.0 });

    fn must_be() -> String {
        "a number from 0 to 1".to_owned()
    }
}

/// Header fields in the order in which they are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct HeaderFields(Map<String, Value>);

impl Described for HeaderFields {
    const FIELD: Field = Field::new("", "", FieldKind::Object);

    fn must_be() -> String {
        "an object whose values are texts".to_owned()
    }

    fn check(value: &Value, place: &str, misfits: &mut Vec<Misfit>) {
        let Some(headers) = value.as_object() else {
            return misfits.push(Misfit::wrong(place, value, &Self::must_be()));
        };
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_string()) {
            misfits.push(Misfit::wrong(member_place(place, name), value, "text"));
        }
    }
}

impl HeaderFields {
    fn into_headers(self) -> Headers {
        let texts = self.0.into_iter().filter_map(|(name, value)| match value {
            Value::String(text) => Some((name, text)),
            _ => None,
        });
        texts.collect()
    }
}

impl FaultRule {
    pub(super) fn from_fields(fields: FaultFields) -> Result<Self, Misfit> {
        let wrong = |place: &str, problem: &str| Err(Misfit::new(place, problem));
        let instead = match (fields.status, fields.fault) {
            (Some(status), None) => {
                Instead::Response(Response { status, headers: fields.headers.into_headers(), body: body(fields.body) })
            }
            (None, Some(kind)) => Instead::Fault(kind),
            (Some(_), Some(_)) => return wrong("fault", "cannot stand beside `status`; keep one of them"),
            (None, None) => return wrong("", "has neither a `status` to answer with nor a `fault`"),
        };
        let during = match fields.during_ms {
            Some((from, to)) if to <= from => {
                return wrong("during_ms", &format!("is [{from}, {to}], which is no time at all"));
            }
            during => during.map(|(from, to)| (Duration::from_millis(from), Duration::from_millis(to))),
        };
        let when = When { nth: fields.nth, chance: fields.chance };
        Ok(Self { on: fields.on, containing: fields.containing, during, when, instead, acted: fields.acted })
    }

    /// Whether it is about such a request, `since_first` after the first of all.
    pub(super) fn matches(&self, operation: Operation, request: &Request, since_first: Duration) -> bool {
        let has = |text: &String| {
            request.url.contains(text) || String::from_utf8_lossy(&request.body.to_bytes()).contains(text.as_str())
        };
        self.on.is_none_or(|on| on == operation)
            && self.during.is_none_or(|(from, to)| (from..to).contains(&since_first))
            && self.containing.as_ref().is_none_or(has)
    }

    pub(super) fn when(&self) -> &When {
        &self.when
    }

    /// What the client gets in place of the answer.
    pub(super) fn strike(&self, request: &Request) -> Result<Response, Fault> {
        match &self.instead {
            Instead::Response(response) => Ok(response.clone()),
            Instead::Fault(kind) => Err(Fault::new(*kind, fault_words(*kind, &request.url))),
        }
    }
}

fn body(written: Value) -> Body {
    match written {
        Value::Null => Body::Empty,
        Value::String(text) => Body::Text(text),
        json => Body::Json(json),
    }
}

impl When {
    /// Whether the next thing that matches is hit. Counts it, and draws where there is a chance.
    pub(super) fn hits(&self, n_before: &mut u64, dice: &mut Dice) -> bool {
        *n_before += 1;
        let by_chance = self.chance.is_none_or(|Chance(share)| dice.happens(share));
        by_chance && self.nth.as_ref().is_none_or(|nth| nth.contains(n_before))
    }
}

/// A failure inside a request that as a whole succeeds: one operation of a Pendo PATCH, one element of a LinkedIn batch.
#[derive(Clone, Debug)]
pub(super) struct PartialFailure {
    /// The operation that it is about, `add` or `remove`; any if absent.
    pub(super) operation: Option<Membership>,
    pub(super) when: When,
    pub(super) status: u16,
    pub(super) message: Option<String>,
}

described! {
    /// An entry of `operation_failures` or `element_failures`.
    pub(super) struct PartialFailureFields {
        /// The operation of Pendo that it is about; any if absent. Elements of LinkedIn have none.
        operation: Option<Membership>,
        /// Which of the things that match fail, counted from 1; all if absent.
        nth: Option<Vec<u64>>,
        /// The share of them that fails, by chance: 0 to 1.
        chance: Option<Chance>,
        /// Status of the thing that fails.
        status: u16,
        /// What is said of it.
        message: Option<String>,
    }
}

choices! {
    /// What an operation of a Pendo PATCH does.
    pub(super) enum Membership {
        Add = "add",
        Remove = "remove",
    }
}

impl PartialFailure {
    /// One operation of a Pendo PATCH.
    #[expect(clippy::unnecessary_wraps, reason = "the list of a configuration is read by what may refuse an entry")]
    pub(super) fn of_operation(fields: PartialFailureFields) -> Result<Self, Misfit> {
        Ok(Self::new(fields))
    }

    /// One element of a LinkedIn batch.
    pub(super) fn of_element(fields: PartialFailureFields) -> Result<Self, Misfit> {
        match fields.operation {
            Some(_) => Err(Misfit::unknown("operation", "means nothing there; elements of LinkedIn have none")),
            None => Ok(Self::new(fields)),
        }
    }

    fn new(fields: PartialFailureFields) -> Self {
        let when = When { nth: fields.nth, chance: fields.chance };
        Self { operation: fields.operation, when, status: fields.status, message: fields.message }
    }
}

/// Failures of one remote, and how often each was asked.
#[derive(Debug)]
pub(super) struct PartialFailures(Vec<(PartialFailure, u64)>);

impl PartialFailures {
    pub(super) fn new(failures: &[PartialFailure]) -> Self {
        Self(failures.iter().map(|failure| (failure.clone(), 0)).collect())
    }

    /// The first failure that hits the next operation or element. All that match count it and draw.
    pub(super) fn hit(&mut self, operation: Option<&str>, dice: &mut Dice) -> Option<&PartialFailure> {
        let mut hit = None;
        for (failure, n_before) in &mut self.0 {
            let matches = failure.operation.is_none_or(|about| Some(about.name()) == operation);
            if matches && failure.when.hits(n_before, dice) {
                hit = hit.or(Some(&*failure));
            }
        }
        hit
    }
}
