//! Every kind of finding: what it is called, how bad it is, why it matters, what to do, where it is written down, and
//! how it is recognised.
use std::sync::LazyLock;

use super::finding::{FindingId, Severity};
use super::past::Past;
use super::plan::SessionPlan;
use super::quirks;
use super::scene::Scene;
use super::sighting::Sighting;
use crate::core::rules::Citation;

/// One kind of finding.
#[derive(Debug)]
pub struct Entry {
    /// Names it for good.
    pub id: FindingId,
    /// It in a few words.
    pub title: &'static str,
    /// How bad it is, as a rule.
    pub severity: Severity,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub advice: &'static str,
    /// Where the behaviour is written down. Never empty.
    pub cites: &'static [Citation],
    /// How it is recognised.
    pub(super) detect: Detect,
}

impl Entry {
    /// Whether sessions show it.
    #[must_use]
    pub fn visibility(&self) -> Visibility {
        match self.detect {
            Detect::InPlan(_) => Visibility::InPlan,
            Detect::InAttempt(_) => Visibility::InAttempt,
            Detect::InHistory(_) => Visibility::InHistory,
            Detect::NotInSessions { reason } => Visibility::NotInSessions { reason },
        }
    }
}

/// Where a kind of finding shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// In the plan that the header holds.
    InPlan,
    /// In one attempt with its events.
    InAttempt,
    /// In an attempt and what came before it.
    InHistory,
    /// Nowhere in a session.
    NotInSessions {
        /// Why not.
        reason: &'static str,
    },
}

/// How a kind of finding is recognised: at most once in an attempt, however many of its events are concerned.
#[derive(Clone, Copy, Debug)]
pub(super) enum Detect {
    /// From the plan alone.
    InPlan(fn(&SessionPlan) -> Option<Sighting>),
    /// From one attempt with its events.
    InAttempt(fn(&Scene<'_>) -> Option<Sighting>),
    /// From an attempt and what came before it.
    InHistory(fn(&Scene<'_>, Past<'_>) -> Option<Sighting>),
    /// Not at all: what a session records does not tell.
    NotInSessions {
        /// Why not.
        reason: &'static str,
    },
}

/// Every kind of finding, the reference's quirks first, each in the order of its number.
#[must_use]
pub fn catalogue() -> &'static [&'static Entry] {
    static CATALOGUE: LazyLock<Vec<&'static Entry>> = LazyLock::new(|| {
        let mut entries: Vec<&'static Entry> = quirks::ALL.iter().copied().flatten().collect();
        entries.sort_by_key(|entry| (!entry.id.as_str().starts_with('Q'), entry.id));
        entries
    });
    &CATALOGUE
}

/// The kind of that id.
#[must_use]
pub fn entry(id: FindingId) -> Option<&'static Entry> {
    catalogue().iter().copied().find(|entry| entry.id == id)
}
