//! Runs every detector over records, one by one as they become known.
use std::collections::HashMap;
use std::sync::Arc;

use super::catalogue::{Detect, Entry, catalogue};
use super::chain::Chain;
use super::finding::Finding;
use super::ledger::Ledger;
use super::past::Past;
use super::plan::SessionPlan;
use super::quirks::tokens::rejection_told;
use super::scene::{Arrived, Scene};
use super::sighting::Sighting;
use super::tokens::Tokens;
use crate::core::names::{AttemptId, DeliveryId, EventId};
use crate::core::record::{Attempt, Record, SessionHeader};

/// Every finding of a session, those about its plan first, then in the order of the attempts, and of one attempt in the
/// order of the catalogue.
#[must_use]
pub fn detect(header: &SessionHeader, records: &[Record]) -> Vec<Finding> {
    let mut detector = Detector::new(header);
    let mut findings = detector.about_plan();
    for record in records {
        findings.extend(detector.push(record));
    }
    findings
}

/// Detects while a session grows. Of a delivery that is over only hashes are kept. Events that were [pushed](Self::push) it
/// shares with whoever pushed them; whoever has them elsewhere pushes [attempts](Self::push_attempt) alone.
#[derive(Debug)]
pub struct Detector {
    plan: SessionPlan,
    events: HashMap<EventId, Arrived>,
    chains: HashMap<DeliveryId, Chain>,
    ledger: Ledger,
    tokens: Tokens,
}

impl Detector {
    /// Has seen nothing but the header.
    #[must_use]
    pub fn new(header: &SessionHeader) -> Self {
        let plan = SessionPlan::of(header);
        Self {
            plan,
            events: HashMap::new(),
            chains: HashMap::new(),
            ledger: Ledger::default(),
            tokens: Tokens::default(),
        }
    }

    /// The findings that the plan alone gives; they belong to no attempt.
    #[must_use]
    pub fn about_plan(&self) -> Vec<Finding> {
        let found = catalogue().iter().filter_map(|entry| match entry.detect {
            Detect::InPlan(detect) => Some(finding(entry, detect(&self.plan)?, None)),
            _ => None,
        });
        found.collect()
    }

    /// Takes the next record in, and gives what is found in it. An event is found in the attempts that carry it.
    pub fn push(&mut self, record: &Record) -> Vec<Finding> {
        match record {
            Record::Event(event) => {
                let place = self.events.len();
                self.events.insert(event.id.clone(), Arrived { place, event: Arc::clone(event) });
                Vec::new()
            }
            Record::Attempt(attempt) => {
                let carried: Vec<_> = attempt.events.iter().map(|id| self.events.get(id).cloned()).collect();
                self.look_at(attempt, &carried)
            }
        }
    }

    /// Takes in the next attempt of a session whose events are kept by somebody else: `find` gives those that came before
    /// the attempt.
    pub fn push_attempt(&mut self, attempt: &Attempt, find: impl FnMut(&EventId) -> Option<Arrived>) -> Vec<Finding> {
        let carried: Vec<_> = attempt.events.iter().map(find).collect();
        self.look_at(attempt, &carried)
    }

    fn look_at(&mut self, attempt: &Attempt, carried: &[Option<Arrived>]) -> Vec<Finding> {
        self.plan.prepare(attempt);
        let mut chain = self.chains.remove(&attempt.delivery).unwrap_or_default();
        let scene = Scene::new(attempt, &self.plan, carried);
        let past = Past { chain: &chain, ledger: &self.ledger, tokens: &self.tokens };
        let found = catalogue().iter().filter_map(|entry| {
            let sighting = match entry.detect {
                Detect::InAttempt(detect) => detect(&scene)?,
                Detect::InHistory(detect) => detect(&scene, past)?,
                Detect::InPlan(_) | Detect::NotInSessions { .. } => return None,
            };
            Some(finding(entry, sighting, Some((&attempt.delivery, &attempt.id))))
        });
        let found = found.collect();
        let told_rejection = rejection_told(&scene, past);
        if scene.is_retried() {
            chain.learn(&scene);
            chain.told_rejection = told_rejection;
        }
        self.ledger.learn(&scene, &mut chain);
        self.tokens.learn(&scene);
        if scene.is_retried() {
            self.chains.insert(attempt.delivery.clone(), chain);
        }
        found
    }
}

fn finding(entry: &Entry, sighting: Sighting, place: Option<(&DeliveryId, &AttemptId)>) -> Finding {
    Finding {
        id: entry.id,
        title: sighting.title.unwrap_or(entry.title),
        severity: sighting.severity.unwrap_or(entry.severity),
        delivery: place.map(|(delivery, _)| delivery.clone()),
        attempt: place.map(|(_, attempt)| attempt.clone()),
        event: sighting.event,
        seen: sighting.seen,
        why: entry.why,
        advice: entry.advice,
        evidence: sighting.evidence,
    }
}
