//! Where the records of a run go: straight to a caller who waits, or through a bounded channel to one who draws.
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::time::Duration;

use super::error::RunError;
use super::summary::RunSummary;
use crate::core::record::{Record, SessionHeader};
use crate::core::stepping::{Asked, Standstill, UnderWay};
use crate::core::time::Timestamp;
use crate::net::wake::Wake;

/// What a run tells while it goes on, in this order: one header, records and progress by turns, one end.
#[derive(Debug)]
pub enum RunEvent {
    /// The session that begins.
    Header(Box<SessionHeader>),
    /// What became known, in order.
    Records(Vec<Record>),
    /// The attempts that have begun and not ended, the oldest first, at most [`Standstill::MOST_UPCOMING`]; told in real
    /// time only.
    UnderWay(Vec<UnderWay>),
    /// What is going on just now.
    Progress(Progress),
    /// It stands still until it is told to go on, see [`super::Stepper`].
    Stands(Box<Standstill>),
    /// It goes on.
    GoesOn,
    /// The end. Nothing comes after it.
    Finished(Result<RunSummary, RunError>),
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Attempts that have begun and not ended.
    pub n_in_flight: u64,
    /// Deliveries that wait for their next attempt.
    pub n_waiting: u64,
    /// When the first of those starts.
    pub next_at: Option<Timestamp>,
    /// The time of the run.
    pub now: Timestamp,
}

/// Takes the records of a run.
pub(super) trait Outlet {
    /// Takes one record.
    fn record(&self, record: Record);

    /// Takes what is going on; only the latest counts.
    fn progress(&self, progress: Progress);

    /// An attempt has begun that is known by this key until it ends. What it is need not be asked for.
    fn has_begun(&self, _key: u64, _attempt: &dyn Fn() -> UnderWay) {}

    /// That attempt has sent a request. What it is need not be asked for.
    fn asks(&self, _key: u64, _asked: &dyn Fn() -> Asked) {}

    /// The answer to that has come.
    fn is_answered(&self, _key: u64) {}

    /// That attempt has ended, or nobody wants it any more.
    fn has_ended(&self, _key: u64) {}

    /// The run stands still; what it told before has to be there as well.
    fn stands(&self, _standstill: Standstill) {}

    /// The run goes on.
    fn goes_on(&self) {}

    /// Whether so much is waiting to be taken that no new attempt should begin.
    fn is_full(&self) -> bool {
        false
    }

    /// Whether there is nobody left to tell.
    fn is_gone(&self) -> bool {
        false
    }
}

/// Hands every record to a function.
pub(super) struct Direct<'a>(pub(super) RefCell<&'a mut dyn FnMut(Record)>);

impl Outlet for Direct<'_> {
    fn record(&self, record: Record) {
        (self.0.borrow_mut())(record);
    }

    fn progress(&self, _progress: Progress) {}
}

/// How many records are sent at once at most while a run goes at full speed.
const BATCH: usize = 512;
/// How many records may wait in wall time for somebody to take them.
const MOST_WAITING: usize = 8 * BATCH;
/// How long records are gathered in wall time before they are sent.
pub(super) const GATHERING: Duration = Duration::from_millis(15);

/// Sends records in batches.
pub(super) struct Channel {
    sender: SyncSender<RunEvent>,
    wake: Wake,
    pace: Pace,
    gathered: RefCell<Vec<Record>>,
    progress: Cell<Option<Progress>>,
    /// Attempts by when they began, in real time.
    under_way: RefCell<BTreeMap<u64, UnderWay>>,
    /// Whether those have changed since they were told.
    has_others_under_way: Cell<bool>,
    is_gone: Cell<bool>,
    has_news: tokio::sync::Notify,
}

/// Whether the run waits for whoever takes its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Virtual time stands still while a batch is sent.
    Blocking,
    /// Real time does not: what finds no room is kept for later.
    Gathering,
}

impl Channel {
    pub(super) fn new(sender: SyncSender<RunEvent>, wake: Wake, pace: Pace) -> Self {
        Self {
            sender,
            wake,
            pace,
            gathered: RefCell::default(),
            progress: Cell::default(),
            under_way: RefCell::default(),
            has_others_under_way: Cell::default(),
            is_gone: Cell::new(false),
            has_news: tokio::sync::Notify::new(),
        }
    }

