//! The verdict where the rules would try again and the retry policy does not.
use std::time::Duration;

use crate::core::names::Decision;
use crate::core::pipeline::Limit;
use crate::core::plan::Plan;
use crate::core::record::Verdict;
use crate::core::rules::{Fact, Facts, RuleSet, Stage, fill};

/// What the catalogue says of a limit that is used up, after `n_attempts` attempts and with the next one due
/// `elapsed` after the first.
pub(super) fn give_up(plan: &Plan, limit: Limit, n_attempts: u32, elapsed: Duration) -> Verdict {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let facts = Facts::default()
        .with(Fact::Limit, limit.name())
        .with(Fact::Attempts, n_attempts)
        .with_some(Fact::MaxAttempts, plan.pipeline.max_attempts)
        .with(Fact::ElapsedSeconds, seconds(elapsed))
        .with_some(Fact::MaxElapsedSeconds, plan.pipeline.max_elapsed.map(seconds));
    let rule = RuleSet::named(plan.rules).first(Stage::Policy, &facts);
    Verdict {
        decision: Decision::Discard,
        rule: rule.id.into(),
        reason: fill(rule.says, &facts),
        facts: facts.to_json(),
        next_attempt_at: None,
    }
}
