//! All runs together.
use super::histogram::{Histogram, nearest_rank};
use super::seed_run::{Figure, SeedRun};

/// What the runs of a plan under many seeds come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    runs: Vec<SeedRun>,
    failed: Vec<FailedRun>,
    times: Histogram,
}

/// A run that could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedRun {
    /// Its seed.
    pub seed: u64,
    /// Why, as a sentence.
    pub reason: String,
}

/// How one figure is spread over the runs, by nearest rank: each value is that of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spread {
    /// The least.
    pub least: u64,
    /// Half of the runs have no more.
    pub p50: u64,
    /// Nine of ten runs have no more.
    pub p90: u64,
    /// Ninety-nine of a hundred have no more.
    pub p99: u64,
    /// The most.
    pub most: u64,
    /// The first seed that has the most.
    pub most_at_seed: u64,
    /// The first seed that has the least.
    pub least_at_seed: u64,
}

impl Distribution {
    /// Takes a run that came to its end, with the times at which its events were delivered.
    pub fn add(&mut self, run: SeedRun, times: &Histogram) {
        let idx = self.runs.partition_point(|other| other.seed < run.seed);
        self.runs.insert(idx, run);
        self.times.merge(times);
    }

    /// Takes a run that did not.
    pub fn add_failed(&mut self, failed: FailedRun) {
        let idx = self.failed.partition_point(|other| other.seed < failed.seed);
        self.failed.insert(idx, failed);
    }

    /// Every run that came to its end, by seed.
    #[must_use]
    pub fn runs(&self) -> &[SeedRun] {
        &self.runs
    }

    /// Every run that did not, by seed.
    #[must_use]
    pub fn failed(&self) -> &[FailedRun] {
        &self.failed
    }

    /// How long after the start of its run each delivered event was delivered, all runs together.
    #[must_use]
    pub const fn time_to_delivery(&self) -> &Histogram {
        &self.times
    }

    /// How a figure is spread; none without a run.
    #[must_use]
    pub fn spread(&self, figure: Figure) -> Option<Spread> {
        let mut values: Vec<u64> = self.runs.iter().map(|run| run.get(figure)).collect();
        values.sort_unstable();
        let n = u64::try_from(values.len()).unwrap_or(u64::MAX);
        let at = |percent| {
            let rank = nearest_rank(n, percent).and_then(|rank| usize::try_from(rank).ok())?;
            values.get(rank - 1).copied()
        };
        let (least, most) = (at(0)?, at(100)?);
        let first_with = |value| self.runs.iter().find(|run| run.get(figure) == value).map(|run| run.seed);
        Some(Spread {
            least,
            p50: at(50)?,
            p90: at(90)?,
            p99: at(99)?,
            most,
            most_at_seed: first_with(most)?,
            least_at_seed: first_with(least)?,
        })
    }

    /// How often each value of a figure came up, least first: what a plot draws.
    #[must_use]
    pub fn counts(&self, figure: Figure) -> Vec<(u64, u64)> {
        let mut values: Vec<u64> = self.runs.iter().map(|run| run.get(figure)).collect();
        values.sort_unstable();
        values.chunk_by(|a, b| a == b).map(|same| (same[0], u64::try_from(same.len()).unwrap_or(u64::MAX))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u64, attempts: u64) -> SeedRun {
        let mut run = SeedRun::new(seed);
        run.set(Figure::Attempts, attempts);
        run
    }

    #[test]
    fn a_spread_names_values_that_came_up_and_the_seeds_at_its_ends() {
        let mut distribution = Distribution::default();
        assert_eq!(distribution.spread(Figure::Attempts), None);
        for (seed, attempts) in [(13, 7), (10, 2), (12, 9), (11, 2), (14, 9)] {
            distribution.add(run(seed, attempts), &Histogram::default());
        }
        assert_eq!(distribution.runs().iter().map(|run| run.seed).collect::<Vec<_>>(), [10, 11, 12, 13, 14]);
        let spread = Spread { least: 2, p50: 7, p90: 9, p99: 9, most: 9, most_at_seed: 12, least_at_seed: 10 };
        assert_eq!(distribution.spread(Figure::Attempts), Some(spread));
        assert_eq!(distribution.counts(Figure::Attempts), [(2, 2), (7, 1), (9, 2)]);
    }
}
