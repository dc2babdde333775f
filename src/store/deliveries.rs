//! The deliveries of a session: all attempts to bring the same events to the same action, and what came of them.
use std::collections::HashMap;
use std::fmt;

use super::attempts::{AttemptColumns, AttemptRow};
use super::ids::{AttemptIdx, DeliveryIdx, EventIdx};
use super::marks::Marks;
use super::names::NameId;
use crate::core::names::{Decision, DeliveryId};
use crate::core::record::{Attempt, Outcome};
use crate::core::time::Timestamp;

/// What has become of a delivery so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// The receiver has all of it.
    Delivered,
    /// The receiver acted on it more than once.
    DeliveredTwice,
    /// The receiver has some events of the batch, the others were given up.
    Partial,
    /// Another attempt is due.
    Pending,
    /// Given up.
    Dropped,
    /// Never meant for this destination.
    Filtered,
}

impl Fate {
    /// Every fate, best first, those that need a look last.
    pub const ALL: [Self; 6] =
        [Self::Delivered, Self::DeliveredTwice, Self::Partial, Self::Pending, Self::Dropped, Self::Filtered];
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Delivered => "delivered",
            Self::DeliveredTwice => "delivered twice",
            Self::Partial => "partly delivered",
            Self::Pending => "pending",
            Self::Dropped => "dropped",
            Self::Filtered => "filtered",
        })
    }
}

/// One delivery: one row of the timeline and of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Its name in the session.
    pub id: DeliveryId,
    /// Who gets it.
    pub destination: NameId,
    /// Which action.
    pub action: NameId,
    /// Name of its first event: `event` of a track call, else the call's type.
    pub event_name: NameId,
    /// Its first event, if the session has it.
    pub first_event: Option<EventIdx>,
    /// How many events it carries.
    pub n_events: usize,
    /// Its first attempt.
    pub first_attempt: AttemptIdx,
    /// Its latest attempt.
    pub last_attempt: AttemptIdx,
    /// How many attempts there were so far.
    pub n_attempts: u32,
    /// When the first attempt began.
    pub started_at: Timestamp,
    /// When the latest attempt ended.
    pub ended_at: Timestamp,
    /// When the next attempt is due, if there is to be one.
    pub next_attempt_at: Option<Timestamp>,
    /// The rule that decided: of the latest verdict other than delivered, if there is one.
    pub rule: NameId,
    /// What has become of it.
    pub fate: Fate,
    /// Marks of all its attempts.
    pub marks: Marks,
    /// How many of its events were delivered.
    pub n_delivered: usize,
    /// How many of its events were given up.
    pub n_dropped: usize,
    /// Token generations that its first attempt began with and its latest ended with.
    pub tokens: Option<(u32, u32)>,
}

impl Delivery {
    /// Whether it took more than one attempt.
    #[must_use]
    pub const fn is_retried(&self) -> bool {
        self.n_attempts > 1
    }

    /// Whether it carries several events.
    #[must_use]
    pub const fn is_batch(&self) -> bool {
        self.n_events > 1
    }

    fn begin(attempt: &Attempt, attempt_idx: AttemptIdx, row: &AttemptRow, first: FirstEvent) -> Self {
        Self {
            id: attempt.delivery.clone(),
            destination: first.destination,
            action: first.action,
            event_name: first.event_name,
            first_event: first.event,
            n_events: attempt.events.len(),
            first_attempt: attempt_idx,
            last_attempt: attempt_idx,
            n_attempts: 0,
            started_at: row.started_at,
            ended_at: row.ended_at,
            next_attempt_at: None,
            rule: row.rule,
            fate: Fate::Pending,
            marks: Marks::NONE,
            n_delivered: 0,
            n_dropped: 0,
            tokens: None,
        }
    }

