//! The clock of a run: one trait, so that the same engine waits for real or at no cost.
use std::time::Instant;

use crate::core::time::Timestamp;
use crate::core::world::LocalFuture;

/// Tells the time of a run and waits in it.
pub trait Clock {
    /// Now. Never goes backwards within a run.
    fn now(&self) -> Timestamp;

    /// Waits until `instant`; at once, without yielding, if that is not in the future.
    fn sleep_until(&self, instant: Timestamp) -> LocalFuture<'static, ()>;
}

/// Real time. It reads the system's clock once, when the run begins, and counts on from there, so that a clock that is
/// set while a run goes on bends neither its waits nor its timeline. Waits need a tokio runtime.
#[derive(Clone, Copy, Debug)]
pub struct WallClock {
    began: Instant,
    began_at: Timestamp,
}

impl WallClock {
    /// A clock that agrees with the system's clock now.
    #[must_use]
    pub fn start() -> Self {
        Self { began: Instant::now(), began_at: Timestamp::from_system_clock() }
    }
}

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        self.began_at.saturating_add(self.began.elapsed())
    }

    fn sleep_until(&self, instant: Timestamp) -> LocalFuture<'static, ()> {
        let wait = instant.since(self.now());
        Box::pin(async move {
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
        })
    }
}
