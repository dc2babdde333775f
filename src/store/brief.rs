//! What the store keeps of a record in its columns, and all that it needs to know of it: no bodies, no words for people.
//! A reader that stops early gives just this.
use super::names::NameId;
use crate::core::http::FaultKind;
use crate::core::names::{Decision, DuplicateOutcome, Purpose};
use crate::core::record::{Attempt, Exchange, Item, Outcome, TokenUse};
use crate::core::time::Timestamp;

/// An attempt in brief.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptBrief<'a> {
    /// Its name in the session.
    pub id: &'a str,
    /// The delivery that it belongs to.
    pub delivery: &'a str,
    /// The first of the events that it carried.
    pub first_event: Option<&'a str>,
    /// How many it carried.
    pub n_events: usize,
    /// Who gets it.
    pub destination: &'a str,
    /// Which action.
    pub action: &'a str,
    /// 1 for the first attempt of the delivery.
    pub number: u32,
    /// When its first step began.
    pub started_at: Timestamp,
    /// When its verdict was known.
    pub ended_at: Timestamp,
    /// What the pipeline decided.
    pub decision: Decision,
    /// The rule that decided.
    pub rule: &'a str,
    /// When the next attempt starts.
    pub next_attempt_at: Option<Timestamp>,
    /// Which token it used.
    pub token: Option<TokenUse>,
    /// What duplicate detection found, and the attempt that was there first.
    pub duplicate: Option<(DuplicateOutcome, Option<&'a str>)>,
    /// Class and status of the error that was thrown.
    pub error: Option<(&'a str, Option<u16>)>,
    /// Of a batch that was judged item by item, how many were delivered and how many given up.
    pub items: Option<Items>,
    /// Every request in order.
    pub exchanges: &'a [ExchangeBrief],
}

/// The texts of an attempt that many others share, as a session numbers them.
#[derive(Clone, Copy, Debug)]
pub struct AttemptNames {
    /// Who gets it.
    pub destination: NameId,
    /// Which action.
    pub action: NameId,
    /// The rule that decided.
    pub rule: NameId,
}

/// What became of the items of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Items {
    /// How many the receiver has.
    pub n_delivered: usize,
    /// How many were given up.
    pub n_discarded: usize,
}

/// A request and what came of it, in brief.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExchangeBrief {
    /// Why it was sent.
    pub purpose: Purpose,
    /// When sending began.
    pub started_at: Timestamp,
    /// When the response was whole, or the fault was noticed.
    pub ended_at: Timestamp,
    /// Generation of the access token that it carried.
    pub token_generation: Option<u32>,
    /// The status of the response, or why there is none.
    pub result: Result<u16, FaultKind>,
}

impl<'a> AttemptBrief<'a> {
    /// A whole attempt in brief; `exchanges` are [`ExchangeBrief::all_of`] it.
    #[must_use]
    pub fn of(attempt: &'a Attempt, exchanges: &'a [ExchangeBrief]) -> Self {
        let error = match &attempt.outcome {
            Outcome::Error(error) => Some((error.name.as_str(), error.status)),
            _ => None,
        };
        Self {
            id: attempt.id.as_str(),
            delivery: attempt.delivery.as_str(),
            first_event: attempt.events.first().map(crate::core::names::EventId::as_str),
            n_events: attempt.events.len(),
            destination: &attempt.destination,
            action: &attempt.action,
            number: attempt.number,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at,
            decision: attempt.verdict.decision,
            rule: &attempt.verdict.rule,
            next_attempt_at: attempt.verdict.next_attempt_at,
            token: attempt.token,
            duplicate: attempt
                .duplicate
                .as_ref()
                .map(|mark| (mark.outcome, mark.of.as_ref().map(crate::core::names::AttemptId::as_str))),
            error,
            items: Items::of(&attempt.outcome),
            exchanges,
        }
    }

    /// How many events it delivered, and how many it gave up.
    pub(super) fn settled(&self) -> Items {
        let n_events = self.n_events.max(1);
        self.items.unwrap_or(match self.decision {
            Decision::Delivered => Items { n_delivered: n_events, n_discarded: 0 },
            Decision::Discard => Items { n_delivered: 0, n_discarded: n_events },
            Decision::Retry | Decision::Filtered => Items::default(),
        })
    }
}

impl Items {
    /// Counts the items of an outcome that has any.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Option<Self> {
        let Outcome::Multistatus(items) = outcome else { return None };
        let count = |decision| items.iter().filter(|item: &&Item| item.decision == decision).count();
        Some(Self { n_delivered: count(Decision::Delivered), n_discarded: count(Decision::Discard) })
    }
}

impl ExchangeBrief {
    /// An exchange in brief.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        Self {
            purpose: exchange.purpose,
            started_at: exchange.started_at,
            ended_at: exchange.ended_at,
            token_generation: exchange.token_generation,
            result: exchange.result.as_ref().map(|response| response.status).map_err(|fault| fault.kind),
        }
    }

    /// The exchanges of an attempt.
    #[must_use]
    pub fn all_of(attempt: &Attempt) -> Vec<Self> {
        attempt.exchanges.iter().map(Self::of).collect()
    }
}
