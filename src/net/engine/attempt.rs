//! One attempt, for whatever delivery: made against the outside of the run, then recorded with what the ledger says of it.
use std::cell::RefCell;
use std::sync::Arc;

use super::run_state::{RunState, Slot};
use super::watch::NotingClock;
use crate::core::deduplication::{Acts, Observed};
use crate::core::framework::{Attempted, Turn, attempt_prepared};
use crate::core::http::Request;
use crate::core::names::{AttemptId, DeliveryId, Purpose, Trigger};
use crate::core::record::{Attempt, DuplicateMark, EventRecord, Outcome, Verdict};
use crate::core::stepping::{Asked, UnderWay};
use crate::core::time::Timestamp;
use crate::core::world::{LocalFuture, Reply, World};
use crate::net::transport::Sending;

/// What is tried.
pub(super) struct Try<'a> {
    pub(super) delivery: &'a DeliveryId,
    /// 1 for the first attempt of the delivery.
    pub(super) number: u32,
    pub(super) trigger: Trigger,
    pub(super) events: &'a [Arc<EventRecord>],
}

/// An attempt that ended and is not recorded yet.
pub(super) struct Made<'a> {
    slot: Slot<'a>,
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Timestamp,
    pub(super) attempted: Attempted,
    acts: Vec<Option<Acts>>,
}

impl Try<'_> {
    /// What whoever looks on is told while it lasts, if it begins now.
    pub(super) fn under_way(&self, now: Timestamp) -> UnderWay {
        UnderWay {
            delivery: self.delivery.clone(),
            number: self.number,
            started_at: now,
            first_event: self.events.first().map(|event| event.id.clone()),
            n_events: self.events.len(),
            asked: None,
        }
    }

    /// Makes the attempt as soon as one more may run. `under_way_since` says when it began for as long as it lasts.
    pub(super) async fn make<'r>(&self, run: &'r RunState<'_>, under_way_since: &mut Option<Timestamp>) -> Made<'r> {
        let slot = run.begin_attempt(self).await;
        let started_at = run.clock.now();
        *under_way_since = Some(started_at);
        let (delivery, attempt, events) = (self.delivery, self.number, self.events);
        let outside = Outside { run, delivery, attempt, events, slot: &slot, acts: RefCell::default() };
        let turn = Turn { plan: run.plan, events: self.events, connection: &run.connection };
        // Boxed, so that a delivery that waits holds no more than its events.
        let attempted = Box::pin(attempt_prepared(&run.prepared, turn, &outside)).await;
        *under_way_since = None;
        let acts = outside.acts.take();
        Made { slot, started_at, ended_at: run.clock.now(), attempted, acts }
    }

    /// Records what was made, and gives its name.
    pub(super) fn record(&self, run: &RunState<'_>, made: Made<'_>) -> AttemptId {
        let Made { slot, started_at, ended_at, attempted, acts } = made;
        let Attempted { exchanges, outcome, verdict, token, reads } = attempted;
        run.end_attempt(slot, |id| {
            let attempt = Attempt {
                id,
                delivery: self.delivery.clone(),
                events: self.events.iter().map(|event| event.id.clone()).collect(),
                destination: Arc::clone(&run.names.destination),
                action: Arc::clone(&run.names.action),
                number: self.number,
                trigger: self.trigger,
                started_at,
                ended_at,
                rules: Arc::clone(&run.names.rules),
                exchanges,
                outcome,
                verdict,
                token,
                duplicate: None,
                extra: serde_json::Map::new(),
            };
            let observed = Observed { attempt: &attempt, events: self.events, acts: &acts, reads: &reads };
            let duplicate = run.ledger.borrow_mut().enter(observed);
            Attempt { duplicate, ..attempt }
        })
    }
}

/// What became of events without a request: an attempt that sent nothing.
pub(super) struct Unsent<'a> {
    pub(super) delivery: DeliveryId,
    pub(super) events: &'a [Arc<EventRecord>],
    pub(super) number: u32,
    pub(super) trigger: Trigger,
    pub(super) started_at: Timestamp,
    pub(super) outcome: Outcome,
    pub(super) verdict: Verdict,
    pub(super) duplicate: Option<DuplicateMark>,
}

impl Unsent<'_> {
    /// Records it as ending now.
    pub(super) fn record(self, run: &RunState<'_>) {
        run.record_attempt(|id| Attempt {
            id,
            delivery: self.delivery,
            events: self.events.iter().map(|event| event.id.clone()).collect(),
            destination: Arc::clone(&run.names.destination),
            action: Arc::clone(&run.names.action),
            number: self.number,
            trigger: self.trigger,
            started_at: self.started_at,
            ended_at: run.clock.now(),
            rules: Arc::clone(&run.names.rules),
            exchanges: Vec::new(),
            outcome: self.outcome,
            verdict: self.verdict,
            token: None,
            duplicate: self.duplicate,
            extra: serde_json::Map::new(),
        });
    }
}

/// The outside as an attempt sees it.
struct Outside<'a> {
    run: &'a RunState<'a>,
    delivery: &'a DeliveryId,
    attempt: u32,
    events: &'a [Arc<EventRecord>],
    /// For whoever looks on.
    slot: &'a Slot<'a>,
    /// What the receiver did with each request, in order; none where it cannot be asked.
    acts: RefCell<Vec<Option<Acts>>>,
}

impl World for Outside<'_> {
    fn now(&self) -> Timestamp {
        self.run.clock.now()
    }

    fn send<'a>(&'a self, request: &'a Request, purpose: Purpose) -> LocalFuture<'a, Reply> {
        Box::pin(async move {
            if purpose == Purpose::Deliver {
                self.run.ledger.borrow_mut().note_sending(request, self.events);
            }
            let sending = Sending { request, delivery: self.delivery, attempt: self.attempt };
            self.slot.asks(&|| Asked::of(request, purpose, self.run.clock.now()));
            let sent = match &self.slot.noted {
                None => self.run.transport.send(sending, self.run.clock).await,
                Some(noted) => {
                    let clock = NotingClock { clock: self.run.clock, noted };
                    self.run.transport.send(sending, &clock).await
                }
            };
            self.slot.is_answered();
            match sent {
                Ok(reply) => {
                    self.acts.borrow_mut().push(reply.acted.clone());
                    reply
                }
                Err(error) => {
                    self.run.fail(error.into());
                    std::future::pending().await
                }
            }
        })
    }
}
