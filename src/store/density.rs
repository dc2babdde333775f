//! How many attempts of each verdict began when: the shape of the whole session, kept in a fixed number of buckets.
use super::activity::Span;
use crate::core::names::Decision;
use crate::core::time::Timestamp;

/// How many buckets there are at most; at least half of them are in use once the first doubling has happened.
const MAX_BUCKETS: usize = 4096;
/// Buckets begin at about a millisecond (2^20 nanoseconds) and double whenever the session outgrows them.
const FIRST_SHIFT: u32 = 20;

/// How many attempts of each decision, in the order of [`Decision::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally([u32; 4]);

impl Tally {
    /// Attempts of one decision.
    #[must_use]
    pub fn of(&self, decision: Decision) -> u32 {
        self.0[decision as usize]
    }

    /// All attempts.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(other.0) {
            *count = count.saturating_add(more);
        }
    }

    fn count(&mut self, decision: Decision) {
        let count = &mut self.0[decision as usize];
        *count = count.saturating_add(1);
    }
}

/// The histogram. Bucket `i` holds the attempts that began in `[(first + i) << shift, (first + i + 1) << shift)`
/// nanoseconds, so that doubling the width joins pairs and moves no attempt to another place.
#[derive(Clone, Debug)]
pub struct Density {
    shift: u32,
    first: i64,
    buckets: Vec<Tally>,
}

impl Default for Density {
    fn default() -> Self {
        Self { shift: FIRST_SHIFT, first: 0, buckets: Vec::new() }
    }
}

impl Density {
    /// Counts an attempt.
    pub(super) fn push(&mut self, started_at: Timestamp, decision: Decision) {
        let nanos = started_at.as_nanos();
        if self.buckets.is_empty() {
            self.first = nanos >> self.shift;
        }
        loop {
            let bucket = nanos >> self.shift;
            let end = self.first + i64::try_from(self.buckets.len()).unwrap_or(i64::MAX);
            let (low, high) = (self.first.min(bucket), end.max(bucket + 1));
            if let Some(n_buckets) = usize::try_from(high - low).ok().filter(|wanted| *wanted <= MAX_BUCKETS) {
                self.cover(low, n_buckets);
                break;
            }
            self.double();
        }
        let at = (nanos >> self.shift) - self.first;
        if let Some(tally) = usize::try_from(at).ok().and_then(|at| self.buckets.get_mut(at)) {
            tally.count(decision);
        }
    }

    /// The histogram over a span in `n_columns` equal columns. A bucket counts where its middle lies.
    #[must_use]
    pub fn columns(&self, span: Span, n_columns: usize) -> Vec<Tally> {
        let mut columns = vec![Tally::default(); n_columns];
        let (start, end) = (i128::from(span.start.as_nanos()), i128::from(span.end.as_nanos()));
        let length = (end - start).max(1);
        let half = (1_i128 << self.shift) / 2;
        for (bucket, tally) in (self.first..).zip(&self.buckets) {
            let middle = (i128::from(bucket) << self.shift) + half;
            let column = (middle.clamp(start, end) - start) * i128::try_from(n_columns).unwrap_or(0) / length;
            let last = n_columns.saturating_sub(1);
            if let Some(into) = columns.get_mut(usize::try_from(column).unwrap_or(last).min(last)) {
                into.add(tally);
            }
        }
        columns
    }

    fn cover(&mut self, low: i64, n_buckets: usize) {
        let n_before = usize::try_from(self.first - low).unwrap_or(0);
        if n_before > 0 {
            self.buckets.splice(0..0, std::iter::repeat_n(Tally::default(), n_before));
            self.first = low;
        }
        self.buckets.resize(n_buckets.max(self.buckets.len()), Tally::default());
    }

    fn double(&mut self) {
        let first = self.first >> 1;
        let mut buckets = vec![Tally::default(); self.buckets.len() / 2 + 1];
        for (bucket, tally) in (self.first..).zip(&self.buckets) {
            let at = usize::try_from((bucket >> 1) - first).unwrap_or(0);
            if let Some(into) = buckets.get_mut(at) {
                into.add(tally);
            }
        }
        *self = Self { shift: self.shift + 1, first, buckets };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(number: i64) -> Timestamp {
        Timestamp::from_millis(number * 1_000)
    }

    #[test]
    fn columns_sum_to_the_attempts_whatever_the_width() {
        let mut density = Density::default();
        let mut starts: Vec<i64> = (0..10_000).map(|number| (number * 7_919) % 100_000).collect();
        starts.push(-500_000);
        for start in &starts {
            density.push(second(*start), if start % 3 == 0 { Decision::Retry } else { Decision::Delivered });
        }
        assert!(density.buckets.len() <= MAX_BUCKETS);
        let n_retries = starts.iter().filter(|start| *start % 3 == 0).count();
        for n_columns in [1, 7, 140, 1400] {
            let columns = density.columns(Span { start: second(-500_000), end: second(100_000) }, n_columns);
            let total: u32 = columns.iter().map(Tally::total).sum();
            let retries: u32 = columns.iter().map(|tally| tally.of(Decision::Retry)).sum();
            assert_eq!((total as usize, retries as usize), (starts.len(), n_retries), "{n_columns} columns");
        }
    }

    #[test]
    fn attempts_stand_in_the_column_of_their_time() {
        let mut density = Density::default();
        for start in [0, 0, 60, 99] {
            density.push(second(start), Decision::Delivered);
        }
        let columns = density.columns(Span { start: second(0), end: second(100) }, 10);
        let totals: Vec<u32> = columns.iter().map(Tally::total).collect();
        assert_eq!(totals, [2, 0, 0, 0, 0, 0, 1, 0, 0, 1]);
    }

    #[test]
    fn the_ends_of_time_do_no_harm() {
        let mut density = Density::default();
        for nanos in [i64::MAX, i64::MIN, 0] {
            density.push(Timestamp::from_nanos(nanos), Decision::Discard);
        }
        let whole = Span { start: Timestamp::from_nanos(i64::MIN), end: Timestamp::from_nanos(i64::MAX) };
        let total: u32 = density.columns(whole, 100).iter().map(Tally::total).sum();
        assert_eq!(total, 3);
    }
}
