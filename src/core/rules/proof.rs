//! Why a verdict is what it is, told from the verdict alone: the rule is asked again on the facts that were kept, then
//! once more without it, then with one fact changed. Computed for the screen, never stored.
use super::consequence::Consequence;
use super::fact::{Fact, FactValue, Facts};
use super::rule::Rule;
use super::rule_set::RuleSet;
use crate::core::record::Verdict;

/// The proof of a verdict.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The rule that the verdict cites.
    pub rule: &'static Rule,
    /// The facts that it read, with what they say; nothing for a fact that was missing.
    pub facts_read: Vec<(Fact, Option<FactValue>)>,
    /// What follows from it.
    pub consequence: Consequence,
    /// What would have been without the rule; nothing for the last rule of a stage, which cannot be taken away.
    pub otherwise: Option<Otherwise>,
    /// The smallest change of one fact after which something else follows, if there is one.
    pub flips_if: Option<Flip>,
}

/// What the rules say without the one that fired.
#[derive(Clone, Debug)]
pub struct Otherwise {
    /// The rule that would have fired.
    pub rule: &'static Rule,
    /// What would have followed.
    pub consequence: Consequence,
}

/// One fact changed.
#[derive(Clone, Debug)]
pub struct Flip {
    /// Which one.
    pub fact: Fact,
    /// What it says; nothing if it is missing.
    pub from: Option<FactValue>,
    /// What it would have to say; nothing if it would have to be missing.
    pub to: Option<FactValue>,
    /// The rule that would fire.
    pub rule: &'static Rule,
    /// What would follow.
    pub consequence: Consequence,
}

/// Proves a verdict. None if this rule set has no such rule, or if it would not fire on the facts that were kept: such a
/// verdict comes from another program or another version.
#[must_use]
pub fn prove(rules: &RuleSet, verdict: &Verdict) -> Option<Proof> {
    prove_rule(rules, rules.rule(&verdict.rule)?, &Facts::from_json(&verdict.facts))
}

fn prove_rule(rules: &RuleSet, rule: &'static Rule, facts: &Facts) -> Option<Proof> {
    if rules.first(rule.stage, facts).id != rule.id {
        return None;
    }
    let consequence = rules.consequence_of(rule, facts);
    let other = rules.first_but(rule.stage, facts, Some(rule.id));
    let facts_read = rules.facts_read(rule).into_iter().map(|fact| (fact, facts.get(fact).cloned())).collect();
    Some(Proof {
        rule,
        facts_read,
        consequence,
        otherwise: (other.id != rule.id)
            .then(|| Otherwise { rule: other, consequence: rules.consequence_of(other, facts) }),
        flips_if: flip(rules, rule, facts, consequence),
    })
}

/// The smallest change of one fact after which something else follows.
fn flip(rules: &RuleSet, rule: &'static Rule, facts: &Facts, consequence: Consequence) -> Option<Flip> {
    let mut best: Option<(u64, Flip)> = None;
    for (fact, to) in changes(rules, rule, facts) {
        let from = facts.get(fact).cloned();
        let cost = cost(rules, rule, fact, from.as_ref(), to.as_ref());
        if best.as_ref().is_some_and(|(least, _)| *least <= cost) {
            continue;
        }
        let mut changed = facts.clone();
        match &to {
            Some(value) => changed.set(fact, value.clone()),
            None => changed.remove(fact),
        }
        let flipped = rules.first(rule.stage, &changed);
        let other = rules.consequence_of(flipped, &changed);
        if other != consequence {
            best = Some((cost, Flip { fact, from, to, rule: flipped, consequence: other }));
        }
    }
    best.map(|(_, flip)| flip)
}

/// Every value at the edge of a condition that some rule of the stage sets, for every fact that it reads.
fn changes(rules: &RuleSet, rule: &Rule, facts: &Facts) -> Vec<(Fact, Option<FactValue>)> {
    let tests = rules.rules(rule.stage).iter().flat_map(|rule| rule.when);
    let all = tests.flat_map(|test| test.is.edges().into_iter().map(|value| (test.fact, value)));
    all.filter(|(fact, value)| facts.get(*fact) != value.as_ref()).collect()
}

