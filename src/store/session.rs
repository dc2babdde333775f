//! A session in memory: the header of its file and every record that was pushed, with all that is derived from them.
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::activity::{Activity, Span};
use super::archive::{Archive, Place, RecordSource};
use super::attempts::{AttemptColumns, AttemptRow};
use super::brief::{AttemptBrief, AttemptNames, ExchangeBrief};
use super::column::Column;
use super::deliveries::{Deliveries, Delivery, FirstEvent};
use super::facets::Facets;
use super::findings::Findings;
use super::id_index::{IdIndex, RecordName};
use super::ids::{AttemptIdx, DeliveryIdx, EventIdx};
use super::label;
use super::marks::{Marks, Status};
use super::names::{Errors, NameId, NameSet, Names};
use super::pyramid::{LaneKey, Pyramid, Starts, Tally};
use super::tokens::TokenLanes;
use crate::core::findings::Finding;
use crate::core::names::{AttemptId, Decision, DeliveryId, EventId};
use crate::core::record::{Attempt, EventRecord, Record, SessionHeader};
use crate::core::time::Timestamp;

mod records;

/// All records of a session and what the screen needs to know of them. Pushing a record costs the same whether it is
/// the first or the ten-millionth; nothing else changes a session. Whole records are in memory or in the session's file.
#[derive(Debug)]
pub struct Session {
    header: SessionHeader,
    revision: u64,
    names: Names,
    errors: Errors,
    events: Archive<EventRecord>,
    event_names: Column<NameId>,
    attempts: AttemptColumns,
    records: Archive<Attempt>,
    source: Option<Arc<dyn RecordSource>>,
    ids: Ids,
    deliveries: Deliveries,
    twins: HashMap<AttemptIdx, AttemptIdx>,
    tokens: TokenLanes,
    facets: Facets,
    pyramid: Pyramid,
    activity: Activity,
    findings: Findings,
}

