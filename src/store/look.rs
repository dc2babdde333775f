//! Looking for findings in a session whose records stay in its file: once from one end to the other, with no more in memory
//! than what detectors keep and the events that came last.
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::ids::{AttemptIdx, EventIdx};
use super::session::Session;
use super::walk::{Cursor, Position};
use crate::core::findings::{Arrived, Detector, Finding};
use crate::core::names::EventId;
use crate::core::record::{Attempt, EventRecord, Record, SessionHeader};

/// Given each attempt, unless it is lost, and what is found in it; says whether to go on.
pub type Take<'a> = dyn FnMut(AttemptIdx, Option<&Attempt>, Vec<Finding>) -> ControlFlow<()> + 'a;

/// A search for findings. It goes on where it stood when the file has grown.
#[derive(Debug)]
pub struct Look {
    detector: Detector,
    recent: Recent,
    cursor: Cursor,
}

impl Look {
    /// Has looked at nothing yet.
    #[must_use]
    pub fn new(header: &SessionHeader) -> Self {
        Self { detector: Detector::new(header), recent: Recent::default(), cursor: Cursor::default() }
    }

    /// How many attempts were looked at.
    #[must_use]
    pub const fn n_attempts(&self) -> usize {
        self.cursor.n_attempts()
    }

    /// Looks at every attempt that it has not looked at yet; `take` can stop it.
    pub fn go_on(&mut self, session: &Session, take: &mut Take<'_>) -> ControlFlow<()> {
        let Self { detector, recent, cursor } = self;
        session.walk(cursor, &mut |position, record| match (position, record) {
            (Position::Event(event_idx), record) => {
                recent.add(session, event_idx, record.ok());
                ControlFlow::Continue(())
            }
            (Position::Attempt(attempt_idx), Ok(Record::Attempt(attempt))) => {
                let found = detector.push_attempt(&attempt, |id| recent.find(session, id));
                take(attempt_idx, Some(&attempt), found)
            }
            // Nobody can tell what was in one that is lost.
            (Position::Attempt(attempt_idx), _) => take(attempt_idx, None, Vec::new()),
        })
    }
}

/// The events that came last; attempts mostly carry one of them. Others are read from the file again.
#[derive(Debug, Default)]
struct Recent {
    /// How many came in all.
    n_events: usize,
    /// The last of them, each with the byte at which its line begins. None is one that is lost.
    events: VecDeque<(u64, Option<Arc<EventRecord>>)>,
}

impl Recent {
    /// How much of the file they may be.
    const MAX_BYTES: u64 = 16 << 20;

    fn add(&mut self, session: &Session, event_idx: EventIdx, record: Option<Record>) {
        let byte = session.byte_of(Position::Event(event_idx)).unwrap_or(u64::MAX);
        let event = record.and_then(|record| match record {
            Record::Event(event) => Some(event),
            Record::Attempt(_) => None,
        });
        self.n_events = event_idx.index() + 1;
        self.events.push_back((byte, event));
        while self.events.len() > 1 && self.events.front().is_some_and(|(first, _)| byte - first > Self::MAX_BYTES) {
            self.events.pop_front();
        }
    }

    /// The event of that name, if it came already.
    fn find(&self, session: &Session, id: &EventId) -> Option<Arrived> {
        let event_idx = session.find_event(id).filter(|event_idx| event_idx.index() < self.n_events)?;
        let n_forgotten = self.n_events - self.events.len();
        let event = match event_idx.index().checked_sub(n_forgotten) {
            Some(nth) => self.events.get(nth)?.1.clone()?,
            None => session.read_event(event_idx).ok()?,
        };
        Some(Arrived { place: event_idx.index(), event })
    }
}
