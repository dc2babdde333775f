//! One delivery: attempt after attempt, until all of its events are delivered or given up.
use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::Abortable;

use super::run_state::RunState;
use crate::core::deduplication::{Acts, Observed};
use crate::core::framework::{Attempted, GivenUp, Turn, attempt_prepared, give_up, given_up_by_hand, tell_retry_after};
use crate::core::http::Request;
use crate::core::names::{Decision, DeliveryId, Mode, Purpose, Trigger};
use crate::core::pipeline::Next;
use crate::core::plan::Plan;
use crate::core::record::{Attempt, EventRecord, Exchange, Item, Outcome};
use crate::core::time::Timestamp;
use crate::core::world::{LocalFuture, Reply, World};
use crate::net::dice::Dice;
use crate::net::transport::Sending;

/// All attempts to bring the same events to the same action.
pub(super) struct Delivery {
    number: u64,
    id: DeliveryId,
    /// Those that are still to be delivered.
    events: Vec<Arc<EventRecord>>,
    next_attempt: u32,
    trigger: Trigger,
    first_started_at: Option<Timestamp>,
    /// When the attempt began that is being made; none between two.
    under_way_since: Option<Timestamp>,
}

impl Delivery {
    fn new(number: u64, events: Vec<Arc<EventRecord>>, trigger: Trigger) -> Self {
        let id = format!("d{number}").into();
        Self { number, id, events, next_attempt: 1, trigger, first_started_at: None, under_way_since: None }
    }

    /// The deliveries that a plan makes of its events: one each, or one for all.
    pub(super) fn of(mode: Mode, events: &[Arc<EventRecord>], trigger: Trigger) -> Vec<Self> {
        let each: Vec<&[Arc<EventRecord>]> = match mode {
            Mode::Single => events.chunks(1).collect(),
            Mode::Batch => events.chunks(events.len().max(1)).collect(),
        };
        (1..).zip(each).map(|(number, events)| Self::new(number, events.to_vec(), trigger)).collect()
    }

    /// Tries until nothing is left to try, or until a person gives it up.
    pub(super) async fn run(mut self, run: &RunState<'_>) {
        let Some(registration) = run.begin_delivery(&self.id) else { return self.go_on(run).await };
        let was_given_up = Abortable::new(self.go_on(run), registration).await.is_err();
        run.end_delivery(&self.id);
        if was_given_up {
            self.record_given_up(run);
            run.tell_progress();
        }
    }

    async fn go_on(&mut self, run: &RunState<'_>) {
        while let Some(next_attempt_at) = self.attempt(run).await {
            run.wait_until(next_attempt_at, self.number).await;
        }
    }

