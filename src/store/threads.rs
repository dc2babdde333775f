//! Threads of batches: a batch that fails re-forms with others into the next one, and whatever carries the same events one
//! after another is one thread.
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::arrange::Progress;
use super::deliveries::Fate;
use super::ids::{AttemptIdx, DeliveryIdx, EventIdx};
use super::label::{counted, thousands};
use super::marks::Marks;
use super::names::NameId;
use super::session::Session;
use crate::core::batching::decisions;
use crate::core::names::{Decision, EventId};
use crate::core::time::Timestamp;

/// How many attempts are looked at between two looks at whoever watches.
const PIECE: usize = 1 << 12;

/// An event on its way to one action. One that goes to two actions is on two ways.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Way(NameId, NameId, Event);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Event {
    Known(EventIdx),
    /// The session does not have it.
    Named(EventId),
}

/// Where an event was carried last, and what was decided of it then.
#[derive(Clone, Copy, Debug)]
struct Carried {
    delivery: DeliveryIdx,
    ended_at: Timestamp,
    decision: Decision,
}

/// Which deliveries belong together. Follows a session that grows; each attempt is read once.
#[derive(Clone, Debug, Default)]
pub struct Threads {
    n_seen: usize,
    /// For each delivery one of its thread that became known no later; itself for the first.
    towards_first: Vec<DeliveryIdx>,
    ways: HashMap<Way, Carried>,
}

/// What became of the events of a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// How many deliveries it has.
    pub n_deliveries: usize,
    /// How many events they carried, each counted once.
    pub n_events: usize,
    /// How many of them arrived.
    pub n_delivered: usize,
    /// How many were given up.
    pub n_dropped: usize,
    /// How many are to be tried again.
    pub n_waiting: usize,
    /// Whether some arrived twice.
    pub has_twins: bool,
}

impl Threads {
    /// Takes in what has become known since the last time; none if whoever watches stopped it.
    #[must_use]
    pub fn follow(before: Arc<Self>, session: &Session, watch: &mut Progress<'_>) -> Option<Arc<Self>> {
        let n_attempts = session.attempts().len();
        let mut threads = match before.n_seen {
            n_seen if n_seen == n_attempts => return Some(before),
            // Another session has taken the place of the one that was followed.
            n_seen if n_seen > n_attempts => Self::default(),
            _ => Arc::unwrap_or_clone(before),
        };
        for index in threads.n_seen..n_attempts {
            #[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
            let done = index as f32 / n_attempts as f32;
            if index % PIECE == 0 && watch(done).is_break() {
                return None;
            }
            threads.take(session, AttemptIdx::new(index));
        }
        threads.n_seen = n_attempts;
        Some(Arc::new(threads))
    }

    /// The delivery of a thread that became known first; the delivery itself where it stands alone.
    #[must_use]
    pub fn first_of(&self, delivery: DeliveryIdx) -> DeliveryIdx {
        let mut here = delivery;
        while let Some(next) = self.towards_first.get(here.index()).copied().filter(|next| *next != here) {
            here = next;
        }
        here
    }

    /// The stories of threads of more than one delivery, each by its first delivery.
    #[must_use]
    pub fn stories(&self, session: &Session) -> HashMap<DeliveryIdx, Story> {
        let mut stories: HashMap<DeliveryIdx, Story> = HashMap::new();
        for delivery in session.deliveries().indices() {
            let story = stories.entry(self.first_of(delivery)).or_default();
            story.n_deliveries += 1;
            story.has_twins |= session.deliveries().shape(delivery).marks.has(Marks::DELIVERED_TWICE);
        }
        stories.retain(|_, story| story.n_deliveries > 1);
        for carried in self.ways.values() {
            let Some(story) = stories.get_mut(&self.first_of(carried.delivery)) else { continue };
            story.n_events += 1;
            match carried.decision {
                Decision::Delivered => story.n_delivered += 1,
                Decision::Discard => story.n_dropped += 1,
                Decision::Retry => story.n_waiting += 1,
                Decision::Filtered => {}
            }
        }
        stories
    }

