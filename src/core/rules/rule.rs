//! One rule of the catalogue, as data: when it fires, what it decides, what it says to people and where it is from.
use std::fmt;

use super::fact::{Fact, FactValue, Facts};
use super::thrown::Thrown;
use crate::core::names::Decision;

/// A rule. The first one of its stage whose tests all hold decides.
#[derive(Debug)]
pub struct Rule {
    /// Names it for good, in upper case: `PENDO-409-CONFLICT`.
    pub id: &'static str,
    /// The question that it answers.
    pub stage: Stage,
    /// Whether a person who asks "why?" wants to hear of it.
    pub weight: Weight,
    /// All of these must hold; none means always.
    pub when: &'static [Test],
    /// What follows.
    pub decides: Decide,
    /// Sentence for people, filled by [`super::sentence::fill`].
    pub says: &'static str,
    /// Where the behaviour is written down. Never empty.
    pub cites: &'static [Citation],
}

impl Rule {
    /// Whether all of its tests hold.
    #[must_use]
    pub fn fires_on(&self, facts: &Facts) -> bool {
        self.when.iter().all(|test| test.holds(facts))
    }
}

/// The question that a rule answers; each attempt asks them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// What does the destination make of this answer, or of no answer?
    Response,
    /// What does it make of this item in the body of an answer?
    Item,
    /// What does the framework do after a pass?
    Framework,
    /// What does the pipeline do with the event?
    Pipeline,
    /// May the pipeline try once more?
    Policy,
}

impl Stage {
    /// Every stage, in the order in which an attempt asks them.
    pub const ALL: [Self; 5] = [Self::Response, Self::Item, Self::Framework, Self::Pipeline, Self::Policy];
}

/// Whether a rule is worth naming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It says what everybody expects, so a later rule tells more.
    Plain,
    /// It turned an answer into something that its status alone would not have said.
    Telling,
}

/// One condition on one fact.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// The fact that it reads.
    pub fact: Fact,
    /// What the fact must be.
    pub is: Is,
}

impl Test {
    /// Whether the condition holds.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> bool {
        self.is.holds(facts.get(self.fact))
    }
}

/// What a fact must be. Numbers and words never equal each other: `"65601"` is not 65601.
#[derive(Clone, Copy, Debug)]
pub enum Is {
    /// This number.
    Number(i64),
    /// One of these numbers.
    OneNumberOf(&'static [i64]),
    /// A number from the first to the second, both included.
    Between(i64, i64),
    /// This word.
    Word(&'static str),
    /// One of these words.
    OneWordOf(&'static [&'static str]),
    /// Known, whatever it says.
    Present,
    /// Not known.
    Missing,
}

impl Is {
    fn holds(self, value: Option<&FactValue>) -> bool {
        match (self, value) {
            (Self::Number(expected), Some(FactValue::Number(number))) => *number == expected,
            (Self::OneNumberOf(expected), Some(FactValue::Number(number))) => expected.contains(number),
            (Self::Between(first, last), Some(FactValue::Number(number))) => (first..=last).contains(number),
            (Self::Word(expected), Some(FactValue::Text(text))) => text == expected,
            (Self::OneWordOf(expected), Some(FactValue::Text(text))) => expected.contains(&text.as_ref()),
            (Self::Present, value) => value.is_some(),
            (Self::Missing, value) => value.is_none(),
            _ => false,
        }
    }

