//! Rule sets: ordered selections of the one catalogue, and the question that they answer.
use std::sync::LazyLock;

use super::catalogue::{destination_function, framework, http, linkedin, linkedin_companies, pendo, pipeline, policy};
use super::fact::{Fact, Facts};
use super::rule::{Rule, Stage};
use crate::core::names::RuleSetName;

/// An ordered selection of the catalogue.
#[derive(Debug)]
pub struct RuleSet {
    /// Its name in plans and sessions.
    pub name: RuleSetName,
    stages: [Vec<&'static Rule>; Stage::ALL.len()],
}

/// The rule that decided, and what it looked at.
#[derive(Clone, Debug)]
pub struct Fired {
    /// The rule.
    pub rule: &'static Rule,
    /// The facts that its tests read; for a rule without tests, those that the rules before it read.
    pub facts_read: Vec<Fact>,
}

impl RuleSet {
    /// The rule set of that name.
    #[must_use]
    pub fn named(name: RuleSetName) -> &'static Self {
        static ALL: LazyLock<Vec<RuleSet>> =
            LazyLock::new(|| RuleSetName::ALL.iter().map(|name| RuleSet::of(*name, &selection(*name))).collect());
        let set_idx = RuleSetName::ALL.iter().position(|have| *have == name).unwrap_or_default();
        &ALL[set_idx]
    }

    fn of(name: RuleSetName, groups: &[&'static [Rule]]) -> Self {
        Self::new(name, &groups.iter().copied().flatten().collect::<Vec<_>>())
    }

    /// A rule set of these rules, each stage asked in their order; for who asks "what if that rule were different?". Every
    /// stage needs one rule at least, the last of which decides where no rule fires.
    #[must_use]
    pub fn new(name: RuleSetName, rules: &[&'static Rule]) -> Self {
        Self {
            name,
            stages: Stage::ALL.map(|stage| rules.iter().copied().filter(|rule| rule.stage == stage).collect()),
        }
    }

    /// All rules, stage by stage.
    pub fn iter(&self) -> impl Iterator<Item = &'static Rule> {
        self.stages.iter().flatten().copied()
    }

    /// The rules of a stage, in the order in which they are asked.
    #[must_use]
    pub fn rules(&self, stage: Stage) -> &[&'static Rule] {
        &self.stages[stage as usize]
    }

    /// The rule with that id, if it is in this set.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.stages.iter().flatten().copied().find(|rule| rule.id == id)
    }

    /// The first rule of a stage that fires.
    #[must_use]
    pub fn first(&self, stage: Stage, facts: &Facts) -> &'static Rule {
        self.first_but(stage, facts, None)
    }

    /// The first rule of a stage that fires, were `left_out` not there. The last rule of a stage is never left out.
    #[must_use]
    pub fn first_but(&self, stage: Stage, facts: &Facts, left_out: Option<&str>) -> &'static Rule {
        let rules = self.rules(stage);
        let fires = |rule: &&&'static Rule| left_out != Some(rule.id) && rule.fires_on(facts);
        rules.iter().find(fires).unwrap_or(&rules[rules.len() - 1])
    }

    /// The first rule of a stage that fires, with the facts that it read.
    #[must_use]
    pub fn evaluate(&self, stage: Stage, facts: &Facts) -> Fired {
        let rule = self.first(stage, facts);
        Fired { rule, facts_read: self.facts_read(rule) }
    }

    /// The facts that a rule's tests read; for a rule without tests, those that the rules before it read.
    #[must_use]
    pub fn facts_read(&self, rule: &Rule) -> Vec<Fact> {
        let tests: Vec<_> = if rule.when.is_empty() {
            self.rules(rule.stage).iter().flat_map(|other| other.when).collect()
        } else {
            rule.when.iter().collect()
        };
        let mut read = Vec::new();
        for test in tests {
            if !read.contains(&test.fact) {
                read.push(test.fact);
            }
        }
        read
    }
}

/// Which groups of the catalogue a rule set takes, in order.
fn selection(name: RuleSetName) -> Vec<&'static [Rule]> {
    let propagation: &[&'static [Rule]] = match name {
        RuleSetName::TokenPropagationRefresh => {
            &[linkedin::PROPAGATION, framework::PROPAGATION_REFRESH, framework::PROPAGATION_NO_REFRESH]
        }
        RuleSetName::TokenPropagationNoRefresh => &[linkedin::PROPAGATION, framework::PROPAGATION_NO_REFRESH],
        RuleSetName::SegmentMain | RuleSetName::BeforePendo409 => &[],
    };
    let conflict: &[&'static [Rule]] = match name {
        RuleSetName::BeforePendo409 => &[],
        _ => &[pendo::CONFLICT],
    };
    let first: &[&'static [Rule]] = &[linkedin::TOKEN, framework::REFRESH_FAILED];
    let last: &[&'static [Rule]] = &[
        linkedin::USERS,
        linkedin_companies::ANSWERS,
        linkedin::CREDENTIALS,
        destination_function::RESULTS,
        http::CLIENT,
        pendo::ITEMS,
        linkedin_companies::ELEMENT,
        http::ITEMS,
        framework::LOOP,
        pipeline::INGEST,
        pipeline::FILTERS,
        destination_function::DECISIONS,
        pipeline::DECISIONS,
        policy::LIMITS,
    ];
    [first, propagation, conflict, last].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use RuleSetName::{BeforePendo409, SegmentMain, TokenPropagationNoRefresh, TokenPropagationRefresh};
    use std::collections::BTreeSet;

    #[test]
    fn every_stage_of_every_set_ends_with_a_rule_that_always_fires() {
        for name in RuleSetName::ALL {
            for stage in Stage::ALL {
                let rules = RuleSet::named(*name).rules(stage);
                let always: Vec<_> = rules.iter().filter(|rule| rule.when.is_empty()).map(|rule| rule.id).collect();
                assert_eq!(always, [rules[rules.len() - 1].id], "{name} {stage:?}");
            }
        }
    }

    #[test]
    fn ids_are_unique_and_every_rule_cites_a_source() {
        for name in RuleSetName::ALL {
            let mut seen = BTreeSet::new();
            for rule in RuleSet::named(*name).stages.iter().flatten() {
                assert!(seen.insert(rule.id), "{} twice in {name}", rule.id);
                assert!(!rule.cites.is_empty(), "{} cites nothing", rule.id);
                assert!(rule.says.trim_end_matches(']').ends_with('.'), "{} says no sentence", rule.id);
            }
        }
    }

    #[test]
    fn the_sets_differ_in_what_their_documentation_says() {
        let ids =
            |name| -> BTreeSet<&str> { RuleSet::named(name).stages.iter().flatten().map(|rule| rule.id).collect() };
        let of = |left, right| -> Vec<&str> { ids(left).difference(&ids(right)).copied().collect() };
        assert_eq!(of(TokenPropagationRefresh, TokenPropagationNoRefresh), ["FRAMEWORK-TOKEN-PROPAGATION-REFRESH"]);
        assert_eq!(
            of(TokenPropagationNoRefresh, SegmentMain),
            ["FRAMEWORK-TOKEN-PROPAGATION", "LINKEDIN-TOKEN-PROPAGATION"]
        );
        assert_eq!(of(SegmentMain, BeforePendo409), ["PENDO-409-CONFLICT"]);
    }
}
