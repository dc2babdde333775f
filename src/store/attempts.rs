//! The attempts of a session as columns: what every zoom level, filter and table needs, apart from the details.
use std::sync::Arc;

use super::ids::{AttemptIdx, DeliveryIdx};
use super::marks::{Marks, Status};
use super::names::NameId;
use crate::core::names::Decision;
use crate::core::record::Attempt;
use crate::core::time::Timestamp;

/// One attempt, read out of the columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttemptRow {
    /// The delivery that it belongs to; its lane on the timeline.
    pub delivery: DeliveryIdx,
    /// 1 for the first attempt of the delivery, as recorded.
    pub number: u32,
    /// When its first step began.
    pub started_at: Timestamp,
    /// When its verdict was known; never before `started_at`.
    pub ended_at: Timestamp,
    /// When the next attempt is due, if there is to be one.
    pub next_attempt_at: Option<Timestamp>,
    /// What the pipeline decided.
    pub decision: Decision,
    /// What stands on its bar.
    pub status: Status,
    /// Refreshes and duplicates.
    pub marks: Marks,
    /// The rule that decided.
    pub rule: NameId,
    /// The error that it ended with, by class and status as in `RetryableError 503`; empty where it is none.
    pub error: NameId,
}

/// All attempts, a vector for each field, in the order in which they became known.
#[derive(Debug, Default)]
pub struct AttemptColumns {
    started_at: Vec<Timestamp>,
    ended_at: Vec<Timestamp>,
    next_attempt_at: Vec<Option<Timestamp>>,
    delivery: Vec<DeliveryIdx>,
    next_in_delivery: Vec<Option<AttemptIdx>>,
    number: Vec<u32>,
    status: Vec<Status>,
    rule: Vec<NameId>,
    error: Vec<NameId>,
    marks: Vec<Marks>,
    decision: Vec<Decision>,
    n_events_before: Vec<u32>,
    details: Details,
}

impl AttemptColumns {
    /// How many attempts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.decision.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.decision.is_empty()
    }

    /// Every position, in the order in which the attempts became known.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = AttemptIdx> + use<> {
        (0..self.len()).map(AttemptIdx::new)
    }

    /// One attempt of this session.
    #[must_use]
    pub fn row(&self, attempt_idx: AttemptIdx) -> AttemptRow {
        let at = attempt_idx.index();
        AttemptRow {
            delivery: self.delivery[at],
            number: self.number[at],
            started_at: self.started_at[at],
            ended_at: self.ended_at[at],
            next_attempt_at: self.next_attempt_at[at],
            decision: self.decision[at],
            status: self.status[at],
            marks: self.marks[at],
            rule: self.rule[at],
            error: self.error[at],
        }
    }

    /// The record of one attempt, bodies included.
    #[must_use]
    pub fn details(&self, attempt_idx: AttemptIdx) -> &Arc<Attempt> {
        self.details.get(attempt_idx)
    }

    /// The attempt of the same delivery that became known after this one.
    #[must_use]
    pub fn next_in_delivery(&self, attempt_idx: AttemptIdx) -> Option<AttemptIdx> {
        self.next_in_delivery[attempt_idx.index()]
    }

    /// How many events had become known before this attempt.
    pub(super) fn n_events_before(&self, attempt_idx: AttemptIdx) -> usize {
        self.n_events_before[attempt_idx.index()] as usize
    }

    /// Appends an attempt that became known after `n_events_before` events.
    pub(super) fn push(&mut self, row: AttemptRow, n_events_before: usize, record: Arc<Attempt>) -> AttemptIdx {
        let attempt_idx = AttemptIdx::new(self.len());
        self.started_at.push(row.started_at);
        self.ended_at.push(row.ended_at);
        self.next_attempt_at.push(row.next_attempt_at);
        self.delivery.push(row.delivery);
        self.next_in_delivery.push(None);
        self.number.push(row.number);
        self.status.push(row.status);
        self.rule.push(row.rule);
        self.error.push(row.error);
        self.marks.push(row.marks);
        self.decision.push(row.decision);
        self.n_events_before.push(u32::try_from(n_events_before).unwrap_or(u32::MAX));
        self.details.push(record);
        attempt_idx
    }

    /// Says that `next` follows `previous` in their delivery.
    pub(super) fn link(&mut self, previous: AttemptIdx, next: AttemptIdx) {
        self.next_in_delivery[previous.index()] = Some(next);
    }
}

/// The whole records. Only what is selected, hovered or exported reads them, so that they can move to the file.
#[derive(Debug, Default)]
struct Details(Vec<Arc<Attempt>>);

impl Details {
    fn push(&mut self, record: Arc<Attempt>) {
        self.0.push(record);
    }

    fn get(&self, attempt_idx: AttemptIdx) -> &Arc<Attempt> {
        &self.0[attempt_idx.index()]
    }
}
