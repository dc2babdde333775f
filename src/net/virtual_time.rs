//! Time that costs nothing: a clock that jumps to the next thing anyone waits for, and the loop that drives one future
//! by it. Single-threaded and without tokio, so that the same future gives the same history every time: timers fire in
//! the order of their instants, and those of one instant in the order in which they were set.
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::clock::Clock;
use crate::core::time::Timestamp;
use crate::core::world::LocalFuture;

/// A clock that moves only when everything that it drives is waiting. Clones show the same time.
#[derive(Clone)]
pub struct VirtualClock(Rc<Timers>);

/// Nobody can go on and no timer is set: what is waited for will never come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run waits for something that no timer and no answer will ever bring")]
pub struct Stalled;

impl VirtualClock {
    /// A clock that shows `start` until something waits.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        let timers = Timers { now: Cell::new(start), set: Cell::new(0), queue: RefCell::default() };
        Self(Rc::new(timers))
    }

    /// Drives a future to its end, letting time pass whenever it can do nothing else.
    ///
    /// # Errors
    /// [`Stalled`] if the future waits for anything but this clock.
    pub fn drive<T>(&self, future: impl Future<Output = T>) -> Result<T, Stalled> {
        self.drive_watched(future, |_next_at| ())
    }

    /// The same. `before_time_passes` is called, with the instant at which somebody waits next, whenever nobody can go on
    /// without time; it may take as long as it likes. If it wakes the future, no time passes.
    ///
    /// # Errors
    /// [`Stalled`] if the future waits for anything but this clock.
    pub fn drive_watched<T>(
        &self,
        future: impl Future<Output = T>,
        before_time_passes: impl Fn(Timestamp),
    ) -> Result<T, Stalled> {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            if woken.take() {
                if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                    return Ok(output);
                }
            } else {
                before_time_passes(self.0.next_at()?);
                if !woken.is_set() {
                    self.0.fire_next()?;
                }
            }
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.0.now.get()
    }

    fn sleep_until(&self, instant: Timestamp) -> LocalFuture<'static, ()> {
        Box::pin(Sleep { timers: Rc::clone(&self.0), until: instant, is_set: false })
    }
}

struct Timers {
    now: Cell<Timestamp>,
    set: Cell<u64>,
    queue: RefCell<BinaryHeap<Reverse<Timer>>>,
}

impl Timers {
    fn set(&self, at: Timestamp, waker: Waker) {
        let sequence = self.set.get();
        self.set.set(sequence + 1);
        self.queue.borrow_mut().push(Reverse(Timer { at, sequence, waker }));
    }

    fn next_at(&self) -> Result<Timestamp, Stalled> {
        self.queue.borrow().peek().map(|Reverse(timer)| timer.at).ok_or(Stalled)
    }

    fn fire_next(&self) -> Result<(), Stalled> {
        let Some(Reverse(timer)) = self.queue.borrow_mut().pop() else { return Err(Stalled) };
        self.now.set(self.now.get().max(timer.at));
        timer.waker.wake();
        Ok(())
    }
}

struct Timer {
    at: Timestamp,
    sequence: u64,
    waker: Waker,
}

impl Timer {
    fn key(&self) -> (Timestamp, u64) {
        (self.at, self.sequence)
    }
}

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Timer {}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// Waits for an instant. It sets one timer, when it is first polled; whoever polls it later must be the same task.
struct Sleep {
    timers: Rc<Timers>,
    until: Timestamp,
    is_set: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.until <= self.timers.now.get() {
            return Poll::Ready(());
        }
        if !self.is_set {
            self.timers.set(self.until, context.waker().clone());
            self.is_set = true;
        }
        Poll::Pending
    }
}

struct Woken(AtomicBool);

impl Woken {
    fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt as _;
    use futures_util::stream::FuturesUnordered;

    use super::*;

    #[test]
    fn sleepers_wake_by_instant_and_then_in_the_order_in_which_they_lay_down() {
        let clock = VirtualClock::starting_at(Timestamp::from_millis(1_000));
        let order = RefCell::new(Vec::new());
        let sleepers: FuturesUnordered<_> = [("late", 30), ("early", 10), ("also late", 30), ("now", 0)]
            .into_iter()
            .map(|(name, millis)| {
                let (clock, order) = (clock.clone(), &order);
                async move {
                    clock.sleep_until(clock.now().saturating_add(Duration::from_millis(millis))).await;
                    order.borrow_mut().push((name, clock.now().as_millis()));
                }
            })
            .collect();
        assert_eq!(clock.drive(sleepers.collect::<()>()), Ok(()));
        assert_eq!(order.take(), [("now", 1_000), ("early", 1_010), ("late", 1_030), ("also late", 1_030)]);
    }

    #[test]
    fn four_hours_pass_without_waiting() {
        let clock = VirtualClock::starting_at(Timestamp::EPOCH);
        let end = Timestamp::EPOCH.saturating_add(Duration::from_hours(4));
        let steps = async {
            let mut steps = 0;
            while clock.now() < end {
                clock.sleep_until(clock.now().saturating_add(Duration::from_secs(1))).await;
                steps += 1;
            }
            steps
        };
        assert_eq!(clock.drive(steps), Ok(14_400));
        assert_eq!(clock.now(), end);
    }

    #[test]
    fn waiting_for_nothing_is_told_and_not_waited_for() {
        let clock = VirtualClock::starting_at(Timestamp::EPOCH);
        assert_eq!(clock.drive(std::future::pending::<()>()), Err(Stalled));
    }
}
