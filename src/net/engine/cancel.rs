//! How a person stops a run.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;

use futures_util::task::AtomicWaker;

/// Stops a run from any thread. Clones stop the same run.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    is_cancelled: AtomicBool,
    waker: AtomicWaker,
}

impl Cancel {
    /// Stops the run, in the middle of waits and requests. What had ended stays recorded.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Release);
        self.0.waker.wake();
    }

    /// Whether it was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Acquire)
    }

    /// Wakes the run's task when it is asked to stop. Look at [`Self::is_cancelled`] after this, not before.
    pub(super) fn register(&self, waker: &Waker) {
        self.0.waker.register(waker);
    }
}
