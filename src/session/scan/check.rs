//! The rest of lines of which only the head was looked at: whether it is as it must be, and says the same.
use memchr::memchr;

use super::chunk::{ScannedChunk, ScannedLine};
use crate::core::names::EventId;
use crate::session::wire::{Line, LineError, parse_line};
use crate::store::brief::{AttemptBrief, ExchangeBrief};
use crate::store::label::event_name;

/// What is wrong with a line whose head is as it must be.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What is wrong with the line as a whole.
    Line(LineError),
    /// What stands in `brief` is not what the rest of it says.
    Brief,
}

/// Looks at the rest of lines, one by one.
#[derive(Debug, Default)]
pub(crate) struct LineCheck {
    brief: ScannedChunk,
    whole: ScannedChunk,
}

impl LineCheck {
    /// What is wrong with the line that begins at `start`, if only its head was looked at before; and where the next
    /// line begins.
    pub(crate) fn check(&mut self, piece: &[u8], start: usize) -> (usize, Option<Trouble>) {
        self.brief.clear();
        let Some(next) = self.brief.scan_needs(piece, start) else {
            let end = memchr(b'\n', &piece[start..]);
            return (end.map_or(piece.len(), |n_bytes| start + n_bytes + 1), None);
        };
        self.whole.clear();
        self.whole.scan_all(piece, start);
        let is_same = match self.whole.lines() {
            [ScannedLine::Other(range)] => match parse_line(text_of(&piece[range.clone()])) {
                Ok(line) => self.says(&line),
                Err(error) => return (next, Some(Trouble::Line(error))),
            },
            _ => self.says_the_same(),
        };
        (next, (!is_same).then_some(Trouble::Brief))
    }

    fn says_the_same(&self) -> bool {
        let (brief, whole) = (&self.brief, &self.whole);
        match (brief.lines(), whole.lines(), brief.attempts(), whole.attempts()) {
            (_, _, [in_brief], [in_whole]) => {
                brief.brief(in_brief) == whole.brief(in_whole) && brief.events(in_brief).eq(whole.events(in_whole))
            }
            (
                [ScannedLine::Event { id, event_name, .. }],
                [ScannedLine::Event { id: whole_id, event_name: whole_name, .. }],
                ..,
            ) => brief.text(*id) == whole.text(*whole_id) && brief.shared(*event_name) == whole.shared(*whole_name),
            _ => false,
        }
    }

    fn says(&self, line: &Line) -> bool {
        match (line, self.brief.lines(), self.brief.attempts()) {
            (Line::Attempt(attempt), _, [in_brief]) => {
                let exchanges = ExchangeBrief::all_of(attempt);
                self.brief.brief(in_brief) == AttemptBrief::of(attempt, &exchanges)
                    && self.brief.events(in_brief).eq(attempt.events.iter().map(EventId::as_str))
            }
            (Line::Event(event), [ScannedLine::Event { id, event_name: name, .. }], _) => {
                self.brief.text(*id) == event.id.as_str() && self.brief.shared(*name) == event_name(&event.payload)
            }
            _ => false,
        }
    }
}

fn text_of(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
