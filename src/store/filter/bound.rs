//! A filter that knows its session: names are looked up once, so that a row costs a few comparisons.
use std::cell::Cell;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::condition::{Condition, FindingTest, NameField, StatusTest};
use super::contents;
use super::field::Operator;
use super::parser::Node;
use super::text_match::{BodyFinder, TextMatch};
use super::words::{BatchWord, VerdictWord};
use crate::core::record::{Attempt, EventRecord};
use crate::core::time::Timestamp;
use crate::store::archive::LineSearch;
use crate::store::attempts::AttemptRow;
use crate::store::deliveries::Delivery;
use crate::store::ids::{AttemptIdx, DeliveryIdx};
use crate::store::marks::Status;
use crate::store::names::NameSet;
use crate::store::session::{FoundInFile, Session};

/// A filter, ready to be asked about deliveries of one session as it is now.
#[derive(Debug)]
pub struct Bound<'a> {
    session: &'a Session,
    node: Ready<'a>,
}

/// A node whose conditions are ready.
#[derive(Debug)]
pub(super) enum Ready<'a> {
    All(Vec<Ready<'a>>),
    Any(Vec<Ready<'a>>),
    Not(Box<Ready<'a>>),
    Is(ReadyCondition<'a>),
}

/// A condition with what the session tells of it once for all.
#[derive(Debug)]
pub(super) enum ReadyCondition<'a> {
    Names(NameField, NameSet, &'a TextMatch),
    Anywhere(NameSet, &'a TextMatch),
    After(Timestamp),
    Before(Timestamp),
    /// With what was found where the whole file was read through.
    Body(&'a BodyFinder, Option<FoundInFile>),
    Other(&'a Condition),
}

/// How many deliveries are asked to see how many bodies a filter wants to read.
const N_SAMPLES: usize = 1_024;
/// More than one in so many, and reading all of the file from its beginning is quicker than reading line by line.
const ONE_IN: usize = 16;

impl<'a> Bound<'a> {
    pub(super) fn new(node: &'a Node, session: &'a Session) -> Self {
        Self { session, node: ready(node, session).0 }
    }

    pub(super) fn session(&self) -> &'a Session {
        self.session
    }

    pub(super) fn node(&self) -> &Ready<'a> {
        &self.node
    }

    /// Whether the filter admits a delivery.
    #[must_use]
    pub fn admits(&self, delivery_idx: DeliveryIdx) -> bool {
        self.admits_counting(delivery_idx, None)
    }

    /// Reads through the file of the session where the bodies of many attempts have to be looked at, so that asking costs
    /// little afterwards. `watch` is told how far that is, from 0 to 1, and can stop it.
    pub fn read_bodies(&mut self, watch: &mut dyn FnMut(f32) -> ControlFlow<()>) -> ControlFlow<()> {
        if !self.session.is_in_file() || !self.wants_many_bodies() {
            return ControlFlow::Continue(());
        }
        let session = self.session;
        self.node.each_body(&mut |finder, found| {
            *found = session.search_file(&BodySearch(finder), watch)?;
            ControlFlow::Continue(())
        })
    }

    /// Whether other conditions leave so many deliveries that reading the whole file pays.
    fn wants_many_bodies(&self) -> bool {
        let n_all = self.session.deliveries().len();
        let every = (n_all / N_SAMPLES).max(1);
        let samples = self.session.deliveries().indices().step_by(every);
        let n_wanting = samples.filter(|idx| {
            let wants = Cell::new(false);
            self.admits_counting(*idx, Some(&wants));
            wants.get()
        });
        n_wanting.count() * ONE_IN * every > n_all
    }

    fn admits_counting(&self, delivery_idx: DeliveryIdx, wants_body: Option<&Cell<bool>>) -> bool {
        let delivery = self.session.delivery(delivery_idx);
        self.node.admits(Subject { session: self.session, delivery_idx, delivery: &delivery, wants_body })
    }
}

impl Ready<'_> {
    fn admits(&self, subject: Subject<'_>) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.admits(subject)),
            Self::Any(nodes) => nodes.iter().any(|node| node.admits(subject)),
            Self::Not(node) => !node.admits(subject),
            Self::Is(condition) => subject.meets(condition),
        }
    }

    /// Calls `change` for every condition on bodies.
    fn each_body(
        &mut self,
        change: &mut dyn FnMut(&BodyFinder, &mut Option<FoundInFile>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter_mut().try_for_each(|node| node.each_body(change)),
            Self::Not(node) => node.each_body(change),
            Self::Is(ReadyCondition::Body(finder, found)) => change(finder, found),
            Self::Is(_) => ControlFlow::Continue(()),
        }
    }
}

/// A text in bodies, searched for in a whole file.
struct BodySearch<'a>(&'a BodyFinder);

impl LineSearch for BodySearch<'_> {
    fn lines(&self, lines: &[u8], take: &mut dyn FnMut(Range<usize>)) {
        self.0.lines_with(lines, take);
    }

    fn is_in(&self, attempt: &Attempt) -> bool {
        contents::has_in_body(attempt, self.0)
    }
}

