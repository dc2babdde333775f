//! The run's side of stepping: what is under way, and whether the run has come to a place where it is to stand.
//!
//! A place is noticed when it is reached and acted on just before anything else happens, so that the deliveries have gone
//! as far by then as they can without time, and what they wait for is known.
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::attempt::Try;
use super::stepper::{Gait, Stepper};
use crate::core::names::{Decision, DeliveryId, Trigger};
use crate::core::record::Attempt;
use crate::core::stepping::{Asked, Breakpoints, Happening, Standstill, Step, UnderWay, Upcoming, Why};
use crate::core::time::Timestamp;
use crate::core::world::LocalFuture;
use crate::net::clock::Clock;

/// Watches one run for whoever steps through it.
pub(super) struct Watch<'a> {
    stepper: &'a Stepper,
    /// The place that was reached.
    reached: RefCell<Option<Why>>,
    under_way: RefCell<BTreeMap<u64, Entry>>,
    n_begun: Cell<u64>,
    n_to_begin: Cell<u64>,
}

struct Entry {
    attempt: UnderWay,
    answer_at: Option<Timestamp>,
}

impl<'a> Watch<'a> {
    pub(super) fn new(stepper: &'a Stepper) -> Self {
        Self {
            stepper,
            reached: RefCell::default(),
            under_way: RefCell::default(),
            n_begun: Cell::new(0),
            n_to_begin: Cell::new(0),
        }
    }

    /// So many deliveries are about to begin.
    pub(super) fn will_begin(&self, n_deliveries: u64) {
        self.n_to_begin.set(n_deliveries);
    }

    /// One of them begins, or waits for its beginning.
    pub(super) fn begins(&self) {
        self.n_to_begin.set(self.n_to_begin.get().saturating_sub(1));
    }

    /// An attempt has begun. It is under way until what this gives is dropped.
    pub(super) fn has_begun(&self, attempt: &Try<'_>, now: Timestamp) -> Noted<'_> {
        if let Some(orders) = self.stepper.orders()
            && orders.gait == Gait::To(Step::Retry)
            && attempt.trigger == Trigger::Retry
        {
            self.reached.replace(Some(Why::Begun(attempt.delivery.clone(), attempt.number)));
        }
        let key = self.n_begun.get();
        self.n_begun.set(key + 1);
        self.under_way.borrow_mut().insert(key, Entry { attempt: attempt.under_way(now), answer_at: None });
        Noted { watch: self, key }
    }

    /// An attempt has ended.
    pub(super) fn has_ended(&self, attempt: &Attempt) {
        let Some(orders) = self.stepper.orders() else { return };
        let decided = Breakpoints::of(attempt);
        let is_plain = decided.is_empty() && attempt.verdict.decision == Decision::Delivered;
        let why = match (decided.first_of(orders.breakpoints), orders.gait) {
            (Some(kind), _) => Why::Decided(attempt.id.clone(), kind),
            (None, Gait::To(Step::Attempt)) => Why::Ended(attempt.id.clone()),
            (None, Gait::To(Step::Decision)) if !is_plain => Why::Ended(attempt.id.clone()),
            _ => return,
        };
        self.reached.replace(Some(why));
    }

    /// Whether the run is to stand before anything else happens, at which time and why. `next_at` is when that happens, if
    /// time has to pass for it.
    pub(super) fn must_stand(&self, next_at: Option<Timestamp>, now: Timestamp) -> Option<(Timestamp, Why)> {
        let orders = self.stepper.orders()?;
        if let Some(why) = self.reached.take() {
            return Some((now, why));
        }
        match orders.gait {
            Gait::Stand => Some((now, Why::Asked)),
            Gait::To(Step::Until(until)) if next_at.is_some_and(|next_at| next_at > until) => {
                Some((now.max(until), Why::Instant))
            }
            _ => None,
        }
    }

    pub(super) fn stepper(&self) -> &Stepper {
        self.stepper
    }

    /// What the run tells while it stands. `waiting` are the deliveries that wait, by their number, the soonest first.
    pub(super) fn standstill<'w>(
        &self,
        (now, why): (Timestamp, Why),
        waiting: impl ExactSizeIterator<Item = &'w (Timestamp, u64)>,
    ) -> Standstill {
        let under_way = self.under_way.borrow();
        let (n_in_flight, n_waiting) = (count(under_way.len()), count(waiting.len()));
        let answers = under_way
            .values()
            .map(|entry| Upcoming { at: entry.answer_at, what: Happening::Answer(entry.attempt.clone()) });
        let attempts = waiting.take(Standstill::MOST_UPCOMING).map(|(at, number)| Upcoming {
            at: Some(*at),
            what: match number {
                0 => Happening::Batch,
                number => Happening::Attempt(DeliveryId::from(format!("d{number}"))),
            },
        });
        let mut upcoming: Vec<Upcoming> = answers.chain(attempts).collect();
        upcoming.sort_by_key(|upcoming| upcoming.at.map_or((true, now), |at| (false, at)));
        upcoming.truncate(Standstill::MOST_UPCOMING);
        Standstill { now, why, upcoming, n_to_begin: self.n_to_begin.get(), n_in_flight, n_waiting }
    }
}

/// An attempt that is under way, until this is dropped.
pub(super) struct Noted<'a> {
    watch: &'a Watch<'a>,
    key: u64,
}

impl Noted<'_> {
    /// It has sent a request.
    pub(super) fn asks(&self, asked: Asked) {
        if let Some(entry) = self.watch.under_way.borrow_mut().get_mut(&self.key) {
            entry.attempt.asked = Some(asked);
        }
    }

    /// The answer has come.
    pub(super) fn is_answered(&self) {
        if let Some(entry) = self.watch.under_way.borrow_mut().get_mut(&self.key) {
            (entry.attempt.asked, entry.answer_at) = (None, None);
        }
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.watch.under_way.borrow_mut().remove(&self.key);
    }
}

/// The clock of a run, as one attempt sees it: what it waits for is noted.
pub(super) struct NotingClock<'a> {
    pub(super) clock: &'a dyn Clock,
    pub(super) noted: &'a Noted<'a>,
}

impl Clock for NotingClock<'_> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn sleep_until(&self, instant: Timestamp) -> LocalFuture<'static, ()> {
        if let Some(entry) = self.noted.watch.under_way.borrow_mut().get_mut(&self.noted.key) {
            entry.answer_at = Some(instant);
        }
        self.clock.sleep_until(instant)
    }
}

fn count(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}
