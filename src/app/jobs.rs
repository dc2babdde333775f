//! Background work: one question at a time, its last good answer stays until the next one is there.
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use poll_promise::Promise;

use crate::store::watch::Watch;

/// Tells a worker that nobody waits for its answer any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks the worker to stop at its next look.
    pub(crate) fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the worker should stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// One kind of background work. Asking again cancels what runs.
pub(crate) struct Job<T: Send + 'static> {
    title: String,
    running: Option<(Promise<Option<T>>, Cancel)>,
}

impl<T: Send + 'static> Default for Job<T> {
    fn default() -> Self {
        Self { title: String::new(), running: None }
    }
}

impl<T: Send + 'static> Job<T> {
    /// Starts `work` on a thread of its own and wakes the window when it is done. A worker that panics gives no
    /// answer: a dropped sender would panic the frame.
    pub(crate) fn start(
        &mut self,
        ctx: &egui::Context,
        title: impl Into<String>,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) {
        self.cancel();
        self.title = title.into();
        let cancel = Cancel::default();
        let (worker_cancel, ctx) = (cancel.clone(), ctx.clone());
        let promise = Promise::spawn_thread(self.title.clone(), move || {
            let answer = catch_unwind(AssertUnwindSafe(|| work(&worker_cancel))).ok();
            ctx.request_repaint();
            answer
        });
        self.running = Some((promise, cancel));
    }

    /// The answer, once, when it is there. Call it every frame.
    pub(crate) fn poll(&mut self) -> Option<JobEnd<T>> {
        let (promise, cancel) = self.running.take()?;
        match promise.try_take() {
            Ok(_) if cancel.is_cancelled() => None,
            Ok(Some(answer)) => Some(JobEnd::Done(answer)),
            Ok(None) => Some(JobEnd::Panicked),
            Err(pending) => {
                self.running = Some((pending, cancel));
                None
            }
        }
    }

    /// Waits for the answer of what runs.
    pub(crate) fn finish(&mut self) -> Option<T> {
        self.running.take()?.0.block_and_take()
    }

    /// Forgets what runs; its answer will not be seen.
    pub(crate) fn cancel(&mut self) {
        if let Some((_, cancel)) = self.running.take() {
            cancel.cancel();
        }
    }

    /// What is being worked on, for the status bar.
    pub(crate) fn running(&self) -> Option<&str> {
        self.running.is_some().then_some(self.title.as_str())
    }
}

/// After how long what is certain already is shown first; later ever rarer, so that showing it costs a small part of the work.
const FIRST_NEWS: Duration = Duration::from_millis(150);
const NEWS_ARE_WORTH: u32 = 8;

/// Background work that says how far it is, and may show what is certain before it is done. What is cancelled gives no answer;
/// what is stopped gives what there is.
pub(crate) struct MeasuredJob<T: Send + 'static> {
    job: Job<Option<T>>,
    desk: Arc<Desk<T>>,
}

/// Where window and worker meet.
struct Desk<T> {
    percent: AtomicU32,
    is_stopped: AtomicBool,
    news: Mutex<Option<T>>,
}

impl<T> Default for Desk<T> {
    fn default() -> Self {
        Self { percent: AtomicU32::new(0), is_stopped: AtomicBool::new(false), news: Mutex::new(None) }
    }
}

impl<T: Send + 'static> Default for MeasuredJob<T> {
    fn default() -> Self {
        Self { job: Job::default(), desk: Arc::default() }
    }
}

