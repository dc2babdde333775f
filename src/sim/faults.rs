//! Faults that a configuration asks for: which requests they hit, and what comes instead of the answer.
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::operation::Operation;
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
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
    chance: Option<f64>,
}

#[derive(Clone, Debug)]
enum Instead {
    Response(Response),
    Fault(FaultKind),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultFields {
    on: Option<String>,
    containing: Option<String>,
    during_ms: Option<(u64, u64)>,
    nth: Option<Vec<u64>>,
    chance: Option<f64>,
    status: Option<u16>,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Value,
    fault: Option<String>,
    #[serde(default)]
    acted: bool,
}

impl FaultRule {
    pub(super) fn from_fields(fields: FaultFields) -> Result<Self, String> {
        let instead = match (fields.status, fields.fault) {
            (Some(status), None) => {
                Instead::Response(Response { status, headers: headers(fields.headers)?, body: body(fields.body) })
            }
            (None, Some(name)) => Instead::Fault(
                FaultKind::from_name(&name)
                    .ok_or_else(|| unknown("fault", &name, FaultKind::ALL.iter().map(|kind| kind.name())))?,
            ),
            (Some(_), Some(_)) => return Err("has both a `status` and a `fault`; keep one".to_owned()),
            (None, None) => return Err("has neither a `status` to answer with nor a `fault`".to_owned()),
        };
        let on = fields.on.map(|name| {
            Operation::from_name(&name)
                .ok_or_else(|| unknown("operation", &name, Operation::ALL.iter().map(|operation| operation.name())))
        });
        let when = When::new(fields.nth, fields.chance)?;
        let during = match fields.during_ms {
            Some((from, to)) if to <= from => {
                return Err(format!("`during_ms` is [{from}, {to}], which is no time at all"));
            }
            during => during.map(|(from, to)| (Duration::from_millis(from), Duration::from_millis(to))),
        };
        let containing = fields.containing;
        Ok(Self { on: on.transpose()?, containing, during, when, instead, acted: fields.acted })
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

fn unknown(what: &str, name: &str, known: impl Iterator<Item = &'static str>) -> String {
    let known: Vec<&str> = known.collect();
    format!("there is no {what} \"{name}\"; there are {}", known.join(", "))
}

fn headers(fields: Map<String, Value>) -> Result<Headers, String> {
    let text = |(name, value): (String, Value)| match value {
        Value::String(text) => Ok((name, text)),
        _ => Err(format!("the value of header `{name}` is not a string")),
    };
    fields.into_iter().map(text).collect()
}

fn body(written: Value) -> Body {
    match written {
        Value::Null => Body::Empty,
        Value::String(text) => Body::Text(text),
        json => Body::Json(json),
    }
}

impl When {
    fn new(nth: Option<Vec<u64>>, chance: Option<f64>) -> Result<Self, String> {
        match chance {
            Some(chance) if !(0.0..=1.0).contains(&chance) => Err(format!("`chance` is {chance}, not between 0 and 1")),
            _ => Ok(Self { nth, chance }),
        }
    }

    /// Whether the next thing that matches is hit. Counts it, and draws where there is a chance.
    pub(super) fn hits(&self, n_before: &mut u64, dice: &mut Dice) -> bool {
        *n_before += 1;
        let by_chance = self.chance.is_none_or(|chance| dice.happens(chance));
        by_chance && self.nth.as_ref().is_none_or(|nth| nth.contains(n_before))
    }
}

/// A failure inside a request that as a whole succeeds: one operation of a Pendo PATCH, one element of a LinkedIn batch.
#[derive(Clone, Debug)]
pub(super) struct PartialFailure {
    /// The operation that it is about, `add` or `remove`; any if absent.
    pub(super) operation: Option<String>,
    pub(super) when: When,
    pub(super) status: u16,
    pub(super) message: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartialFailureFields {
    operation: Option<String>,
    nth: Option<Vec<u64>>,
    chance: Option<f64>,
    status: u16,
    message: Option<String>,
}

impl PartialFailure {
    /// One operation of a Pendo PATCH.
    pub(super) fn of_operation(fields: PartialFailureFields) -> Result<Self, String> {
        match fields.operation.as_deref() {
            None | Some("add" | "remove") => Self::new(fields),
            Some(other) => Err(unknown("operation", other, ["add", "remove"].into_iter())),
        }
    }

    /// One element of a LinkedIn batch.
    pub(super) fn of_element(fields: PartialFailureFields) -> Result<Self, String> {
        if fields.operation.is_some() {
            return Err("has an `operation`; elements of LinkedIn have none".to_owned());
        }
        Self::new(fields)
    }

    fn new(fields: PartialFailureFields) -> Result<Self, String> {
        let when = When::new(fields.nth, fields.chance)?;
        Ok(Self { operation: fields.operation, when, status: fields.status, message: fields.message })
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
            let matches = failure.operation.is_none() || failure.operation.as_deref() == operation;
            if matches && failure.when.hits(n_before, dice) {
                hit = hit.or(Some(&*failure));
            }
        }
        hit
    }
}
