//! What a rule's decision leads to in the end: the pipeline's decision where facts alone tell it.
use std::fmt;

use super::call::Call;
use super::fact::{Fact, Facts};
use super::rule::{Decide, Rule, Stage};
use super::rule_set::RuleSet;
use super::thrown::Thrown;
use crate::core::names::{Decision, Purpose, Refresh};

/// Where a decision leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The pipeline decides this.
    Decided(Decision),
    /// The token is refreshed and everything runs again in the same attempt; what follows hangs on the next answers.
    RunsAgain,
    /// The attempt goes on with its next request.
    GoesOn,
}

impl fmt::Display for Consequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decided(decision) => decision.fmt(f),
            Self::RunsAgain => f.write_str("refresh and run again at once"),
            Self::GoesOn => f.write_str("go on with the next request"),
        }
    }
}

impl RuleSet {
    /// What follows from facts of a stage. A refresh that is asked for counts as one that succeeds: where it failed, the
    /// verdict is about that failure.
    #[must_use]
    pub fn consequence(&self, stage: Stage, facts: &Facts) -> Consequence {
        self.consequence_of(self.first(stage, facts), facts)
    }

    /// What follows when this rule fires on facts.
    #[must_use]
    pub fn consequence_of(&self, rule: &Rule, facts: &Facts) -> Consequence {
        match rule.decides {
            Decide::Conclude(decision) => Consequence::Decided(decision),
            Decide::Accept => self.of_accepted(rule.stage, facts),
            Decide::Fail => self.of_item(facts),
            Decide::Follow | Decide::FollowAsGet => Consequence::GoesOn,
            Decide::Throw(thrown) => self.of_thrown(thrown, facts),
            Decide::Return | Decide::Rethrow | Decide::RefreshAndStop => self.consequence(Stage::Pipeline, facts),
            Decide::RefreshAndRunAgain => Consequence::RunsAgain,
            Decide::RefreshAndRetryLater(status) | Decide::RetryLater(status) => {
                let facts = facts.clone().with(Fact::ErrorName, "RetryableError").with(Fact::Status, status);
                self.consequence(Stage::Pipeline, &facts)
            }
        }
    }

    /// An item, or an answer to what carried events, is delivered; any other answer leads to the next request.
    fn of_accepted(&self, stage: Stage, facts: &Facts) -> Consequence {
        let call = facts.text(Fact::Call).and_then(Call::from_name);
        if stage == Stage::Item || call.is_some_and(|call| call.purpose() == Purpose::Deliver) {
            return self.consequence(Stage::Pipeline, &facts.clone().with(Fact::Outcome, "delivered"));
        }
        Consequence::GoesOn
    }

    /// An item of a batch that failed is judged by its own status, 400 if it has none.
    fn of_item(&self, facts: &Facts) -> Consequence {
        let facts = facts.clone().with(Fact::Outcome, "item");
        let facts = if facts.get(Fact::Status).is_some() { facts } else { facts.with(Fact::Status, 400_u16) };
        self.consequence(Stage::Pipeline, &facts)
    }

    fn of_thrown(&self, thrown: Thrown, facts: &Facts) -> Consequence {
        let error = thrown.error(facts);
        let mut after = facts.clone().with(Fact::Outcome, "error").with(Fact::ErrorName, error.name.to_string());
        match thrown.known_status(facts) {
            Some(status) => after.set(Fact::Status, status),
            None => after.remove(Fact::Status),
        }
        if facts.text(Fact::Call) == Some(Call::Token.name()) {
            after.set(Fact::Refresh, Refresh::Failed.name());
        }
        // Testing the credentials is the one thing that the framework never tries again.
        let is_looped = facts.text(Fact::Action) != Some("testAuthentication");
        self.consequence(if is_looped { Stage::Framework } else { Stage::Pipeline }, &after)
    }
}
