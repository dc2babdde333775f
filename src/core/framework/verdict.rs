//! From what came out of an attempt to its verdict: what the pipeline does, and the rule that tells most about why.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::batch::BatchItem;
use super::judge::{Judge, Link};
use super::passes::error_facts;
use super::prepared::Prepared;
use super::run::Ran;
use crate::core::error::DeliveryError;
use crate::core::names::Decision;
use crate::core::pipeline::{Limit, Policy};
use crate::core::plan::Plan;
use crate::core::record::{Item, Outcome, Verdict};
use crate::core::rules::{Decide, Fact, Facts, Rule, RuleSet, Stage, Weight, fill};

/// The entry of `verdict.facts` that lists every rule of the attempt that fired, in order.
pub const RULES_FIRED: &str = "rules_fired";

/// The outcome to record, and the verdict on it.
pub(super) fn conclude(judge: Judge, ended: Result<Ran, DeliveryError>) -> (Outcome, Verdict) {
    let facts = judge.facts();
    let outcome = match ended {
        Ok(Ran::Delivered) => conclude_whole(&judge, facts, Outcome::Delivered),
        Ok(Ran::NotSubscribed) => conclude_whole(&judge, facts, Outcome::NotSubscribed),
        Ok(Ran::Rejected(message)) => conclude_whole(&judge, facts, Outcome::Rejected { message }),
        Ok(Ran::Items(items)) => Outcome::Multistatus(conclude_items(&judge, facts, items)),
        Err(error) => {
            let detail = Some(error.message.as_str()).filter(|message| !message.is_empty()).map(detail);
            judge.ask(Stage::Pipeline, error_facts(facts, &error).with_some(Fact::Detail, detail));
            Outcome::Error(error.to_outcome())
        }
    };
    (outcome, verdict(&judge.into_chain()))
}

fn conclude_whole(judge: &Judge, facts: Facts, outcome: Outcome) -> Outcome {
    judge.ask(Stage::Pipeline, facts.with(Fact::Outcome, outcome.kind()));
    outcome
}

/// Decides the batch by its items. The first item with the batch's decision speaks for it.
fn conclude_items(judge: &Judge, facts: Facts, items: Vec<BatchItem>) -> Vec<Item> {
    let facts = batch_facts(facts.with(Fact::Outcome, "multistatus"), &items);
    let batch = decision(judge.ask(Stage::Pipeline, facts));
    if let Some(speaker) = items.iter().find(|item| item.record.decision == batch) {
        let mut facts = judge.facts();
        set_item_facts(&mut facts, speaker);
        let detail = speaker.record.errormessage.as_deref().map(detail);
        judge.ask(Stage::Pipeline, facts.with_some(Fact::Detail, detail));
    }
    items.into_iter().map(|item| item.record).collect()
}

/// What rules may look at in a batch as a whole.
pub(super) fn batch_facts(facts: Facts, items: &[BatchItem]) -> Facts {
    facts.with_items(items.iter().map(|item| (item.record.status, item.record.decision)))
}

/// Writes into each item what the pipeline makes of it.
pub(super) fn decide_items(judge: &Judge, items: &mut [BatchItem]) {
    let mut facts = judge.facts();
    for item in items {
        set_item_facts(&mut facts, item);
        item.record.decision = decision(judge.rules().first(Stage::Pipeline, &facts));
    }
}

fn set_item_facts(facts: &mut Facts, item: &BatchItem) {
    facts.set(Fact::Outcome, item.outcome);
    facts.set(Fact::Status, item.record.status);
    match &item.record.errortype {
        Some(errortype) => facts.set(Fact::ErrorName, errortype.clone()),
        None => facts.remove(Fact::ErrorName),
    }
}

/// An error's own words, cut where they go on for more than a paragraph: some errors hold a whole answer.
fn detail(message: &str) -> String {
    const LONGEST: usize = 300;
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}

fn decision(rule: &Rule) -> Decision {
    match rule.decides {
        Decide::Conclude(decision) => decision,
        _ => Decision::Discard,
    }
}

