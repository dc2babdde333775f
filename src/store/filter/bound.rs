//! A filter that knows its session: names are looked up once, so that a row costs a few comparisons.
use std::cell::Cell;
use std::ops::ControlFlow;

use super::condition::{Condition, FindingTest, NameField, StatusTest};
use super::contents::{Content, Contents};
use super::field::Operator;
use super::parser::Node;
use super::text_match::TextMatch;
use super::words::{BatchWord, VerdictWord};
use crate::core::time::Timestamp;
use crate::store::archive::{Hits, Searched};
use crate::store::attempts::Shape;
use crate::store::deliveries::DeliveryShape;
use crate::store::ids::{AttemptIdx, DeliveryIdx};
use crate::store::marks::Status;
use crate::store::names::NameSet;
use crate::store::search::{Held, Spellings, Trail};
use crate::store::session::Session;

/// A filter, ready to be asked about deliveries of one session as it is now.
#[derive(Debug)]
pub struct Bound<'a> {
    session: &'a Session,
    node: Ready<'a>,
    contents: Contents<'a>,
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
    /// The name of its event; of a batch the names of its events, which is the condition of that place.
    EventName(NameSet, usize),
    /// Any of its names; or else the condition of that place.
    Anywhere(NameSet, usize),
    After(Timestamp),
    Before(Timestamp),
    /// The name of a batch, which is the condition of that place.
    BatchName(usize),
    /// The condition of that place on what stands in records.
    Content(usize),
    Other(&'a Condition),
}

/// How many deliveries are asked to see how many records a filter wants to read.
const N_SAMPLES: usize = 1_024;
/// More than one in so many, and reading all of the file from its beginning is quicker than reading line by line.
const ONE_IN: usize = 64;

impl<'a> Bound<'a> {
    pub(super) fn new(node: &'a Node, session: &'a Session) -> Self {
        let mut contents = Contents::default();
        let node = ready(node, session, &mut contents).0;
        Self { session, node, contents }
    }

    pub(super) fn session(&self) -> &'a Session {
        self.session
    }

    pub(super) fn node(&self) -> &Ready<'a> {
        &self.node
    }

    /// Its condition of that place on what stands in records.
    pub(super) fn content(&self, nth: usize) -> Option<Content<'a>> {
        self.contents.get(nth).map(|(content, _)| *content)
    }

    /// Whether the filter admits a delivery.
    #[must_use]
    pub fn admits(&self, delivery_idx: DeliveryIdx) -> bool {
        self.admits_by(delivery_idx, None)
    }

    /// Whether the filter admits a delivery for certain, going by what was found where the file was read through.
    pub(in crate::store) fn admits_by(&self, delivery_idx: DeliveryIdx, read: Option<&Trail>) -> bool {
        self.asks(delivery_idx, Asked { read, wants_records: None }) == Some(true)
    }

    /// How the file of the session is to be read through, so that asking costs little afterwards: where the records of many
    /// deliveries have to be looked at, or where that was begun before, and then on from there.
    pub(in crate::store) fn reading(&self, before: Option<&Trail>) -> Option<Trail> {
        let n_contents = self.contents.len();
        if !self.session.is_in_file() || n_contents == 0 || n_contents > Hits::BITS as usize {
            return None;
        }
        before.cloned().or_else(|| self.wants_many_records().then(|| Trail::new(n_contents)))
    }

    /// Reads the file of the session through; `watch` is told how far that is and can stop it.
    pub(in crate::store) fn read_through(
        &self,
        read: &mut Trail,
        watch: &mut dyn FnMut(&Trail) -> ControlFlow<()>,
    ) -> Searched {
        read.go_on(self.session, &self.contents, watch)
    }

    /// Whether other conditions leave so many deliveries that reading the whole file pays.
    fn wants_many_records(&self) -> bool {
        let n_all = self.session.deliveries().len();
        let every = (n_all / N_SAMPLES).max(1);
        let samples = self.session.deliveries().indices().step_by(every);
        let n_wanting = samples.filter(|idx| {
            let wants = Cell::new(false);
            self.asks(*idx, Asked { read: None, wants_records: Some(&wants) });
            wants.get()
        });
        n_wanting.count() * ONE_IN * every > n_all
    }

    /// Whether it admits a delivery; none where that is not known yet.
    fn asks(&self, delivery_idx: DeliveryIdx, asked: Asked<'_>) -> Option<bool> {
        let deliveries = self.session.deliveries();
        let (delivery, (first_attempt, _)) = (deliveries.shape(delivery_idx), deliveries.ends(delivery_idx));
        let (session, contents) = (self.session, &self.contents);
        self.node.admits(Subject { session, contents, delivery_idx, delivery: &delivery, first_attempt, asked })
    }
}