/// A node made ready, and how dear it is to ask. Cheap ones are asked first.
fn ready<'a>(node: &'a Node, session: &'a Session) -> (Ready<'a>, u8) {
    let sorted = |mut nodes: Vec<(Ready<'a>, u8)>| {
        nodes.sort_by_key(|(_, cost)| *cost);
        let cost = nodes.last().map_or(0, |(_, cost)| *cost);
        (nodes.into_iter().map(|(node, _)| node).collect(), cost)
    };
    match node {
        Node::All(nodes) => {
            let (nodes, cost) = sorted(nodes.iter().map(|node| ready(node, session)).collect());
            (Ready::All(nodes), cost)
        }
        Node::Any(nodes) => {
            let (nodes, cost) = sorted(nodes.iter().map(|node| ready(node, session)).collect());
            (Ready::Any(nodes), cost)
        }
        Node::Not(node) => {
            let (node, cost) = ready(node, session);
            (Ready::Not(Box::new(node)), cost)
        }
        Node::Term(term) => {
            let conditions = term.conditions.iter();
            let (nodes, cost) =
                sorted(conditions.map(|one| (Ready::Is(ready_condition(one, session)), one.cost())).collect());
            (Ready::Any(nodes), cost)
        }
    }
}

fn ready_condition<'a>(condition: &'a Condition, session: &'a Session) -> ReadyCondition<'a> {
    // As the window counts: relative times begin with the session.
    let start = session.header().created_at;
    match condition {
        Condition::Name(field, text) => {
            ReadyCondition::Names(*field, session.names_that(|name| text.matches(name)), text)
        }
        Condition::Anywhere(text) => ReadyCondition::Anywhere(session.names_that(|name| text.matches(name)), text),
        Condition::After(moment) => ReadyCondition::After(moment.in_session(start)),
        Condition::Before(moment) => ReadyCondition::Before(moment.in_session(start)),
        Condition::Body(finder) => ReadyCondition::Body(finder, None),
        other => ReadyCondition::Other(other),
    }
}

/// A delivery that is asked about.
#[derive(Clone, Copy)]
struct Subject<'a> {
    session: &'a Session,
    delivery_idx: DeliveryIdx,
    delivery: &'a Delivery,
    /// Set instead of looking into bodies, where only that is asked.
    wants_body: Option<&'a Cell<bool>>,
}

