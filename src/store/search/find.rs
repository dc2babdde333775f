//! Find: the attempts of a session in which a text is, bodies included, in the order in which they became known.
use std::ops::ControlFlow;

use aho_corasick::AhoCorasick;

use super::question::{Question, Reach};
use super::spelling::Spellings;
use super::trail::{Held, Trail};
use crate::core::record::{Attempt, EventRecord, Exchange, Outcome};
use crate::store::archive::{Hits, Searched};
use crate::store::ids::AttemptIdx;
use crate::store::label::{self, Label};
use crate::store::names::NameSet;
use crate::store::session::Session;
use crate::store::watch::Watch;

/// An attempt, or an event that it carries, has the text.
const INSIDE: usize = 0;
/// The delivery of a single event goes by it; asked of its first attempt.
const LABEL: usize = 1;

/// How many attempts are looked at one by one between two looks at whoever watches.
const PIECE: usize = 64;

/// A text that is searched for; its case does not count.
#[derive(Clone, Debug)]
pub struct FindQuery {
    needle: String,
    matcher: AhoCorasick,
}

/// What was found, and how far the search is. It goes on where it stood, and when the session has grown.
#[derive(Clone, Debug)]
pub struct Found {
    hits: Vec<AttemptIdx>,
    n_searched: usize,
    trail: Trail,
    /// Whether the file did not let itself be read through.
    reads_one_by_one: bool,
}

impl Default for Found {
    fn default() -> Self {
        Self { hits: Vec::new(), n_searched: 0, trail: Trail::new(2), reads_one_by_one: false }
    }
}

impl Found {
    /// The attempts that were found so far, in the order in which they became known.
    #[must_use]
    pub fn hits(&self) -> &[AttemptIdx] {
        &self.hits
    }

    /// How many attempts were looked at.
    #[must_use]
    pub const fn n_searched(&self) -> usize {
        self.n_searched
    }

    /// Looks at the next attempt by itself; none when there is none.
    pub fn look_at_next(&mut self, session: &Session, query: &FindQuery) -> Option<()> {
        let attempt_idx = AttemptIdx::new(self.n_searched);
        if self.n_searched >= session.attempts().len() {
            return None;
        }
        if query.holds(session, attempt_idx) {
            self.hits.push(attempt_idx);
        }
        self.n_searched += 1;
        Some(())
    }

    /// Goes on to the end of the session, or until it is enough; none if nobody wants it any more. A large file is read once
    /// from one end to the other.
    pub fn go_on(mut self, session: &Session, query: &FindQuery, watch: &mut dyn Watch<Self>) -> Option<Self> {
        if session.is_in_file() && !self.reads_one_by_one && !self.go_on_in_file(session, query, watch)? {
            return Some(self);
        }
        let n_all = session.attempts().len();
        loop {
            for _ in 0..PIECE {
                if self.look_at_next(session, query).is_none() {
                    return Some(self);
                }
            }
            if watch.done(share(self.n_searched, n_all)).is_break() {
                return None;
            }
            if watch.is_enough() {
                return Some(self);
            }
            watch.offer(&mut || self.clone());
        }
    }

    /// Whether all of the file was searched, or cannot be.
    fn go_on_in_file(&mut self, session: &Session, query: &FindQuery, watch: &mut dyn Watch<Self>) -> Option<bool> {
        let in_file = InFile::new(session, query);
        let Self { hits, n_searched, trail, .. } = self;
        let mut is_unwanted = false;
        let searched = trail.go_on(session, &in_file, &mut |trail| {
            in_file.take(session, trail, n_searched, hits);
            is_unwanted = watch.done(share(*n_searched, session.attempts().len())).is_break();
            if is_unwanted || watch.is_enough() {
                return ControlFlow::Break(());
            }
            watch.offer(&mut || Self {
                hits: hits.clone(),
                n_searched: *n_searched,
                trail: trail.clone(),
                reads_one_by_one: false,
            });
            ControlFlow::Continue(())
        });
        match searched {
            _ if is_unwanted => return None,
            Searched::Stopped => return Some(false),
            Searched::Failed => {
                *self = Self { reads_one_by_one: true, ..Self::default() };
            }
            Searched::Whole => {
                // What waited for something behind it is settled now.
                hits.retain(|hit| hit.index() >= session.n_attempts_in_file());
                let (mut n_again, mut again) = (0, Vec::new());
                in_file.take(session, trail, &mut n_again, &mut again);
                again.append(hits);
                (*hits, *n_searched) = (again, n_again.max(*n_searched));
            }
        }
        Some(true)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
fn share(done: usize, all: usize) -> f32 {
    done as f32 / all.max(1) as f32
}

impl FindQuery {
    /// A search for a text; none where there is nothing to search for.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let needle = text.trim();
        let matcher = AhoCorasick::builder().ascii_case_insensitive(true).build([needle]).ok()?;
        (!needle.is_empty()).then(|| Self { needle: needle.to_owned(), matcher })
    }

    /// Whether an attempt has the text: in itself, in an event that it carries, or in what its delivery goes by.
    #[must_use]
    pub fn holds(&self, session: &Session, attempt_idx: AttemptIdx) -> bool {
        let label = Label::of(session, session.attempt(attempt_idx).delivery);
        let attempt = session.details(attempt_idx);
        let events = || attempt.events.iter().filter_map(|event| session.find_event(event));
        [&label.who, &label.what, &label.message_id].into_iter().any(|text| self.is_in(text))
            || self.is_in_attempt(&attempt)
            || events().any(|event_idx| self.is_in_event(&session.event(event_idx)))
    }

    fn is_in(&self, text: &str) -> bool {
        self.matcher.is_match(text)
    }

    fn is_in_event(&self, event: &EventRecord) -> bool {
        self.is_in(&event.payload.to_string())
    }

    fn is_in_attempt(&self, attempt: &Attempt) -> bool {
        [attempt.id.as_str(), attempt.delivery.as_str(), &attempt.destination, &attempt.action]
            .into_iter()
            .chain([&*attempt.verdict.rule, &attempt.verdict.reason])
            .any(|text| self.is_in(text))
            || self.is_in_outcome(&attempt.outcome)
            || attempt.exchanges.iter().any(|exchange| self.is_in_exchange(exchange))
    }

    fn is_in_outcome(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Error(error) => {
                let code = error.code.as_deref().unwrap_or_default();
                [error.name.as_str(), error.message.as_str(), code].into_iter().any(|text| self.is_in(text))
            }
            Outcome::Multistatus(items) => {
                items.iter().filter_map(|item| item.errormessage.as_deref()).any(|text| self.is_in(text))
            }
            _ => false,
        }
    }

