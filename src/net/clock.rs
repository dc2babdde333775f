//! The clock of a run: one trait, so that the same engine waits for real or at no cost.
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::core::time::Timestamp;
use crate::core::world::LocalFuture;

/// Tells the time of a run and waits in it.
pub trait Clock {
    /// Now. Never goes backwards within a run.
    fn now(&self) -> Timestamp;

    /// Waits until `instant`; at once, without yielding, if that is not in the future.
    fn sleep_until(&self, instant: Timestamp) -> LocalFuture<'static, ()>;

    /// How long the computer has slept since the clock was started.
    fn slept(&self) -> Duration {
        Duration::ZERO
    }
}

/// Real time. It reads the system's clock once, when the run begins, and counts on from there, so that a clock that is
/// set while a run goes on bends neither its waits nor its timeline. The time that the computer sleeps counts: what fell
/// due meanwhile is done when it wakes, if [`Self::watch_for_sleep`] goes on beside the waits. Waits need a tokio runtime.
#[derive(Clone)]
pub struct WallClock {
    ticks: Ticks,
    began: Duration,
    began_awake: Instant,
    began_at: Timestamp,
    woken: Arc<Notify>,
}

/// The time since some moment, the computer's sleep included.
type Ticks = Arc<dyn Fn() -> Duration + Send + Sync>;

/// How often it is looked whether the computer has slept.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A look may be so late before that counts as sleep: a busy computer is late as well.
const SLEEP_FROM: Duration = Duration::from_millis(500);

impl WallClock {
    /// A clock that agrees with the system's clock now.
    #[must_use]
    pub fn start() -> Self {
        Self::counting(Arc::new(ticks))
    }

    fn counting(ticks: Ticks) -> Self {
        Self {
            began: ticks(),
            began_awake: Instant::now(),
            began_at: Timestamp::from_system_clock(),
            ticks,
            woken: Arc::default(),
        }
    }

    fn elapsed(&self) -> Duration {
        (self.ticks)().saturating_sub(self.began)
    }

    /// Looks every second whether the computer has slept, and has every wait look at the clock again: the system's own
    /// timers stand still meanwhile. Never ends.
    pub async fn watch_for_sleep(&self) -> Infallible {
        let mut known = self.slept();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let slept = self.slept();
            if slept > known {
                known = slept;
                self.woken.notify_waiters();
            }
        }
    }
}

impl std::fmt::Debug for WallClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WallClock").field("began_at", &self.began_at).finish_non_exhaustive()
    }
}

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        self.began_at.saturating_add(self.elapsed())
    }

    fn sleep_until(&self, instant: Timestamp) -> LocalFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            loop {
                let wait = instant.since(clock.now());
                if wait.is_zero() {
                    return;
                }
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = clock.woken.notified() => {}
                }
            }
        })
    }

    fn slept(&self) -> Duration {
        let slept = self.elapsed().saturating_sub(self.began_awake.elapsed());
        if slept < SLEEP_FROM { Duration::ZERO } else { slept }
    }
}

/// The time since the computer was started, its sleep included.
#[cfg(unix)]
fn ticks() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    // Apple's monotonic clock goes on while the computer sleeps; Linux has another one that does.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    const CLOCK: ClockId = ClockId::Boottime;
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    const CLOCK: ClockId = ClockId::Monotonic;
    let time = clock_gettime(CLOCK);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanos)
}

/// The time since the first call. The clock behind it goes on while the computer sleeps.
#[cfg(not(unix))]
fn ticks() -> Duration {
    static FIRST: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    FIRST.get_or_init(Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn a_computer_that_sleeps_through_a_wait_goes_on_when_it_wakes() {
        let slept_secs = Arc::new(AtomicU64::new(0));
        let asleep = Arc::clone(&slept_secs);
        let clock =
            WallClock::counting(Arc::new(move || ticks() + Duration::from_secs(asleep.load(Ordering::Relaxed))));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let began = Instant::now();
        let started_at = clock.now();
        runtime.block_on(async {
            let due = started_at.saturating_add(Duration::from_hours(4));
            let close_the_lid = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                slept_secs.store(5 * 3_600, Ordering::Relaxed);
                std::future::pending::<()>().await;
            };
            tokio::select! {
                () = clock.sleep_until(due) => {}
                () = close_the_lid => {}
                never = clock.watch_for_sleep() => match never {},
            }
        });
        assert!(began.elapsed() < Duration::from_mins(1), "nobody waited four hours");
        assert_eq!(clock.now().since(started_at).as_secs() / 3_600, 5, "the night is on the timeline");
        assert_eq!(clock.slept().as_secs() / 3_600, 5);
    }

    #[test]
    fn a_computer_that_stays_awake_has_not_slept() {
        let clock = WallClock::start();
        let before = clock.now();
        std::thread::sleep(Duration::from_millis(20));
        assert!(clock.now().since(before) >= Duration::from_millis(20));
        assert_eq!(clock.slept(), Duration::ZERO);
    }
}
