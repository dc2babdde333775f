//! The whole records of a session, bodies included, wherever they are: in memory, or in the session's file.
use std::sync::Arc;

use super::Session;
use crate::core::record::{Attempt, EventRecord, Record};
use crate::store::archive::{Place, RecordSource};
use crate::store::ids::{AttemptIdx, EventIdx};
use crate::store::lost::Lost;
use crate::store::walk::Position;

impl Session {
    /// Whether its records stay in its file. Findings in them are [handed in](Self::add_findings) by whoever looks for them.
    #[must_use]
    pub fn is_in_file(&self) -> bool {
        self.source.is_some()
    }

    /// Every record, in the order in which they were pushed; or which one its file does not give any more.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, Lost>> {
        let mut n_written = 0;
        let event = |index| self.read_event(EventIdx::new(index)).map(Record::Event);
        let with_their_events = self.attempts.indices().flat_map(move |attempt_idx| {
            let n_before = self.attempts.n_events_before(attempt_idx).max(n_written);
            let events = (n_written..n_before).map(event);
            n_written = n_before;
            events.chain(std::iter::once_with(move || self.read_attempt(attempt_idx).map(Record::Attempt)))
        });
        let n_tail = self.attempts.indices().next_back().map_or(0, |last| self.attempts.n_events_before(last));
        with_their_events.chain((n_tail..self.n_events()).map(event))
    }

    /// The record of an event, from memory or from the file; one that the file does not give any more says so.
    #[must_use]
    pub fn event(&self, event_idx: EventIdx) -> Arc<EventRecord> {
        self.read_event(event_idx).unwrap_or_else(|lost| lost.event())
    }

    pub(in crate::store) fn read_event(&self, event_idx: EventIdx) -> Result<Arc<EventRecord>, Lost> {
        read(self.events.get(event_idx.index()), |byte| self.source.as_ref().map(|source| source.event(byte)))
    }

    /// The record of an attempt, bodies included, from memory or from the file; one that the file does not give any more
    /// says so in its reason.
    #[must_use]
    pub fn details(&self, attempt_idx: AttemptIdx) -> Arc<Attempt> {
        self.read_attempt(attempt_idx).unwrap_or_else(|lost| lost.attempt(self, attempt_idx))
    }

    pub(in crate::store) fn read_attempt(&self, attempt_idx: AttemptIdx) -> Result<Arc<Attempt>, Lost> {
        read(self.records.get(attempt_idx.index()), |byte| self.source.as_ref().map(|source| source.attempt(byte)))
    }

    /// The file of its records, if they are in one.
    pub(in crate::store) fn source(&self) -> Option<&dyn RecordSource> {
        self.source.as_deref()
    }

    /// Where the line of a record begins in the session's file, if it is there.
    pub(in crate::store) fn byte_of(&self, position: Position) -> Option<u64> {
        match position {
            Position::Event(event_idx) => self.events.get(event_idx.index())?.byte(),
            Position::Attempt(attempt_idx) => self.records.get(attempt_idx.index())?.byte(),
        }
    }

    /// The line of an attempt as it stands in the session's file; none if the attempt is in memory or lost, or if another
    /// program wrote it.
    pub(in crate::store) fn line(&self, attempt_idx: AttemptIdx) -> Option<Vec<u8>> {
        match self.records.get(attempt_idx.index()) {
            Some(Place::InFile(byte)) => self.source.as_ref()?.line(byte),
            _ => None,
        }
    }

    /// Where the line of an attempt begins in the session's file, if it is there.
    pub(in crate::store) fn byte_of_attempt(&self, attempt_idx: AttemptIdx) -> Option<u64> {
        self.byte_of(Position::Attempt(attempt_idx))
    }

    /// The attempt whose line begins there in the session's file.
    pub(in crate::store) fn attempt_at(&self, byte: u64) -> Option<AttemptIdx> {
        self.records.find(byte).map(AttemptIdx::new)
    }

    /// The event whose line begins there in the session's file.
    pub(in crate::store) fn event_at(&self, byte: u64) -> Option<EventIdx> {
        self.events.find(byte).map(EventIdx::new)
    }

    /// How many attempts stand in the session's file; all others are in memory.
    pub(in crate::store) fn n_attempts_in_file(&self) -> usize {
        self.records.n_in_file()
    }

    /// How many attempts stand before that byte of the session's file.
    pub(in crate::store) fn n_attempts_before(&self, byte: u64) -> usize {
        self.records.n_before(byte)
    }

    /// How many events stand before that byte of the session's file.
    pub(in crate::store) fn n_events_before(&self, byte: u64) -> usize {
        self.events.n_before(byte)
    }

    /// Where the line of the last record begins that stands in the session's file.
    pub(in crate::store) fn last_byte_in_file(&self) -> u64 {
        let last_event = self.events.n_in_file().checked_sub(1).and_then(|last| self.events.get(last)?.byte());
        let last_attempt = self.records.n_in_file().checked_sub(1).and_then(|last| self.records.get(last)?.byte());
        last_event.max(last_attempt).unwrap_or(0)
    }
}

/// A whole record, from memory or from its line in the file.
fn read<T>(
    place: Option<Place<T>>,
    from_file: impl FnOnce(u64) -> Option<Result<Arc<T>, String>>,
) -> Result<Arc<T>, Lost> {
    match place {
        Some(Place::Held(record)) => Ok(record),
        Some(Place::InFile(byte)) => {
            from_file(byte).unwrap_or_else(|| Err("it is in no file".to_owned())).map_err(Lost)
        }
        None => Err(Lost("it is in no file".to_owned())),
    }
}
