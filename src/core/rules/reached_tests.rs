//! Every rule is reached: `reached.jsonl` has facts for each, and a walk over the catalogue fails for a rule without a
//! line there.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Consequence, Facts, RuleSet, Stage, fill, prove, sentence};
use crate::core::names::{Decision, RuleSetName};
use crate::core::record::Verdict;

use Consequence::Decided;
use Decision::{Discard, Retry};
use RuleSetName::{TokenPropagationNoRefresh, TokenPropagationRefresh};

/// A line of `reached.jsonl`.
struct Row {
    rule: String,
    stage: Stage,
    /// Facts that reach the rule under the default rule set.
    facts: Facts,
    /// The words for what follows.
    then: String,
}

fn rows() -> Vec<Row> {
    let row = |line: &str| -> Option<Row> {
        let row: Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| row[key].as_str().map(str::to_owned);
        let stage = Stage::ALL.into_iter().find(|stage| row["stage"] == format!("{stage:?}").to_lowercase())?;
        Some(Row { rule: text("rule")?, stage, facts: facts_of(&row["facts"]), then: text("then")? })
    };
    include_str!("reached.jsonl").lines().filter_map(row).collect()
}

fn facts_of(facts: &Value) -> Facts {
    facts.as_object().map(Facts::from_json).unwrap_or_default()
}

fn verdict_of(rule: &str, facts: &Facts) -> Verdict {
    let facts = facts.to_json();
    Verdict { decision: Discard, rule: rule.into(), reason: String::new(), facts, next_attempt_at: None }
}

#[test]
fn every_rule_of_every_set_has_a_row() {
    assert_eq!(rows().len(), include_str!("reached.jsonl").lines().count(), "every line is a row");
    let rows: BTreeSet<String> = rows().into_iter().map(|row| row.rule).collect();
    for name in RuleSetName::ALL {
        for rule in Stage::ALL.iter().flat_map(|stage| RuleSet::named(*name).rules(*stage)) {
            assert!(rows.contains(rule.id), "no row reaches {}", rule.id);
        }
    }
}

#[test]
fn the_facts_of_each_row_reach_its_rule_and_lead_where_it_says() {
    let rules = RuleSet::named(TokenPropagationRefresh);
    for Row { rule, stage, facts, then } in rows() {
        assert_eq!(rules.first(stage, &facts).id, rule, "{facts:?}");
        assert_eq!(rules.consequence(stage, &facts).to_string(), then, "{rule}");
    }
}

#[test]
fn each_rule_is_proved_and_some_change_of_one_fact_flips_it() {
    let rules = RuleSet::named(TokenPropagationRefresh);
    for Row { rule, stage, mut facts, then } in rows() {
        let proof = prove(rules, &verdict_of(&rule, &facts)).unwrap();
        assert_eq!(proof.consequence.to_string(), then, "{rule}");
        let flip = proof.flips_if.unwrap_or_else(|| panic!("nothing flips {rule}"));
        match flip.to.clone() {
            Some(value) => facts.set(flip.fact, value),
            None => facts.remove(flip.fact),
        }
        assert_eq!(rules.consequence(stage, &facts), flip.consequence, "{rule} with {}", flip.fact);
        assert_ne!(flip.consequence, proof.consequence, "{rule} with {}", flip.fact);
    }
}

#[test]
fn each_sentence_is_filled_from_the_facts_of_its_rule() {
    for Row { stage, facts, .. } in rows() {
        let rule = RuleSet::named(TokenPropagationRefresh).first(stage, &facts);
        for name in sentence::facts_needed(rule.says) {
            assert!(
                facts.iter().any(|(fact, _)| fact.name() == name),
                "{} says {name}, which its facts need not hold",
                rule.id
            );
        }
        let sentence = fill(rule.says, &facts);
        assert!(!sentence.contains(['{', '}', '[', ']']) && !sentence.contains("undefined"), "{}: {sentence}", rule.id);
    }
}

#[test]
fn without_the_refresh_a_token_that_is_not_known_yet_is_only_retried() {
    let facts =
        json!({"auth_scheme": "oauth2", "pass": 1, "outcome": "error", "error_name": "TokenPropagationRetryError"});
    let rules = RuleSet::named(TokenPropagationNoRefresh);
    assert_eq!(rules.first(Stage::Framework, &facts_of(&facts)).id, "FRAMEWORK-TOKEN-PROPAGATION");
}

#[test]
fn statuses_are_decided_as_the_documentation_says() {
    let rules = RuleSet::named(TokenPropagationRefresh);
    let table: [(Decision, &[u16]); 2] = [
        (Retry, &[408, 423, 429, 500, 502, 503, 504, 505, 506, 507, 508, 509, 510, 511, 520, 527, 529, 530, 598, 599]),
        (
            Discard,
            &[
                100, 300, 304, 400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417,
                418, 419, 420, 421, 422, 424, 425, 426, 428, 430, 431, 440, 451, 460, 499, 501, 600, 999,
            ],
        ),
    ];
    for (decision, statuses) in table {
        for status in statuses {
            for outcome in ["error", "item"] {
                let facts = facts_of(&json!({"outcome": outcome, "status": status}));
                assert_eq!(rules.consequence(Stage::Pipeline, &facts), Decided(decision), "{outcome} {status}");
            }
        }
    }
    for code in [
        "ETIMEDOUT",
        "ECONNREFUSED",
        "ECONNRESET",
        "ECONNABORTED",
        "EHOSTUNREACH",
        "EAI_AGAIN",
        "EREFUSED",
        "ENOTFOUND",
    ] {
        let facts = facts_of(&json!({"outcome": "error", "network_code": code}));
        assert_eq!(rules.consequence(Stage::Pipeline, &facts), Decided(Retry), "{code}");
    }
}