    /// Values on both sides of the condition's edges: what a search for the smallest change tries.
    #[must_use]
    pub fn edges(self) -> Vec<Option<FactValue>> {
        let around = |number: i64| [number.saturating_sub(1), number, number.saturating_add(1)];
        let numbers: Vec<i64> = match self {
            Self::Number(number) => around(number).to_vec(),
            Self::OneNumberOf(numbers) => numbers.iter().copied().flat_map(around).collect(),
            Self::Between(first, last) => [around(first), around(last)].concat(),
            Self::Word(word) => return vec![Some(word.into()), None],
            Self::OneWordOf(words) => return words.iter().map(|word| Some((*word).into())).chain([None]).collect(),
            Self::Present | Self::Missing => return vec![None],
        };
        numbers.into_iter().map(|number| Some(number.into())).chain([None]).collect()
    }
}

/// What follows when a rule fires. Each stage has its own kinds.
#[derive(Clone, Copy, Debug)]
pub enum Decide {
    /// Response, item: take it as a success.
    Accept,
    /// Response: ask again where the answer points to.
    Follow,
    /// Response: ask there with a `GET` that has no body.
    FollowAsGet,
    /// Response, item: throw an error.
    Throw(Thrown),
    /// Item: it failed, with the status that it has.
    Fail,
    /// Framework: hand the result of the pass to the pipeline.
    Return,
    /// Framework: let the error go to the pipeline.
    Rethrow,
    /// Framework: ask for a new token, then do everything again.
    RefreshAndRunAgain,
    /// Framework: ask for a new token that this attempt will not use, then hand over what there is.
    RefreshAndStop,
    /// Framework: ask for a new token, then throw a `RetryableError` with this status.
    RefreshAndRetryLater(u16),
    /// Framework: throw a `RetryableError` with this status.
    RetryLater(u16),
    /// Pipeline, policy: what becomes of the event.
    Conclude(Decision),
}

/// Where a behaviour is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Citation {
    /// A file of the reference, `segmentio/action-destinations` at commit 970a17ee8d of August 2026.
    Reference(&'static str),
    /// A pull request to the reference.
    PullRequest(u32),
    /// A page of Segment's public documentation, as a path in `segmentio/segment-docs`.
    Documentation(&'static str),
    /// A standard.
    Standard(&'static str),
    /// A library that the reference builds on.
    Library(&'static str),
    /// Nobody wrote it down; what it was concluded from.
    Inferred(&'static str),
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(path) => write!(f, "segmentio/action-destinations, {path}"),
            Self::PullRequest(number) => write!(f, "segmentio/action-destinations, pull request #{number}"),
            Self::Documentation(path) => write!(f, "segmentio/segment-docs, {path}"),
            Self::Standard(name) | Self::Library(name) => f.write_str(name),
            Self::Inferred(from) => write!(f, "inferred: {from}"),
        }
    }
}

/// The condition that a fact is this number.
pub(super) const fn number(fact: Fact, number: i64) -> Test {
    Test { fact, is: Is::Number(number) }
}

/// The condition that a fact is one of these numbers.
pub(super) const fn one_number_of(fact: Fact, numbers: &'static [i64]) -> Test {
    Test { fact, is: Is::OneNumberOf(numbers) }
}

/// The condition that a fact lies between two numbers, both included.
pub(super) const fn between(fact: Fact, first: i64, last: i64) -> Test {
    Test { fact, is: Is::Between(first, last) }
}

/// The condition that a fact is this word.
pub(super) const fn word(fact: Fact, word: &'static str) -> Test {
    Test { fact, is: Is::Word(word) }
}

/// The condition that a fact is one of these words.
pub(super) const fn one_word_of(fact: Fact, words: &'static [&'static str]) -> Test {
    Test { fact, is: Is::OneWordOf(words) }
}

/// The condition that a fact is known.
pub(super) const fn present(fact: Fact) -> Test {
    Test { fact, is: Is::Present }
}

/// The condition that a fact is not known.
pub(super) const fn missing(fact: Fact) -> Test {
    Test { fact, is: Is::Missing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_quotes_is_not_that_number() {
        let test = number(Fact::ServiceErrorCode, 65601);
        assert!(test.holds(&Facts::default().with(Fact::ServiceErrorCode, 65601_i64)));
        assert!(!test.holds(&Facts::default().with(Fact::ServiceErrorCode, "65601")));
        assert!(!test.holds(&Facts::default()));
    }

    #[test]
    fn conditions_hold_up_to_their_edges() {
        let at = |status: i64| Facts::default().with(Fact::Status, status);
        let success = between(Fact::Status, 200, 299);
        for (status, holds) in [(199, false), (200, true), (299, true), (300, false)] {
            assert_eq!(success.holds(&at(status)), holds, "{status}");
        }
        assert!(one_number_of(Fact::Status, &[408, 429]).holds(&at(429)));
        assert!(!one_number_of(Fact::Status, &[408, 429]).holds(&at(430)));
        assert!(present(Fact::Status).holds(&at(1)) && !present(Fact::Call).holds(&at(1)));
        assert!(missing(Fact::Call).holds(&at(1)) && !missing(Fact::Status).holds(&at(1)));
    }
}
