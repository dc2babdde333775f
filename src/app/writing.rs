//! A file that is being written: how far it is, and that somebody does not want it any more.
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::jobs::{Cancel, Job};
use crate::core::record::Record;
use crate::store::Session;

/// How far a writer has come.
#[derive(Debug, Default)]
pub(super) struct Steps {
    n_done: AtomicU64,
    n_all: AtomicU64,
}

/// A job that writes, and how far it is.
pub(super) struct Writing<T: Send + 'static> {
    pub(super) job: Job<T>,
    pub(super) steps: Arc<Steps>,
}

/// What a writer is told and tells while it works.
pub(super) struct Watch<'a> {
    pub(super) steps: &'a Steps,
    pub(super) cancel: &'a Cancel,
    pub(super) waker: &'a egui::Context,
}

impl<T: Send + 'static> Writing<T> {
    /// What it does, and of a long work how far it is.
    pub(super) fn words(&self) -> Option<String> {
        let running = self.job.running()?;
        let (n_done, n_all) = (self.steps.n_done.load(Ordering::Relaxed), self.steps.n_all.load(Ordering::Relaxed));
        if n_all == 0 {
            return Some(running.to_owned());
        }
        Some(format!("{running}, {} %", n_done.saturating_mul(100) / n_all))
    }
}

impl Watch<'_> {
    /// The records will be gone over so often.
    pub(super) fn begin(&self, session: &Session, n_times: usize) {
        let n_records = session.n_events() + session.attempts().len();
        self.steps.n_all.store((n_records * n_times) as u64, Ordering::Relaxed);
    }

    /// One more record was gone over; an error once nobody wants the file any more.
    pub(super) fn step(&self) -> io::Result<()> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other("writing was stopped"));
        }
        let n_done = self.steps.n_done.fetch_add(1, Ordering::Relaxed) + 1;
        let percent = |n_done: u64| n_done.saturating_mul(100) / self.steps.n_all.load(Ordering::Relaxed).max(1);
        if percent(n_done) != percent(n_done - 1) {
            self.waker.request_repaint();
        }
        Ok(())
    }

    /// Gives the records of a session one by one, read as they are needed; an error where one is lost, or once nobody wants
    /// the file any more.
    pub(super) fn give(&self, session: &Session, take: &mut dyn FnMut(Record) -> io::Result<()>) -> io::Result<()> {
        session.try_walk(&mut |_, record| {
            self.step()?;
            take(record.map_err(io::Error::other)?)
        })
    }
}
