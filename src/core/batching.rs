//! How events become batches, and how an event's way through several batches stands in the records.
//!
//! A bulk batch keeps its members: what of it is to be retried is sent again by itself. A stream puts each such event back
//! into its queue, where it joins whatever else is due. Such a batch is a delivery of its own with one attempt; the facts of
//! its verdict say where its events came from and which of them go on.
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Duration;

use serde_json::{Map, Value};

use super::names::{AttemptId, Decision, EventId, closed_names};
use super::record::{Attempt, Outcome, Verdict};
use super::time::Timestamp;

/// How the events of a plan in batch mode become batches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batching {
    /// What becomes of events that are to be retried.
    pub kind: BatchKind,
    /// Most events of one batch; none means no limit.
    pub max_size: Option<NonZeroUsize>,
    /// How long the first event of a stream's batch waits for others.
    pub max_wait: Duration,
}

closed_names! {
    /// What becomes of events of a batch that are to be retried.
    BatchKind {
        /// They are sent again by themselves.
        Bulk = "bulk",
        /// They go back to the queue and join another batch.
        Stream = "stream",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that declares the names has no place for a default mark")]
impl Default for BatchKind {
    fn default() -> Self {
        Self::Bulk
    }
}

/// Events that went back to the queue, and when each is due.
const GOES_ON: &str = "goes_on";
/// Events that were in batches before, and the latest attempt that carried each.
const CAME_FROM: &str = "came_from";
/// Events of a batch that failed as a whole whose retries are used up while those of others are not.
const GIVEN_UP: &str = "given_up";

/// What a batch of a stream leaves to say of its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Where those that were tried before came from.
    pub came_from: BTreeMap<EventId, AttemptId>,
    /// When those that are tried again are due.
    pub goes_on: BTreeMap<EventId, Timestamp>,
    /// Those that are not, though the batch is.
    pub given_up: Vec<EventId>,
}

impl Members {
    /// Writes them into the facts of the batch's verdict, and says in its reason what goes on.
    pub fn tell(&self, verdict: &mut Verdict) {
        let mut put = |name: &str, value: Value| verdict.facts.insert(name.to_owned(), value);
        if !self.came_from.is_empty() {
            put(CAME_FROM, object(self.came_from.iter().map(|(event, attempt)| (event, attempt.to_string()))));
        }
        if !self.given_up.is_empty() {
            put(GIVEN_UP, self.given_up.iter().map(EventId::as_str).collect());
        }
        let Some(first_due) = self.goes_on.values().min() else { return };
        put(GOES_ON, object(self.goes_on.iter().map(|(event, due)| (event, due.to_string()))));
        let (n_events, verb) = match self.goes_on.len() {
            1 => ("1 event".to_owned(), "goes"),
            n => (format!("{n} events"), "go"),
        };
        verdict.reason = format!(
            "{} {n_events} {verb} back to the queue, due from {} on, to join another batch.",
            verdict.reason,
            first_due.cut_to_millis()
        );
    }

    /// What the facts of an attempt say of its events; nothing for an attempt that is no batch of a stream.
    #[must_use]
    pub fn of(attempt: &Attempt) -> Self {
        let facts = &attempt.verdict.facts;
        let entries = |name: &str| {
            let object = facts.get(name).and_then(Value::as_object).into_iter().flatten();
            object.filter_map(|(event, value)| Some((event.as_str(), value.as_str()?)))
        };
        let given_up = facts.get(GIVEN_UP).and_then(Value::as_array).into_iter().flatten();
        Self {
            came_from: entries(CAME_FROM).map(|(event, attempt)| (event.into(), attempt.into())).collect(),
            goes_on: entries(GOES_ON).filter_map(|(event, due)| Some((event.into(), due.parse().ok()?))).collect(),
            given_up: given_up.filter_map(Value::as_str).map(EventId::from).collect(),
        }
    }
}

fn object<'a>(entries: impl Iterator<Item = (&'a EventId, String)>) -> Value {
    Value::Object(entries.map(|(event, value)| (event.to_string(), value.into())).collect::<Map<_, _>>())
}

/// What was decided of each event of an attempt.
#[must_use]
pub fn decisions(attempt: &Attempt) -> Vec<Decision> {
    if let Outcome::Multistatus(items) = &attempt.outcome {
        return items.iter().map(|item| item.decision).collect();
    }
    let mut decisions = vec![attempt.verdict.decision; attempt.events.len()];
    if let Some(given_up) = attempt.verdict.facts.get(GIVEN_UP).and_then(Value::as_array) {
        for (event, decision) in attempt.events.iter().zip(&mut decisions) {
            if given_up.iter().any(|id| id == event.as_str()) {
                *decision = Decision::Discard;
            }
        }
    }
    decisions
}
