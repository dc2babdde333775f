//! Lets a verb that waits for two things wait for one: news of a server, and the wish to end.
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::interrupt::on_interrupt;
use crate::net::Wake;

/// Wakes the verb when there is news or when it should end.
pub(super) struct Signals {
    sender: SyncSender<()>,
    woken: Receiver<()>,
    is_over: Arc<AtomicBool>,
}

impl Signals {
    /// Listens for interrupts from here on.
    pub(super) fn new() -> Self {
        // One waiting signal says as much as many.
        let (sender, woken) = sync_channel(1);
        let is_over = Arc::new(AtomicBool::new(false));
        let (interrupted, wake) = (Arc::clone(&is_over), sender.clone());
        on_interrupt(move || {
            interrupted.store(true, Ordering::Release);
            wake.try_send(()).unwrap_or_default();
        });
        Self { sender, woken, is_over }
    }

    /// What a server calls when it has news.
    pub(super) fn wake(&self) -> Wake {
        let sender = self.sender.clone();
        Arc::new(move || sender.try_send(()).unwrap_or_default())
    }

    /// Waits for news; false when it is time to end.
    pub(super) fn wait(&self) -> bool {
        self.woken.recv().is_ok() && !self.is_over.load(Ordering::Acquire)
    }
}