    fn extend(&mut self, attempt: &Attempt, attempt_idx: AttemptIdx, row: &AttemptRow) {
        self.last_attempt = attempt_idx;
        self.n_attempts += 1;
        self.n_events = self.n_events.max(attempt.events.len());
        self.started_at = self.started_at.min(row.started_at);
        self.ended_at = self.ended_at.max(row.ended_at);
        self.next_attempt_at = row.next_attempt_at;
        if row.decision != Decision::Delivered {
            self.rule = row.rule;
        }
        self.marks = self.marks.with(row.marks);
        if let Some(token) = attempt.token {
            let first = self.tokens.map_or(token.generation_before, |(first, _)| first);
            self.tokens = Some((first, token.generation_after));
        }
        let (n_delivered, n_dropped) = settled_events(attempt);
        self.n_delivered += n_delivered;
        self.n_dropped += n_dropped;
        if row.decision == Decision::Discard {
            self.n_dropped = self.n_dropped.max(self.n_events.saturating_sub(self.n_delivered));
        }
        self.fate = self.fate_after(row);
    }

    fn fate_after(&self, row: &AttemptRow) -> Fate {
        if row.decision == Decision::Retry {
            return Fate::Pending;
        }
        if self.marks.has(Marks::DELIVERED_TWICE) {
            return Fate::DeliveredTwice;
        }
        match (row.decision, self.n_delivered, self.n_dropped) {
            (Decision::Filtered, 0, _) => Fate::Filtered,
            (_, _, 0) => Fate::Delivered,
            (_, 0, _) => Fate::Dropped,
            _ => Fate::Partial,
        }
    }
}

/// What a delivery takes from its first event and attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct FirstEvent {
    pub(super) destination: NameId,
    pub(super) action: NameId,
    pub(super) event_name: NameId,
    pub(super) event: Option<EventIdx>,
}

/// How many events of an attempt were delivered, and how many given up.
fn settled_events(attempt: &Attempt) -> (usize, usize) {
    if let Outcome::Multistatus(items) = &attempt.outcome {
        let count = |decision| items.iter().filter(|item| item.decision == decision).count();
        return (count(Decision::Delivered), count(Decision::Discard));
    }
    let n_events = attempt.events.len().max(1);
    match attempt.verdict.decision {
        Decision::Delivered => (n_events, 0),
        Decision::Discard => (0, n_events),
        Decision::Retry | Decision::Filtered => (0, 0),
    }
}

/// All deliveries, in the order in which they became known.
#[derive(Debug, Default)]
pub struct Deliveries {
    rows: Vec<Delivery>,
    by_id: HashMap<DeliveryId, DeliveryIdx>,
}

impl Deliveries {
    /// How many deliveries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Every position, in the order in which the deliveries became known.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = DeliveryIdx> + use<> {
        (0..self.len()).map(DeliveryIdx::new)
    }

    /// One delivery of this session.
    #[must_use]
    pub fn row(&self, delivery_idx: DeliveryIdx) -> &Delivery {
        &self.rows[delivery_idx.index()]
    }

    /// The delivery of that name.
    #[must_use]
    pub fn find(&self, id: &DeliveryId) -> Option<DeliveryIdx> {
        self.by_id.get(id).copied()
    }

    /// Where a delivery of that name is or will be.
    pub(super) fn position(&self, id: &DeliveryId) -> DeliveryIdx {
        self.find(id).unwrap_or_else(|| DeliveryIdx::new(self.len()))
    }

    /// Adds an attempt to its delivery, which begins with it if it is the first. The attempt stands in `columns`.
    pub(super) fn add(
        &mut self,
        attempt: &Attempt,
        attempt_idx: AttemptIdx,
        columns: &mut AttemptColumns,
        first: FirstEvent,
    ) {
        let row = columns.row(attempt_idx);
        if row.delivery.index() == self.rows.len() {
            self.by_id.insert(attempt.delivery.clone(), row.delivery);
            self.rows.push(Delivery::begin(attempt, attempt_idx, &row, first));
        } else {
            columns.link(self.row(row.delivery).last_attempt, attempt_idx);
        }
        self.rows[row.delivery.index()].extend(attempt, attempt_idx, &row);
    }
}
