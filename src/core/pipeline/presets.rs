//! Retry policies that somebody published, or that follow from what they published.
use std::fmt;
use std::time::Duration;

use super::policy::{Ends, Policy};

/// A policy with a name, and where its numbers are from.
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
    ends: Ends,
    waits: &'static [Duration],
    base_delay: Duration,
    max_delay: Duration,
    jitter: f64,
}

/// How far the numbers of a preset can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All of them are published.
    Documented,
    /// Some are published, the others are assumptions.
    PartlyAssumed,
    /// They are nobody's but yours.
    Own,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::PartlyAssumed => "documented, in part assumed",
            Self::Own => "nobody's",
        })
    }
}

/// Most presets wait twice as long each time, and end at their first limit.
const DOUBLING: Preset = Preset {
    name: "",
    title: "",
    source: "",
    assumed: "",
    max_attempts: None,
    max_elapsed: None,
    ends: Ends::FirstLimit,
    waits: &[],
    base_delay: Duration::ZERO,
    max_delay: Duration::ZERO,
    jitter: 0.0,
};

/// Every preset, the default first.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "segment-destinations",
        title: "Segment destinations: four hours",
        source: "segment-docs, src/connections/destinations/index.md: four hours, randomised exponential backoff",
        assumed: "first wait of 1 to 3 minutes, doubling and cap of 20 minutes are those of source functions; no limit of \
                  attempts; Retry-After ignored, for no page says that it is read",
        max_elapsed: Some(Duration::from_hours(4)),
        base_delay: Duration::from_mins(1),
        max_delay: Duration::from_mins(20),
        jitter: 2.0,
        ..DOUBLING
    },
    Preset {
        name: "segment-functions",
        title: "Segment functions: six attempts in four hours",
        source: "segment-docs, src/_includes/content/delivery-overview-discards.html and \
                 src/connections/functions/source-functions.md: six times in four hours, first wait of 1 to 3 minutes, at \
                 most 20 minutes between attempts",
        assumed: "the doubling; six attempts with waits of at most 20 minutes never reach the four hours; Retry-After \
                  ignored, for no page says that it is read",
        max_attempts: Some(6),
        max_elapsed: Some(Duration::from_hours(4)),
        base_delay: Duration::from_mins(1),
        max_delay: Duration::from_mins(20),
        jitter: 2.0,
        ..DOUBLING
    },
    Preset {
        name: "rudderstack-router",
        title: "RudderStack router: three hours, three attempts at least",
        source: "rudder-server, router/handle_lifecycle.go: minRetryBackoff 10 s, maxRetryBackoff 300 s, retryTimeWindow \
                 180 min, maxFailedCountForJob 3; router/handle.go: given up when both limits are used up; router/misc.go: \
                 waits double, without jitter",
        assumed: "Retry-After ignored, for nothing there reads it; what is retried is for the rule set to say, where \
                  RudderStack retries 408, 429 and every 5xx, the 4xx among them without a limit",
        max_attempts: Some(3),
        max_elapsed: Some(Duration::from_hours(3)),
        ends: Ends::BothLimits,
        base_delay: Duration::from_secs(10),
        max_delay: Duration::from_mins(5),
        ..DOUBLING
    },
    Preset {
        name: "svix",
        title: "Svix: eight attempts on a schedule of 27 hours",
        source: "docs.svix.com/retries: immediately, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h, each after the failure \
                 before it",
        assumed: "no jitter; Retry-After ignored, for the page does not name it; what is retried is for the rule set to \
                  say, where Svix retries all but 2xx",
        waits: &[
            Duration::from_secs(5),
            Duration::from_mins(5),
            Duration::from_mins(30),
            Duration::from_hours(2),
            Duration::from_hours(5),
            Duration::from_hours(10),
            Duration::from_hours(10),
        ],
        ..DOUBLING
    },
    Preset {
        name: "no-retries",
        title: "One attempt",
        source: "none: for looking at one attempt",
        max_attempts: Some(1),
        ..DOUBLING
    },
    Preset {
        name: "custom",
        title: "Your own: five attempts in half a minute, to begin with",
        source: "none: numbers to lay your own over",
        max_attempts: Some(5),
        base_delay: Duration::from_secs(1),
        max_delay: Duration::from_mins(1),
        jitter: 1.0,
        ..DOUBLING
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
            ends: self.ends,
            waits: self.waits.to_vec(),
            base_delay: self.base_delay,
            max_delay: self.max_delay,
            jitter: self.jitter,
            honour_retry_after: false,
        }
    }

    /// How far its numbers can be relied on.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.source.starts_with("none"), self.assumed.is_empty()) {
            (true, _) => Standing::Own,
            (false, true) => Standing::Documented,
            (false, false) => Standing::PartlyAssumed,
        }
    }
}

