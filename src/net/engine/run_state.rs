//! What all deliveries of one run share, and the loop that keeps them going.
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Poll, Waker};

use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, AbortRegistration};
use futures_util::stream::FuturesUnordered;
use futures_util::task::AtomicWaker;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::attempt::Try;
use super::cancel::Cancel;
use super::delivery::Delivery;
use super::error::RunError;
use super::ingest::Dropped;
use super::outlet::{GATHERING, Outlet, Progress};
use super::stepper::Stepper;
use super::stream::{self, Queue};
use super::summary::{RunSummary, Tally};
use super::watch::{Noted, Watch};
use crate::core::batching::decisions;
use crate::core::connection::Connection;
use crate::core::deduplication::{Ledger, Observed};
use crate::core::framework::Prepared;
use crate::core::names::{AttemptId, DeliveryId, Trigger};
use crate::core::pending::{Recorded, Unfinished};
use crate::core::plan::Plan;
use crate::core::record::{Attempt, EventRecord, Record};
use crate::core::stepping::Asked;
use crate::core::time::Timestamp;
use crate::net::clock::Clock;
use crate::net::transport::Transport;

/// One run.
pub(super) struct RunState<'a> {
    pub(super) plan: &'a Plan,
    pub(super) prepared: Prepared<'static>,
    pub(super) connection: Connection,
    pub(super) transport: Box<dyn Transport>,
    pub(super) clock: &'a dyn Clock,
    pub(super) names: Names,
    /// What was sent, acted on and acknowledged.
    pub(super) ledger: RefCell<Ledger>,
    outlet: &'a dyn Outlet,
    cancel: &'a Cancel,
    /// How many attempts may run at once; no limit in virtual time, where attempts start exactly when they are due.
    slots: Option<Semaphore>,
    tally: Tally,
    /// What the session counts that goes on; nothing for a new one.
    recorded: Recorded,
    n_deliveries: Cell<u64>,
    in_flight: Cell<u64>,
    /// How many attempts have begun, ended ones included.
    n_begun: Cell<u64>,
    waiting: RefCell<BTreeSet<(Timestamp, u64)>>,
    /// How to end single deliveries; only in wall time, where they last long enough for a person to want that.
    under_way: Option<RefCell<HashMap<DeliveryId, AbortHandle>>>,
    /// Those of a stream that were given up after they had ended.
    given_up_waiting: RefCell<Vec<DeliveryId>>,
    stream_waker: AtomicWaker,
    failure: RefCell<Option<RunError>>,
    /// For whoever steps through the run.
    pub(super) watch: Option<Watch<'a>>,
}

