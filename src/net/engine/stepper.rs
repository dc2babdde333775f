//! How a person goes through a run in virtual time step by step, from another thread: the run stands still in the middle of
//! whatever it does, and goes on as if nothing had happened.
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::core::stepping::{Breakpoints, Step};

/// Lets a run go and stand. Clones hold the same run. A run in wall time does not heed it.
#[derive(Clone, Debug, Default)]
pub struct Stepper(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    /// Whether the run has to look at its orders at all.
    has_orders: AtomicBool,
    orders: Mutex<Orders>,
    changed: Condvar,
}

/// What the run is to do.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Orders {
    pub(super) gait: Gait,
    pub(super) breakpoints: Breakpoints,
    has_ended: bool,
}

/// How the run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Gait {
    /// To its end, or to a breakpoint.
    #[default]
    On,
    /// Not at all.
    Stand,
    /// So far, or to a breakpoint.
    To(Step),
}

impl Stepper {
    /// For a run that stands before it has made any attempt.
    #[must_use]
    pub fn standing() -> Self {
        let stepper = Self::default();
        stepper.stand();
        stepper
    }

    /// Has the run stand where it is.
    pub fn stand(&self) {
        self.change(|orders| orders.gait = Gait::Stand);
    }

    /// Has it go so far.
    pub fn step(&self, step: Step) {
        self.change(|orders| orders.gait = Gait::To(step));
    }

    /// Has it go on, to its end or to a breakpoint.
    pub fn go_on(&self) {
        self.change(|orders| orders.gait = Gait::On);
    }

    /// Says at which decisions it is to stand from now on.
    pub fn break_at(&self, breakpoints: Breakpoints) {
        self.change(|orders| orders.breakpoints = breakpoints);
    }

    /// Lets the run go for good: it is stopped, or nobody looks any more.
    pub(super) fn end(&self) {
        self.change(|orders| orders.has_ended = true);
    }

    /// What there is to heed; none, at hardly any cost, for a run that is to go to its end.
    pub(super) fn orders(&self) -> Option<Orders> {
        if !self.0.has_orders.load(Ordering::Acquire) {
            return None;
        }
        Some(*self.lock())
    }

    /// Whether the run is in the hands of a person whose next word it waits for, from now on.
    pub(super) fn begin_standing(&self) -> bool {
        let mut orders = self.lock();
        if !orders.has_ended {
            orders.gait = Gait::Stand;
        }
        !orders.has_ended
    }

    /// Waits until the run may go on.
    pub(super) fn stand_still(&self) {
        let standing = |orders: &mut Orders| orders.gait == Gait::Stand && !orders.has_ended;
        drop(self.0.changed.wait_while(self.lock(), standing).unwrap_or_else(PoisonError::into_inner));
    }

    fn change(&self, change: impl FnOnce(&mut Orders)) {
        let mut orders = self.lock();
        change(&mut orders);
        let has_orders = !orders.has_ended && (orders.gait != Gait::On || !orders.breakpoints.is_empty());
        self.0.has_orders.store(has_orders, Ordering::Release);
        drop(orders);
        self.0.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Orders> {
        self.0.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
