//! A session in memory: the header of its file and every record that was pushed, with all that is derived from them.
use std::collections::HashMap;
use std::sync::Arc;

use super::activity::{Activity, Span};
use super::attempts::{AttemptColumns, AttemptRow};
use super::deliveries::{Deliveries, Delivery, FirstEvent};
use super::density::Density;
use super::facets::Facets;
use super::findings::Findings;
use super::ids::{AttemptIdx, DeliveryIdx, EventIdx};
use super::label;
use super::marks::{Marks, Status};
use super::names::{NameId, NameSet, Names};
use super::tokens::TokenLanes;
use crate::core::findings::Finding;
use crate::core::names::{AttemptId, DeliveryId, EventId};
use crate::core::record::{Attempt, ErrorOutcome, EventRecord, Outcome, Record, SessionHeader};
use crate::core::time::Timestamp;

/// All records of a session and what the screen needs to know of them. Pushing a record costs the same whether it is
/// the first or the ten-thousandth; nothing else changes a session.
#[derive(Debug)]
pub struct Session {
    header: SessionHeader,
    revision: u64,
    names: Names,
    events: Vec<Arc<EventRecord>>,
    event_ids: HashMap<EventId, EventIdx>,
    attempts: AttemptColumns,
    attempt_ids: HashMap<AttemptId, AttemptIdx>,
    deliveries: Deliveries,
    twins: HashMap<AttemptIdx, AttemptIdx>,
    tokens: TokenLanes,
    facets: Facets,
    density: Density,
    activity: Activity,
    findings: Findings,
}

impl Session {
    /// A session in which nothing has happened yet.
    #[must_use]
    pub fn new(header: SessionHeader) -> Self {
        Self {
            findings: Findings::new(&header),
            header,
            revision: 0,
            names: Names::default(),
            events: Vec::new(),
            event_ids: HashMap::new(),
            attempts: AttemptColumns::default(),
            attempt_ids: HashMap::new(),
            deliveries: Deliveries::default(),
            twins: HashMap::new(),
            tokens: TokenLanes::default(),
            facets: Facets::default(),
            density: Density::default(),
            activity: Activity::default(),
        }
    }

    /// First line of its file.
    #[must_use]
    pub fn header(&self) -> &SessionHeader {
        &self.header
    }

    /// Counts the records; what was derived at another revision is out of date.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Takes in a record. A later record of the same id stands beside the earlier one; references mean the later.
    pub fn push(&mut self, record: Record) {
        self.revision += 1;
        let found = self.findings.push(&record, AttemptIdx::new(self.attempts.len()));
        match record {
            Record::Event(event) => self.push_event(event),
            Record::Attempt(attempt) => self.push_attempt(&attempt, found),
        }
    }

    /// Every record, in the order in which they were pushed.
    pub fn records(&self) -> impl Iterator<Item = Record> {
        let mut n_written = 0;
        let with_their_events = self.attempts.indices().flat_map(move |attempt_idx| {
            let n_before = self.attempts.n_events_before(attempt_idx);
            let events = self.events[n_written..n_before].iter().map(|event| Record::Event(Arc::clone(event)));
            n_written = n_before;
            events.chain([Record::Attempt(Arc::clone(self.details(attempt_idx)))])
        });
        let n_tail = self.attempts.indices().next_back().map_or(0, |last| self.attempts.n_events_before(last));
        with_their_events.chain(self.events[n_tail..].iter().map(|event| Record::Event(Arc::clone(event))))
    }

    /// A shared text.
    #[must_use]
    pub fn name(&self, name: NameId) -> &str {
        self.names.text(name)
    }

    /// The shared texts that are so.
    #[must_use]
    pub fn names_that(&self, is_so: impl Fn(&str) -> bool) -> NameSet {
        self.names.that(is_so)
    }