impl<'a> RunState<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        transport: Box<dyn Transport>,
        clock: &'a dyn Clock,
        outlet: &'a dyn Outlet,
        cancel: &'a Cancel,
        slots: Option<usize>,
    ) -> Self {
        Self {
            plan,
            prepared: Prepared::of_plan(plan),
            connection: Connection::new(plan.auth.clone().unwrap_or_default())
                .with_deduplication(plan.deduplication.clone())
                .with_refresh_hook(plan.refresh_hook),
            ledger: RefCell::new(Ledger::new(plan.destination, plan.deduplication.clone())),
            transport,
            clock,
            names: Names {
                destination: plan.destination.name().into(),
                action: plan.action.as_str().into(),
                rules: plan.rules.name().into(),
            },
            outlet,
            cancel,
            under_way: slots.map(|_| RefCell::default()),
            given_up_waiting: RefCell::default(),
            stream_waker: AtomicWaker::new(),
            slots: slots.map(Semaphore::new),
            tally: Tally::default(),
            recorded: Recorded::default(),
            n_deliveries: Cell::new(0),
            in_flight: Cell::new(0),
            n_begun: Cell::new(0),
            waiting: RefCell::default(),
            failure: RefCell::default(),
            watch: None,
        }
    }

    /// The same, held by whoever steps through it.
    pub(super) fn held_by(mut self, stepper: Option<&'a Stepper>) -> Self {
        self.watch = stepper.map(Watch::new);
        self
    }

    /// The same for a session that goes on: names and token generations count on, and the ledger knows what was sent.
    pub(super) fn going_on(mut self, unfinished: &Unfinished) -> Self {
        self.recorded = unfinished.recorded;
        self.connection = self.connection.going_on_from(unfinished.recorded.generation);
        for (attempt, events) in &unfinished.history {
            // What the receiver did is not known any more, nor what was read of a trait.
            let acts = vec![None; attempt.exchanges.len()];
            self.ledger.get_mut().enter(Observed { attempt, events, acts: &acts, reads: &[] });
        }
        self
    }

    /// Records the events, then brings every delivery to its end. They begin in order; each goes as far as it can
    /// without waiting before the next one begins.
    pub(super) async fn run(
        &self,
        events: &[Arc<EventRecord>],
        work: Work,
        dropped: Vec<Dropped>,
        trigger: Trigger,
    ) -> Result<RunSummary, RunError> {
        for event in events {
            self.outlet.record(Record::Event(Arc::clone(event)));
        }
        self.work_off(count(events.len()), work, dropped, trigger).await
    }

    /// Brings so many events, which are recorded, to their end.
    pub(super) async fn work_off(
        &self,
        n_events: u64,
        work: Work,
        dropped: Vec<Dropped>,
        trigger: Trigger,
    ) -> Result<RunSummary, RunError> {
        let started_at = self.clock.now();
        if let Work::Deliveries(deliveries) = &work {
            self.n_deliveries.set(count(deliveries.len()));
            self.watch.iter().for_each(|watch| watch.will_begin(count(deliveries.len())));
        }
        self.stand_if_due(None);
        for dropped in dropped {
            dropped.record(self, self.next_delivery(), trigger);
        }
        let n_cut_off = match work {
            Work::Deliveries(deliveries) => self.drive(deliveries.into_iter().map(|it| it.run(self))).await,
            Work::Stream(queue) => self.drive(std::iter::once(stream::run(self, queue, trigger))).await,
        };
        let counts = (n_events, self.n_deliveries.get());
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        Ok(RunSummary {
            n_cut_off,
            was_cancelled: self.cancel.is_cancelled(),
            slept: self.clock.slept(),
            ended_at: self.clock.now(),
            ..self.tally.summary(counts, started_at)
        })
    }

    /// Brings deliveries to their end, and tells how many attempts were cut off in the middle because the run was stopped.
    async fn drive(&self, mut to_begin: impl Iterator<Item = impl Future<Output = ()>>) -> u64 {
        let mut under_way = FuturesUnordered::new();
        poll_fn(|context| {
            self.cancel.register(context.waker());
            loop {
                self.end_given_up();
                let polled = under_way.poll_next_unpin(context);
                if self.is_stopped() {
                    return Poll::Ready(self.in_flight.get());
                }
                if let Poll::Ready(Some(())) = polled {
                    continue;
                }
                match to_begin.next() {
                    Some(delivery) => under_way.push(delivery),
                    None => return polled.map(|_none_left| 0),
                }
            }
        })
        .await
    }

    fn is_stopped(&self) -> bool {
        self.cancel.is_cancelled() || self.outlet.is_gone() || self.failure.borrow().is_some()
    }

    fn end_given_up(&self) {
        let Some(under_way) = &self.under_way else { return };
        let (under_way, mut waiting) = (under_way.borrow(), self.given_up_waiting.borrow_mut());
        for delivery in self.cancel.take_given_up() {
            match under_way.get(&delivery) {
                Some(handle) => handle.abort(),
                None => waiting.push(delivery),
            }
        }
        if !waiting.is_empty() {
            self.stream_waker.wake();
        }
    }

    /// Batches that were given up and are over, so that only some of their events may still wait. Wakes the stream when
    /// there are more.
    pub(super) fn take_given_up_waiting(&self, waker: &Waker) -> Vec<DeliveryId> {
        self.stream_waker.register(waker);
        self.given_up_waiting.take()
    }

    /// Counts a batch that begins, and gives its name.
    pub(super) fn next_batch(&self) -> DeliveryId {
        format!("d{}", self.next_delivery()).into()
    }

    /// What a delivery has to heed so that a person can end it alone; none where nobody can.
    pub(super) fn begin_delivery(&self, delivery: &DeliveryId) -> Option<AbortRegistration> {
        let mut under_way = self.under_way.as_ref()?.borrow_mut();
        let (handle, registration) = AbortHandle::new_pair();
        under_way.insert(delivery.clone(), handle);
        Some(registration)
    }

    /// Nobody can end this delivery any more.
    pub(super) fn end_delivery(&self, delivery: &DeliveryId) {
        if let Some(under_way) = &self.under_way {
            under_way.borrow_mut().remove(delivery);
        }
    }

    /// Ends the run, as soon as whoever calls this waits, for a reason that has nothing to do with one delivery.
    pub(super) fn fail(&self, failure: RunError) {
        self.failure.borrow_mut().get_or_insert(failure);
    }

    /// Stands still if whoever steps through the run wants that, before anything else happens. `next_at` is when that is, if
    /// time has to pass for it.
    pub(super) fn stand_if_due(&self, next_at: Option<Timestamp>) {
        let Some(watch) = &self.watch else { return };
        // Once more after each standstill: the next step may be over before this happens, too.
        while let Some(place) = watch.must_stand(next_at, self.clock.now())
            && watch.stepper().begin_standing()
        {
            self.outlet.stands(watch.standstill(place, self.waiting.borrow().iter()));
            watch.stepper().stand_still();
            self.outlet.goes_on();
        }
    }

    /// Waits until one attempt more may run, and lets it.
    pub(super) async fn begin_attempt(&self, attempt: &Try<'_>) -> Slot<'_> {
        let permit = match &self.slots {
            None => None,
            // The semaphore is never closed, so that an error cannot come.
            Some(slots) => slots.acquire().await.ok(),
        };
        while self.outlet.is_full() {
            self.clock.sleep_until(self.clock.now().saturating_add(GATHERING)).await;
        }
        self.stand_if_due(None);
        self.in_flight.set(self.in_flight.get() + 1);
        self.n_begun.set(self.n_begun.get() + 1);
        let key = self.n_begun.get();
        self.outlet.has_begun(key, &|| attempt.under_way(self.clock.now()));
        self.tell_progress();
        if attempt.trigger != Trigger::Retry && self.plan.spread.is_zero() {
            self.watch.iter().for_each(Watch::begins);
        }
        let noted = self.watch.as_ref().map(|watch| watch.has_begun(attempt, self.clock.now()));
        Slot { outlet: self.outlet, key, in_flight: &self.in_flight, noted, _permit: permit }
    }

    /// Records an attempt and frees its slot. Attempts are named in the order in which they end.
    pub(super) fn end_attempt(&self, slot: Slot<'_>, make: impl FnOnce(AttemptId) -> Attempt) -> AttemptId {
        let id = self.record_attempt(make);
        drop(slot);
        self.tell_progress();
        id
    }

    /// Counts and records an attempt, and gives its name.
    pub(super) fn record_attempt(&self, make: impl FnOnce(AttemptId) -> Attempt) -> AttemptId {
        self.stand_if_due(None);
        let n_attempts = self.tally.attempts.get() + 1;
        self.tally.attempts.set(n_attempts);
        let id = AttemptId::from(format!("a{}", self.recorded.n_attempts + n_attempts));
        let attempt = make(id.clone());
        self.tally.requests.set(self.tally.requests.get() + count(attempt.exchanges.len()));
        for decision in decisions(&attempt) {
            self.tally.count(decision);
        }
        self.watch.iter().for_each(|watch| watch.has_ended(&attempt));
        self.outlet.record(Record::Attempt(Arc::new(attempt)));
        id
    }

    /// Counts a delivery that begins, and gives its number.
    pub(super) fn next_delivery(&self) -> u64 {
        self.n_deliveries.set(self.n_deliveries.get() + 1);
        self.recorded.n_deliveries + self.n_deliveries.get()
    }

    /// Waits for the instant of a delivery's next attempt. Who gives up waiting does not count as waiting any more.
    pub(super) async fn wait_until(&self, at: Timestamp, delivery_number: u64) {
        let entry = (at, delivery_number);
        self.waiting.borrow_mut().insert(entry);
        let _waiting = Waiting { waiting: &self.waiting, entry };
        self.tell_progress();
        self.clock.sleep_until(at).await;
    }

    pub(super) fn tell_progress(&self) {
        let waiting = self.waiting.borrow();
        self.outlet.progress(Progress {
            n_in_flight: self.in_flight.get(),
            n_waiting: count(waiting.len()),
            next_at: waiting.first().map(|(at, _)| *at),
            now: self.clock.now(),
        });
    }
}