impl<T: Send + 'static> MeasuredJob<T> {
    /// Starts `work` as [`Job::start`] does. The window is woken now and then for what it tells.
    pub(crate) fn start(
        &mut self,
        ctx: &egui::Context,
        title: impl Into<String>,
        work: impl FnOnce(&mut Teller<'_, T>) -> Option<T> + Send + 'static,
    ) {
        self.desk = Arc::default();
        let (waker, desk) = (ctx.clone(), Arc::clone(&self.desk));
        self.job.start(ctx, title, move |cancel| {
            work(&mut Teller { desk: &desk, cancel, waker, next_news: Instant::now() + FIRST_NEWS })
        });
    }

    /// How it ended, once; no answer where it was cancelled. Call it every frame.
    pub(crate) fn poll(&mut self) -> Option<JobEnd<Option<T>>> {
        self.job.poll()
    }

    /// What is certain before it is done, once, where that is new.
    pub(crate) fn news(&mut self) -> Option<T> {
        self.desk.news().take()
    }

    /// Has it end with what there is.
    pub(crate) fn stop(&self) {
        self.desk.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Forgets what runs; its answer will not be seen.
    pub(crate) fn cancel(&mut self) {
        self.job.cancel();
    }

    /// How far it is, in percent, while it works.
    pub(crate) fn percent(&self) -> Option<u32> {
        self.job.running().map(|_| self.desk.percent.load(Ordering::Relaxed))
    }

    /// What it does and how far it is, for the status bar.
    pub(crate) fn words(&self) -> Option<String> {
        Some(format!("{}, {} %", self.job.running()?, self.percent()?))
    }
}

impl<T> Desk<T> {
    fn news(&self) -> MutexGuard<'_, Option<T>> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The worker's side.
pub(crate) struct Teller<'a, T> {
    desk: &'a Desk<T>,
    cancel: &'a Cancel,
    waker: egui::Context,
    next_news: Instant,
}

impl<T> Watch<T> for Teller<'_, T> {
    fn done(&mut self, share: f32) -> ControlFlow<()> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
        let now = (share * 100.0) as u32;
        let percent = &self.desk.percent;
        if percent.load(Ordering::Relaxed) + 5 <= now {
            percent.store(now, Ordering::Relaxed);
            self.waker.request_repaint();
        }
        if self.cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn offer(&mut self, make: &mut dyn FnMut() -> T) {
        let began = Instant::now();
        if began < self.next_news {
            return;
        }
        *self.desk.news() = Some(make());
        self.next_news = Instant::now() + FIRST_NEWS.max(began.elapsed() * NEWS_ARE_WORTH);
        self.waker.request_repaint();
    }

    fn is_enough(&self) -> bool {
        self.desk.is_stopped.load(Ordering::Relaxed)
    }
}

/// How a job ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum JobEnd<T> {
    /// With an answer.
    Done(T),
    /// The worker panicked: a fault of this program.
    Panicked,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(job: &mut Job<T>) -> JobEnd<T> {
        loop {
            if let Some(end) = job.poll() {
                return end;
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn an_answer_is_given_once() {
        let mut job = Job::default();
        job.start(&egui::Context::default(), "adding", |_| 1 + 1);
        assert_eq!(job.running(), Some("adding"));
        assert_eq!(wait(&mut job), JobEnd::Done(2));
        assert_eq!(job.running(), None);
        assert_eq!(job.poll(), None);
    }

    #[test]
    fn a_panicking_worker_does_not_take_the_window_with_it() {
        let mut job = Job::<u8>::default();
        job.start(&egui::Context::default(), "failing", |_| panic!("on purpose"));
        assert_eq!(wait(&mut job), JobEnd::Panicked);
    }

    #[test]
    fn asking_again_tells_the_first_worker_to_stop() {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        let mut job = Job::default();
        job.start(&egui::Context::default(), "first", move |cancel: &Cancel| {
            while !cancel.is_cancelled() {
                std::thread::yield_now();
            }
            sender.send(()).is_ok()
        });
        job.start(&egui::Context::default(), "second", |_| true);
        assert_eq!(receiver.recv(), Ok(()));
        assert_eq!(wait(&mut job), JobEnd::Done(true));
    }

    #[test]
    fn a_measured_job_shows_what_it_has_and_ends_with_it_when_it_is_stopped() {
        let mut job = MeasuredJob::default();
        job.start(&egui::Context::default(), "counting", |teller| {
            let mut count = 0;
            while !teller.is_enough() {
                count += 1;
                teller.done(0.43).is_continue().then_some(())?;
                teller.offer(&mut || count);
            }
            Some(count)
        });
        let first = loop {
            if let Some(news) = job.news() {
                break news;
            }
            std::thread::yield_now();
        };
        assert_eq!(job.words().as_deref(), Some("counting, 43 %"));
        job.stop();
        let end = loop {
            if let Some(end) = job.poll() {
                break end;
            }
            std::thread::yield_now();
        };
        assert!(matches!(end, JobEnd::Done(Some(last)) if last >= first && first > 0), "{end:?} {first}");
    }
}