    /// One attempt; gives the instant of the next one, if there is to be one.
    async fn attempt(&mut self, run: &RunState<'_>) -> Option<Timestamp> {
        let slot = run.begin_attempt().await;
        let started_at = run.clock.now();
        self.under_way_since = Some(started_at);
        let first_started_at = *self.first_started_at.get_or_insert(started_at);
        let outside = Outside { run, delivery: &self.id, attempt: self.next_attempt, acts: RefCell::default() };
        let turn = Turn { plan: run.plan, events: &self.events, connection: &run.connection };
        // Boxed, so that a delivery that waits holds no more than its events.
        let mut attempted = Box::pin(attempt_prepared(&run.prepared, turn, &outside)).await;
        let ended_at = run.clock.now();
        self.under_way_since = None;

        let next = self.decide(run.plan, &mut attempted, first_started_at, ended_at);
        let (number, trigger) = (self.next_attempt, self.trigger);
        let still_to_try = next.map(|_| to_retry(&self.events, &attempted.outcome)).unwrap_or_default();
        let carried = std::mem::replace(&mut self.events, still_to_try);
        self.next_attempt += 1;
        self.trigger = Trigger::Retry;

        let acts = outside.acts.take();
        let Attempted { exchanges, outcome, verdict, token, reads } = attempted;
        let record = |id| Attempt {
            id,
            delivery: self.id.clone(),
            events: carried.iter().map(|event| event.id.clone()).collect(),
            destination: Arc::clone(&run.names.destination),
            action: Arc::clone(&run.names.action),
            number,
            trigger,
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
        run.end_attempt(slot, |id| {
            let attempt = record(id);
            let observed = Observed { attempt: &attempt, events: &carried, acts: &acts, reads: &reads };
            let duplicate = run.ledger.borrow_mut().enter(observed);
            Attempt { duplicate, ..attempt }
        });
        next
    }

    /// Records, as an attempt that sent nothing that is known, that a person ended it. What an attempt had sent that was
    /// cut off in the middle is not known any more.
    fn record_given_up(&self, run: &RunState<'_>) {
        let now = run.clock.now();
        let when = self.under_way_since.map_or(GivenUp::Waiting, |_| GivenUp::UnderWay);
        let (outcome, verdict) = given_up_by_hand(&run.prepared, when, self.next_attempt - 1);
        run.record_attempt(|id| Attempt {
            id,
            delivery: self.id.clone(),
            events: self.events.iter().map(|event| event.id.clone()).collect(),
            destination: Arc::clone(&run.names.destination),
            action: Arc::clone(&run.names.action),
            number: self.next_attempt,
            trigger: self.trigger,
            started_at: self.under_way_since.unwrap_or(now),
            ended_at: now,
            rules: Arc::clone(&run.names.rules),
            exchanges: Vec::new(),
            outcome,
            verdict,
            token: None,
            duplicate: None,
            extra: serde_json::Map::new(),
        });
    }

    /// Asks the policy where the rules say that it is worth another try, and writes down what it says.
    fn decide(
        &self,
        plan: &Plan,
        attempted: &mut Attempted,
        first_started_at: Timestamp,
        ended_at: Timestamp,
    ) -> Option<Timestamp> {
        if attempted.verdict.decision != Decision::Retry {
            return None;
        }
        let random_unit = Dice::nth_unit(plan.seed, self.number, self.next_attempt - 1);
        let retry_after = retry_after(&attempted.exchanges, ended_at);
        let next = plan.pipeline.next_attempt(self.next_attempt, first_started_at, ended_at, random_unit, retry_after);
        let next = match next {
            Next::At(at) => {
                attempted.verdict.next_attempt_at = Some(at);
                Some(at)
            }
            Next::Over { limit, at } => {
                let elapsed = at.since(first_started_at);
                attempted.verdict = give_up(plan, &attempted.verdict, limit, self.next_attempt, elapsed);
                if let Outcome::Multistatus(items) = &mut attempted.outcome {
                    items.iter_mut().filter(|item| is_retry(item)).for_each(|item| item.decision = Decision::Discard);
                }
                None
            }
        };
        if let Some(asked) = retry_after {
            let own_wait = plan.pipeline.wait(self.next_attempt, random_unit);
            tell_retry_after(&mut attempted.verdict, &plan.pipeline, asked, own_wait);
        }
        next
    }
}

fn is_retry(item: &Item) -> bool {
    item.decision == Decision::Retry
}

/// The events that the next attempt carries: where items were judged, those that are worth it; else all.
fn to_retry(events: &[Arc<EventRecord>], outcome: &Outcome) -> Vec<Arc<EventRecord>> {
    match outcome {
        Outcome::Multistatus(items) => {
            events.iter().zip(items).filter(|(_, item)| is_retry(item)).map(|(event, _)| Arc::clone(event)).collect()
        }
        _ => events.to_vec(),
    }
}

/// What was decided of each event of an attempt.
pub(super) fn decisions(attempt: &Attempt) -> Vec<Decision> {
    match &attempt.outcome {
        Outcome::Multistatus(items) => items.iter().map(|item| item.decision).collect(),
        _ => vec![attempt.verdict.decision; attempt.events.len()],
    }
}

/// What the last answer that says `Retry-After` asks for.
fn retry_after(exchanges: &[Exchange], now: Timestamp) -> Option<Duration> {
    let mut responses = exchanges.iter().rev().filter_map(|exchange| exchange.result.as_ref().ok());
    responses.find_map(|response| response.retry_after(now))
}

/// The outside as an attempt sees it.
struct Outside<'a> {
    run: &'a RunState<'a>,
    delivery: &'a DeliveryId,
    attempt: u32,
    /// What the receiver did with each request, in order; none where it cannot be asked.
    acts: RefCell<Vec<Option<Acts>>>,
}

impl World for Outside<'_> {
    fn now(&self) -> Timestamp {
        self.run.clock.now()
    }

    fn send<'a>(&'a self, request: &'a Request, _purpose: Purpose) -> LocalFuture<'a, Reply> {
        Box::pin(async move {
            let sending = Sending { request, delivery: self.delivery, attempt: self.attempt };
            match self.run.transport.send(sending, self.run.clock).await {
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
