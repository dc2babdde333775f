//! How far a comparison is, for who waits for a long one and may stop it.
use std::ops::Range;

use crate::core::watch::Watch;

/// The part of the whole work that something takes.
pub(super) type Share = Range<f32>;

/// A comparison on its way.
pub(super) struct Pace<'a, 'w> {
    watch: Option<&'a mut Watch<'w>>,
    is_stopped: bool,
}

impl<'a, 'w> Pace<'a, 'w> {
    /// Nobody waits for it.
    pub(super) const fn unwatched() -> Self {
        Self { watch: None, is_stopped: false }
    }

    pub(super) fn watched(watch: &'a mut Watch<'w>) -> Self {
        Self { watch: Some(watch), is_stopped: false }
    }

    /// Tells how far it is; false once it was stopped.
    pub(super) fn goes_on(&mut self, done: f32) -> bool {
        if let Some(watch) = self.watch.as_mut().filter(|_| !self.is_stopped) {
            self.is_stopped = watch(done).is_break();
        }
        !self.is_stopped
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped
    }
}

/// The part of a share that one of so many equal pieces takes.
#[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
pub(super) fn piece(share: &Share, idx: usize, n_pieces: usize) -> Share {
    let length = (share.end - share.start) / n_pieces.max(1) as f32;
    let start = share.start + length * idx as f32;
    start..start + length
}