/// The decision of the last link, explained by the one that tells most.
fn verdict(chain: &[Link]) -> Verdict {
    let decision = chain.last().map_or(Decision::Discard, |link| decision(link.rule));
    let (mut rule, mut reason, mut facts) = (Arc::from(""), String::new(), Map::new());
    if let Some(link) = most_telling(chain) {
        rule = Arc::from(link.rule.id);
        reason = fill(link.rule.says, &link.facts);
        facts = link.facts.to_json();
    }
    let counts = [Fact::ItemsRetry, Fact::ItemsDiscard, Fact::ItemsDelivered, Fact::ItemsFiltered];
    for (fact, count) in chain.iter().rev().flat_map(|link| link.facts.iter()).filter(|(fact, _)| counts.contains(fact))
    {
        facts.entry(fact.name()).or_insert_with(|| count.to_json());
    }
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

/// What becomes of a message that ingest has seen `gap` before: it never reaches the destination.
#[must_use]
pub fn seen_at_ingest(prepared: &Prepared<'_>, gap: Duration) -> (Outcome, Verdict) {
    let judge = Judge::new(prepared.rules, prepared.facts.clone());
    let seconds = i64::try_from(gap.as_secs()).unwrap_or(i64::MAX);
    judge.ask(Stage::Pipeline, judge.facts().with(Fact::SeenBefore, seconds));
    let message = "Dropped at ingest: a message with this messageId was seen before".to_owned();
    (Outcome::Rejected { message }, verdict(&judge.into_chain()))
}

/// When a person gave a delivery up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenUp {
    /// While it waited for its next attempt, or for its first one.
    Waiting,
    /// In the middle of an attempt: what that one did is not known.
    UnderWay,
}

/// What becomes of a delivery that a person gives up after so many attempts. `facts` are those that all questions of the
/// delivery have in common.
#[must_use]
pub fn given_up_by_hand(rules: &'static RuleSet, facts: Facts, when: GivenUp, n_attempts: u32) -> (Outcome, Verdict) {
    let judge = Judge::new(rules, facts);
    let limit = match when {
        GivenUp::Waiting => "person",
        GivenUp::UnderWay => "person-under-way",
    };
    judge.ask(Stage::Policy, judge.facts().with(Fact::Limit, limit).with(Fact::Attempts, n_attempts));
    let message = "Given up by a person".to_owned();
    (Outcome::Rejected { message }, verdict(&judge.into_chain()))
}

/// The verdict on an attempt that would be retried, were the policy not at its end: after `n_attempts` attempts, with the
/// next one due `elapsed` after the start of the first.
#[must_use]
pub fn give_up(plan: &Plan, verdict: &Verdict, limit: Limit, n_attempts: u32, elapsed: Duration) -> Verdict {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    let limits = Facts::from_json(&verdict.facts)
        .with(Fact::Limit, limit.name())
        .with(Fact::Attempts, n_attempts)
        .with_some(Fact::MaxAttempts, plan.pipeline.most_attempts())
        .with(Fact::ElapsedSeconds, seconds(elapsed))
        .with_some(Fact::MaxElapsedSeconds, plan.pipeline.max_elapsed.map(seconds));
    let rule = RuleSet::named(plan.rules).first(Stage::Policy, &limits);
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

/// Writes into a verdict what became of the wait that the remote asked for, beside the policy's own one.
pub fn tell_retry_after(verdict: &mut Verdict, policy: &Policy, asked: Duration, own_wait: Duration) {
    let (word, preset) = (if policy.honour_retry_after { "honoured" } else { "ignored" }, &policy.preset);
    let but = match (policy.honour_retry_after, asked <= own_wait) {
        (true, true) => ", which waits longer by itself",
        _ => "",
    };
    let seconds = asked.as_secs();
    verdict.reason = format!("{} Retry-After: {seconds} s present, {word} by preset {preset}{but}.", verdict.reason);
    verdict.facts.entry(Fact::RetryAfter.name()).or_insert_with(|| seconds.to_string().into());
    verdict.facts.insert(Fact::RetryAfterIs.name().to_owned(), word.into());
}
