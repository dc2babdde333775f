//! The search through the attempts of a session, bodies included: what is searched for, and what was found so far.
use std::time::{Duration, Instant};

use super::view_state::Step;
use crate::store::search::{FindQuery, Found};
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
    /// Whether the person has stopped it; what was found stays.
    pub is_stopped: bool,
    /// What was searched for when the search was begun.
    begun: String,
    question: Option<FindQuery>,
    found: Found,
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
        self.found.hits()
    }

    /// How many attempts were looked at.
    #[must_use]
    pub fn n_searched(&self) -> usize {
        self.found.n_searched()
    }

    /// Begins anew if something else is searched for than before; says whether that is so.
    pub fn begin(&mut self) -> bool {
        if self.query == self.begun {
            return false;
        }
        self.question = FindQuery::new(&self.query);
        self.begun.clone_from(&self.query);
        self.found = Found::default();
        self.is_stopped = false;
        self.wants_jump = self.question.is_some();
        true
    }

    /// Goes on with the search for at most `share`. True when there is nothing left to look at.
    pub fn advance(&mut self, session: &Session, share: Duration) -> bool {
        self.begin();
        let Some(question) = self.question.as_ref().filter(|_| !self.is_stopped) else { return true };
        let began = Instant::now();
        while began.elapsed() <= share {
            if self.found.look_at_next(session, question).is_none() {
                return true;
            }
        }
        false
    }

    /// What is to be searched for in the rest of a session, and what was found already; none where nothing is left to do.
    #[must_use]
    pub fn question(&self, session: &Session) -> Option<(FindQuery, Found)> {
        let question = self.question.as_ref().filter(|_| !self.is_stopped)?;
        (self.n_searched() < session.attempts().len()).then(|| (question.clone(), self.found.clone()))
    }

    /// Takes what somebody else has found so far.
    pub fn take(&mut self, found: Found) {
        self.found = found;
    }

    /// The first match at `from` or behind it, once after the query has changed.
    pub fn take_jump(&mut self, from: Option<AttemptIdx>) -> Option<AttemptIdx> {
        let hits = self.found.hits();
        let first = hits.first().filter(|_| self.wants_jump)?;
        self.wants_jump = false;
        Some(*hits.iter().find(|hit| from.is_none_or(|from| **hit >= from)).unwrap_or(first))
    }

    /// The match behind `from` or before it, and whether it was gone round the end of the session for it.
    #[must_use]
    pub fn step(&self, from: Option<AttemptIdx>, step: Step) -> Option<(AttemptIdx, bool)> {
        let hits = self.found.hits();
        let (beyond, wrapped) = match step {
            Step::Next => (hits.iter().find(|hit| from.is_none_or(|from| **hit > from)), hits.first()),
            Step::Previous => (hits.iter().rfind(|hit| from.is_none_or(|from| **hit < from)), hits.last()),
        };
        beyond.map(|hit| (*hit, false)).or_else(|| wrapped.map(|hit| (*hit, true)))
    }

    /// The place of an attempt among the matches, from 1.
    #[must_use]
    pub fn place_of(&self, attempt: Option<AttemptIdx>) -> Option<usize> {
        self.found.hits().binary_search(&attempt?).ok().map(|place| place + 1)
    }
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

    #[test]
    fn a_search_that_is_stopped_keeps_what_it_found_until_something_else_is_searched_for() {
        let session = demo::many(2_000);
        let mut find = FindView { query: "m-0".to_owned(), ..FindView::default() };
        find.advance(&session, Duration::from_micros(200));
        find.is_stopped = true;
        let n_found = find.hits().len();
        assert!(find.advance(&session, Duration::from_mins(1)) && find.question(&session).is_none());
        assert_eq!((find.hits().len(), find.n_searched()), (n_found, n_found));
        find.is_stopped = false;
        assert!(find.question(&session).is_some());
        find.advance(&session, Duration::from_mins(1));
        assert_eq!(find.hits().len(), 2_000);
        find.is_stopped = true;
        find.query.push('7');
        find.advance(&session, Duration::from_mins(1));
        assert!(!find.is_stopped && find.hits().len() < 2_000 && !find.hits().is_empty());
    }
}
