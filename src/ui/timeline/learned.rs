//! What the timeline needs of whole records, of the rows in view only: they may have to be read from a file, and are
//! read once.
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use crate::core::deduplication::TraitTimes;
use crate::core::names::EventId;
use crate::store::{AttemptIdx, DeliveryIdx, Marks, Session};

/// Marks of which the record tells more.
const DUPLICATE: Marks =
    Marks::DELIVERED_TWICE.with(Marks::SUPPRESSED).with(Marks::WRONGLY_SUPPRESSED).with(Marks::AMBIGUOUS);

/// A step of events from one attempt to a later one of another delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Thread {
    pub(super) from: AttemptIdx,
    pub(super) to: AttemptIdx,
    /// How many of the selected attempt's events went this way.
    pub(super) n_events: usize,
}

/// What threads were followed for.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    selected: AttemptIdx,
    revision: u64,
    deliveries: Vec<DeliveryIdx>,
}

/// What a duplicate's record tells.
#[derive(Debug, Default)]
struct Told {
    strategy: String,
    stale_read: Option<TraitTimes>,
}

/// What was learned of a session.
#[derive(Debug, Default)]
pub(super) struct Learned {
    duplicates: HashMap<AttemptIdx, Told>,
    asked: Option<Question>,
    threads: Vec<Thread>,
}

impl Learned {
    /// Reads what is new in view.
    pub(super) fn learn(&mut self, session: &Session, selected: Option<AttemptIdx>, deliveries: Vec<DeliveryIdx>) {
        for delivery in deliveries.iter().filter(|delivery| session.delivery(**delivery).marks.has(DUPLICATE)) {
            for attempt in session.attempts_of(*delivery) {
                if session.attempt(attempt).marks.has(DUPLICATE) {
                    self.duplicates.entry(attempt).or_insert_with(|| told(session, attempt));
                }
            }
        }
        let Some(selected) = selected else {
            self.threads.clear();
            self.asked = None;
            return;
        };
        let question = Question { selected, revision: session.revision(), deliveries };
        if self.asked.as_ref() != Some(&question) {
            self.threads = threads(session, selected, &question.deliveries);
            self.asked = Some(question);
        }
    }

    /// The times of a trait that an attempt read when it was written and not to be seen yet.
    pub(super) fn stale_read(&self, attempt: AttemptIdx) -> Option<TraitTimes> {
        self.duplicates.get(&attempt)?.stale_read
    }

    /// What was to keep a duplicate out; empty where nothing was.
    pub(super) fn strategy(&self, attempt: AttemptIdx) -> &str {
        self.duplicates.get(&attempt).map_or("", |told| &told.strategy)
    }

    /// The ways of the selected attempt's events through the deliveries in view.
    pub(super) fn threads(&self) -> &[Thread] {
        &self.threads
    }

    /// Whether an event of the selected attempt passed through an attempt of another delivery.
    pub(super) fn is_on_thread(&self, attempt: AttemptIdx) -> bool {
        self.threads.iter().any(|thread| thread.from == attempt || thread.to == attempt)
    }
}

/// How long before it was read the trait had been written.
pub(super) fn age(times: TraitTimes) -> Duration {
    times.read_at.since(times.written_at)
}

fn told(session: &Session, attempt: AttemptIdx) -> Told {
    let record = session.details(attempt);
    record.duplicate.as_ref().map_or_else(Told::default, |mark| Told {
        strategy: mark.strategy.clone(),
        stale_read: TraitTimes::read(mark).filter(TraitTimes::is_stale),
    })
}

/// Goes through the attempts that carried events of the selected one, oldest first, and ties each event's attempts
/// together. Attempts of one delivery are tied by their row already.
fn threads(session: &Session, selected: AttemptIdx, deliveries: &[DeliveryIdx]) -> Vec<Thread> {
    let home = session.attempt(selected).delivery;
    let own = session.delivery(home);
    let may_share = |delivery: &DeliveryIdx| {
        let other = session.delivery(*delivery);
        own.is_batch() || other.is_batch() || other.event_name == own.event_name
    };
    let others: Vec<DeliveryIdx> = deliveries.iter().copied().filter(may_share).collect();
    if others.iter().all(|delivery| *delivery == home) {
        return Vec::new();
    }
    let wanted: HashSet<EventId> = session.details(selected).events.iter().cloned().collect();
    let mut attempts: Vec<AttemptIdx> = others.iter().flat_map(|delivery| session.attempts_of(*delivery)).collect();
    attempts.sort_by_key(|attempt| session.attempt(*attempt).started_at);
    let mut last: HashMap<EventId, AttemptIdx> = HashMap::new();
    let mut threads: Vec<Thread> = Vec::new();
    for attempt in attempts {
        let record = session.details(attempt);
        for event in record.events.iter().filter(|event| wanted.contains(*event)) {
            let Some(from) = last.insert(event.clone(), attempt) else { continue };
            if session.attempt(from).delivery == session.attempt(attempt).delivery {
                continue;
            }
            match threads.iter_mut().find(|thread| (thread.from, thread.to) == (from, attempt)) {
                Some(thread) => thread.n_events += 1,
                None => threads.push(Thread { from, to: attempt, n_events: 1 }),
            }
        }
    }
    threads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::demo::{Event, Story, at};

    /// Two events in a batch that fails; one of them goes on with a third event, the other alone.
    fn reformed() -> Session {
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "simulated"));
        let events = Event::push_tracks(&mut session, 3);
        let story = |delivery, events: &[String]| Story::new(delivery, "pendo-audiences", "syncAudience", events);
        let first = story("d1", &events[..2]).retry(0, 100, 503, 0, "r", "");
        let joined = story("d2", &events[1..]).deliver(1_000, 100, 200);
        let alone = story("d3", &events[..1]).deliver(2_000, 100, 200);
        for record in [first, joined, alone].into_iter().flat_map(Story::records) {
            session.push(record);
        }
        session
    }

    #[test]
    fn events_are_followed_through_the_batches_that_they_join() {
        let session = reformed();
        let attempt = |id: &str| session.find_attempt(&id.into()).unwrap();
        let deliveries: Vec<DeliveryIdx> = session.deliveries().indices().collect();
        let mut learned = Learned::default();
        learned.learn(&session, Some(attempt("d1-a1")), deliveries.clone());
        let wanted = [("d2-a1", 1), ("d3-a1", 1)];
        let wanted = wanted.map(|(to, n_events)| Thread { from: attempt("d1-a1"), to: attempt(to), n_events });
        assert_eq!(learned.threads(), wanted);
        learned.learn(&session, Some(attempt("d3-a1")), deliveries.clone());
        assert_eq!(learned.threads(), &wanted[1..], "only the way of the selected one's event");
        learned.learn(&session, None, deliveries);
        assert!(learned.threads().is_empty());
    }
}