/// How far a change goes. A number moves by its distance; another word, a fact more or a fact less is further than any
/// near number; what the attempt is about, rather than what happened to it, changes last. Among equals, the fact that
/// the rule names last is its point.
fn cost(rules: &RuleSet, rule: &Rule, fact: Fact, from: Option<&FactValue>, to: Option<&FactValue>) -> u64 {
    let distance = match (from, to) {
        (Some(FactValue::Number(from)), Some(FactValue::Number(to))) => from.abs_diff(*to).min(5_000),
        (Some(FactValue::Text(_)), Some(FactValue::Text(_))) => 10_000,
        (Some(_), None) => 20_000,
        _ => 30_000,
    };
    let context = match fact {
        Fact::Destination | Fact::Action | Fact::Mode | Fact::AuthScheme | Fact::Call | Fact::Pass => 100_000,
        _ => 0,
    };
    let read = rules.facts_read(rule);
    let place = read.iter().rev().position(|have| *have == fact).unwrap_or(read.len());
    (distance + context) * 100 + u64::try_from(place).unwrap_or(99).min(99)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::names::{Decision, RuleSetName};
    use crate::core::rules::{Citation, Stage, fill};
    use proptest::prelude::*;

    fn verdict_on(rules: &RuleSet, stage: Stage, facts: &Facts) -> Verdict {
        let rule = rules.first(stage, facts);
        Verdict {
            decision: Decision::Discard,
            rule: rule.id.into(),
            reason: fill(rule.says, facts),
            facts: facts.to_json(),
            next_attempt_at: None,
        }
    }

    fn propagation() -> Facts {
        Facts::default()
            .with(Fact::Destination, "linkedin-audiences")
            .with(Fact::Action, "updateAudience")
            .with(Fact::Mode, "single")
            .with(Fact::AuthScheme, "oauth2")
            .with(Fact::Pass, 1_i64)
            .with(Fact::Call, "users")
            .with(Fact::Status, 401_u16)
            .with(Fact::ServiceErrorCode, 65601_i64)
    }

    #[test]
    fn a_token_that_was_not_known_yet_is_retried_because_of_its_service_error_code() {
        let rules = RuleSet::named(RuleSetName::TokenPropagationRefresh);
        let proof = prove(rules, &verdict_on(rules, Stage::Response, &propagation())).unwrap();
        assert_eq!(proof.rule.id, "LINKEDIN-TOKEN-PROPAGATION");
        assert_eq!(proof.consequence, Consequence::Decided(Decision::Retry));
        let otherwise = proof.otherwise.unwrap();
        assert_eq!(otherwise.rule.id, "LINKEDIN-USERS-UNAUTHORIZED");
        assert_eq!(otherwise.consequence, Consequence::RunsAgain);
        let flip = proof.flips_if.unwrap();
        assert_eq!((flip.fact, flip.to), (Fact::ServiceErrorCode, Some(FactValue::Number(65600))));
        assert_eq!(proof.rule.cites, [Citation::PullRequest(3708)]);
    }

    #[test]
    fn a_busy_pendo_is_retried_because_of_its_409() {
        let facts = Facts::default()
            .with(Fact::Destination, "pendo-audiences")
            .with(Fact::AuthScheme, "custom")
            .with(Fact::Call, "visitors")
            .with(Fact::Status, 409_u16);
        let rules = RuleSet::named(RuleSetName::SegmentMain);
        let proof = prove(rules, &verdict_on(rules, Stage::Response, &facts)).unwrap();
        let otherwise = proof.otherwise.unwrap();
        assert_eq!((otherwise.rule.id, otherwise.consequence), ("HTTP-ERROR", Consequence::Decided(Decision::Discard)));
        let flip = proof.flips_if.unwrap();
        assert_eq!((flip.fact, flip.to), (Fact::Status, Some(FactValue::Number(410))));
    }

    #[test]
    fn a_verdict_of_another_program_has_no_proof() {
        let rules = RuleSet::named(RuleSetName::SegmentMain);
        let verdict = verdict_on(RuleSet::named(RuleSetName::TokenPropagationRefresh), Stage::Response, &propagation());
        assert!(prove(rules, &verdict).is_none(), "the rule is not in that set");
        let mut verdict = verdict_on(rules, Stage::Response, &propagation());
        verdict.facts.insert("status".into(), 500.into());
        assert!(prove(rules, &verdict).is_none(), "the rule does not fire on those facts");
    }

    /// Facts at the edges of conditions of one stage, anywhere between none and many.
    fn facts_of(stage: Stage, picks: &[(usize, usize)], rules: &RuleSet) -> Facts {
        let tests: Vec<_> = rules.rules(stage).iter().flat_map(|rule| rule.when).collect();
        let mut facts = Facts::default();
        for (test_idx, edge_idx) in picks.iter().filter(|_| !tests.is_empty()) {
            let test = tests[test_idx % tests.len()];
            let edges = test.is.edges();
            if let Some(value) = &edges[edge_idx % edges.len()] {
                facts.set(test.fact, value.clone());
            }
        }
        facts
    }

    proptest! {
        #[test]
        fn proving_a_verdict_repeats_it_and_the_named_change_flips_it(
            set_idx in 0..RuleSetName::ALL.len(),
            stage_idx in 0..Stage::ALL.len(),
            picks in prop::collection::vec((0_usize..500, 0_usize..50), 0..9),
        ) {
            let (rules, stage) = (RuleSet::named(RuleSetName::ALL[set_idx]), Stage::ALL[stage_idx]);
            let facts = facts_of(stage, &picks, rules);
            let proof = prove(rules, &verdict_on(rules, stage, &facts)).unwrap();
            prop_assert_eq!(proof.rule.id, rules.first(stage, &facts).id);
            prop_assert_eq!(proof.consequence, rules.consequence(stage, &facts));
            if let Some(flip) = proof.flips_if {
                let mut changed = facts;
                match flip.to {
                    Some(value) => changed.set(flip.fact, value),
                    None => changed.remove(flip.fact),
                }
                prop_assert_eq!(rules.consequence(stage, &changed), flip.consequence);
                prop_assert_ne!(flip.consequence, proof.consequence);
            }
        }
    }
}
