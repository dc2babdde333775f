//! Counts one run while its records come.
use std::time::Duration;

use super::histogram::Histogram;
use super::seed_run::{Figure, SeedRun};
use crate::core::names::{Decision, Purpose};
use crate::core::record::{Attempt, Outcome, Record};
use crate::core::time::Timestamp;

/// Takes the records of one run in the order in which they become known.
#[derive(Debug)]
pub struct RunMeter {
    run: SeedRun,
    started_at: Option<Timestamp>,
    ended_at: Timestamp,
    times: Histogram,
    requests: Starts,
    retries: Starts,
    refreshes: Starts,
}

impl RunMeter {
    /// For the run of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            run: SeedRun::new(seed),
            started_at: None,
            ended_at: Timestamp::EPOCH,
            times: Histogram::default(),
            requests: Starts::default(),
            retries: Starts::default(),
            refreshes: Starts::default(),
        }
    }

    /// Takes a record.
    pub fn take(&mut self, record: &Record) {
        match record {
            Record::Event(event) => {
                self.started_at.get_or_insert(event.received_at);
            }
            Record::Attempt(attempt) => self.take_attempt(attempt),
        }
    }

    fn take_attempt(&mut self, attempt: &Attempt) {
        self.ended_at = self.ended_at.max(attempt.ended_at);
        self.count(Figure::Attempts, 1);
        for exchange in &attempt.exchanges {
            self.requests.add(exchange.started_at);
            if exchange.purpose == Purpose::Refresh {
                self.refreshes.add(exchange.started_at);
            }
            if attempt.number > 1 {
                self.retries.add(exchange.started_at);
            }
        }
        let count = |decision: Decision| match &attempt.outcome {
            Outcome::Multistatus(items) => items.iter().filter(|item| item.decision == decision).count(),
            _ if attempt.verdict.decision == decision => attempt.events.len(),
            _ => 0,
        };
        let count = |decision| u64::try_from(count(decision)).unwrap_or(u64::MAX);
        let delivered = count(Decision::Delivered);
        self.count(Figure::Delivered, delivered);
        self.count(Figure::Dropped, count(Decision::Discard));
        self.count(Figure::Filtered, count(Decision::Filtered));
        let under_way = self.started_at.map_or(Duration::ZERO, |started_at| attempt.ended_at.since(started_at));
        self.times.add(under_way, delivered);
    }

    fn count(&mut self, figure: Figure, more: u64) {
        self.run.set(figure, self.run.get(figure) + more);
    }

    /// The run in figures, and how long after the start of the run each delivered event was delivered.
    #[must_use]
    pub fn finish(mut self) -> (SeedRun, Histogram) {
        let lasted = self.started_at.map_or(0, |started_at| self.ended_at.since(started_at).as_millis());
        let figures = [
            (Figure::Requests, self.requests.count()),
            (Figure::Refreshes, self.refreshes.count()),
            (Figure::PeakRequests, self.requests.peak()),
            (Figure::PeakRetries, self.retries.peak()),
            (Figure::PeakRefreshes, self.refreshes.peak()),
            (Figure::Lasted, u64::try_from(lasted).unwrap_or(u64::MAX)),
        ];
        for (figure, value) in figures {
            self.run.set(figure, value);
        }
        (self.run, self.times)
    }
}

/// When requests began.
#[derive(Debug, Default)]
struct Starts(Vec<Timestamp>);

impl Starts {
    fn add(&mut self, at: Timestamp) {
        self.0.push(at);
    }

    fn count(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    /// Most starts within any one second, the second's end not included.
    fn peak(&mut self) -> u64 {
        self.0.sort_unstable();
        let (mut first, mut most) = (0, 0);
        for (last, at) in self.0.iter().enumerate() {
            while at.since(self.0[first]) >= Duration::from_secs(1) {
                first += 1;
            }
            most = most.max(last - first + 1);
        }
        u64::try_from(most).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_is_the_fullest_second_wherever_it_begins() {
        let peak = |millis: &[i64]| {
            let mut starts = Starts::default();
            for millis in millis {
                starts.add(Timestamp::from_millis(*millis));
            }
            starts.peak()
        };
        assert_eq!(peak(&[]), 0);
        assert_eq!(peak(&[5_000]), 1);
        assert_eq!(peak(&[0, 1_000]), 1, "a second later is another second");
        assert_eq!(peak(&[0, 999]), 2);
        assert_eq!(peak(&[4_000, 0, 900, 1_800, 1_850]), 3, "not bound to full seconds, nor to order");
    }
}
