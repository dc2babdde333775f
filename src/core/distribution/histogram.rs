//! How often lengths of time came up, from a microsecond to years, to better than one part in a hundred.
use std::collections::BTreeMap;
use std::time::Duration;

/// Each doubling has so many buckets; below that many microseconds every one has its own.
const STEPS: u64 = 128;

/// Lengths of time by how often they came up. Merging is the same in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    counts: BTreeMap<u64, u64>,
    n: u64,
    most: Duration,
}

/// Lengths of nearly the same size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The shortest that counts here.
    pub from: Duration,
    /// The shortest that counts in the next one.
    pub to: Duration,
    /// How many there are.
    pub count: u64,
}

impl Histogram {
    /// Counts `count` times the same length.
    pub fn add(&mut self, length: Duration, count: u64) {
        if count > 0 {
            *self.counts.entry(bucket_of(length)).or_default() += count;
            self.n += count;
            self.most = self.most.max(length);
        }
    }

    /// Counts everything that another one has counted.
    pub fn merge(&mut self, other: &Self) {
        for (bucket, count) in &other.counts {
            *self.counts.entry(*bucket).or_default() += count;
        }
        self.n += other.n;
        self.most = self.most.max(other.most);
    }

    /// How many lengths were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.n
    }

    /// The longest, exactly; zero if there is none.
    #[must_use]
    pub const fn most(&self) -> Duration {
        self.most
    }

    /// The length that `percent` of a hundred do not exceed, less than one part in a hundred too long; none if nothing was
    /// counted.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<Duration> {
        let rank = nearest_rank(self.n, percent)?;
        let mut below = 0;
        let bucket = self.counts.iter().find(|(_, count)| {
            below += **count;
            below >= rank
        });
        let (bucket, _) = bucket?;
        Some(Duration::from_micros(start_of(bucket + 1).saturating_sub(1)).min(self.most))
    }

    /// What was counted, shortest first, without what is empty.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        let micros = |bucket| Duration::from_micros(start_of(bucket));
        self.counts.iter().map(move |(bucket, count)| Bucket {
            from: micros(*bucket),
            to: micros(bucket + 1),
            count: *count,
        })
    }
}

/// Which of `n` values in order, counted from 1, is the least that `percent` of a hundred of them do not exceed.
pub(super) fn nearest_rank(n: u64, percent: u64) -> Option<u64> {
    let rank = u64::try_from((u128::from(n) * u128::from(percent)).div_ceil(100)).unwrap_or(n);
    (n > 0).then(|| rank.clamp(1, n))
}

fn bucket_of(length: Duration) -> u64 {
    let micros = u64::try_from(length.as_micros()).unwrap_or(u64::MAX);
    let doublings = u64::from((micros / STEPS).checked_ilog2().map_or(0, |log| log + 1));
    match doublings {
        0 => micros,
        _ => doublings * STEPS + (micros >> (doublings - 1)) - STEPS,
    }
}

/// The shortest length of a bucket, in microseconds.
fn start_of(bucket: u64) -> u64 {
    match bucket / STEPS {
        0 => bucket,
        doublings => {
            let start = u128::from(STEPS + bucket % STEPS) << (doublings - 1);
            u64::try_from(start).unwrap_or(u64::MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_list() {
        let mut histogram = Histogram::default();
        for millis in (1..=100).rev() {
            histogram.add(Duration::from_micros(millis), 1);
        }
        for percent in [1, 50, 90, 99, 100] {
            assert_eq!(histogram.percentile(percent), Some(Duration::from_micros(percent)));
        }
        assert_eq!(histogram.percentile(0), Some(Duration::from_micros(1)), "the least");
        assert_eq!((histogram.count(), histogram.most()), (100, Duration::from_micros(100)));
        assert_eq!(Histogram::default().percentile(50), None);
    }

    proptest! {
        #[test]
        fn a_bucket_holds_its_lengths_to_one_part_in_a_hundred(micros in 0..u64::MAX) {
            let bucket = bucket_of(Duration::from_micros(micros));
            let (from, to) = (start_of(bucket), start_of(bucket + 1));
            prop_assert!(from <= micros && micros < to, "{from} {micros} {to}");
            prop_assert!(to - from <= from / 100 + 1, "{from} {to}");
        }

        #[test]
        fn a_percentile_is_at_most_one_part_in_a_hundred_too_long(
            mut millis in proptest::collection::vec(0..20_000_000_u64, 1..200),
            percent in 0..=100_u64,
        ) {
            let mut histogram = Histogram::default();
            for millis in &millis {
                histogram.add(Duration::from_millis(*millis), 1);
            }
            millis.sort_unstable();
            let rank = usize::try_from(nearest_rank(histogram.count(), percent).unwrap()).unwrap();
            let exact = Duration::from_millis(millis[rank - 1]);
            let said = histogram.percentile(percent).unwrap();
            prop_assert!(exact <= said && said <= exact + exact / 100, "{exact:?} {said:?}");
        }

        #[test]
        fn merging_is_counting_all(
            first in proptest::collection::vec(0..10_000_000_u64, 0..50),
            second in proptest::collection::vec(0..10_000_000_u64, 0..50),
        ) {
            let of = |millis: &[u64]| {
                let mut histogram = Histogram::default();
                for millis in millis {
                    histogram.add(Duration::from_millis(*millis), 1);
                }
                histogram
            };
            let mut merged = of(&second);
            merged.merge(&of(&first));
            prop_assert_eq!(merged, of(&[first, second].concat()));
        }
    }
}
