//! What a run came to.
use std::cell::Cell;
use std::time::Duration;

use crate::core::names::Decision;
use crate::core::time::Timestamp;

/// The run in numbers. `n_delivered`, `n_discarded`, `n_filtered` and `n_unfinished` count events and add up to
/// `n_events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Events of the plan.
    pub n_events: u64,
    /// Deliveries made of them.
    pub n_deliveries: u64,
    /// Attempts that ended, and were recorded.
    pub n_attempts: u64,
    /// Requests of those attempts, token requests included.
    pub n_requests: u64,
    /// Events that the receiver has.
    pub n_delivered: u64,
    /// Events that were given up.
    pub n_discarded: u64,
    /// Events that were not meant for this action.
    pub n_filtered: u64,
    /// Events that still were to be tried when the run was stopped.
    pub n_unfinished: u64,
    /// Attempts that were cut off in the middle when the run was stopped. They are not recorded.
    pub n_cut_off: u64,
    /// Whether a person stopped it.
    pub was_cancelled: bool,
    /// How long the computer slept meanwhile.
    pub slept: Duration,
    /// When it began, on its own clock.
    pub started_at: Timestamp,
    /// When it ended, on its own clock.
    pub ended_at: Timestamp,
}

/// Counts while the run goes on.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) attempts: Cell<u64>,
    pub(super) requests: Cell<u64>,
    delivered: Cell<u64>,
    discarded: Cell<u64>,
    filtered: Cell<u64>,
}

impl Tally {
    /// Counts an event of an attempt that ended. One that is tried again counts when that is over.
    pub(super) fn count(&self, decision: Decision) {
        let counter = match decision {
            Decision::Delivered => &self.delivered,
            Decision::Discard => &self.discarded,
            Decision::Filtered => &self.filtered,
            Decision::Retry => return,
        };
        counter.set(counter.get() + 1);
    }

    pub(super) fn summary(&self, (n_events, n_deliveries): (u64, u64), started_at: Timestamp) -> RunSummary {
        let finished = self.delivered.get() + self.discarded.get() + self.filtered.get();
        RunSummary {
            n_events,
            n_deliveries,
            n_attempts: self.attempts.get(),
            n_requests: self.requests.get(),
            n_delivered: self.delivered.get(),
            n_discarded: self.discarded.get(),
            n_filtered: self.filtered.get(),
            n_unfinished: n_events.saturating_sub(finished),
            n_cut_off: 0,
            was_cancelled: false,
            slept: Duration::ZERO,
            started_at,
            ended_at: started_at,
        }
    }
}
