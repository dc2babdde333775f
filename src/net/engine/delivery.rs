//! One delivery: attempt after attempt, until all of its events are delivered or given up.
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::Abortable;

use super::attempt::{Try, Unsent};
use super::run_state::RunState;
use super::watch::Watch;
use crate::core::framework::{Attempted, GivenUp, give_up, given_up_by_hand, tell_retry_after};
use crate::core::names::{Decision, DeliveryId, Mode, Trigger};
use crate::core::pending::PendingDelivery;
use crate::core::pipeline::Next;
use crate::core::plan::Plan;
use crate::core::record::{EventRecord, Exchange, Item, Outcome};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;

/// All attempts to bring the same events to the same action.
pub(super) struct Delivery {
    number: u64,
    id: DeliveryId,
    /// Those that are still to be delivered.
    events: Vec<Arc<EventRecord>>,
    next_attempt: u32,
    trigger: Trigger,
    first_started_at: Option<Timestamp>,
    /// When the first attempt here is due, if that is not at once.
    due_at: Option<Timestamp>,
    /// When the attempt began that is being made; none between two.
    under_way_since: Option<Timestamp>,
}

/// The draws of when deliveries begin; counted down, while those of their waits are counted up.
const BEGINNINGS: u64 = u64::MAX;

impl Delivery {
    /// A delivery that waited when the program that made its attempts was closed.
    pub(super) fn going_on(pending: &PendingDelivery, number: u64) -> Self {
        Self {
            next_attempt: pending.n_attempts + 1,
            first_started_at: Some(pending.first_started_at),
            due_at: Some(pending.due_at),
            id: pending.delivery.clone(),
            ..Self::new(number, pending.events.clone(), Trigger::Retry)
        }
    }

    fn new(number: u64, events: Vec<Arc<EventRecord>>, trigger: Trigger) -> Self {
        let id = format!("d{number}").into();
        Self {
            number,
            id,
            events,
            next_attempt: 1,
            trigger,
            first_started_at: None,
            due_at: None,
            under_way_since: None,
        }
    }

    /// The deliveries that a plan makes of its events: one each, or one for all of a batch. `n_before` have a number already.
    pub(super) fn of(plan: &Plan, events: &[Arc<EventRecord>], trigger: Trigger, n_before: u64) -> Vec<Self> {
        let size = match plan.mode {
            Mode::Single => 1,
            Mode::Batch => plan.batching.max_size.map_or(events.len().max(1), NonZeroUsize::get),
        };
        (n_before + 1..)
            .zip(events.chunks(size))
            .map(|(number, events)| Self::new(number, events.to_vec(), trigger))
            .collect()
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
        if let Some(due_at) = self.due_at {
            run.watch.iter().for_each(Watch::begins);
            run.wait_until(due_at, self.number).await;
        } else if !run.plan.spread.is_zero() {
            run.watch.iter().for_each(Watch::begins);
            let share = Dice::nth_unit(run.plan.seed, BEGINNINGS - self.number, 0);
            run.wait_until(run.clock.now().saturating_add(run.plan.spread.mul_f64(share)), self.number).await;
        }
        while let Some(next_attempt_at) = self.attempt(run).await {
            run.wait_until(next_attempt_at, self.number).await;
        }
    }

    /// One attempt; gives the instant of the next one, if there is to be one.
    async fn attempt(&mut self, run: &RunState<'_>) -> Option<Timestamp> {
        let (number, trigger) = (self.next_attempt, self.trigger);
        let attempt = Try { delivery: &self.id, number, trigger, events: &self.events };
        let mut made = attempt.make(run, &mut self.under_way_since).await;
        let first_started_at = *self.first_started_at.get_or_insert(made.started_at);
        let next = self.decide(run.plan, &mut made.attempted, first_started_at, made.ended_at);
        let still_to_try = next.map(|_| to_retry(&self.events, &made.attempted.outcome)).unwrap_or_default();
        attempt.record(run, made);
        self.events = still_to_try;
        self.next_attempt += 1;
        self.trigger = Trigger::Retry;
        next
    }

    /// Records, as an attempt that sent nothing that is known, that a person ended it. What an attempt had sent that was
    /// cut off in the middle is not known any more.
    fn record_given_up(&self, run: &RunState<'_>) {
        let when = self.under_way_since.map_or(GivenUp::Waiting, |_| GivenUp::UnderWay);
        let (outcome, verdict) =
            given_up_by_hand(run.prepared.rules, run.prepared.facts.clone(), when, self.next_attempt - 1);
        let unsent = Unsent {
            delivery: self.id.clone(),
            events: &self.events,
            number: self.next_attempt,
            trigger: self.trigger,
            started_at: self.under_way_since.unwrap_or_else(|| run.clock.now()),
            outcome,
            verdict,
            duplicate: None,
        };
        unsent.record(run);
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

/// Whether an item is to be tried again.
pub(super) fn is_retry(item: &Item) -> bool {
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

/// What the last answer that says `Retry-After` asks for.
pub(super) fn retry_after(exchanges: &[Exchange], now: Timestamp) -> Option<Duration> {
    let mut responses = exchanges.iter().rev().filter_map(|exchange| exchange.result.as_ref().ok());
    responses.find_map(|response| response.retry_after(now))
}
