//! How far the file of a session was searched, and what was found: it goes on where it stood, and when the file has grown.
use std::ops::ControlFlow;

use super::question::{Asking, Question};
use crate::store::archive::{Hits, Piece, Searched};
use crate::store::ids::{AttemptIdx, EventIdx};
use crate::store::session::Session;

/// What was found until now, by the bit of the question. Of every list the entries are in order.
#[derive(Clone, Debug)]
pub(in crate::store) struct Trail {
    /// Where the next line begins.
    byte: u64,
    /// How many attempts stand before it.
    n_attempts: usize,
    attempts: Vec<Vec<AttemptIdx>>,
    events: Vec<Vec<EventIdx>>,
    /// Attempts that stand before events of theirs, whose answer waits for those.
    early: Vec<(AttemptIdx, EventIdx, Hits)>,
}

/// What is known of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Held {
    /// Whether it is found.
    Known(bool),
    /// It stands in a part of the file that was not read.
    NotRead,
    /// It stands in no file.
    InMemory,
}

impl Trail {
    /// Has read nothing yet; for so many questions.
    pub(in crate::store) fn new(n_questions: usize) -> Self {
        Self {
            byte: 0,
            n_attempts: 0,
            attempts: vec![Vec::new(); n_questions],
            events: vec![Vec::new(); n_questions],
            early: Vec::new(),
        }
    }

    /// How many attempts were read.
    pub(in crate::store) const fn n_attempts(&self) -> usize {
        self.n_attempts
    }

    /// The share of the attempts in the file that were read, from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
    pub(in crate::store) fn share(&self, session: &Session) -> f32 {
        self.n_attempts as f32 / session.n_attempts_in_file().max(1) as f32
    }

    /// Whether an attempt is found by that question.
    pub(in crate::store) fn holds(&self, session: &Session, nth_question: usize, attempt_idx: AttemptIdx) -> Held {
        if attempt_idx.index() >= session.n_attempts_in_file() {
            return Held::InMemory;
        }
        if has(self.attempts.get(nth_question), &attempt_idx) {
            return Held::Known(true);
        }
        let early = self.early.partition_point(|(early, ..)| *early < attempt_idx);
        let waits = self.early[early..].iter().take_while(|(early, ..)| *early == attempt_idx);
        let is_early = || waits.into_iter().any(|(_, _, hits)| hits >> nth_question & 1 == 1);
        let is_read = attempt_idx.index() < self.n_attempts && !is_early();
        if is_read { Held::Known(false) } else { Held::NotRead }
    }

    /// Reads on to the end of what the session has of its file. `watch` is shown how far it is with each piece, and can stop
    /// it.
    pub(in crate::store) fn go_on(
        &mut self,
        session: &Session,
        question: &dyn Question,
        watch: &mut dyn FnMut(&Self) -> ControlFlow<()>,
    ) -> Searched {
        let Some(source) = session.source() else { return Searched::Whole };
        if self.n_attempts == session.n_attempts_in_file() && self.early.is_empty() {
            return Searched::Whole;
        }
        let asking = Asking::new(session, question);
        let end = session.last_byte_in_file();
        let mut has_ended = false;
        let searched = source.search(self.byte, &asking, &mut |piece| {
            self.take(session, piece);
            watch(self)?;
            has_ended = self.byte > end;
            if has_ended { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match searched {
            Searched::Failed => Searched::Failed,
            Searched::Stopped if !has_ended => Searched::Stopped,
            Searched::Whole | Searched::Stopped => {
                self.settle_early();
                self.n_attempts = session.n_attempts_in_file();
                Searched::Whole
            }
        }
    }

    fn take(&mut self, session: &Session, piece: Piece) {
        self.byte = piece.end;
        self.n_attempts = session.n_attempts_before(self.byte).max(self.n_attempts);
        let n_events = session.n_events_before(self.byte);
        for (event_idx, hits) in piece.seen.events {
            each_of(&mut self.events, hits, |events| events.push(event_idx));
        }
        let mut found: Vec<Vec<AttemptIdx>> = vec![Vec::new(); self.attempts.len()];
        for (attempt_idx, hits) in piece.seen.attempts {
            each_of(&mut found, hits, |attempts| attempts.push(attempt_idx));
        }
        for (attempt_idx, event_idx, hits) in piece.seen.carried {
            if event_idx.index() < n_events {
                each_of(&mut found, self.held(event_idx, hits), |attempts| attempts.push(attempt_idx));
            } else {
                self.early.push((attempt_idx, event_idx, hits));
            }
        }
        for (attempts, mut found) in self.attempts.iter_mut().zip(found) {
            // A line that was not whole is read again when it is.
            found.retain(|attempt_idx| Some(attempt_idx) > attempts.last());
            found.sort_unstable();
            found.dedup();
            attempts.append(&mut found);
        }
    }

    /// Settles what waited for events, which are all read now.
    fn settle_early(&mut self) {
        for (attempt_idx, event_idx, hits) in std::mem::take(&mut self.early) {
            let held = self.held(event_idx, hits);
            each_of(&mut self.attempts, held, |attempts| {
                if let Err(at) = attempts.binary_search(&attempt_idx) {
                    attempts.insert(at, attempt_idx);
                }
            });
        }
    }

    /// Of some hits those that an event has.
    fn held(&self, event_idx: EventIdx, hits: Hits) -> Hits {
        let is_held = |nth: &usize| hits >> nth & 1 == 1 && has(self.events.get(*nth), &event_idx);
        (0..self.events.len()).filter(is_held).fold(0, |held, nth| held | 1 << nth)
    }
}

fn has<T: Ord>(list: Option<&Vec<T>>, wanted: &T) -> bool {
    // Most questions are about what came last.
    list.is_some_and(|list| list.last() == Some(wanted) || list.binary_search(wanted).is_ok())
}

/// Calls `take` with the list of each bit that is set.
fn each_of<T>(lists: &mut [Vec<T>], hits: Hits, mut take: impl FnMut(&mut Vec<T>)) {
    let is_hit = |(nth, _): &(usize, &mut Vec<T>)| hits >> nth & 1 == 1;
    lists.iter_mut().enumerate().filter(is_hit).for_each(|(_, list)| take(list));
}
