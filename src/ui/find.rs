//! Search through the attempts of a session, bodies included: a little in each frame, matches kept in order.
use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;

use super::view_state::Step;
use crate::core::record::{Attempt, Exchange, Outcome};
use crate::store::label::Label;
use crate::store::{AttemptIdx, Session};

/// How long the search may take of one frame.
pub const FRAME_SHARE: Duration = Duration::from_millis(8);

/// A search, as far as it has got.
#[derive(Clone, Debug, Default)]
pub struct FindView {
    /// What is searched for.
    pub query: String,
    /// Whether the field wants the keyboard.
    pub wants_focus: bool,
    /// What was searched for when `hits` was begun.
    begun: String,
    matcher: Option<AhoCorasick>,
    n_searched: usize,
    hits: Vec<AttemptIdx>,
    wants_jump: bool,
}

impl FindView {
    /// A search for nothing yet, with the keyboard in its field.
    #[must_use]
    pub fn open() -> Self {
        Self { wants_focus: true, ..Self::default() }
    }

    /// The attempts that were found so far, in the order in which they became known.
    #[must_use]
    pub fn hits(&self) -> &[AttemptIdx] {
        &self.hits
    }

    /// How many attempts were looked at.
    #[must_use]
    pub fn n_searched(&self) -> usize {
        self.n_searched
    }

    /// Goes on with the search for at most `share`. True when there is nothing left to look at.
    pub fn advance(&mut self, session: &Session, share: Duration) -> bool {
        if self.query != self.begun {
            let needle = self.query.trim();
            self.matcher = AhoCorasick::builder().ascii_case_insensitive(true).build([needle]).ok();
            self.matcher = self.matcher.take().filter(|_| !needle.is_empty());
            self.begun.clone_from(&self.query);
            self.n_searched = 0;
            self.hits.clear();
            self.wants_jump = self.matcher.is_some();
        }
        let Some(matcher) = &self.matcher else { return true };
        let began = Instant::now();
        for attempt_idx in session.attempts().indices().skip(self.n_searched) {
            if began.elapsed() > share {
                return false;
            }
            if holds(session, attempt_idx, matcher) {
                self.hits.push(attempt_idx);
            }
            self.n_searched += 1;
        }
        true
    }

    /// The first match at `from` or behind it, once after the query has changed.
    pub fn take_jump(&mut self, from: Option<AttemptIdx>) -> Option<AttemptIdx> {
        let first = self.hits.first().filter(|_| self.wants_jump)?;
        self.wants_jump = false;
        Some(*self.hits.iter().find(|hit| from.is_none_or(|from| **hit >= from)).unwrap_or(first))
    }

    /// The match behind `from` or before it, and whether it was gone round the end of the session for it.
    #[must_use]
    pub fn step(&self, from: Option<AttemptIdx>, step: Step) -> Option<(AttemptIdx, bool)> {
        let (beyond, wrapped) = match step {
            Step::Next => (self.hits.iter().find(|hit| from.is_none_or(|from| **hit > from)), self.hits.first()),
            Step::Previous => (self.hits.iter().rfind(|hit| from.is_none_or(|from| **hit < from)), self.hits.last()),
        };
        beyond.map(|hit| (*hit, false)).or_else(|| wrapped.map(|hit| (*hit, true)))
    }

    /// The place of an attempt among the matches, from 1.
    #[must_use]
    pub fn place_of(&self, attempt: Option<AttemptIdx>) -> Option<usize> {
        self.hits.binary_search(&attempt?).ok().map(|place| place + 1)
    }
}

fn holds(session: &Session, attempt_idx: AttemptIdx, matcher: &AhoCorasick) -> bool {
    let label = Label::of(session, session.attempt(attempt_idx).delivery);
    let attempt = session.details(attempt_idx);
    let is_in = |text: &str| matcher.is_match(text);
    [&label.who, &label.what, &label.message_id].into_iter().any(|text| is_in(text))
        || is_in(attempt.id.as_str())
        || is_in(attempt.delivery.as_str())
        || is_in(&attempt.destination)
        || is_in(&attempt.action)
        || is_in(&attempt.verdict.rule)
        || is_in(&attempt.verdict.reason)
        || outcome_holds(&attempt.outcome, matcher)
        || attempt.exchanges.iter().any(|exchange| exchange_holds(exchange, matcher))
        || events_hold(session, &attempt, matcher)
}

fn outcome_holds(outcome: &Outcome, matcher: &AhoCorasick) -> bool {
    match outcome {
        Outcome::Error(error) => {
            let code = error.code.as_deref().unwrap_or_default();
            [error.name.as_str(), error.message.as_str(), code].into_iter().any(|text| matcher.is_match(text))
        }
        Outcome::Multistatus(items) => {
            items.iter().filter_map(|item| item.errormessage.as_deref()).any(|text| matcher.is_match(text))
        }
        _ => false,
    }
}

fn exchange_holds(exchange: &Exchange, matcher: &AhoCorasick) -> bool {
    matcher.is_match(&exchange.request.url)
        || matcher.is_match(&exchange.request.body.to_bytes())
        || match &exchange.result {
            Ok(response) => {
                matcher.is_match(&response.status.to_string()) || matcher.is_match(&response.body.to_bytes())
            }
            Err(fault) => matcher.is_match(fault.kind.name()) || matcher.is_match(&fault.message),
        }
}

fn events_hold(session: &Session, attempt: &Attempt, matcher: &AhoCorasick) -> bool {
    let events = attempt.events.iter().filter_map(|event| session.find_event(event));
    events.into_iter().any(|event_idx| matcher.is_match(&session.event(event_idx).payload.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    fn found(query: &str) -> Vec<String> {
        let session = demo::session();
        let mut find = FindView { query: query.to_owned(), ..FindView::default() };
        assert!(find.advance(&session, Duration::from_mins(1)));
        find.hits().iter().map(|hit| session.details(*hit).id.to_string()).collect()
    }

    #[test]
    fn labels_statuses_and_bodies_are_searched_whatever_the_case() {
        assert_eq!(found("ADA@example.com"), ["d1-a1", "d1-a2"]);
        assert_eq!(found("m-7f2a").len(), 3);
        assert!(found("409").len() >= 3);
        assert_eq!(found("no such thing"), Vec::<String>::new());
        assert_eq!(found("  "), Vec::<String>::new());
    }

    #[test]
    fn steps_go_round_the_end() {
        let session = demo::session();
        let mut find = FindView { query: "m-7f2a".to_owned(), ..FindView::default() };
        find.advance(&session, Duration::from_mins(1));
        let [first, second, third] = find.hits() else { panic!("three attempts") };
        assert_eq!(find.step(None, Step::Next), Some((*first, false)));
        assert_eq!(find.step(Some(*first), Step::Next), Some((*second, false)));
        assert_eq!(find.step(Some(*third), Step::Next), Some((*first, true)));
        assert_eq!(find.step(Some(*first), Step::Previous), Some((*third, true)));
        assert_eq!(find.place_of(Some(*second)), Some(2));
    }

    #[test]
    fn a_search_goes_on_where_it_stopped() {
        let session = demo::many(2_000);
        let mut find = FindView { query: "m-".to_owned(), ..FindView::default() };
        let mut n_frames = 1;
        while !find.advance(&session, Duration::from_micros(200)) {
            n_frames += 1;
        }
        assert!(n_frames > 1);
        assert_eq!(find.hits().len(), session.attempts().len());
    }
}
