//! The whole records of a session, bodies included, wherever they are: in memory, or in the session's file.
use std::ops::ControlFlow;
use std::sync::Arc;

use super::Session;
use crate::core::record::{Attempt, EventRecord, Record};
use crate::store::archive::{LineSearch, Place, RecordSource, Searched};
use crate::store::ids::{AttemptIdx, EventIdx};
use crate::store::lost::Lost;
use crate::store::walk::Position;

/// What a search through the file of a session has found.
#[derive(Clone, Debug)]
pub(in crate::store) struct FoundInFile {
    /// In order.
    attempts: Vec<AttemptIdx>,
    n_in_file: usize,
}

impl FoundInFile {
    /// Whether an attempt was found; none where it is not in the file.
    pub(in crate::store) fn has(&self, attempt_idx: AttemptIdx) -> Option<bool> {
        (attempt_idx.index() < self.n_in_file).then(|| self.attempts.binary_search(&attempt_idx).is_ok())
    }
}

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

    /// The line of an attempt as it stands in the session's file; none if the attempt is in memory, or lost.
    pub(in crate::store) fn line(&self, attempt_idx: AttemptIdx) -> Option<Vec<u8>> {
        match self.records.get(attempt_idx.index()) {
            Some(Place::InFile(byte)) => self.source.as_ref()?.line(byte),
            _ => None,
        }
    }

    /// The attempts in the session's file that are searched for, in order, all of the file being read through; none if it
    /// cannot be. `watch` can stop it.
    pub(in crate::store) fn search_file(
        &self,
        search: &dyn LineSearch,
        watch: &mut dyn FnMut(f32) -> ControlFlow<()>,
    ) -> ControlFlow<(), Option<FoundInFile>> {
        let Some(source) = &self.source else { return ControlFlow::Continue(None) };
        match source.search(search, watch) {
            Searched::Stopped => ControlFlow::Break(()),
            Searched::Failed => ControlFlow::Continue(None),
            Searched::Found(bytes) => {
                let attempts = bytes.into_iter().filter_map(|byte| self.records.find(byte)).map(AttemptIdx::new);
                let n_in_file = self.records.n_in_file();
                ControlFlow::Continue(Some(FoundInFile { attempts: attempts.collect(), n_in_file }))
            }
        }
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
