//! How a person stops a run, or gives up one delivery of it.
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use futures_util::task::AtomicWaker;

use crate::core::names::DeliveryId;

/// Stops a run from any thread. Clones stop the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    is_cancelled: AtomicBool,
    has_given_up: AtomicBool,
    given_up: Mutex<Vec<DeliveryId>>,
    waker: AtomicWaker,
}

impl Cancel {
    /// Stops the run, in the middle of waits and requests. What had ended stays recorded.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Release);
        self.0.waker.wake();
    }

    /// Ends one delivery for good, in the middle of a wait or a request, and records that a person did. The others go on.
    /// Of a batch of a stream that has ended, the events that wait in the queue are ended, in one more batch. Any other
    /// delivery that is over, or that the run does not know, stays as it is. Only in wall time.
    pub fn give_up(&self, delivery: DeliveryId) {
        self.0.given_up.lock().unwrap_or_else(PoisonError::into_inner).push(delivery);
        self.0.has_given_up.store(true, Ordering::Release);
        self.0.waker.wake();
    }

    /// Whether it was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Acquire)
    }

    /// The deliveries that were given up since the last call.
    pub(super) fn take_given_up(&self) -> Vec<DeliveryId> {
        if !self.0.has_given_up.swap(false, Ordering::AcqRel) {
            return Vec::new();
        }
        std::mem::take(&mut self.0.given_up.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wakes the run's task when it is asked to stop. Look at [`Self::is_cancelled`] after this, not before.
    pub(super) fn register(&self, waker: &Waker) {
        self.0.waker.register(waker);
    }
}
