//! What a mark tells, read back out of its evidence: the counts on both sides of the wire and the times of the trait.
//! Evidence may come from another program's file, so that everything in it may be missing.
use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::core::names::DuplicateOutcome;
use crate::core::record::DuplicateMark;
use crate::core::time::Timestamp;

/// How often a message was on its way, as far as the attempt that tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How often it was sent.
    pub n_sent: u64,
    /// How often the receiver acted on it.
    pub n_acted: u64,
    /// How often the sender was told so.
    pub n_acknowledged: u64,
    /// How often no answer told whether it was acted on.
    pub n_unanswered: u64,
}

impl Counts {
    /// The counts in evidence or in one of its elements, if they are there.
    #[must_use]
    pub fn read(evidence: &Map<String, Value>) -> Option<Self> {
        let count = |name: &str| evidence.get(name).and_then(Value::as_u64);
        Some(Self {
            n_sent: count("sent")?,
            n_acted: count("acted")?,
            n_acknowledged: count("acknowledged")?,
            n_unanswered: count("unanswered").unwrap_or_default(),
        })
    }
}

/// When a trait that keeps duplicates out was read, and when what it should have shown was written and became visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraitTimes {
    /// When the attempt looked at it.
    pub read_at: Timestamp,
    /// When it was last written before, as far as it matters.
    pub written_at: Timestamp,
    /// From when on that could be read.
    pub visible_at: Timestamp,
}

impl TraitTimes {
    /// The times that a mark tells, if the trait had been written.
    #[must_use]
    pub fn read(mark: &DuplicateMark) -> Option<Self> {
        let at = |name: &str| mark.evidence.get(name)?.as_str()?.parse().ok();
        Some(Self {
            read_at: at("trait_read_at")?,
            written_at: at("trait_written_at")?,
            visible_at: at("trait_visible_at")?,
        })
    }

    /// Whether the trait was read when it had been written and could not be read yet.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.written_at <= self.read_at && self.read_at < self.visible_at
    }
}

/// One message and one receiver of an attempt that had several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// What the message is known by.
    pub message_id: &'a str,
    /// Where it went.
    pub receiver: &'a str,
    /// What became of it there.
    pub outcome: Option<DuplicateOutcome>,
    /// The name of that in the field.
    pub label: &'a str,
    /// How often it was on its way.
    pub counts: Counts,
}

impl<'a> Element<'a> {
    /// Reads one of the `elements`.
    #[must_use]
    pub fn read(element: &'a Value) -> Self {
        let text = |name: &str| element.get(name).and_then(Value::as_str).unwrap_or_default();
        Self {
            message_id: text("message_id"),
            receiver: text("receiver"),
            outcome: DuplicateOutcome::from_name(text("outcome")),
            label: text("label"),
            counts: element.as_object().and_then(Counts::read).unwrap_or_default(),
        }
    }
}

/// How many messages of an attempt its mark does not list, by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut(BTreeMap<&'static str, u64>);

impl LeftOut {
    /// What it is called in the evidence.
    pub const NAME: &'static str = "elements_left_out";

    pub(super) fn of(outcomes: impl Iterator<Item = DuplicateOutcome>) -> Self {
        let mut counts = BTreeMap::new();
        for outcome in outcomes {
            *counts.entry(outcome.name()).or_default() += 1;
        }
        Self(counts)
    }

    /// Reads it from evidence; empty if nothing was left out.
    #[must_use]
    pub fn read(evidence: &Map<String, Value>) -> Self {
        let counts = evidence.get(Self::NAME).and_then(Value::as_object).into_iter().flatten();
        let known = counts
            .filter_map(|(name, count)| Some((DuplicateOutcome::from_name(name)?.name(), count.as_u64()?)))
            .collect();
        Self(known)
    }

    /// Whether everything is listed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn to_json(&self) -> Value {
        self.0.iter().map(|(name, count)| ((*name).to_owned(), Value::from(*count))).collect()
    }
}

/// `and 900 more: 897 first, 3 suppressed`.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_left_out = self.0.values().fold(0, |sum: u64, count| sum.saturating_add(*count));
        let each: Vec<String> = self.0.iter().map(|(name, count)| format!("{count} {name}")).collect();
        write!(f, "and {n_left_out} more: {}", each.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mark(evidence: &Value) -> DuplicateMark {
        let evidence = evidence.as_object().cloned().unwrap_or_default();
        DuplicateMark { strategy: "profile-trait".into(), outcome: DuplicateOutcome::First, of: None, evidence }
    }

    #[test]
    fn a_trait_read_between_writing_and_showing_is_stale() {
        for (read, is_stale) in [("07:30:59", false), ("07:31:00", true), ("07:31:02", true), ("07:31:03", false)] {
            let at = |time: &str| format!("2026-11-22T{time}.000Z");
            let times = TraitTimes::read(&mark(&json!({
                "trait_read_at": at(read), "trait_written_at": at("07:31:00"), "trait_visible_at": at("07:31:03"),
            })));
            assert_eq!(times.map(|times| times.is_stale()), Some(is_stale), "{read}");
        }
        assert_eq!(TraitTimes::read(&mark(&json!({"trait_read_at": "2026-11-22T07:31:00Z"}))), None);
    }

    #[test]
    fn evidence_of_another_program_may_tell_nothing() {
        assert_eq!(Counts::read(&mark(&json!({"sent": 2, "acted": "two"})).evidence), None);
        let nothing = json!(7);
        let element = Element::read(&nothing);
        assert_eq!((element.message_id, element.outcome, element.counts), ("", None, Counts::default()));
        let odd = mark(&json!({ "elements_left_out": { "first": "many", "eaten": 3, "suppressed": u64::MAX } }));
        assert_eq!(LeftOut::read(&odd.evidence).to_string(), format!("and {0} more: {0} suppressed", u64::MAX));
    }
}
