//! The attempts of a session as columns: what every zoom level, filter and table needs, apart from the details.
use std::time::Duration;

use super::column::Column;
use super::ids::{AttemptIdx, DeliveryIdx};
use super::interner::Interner;
use super::marks::{Marks, Status};
use super::names::NameId;
use crate::core::names::Decision;
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

/// What many attempts have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) number: u32,
    pub(super) decision: Decision,
    pub(super) status: Status,
    pub(super) marks: Marks,
    pub(super) rule: NameId,
    pub(super) error: NameId,
}

/// All attempts, a column for each field, in the order in which they became known.
#[derive(Clone, Debug, Default)]
pub struct AttemptColumns {
    started_at: Column<Timestamp>,
    lasted: Column<Lasted>,
    /// Ends that [`Lasted`] has no room for.
    odd_ends: Column<Timestamp>,
    delivery: Column<DeliveryIdx>,
    next_in_delivery: Column<Link>,
    shape: Column<u32>,
    shapes: Interner<Shape>,
    /// Attempts after which another is due, in order, and when.
    retried: Column<AttemptIdx>,
    next_attempt_at: Column<Timestamp>,
    /// Attempts before which events became known, in order, and how many events there were then.
    after_events: Column<(AttemptIdx, u32)>,
}

impl AttemptColumns {
    /// How many attempts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shape.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every position, in the order in which the attempts became known.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = AttemptIdx> + use<> {
        (0..self.len()).map(AttemptIdx::new)
    }

    /// One attempt of this session.
    #[must_use]
    pub fn row(&self, attempt_idx: AttemptIdx) -> AttemptRow {
        let shape = self.shape(attempt_idx);
        AttemptRow {
            delivery: self.delivery(attempt_idx),
            number: shape.number,
            started_at: self.started_at(attempt_idx),
            ended_at: self.ended_at(attempt_idx),
            next_attempt_at: self.next_attempt_at(attempt_idx),
            decision: shape.decision,
            status: shape.status,
            marks: shape.marks,
            rule: shape.rule,
            error: shape.error,
        }
    }

    /// What an attempt has in common with others; much cheaper than all of it, for which others are searched through.
    pub(super) fn shape(&self, attempt_idx: AttemptIdx) -> Shape {
        let shape = self.shape.get(attempt_idx.index()).and_then(|shape| self.shapes.get(*shape));
        shape.unwrap_or(Shape::NONE)
    }

    /// Refreshes and duplicates of an attempt.
    #[must_use]
    pub fn marks(&self, attempt_idx: AttemptIdx) -> Marks {
        self.shape(attempt_idx).marks
    }

    /// The delivery that an attempt belongs to.
    pub(super) fn delivery(&self, attempt_idx: AttemptIdx) -> DeliveryIdx {
        self.delivery.get(attempt_idx.index()).copied().unwrap_or(DeliveryIdx::new(0))
    }

    /// When an attempt began.
    #[must_use]
    pub fn started_at(&self, attempt_idx: AttemptIdx) -> Timestamp {
        self.started_at.get(attempt_idx.index()).copied().unwrap_or_default()
    }

    /// When an attempt ended.
    #[must_use]
    pub fn ended_at(&self, attempt_idx: AttemptIdx) -> Timestamp {
        let started_at = self.started_at(attempt_idx);
        match self.lasted.get(attempt_idx.index()).map(|lasted| lasted.length()) {
            Some(Ok(length)) => started_at.saturating_add(length),
            Some(Err(odd)) => self.odd_ends.get(odd).copied().unwrap_or(started_at),
            None => started_at,
        }
    }

    /// When the attempt after it is due, if there is to be one.
    #[must_use]
    pub fn next_attempt_at(&self, attempt_idx: AttemptIdx) -> Option<Timestamp> {
        let at = self.retried.partition_point(|retried| *retried < attempt_idx);
        self.retried.get(at).filter(|retried| **retried == attempt_idx)?;
        self.next_attempt_at.get(at).copied()
    }

    /// The attempt of the same delivery that became known after this one.
    #[must_use]
    pub fn next_in_delivery(&self, attempt_idx: AttemptIdx) -> Option<AttemptIdx> {
        self.next_in_delivery.get(attempt_idx.index())?.to()
    }

    /// How many events had become known before this attempt.
    pub(super) fn n_events_before(&self, attempt_idx: AttemptIdx) -> usize {
        let n_changes = self.after_events.partition_point(|(since, _)| *since <= attempt_idx);
        let change = n_changes.checked_sub(1).and_then(|change| self.after_events.get(change));
        change.map_or(0, |(_, n_events)| *n_events as usize)
    }

    /// Appends an attempt that became known after `n_events_before` events.
    pub(super) fn push(&mut self, row: AttemptRow, n_events_before: usize) -> AttemptIdx {
        let AttemptRow { number, decision, status, marks, rule, error, .. } = row;
        let attempt_idx = AttemptIdx::new(self.len());
        let n_events = u32::try_from(n_events_before).unwrap_or(u32::MAX);
        let last_change = self.after_events.len().checked_sub(1).and_then(|last| self.after_events.get(last));
        if last_change.map_or(0, |(_, n_events)| *n_events) != n_events {
            self.after_events.push((attempt_idx, n_events));
        }
        self.started_at.push(row.started_at);
        self.lasted.push(Lasted::of(row.ended_at.since(row.started_at)).unwrap_or_else(|| {
            self.odd_ends.push(row.ended_at);
            Lasted::odd(self.odd_ends.len() - 1)
        }));
        self.delivery.push(row.delivery);
        self.next_in_delivery.push(Link::NONE);
        self.shape.push(self.shapes.intern(Shape { number, decision, status, marks, rule, error }));
        if let Some(next_attempt_at) = row.next_attempt_at {
            self.retried.push(attempt_idx);
            self.next_attempt_at.push(next_attempt_at);
        }
        attempt_idx
    }

    /// Adds marks to an attempt.
    pub(super) fn mark(&mut self, attempt_idx: AttemptIdx, marks: Marks) {
        let at = attempt_idx.index();
        if let Some(shape) = self.shape.get(at).and_then(|shape| self.shapes.get(*shape)) {
            self.shape.set(at, self.shapes.intern(Shape { marks: shape.marks.with(marks), ..shape }));
        }
    }

    /// Says that `next` follows `previous` in their delivery.
    pub(super) fn link(&mut self, previous: AttemptIdx, next: AttemptIdx) {
        self.next_in_delivery.set(previous.index(), Link(next));
    }
}

