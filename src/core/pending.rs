//! What of a session is still to be done: deliveries whose last attempt is to be followed by another, and events that
//! never came to an attempt. A program that was closed in the middle of a run leaves both, and goes on with them or gives
//! them up when it is asked to.
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::batching::{Members, decisions};
use super::names::{AttemptId, Decision, DeliveryId, EventId};
use super::record::{Attempt, EventRecord, Record};
use super::time::Timestamp;

/// What is still to be done, and what was there already.
#[derive(Clone, Debug, Default)]
pub struct Unfinished {
    /// Deliveries that wait, in the order in which they began.
    pub deliveries: Vec<PendingDelivery>,
    /// Events that wait in the queue of a stream, in the order in which they became known.
    pub queued: Vec<PendingEvent>,
    /// Events that no attempt carried.
    pub untried: Vec<Arc<EventRecord>>,
    /// The attempts of those deliveries and events, with the events that each carried.
    pub history: Vec<(Arc<Attempt>, Vec<Arc<EventRecord>>)>,
    /// What the names of new records have to go on from.
    pub recorded: Recorded,
}

/// A delivery that waits for its next attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingDelivery {
    /// Its name.
    pub delivery: DeliveryId,
    /// What is still to be delivered.
    pub events: Vec<Arc<EventRecord>>,
    /// How many attempts were made.
    pub n_attempts: u32,
    /// When the first of them began.
    pub first_started_at: Timestamp,
    /// When the next one is due.
    pub due_at: Timestamp,
}

/// An event that waits to join another batch.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingEvent {
    /// The event.
    pub event: Arc<EventRecord>,
    /// How many attempts have carried it.
    pub n_attempts: u32,
    /// When the first of them began.
    pub first_started_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// The last attempt that carried it.
    pub last: AttemptId,
}

/// How far a session has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The highest number of an attempt's name.
    pub n_attempts: u64,
    /// The highest number of a delivery's name.
    pub n_deliveries: u64,
    /// How many requests were sent and answered.
    pub n_exchanges: usize,
    /// The latest generation of an access token.
    pub generation: u32,
}

impl Unfinished {
    /// Looks through the records of a session.
    #[must_use]
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut walk = Walk::default();
        records.into_iter().for_each(|record| walk.take(record));
        walk.end()
    }

    /// Whether there is nothing to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.deliveries.is_empty() && self.queued.is_empty() && self.untried.is_empty()
    }

    /// How many events are still to be delivered.
    #[must_use]
    pub fn n_events(&self) -> usize {
        let waiting: usize = self.deliveries.iter().map(|pending| pending.events.len()).sum();
        waiting + self.queued.len() + self.untried.len()
    }
}

/// The number at the end of a name that this program gives: 7 of `a7`.
#[must_use]
pub fn number_of(name: &str) -> Option<u64> {
    name.get(1..)?.parse().ok()
}

#[derive(Default)]
struct Walk {
    events: Vec<Arc<EventRecord>>,
    by_id: HashMap<EventId, usize>,
    tried: HashSet<EventId>,
    order: Vec<DeliveryId>,
    deliveries: HashMap<DeliveryId, (PendingDelivery, Vec<Arc<Attempt>>)>,
    over: HashSet<DeliveryId>,
    /// By place in the order of the events.
    queued: BTreeMap<usize, (PendingEvent, Vec<Arc<Attempt>>)>,
    recorded: Recorded,
}

impl Walk {
    fn take(&mut self, record: Record) {
        match record {
            Record::Event(event) => {
                self.by_id.insert(event.id.clone(), self.events.len());
                self.events.push(event);
            }
            Record::Attempt(attempt) => self.take_attempt(&attempt),
        }
    }