impl Policy {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::pipeline::Next;
    use crate::core::time::Timestamp;

    /// When each attempt of a delivery that always fails at once starts, in seconds after the first.
    fn starts(name: &str, random_unit: f64) -> Vec<u64> {
        let policy = Policy::preset(name).unwrap_or_else(|| panic!("no preset {name}"));
        let first = Timestamp::EPOCH;
        let (mut now, mut starts) = (first, vec![0]);
        while let Next::At(at) =
            policy.next_attempt(u32::try_from(starts.len()).unwrap_or(u32::MAX), first, now, random_unit, None)
        {
            now = at;
            starts.push(at.since(first).as_secs());
        }
        starts
    }

    #[test]
    fn svix_tries_eight_times_as_its_page_says() {
        const HOUR: u64 = 3_600;
        // "an attempt that fails three times before eventually succeeding will be delivered roughly 35 minutes and
        // 5 seconds following the first attempt"
        let after_three = 35 * 60 + 5;
        assert_eq!(
            starts("svix", 0.7),
            [
                0,
                5,
                305,
                after_three,
                after_three + 2 * HOUR,
                after_three + 7 * HOUR,
                after_three + 17 * HOUR,
                after_three + 27 * HOUR,
            ]
        );
    }

    #[test]
    fn rudderstack_waits_ten_seconds_to_five_minutes_and_ends_with_its_window() {
        let starts = starts("rudderstack-router", 0.4);
        assert_eq!(starts[..8], [0, 10, 30, 70, 150, 310, 610, 910]);
        let last = starts[starts.len() - 1];
        assert!(last <= 3 * 3_600 && last + 300 > 3 * 3_600, "{last}");
    }

    #[test]
    fn rudderstack_gives_up_only_when_both_limits_are_used_up() {
        let policy = Policy::preset("rudderstack-router").unwrap_or_default();
        let first = Timestamp::EPOCH;
        let late = first.saturating_add(Duration::from_hours(4));
        assert!(matches!(policy.next_attempt(2, first, late, 0.0, None), Next::At(_)), "two attempts are too few");
        assert!(matches!(policy.next_attempt(3, first, late, 0.0, None), Next::Over { .. }));
        assert!(matches!(policy.next_attempt(30, first, first, 0.0, None), Next::At(_)), "the window is open");
    }

    #[test]
    fn every_preset_ends_and_says_where_it_is_from() {
        for preset in PRESETS {
            assert!(starts(preset.name, 0.0).len() < 100, "{}", preset.name);
            assert!(!preset.source.is_empty() && !preset.title.is_empty(), "{}", preset.name);
            assert_eq!(preset.standing() == Standing::PartlyAssumed, !preset.assumed.is_empty(), "{}", preset.name);
        }
        assert_eq!(PRESETS.iter().filter(|preset| preset.standing() == Standing::Own).count(), 2);
    }

    #[test]
    fn the_page_on_formats_names_every_preset_with_its_source_and_what_is_assumed() {
        let page = include_str!("../../../docs/formats.md");
        for preset in PRESETS {
            let (source, assumed) = (preset.source, preset.assumed);
            let row = format!("| `{}` | {} | {source} | {assumed} |", preset.name, preset.title);
            assert!(page.contains(&row), "docs/formats.md lacks the line\n{row}");
        }
    }
}
