//! When anything happened at all: what the timeline needs to know to fold away long stretches with nothing in them.
use std::collections::BTreeMap;
use std::time::Duration;

use crate::core::time::Timestamp;

/// How many busy stretches are told apart at most.
const MAX_STRETCHES: usize = 1024;
/// Stretches closer than this are one, to begin with.
const FIRST_TOLERANCE_NANOS: i64 = 1_000_000;

/// A span of time, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First instant.
    pub start: Timestamp,
    /// Last instant, never before the first.
    pub end: Timestamp,
}

/// The busy stretches of a session: where at least one attempt ran. Their ends are exact; when there are too many of
/// them, those that lie closest are joined, so that the longest idle stretches are always known.
#[derive(Clone, Debug)]
pub struct Activity {
    stretches: BTreeMap<Timestamp, Timestamp>,
    n_attempts: usize,
    shortest_step: Option<Duration>,
    tolerance_nanos: i64,
}

impl Default for Activity {
    fn default() -> Self {
        Self { stretches: BTreeMap::new(), n_attempts: 0, shortest_step: None, tolerance_nanos: FIRST_TOLERANCE_NANOS }
    }
}

impl Activity {
    /// From the first instant to the last.
    #[must_use]
    pub fn range(&self) -> Option<Span> {
        let (&start, _) = self.stretches.first_key_value()?;
        let (_, &end) = self.stretches.last_key_value()?;
        Some(Span { start, end })
    }

    /// The idle stretches between the busy ones, in order.
    pub fn gaps(&self) -> impl Iterator<Item = Span> {
        let starts = self.stretches.keys().skip(1);
        self.stretches.values().zip(starts).map(|(&end, &start)| Span { start: end, end: start })
    }

    /// How many attempts there were.
    #[must_use]
    pub fn n_attempts(&self) -> usize {
        self.n_attempts
    }

    /// The shortest time from the start of an attempt to the start of the next one of the same delivery.
    #[must_use]
    pub fn shortest_step(&self) -> Option<Duration> {
        self.shortest_step
    }

    /// Adds the time of an attempt, and how long after the one before it in its delivery it began.
    pub fn push(&mut self, busy: Span, step: Option<Duration>) {
        self.n_attempts += 1;
        self.shortest_step = self.shortest_step.into_iter().chain(step).min();
        let Span { mut start, mut end } = busy;
        if self.prolong_last(busy) {
            return;
        }
        let reach = end.as_nanos().saturating_add(self.tolerance_nanos);
        while let Some((&other_start, &other_end)) = self.stretches.range(..=Timestamp::from_nanos(reach)).next_back() {
            if other_end.as_nanos().saturating_add(self.tolerance_nanos) < start.as_nanos() {
                break;
            }
            self.stretches.remove(&other_start);
            start = start.min(other_start);
            end = end.max(other_end);
        }
        self.stretches.insert(start, end);
        while self.stretches.len() > MAX_STRETCHES {
            self.tolerance_nanos = self.tolerance_nanos.saturating_mul(2);
            self.join_neighbours();
        }
    }

    /// Whether it begins in the last stretch, as nearly all do, and so is a part of it now.
    fn prolong_last(&mut self, busy: Span) -> bool {
        let Some(mut last) = self.stretches.last_entry() else { return false };
        let reach = last.get().as_nanos().saturating_add(self.tolerance_nanos);
        let begins_in_it = *last.key() <= busy.start && busy.start.as_nanos() <= reach;
        if begins_in_it {
            let end = last.get_mut();
            *end = busy.end.max(*end);
        }
        begins_in_it
    }

    fn join_neighbours(&mut self) {
        let mut joined: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(self.stretches.len());
        for (&start, &end) in &self.stretches {
            match joined.last_mut() {
                Some(last) if last.1.as_nanos().saturating_add(self.tolerance_nanos) >= start.as_nanos() => {
                    last.1 = end;
                }
                _ => joined.push((start, end)),
            }
        }
        self.stretches = joined.into_iter().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64) -> Span {
        Span { start: Timestamp::from_millis(start), end: Timestamp::from_millis(end) }
    }

    fn gaps_after(pushed: &[Span]) -> Vec<Span> {
        let mut activity = Activity::default();
        for busy in pushed {
            activity.push(*busy, None);
        }
        activity.gaps().collect()
    }

    #[test]
    fn gaps_lie_between_what_does_not_overlap() {
        for (pushed, gaps) in [
            (vec![], vec![]),
            (vec![span(0, 10)], vec![]),
            (vec![span(0, 10), span(100, 110)], vec![span(10, 100)]),
            (vec![span(100, 110), span(0, 10)], vec![span(10, 100)]),
            (vec![span(0, 10), span(100, 110), span(5, 105)], vec![]),
            (vec![span(0, 100), span(10, 20), span(200, 210)], vec![span(100, 200)]),
            (vec![span(0, 10), span(50, 60), span(100, 110), span(9, 51)], vec![span(60, 100)]),
        ] {
            assert_eq!(gaps_after(&pushed), gaps, "{pushed:?}");
        }
    }

    #[test]
    fn however_many_stretches_there_are_the_longest_gap_stays_exact() {
        let mut pushed: Vec<_> = (0..5_000).map(|number| span(number * 10, number * 10 + 1)).collect();
        pushed.push(span(10_000_000, 10_000_001));
        let gaps = gaps_after(&pushed);
        assert!(gaps.len() < MAX_STRETCHES);
        assert_eq!(gaps.last(), Some(&span(49_991, 10_000_000)));
    }
}
