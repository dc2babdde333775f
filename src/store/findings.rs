//! What detectors found in the records, kept up to date as each one is pushed.
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::ids::AttemptIdx;
use super::marks::Marks;
use crate::core::findings::{Detector, Finding, FindingId, Severity};
use crate::core::record::{Record, SessionHeader};

/// Every finding, those about the plan first, then by attempt.
#[derive(Debug)]
pub struct Findings {
    detector: Option<Detector>,
    all: Vec<Finding>,
    about_plan: Range<usize>,
    of_attempt: HashMap<AttemptIdx, Range<usize>>,
    counts: BTreeMap<FindingId, usize>,
}

impl Findings {
    /// Has seen nothing but the header.
    pub(super) fn new(header: &SessionHeader) -> Self {
        let detector = Detector::new(header);
        let about_plan = detector.about_plan();
        let mut findings = Self {
            detector: Some(detector),
            all: Vec::new(),
            about_plan: 0..about_plan.len(),
            of_attempt: HashMap::new(),
            counts: BTreeMap::new(),
        };
        findings.add(about_plan);
        findings
    }

    /// Knows nothing and looks for nothing.
    pub(super) fn none() -> Self {
        Self { detector: None, all: Vec::new(), about_plan: 0..0, of_attempt: HashMap::new(), counts: BTreeMap::new() }
    }

    /// What was found until now; nothing more is looked for.
    pub(super) fn snapshot(&self) -> Self {
        Self {
            detector: None,
            all: self.all.clone(),
            about_plan: self.about_plan.clone(),
            of_attempt: self.of_attempt.clone(),
            counts: self.counts.clone(),
        }
    }

    /// Takes a record in before it is stored; `attempt_idx` is where it will be, if it is an attempt. Gives the marks of
    /// what is found.
    pub(super) fn push(&mut self, record: &Record, attempt_idx: AttemptIdx) -> Marks {
        let found = self.detector.as_mut().map(|detector| detector.push(record)).unwrap_or_default();
        let marks = found.iter().map(|finding| mark_of(finding.severity)).fold(Marks::NONE, Marks::with);
        if !found.is_empty() {
            self.of_attempt.insert(attempt_idx, self.all.len()..self.all.len() + found.len());
            self.add(found);
        }
        marks
    }

    fn add(&mut self, found: Vec<Finding>) {
        for finding in &found {
            *self.counts.entry(finding.id).or_default() += 1;
        }
        self.all.extend(found);
    }

    /// Every finding.
    #[must_use]
    pub fn all(&self) -> &[Finding] {
        &self.all
    }

    /// Those that the plan alone gives.
    #[must_use]
    pub fn about_plan(&self) -> &[Finding] {
        &self.all[self.about_plan.clone()]
    }

    /// Those of an attempt, in the order of the catalogue.
    #[must_use]
    pub fn of(&self, attempt_idx: AttemptIdx) -> &[Finding] {
        self.of_attempt.get(&attempt_idx).map_or(&[], |found| &self.all[found.clone()])
    }

    /// How many there are of each kind.
    pub fn counts(&self) -> impl Iterator<Item = (FindingId, usize)> {
        self.counts.iter().map(|(id, count)| (*id, *count))
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
        assert_eq!(ids(session.findings().all()), ["Q-30", "F-03"]);
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
        assert_eq!((session.findings().all().len(), session.facets().n_highlighted(Highlight::Finding)), (0, 0));
    }
}
