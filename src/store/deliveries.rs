//! The deliveries of a session: all attempts to bring the same events to the same action, and what came of them.
use std::fmt;

use super::attempts::{AttemptColumns, AttemptRow};
use super::brief::{AttemptBrief, Items};
use super::column::Column;
use super::ids::{AttemptIdx, DeliveryIdx};
use super::interner::Interner;
use super::marks::Marks;
use super::names::NameId;
use crate::core::names::Decision;
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

/// What many deliveries have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryShape {
    /// Who gets it.
    pub destination: NameId,
    /// Which action.
    pub action: NameId,
    /// Name of its first event: `event` of a track call, else the call's type.
    pub event_name: NameId,
    /// How many events it carries.
    pub n_events: usize,
    /// How many attempts there were so far.
    pub n_attempts: u32,
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

/// One delivery: one row of the timeline and of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delivery {
    shape: DeliveryShape,
    /// Its first attempt.
    pub first_attempt: AttemptIdx,
    /// Its latest attempt.
    pub last_attempt: AttemptIdx,
    /// When the first attempt began.
    pub started_at: Timestamp,
    /// When the latest attempt ended.
    pub ended_at: Timestamp,
    /// When the next attempt is due, if there is to be one.
    pub next_attempt_at: Option<Timestamp>,
}

impl std::ops::Deref for Delivery {
    type Target = DeliveryShape;

    fn deref(&self) -> &DeliveryShape {
        &self.shape
    }
}

impl DeliveryShape {
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

    fn begin(attempt: &AttemptBrief<'_>, row: &AttemptRow, first: FirstEvent) -> Self {
        Self {
            destination: first.destination,
            action: first.action,
            event_name: first.event_name,
            n_events: attempt.n_events,
            n_attempts: 0,
            rule: row.rule,
            fate: Fate::Pending,
            marks: Marks::NONE,
            n_delivered: 0,
            n_dropped: 0,
            tokens: None,
        }
    }

    fn extend(&mut self, attempt: &AttemptBrief<'_>, row: &AttemptRow) {
        self.n_attempts = self.n_attempts.saturating_add(1);
        self.n_events = self.n_events.max(attempt.n_events);
        if row.decision != Decision::Delivered {
            self.rule = row.rule;
        }
        self.marks = self.marks.with(row.marks);
        if let Some(token) = attempt.token {
            let first = self.tokens.map_or(token.generation_before, |(first, _)| first);
            self.tokens = Some((first, token.generation_after));
        }
        let Items { n_delivered, n_discarded } = attempt.settled();
        self.n_delivered += n_delivered;
        self.n_dropped += n_discarded;
        if row.decision == Decision::Discard {
            self.n_dropped = self.n_dropped.max(self.n_events.saturating_sub(self.n_delivered));
        }
        self.fate = self.fate_after(row);
    }

    fn fate_after(&self, row: &AttemptRow) -> Fate {
        // Of a stream's batch nothing is tried again: what failed goes on in other batches.
        let is_split = row.next_attempt_at.is_none() && self.n_delivered + self.n_dropped > 0;
        if row.decision == Decision::Retry && !is_split {
            return Fate::Pending;
        }
        if self.marks.has(Marks::DELIVERED_TWICE) {
            return Fate::DeliveredTwice;
        }
        match (row.decision, self.n_delivered, self.n_dropped) {
            (Decision::Filtered, 0, _) => Fate::Filtered,
            (Decision::Retry, ..) => Fate::Partial,
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
}

/// All deliveries, in the order in which they became known.
#[derive(Clone, Debug, Default)]
pub struct Deliveries {
    /// First and latest attempt.
    ends: Column<(AttemptIdx, AttemptIdx)>,
    shape: Column<u32>,
    shapes: Interner<DeliveryShape>,
}

impl Deliveries {
    /// How many deliveries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every position, in the order in which the deliveries became known.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = DeliveryIdx> + use<> {
        (0..self.len()).map(DeliveryIdx::new)
    }

    /// One delivery of this session, whose attempts stand in `columns`.
    pub(super) fn row(&self, delivery_idx: DeliveryIdx, columns: &AttemptColumns) -> Delivery {
        let (first_attempt, last_attempt) = self.ends(delivery_idx);
        Delivery {
            shape: self.shape(delivery_idx),
            first_attempt,
            last_attempt,
            started_at: columns.started_at(first_attempt),
            ended_at: columns.ended_at(last_attempt),
            next_attempt_at: columns.next_attempt_at(last_attempt),
        }
    }

    /// Its first and its latest attempt.
    pub(super) fn ends(&self, delivery_idx: DeliveryIdx) -> (AttemptIdx, AttemptIdx) {
        self.ends.get(delivery_idx.index()).copied().unwrap_or((AttemptIdx::LAST, AttemptIdx::LAST))
    }

    /// How many began before that attempt. Deliveries are in the order of their first attempts.
    pub(super) fn n_begun_before(&self, attempt_idx: AttemptIdx) -> usize {
        self.ends.partition_point(|(first, _)| *first < attempt_idx)
    }

    /// What a delivery has in common with others; cheaper than all of it.
    #[must_use]
    pub fn shape(&self, delivery_idx: DeliveryIdx) -> DeliveryShape {
        let shape = self.shape.get(delivery_idx.index()).and_then(|shape| self.shapes.get(*shape));
        shape.unwrap_or(DeliveryShape::NONE)
    }

    /// Adds an attempt to its delivery, which begins with it if it is the first. Gives what the delivery was before, and
    /// what it is now.
    pub(super) fn add(
        &mut self,
        attempt: &AttemptBrief<'_>,
        attempt_idx: AttemptIdx,
        row: &AttemptRow,
        first: FirstEvent,
    ) -> (Option<(AttemptIdx, DeliveryShape)>, DeliveryShape) {
        let at = row.delivery.index();
        if at >= self.len() {
            let mut shape = DeliveryShape::begin(attempt, row, first);
            shape.extend(attempt, row);
            self.ends.push((attempt_idx, attempt_idx));
            self.shape.push(self.shapes.intern(shape));
            return (None, shape);
        }
        let (before, (first_attempt, previous)) = (self.shape(row.delivery), self.ends(row.delivery));
        let mut shape = before;
        shape.extend(attempt, row);
        self.ends.set(at, (first_attempt, attempt_idx));
        self.shape.set(at, self.shapes.intern(shape));
        (Some((previous, before)), shape)
    }

    /// Adds marks to a delivery. Gives what it was before, and what it is now.
    pub(super) fn mark(&mut self, delivery_idx: DeliveryIdx, marks: Marks) -> (DeliveryShape, DeliveryShape) {
        let before = self.shape(delivery_idx);
        let now = DeliveryShape { marks: before.marks.with(marks), ..before };
        self.shape.set(delivery_idx.index(), self.shapes.intern(now));
        (before, now)
    }
}

impl DeliveryShape {
    const NONE: Self = Self {
        destination: NameId::EMPTY,
        action: NameId::EMPTY,
        event_name: NameId::EMPTY,
        n_events: 0,
        n_attempts: 0,
        rule: NameId::EMPTY,
        fate: Fate::Pending,
        marks: Marks::NONE,
        n_delivered: 0,
        n_dropped: 0,
        tokens: None,
    };
}
