//! The second look at a large file, by a thread of its own while another one follows the file: at the bytes that opening passed
//! over, then for findings.
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::jobs::Cancel;
use crate::core::findings::Finding;
use crate::session::loader::{CheckProgress, LookedAt, SecondLook};
use crate::session::reader::ReadError;
use crate::store::look::Look;
use crate::store::{AttemptIdx, Session};
use crate::ui::frame_state::LookState;

/// How many attempts are looked through before what was found in them is handed over.
const PIECE: usize = 2_048;

/// One round: as much as there is of the file.
pub(super) struct Round {
    pub(super) bytes: SecondLook,
    pub(super) session: Session,
}

/// What is handed over, in this order.
pub(super) enum Seen {
    /// What is wrong with the bytes.
    Bytes(Result<LookedAt, ReadError>),
    /// What was found in the next attempts, and the last of those that were looked through.
    Findings(Vec<(AttemptIdx, Vec<Finding>)>, AttemptIdx),
    /// The round is over, or somebody stopped it.
    End,
}

/// The way to the thread and back.
pub(super) struct Looker {
    pub(super) rounds: SyncSender<Round>,
    pub(super) seen: Receiver<Seen>,
}

/// How far it is; shared with the window.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) n_bytes: AtomicU64,
    pub(super) n_total_bytes: AtomicU64,
    n_attempts: AtomicU64,
    n_total_attempts: AtomicU64,
    is_looking: AtomicBool,
    /// Whether the person wants no more findings for now.
    is_stopped: AtomicBool,
}

impl Looked {
    /// How the search for findings stands; none when all was looked through, and before it began.
    pub(super) fn state(&self) -> Option<LookState> {
        let n_total = self.n_total_attempts.load(Ordering::Relaxed).max(1);
        let percent = percent(self.n_attempts.load(Ordering::Relaxed), n_total);
        if self.is_stopped() {
            return Some(LookState { percent, is_stopped: true });
        }
        self.is_looking.load(Ordering::Relaxed).then_some(LookState { percent, is_stopped: false })
    }

    /// Has the search stop, or go on where it stood.
    pub(super) fn stop(&self, is_stopped: bool) {
        self.is_stopped.store(is_stopped, Ordering::Relaxed);
    }

    /// Says that nobody looks any more.
    pub(super) fn end(&self) {
        self.is_looking.store(false, Ordering::Relaxed);
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// Whether the bytes are further by a hundredth.
    fn tell_bytes(&self, progress: CheckProgress) -> bool {
        let CheckProgress { n_bytes, n_total_bytes } = progress;
        self.n_total_bytes.store(n_total_bytes, Ordering::Relaxed);
        let before = self.n_bytes.swap(n_bytes, Ordering::Relaxed);
        percent(before, n_total_bytes) != percent(n_bytes, n_total_bytes)
    }

    fn tell_attempts(&self, n_attempts: usize, n_total: usize) -> bool {
        let (n_attempts, n_total) = (n_attempts as u64, n_total as u64);
        self.n_total_attempts.store(n_total, Ordering::Relaxed);
        let before = self.n_attempts.swap(n_attempts, Ordering::Relaxed);
        percent(before, n_total) != percent(n_attempts, n_total)
    }
}

/// How many hundredths of a whole that may not be known.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100) / whole.max(1)
}

impl Looker {
    /// Starts the thread. It ends when nobody wants its answers any more.
    pub(super) fn start(looked: &Arc<Looked>, cancel: &Cancel, waker: &egui::Context) -> io::Result<Self> {
        let (rounds, to_look_at) = sync_channel(1);
        let (sender, seen) = sync_channel(16);
        let worker = Worker { looked: Arc::clone(looked), cancel: cancel.clone(), waker: waker.clone(), sender };
        thread::Builder::new().name("second look".to_owned()).spawn(move || worker.work(&to_look_at))?;
        Ok(Self { rounds, seen })
    }
}

struct Worker {
    looked: Arc<Looked>,
    cancel: Cancel,
    waker: egui::Context,
    sender: SyncSender<Seen>,
}

impl Worker {
    fn work(&self, rounds: &Receiver<Round>) {
        give_way();
        let mut look = None;
        for Round { bytes, session } in rounds {
            let looked_at = bytes.look(&mut |progress| {
                if self.looked.tell_bytes(progress) {
                    self.waker.request_repaint();
                }
                flow(self.cancel.is_cancelled())
            });
            if self.sender.send(Seen::Bytes(looked_at)).is_err() {
                return;
            }
            let look = look.get_or_insert_with(|| Look::new(session.header()));
            self.looked.is_looking.store(true, Ordering::Relaxed);
            self.look_for_findings(look, &session);
            self.looked.end();
            if self.sender.send(Seen::End).is_err() {
                return;
            }
        }
    }

    fn look_for_findings(&self, look: &mut Look, session: &Session) {
        let (mut piece, mut n_in_piece, mut last) = (Vec::new(), 0, None);
        let flow = look.go_on(session, &mut |attempt_idx, _, found| {
            n_in_piece += 1;
            last = Some(attempt_idx);
            if !found.is_empty() {
                piece.push((attempt_idx, found));
            }
            if n_in_piece < PIECE {
                return ControlFlow::Continue(());
            }
            n_in_piece = 0;
            if self.looked.tell_attempts(attempt_idx.index(), session.attempts().len()) {
                self.waker.request_repaint();
            }
            let is_unwanted = self.sender.send(Seen::Findings(std::mem::take(&mut piece), attempt_idx)).is_err();
            flow(is_unwanted || self.cancel.is_cancelled() || self.looked.is_stopped())
        });
        // One that was stopped has handed over all that it found.
        if flow.is_continue() {
            self.looked.stop(false);
            if let Some(last) = last {
                // Where nobody wants it, the end of the round cannot be told either.
                _ = self.sender.send(Seen::Findings(piece, last));
            }
        }
    }
}

/// Whether to go on with work that may be over.
const fn flow(is_over: bool) -> ControlFlow<()> {
    if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Frames, and what the person waits for, come first.
#[cfg(target_os = "linux")]
fn give_way() {
    // A system that refuses it has them share.
    _ = rustix::process::nice(10);
}

/// Elsewhere a thread cannot say so, or says it for the whole program.
#[cfg(not(target_os = "linux"))]
const fn give_way() {}
