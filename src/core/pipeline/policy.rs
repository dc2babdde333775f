//! When a delivery is tried again, and when no more.
use std::time::Duration;

use crate::core::names::closed_names;
use crate::core::time::Timestamp;

/// When and how often a delivery is tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Name of the preset that it was taken from, or `custom`.
    pub preset: String,
    /// How many attempts there are at most, the first one included; none means no limit.
    pub max_attempts: Option<u32>,
    /// How long after the first attempt the last one may start; none means no limit.
    pub max_elapsed: Option<Duration>,
    /// Which of the two ends a delivery.
    pub ends: Ends,
    /// The wait after the first attempt, after the second and so on, where there is a schedule; when it is used up, the
    /// delivery is over. Empty where waits double.
    pub waits: Vec<Duration>,
    /// Shortest first wait; doubled with each retry. A schedule takes its place.
    pub base_delay: Duration,
    /// Longest wait that doubling leads to.
    pub max_delay: Duration,
    /// How much of the wait is random: a wait w becomes something between w and w·(1 + jitter), so 2 makes it up to
    /// three times as long. The limit `max_delay` is applied last.
    pub jitter: f64,
    /// Whether a `Retry-After` of the remote is obeyed where it is longer. Segment's pipeline is not known to.
    pub honour_retry_after: bool,
}

closed_names! {
    /// Which limit ends a delivery that keeps failing.
    Ends {
        /// The one that is used up first.
        FirstLimit = "first-limit",
        /// The one that is used up last: both have to be.
        BothLimits = "both-limits",
    }
}

/// What the policy says after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The next attempt starts then.
    At(Timestamp),
    /// There is none.
    Over {
        /// The limit that is used up.
        limit: Limit,
        /// When the next attempt would have started.
        at: Timestamp,
    },
}

/// What ends a delivery that keeps failing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The number of attempts.
    Attempts,
    /// The time since the first attempt.
    Window,
}

impl Limit {
    /// What the fact `limit` says.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Window => "window",
        }
    }
}

impl Policy {
    /// When the attempt after number `attempt_number` (1 for the first) starts, seen from `now`, the end of that
    /// attempt. `random_unit` lies between 0 and 1 and decides the random share; `retry_after` is what the remote asked
    /// for.
    #[must_use]
    pub fn next_attempt(
        &self,
        attempt_number: u32,
        first_started_at: Timestamp,
        now: Timestamp,
        random_unit: f64,
        retry_after: Option<Duration>,
    ) -> Next {
        let asked = retry_after.filter(|_| self.honour_retry_after).unwrap_or_default();
        let at = now.saturating_add(self.wait(attempt_number, random_unit).max(asked));
        match self.limit_used_up(attempt_number, at.since(first_started_at)) {
            Some(limit) => Next::Over { limit, at },
            None => Next::At(at),
        }
    }

    /// The limit that forbids another attempt after number `attempt_number`, `elapsed` after the start of the first.
    fn limit_used_up(&self, attempt_number: u32, elapsed: Duration) -> Option<Limit> {
        let attempts = self.most_attempts().map(|most| attempt_number >= most);
        let window = self.max_elapsed.map(|window| elapsed > window);
        match self.ends {
            Ends::FirstLimit if attempts == Some(true) => Some(Limit::Attempts),
            Ends::FirstLimit => (window == Some(true)).then_some(Limit::Window),
            Ends::BothLimits if attempts == Some(false) || window == Some(false) => None,
            Ends::BothLimits => window.map(|_| Limit::Window).or(attempts.map(|_| Limit::Attempts)),
        }
    }

    /// How many attempts there are at most: what the policy says, or what its schedule has waits for.
    #[must_use]
    pub fn most_attempts(&self) -> Option<u32> {
        let scheduled = u32::try_from(self.waits.len()).unwrap_or(u32::MAX).checked_add(1).filter(|most| *most > 1);
        [self.max_attempts, scheduled].into_iter().flatten().min()
    }

    /// The wait after attempt number `attempt_number`, without what the remote asked for.
    #[must_use]
    pub fn wait(&self, attempt_number: u32, random_unit: f64) -> Duration {
        let retry_idx = attempt_number.saturating_sub(1);
        let (shortest, longest) = match usize::try_from(retry_idx).ok().and_then(|idx| self.waits.get(idx)) {
            Some(scheduled) => (*scheduled, Duration::MAX),
            None => (self.base_delay.saturating_mul(1_u32.checked_shl(retry_idx).unwrap_or(u32::MAX)), self.max_delay),
        };
        let factor = self.jitter.max(0.0).mul_add(random_unit.clamp(0.0, 1.0), 1.0);
        Duration::try_from_secs_f64(shortest.as_secs_f64() * factor).unwrap_or(Duration::MAX).min(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn waits_double_between_one_and_three_times_their_base_and_stop_at_the_cap() {
        let policy = Policy::default();
        for (number, random, wait) in [
            (1, 0.0, 60),
            (1, 1.0, 180),
            (2, 0.0, 120),
            (2, 0.5, 240),
            (4, 1.0, 1200),
            (40, 0.0, 1200),
            (u32::MAX, 1.0, 1200),
        ] {
            assert_eq!(policy.wait(number, random), secs(wait), "attempt {number}, dice {random}");
        }
    }

    #[test]
    fn the_window_closes_on_a_start_that_lies_behind_it() {
        let policy = Policy::default();
        let first = Timestamp::EPOCH;
        let just = first.saturating_add(secs(4 * 3600 - 1200));
        let next = policy.next_attempt(9, first, just, 0.0, None);
        assert_eq!(next, Next::At(first.saturating_add(secs(4 * 3600))));
        let late = just.saturating_add(Duration::from_nanos(1));
        let next = policy.next_attempt(9, first, late, 0.0, None);
        assert_eq!(next, Next::Over { limit: Limit::Window, at: late.saturating_add(secs(1200)) });
    }

    #[test]
    fn a_delivery_that_never_succeeds_ends_within_the_window() {
        let policy = Policy::default();
        let (mut now, mut number) = (Timestamp::EPOCH, 1);
        while let Next::At(at) = policy.next_attempt(number, Timestamp::EPOCH, now, 0.5, None) {
            (now, number) = (at, number + 1);
        }
        assert_eq!((number, now.since(Timestamp::EPOCH)), (15, secs(120 + 240 + 480 + 960 + 10 * 1200)));
    }

    #[test]
    fn functions_get_six_attempts() {
        let policy = Policy::preset("segment-functions").unwrap_or_default();
        let now = Timestamp::EPOCH;
        assert_eq!(policy.next_attempt(5, now, now, 0.0, None), Next::At(now.saturating_add(secs(960))));
        let over = policy.next_attempt(6, now, now, 0.0, None);
        assert!(matches!(over, Next::Over { limit: Limit::Attempts, .. }), "{over:?}");
    }

    #[test]
    fn a_retry_after_counts_only_where_it_is_honoured_and_longer() {
        let now = Timestamp::EPOCH;
        let mut policy = Policy::default();
        let at = |policy: &Policy, asked| policy.next_attempt(1, now, now, 0.0, Some(secs(asked)));
        assert_eq!(at(&policy, 300), Next::At(now.saturating_add(secs(60))));
        policy.honour_retry_after = true;
        assert_eq!(at(&policy, 300), Next::At(now.saturating_add(secs(300))));
        assert_eq!(at(&policy, 5), Next::At(now.saturating_add(secs(60))));
    }
}
