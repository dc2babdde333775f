//! What detectors found in the records: kept up to date as each one is pushed, or handed in by whoever looks through the
//! session's file.
use std::collections::BTreeMap;
use std::sync::Arc;

use super::column::Column;
use super::ids::AttemptIdx;
use super::marks::Marks;
use crate::core::findings::{Detector, Finding, FindingId, Severity};
use crate::core::record::{Record, SessionHeader};

/// Every finding, those about the plan first, then by attempt.
#[derive(Debug)]
pub struct Findings {
    detector: Option<Detector>,
    about_plan: Arc<[Finding]>,
    /// Attempts in which anything was found, in order. Shared with snapshots.
    of_attempt: Column<(AttemptIdx, Arc<[Finding]>)>,
    counts: BTreeMap<FindingId, usize>,
    /// How many attempts were looked at; none where each is as it is pushed.
    n_looked_at: Option<usize>,
}

impl Findings {
    /// Looks for them in what is pushed.
    pub(super) fn new(header: &SessionHeader) -> Self {
        Self { detector: Some(Detector::new(header)), n_looked_at: None, ..Self::in_file(header) }
    }

    /// Looks for nothing: what is found is handed in.
    pub(super) fn in_file(header: &SessionHeader) -> Self {
        let about_plan: Arc<[Finding]> = Detector::new(header).about_plan().into();
        let mut findings = Self {
            detector: None,
            about_plan: Arc::clone(&about_plan),
            of_attempt: Column::default(),
            counts: BTreeMap::new(),
            n_looked_at: Some(0),
        };
        findings.count(&about_plan);
        findings
    }

    /// What was found until now; nothing more is looked for.
    pub(super) fn snapshot(&self) -> Self {
        Self {
            detector: None,
            about_plan: Arc::clone(&self.about_plan),
            of_attempt: self.of_attempt.clone(),
            counts: self.counts.clone(),
            n_looked_at: self.n_looked_at,
        }
    }

    /// Takes a record in before it is stored; `attempt_idx` is where it will be, if it is an attempt. Gives the marks of
    /// what is found.
    pub(super) fn push(&mut self, record: &Record, attempt_idx: AttemptIdx) -> Marks {
        let found = self.detector.as_mut().map(|detector| detector.push(record)).unwrap_or_default();
        self.add(attempt_idx, found)
    }

    /// Takes in what somebody found in the attempt behind those that were looked at. Gives the marks of it.
    pub(super) fn hand_in(&mut self, attempt_idx: AttemptIdx, found: Vec<Finding>) -> Marks {
        self.n_looked_at = Some(attempt_idx.index() + 1);
        self.add(attempt_idx, found)
    }

    fn add(&mut self, attempt_idx: AttemptIdx, found: Vec<Finding>) -> Marks {
        if found.is_empty() {
            return Marks::NONE;
        }
        self.count(&found);
        let marks = found.iter().map(|finding| mark_of(finding.severity)).fold(Marks::NONE, Marks::with);
        self.of_attempt.push((attempt_idx, found.into()));
        marks
    }

    fn count(&mut self, found: &[Finding]) {
        for finding in found {
            *self.counts.entry(finding.id).or_default() += 1;
        }
    }

    /// Every finding.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.about_plan.iter().chain(self.by_attempt().flat_map(|(_, found)| found))
    }

    /// The attempts in which anything was found, in order, with what it is.
    pub fn by_attempt(&self) -> impl Iterator<Item = (AttemptIdx, &[Finding])> {
        let of_attempt = (0..self.of_attempt.len()).filter_map(|at| self.of_attempt.get(at));
        of_attempt.map(|(attempt_idx, found)| (*attempt_idx, &**found))
    }

    /// Those that the plan alone gives.
    #[must_use]
    pub fn about_plan(&self) -> &[Finding] {
        &self.about_plan
    }

    /// Those of an attempt, in the order of the catalogue.
    #[must_use]
    pub fn of(&self, attempt_idx: AttemptIdx) -> &[Finding] {
        let at = self.of_attempt.partition_point(|(before, _)| *before < attempt_idx);
        self.of_attempt.get(at).filter(|(found_in, _)| *found_in == attempt_idx).map_or(&[], |(_, found)| found)
    }

    /// How many there are of each kind.
    pub fn counts(&self) -> impl Iterator<Item = (FindingId, usize)> {
        self.counts.iter().map(|(id, count)| (*id, *count))
    }

    /// How many of the attempts were looked at, of `n_attempts` that there are.
    #[must_use]
    pub fn n_looked_at(&self, n_attempts: usize) -> usize {
        self.n_looked_at.unwrap_or(n_attempts)
    }
}

const fn mark_of(severity: Severity) -> Marks {
    match severity {
        Severity::Severe => Marks::FOUND_SEVERE,
        Severity::Warning => Marks::FOUND_WARNING,
        Severity::Note => Marks::NONE,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::Session;
    use crate::store::demo::{self, Event, Story, at};
    use crate::store::facets::Highlight;

    /// Two deliveries of one message, each going through.
    fn twice() -> Session {
        let mut header = SessionHeader::new("s", "s", at(0), "imported");
        header.plan = json!({"subscription": "type == \"track\""});
        let mut session = Session::new(header);
        for (number, millis) in [(7, 0), (8, 1_000)] {
            let story = Story::new(&format!("d{number}"), "elsewhere", "send", &[format!("e{number}")]);
            let mut event = Event::track(7, "ada", "Order").record();
            if let Record::Event(event) = &mut event {
                std::sync::Arc::make_mut(event).id = format!("e{number}").into();
            }
            session.push(event);
            story.deliver(millis, 40, 200).records().for_each(|record| session.push(record));
        }
        session
    }

    #[test]
    fn findings_are_kept_by_attempt_and_mark_it() {
        let session = twice();
        let ids = |found: &[Finding]| found.iter().map(|finding| finding.id.to_string()).collect::<Vec<_>>();
        let all: Vec<Finding> = session.findings().all().cloned().collect();
        assert_eq!(ids(&all), ["Q-30", "F-03"]);
        assert_eq!(ids(session.findings().about_plan()), ["Q-30"]);
        let of: Vec<_> = session.attempts().indices().map(|idx| ids(session.findings_of(idx))).collect();
        assert_eq!(of, [vec![], vec!["F-03".to_owned()]]);
        assert_eq!(session.facets().n_highlighted(Highlight::Finding), 1);
        let counts: Vec<_> = session.findings().counts().map(|(id, count)| (id.to_string(), count)).collect();
        assert_eq!(counts, [("F-03".to_owned(), 1), ("Q-30".to_owned(), 1)]);
    }

    #[test]
    fn a_session_without_findings_has_no_mark() {
        let session = demo::many(100);
        assert_eq!((session.findings().all().count(), session.facets().n_highlighted(Highlight::Finding)), (0, 0));
    }
}