impl Shape {
    const NONE: Self = Self {
        number: 1,
        decision: Decision::Filtered,
        status: Status::None,
        marks: Marks::NONE,
        rule: NameId::EMPTY,
        error: NameId::EMPTY,
    };
}

/// The attempt that follows, or none, in four bytes.
#[derive(Clone, Copy, Debug)]
struct Link(AttemptIdx);

impl Link {
    const NONE: Self = Self(AttemptIdx::LAST);

    fn to(self) -> Option<AttemptIdx> {
        (self.0 != AttemptIdx::LAST).then_some(self.0)
    }
}

/// How long an attempt lasted, in four bytes: nanoseconds, whole microseconds, or where else the end is kept.
#[derive(Clone, Copy, Debug)]
struct Lasted(u32);

impl Lasted {
    const MICROS: u32 = 1 << 30;
    const ODD: u32 = 1 << 31;

    /// Lengths below a second are exact to the nanosecond, those below 17 minutes to the microsecond; there is no room for
    /// others.
    fn of(length: Duration) -> Option<Self> {
        let nanos = length.as_nanos();
        let (unit, count) = match nanos {
            0..0x4000_0000 => (0, nanos),
            _ if nanos.is_multiple_of(1_000) => (Self::MICROS, nanos / 1_000),
            _ => return None,
        };
        u32::try_from(count).ok().filter(|count| *count < Self::MICROS).map(|count| Self(unit | count))
    }

    fn odd(index: usize) -> Self {
        Self(Self::ODD | u32::try_from(index).unwrap_or(u32::MAX))
    }

    /// The length, or which of the odd ends is meant.
    fn length(self) -> Result<Duration, usize> {
        let count = self.0 & (Self::MICROS - 1);
        if self.0 & Self::ODD != 0 {
            Err((self.0 & !Self::ODD) as usize)
        } else if self.0 & Self::MICROS != 0 {
            Ok(Duration::from_micros(u64::from(count)))
        } else {
            Ok(Duration::from_nanos(u64::from(count)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows() -> impl Strategy<Value = Vec<(AttemptRow, usize)>> {
        let lasted = prop_oneof![
            0..3_000_000_000_u64,
            (0..3_000_000_000_000_u64).prop_map(|us| us / 1_000 * 1_000),
            any::<u64>()
        ];
        let row = (any::<i64>(), lasted, prop::option::of(any::<i64>()), 1..3_u32, 0..2_usize);
        prop::collection::vec(row, 0..100).prop_map(|rows| {
            let rows = rows.into_iter().map(|(start, lasted, next, number, n_events)| {
                let started_at = Timestamp::from_nanos(start);
                let row = AttemptRow {
                    delivery: DeliveryIdx::new(number as usize),
                    number,
                    started_at,
                    ended_at: started_at.saturating_add(Duration::from_nanos(lasted)),
                    next_attempt_at: next.map(Timestamp::from_nanos),
                    decision: Decision::Retry,
                    status: Status::Wire(u16::try_from(number).unwrap()),
                    marks: Marks::REFRESHED,
                    rule: NameId::EMPTY,
                    error: NameId::EMPTY,
                };
                (row, n_events)
            });
            rows.collect()
        })
    }

    proptest! {
        #[test]
        fn rows_come_out_as_they_went_in(rows in rows()) {
            let (mut columns, mut n_events, mut before) = (AttemptColumns::default(), 0, Vec::new());
            for (row, n_more) in &rows {
                n_events += n_more;
                before.push(n_events);
                columns.push(*row, n_events);
            }
            for (idx, (row, _)) in columns.indices().zip(&rows) {
                prop_assert_eq!(columns.row(idx), *row);
                prop_assert_eq!(columns.n_events_before(idx), before[idx.index()]);
                prop_assert_eq!(columns.next_in_delivery(idx), None);
            }
        }
    }
}
