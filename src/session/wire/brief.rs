//! What a timeline needs of a record, said once more ahead of all that is long: a reader of timelines stops behind it.
//! It says nothing that the rest of the record does not say.
use serde::Serialize;

use super::write::Time;
use crate::core::http::FaultKind;
use crate::core::record::{Attempt, EventRecord};
use crate::core::time::Timestamp;
use crate::store::brief::{AttemptBrief, ExchangeBrief};
use crate::store::label::event_name;

/// The key of it, in events and in attempts.
pub(super) const BRIEF: &str = "brief";

/// An event in brief.
#[derive(Serialize)]
pub(super) struct EventInBrief<'a> {
    name: &'a str,
}

impl<'a> EventInBrief<'a> {
    pub(super) fn of(event: &'a EventRecord) -> Self {
        Self { name: event_name(&event.payload) }
    }
}

/// An attempt in brief. The order of the fields is what `scan` looks for.
#[derive(Serialize)]
pub(super) struct AttemptInBrief<'a> {
    decision: &'static str,
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Token>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate: Option<Duplicate<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Thrown<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Items>,
    exchanges: Vec<Sent>,
}

#[derive(Serialize)]
struct Token {
    generation_before: u32,
    generation_after: u32,
    refresh: &'static str,
}

#[derive(Serialize)]
struct Duplicate<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'a str>,
}

#[derive(Serialize)]
struct Thrown<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

#[derive(Serialize)]
struct Items {
    delivered: usize,
    discarded: usize,
}

/// An exchange: when it began, counted from the start of the attempt, and how long it took.
#[derive(Serialize)]
struct Sent {
    purpose: &'static str,
    after_ns: i64,
    took_ns: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_generation: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
}

impl<'a> AttemptInBrief<'a> {
    /// None where an instant is too far from another one to be counted from it.
    pub(super) fn of(attempt: &'a Attempt) -> Option<Self> {
        let sent = |exchange| Sent::of(&ExchangeBrief::of(exchange), attempt.started_at);
        let exchanges = attempt.exchanges.iter().map(sent).collect::<Option<Vec<Sent>>>()?;
        let brief = AttemptBrief::of(attempt, &[]);
        Some(Self {
            decision: brief.decision.name(),
            rule: brief.rule,
            next_attempt_at: brief.next_attempt_at.map(Time),
            token: brief.token.map(|token| Token {
                generation_before: token.generation_before,
                generation_after: token.generation_after,
                refresh: token.refresh.name(),
            }),
            duplicate: brief.duplicate.map(|(outcome, of)| Duplicate { outcome: outcome.name(), of }),
            error: brief.error.map(|(name, status)| Thrown { name, status }),
            items: brief.items.map(|items| Items { delivered: items.n_delivered, discarded: items.n_discarded }),
            exchanges,
        })
    }
}

impl Sent {
    fn of(exchange: &ExchangeBrief, attempt_start: Timestamp) -> Option<Self> {
        let (start, end) = (exchange.started_at.as_nanos(), exchange.ended_at.as_nanos());
        Some(Self {
            purpose: exchange.purpose.name(),
            after_ns: start.checked_sub(attempt_start.as_nanos())?,
            took_ns: end.checked_sub(start)?,
            token_generation: exchange.token_generation,
            status: exchange.result.ok(),
            fault: exchange.result.err().map(FaultKind::name),
        })
    }
}
