//! A finding: something in a session that a person should know of, with what was seen and what to do about it.
use std::fmt;

use crate::core::names::{AttemptId, DeliveryId, EventId, closed_names};

/// Names a kind of finding for good: `Q-03` is a quirk of the reference, `F-03` anything else worth knowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId(pub(super) &'static str);

impl FindingId {
    /// The id as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

closed_names! {
    /// How bad it is, the worst first.
    Severity {
        /// Data is lost, doubled, leaked or wrong, or the session says something else than what happened.
        Severe = "severe",
        /// Effort is wasted, or the next step does damage.
        Warning = "warning",
        /// Good to know when reading the session.
        Note = "note",
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind it is; [`super::entry`] gives its sources.
    pub id: FindingId,
    /// The kind in a few words.
    pub title: &'static str,
    /// How bad this one is.
    pub severity: Severity,
    /// The delivery that it happened to; none for findings about the plan.
    pub delivery: Option<DeliveryId>,
    /// The attempt that it happened in; none for findings about the plan.
    pub attempt: Option<AttemptId>,
    /// The event that it is about, if it is about one.
    pub event: Option<EventId>,
    /// What was seen, with the values.
    pub seen: String,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub advice: &'static str,
    /// Where to look; of many places the first few.
    pub evidence: Vec<Evidence>,
}

/// A place in the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What to open.
    pub at: At,
    /// JSON pointer below it, in the terms of a session file; empty for all of it.
    pub path: String,
}

/// What a piece of evidence is a part of. Exchanges, items and the outcome are those of the finding's own attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// The plan in the session's header.
    Plan,
    /// The payload of an event.
    Event(EventId),
    /// The request of the exchange with that index.
    Request(usize),
    /// The response or fault of the exchange with that index.
    Response(usize),
    /// The outcome as a whole.
    Outcome,
    /// The item with that index.
    Item(usize),
    /// The verdict.
    Verdict,
    /// Another attempt.
    Attempt(AttemptId),
}

impl Evidence {
    /// The exchange that it is in, if it is in one.
    #[must_use]
    pub const fn exchange_idx(&self) -> Option<usize> {
        match self.at {
            At::Request(exchange_idx) | At::Response(exchange_idx) => Some(exchange_idx),
            _ => None,
        }
    }

    /// The item that it is in, if it is in one.
    #[must_use]
    pub const fn item_idx(&self) -> Option<usize> {
        match self.at {
            At::Item(item_idx) => Some(item_idx),
            _ => None,
        }
    }
}

/// The place as a path in the session file: `exchanges/1/response/status`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            At::Plan => f.write_str("plan")?,
            At::Event(event) => write!(f, "event {event}, payload")?,
            At::Request(exchange_idx) => write!(f, "exchanges/{exchange_idx}/request")?,
            At::Response(exchange_idx) => write!(f, "exchanges/{exchange_idx}/response")?,
            At::Outcome => f.write_str("outcome")?,
            At::Item(item_idx) => write!(f, "outcome/items/{item_idx}")?,
            At::Verdict => f.write_str("verdict")?,
            At::Attempt(attempt) => write!(f, "attempt {attempt}")?,
        }
        f.write_str(&self.path)
    }
}
