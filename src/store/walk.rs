//! Going over every record of a session, whole and in order, wherever they are. Those in a file are read by its own reader,
//! from one end to the other and on all cores, never many at once.
use std::ops::ControlFlow;

use super::ids::{AttemptIdx, EventIdx};
use super::lost::Lost;
use super::session::Session;
use crate::core::record::Record;

/// How far a walk has come. It can go on when the session has grown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    n_events: usize,
    n_attempts: usize,
}

/// Which record of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// One of its events.
    Event(EventIdx),
    /// One of its attempts.
    Attempt(AttemptIdx),
}

impl Cursor {
    /// How many attempts were passed.
    #[must_use]
    pub const fn n_attempts(self) -> usize {
        self.n_attempts
    }

    /// How many records were passed.
    #[must_use]
    pub const fn n_records(self) -> usize {
        self.n_events + self.n_attempts
    }

    /// The record that comes next: an attempt as soon as every event that was known before it has been passed.
    pub(super) fn next(self, session: &Session) -> Option<Position> {
        let attempt_idx = AttemptIdx::new(self.n_attempts);
        let has_attempt = self.n_attempts < session.attempts().len();
        if has_attempt && session.attempts().n_events_before(attempt_idx) <= self.n_events {
            return Some(Position::Attempt(attempt_idx));
        }
        (self.n_events < session.n_events()).then(|| Position::Event(EventIdx::new(self.n_events)))
    }

    fn pass(&mut self, position: Position) {
        match position {
            Position::Event(_) => self.n_events += 1,
            Position::Attempt(_) => self.n_attempts += 1,
        }
    }
}

impl Session {
    /// Gives every record from the cursor on, in the order in which they were pushed, or which one its file does not give
    /// any more. Ends early where `visit` says so; the cursor stands behind the last record that it was given.
    pub fn walk(
        &self,
        cursor: &mut Cursor,
        visit: &mut dyn FnMut(Position, Result<Record, Lost>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.walk_file(cursor, visit)?;
        // What is in memory; and one by one what the file did not give.
        while let Some(position) = cursor.next(self) {
            cursor.pass(position);
            visit(position, self.read(position))?;
        }
        ControlFlow::Continue(())
    }

    /// The same from the first record to the last, for work that can fail: its first error ends it.
    ///
    /// # Errors
    /// Those of `visit`.
    pub fn try_walk<E>(&self, visit: &mut dyn FnMut(Position, Result<Record, Lost>) -> Result<(), E>) -> Result<(), E> {
        let mut outcome = Ok(());
        // Whether it came to its end is in the outcome.
        _ = self.walk(&mut Cursor::default(), &mut |position, record| {
            outcome = visit(position, record);
            if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        outcome
    }

    fn walk_file(
        &self,
        cursor: &mut Cursor,
        visit: &mut dyn FnMut(Position, Result<Record, Lost>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let in_file = |cursor: Cursor| {
            let position = cursor.next(self)?;
            Some((position, self.byte_of(position)?))
        };
        let (Some(source), Some((_, from))) = (self.source(), in_file(*cursor)) else {
            return ControlFlow::Continue(());
        };
        let mut flow = ControlFlow::Continue(());
        source.records(from, &mut |byte, record| {
            let mut record = Some(record);
            // Lines that the session has and that are no records any more come first; it never had those beyond.
            while let Some((position, expected)) = in_file(*cursor)
                && expected <= byte
            {
                cursor.pass(position);
                let found = record.take_if(|record| expected == byte && position.is_of(record));
                flow = visit(position, found.map_or_else(|| self.read(position), Ok));
                if flow.is_break() {
                    return flow;
                }
            }
            if in_file(*cursor).is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        flow
    }

    fn read(&self, position: Position) -> Result<Record, Lost> {
        match position {
            Position::Event(event_idx) => self.read_event(event_idx).map(Record::Event),
            Position::Attempt(attempt_idx) => self.read_attempt(attempt_idx).map(Record::Attempt),
        }
    }
}

impl Position {
    const fn is_of(self, record: &Record) -> bool {
        matches!((self, record), (Self::Event(_), Record::Event(_)) | (Self::Attempt(_), Record::Attempt(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    #[test]
    fn a_walk_can_end_anywhere_and_go_on_where_it_stood() {
        let session = demo::session();
        let wanted: Vec<Record> = session.records().map(Result::unwrap).collect();
        for n_at_once in 1..wanted.len() {
            let (mut cursor, mut walked) = (Cursor::default(), Vec::new());
            while walked.len() < wanted.len() {
                let until = walked.len() + n_at_once;
                let flow = session.walk(&mut cursor, &mut |_, record| {
                    walked.push(record.unwrap());
                    if walked.len() == until { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                });
                assert_eq!(cursor.n_records(), walked.len());
                assert!(flow.is_break() || walked.len() == wanted.len());
            }
            assert_eq!(walked, wanted);
        }
    }
}