    fn take(&mut self, session: &Session, attempt_idx: AttemptIdx) {
        let delivery = session.attempt(attempt_idx).delivery;
        while self.towards_first.len() <= delivery.index() {
            self.towards_first.push(DeliveryIdx::new(self.towards_first.len()));
        }
        let shape = session.deliveries().shape(delivery);
        let attempt = session.details(attempt_idx);
        for (id, decision) in attempt.events.iter().zip(decisions(&attempt)) {
            let event = session.find_event(id).map_or_else(|| Event::Named(id.clone()), Event::Known);
            let carried = Carried { delivery, ended_at: attempt.ended_at, decision };
            let way = Way(shape.destination, shape.action, event);
            let Some(before) = self.ways.insert(way.clone(), carried) else { continue };
            self.join(before.delivery, delivery);
            if before.ended_at > carried.ended_at {
                self.ways.insert(way, before);
            }
        }
    }

    fn join(&mut self, one: DeliveryIdx, other: DeliveryIdx) {
        let (one, other) = (self.first_of(one), self.first_of(other));
        let (first, later) = (one.min(other), one.max(other));
        // Both point straight at the first from now on, so that ways stay short.
        for here in [one, other, later] {
            if let Some(towards) = self.towards_first.get_mut(here.index()) {
                *towards = first;
            }
        }
    }
}

impl Story {
    /// The worst that became of one of its events.
    #[must_use]
    pub const fn worst(&self) -> Fate {
        match self {
            Self { n_dropped: 1.., n_delivered: 0, n_waiting: 0, .. } => Fate::Dropped,
            Self { n_dropped: 1.., .. } => Fate::Partial,
            Self { has_twins: true, .. } => Fate::DeliveredTwice,
            Self { n_waiting: 1.., .. } => Fate::Pending,
            Self { n_delivered: 0, .. } => Fate::Filtered,
            Self { .. } => Fate::Delivered,
        }
    }
}