    fn is_in_exchange(&self, exchange: &Exchange) -> bool {
        let is_in_body = |body: &crate::core::http::Body| self.matcher.is_match(&body.to_bytes());
        self.is_in(&exchange.request.url)
            || is_in_body(&exchange.request.body)
            || match &exchange.result {
                Ok(response) => self.is_in(&response.status.to_string()) || is_in_body(&response.body),
                Err(fault) => self.is_in(fault.kind.name()) || self.is_in(&fault.message),
            }
    }
}

/// The search through the file of a session: what [`FindQuery::holds`] asks, piece by piece.
struct InFile<'a> {
    query: &'a FindQuery,
    /// Names of events that have the text.
    event_names: NameSet,
    /// Whether it is in what stands for somebody who is not known.
    is_in_nobody: bool,
}

impl<'a> InFile<'a> {
    fn new(session: &Session, query: &'a FindQuery) -> Self {
        let event_names = session.names_that(|name| query.is_in(name));
        Self { query, event_names, is_in_nobody: query.is_in(label::NOBODY) }
    }

    /// Takes the attempts that were read since the last time.
    fn take(&self, session: &Session, trail: &Trail, n_searched: &mut usize, hits: &mut Vec<AttemptIdx>) {
        for index in *n_searched..trail.n_attempts() {
            let attempt_idx = AttemptIdx::new(index);
            if self.is_found(session, trail, attempt_idx) {
                hits.push(attempt_idx);
            }
        }
        *n_searched = trail.n_attempts().max(*n_searched);
    }

    fn is_found(&self, session: &Session, trail: &Trail, attempt_idx: AttemptIdx) -> bool {
        let has = |nth, attempt_idx| trail.holds(session, nth, attempt_idx) == Held::Known(true);
        if has(INSIDE, attempt_idx) {
            return true;
        }
        let shape = session.deliveries().shape(session.attempts().delivery(attempt_idx));
        self.event_names.has(shape.event_name)
            || if shape.is_batch() {
                self.query.is_in(&label::batch_of(shape.n_events))
            } else {
                has(LABEL, session.first_of_delivery(attempt_idx))
            }
    }
}

const fn bit(nth: usize, is_set: bool) -> Hits {
    if is_set { 1 << nth } else { 0 }
}

impl Question for InFile<'_> {
    fn of_event(&self, event: &EventRecord) -> Hits {
        let is_who = match label::people(&event.payload).next() {
            Some(who) => self.query.is_in(who),
            None => self.is_in_nobody,
        };
        let is_label = is_who || event.message_id.as_deref().is_some_and(|id| self.query.is_in(id));
        bit(INSIDE, self.query.is_in_event(event)) | bit(LABEL, is_label)
    }

    fn of_attempt(&self, attempt: &Attempt) -> Hits {
        bit(INSIDE, self.query.is_in_attempt(attempt))
    }

    fn of_delivery(&self, _: &str, has_event: bool) -> Hits {
        bit(LABEL, !has_event && self.is_in_nobody)
    }

    fn spellings(&self) -> [Spellings; 2] {
        let needle = std::slice::from_ref(&self.query.needle);
        // An event without anybody does not say so.
        let of_events = Spellings::in_bodies(needle).without_bytes();
        let of_nobody = if self.is_in_nobody { Spellings::in_strings(None) } else { Spellings::default() };
        [of_events.or(of_nobody), Spellings::in_bodies(needle)]
    }

    fn reach(&self) -> Reach {
        Reach::EveryAttempt
    }

    fn carried_hits(&self, is_first_event: bool) -> Hits {
        bit(INSIDE, true) | bit(LABEL, is_first_event)
    }
}