/// How conditions on records are to be answered.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// By what was found where the file was read through; else records are read.
    read: Option<&'a Trail>,
    /// Set instead, where it is only asked whether records would have to be read.
    wants_records: Option<&'a Cell<bool>>,
}

impl Ready<'_> {
    fn admits(&self, subject: Subject<'_>) -> Option<bool> {
        match self {
            Self::All(nodes) => settled(false, nodes.iter().map(|node| node.admits(subject))),
            Self::Any(nodes) => settled(true, nodes.iter().map(|node| node.admits(subject))),
            Self::Not(node) => node.admits(subject).map(|admits| !admits),
            Self::Is(condition) => subject.meets(condition),
        }
    }
}

/// What several answers come to: one that equals `decisive` settles it whatever the others are, and so do all of them where
/// none does and all are known.
pub(super) fn settled(decisive: bool, mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let others = answers.try_fold(Some(!decisive), |others, answer| match answer {
        Some(answer) if answer == decisive => Err(()),
        Some(_) => Ok(others),
        None => Ok(None),
    });
    others.unwrap_or(Some(decisive))
}

/// A node made ready, and how dear it is to ask. Cheap ones are asked first. What it asks of records is added to `contents`.
fn ready<'a>(node: &'a Node, session: &'a Session, contents: &mut Contents<'a>) -> (Ready<'a>, u8) {
    let sorted = |mut nodes: Vec<(Ready<'a>, u8)>| {
        nodes.sort_by_key(|(_, cost)| *cost);
        let cost = nodes.last().map_or(0, |(_, cost)| *cost);
        (nodes.into_iter().map(|(node, _)| node).collect(), cost)
    };
    match node {
        Node::All(nodes) => {
            let (nodes, cost) = sorted(nodes.iter().map(|node| ready(node, session, contents)).collect());
            (Ready::All(nodes), cost)
        }
        Node::Any(nodes) => {
            let (nodes, cost) = sorted(nodes.iter().map(|node| ready(node, session, contents)).collect());
            (Ready::Any(nodes), cost)
        }
        Node::Not(node) => {
            let (node, cost) = ready(node, session, contents);
            (Ready::Not(Box::new(node)), cost)
        }
        Node::Term(term) => {
            let conditions = term.conditions.iter();
            let (nodes, cost) = sorted(
                conditions.map(|one| (Ready::Is(ready_condition(one, session, contents)), one.cost())).collect(),
            );
            (Ready::Any(nodes), cost)
        }
    }
}

fn ready_condition<'a>(
    condition: &'a Condition,
    session: &'a Session,
    contents: &mut Contents<'a>,
) -> ReadyCondition<'a> {
    // As the window counts: relative times begin with the session.
    let start = session.header().created_at;
    let names = |text: &TextMatch| session.names_that(|name| text.matches(name));
    match condition {
        Condition::Name(NameField::Event, text) => {
            ReadyCondition::EventName(names(text), contents.add(Content::EventName(text)))
        }
        Condition::Name(field, text) => ReadyCondition::Names(*field, names(text), text),
        Condition::Anywhere(text) => ReadyCondition::Anywhere(names(text), contents.add(Content::Anything(text))),
        Condition::After(moment) => ReadyCondition::After(moment.in_session(start)),
        Condition::Before(moment) => ReadyCondition::Before(moment.in_session(start)),
        Condition::Body(finder) => ReadyCondition::Content(contents.add(Content::Body(finder))),
        Condition::Header(wanted) => ReadyCondition::Content(contents.add(Content::Header(wanted))),
        Condition::User(text) => ReadyCondition::Content(contents.add(Content::User(text))),
        Condition::Message(text) => ReadyCondition::Content(contents.add(Content::Message(text))),
        Condition::BatchName(text) => ReadyCondition::BatchName(contents.add(Content::Delivery(text))),
        other => ReadyCondition::Other(other),
    }
}

/// A delivery that is asked about.
#[derive(Clone, Copy)]
struct Subject<'a> {
    session: &'a Session,
    contents: &'a Contents<'a>,
    delivery_idx: DeliveryIdx,
    delivery: &'a DeliveryShape,
    first_attempt: AttemptIdx,
    asked: Asked<'a>,
}

