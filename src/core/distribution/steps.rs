//! Lengths of time in the steps that people count in.
use std::time::Duration;

use super::histogram::Histogram;

/// How many lengths stay below `label` and not below the step before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// `< 5 m` for instance.
    pub label: &'static str,
    /// How many there are.
    pub count: u64,
}

/// Each step with the length that it stays below.
const STEPS: [(&str, Duration); 11] = [
    ("< 1 s", Duration::from_secs(1)),
    ("< 10 s", Duration::from_secs(10)),
    ("< 1 m", Duration::from_mins(1)),
    ("< 5 m", Duration::from_mins(5)),
    ("< 15 m", Duration::from_mins(15)),
    ("< 30 m", Duration::from_mins(30)),
    ("< 1 h", Duration::from_hours(1)),
    ("< 2 h", Duration::from_hours(2)),
    ("< 4 h", Duration::from_hours(4)),
    ("< 12 h", Duration::from_hours(12)),
    ("< 1 d", Duration::from_hours(24)),
];

/// The lengths by step, from the first step that has one to the last that has.
#[must_use]
pub fn steps(histogram: &Histogram) -> Vec<Step> {
    let labels = STEPS.iter().map(|(label, _)| *label).chain(["longer"]);
    let mut steps: Vec<Step> = labels.map(|label| Step { label, count: 0 }).collect();
    for bucket in histogram.buckets() {
        let step = STEPS.iter().position(|(_, below)| bucket.from < *below).unwrap_or(STEPS.len());
        steps[step].count += bucket.count;
    }
    let first = steps.iter().position(|step| step.count > 0).unwrap_or_default();
    let last = steps.iter().rposition(|step| step.count > 0).unwrap_or_default();
    steps.truncate(last + 1);
    steps.split_off(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_count_everything_and_leave_out_empty_ends() {
        let mut histogram = Histogram::default();
        for (seconds, count) in [(20, 3), (59, 1), (61, 2), (2_000, 5)] {
            histogram.add(Duration::from_secs(seconds), count);
        }
        let told: Vec<_> = steps(&histogram).iter().map(|step| (step.label, step.count)).collect();
        assert_eq!(told, [("< 1 m", 4), ("< 5 m", 2), ("< 15 m", 0), ("< 30 m", 0), ("< 1 h", 5)]);
    }
}