impl Subject<'_> {
    fn meets(self, condition: &ReadyCondition<'_>) -> bool {
        match condition {
            ReadyCondition::Names(field, names, text) => self.has_name(*field, names, text),
            ReadyCondition::Anywhere(names, text) => self.has_anywhere(names, text),
            ReadyCondition::After(at) => self.delivery.started_at >= *at,
            ReadyCondition::Before(at) => self.delivery.started_at < *at,
            ReadyCondition::Body(finder, found) => self.has_in_body(finder, found.as_ref()),
            ReadyCondition::Other(condition) => self.meets_other(condition),
        }
    }

    fn meets_other(self, condition: &Condition) -> bool {
        let delivery = self.delivery;
        match condition {
            Condition::Verdict(word) => self.has_verdict(*word),
            Condition::Status(wanted) => self.attempts().any(|row| has_status(row.status, *wanted)),
            Condition::Finding(wanted) => self.has_finding(wanted),
            Condition::Attempts(operator, count) => operator.holds(&u64::from(delivery.n_attempts), count),
            Condition::Waited(operator, length) => operator.holds(&self.longest_wait(), length),
            Condition::Took(operator, length) => operator.holds(&delivery.ended_at.since(delivery.started_at), length),
            Condition::Token(word) => {
                delivery.tokens.is_some() && word.marks().is_none_or(|marks| delivery.marks.has(marks))
            }
            Condition::Generation(operator, wanted) => has_generation(delivery.tokens, *operator, *wanted),
            Condition::Duplicate(word) => delivery.marks.has(word.marks()),
            Condition::Batch(word) => delivery.is_batch() == (*word == BatchWord::Yes),
            Condition::BatchSize(operator, count) => {
                delivery.is_batch() && operator.holds(&(delivery.n_events as u64), count)
            }
            Condition::BatchName(text) => delivery.is_batch() && self.is_called(text),
            Condition::User(text) => self.events().any(|event| contents::is_about(&event.payload, text)),
            Condition::Message(text) => self.events().any(|event| contents::has_message_id(&event, text)),
            Condition::Header(wanted) => self.details().any(|attempt| contents::has_header(&attempt, wanted)),
            Condition::Name(..)
            | Condition::Anywhere(_)
            | Condition::After(_)
            | Condition::Before(_)
            | Condition::Body(_) => false,
        }
    }

    fn attempts(self) -> impl Iterator<Item = AttemptRow> {
        self.session.attempts_of(self.delivery_idx).map(move |idx| self.session.attempt(idx))
    }

    fn details(self) -> impl Iterator<Item = Arc<Attempt>> {
        self.session.attempts_of(self.delivery_idx).map(move |idx| self.session.details(idx))
    }

    /// Most lines of a file do not hold the text at all, and need not be read as records then.
    fn has_in_body(self, finder: &BodyFinder, found: Option<&FoundInFile>) -> bool {
        if let Some(wants_body) = self.wants_body {
            wants_body.set(true);
            return false;
        }
        let mut attempts = self.session.attempts_of(self.delivery_idx);
        attempts.any(|attempt_idx| match found.and_then(|found| found.has(attempt_idx)) {
            Some(is_found) => is_found,
            None => self.reads_in_body(attempt_idx, finder),
        })
    }

    fn reads_in_body(self, attempt_idx: AttemptIdx, finder: &BodyFinder) -> bool {
        self.session.line(attempt_idx).is_none_or(|line| finder.may_be_in_line(&line))
            && contents::has_in_body(&self.session.details(attempt_idx), finder)
    }

    fn is_called(self, text: &TextMatch) -> bool {
        text.matches(self.session.delivery_id(self.delivery_idx).as_str())
    }

    /// The events that the session has of it.
    fn events(self) -> impl Iterator<Item = Arc<EventRecord>> {
        let ids = self.session.details(self.delivery.first_attempt).events.clone();
        ids.into_iter().filter_map(move |id| self.session.find_event(&id)).map(move |idx| self.session.event(idx))
    }

    fn has_verdict(self, word: VerdictWord) -> bool {
        match word.meaning() {
            Ok(fate) => self.delivery.fate == fate,
            Err(decision) => self.attempts().any(|row| row.decision == decision),
        }
    }

    fn has_name(self, field: NameField, names: &NameSet, text: &TextMatch) -> bool {
        match field {
            NameField::Destination => names.has(self.delivery.destination),
            NameField::Action => names.has(self.delivery.action),
            NameField::Error => self.attempts().any(|row| names.has(row.error)),
            NameField::Rule => self.attempts().any(|row| names.has(row.rule)),
            NameField::Event if self.delivery.is_batch() => {
                self.events().any(|event| contents::has_name(&event.payload, text))
            }
            NameField::Event => names.has(self.delivery.event_name),
        }
    }

    fn has_anywhere(self, names: &NameSet, text: &TextMatch) -> bool {
        let delivery = self.delivery;
        [delivery.destination, delivery.action, delivery.event_name].into_iter().any(|name| names.has(name))
            || self.is_called(text)
            || self.attempts().any(|row| names.has(row.error) || names.has(row.rule))
            || self.events().any(|event| contents::goes_by(&event, text))
    }

    fn has_finding(self, wanted: &FindingTest) -> bool {
        let mut found = self.session.attempts_of(self.delivery_idx).flat_map(|idx| self.session.findings_of(idx));
        found.any(|finding| match wanted {
            FindingTest::Any => true,
            FindingTest::Severity(severity) => finding.severity == *severity,
            FindingTest::Like(text) => text.matches(finding.id.as_str()) || text.matches(finding.title),
        })
    }

    fn longest_wait(self) -> std::time::Duration {
        let starts = self.attempts().skip(1);
        let waits = self.attempts().zip(starts).map(|(row, next)| next.started_at.since(row.ended_at));
        waits.max().unwrap_or_default()
    }
}

fn has_status(status: Status, wanted: StatusTest) -> bool {
    match (status, wanted) {
        (Status::Wire(code) | Status::Thrown(code), StatusTest::Code(operator, other)) => operator.holds(&code, &other),
        (Status::Wire(code) | Status::Thrown(code), StatusTest::Class(class)) => code / 100 == class,
        (Status::Fault(fault), StatusTest::Fault(other)) => fault == other,
        (Status::None, StatusTest::None) => true,
        _ => false,
    }
}

/// Whether any of the generations from the first to the last is so.
fn has_generation(tokens: Option<(u32, u32)>, operator: Operator, wanted: u32) -> bool {
    let Some((first, last)) = tokens else { return false };
    match operator {
        Operator::Has | Operator::Is => (first..=last).contains(&wanted),
        _ => operator.holds(&first, &wanted) || operator.holds(&last, &wanted),
    }
}
