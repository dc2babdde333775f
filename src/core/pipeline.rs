//! The outer pipeline's retry policy: how long to wait after a failed attempt, and when to give up. What is retried at
//! all is for the rules to say.
use std::time::Duration;

use super::time::Timestamp;

/// When and how often a delivery is tried again.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Name of the preset that it was taken from, or `custom`.
    pub preset: String,
    /// How many attempts there are at most, the first one included; none means no limit.
    pub max_attempts: Option<u32>,
    /// How long after the first attempt the last one may start; none means no limit.
    pub max_elapsed: Option<Duration>,
    /// Shortest first wait; doubled with each retry.
    pub base_delay: Duration,
    /// Longest wait.
    pub max_delay: Duration,
    /// How much of the wait is random: a wait w becomes something between w and w·(1 + jitter), so 2 makes it up to
    /// three times as long. The limit `max_delay` is applied last.
    pub jitter: f64,
    /// Whether a `Retry-After` of the remote is obeyed where it is longer. Segment's pipeline is not known to.
    pub honour_retry_after: bool,
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
        if self.max_attempts.is_some_and(|most| attempt_number >= most) {
            return Next::Over { limit: Limit::Attempts, at };
        }
        if self.max_elapsed.is_some_and(|window| at.since(first_started_at) > window) {
            return Next::Over { limit: Limit::Window, at };
        }
        Next::At(at)
    }

    /// The wait after attempt number `attempt_number`, without what the remote asked for.
    #[must_use]
    pub fn wait(&self, attempt_number: u32, random_unit: f64) -> Duration {
        let doublings = attempt_number.saturating_sub(1).min(63);
        let shortest = self.base_delay.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
        let factor = self.jitter.max(0.0).mul_add(random_unit.clamp(0.0, 1.0), 1.0);
        Duration::try_from_secs_f64(shortest.as_secs_f64() * factor).unwrap_or(Duration::MAX).min(self.max_delay)
    }

    /// The preset of that name.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.iter().find(|preset| preset.name == name).map(Preset::policy)
    }
}

/// The policy of Segment's destinations.
impl Default for Policy {
    fn default() -> Self {
        PRESETS[0].policy()
    }
}

/// A policy that somebody published, or that follows from what they published.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name in plans.
    pub name: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// Where its numbers are from.
    pub source: &'static str,
    /// What of it nobody published; empty where everything is documented.
    pub assumed: &'static str,
    max_attempts: Option<u32>,
    max_elapsed: Option<Duration>,
    base_delay: Duration,
    max_delay: Duration,
    jitter: f64,
}

/// Every preset, the default first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "segment-destinations",
        title: "Segment destinations: four hours",
        source: "segment-docs, src/connections/destinations/index.md: four hours, randomised exponential backoff",
        assumed: "first wait of 1 to 3 minutes, doubling and cap of 20 minutes are those of source functions; no limit of \
                  attempts",
        max_attempts: None,
        max_elapsed: Some(Duration::from_hours(4)),
        base_delay: Duration::from_mins(1),
        max_delay: Duration::from_mins(20),
        jitter: 2.0,
    },
    Preset {
        name: "segment-functions",
        title: "Segment functions: six attempts in four hours",
        source: "segment-docs, src/_includes/content/delivery-overview-discards.html and \
                 src/connections/functions/source-functions.md: six times in four hours, first wait of 1 to 3 minutes, at \
                 most 20 minutes between attempts",
        assumed: "the doubling; six attempts with waits of at most 20 minutes never reach the four hours",
        max_attempts: Some(6),
        max_elapsed: Some(Duration::from_hours(4)),
        base_delay: Duration::from_mins(1),
        max_delay: Duration::from_mins(20),
        jitter: 2.0,
    },
    Preset {
        name: "no-retries",
        title: "One attempt",
        source: "none: for looking at one attempt",
        assumed: "",
        max_attempts: Some(1),
        max_elapsed: None,
        base_delay: Duration::ZERO,
        max_delay: Duration::ZERO,
        jitter: 0.0,
    },
];

impl Preset {
    /// The policy that it stands for.
    #[must_use]
    pub fn policy(&self) -> Policy {
        Policy {
            preset: self.name.to_owned(),
            max_attempts: self.max_attempts,
            max_elapsed: self.max_elapsed,
            base_delay: self.base_delay,
            max_delay: self.max_delay,
            jitter: self.jitter,
            honour_retry_after: false,
        }
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