/// Positions by name.
#[derive(Clone, Debug, Default)]
struct Ids {
    events: IdIndex,
    attempts: IdIndex,
    deliveries: IdIndex,
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
            errors: Errors::default(),
            events: Archive::default(),
            event_names: Column::default(),
            attempts: AttemptColumns::default(),
            records: Archive::default(),
            source: None,
            ids: Ids::default(),
            deliveries: Deliveries::default(),
            twins: HashMap::new(),
            tokens: TokenLanes::default(),
            facets: Facets::default(),
            pyramid: Pyramid::default(),
            activity: Activity::default(),
        }
    }

    /// A session whose records stay in a file.
    #[must_use]
    pub fn in_file(header: SessionHeader, source: Arc<dyn RecordSource>) -> Self {
        Self { source: Some(source), findings: Findings::in_file(&header), ..Self::new(header) }
    }

    /// The session as it stands now, for looking at while this one grows. Findings are not looked for in what is pushed
    /// into it.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        Self {
            header: self.header.clone(),
            revision: self.revision,
            names: self.names.clone(),
            errors: self.errors.clone(),
            events: self.events.clone(),
            event_names: self.event_names.clone(),
            attempts: self.attempts.clone(),
            records: self.records.clone(),
            source: self.source.clone(),
            ids: self.ids.clone(),
            deliveries: self.deliveries.clone(),
            twins: self.twins.clone(),
            tokens: self.tokens.clone(),
            facets: self.facets.clone(),
            pyramid: self.pyramid.clone(),
            activity: self.activity.clone(),
            findings: self.findings.snapshot(),
        }
    }

    /// Says what the first line of its file is, where that became known late.
    pub fn set_header(&mut self, header: SessionHeader) {
        self.revision += 1;
        if self.is_in_file() {
            self.findings = Findings::in_file(&header);
        }
        self.header = header;
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
        let found = self.findings.push(&record, AttemptIdx::new(self.attempts.len()));
        match record {
            Record::Event(event) => {
                let name = self.names.intern(label::event_name(&event.payload));
                self.add_event(event.id.as_str().into(), name, Place::Held(Arc::clone(&event)));
            }
            Record::Attempt(attempt) => {
                let exchanges = ExchangeBrief::all_of(&attempt);
                let brief = AttemptBrief::of(&attempt, &exchanges);
                let names = self.names_of(&brief);
                self.add_attempt(brief.id.into(), &brief, names, Place::Held(Arc::clone(&attempt)), found);
            }
        }
    }

    /// Takes in an event of which only its name in the session and the name of what happened are known, unless there is
    /// one of its name. Gives whether it was taken in.
    pub fn push_new_event(&mut self, id: &str, event_name: NameId, place: Place<EventRecord>) -> bool {
        let id = RecordName::from(id);
        let is_new = self.ids.events.find(id).is_none();
        if is_new {
            self.add_event(id, event_name, place);
        }
        is_new
    }

    /// Takes in an attempt in brief, whose shared texts are `names`, unless there is one of its name. Nobody looks for
    /// findings in it. Gives whether it was taken in.
    pub fn push_new_attempt(&mut self, attempt: &AttemptBrief<'_>, names: AttemptNames, place: Place<Attempt>) -> bool {
        let id = RecordName::from(attempt.id);
        let is_new = self.ids.attempts.find(id).is_none();
        if is_new {
            self.add_attempt(id, attempt, names, place, Marks::NONE);
        }
        is_new
    }

    /// The shared texts of an attempt that is to be pushed.
    pub fn names_of(&mut self, attempt: &AttemptBrief<'_>) -> AttemptNames {
        AttemptNames {
            destination: self.names.intern(attempt.destination),
            action: self.names.intern(attempt.action),
            rule: self.names.intern(attempt.rule),
        }
    }

    /// A shared text of a record that is to be pushed.
    pub fn intern(&mut self, text: &str) -> NameId {
        self.names.intern(text)
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

    /// Whether there is an event of that name.
    #[must_use]
    pub fn has_event(&self, id: &str) -> bool {
        self.ids.events.find(id).is_some()
    }

    /// The event of that name.
    #[must_use]
    pub fn find_event(&self, id: &EventId) -> Option<EventIdx> {
        self.event_of_name(id.as_str())
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

    /// The attempt of that name.
    #[must_use]
    pub fn find_attempt(&self, id: &AttemptId) -> Option<AttemptIdx> {
        self.ids.attempts.find(id.as_str()).map(AttemptIdx::new)
    }

    /// All deliveries.
    #[must_use]
    pub fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    /// A delivery.
    #[must_use]
    pub fn delivery(&self, delivery_idx: DeliveryIdx) -> Delivery {
        self.deliveries.row(delivery_idx, &self.attempts)
    }

    /// When the first attempt of a delivery began; cheaper than all of it.
    pub(super) fn starts_at(&self, delivery_idx: DeliveryIdx) -> Timestamp {
        self.attempts.started_at(self.deliveries.ends(delivery_idx).0)
    }

    /// How long a delivery took, from the start of its first attempt to the end of its latest; cheaper than all of it.
    pub(super) fn lasts(&self, delivery_idx: DeliveryIdx) -> Duration {
        let (first, last) = self.deliveries.ends(delivery_idx);
        self.attempts.ended_at(last).since(self.attempts.started_at(first))
    }

    /// What a delivery is called, for which its record is read.
    #[must_use]
    pub fn delivery_id(&self, delivery_idx: DeliveryIdx) -> DeliveryId {
        self.details(self.deliveries.ends(delivery_idx).0).delivery.clone()
    }

    /// The first event of a delivery, if the session has it.
    #[must_use]
    pub fn first_event(&self, delivery_idx: DeliveryIdx) -> Option<Arc<EventRecord>> {
        let first = self.details(self.deliveries.ends(delivery_idx).0);
        self.find_event(first.events.first()?).map(|event_idx| self.event(event_idx))
    }

    /// The event of that name.
    pub(super) fn event_of_name(&self, id: &str) -> Option<EventIdx> {
        self.ids.events.find(id).map(EventIdx::new)
    }

    /// The first attempt of the delivery that an attempt belongs to.
    pub(super) fn first_of_delivery(&self, attempt_idx: AttemptIdx) -> AttemptIdx {
        self.deliveries.ends(self.attempts.delivery(attempt_idx)).0
    }

    /// The delivery of that name.
    #[must_use]
    pub fn find_delivery(&self, id: &DeliveryId) -> Option<DeliveryIdx> {
        self.ids.deliveries.find(id.as_str()).map(DeliveryIdx::new)
    }

    /// The attempts of a delivery, in the order in which they became known.
    pub fn attempts_of(&self, delivery_idx: DeliveryIdx) -> impl Iterator<Item = AttemptIdx> {
        let first = Some(self.deliveries.ends(delivery_idx).0);
        std::iter::successors(first, |attempt_idx| self.attempts.next_in_delivery(*attempt_idx))
    }

    /// The attempt that delivered first what this one delivered again.
    #[must_use]
    pub fn twin_of(&self, attempt_idx: AttemptIdx) -> Option<AttemptIdx> {
        self.twins.get(&attempt_idx).copied()
    }

    /// The other one of two attempts that delivered the same: the first for one that came again, the earliest that came
    /// again for the first. Walks all twins of the session, so not for every frame.
    #[must_use]
    pub fn other_twin(&self, attempt_idx: AttemptIdx) -> Option<AttemptIdx> {
        let before = self.twin_of(attempt_idx).filter(|twin| *twin != attempt_idx);
        let again = || self.twins.iter().filter(|(again, first)| **first == attempt_idx && **again != attempt_idx);
        before.or_else(|| again().map(|(again, _)| *again).min())
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

    /// How many attempts of a lane, or of all, began in each of `n_columns` equal parts of a span: every one that began
    /// in the span, and no other, whatever the zoom.
    #[must_use]
    pub fn columns(&self, lane: Option<LaneKey>, span: Span, n_columns: usize) -> Vec<Tally> {
        self.pyramid.columns(&Rows { attempts: &self.attempts, deliveries: &self.deliveries }, lane, span, n_columns)
    }

    /// Destinations and their actions, in the order in which they became known.
    pub fn lanes(&self) -> impl Iterator<Item = LaneKey> {
        self.pyramid.lanes()
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

    /// How many of its attempts were looked through for findings.
    #[must_use]
    pub fn n_looked_at(&self) -> usize {
        self.findings.n_looked_at(self.attempts.len())
    }

    /// Takes in what was found in an attempt whose record stays in the session's file, which may be nothing. Attempts are
    /// looked at in their order.
    pub fn add_findings(&mut self, attempt_idx: AttemptIdx, found: Vec<Finding>) {
        let marks = self.findings.hand_in(attempt_idx, found);
        if marks == Marks::NONE {
            return;
        }
        self.revision += 1;
        self.attempts.mark(attempt_idx, marks);
        let (before, now) = self.deliveries.mark(self.attempts.delivery(attempt_idx), marks);
        self.facets.remove(&before);
        self.facets.add(&now);
    }

    fn add_event(&mut self, id: RecordName<'_>, event_name: NameId, place: Place<EventRecord>) {
        self.revision += 1;
        self.ids.events.insert(id, self.events.len());
        self.event_names.push(event_name);
        self.events.push(place);
    }

    fn add_attempt(
        &mut self,
        id: RecordName<'_>,
        attempt: &AttemptBrief<'_>,
        names: AttemptNames,
        place: Place<Attempt>,
        found: Marks,
    ) {
        self.revision += 1;
        let name = RecordName::from(attempt.delivery);
        let known = self.ids.deliveries.find(name);
        let delivery = DeliveryIdx::new(known.unwrap_or_else(|| self.deliveries.len()));
        if known.is_none() {
            self.ids.deliveries.insert(name, delivery.index());
        }
        let row = self.row_of(attempt, names.rule, delivery, found);
        let first = FirstEvent {
            destination: names.destination,
            action: names.action,
            event_name: if known.is_none() { self.name_of_first_event(attempt) } else { NameId::EMPTY },
        };
        let attempt_idx = self.attempts.push(row, self.events.len());
        self.records.push(place);
        let (before, shape) = self.deliveries.add(attempt, attempt_idx, &row, first);
        let previous = before.map(|(previous, before)| {
            self.attempts.link(previous, attempt_idx);
            self.facets.remove(&before);
            self.attempts.started_at(previous)
        });
        self.facets.add(&shape);
        if row.error != NameId::EMPTY {
            self.facets.add_error(row.error);
        }
        if let Some(twin) = attempt.duplicate.and_then(|(_, of)| self.ids.attempts.find(of?)) {
            self.twins.insert(attempt_idx, AttemptIdx::new(twin));
        }
        self.tokens.push(first.destination, attempt, attempt_idx);
        self.pyramid.push((first.destination, first.action), row.started_at, row.decision);
        let step = previous.map(|previous| row.started_at.since(previous));
        self.activity.push(Span { start: row.started_at, end: row.ended_at }, step);
        self.ids.attempts.insert(id, attempt_idx.index());
    }

    fn row_of(&mut self, attempt: &AttemptBrief<'_>, rule: NameId, delivery: DeliveryIdx, found: Marks) -> AttemptRow {
        AttemptRow {
            delivery,
            number: attempt.number,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at.max(attempt.started_at),
            next_attempt_at: attempt.next_attempt_at,
            decision: attempt.decision,
            status: Status::of(attempt),
            marks: Marks::of(attempt).with(found),
            rule,
            error: attempt.error.map_or(NameId::EMPTY, |error| self.errors.intern(error, &mut self.names)),
        }
    }

    fn name_of_first_event(&self, attempt: &AttemptBrief<'_>) -> NameId {
        let event = attempt.first_event.and_then(|id| self.ids.events.find(id));
        event.and_then(|event| self.event_names.get(event)).copied().unwrap_or(NameId::EMPTY)
    }

    /// The latest instant that the session knows of.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        self.activity.range().map(|range| range.end)
    }
}

/// The rows that the pyramid counts one by one.
struct Rows<'a> {
    attempts: &'a AttemptColumns,
    deliveries: &'a Deliveries,
}

impl Starts for Rows<'_> {
    fn start(&self, attempt_idx: AttemptIdx) -> (Timestamp, Decision, LaneKey) {
        let row = self.attempts.row(attempt_idx);
        let shape = self.deliveries.shape(row.delivery);
        (row.started_at, row.decision, (shape.destination, shape.action))
    }
}