impl Subject<'_> {
    /// None where that is not known yet.
    fn meets(self, condition: &ReadyCondition<'_>) -> Option<bool> {
        let delivery = self.delivery;
        match condition {
            ReadyCondition::Names(field, names, _) => Some(self.has_name(*field, names)),
            ReadyCondition::EventName(_, nth) if delivery.is_batch() => self.has_content(*nth),
            ReadyCondition::EventName(names, _) => Some(names.has(delivery.event_name)),
            ReadyCondition::Anywhere(names, nth) => {
                if self.has_any_name(names) {
                    Some(true)
                } else {
                    self.has_content(*nth)
                }
            }
            ReadyCondition::After(at) => Some(self.session.attempts().started_at(self.first_attempt) >= *at),
            ReadyCondition::Before(at) => Some(self.session.attempts().started_at(self.first_attempt) < *at),
            ReadyCondition::BatchName(nth) if delivery.is_batch() => self.has_content(*nth),
            ReadyCondition::BatchName(_) => Some(false),
            ReadyCondition::Content(nth) => self.has_content(*nth),
            ReadyCondition::Other(condition) => Some(self.meets_other(condition)),
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
            Condition::Took(operator, length) => operator.holds(&self.session.lasts(self.delivery_idx), length),
            Condition::Token(word) => {
                delivery.tokens.is_some() && word.marks().is_none_or(|marks| delivery.marks.has(marks))
            }
            Condition::Generation(operator, wanted) => has_generation(delivery.tokens, *operator, *wanted),
            Condition::Duplicate(word) => delivery.marks.has(word.marks()),
            Condition::Batch(word) => delivery.is_batch() == (*word == BatchWord::Yes),
            Condition::BatchSize(operator, count) => {
                delivery.is_batch() && operator.holds(&(delivery.n_events as u64), count)
            }
            Condition::Name(..)
            | Condition::Anywhere(_)
            | Condition::After(_)
            | Condition::Before(_)
            | Condition::BatchName(_)
            | Condition::User(_)
            | Condition::Message(_)
            | Condition::Header(_)
            | Condition::Body(_) => false,
        }
    }

    /// The condition of that place on what stands in records; none where it is not known yet.
    fn has_content(self, nth: usize) -> Option<bool> {
        if let Some(wants_records) = self.asked.wants_records {
            wants_records.set(true);
            return Some(false);
        }
        let (content, spellings) = self.contents.get(nth)?;
        let holds = |attempt_idx| self.holds(attempt_idx, nth, content, spellings);
        if !content.is_of_any_attempt() {
            return holds(self.first_attempt);
        }
        settled(true, self.session.attempts_of(self.delivery_idx).map(holds))
    }

    /// Whether an attempt has it; of most conditions the first of the delivery tells.
    fn holds(self, attempt_idx: AttemptIdx, nth: usize, content: &Content<'_>, spellings: &Spellings) -> Option<bool> {
        match self.asked.read.map_or(Held::InMemory, |read| read.holds(self.session, nth, attempt_idx)) {
            Held::Known(is_held) => Some(is_held),
            Held::NotRead => None,
            Held::InMemory => Some(self.reads(attempt_idx, content, spellings)),
        }
    }

    /// Reads the records of an attempt. Most lines of a file do not hold the text at all, and need not be read as records then.
    fn reads(self, attempt_idx: AttemptIdx, content: &Content<'_>, spellings: &Spellings) -> bool {
        if content.is_of_any_attempt() {
            let line = self.session.line(attempt_idx);
            return line.is_none_or(|line| spellings.may_be_in(&line))
                && content.is_in_attempt(&self.session.details(attempt_idx));
        }
        let attempt = self.session.details(attempt_idx);
        let mut events = attempt.events.iter().filter_map(|id| self.session.find_event(id));
        content.is_in_name(attempt.delivery.as_str())
            || events.any(|event_idx| content.is_in_event(&self.session.event(event_idx)))
    }

    fn attempts(self) -> impl Iterator<Item = Shape> {
        self.session.attempts_of(self.delivery_idx).map(move |idx| self.session.attempts().shape(idx))
    }

    fn has_verdict(self, word: VerdictWord) -> bool {
        match word.meaning() {
            Ok(fate) => self.delivery.fate == fate,
            Err(decision) => self.attempts().any(|row| row.decision == decision),
        }
    }

    fn has_name(self, field: NameField, names: &NameSet) -> bool {
        match field {
            NameField::Destination => names.has(self.delivery.destination),
            NameField::Action => names.has(self.delivery.action),
            NameField::Event => names.has(self.delivery.event_name),
            NameField::Error => self.attempts().any(|row| names.has(row.error)),
            NameField::Rule => self.attempts().any(|row| names.has(row.rule)),
        }
    }

    fn has_any_name(self, names: &NameSet) -> bool {
        [NameField::Destination, NameField::Action, NameField::Event, NameField::Error, NameField::Rule]
            .into_iter()
            .any(|field| self.has_name(field, names))
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
        let (attempts, columns) = (self.session.attempts_of(self.delivery_idx), self.session.attempts());
        let followed = attempts.filter_map(|idx| Some((idx, columns.next_in_delivery(idx)?)));
        let waits = followed.map(|(idx, next)| columns.started_at(next).since(columns.ended_at(idx)));
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
