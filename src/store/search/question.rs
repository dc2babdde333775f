//! What is asked of every record of a session, and the search through its file that asks it.
use super::spelling::Spellings;
use crate::core::record::{Attempt, EventRecord};
use crate::store::archive::{Hits, LineSearch, Seen};
use crate::store::ids::AttemptIdx;
use crate::store::session::Session;

/// Several questions at once, a bit for each.
pub(in crate::store) trait Question: Sync {
    /// What an event holds.
    fn of_event(&self, event: &EventRecord) -> Hits;

    /// What an attempt holds.
    fn of_attempt(&self, attempt: &Attempt) -> Hits;

    /// What an attempt is to be found by going by the name of its delivery alone, and by whether its first event is known.
    fn of_delivery(&self, name: &str, has_event: bool) -> Hits;

    /// What the lines of events and those of attempts hold at least that hold anything.
    fn spellings(&self) -> [Spellings; 2];

    /// Which attempts are found by what their events hold, or by the names of their deliveries.
    fn reach(&self) -> Reach;

    /// What an attempt is found by if an event of it holds it, the first one or a later one.
    fn carried_hits(&self, is_first_event: bool) -> Hits;
}

/// Which attempts are found by what their events hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Reach {
    /// None: only attempts themselves are asked about.
    Attempts,
    /// The first attempt of each delivery.
    FirstAttempts,
    /// Every one.
    EveryAttempt,
}

/// The questions as they are asked of lines.
pub(super) struct Asking<'a> {
    session: &'a Session,
    question: &'a dyn Question,
    events: Spellings,
    attempts: Spellings,
    reach: Reach,
}

impl<'a> Asking<'a> {
    pub(super) fn new(session: &'a Session, question: &'a dyn Question) -> Self {
        let [events, attempts] = question.spellings();
        Self { session, question, events, attempts, reach: question.reach() }
    }

    /// The attempt whose line begins there; the one behind the last that was found costs least.
    fn attempt_at(&self, byte: u64, seen: &Seen) -> Option<AttemptIdx> {
        let last = seen.carried.last().map(|(attempt_idx, ..)| AttemptIdx::new(attempt_idx.index() + 1));
        let is_there = |attempt_idx: &AttemptIdx| self.session.byte_of_attempt(*attempt_idx) == Some(byte);
        last.filter(is_there).or_else(|| self.session.attempt_at(byte))
    }
}

impl LineSearch for Asking<'_> {
    fn wants_event(&self, line: &[u8]) -> bool {
        self.events.may_be_in(line)
    }

    fn wants_attempt(&self, line: &[u8]) -> bool {
        self.attempts.may_be_in(line)
    }

    fn wants_names(&self) -> bool {
        self.reach != Reach::Attempts
    }

    fn event(&self, byte: u64, event: &EventRecord, seen: &mut Seen) {
        let hits = self.question.of_event(event);
        if hits != 0
            && let Some(event_idx) = self.session.event_at(byte)
        {
            seen.events.push((event_idx, hits));
        }
    }

    fn attempt(&self, byte: u64, attempt: &Attempt, seen: &mut Seen) {
        let hits = self.question.of_attempt(attempt);
        if hits != 0
            && let Some(attempt_idx) = self.session.attempt_at(byte)
        {
            seen.attempts.push((attempt_idx, hits));
        }
    }

    fn name(&self, byte: u64, delivery: &str, events: &[&str], seen: &mut Seen) {
        let Some(attempt_idx) = self.attempt_at(byte, seen) else { return };
        if self.reach == Reach::FirstAttempts && self.session.first_of_delivery(attempt_idx) != attempt_idx {
            return;
        }
        let known = || events.iter().map(|id| self.session.event_of_name(id));
        let hits = self.question.of_delivery(delivery, known().next().flatten().is_some());
        if hits != 0 {
            seen.attempts.push((attempt_idx, hits));
        }
        for (nth, event_idx) in known().enumerate() {
            let hits = self.question.carried_hits(nth == 0);
            if let Some(event_idx) = event_idx
                && hits != 0
            {
                seen.carried.push((attempt_idx, event_idx, hits));
            }
        }
    }
}