    /// Sends what was gathered whenever there is something, at most once in [`GATHERING`]. Never ends.
    pub(super) async fn keep_sending(&self) -> Infallible {
        loop {
            self.has_news.notified().await;
            tokio::time::sleep(GATHERING).await;
            if !self.try_send() {
                self.has_news.notify_one();
            }
        }
    }

    /// Sends everything and the end, waiting for room.
    pub(super) fn finish(&self, end: Result<RunSummary, RunError>) {
        self.send_batch();
        self.send(RunEvent::Finished(end));
    }

    /// Sends something by itself, waiting for room.
    pub(super) fn send(&self, event: RunEvent) {
        self.is_gone.set(self.sender.send(event).is_err());
        (self.wake)();
    }

    fn note_asked(&self, key: u64, asked: impl FnOnce() -> Option<Asked>) {
        if let Some(attempt) = self.under_way.borrow_mut().get_mut(&key) {
            attempt.asked = asked();
            self.has_others_under_way.set(true);
            self.has_news.notify_one();
        }
    }

    fn send_batch(&self) {
        let records = self.gathered.take();
        if !records.is_empty() {
            self.send(RunEvent::Records(records));
        }
        if let Some(progress) = self.progress.take() {
            self.send(RunEvent::Progress(progress));
        }
    }

    /// Sends what was gathered if there is room; says whether nothing is left.
    fn try_send(&self) -> bool {
        let records = self.gathered.take();
        if !records.is_empty() {
            match self.sender.try_send(RunEvent::Records(records)) {
                Ok(()) => {}
                Err(TrySendError::Full(RunEvent::Records(records))) => {
                    self.gathered.replace(records);
                    return false;
                }
                Err(_) => self.is_gone.set(true),
            }
        }
        if self.has_others_under_way.take() {
            let under_way = self.under_way.borrow().values().take(Standstill::MOST_UPCOMING).cloned().collect();
            if let Err(TrySendError::Full(_)) = self.sender.try_send(RunEvent::UnderWay(under_way)) {
                self.has_others_under_way.set(true);
                return false;
            }
        }
        if let Some(progress) = self.progress.take()
            && let Err(TrySendError::Full(_)) = self.sender.try_send(RunEvent::Progress(progress))
        {
            self.progress.set(Some(progress));
            return false;
        }
        (self.wake)();
        true
    }
}

impl Outlet for Channel {
    fn record(&self, record: Record) {
        self.gathered.borrow_mut().push(record);
        match self.pace {
            Pace::Gathering => self.has_news.notify_one(),
            Pace::Blocking if self.gathered.borrow().len() >= BATCH => self.send_batch(),
            Pace::Blocking => {}
        }
    }

    fn progress(&self, progress: Progress) {
        self.progress.set(Some(progress));
        if self.pace == Pace::Gathering {
            self.has_news.notify_one();
        }
    }

    fn has_begun(&self, key: u64, attempt: &dyn Fn() -> UnderWay) {
        if self.pace == Pace::Gathering {
            self.under_way.borrow_mut().insert(key, attempt());
            self.has_others_under_way.set(true);
        }
    }

    fn asks(&self, key: u64, asked: &dyn Fn() -> Asked) {
        self.note_asked(key, || Some(asked()));
    }

    fn is_answered(&self, key: u64) {
        self.note_asked(key, || None);
    }

    fn has_ended(&self, key: u64) {
        if self.under_way.borrow_mut().remove(&key).is_some() {
            self.has_others_under_way.set(true);
        }
    }

    fn stands(&self, standstill: Standstill) {
        self.send_batch();
        self.send(RunEvent::Stands(Box::new(standstill)));
    }

    fn goes_on(&self) {
        self.send(RunEvent::GoesOn);
    }

    fn is_full(&self) -> bool {
        self.gathered.borrow().len() >= MOST_WAITING
    }

    fn is_gone(&self) -> bool {
        self.is_gone.get()
    }
}