/// `3 batches · 5 events: 4 delivered, 1 dropped`.
impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let batches = counted(self.n_deliveries, "batch", "batches");
        write!(f, "{batches} · {}", counted(self.n_events, "event", "events"))?;
        let parts =
            [(self.n_delivered, "delivered"), (self.n_dropped, "dropped"), (self.n_waiting, "to be tried again")];
        for (place, (count, word)) in parts.iter().filter(|(count, _)| *count > 0).enumerate() {
            let joint = if place == 0 { ":" } else { "," };
            let many = if *count == self.n_events { "all".to_owned() } else { thousands(*count) };
            write!(f, "{joint} {many} {word}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::SessionHeader;
    use crate::store::demo::{self, Event, Story as Told, at};
    use std::ops::ControlFlow;

    fn threads_of(session: &Session) -> Arc<Threads> {
        Threads::follow(Arc::default(), session, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    fn push(session: &mut Session, told: Told) {
        told.records().for_each(|record| session.push(record));
    }

    /// d1 (e1, e2) fails; e1 goes on with e3 in d2, which fails for both; d3 drops e1, d4 brings e3; d5 (e9) is apart, and
    /// so is d6, which takes e2 to another action.
    fn session() -> (Session, Vec<Told>) {
        let mut session = Session::new(SessionHeader::new("s", "s", at(0), "simulated"));
        let events = Event::push_tracks(&mut session, 3);
        let story = |delivery, events: &[&String]| {
            let events: Vec<String> = events.iter().map(|id| (*id).clone()).collect();
            Told::new(delivery, "pendo-audiences", "syncAudience", &events)
        };
        let [e1, e2, e3] = &events[..] else { panic!("three events") };
        let stories = vec![
            story("d1", &[e1, e2]).retry(0, 100, 503, 0, "r", ""),
            story("d2", &[e1, e3]).retry(1_000, 100, 503, 0, "r", ""),
            story("d5", &[&"e9".to_owned()]).deliver(1_500, 100, 200),
            Told::new("d6", "destination-function", "onEvent", std::slice::from_ref(e2)).deliver(1_600, 10, 200),
            story("d3", &[e1]).discard(2_000, 100, 400, "r", ""),
            story("d4", &[e3]).deliver(3_000, 100, 200),
        ];
        (session, stories)
    }

    fn first_of(session: &Session, threads: &Threads, id: &str) -> String {
        let delivery = session.find_delivery(&id.into()).unwrap();
        session.delivery_id(threads.first_of(delivery)).to_string()
    }

    #[test]
    fn whatever_carries_the_same_events_is_one_thread_and_its_story_is_that_of_its_events() {
        let (mut session, stories) = session();
        for told in stories {
            push(&mut session, told);
        }
        let threads = threads_of(&session);
        let firsts = ["d1", "d2", "d3", "d4", "d5", "d6"].map(|id| first_of(&session, &threads, id));
        assert_eq!(firsts, ["d1", "d1", "d1", "d1", "d5", "d6"]);
        let stories = threads.stories(&session);
        assert_eq!(stories.len(), 1);
        let story = stories[&session.find_delivery(&"d1".into()).unwrap()];
        assert_eq!(
            story.to_string(),
            "4 batches · 3 events: 1 delivered, 1 dropped, 1 to be tried again",
            "of e2 nothing came after d1"
        );
        assert_eq!(story.worst(), Fate::Partial);
    }

    #[test]
    fn a_session_that_grows_is_followed_to_the_same_threads_as_one_that_is_there_at_once() {
        let (mut session, stories) = session();
        let mut threads = Arc::default();
        for told in stories {
            push(&mut session, told);
            threads = Threads::follow(threads, &session, &mut |_| ControlFlow::Continue(())).unwrap();
            let anew = threads_of(&session);
            for delivery in session.deliveries().indices() {
                assert_eq!(threads.first_of(delivery), anew.first_of(delivery));
            }
            assert_eq!(threads.stories(&session), anew.stories(&session));
        }
        let again = Threads::follow(Arc::clone(&threads), &session, &mut |_| ControlFlow::Break(())).unwrap();
        assert!(Arc::ptr_eq(&again, &threads), "there is nothing to follow");
        let other = Session::new(session.header().clone());
        let other = Threads::follow(threads, &other, &mut |_| ControlFlow::Continue(()));
        assert!(other.is_some_and(|other| other.ways.is_empty()), "another session begins anew");
    }

    #[test]
    fn retries_of_one_delivery_are_no_thread_and_work_can_be_stopped() {
        let session = demo::session();
        assert!(threads_of(&session).stories(&session).is_empty());
        assert!(Threads::follow(Arc::default(), &session, &mut |_| ControlFlow::Break(())).is_none());
    }

    #[test]
    fn a_story_says_the_worst() {
        let story = |n_delivered, n_dropped, n_waiting, has_twins| {
            let n_events = n_delivered + n_dropped + n_waiting;
            Story { n_deliveries: 2, n_events, n_delivered, n_dropped, n_waiting, has_twins }
        };
        for (story, worst, words) in [
            (story(4, 0, 0, false), Fate::Delivered, "2 batches · 4 events: all delivered"),
            (story(4, 0, 0, true), Fate::DeliveredTwice, "2 batches · 4 events: all delivered"),
            (story(3, 0, 1, false), Fate::Pending, "2 batches · 4 events: 3 delivered, 1 to be tried again"),
            (story(0, 1, 0, false), Fate::Dropped, "2 batches · 1 event: all dropped"),
            (story(3, 1, 0, true), Fate::Partial, "2 batches · 4 events: 3 delivered, 1 dropped"),
        ] {
            assert_eq!((story.worst(), story.to_string().as_str()), (worst, words));
        }
    }
}