/// What a run is to do.
pub(super) enum Work {
    /// Deliveries that keep their events.
    Deliveries(Vec<Delivery>),
    /// Events that a stream puts into batches.
    Stream(Queue),
}

/// What every attempt of the run is marked with.
pub(super) struct Names {
    pub(super) destination: Arc<str>,
    pub(super) action: Arc<str>,
    pub(super) rules: Arc<str>,
}

/// The right to run one attempt. Dropping it, at the end of the attempt or because nobody wants it any more, frees it.
pub(super) struct Slot<'a> {
    outlet: &'a dyn Outlet,
    key: u64,
    in_flight: &'a Cell<u64>,
    /// What whoever steps through the run is told of it.
    pub(super) noted: Option<Noted<'a>>,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Slot<'_> {
    /// Its attempt has sent a request. What it is need not be asked for.
    pub(super) fn asks(&self, asked: &dyn Fn() -> Asked) {
        self.outlet.asks(self.key, asked);
        self.noted.iter().for_each(|noted| noted.asks(asked()));
    }

    /// The answer has come.
    pub(super) fn is_answered(&self) {
        self.outlet.is_answered(self.key);
        self.noted.iter().for_each(Noted::is_answered);
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.in_flight.set(self.in_flight.get() - 1);
        self.outlet.has_ended(self.key);
    }
}

/// A delivery that waits, until it is dropped.
struct Waiting<'a> {
    waiting: &'a RefCell<BTreeSet<(Timestamp, u64)>>,
    entry: (Timestamp, u64),
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.waiting.borrow_mut().remove(&self.entry);
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