    /// How many events there are.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.events.len()
    }

    /// The records of all events, in the order in which they became known.
    #[must_use]
    pub fn events(&self) -> &[Arc<EventRecord>] {
        &self.events
    }

    /// The record of an event.
    #[must_use]
    pub fn event(&self, event_idx: EventIdx) -> &Arc<EventRecord> {
        &self.events[event_idx.index()]
    }

    /// The event of that name.
    #[must_use]
    pub fn find_event(&self, id: &EventId) -> Option<EventIdx> {
        self.event_ids.get(id).copied()
    }

    /// All attempts.
    #[must_use]
    pub fn attempts(&self) -> &AttemptColumns {
        &self.attempts
    }

    /// What the timeline shows of an attempt.
    #[must_use]
    pub fn attempt(&self, attempt_idx: AttemptIdx) -> AttemptRow {
        self.attempts.row(attempt_idx)
    }

    /// The record of an attempt, bodies included.
    #[must_use]
    pub fn details(&self, attempt_idx: AttemptIdx) -> &Arc<Attempt> {
        self.attempts.details(attempt_idx)
    }

    /// The attempt of that name.
    #[must_use]
    pub fn find_attempt(&self, id: &AttemptId) -> Option<AttemptIdx> {
        self.attempt_ids.get(id).copied()
    }

    /// All deliveries.
    #[must_use]
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// A delivery.
    #[must_use]
    pub fn delivery(&self, delivery_idx: DeliveryIdx) -> &Delivery {
        self.deliveries.row(delivery_idx)
    }

    /// The delivery of that name.
    #[must_use]
    pub fn find_delivery(&self, id: &DeliveryId) -> Option<DeliveryIdx> {
        self.deliveries.find(id)
    }

    /// The attempts of a delivery, in the order in which they became known.
    pub fn attempts_of(&self, delivery_idx: DeliveryIdx) -> impl Iterator<Item = AttemptIdx> {
        let first = Some(self.delivery(delivery_idx).first_attempt);
        std::iter::successors(first, |attempt_idx| self.attempts.next_in_delivery(*attempt_idx))
    }

    /// The attempt that delivered first what this one delivered again.
    #[must_use]
    pub fn twin_of(&self, attempt_idx: AttemptIdx) -> Option<AttemptIdx> {
        self.twins.get(&attempt_idx).copied()
    }

    /// Token generations.
    #[must_use]
    pub fn tokens(&self) -> &TokenLanes {
        &self.tokens
    }

    /// Counts.
    #[must_use]
    pub fn facets(&self) -> &Facets {
        &self.facets
    }

    /// How many attempts began when.
    #[must_use]
    pub fn density(&self) -> &Density {
        &self.density
    }

    /// When attempts ran.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// What detectors found.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    /// What detectors found in an attempt, in the order of the catalogue.
    #[must_use]
    pub fn findings_of(&self, attempt_idx: AttemptIdx) -> &[Finding] {
        self.findings.of(attempt_idx)
    }

    fn push_event(&mut self, event: Arc<EventRecord>) {
        self.event_ids.insert(event.id.clone(), EventIdx::new(self.events.len()));
        self.events.push(event);
    }

    fn push_attempt(&mut self, attempt: &Arc<Attempt>, found: Marks) {
        let delivery_idx = self.deliveries.position(&attempt.delivery);
        let is_known = delivery_idx.index() < self.deliveries.len();
        let previous = is_known.then(|| self.deliveries.row(delivery_idx).last_attempt);
        if is_known {
            self.facets.remove(self.deliveries.row(delivery_idx));
        }
        let row = self.row_of(attempt, delivery_idx, found);
        let first = self.first_event_of(attempt);
        let attempt_idx = self.attempts.push(row, self.events.len(), Arc::clone(attempt));
        self.deliveries.add(attempt, attempt_idx, &mut self.attempts, first);
        self.facets.add(self.deliveries.row(delivery_idx));
        if row.error != NameId::EMPTY {
            self.facets.add_error(row.error);
        }
        if let Some(twin) = attempt.duplicate.as_ref().and_then(|mark| self.find_attempt(mark.of.as_ref()?)) {
            self.twins.insert(attempt_idx, twin);
        }
        self.tokens.push(first.destination, attempt, attempt_idx);
        self.density.push(row.started_at, row.decision);
        let step = previous.map(|previous| row.started_at.since(self.attempts.row(previous).started_at));
        self.activity.push(Span { start: row.started_at, end: row.ended_at }, step);
        self.attempt_ids.insert(attempt.id.clone(), attempt_idx);
    }

    fn row_of(&mut self, attempt: &Attempt, delivery: DeliveryIdx, found: Marks) -> AttemptRow {
        AttemptRow {
            delivery,
            number: attempt.number,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at.max(attempt.started_at),
            next_attempt_at: attempt.verdict.next_attempt_at,
            decision: attempt.verdict.decision,
            status: Status::of(attempt),
            marks: Marks::of(attempt).with(found),
            rule: self.names.intern(&attempt.verdict.rule),
            error: self.error_of(&attempt.outcome),
        }
    }

    fn error_of(&mut self, outcome: &Outcome) -> NameId {
        match outcome {
            Outcome::Error(ErrorOutcome { name, status: Some(status), .. }) => {
                self.names.intern(&format!("{name} {status}"))
            }
            Outcome::Error(error) => self.names.intern(&error.name),
            _ => NameId::EMPTY,
        }
    }

    fn first_event_of(&mut self, attempt: &Attempt) -> FirstEvent {
        let event = attempt.events.first().and_then(|id| self.find_event(id));
        let event_name = event.map(|event_idx| Arc::clone(self.event(event_idx)));
        FirstEvent {
            destination: self.names.intern(&attempt.destination),
            action: self.names.intern(&attempt.action),
            event_name: event_name.map_or(NameId::EMPTY, |event| self.names.intern(label::event_name(&event.payload))),
            event,
        }
    }

    /// The latest instant that the session knows of.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        self.activity.range().map(|range| range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::names::Decision;
    use crate::store::deliveries::Fate;
    use crate::store::demo::{self, Event, Story, at};
    use crate::store::facets::Highlight;

    fn delivery<'a>(session: &'a Session, id: &str) -> &'a Delivery {
        session.delivery(session.find_delivery(&id.into()).unwrap())
    }

    fn statuses(session: &Session, id: &str) -> Vec<String> {
        let delivery_idx = session.find_delivery(&id.into()).unwrap();
        session.attempts_of(delivery_idx).map(|attempt_idx| session.attempt(attempt_idx).status.to_string()).collect()
    }

    #[test]
    fn a_delivery_is_known_by_its_attempts() {
        let session = demo::session();
        for (id, fate, wanted, tokens) in [
            ("d1", Fate::Delivered, &["401", "200"][..], Some((1, 2))),
            ("d3", Fate::Dropped, &["401"], Some((2, 2))),
            ("b-12", Fate::Delivered, &["503", "429", "200"], Some((2, 2))),
            ("b-13", Fate::Partial, &["409", "207"], None),
            ("d6", Fate::Dropped, &["400"], None),
            ("d7", Fate::DeliveredTwice, &["500", "200"], None),
            ("d8", Fate::Delivered, &["500", "200"], None),
            ("d9", Fate::Pending, &["500"], None),
        ] {
            let delivery = delivery(&session, id);
            assert_eq!((delivery.fate, delivery.tokens), (fate, tokens), "{id}");
            assert_eq!(statuses(&session, id), wanted, "{id}");
        }
        let partial = delivery(&session, "b-13");
        assert_eq!((partial.n_events, partial.n_delivered, partial.n_dropped), (6, 4, 2));
        assert_eq!(delivery(&session, "d9").next_attempt_at, Some(at(1_818_000 + 1_400 + 72_000)));
    }

    #[test]
    fn counts_follow_every_push() {
        let session = demo::session();
        let facets = session.facets();
        let fates = Fate::ALL.map(|fate| facets.n_of(fate));
        assert_eq!(fates, [7, 1, 1, 1, 2, 0]);
        assert_eq!(facets.n_retried(), 8);
        assert_eq!(Highlight::ALL.map(|highlight| facets.n_highlighted(highlight)), [2, 1, 1, 0, 0]);
        let destinations: Vec<_> = facets.destinations().map(|(name, count)| (session.name(name), count)).collect();
        assert_eq!(destinations, [("linkedin-audiences", 6), ("pendo-audiences", 3), ("destination-function", 3)]);
        let errors: Vec<_> = facets.errors().map(|(name, count)| (session.name(name), count)).collect();
        assert!(errors.contains(&("RetryableError 409", 3)), "{errors:?}");
        let n_errors: usize = facets.errors().map(|(_, count)| count).sum();
        let n_failed =
            session.attempts().indices().filter(|idx| session.details(*idx).outcome.kind() == "error").count();
        assert_eq!(n_errors, n_failed);
        let n_columns: u32 = session
            .density()
            .columns(session.activity().range().unwrap(), 100)
            .iter()
            .map(super::super::density::Tally::total)
            .sum();
        assert_eq!(n_columns as usize, session.attempts().len());
    }

    #[test]
    fn records_come_out_as_they_went_in() {
        let event = |number| Event::track(number, "ada@example.com", "Audience Entered");
        let story = |delivery, number| {
            Story::new(delivery, "pendo-audiences", "syncAudience", &[event(number).id()]).deliver(0, 10, 200)
        };
        let mut records = vec![event(1).record(), event(2).record()];
        records.extend(story("d2", 2).records());
        records.push(event(3).record());
        records.extend(story("d1", 1).records());
        records.extend([event(4).record(), event(5).record()]);
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
        for record in &records {
            session.push(record.clone());
        }
        assert_eq!(session.records().collect::<Vec<_>>(), records);
        assert_eq!(session.revision(), 7);
    }

    #[test]
    fn a_token_generation_knows_its_maker_and_its_first_use() {
        let session = demo::session();
        let lane = session.tokens().iter().next().unwrap();
        let second = lane.generation(2).unwrap();
        assert_eq!(second.made_by, session.find_attempt(&"d1-a1".into()));
        assert_eq!(second.first_use, Some((session.find_attempt(&"d10-a1".into()).unwrap(), at(3_200))));
        assert_eq!((second.since, second.n_uses, second.unsettled_until), (at(422), 9, Some(at(7_586))));
        assert_eq!(session.tokens().iter().count(), 1);
    }

    #[test]
    fn a_token_turned_down_before_it_was_accepted_was_not_yet_known_everywhere() {
        let story = |delivery| Story::new(delivery, "linkedin-audiences", "updateAudience", &[]);
        let attempts = story("d1")
            .retry(0, 100, 401, 0, "r", "")
            .refreshed(50)
            .retry(1_000, 100, 401, 900, "r", "")
            .deliver(2_000, 50, 200);
        let refused = story("d2").discard(3_000, 100, 401, "r", "");
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
        for record in attempts.records().chain(refused.records()) {
            session.push(record);
        }
        let lane = session.tokens().iter().next().unwrap();
        assert_eq!(lane.generation(2).unwrap().unsettled_until, Some(at(1_100)));
        assert_eq!(lane.generation(1).unwrap().unsettled_until, None, "nothing was accepted with it");
    }

    #[test]
    fn twins_are_linked() {
        let session = demo::session();
        let second = session.find_attempt(&"d7-a2".into()).unwrap();
        assert_eq!(session.twin_of(second), session.find_attempt(&"d7-a1".into()));
    }

    #[test]
    fn a_late_event_or_a_backward_time_does_no_harm() {
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
        for record in
            Story::new("d1", "pendo-audiences", "syncAudience", &["e9".into()]).deliver(100, -500, 200).records()
        {
            session.push(record);
        }
        let attempt = session.attempt(session.attempts().indices().next().unwrap());
        assert_eq!((attempt.started_at, attempt.ended_at), (at(100), at(100)));
        assert_eq!((attempt.decision, delivery(&session, "d1").first_event), (Decision::Delivered, None));
    }

    #[test]
    fn ten_thousand_attempts_are_pushed_one_by_one() {
        let session = demo::many(10_000);
        assert_eq!(session.attempts().len(), 10_000);
        assert_eq!((session.facets().n_of(Fate::Delivered), session.facets().n_of(Fate::Dropped)), (9_900, 100));
        let n_columns = session
            .density()
            .columns(session.activity().range().unwrap(), 1_400)
            .iter()
            .filter(|tally| tally.of(Decision::Discard) > 0)
            .count();
        assert_eq!(n_columns, 100);
    }
}
