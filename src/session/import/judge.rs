//! What the rules make of a request that some other program saw.
use super::observed::Observed;
use crate::core::framework::judge_answer;
use crate::core::names::RuleSetName;
use crate::core::record::{Outcome, Verdict};
use crate::core::rules::{Fact, Facts};

/// The outcome and the verdict that this program's own run would have recorded for the same answer.
pub(super) fn judge(observed: &Observed, rules: RuleSetName) -> (Outcome, Verdict) {
    let facts = Facts::default()
        .with(Fact::Destination, observed.destination.clone())
        .with(Fact::Action, observed.action.clone())
        .with(Fact::Mode, if observed.payloads.len() > 1 { "batch" } else { "single" });
    judge_answer(rules, facts, observed.call, &observed.request, &observed.result)
}