    fn take_attempt(&mut self, attempt: &Arc<Attempt>) {
        let recorded = &mut self.recorded;
        let later = |known: u64, name: &str| number_of(name).map_or(known, |number| number.max(known));
        recorded.n_attempts = later(recorded.n_attempts, attempt.id.as_str());
        recorded.n_deliveries = later(recorded.n_deliveries, attempt.delivery.as_str());
        recorded.n_exchanges += attempt.exchanges.len();
        let carried = attempt.exchanges.iter().filter_map(|exchange| exchange.token_generation);
        let generations = carried.chain(attempt.token.map(|token| token.generation_after));
        recorded.generation = generations.fold(recorded.generation, u32::max);
        self.tried.extend(attempt.events.iter().cloned());
        let members = Members::of(attempt);
        if members.goes_on.is_empty() && members.came_from.is_empty() {
            self.take_delivery(attempt);
        } else {
            self.take_members(attempt, &members);
        }
    }

    fn take_delivery(&mut self, attempt: &Arc<Attempt>) {
        let id = &attempt.delivery;
        let (pending, history) = self.deliveries.entry(id.clone()).or_insert_with(|| {
            self.order.push(id.clone());
            let first_started_at = attempt.started_at;
            let pending = PendingDelivery {
                delivery: id.clone(),
                events: Vec::new(),
                n_attempts: 0,
                first_started_at,
                due_at: first_started_at,
            };
            (pending, Vec::new())
        });
        pending.n_attempts = pending.n_attempts.max(attempt.number);
        history.push(Arc::clone(attempt));
        match (attempt.verdict.decision, attempt.verdict.next_attempt_at) {
            (Decision::Retry, Some(due_at)) => {
                pending.due_at = due_at;
                let retried = attempt.events.iter().zip(decisions(attempt));
                let retried = retried.filter(|(_, decision)| *decision == Decision::Retry).map(|(event, _)| event);
                pending.events =
                    retried.filter_map(|event| self.by_id.get(event)).map(|idx| self.events[*idx].clone()).collect();
                self.over.remove(id);
            }
            _ => _ = self.over.insert(id.clone()),
        }
    }

    fn take_members(&mut self, attempt: &Arc<Attempt>, members: &Members) {
        for event in &attempt.events {
            let Some(place) = self.by_id.get(event).copied() else { continue };
            let before = self.queued.remove(&place);
            let Some(due_at) = members.goes_on.get(event).copied() else { continue };
            let (n_before, first_started_at, mut history) = match before {
                Some((pending, history)) => (pending.n_attempts, pending.first_started_at, history),
                None => (0, attempt.started_at, Vec::new()),
            };
            history.push(Arc::clone(attempt));
            let pending = PendingEvent {
                event: Arc::clone(&self.events[place]),
                n_attempts: n_before + 1,
                first_started_at,
                due_at,
                last: attempt.id.clone(),
            };
            self.queued.insert(place, (pending, history));
        }
    }

    fn end(mut self) -> Unfinished {
        let mut history: Vec<Arc<Attempt>> = Vec::new();
        let mut deliveries = Vec::new();
        for id in self.order.iter().filter(|id| !self.over.contains(*id)) {
            let Some((pending, attempts)) = self.deliveries.remove(id) else { continue };
            if !pending.events.is_empty() {
                deliveries.push(pending);
                history.extend(attempts);
            }
        }
        let mut queued = Vec::new();
        for (pending, attempts) in self.queued.into_values() {
            queued.push(pending);
            history.extend(attempts);
        }
        let mut seen = HashSet::new();
        history.retain(|attempt| seen.insert(attempt.id.clone()));
        history.sort_by_key(|attempt| (attempt.ended_at, number_of(attempt.id.as_str())));
        let event = |id: &EventId| self.by_id.get(id).map(|idx| Arc::clone(&self.events[*idx]));
        let with_events = |attempt: Arc<Attempt>| {
            let events = attempt.events.iter().filter_map(event).collect();
            (attempt, events)
        };
        let is_untried = |event: &&Arc<EventRecord>| !self.tried.contains(&event.id);
        Unfinished {
            deliveries,
            queued,
            untried: self.events.iter().filter(is_untried).cloned().collect(),
            history: history.into_iter().map(with_events).collect(),
            recorded: self.recorded,
        }
    }
}
