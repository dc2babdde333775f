//! A request's body that tells how far it got: whether a connection that broke, or a time limit, came before the whole
//! request had left or after it. Before it the receiver cannot have acted, after it nobody knows.
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// How much is handed to the connection at once. It takes some hundred kilobytes ahead of the network.
const PIECE_BYTES: usize = 16 << 10;

/// Bytes that are counted as they leave.
#[derive(Debug)]
pub(super) struct NotedBody {
    rest: Bytes,
    left: Left,
}

/// Whether the last byte was taken to be sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Left(Arc<AtomicBool>);

impl Left {
    pub(super) fn is_whole(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl NotedBody {
    /// The body, and who tells how far it got. An empty one is never taken, so that of it nothing is told.
    pub(super) fn new(bytes: impl Into<Bytes>) -> (Self, Option<Left>) {
        let (rest, left) = (bytes.into(), Left::default());
        let watched = (!rest.is_empty()).then(|| left.clone());
        (Self { rest, left }, watched)
    }
}

impl Body for NotedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let n_bytes = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(n_bytes);
        if self.rest.is_empty() {
            self.left.0.store(true, Ordering::Release);
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}
