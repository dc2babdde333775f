//! A long work: how far it is, on standard error where somebody looks at it, and the wish to end it.
use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::interrupt::on_interrupt;
use super::output;
use crate::session::loader::LoadProgress;

/// Says how far a work is, if it takes long, and whether it is to end.
pub(super) struct Progress {
    is_over: Arc<AtomicBool>,
    is_looked_at: bool,
    /// When something was said, or the work began.
    last: Instant,
    /// Whether something stands on the line.
    is_told: bool,
}

impl Progress {
    /// Nothing is said before.
    const PATIENCE: Duration = Duration::from_secs(1);
    const PACE: Duration = Duration::from_millis(200);

    /// Begins, and listens for interrupts from here on.
    pub(super) fn begin() -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let interrupted = Arc::clone(&is_over);
        on_interrupt(move || interrupted.store(true, Ordering::Relaxed));
        Self { is_over, is_looked_at: io::stderr().is_terminal(), last: Instant::now(), is_told: false }
    }

    /// Whether the work was told to end.
    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// So much is done of so much, if that is known. Breaks when the work is to end.
    pub(super) fn tell(&mut self, what: &str, n_done: u64, n_all: Option<u64>) -> ControlFlow<()> {
        if self.is_over() {
            return ControlFlow::Break(());
        }
        let wait = if self.is_told { Self::PACE } else { Self::PATIENCE };
        if self.is_looked_at && self.last.elapsed() >= wait {
            let far = match n_all {
                Some(n_all) if n_all > 0 => format!("{} %", n_done.saturating_mul(100) / n_all),
                _ => format!("{} MB", n_done >> 20),
            };
            say(&format!("{what}, {far}"));
            (self.last, self.is_told) = (Instant::now(), true);
        }
        ControlFlow::Continue(())
    }

    /// The same of a session that is being read.
    pub(super) fn tell_reading(&mut self, progressed: LoadProgress<'_>) -> ControlFlow<()> {
        self.tell("reading", progressed.n_bytes, progressed.n_total_bytes)
    }

    /// The same of a share, from 0 to 1.
    pub(super) fn tell_share(&mut self, what: &str, done: f32) -> ControlFlow<()> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
        let percent = (done * 100.0) as u64;
        self.tell(what, percent, Some(100))
    }

    /// The same for whoever reads or writes: an error when the work is to end.
    pub(super) fn step(&mut self, what: &str, n_done: u64, n_all: u64) -> io::Result<()> {
        unless_over(self.tell(what, n_done, Some(n_all)))
    }

    /// Takes away what stands on the line, for others to write there.
    pub(super) fn clear(&mut self) {
        if std::mem::take(&mut self.is_told) {
            say("");
        }
    }
}

/// An error when the work is to end.
pub(super) fn unless_over(flow: ControlFlow<()>) -> io::Result<()> {
    if flow.is_continue() { Ok(()) } else { Err(stopped()) }
}

/// What a work ends with that was told to end.
pub(super) fn stopped() -> io::Error {
    io::Error::other("it was stopped")
}

/// What a work that was stopped has left where it writes to.
pub(super) fn left_by_stopping(out: &Path) -> String {
    if output::is_dash(out) {
        "what was written breaks off".to_owned()
    } else {
        format!("nothing was written to {}", out.display())
    }
}

/// Writes over the line. There is nothing to do about a standard error that is gone.
fn say(words: &str) {
    let mut err = io::stderr().lock();
    write!(err, "\r\u{1b}[K{words}").and_then(|()| err.flush()).unwrap_or_default();
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
