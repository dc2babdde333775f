//! From what came out of an attempt to its verdict: what the pipeline does, and the rule that tells most about why.
use std::sync::Arc;

use serde_json::{Map, Value};

use super::batch::BatchItem;
use super::judge::{Judge, Link};
use super::passes::error_facts;
use super::run::Ran;
use crate::core::error::DeliveryError;
use crate::core::names::{Decision, RuleSetName};
use crate::core::pipeline::{Limit, Policy};
use crate::core::record::{Item, Outcome, Verdict};
use crate::core::rules::{Decide, Fact, Facts, Rule, RuleSet, Stage, Weight, fill};

/// The entry of `verdict.facts` that lists every rule of the attempt that fired, in order.
pub const RULES_FIRED: &str = "rules_fired";

/// The outcome to record, and the verdict on it.
pub(super) fn conclude(judge: Judge, ended: Result<Ran, DeliveryError>) -> (Outcome, Verdict) {
    let facts = judge.facts();
    let mut extra = Map::new();
    let outcome = match ended {
        Ok(Ran::Delivered) => ask(&judge, facts, Outcome::Delivered),
        Ok(Ran::NotSubscribed) => ask(&judge, facts, Outcome::NotSubscribed),
        Ok(Ran::Rejected(message)) => ask(&judge, facts, Outcome::Rejected { message }),
        Ok(Ran::Items(items)) => Outcome::Multistatus(conclude_items(&judge, &facts, items, &mut extra)),
        Err(error) => {
            judge.ask(Stage::Pipeline, error_facts(facts, &error));
            Outcome::Error(error.to_outcome())
        }
    };
    let chain = judge.into_chain();
    (outcome, verdict(&chain, extra))
}

fn ask(judge: &Judge, facts: Facts, outcome: Outcome) -> Outcome {
    judge.ask(Stage::Pipeline, facts.with(Fact::Outcome, outcome.kind()));
    outcome
}

/// Decides every item. The first one with the decision that matters most speaks for the batch.
fn conclude_items(judge: &Judge, facts: &Facts, items: Vec<BatchItem>, extra: &mut Map<String, Value>) -> Vec<Item> {
    let facts_of = |item: &BatchItem| {
        facts
            .clone()
            .with(Fact::Outcome, item.outcome)
            .with(Fact::Status, item.record.status)
            .with_some(Fact::ErrorName, item.record.errortype.clone())
    };
    let decision_of = |item: &BatchItem| decision(judge.rules().first(Stage::Pipeline, &facts_of(item)));
    let decisions: Vec<Decision> = items.iter().map(decision_of).collect();
    let speaker_idx = (0..items.len()).min_by_key(|item_idx| concern(decisions[*item_idx]));
    let facts =
        speaker_idx.map_or_else(|| facts.clone().with(Fact::Outcome, "multistatus"), |idx| facts_of(&items[idx]));
    judge.ask(Stage::Pipeline, facts);
    for decision in Decision::ALL {
        let count = decisions.iter().filter(|have| *have == decision).count();
        if count > 0 {
            extra.insert(format!("items_{decision}"), count.into());
        }
    }
    items.into_iter().zip(decisions).map(|(item, decision)| Item { decision, ..item.record }).collect()
}

/// The order in which decisions speak for a batch: what is still to be done, then what was lost.
const fn concern(decision: Decision) -> u8 {
    match decision {
        Decision::Retry => 0,
        Decision::Discard => 1,
        Decision::Delivered => 2,
        Decision::Filtered => 3,
    }
}

fn decision(rule: &Rule) -> Decision {
    match rule.decides {
        Decide::Conclude(decision) => decision,
        _ => Decision::Discard,
    }
}

/// The decision of the last link, explained by the one that tells most.
fn verdict(chain: &[Link], extra: Map<String, Value>) -> Verdict {
    let decision = chain.last().map_or(Decision::Discard, |link| decision(link.rule));
    let mut facts = Map::new();
    let (mut rule, mut reason) = (Arc::from(""), String::new());
    if let Some(link) = most_telling(chain) {
        (rule, reason) = (Arc::from(link.rule.id), fill(link.rule.says, &link.facts));
        facts = link.facts.to_json();
    }
    facts.extend(extra);
    facts.insert(RULES_FIRED.to_owned(), chain.iter().map(|link| link.rule.id).collect());
    Verdict { decision, rule, reason, facts, next_attempt_at: None }
}

/// The rule that turned an answer into something that its status alone would not have said, else what the framework did
/// about it, else the pipeline's rule. Only the last pass counts: what came before it was made good.
fn most_telling(chain: &[Link]) -> Option<&Link> {
    let last = chain.last()?;
    let tells = |link: &&Link| link.pass == last.pass && link.rule.weight == Weight::Telling;
    let of = |stages: &'static [Stage]| chain.iter().rev().filter(tells).find(|link| stages.contains(&link.rule.stage));
    of(&[Stage::Response, Stage::Item]).or_else(|| of(&[Stage::Framework])).or(Some(last))
}

/// The verdict on an attempt that would be retried, were the policy not at its end. `attempts` were made, and the next
/// one would start `elapsed_seconds` after the first.
#[must_use]
pub fn give_up(
    rules: RuleSetName,
    verdict: &Verdict,
    policy: &Policy,
    limit: Limit,
    attempts: u32,
    elapsed_seconds: i64,
) -> Verdict {
    let window = policy.max_elapsed.and_then(|window| i64::try_from(window.as_secs()).ok());
    let limits = Facts::from_json(&verdict.facts)
        .with(Fact::Limit, limit.name())
        .with(Fact::Attempts, attempts)
        .with(Fact::ElapsedSeconds, elapsed_seconds)
        .with_some(Fact::MaxAttempts, policy.max_attempts)
        .with_some(Fact::MaxElapsedSeconds, window);
    let rule = RuleSet::named(rules).first(Stage::Policy, &limits);
    let mut facts = verdict.facts.clone();
    facts.extend(limits.to_json());
    if let Some(Value::Array(fired)) = facts.get_mut(RULES_FIRED) {
        fired.push(rule.id.into());
    }
    Verdict {
        decision: decision(rule),
        rule: Arc::from(rule.id),
        reason: format!("{} Last time: {}", fill(rule.says, &limits), verdict.reason),
        facts,
        next_attempt_at: None,
    }
}
