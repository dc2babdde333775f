//! A piece of a file that ends with a line: what was scanned of its lines, beside its text, which holds their names.
use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::attempt::attempt;
use super::event::event;
use super::json::{Kind, Span, Walker};
use crate::core::names::{Decision, DuplicateOutcome};
use crate::core::record::TokenUse;
use crate::core::time::Timestamp;
use crate::store::brief::{AttemptBrief, ExchangeBrief, Items};

/// A piece of a file whose lines were scanned.
#[derive(Debug, Default)]
pub(crate) struct ScannedChunk {
    text: String,
    lines: Vec<ScannedLine>,
    room: Room,
    /// What is no UTF-8 as a whole; its lines are for the slow road.
    bytes: Vec<u8>,
}

/// Events and exchanges of all attempts of a chunk.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) events: Vec<Span>,
    pub(super) exchanges: Vec<ExchangeBrief>,
}

/// A line of a chunk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ScannedLine {
    /// An event was seen.
    Event {
        /// Where the line begins in the chunk.
        byte: usize,
        /// Its name in the session.
        id: Span,
        /// What happened; empty for an event without a name.
        event_name: Span,
    },
    /// An attempt ended.
    Attempt {
        /// Where the line begins in the chunk.
        byte: usize,
        /// What was scanned.
        attempt: Box<ScannedAttempt>,
    },
    /// Anything else, or something unusual: for `wire::parse_line`. The bytes of the chunk, without the end of line.
    Other(Range<usize>),
}

/// An attempt whose texts stand in its chunk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScannedAttempt {
    pub(super) id: Span,
    pub(super) delivery: Span,
    pub(super) events: Range<usize>,
    pub(super) destination: Span,
    pub(super) action: Span,
    pub(super) number: u32,
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Timestamp,
    pub(super) decision: Decision,
    pub(super) rule: Span,
    pub(super) next_attempt_at: Option<Timestamp>,
    pub(super) token: Option<TokenUse>,
    pub(super) duplicate: Option<(DuplicateOutcome, Option<Span>)>,
    pub(super) error: Option<(Span, Option<u16>)>,
    pub(super) items: Option<Items>,
    pub(super) exchanges: Range<usize>,
}

impl ScannedChunk {
    /// Scans whole lines; only the last one may lack its end.
    pub(crate) fn scan(bytes: Vec<u8>) -> Self {
        let (text, bytes) = match String::from_utf8(bytes) {
            Ok(text) => (text, Vec::new()),
            Err(error) => (String::new(), error.into_bytes()),
        };
        let mut chunk = Self { text, bytes, ..Self::default() };
        let all = if chunk.text.is_empty() { &chunk.bytes } else { chunk.text.as_bytes() };
        let mut start = 0;
        for end in memchr_iter(b'\n', all).chain((!all.ends_with(b"\n") && !all.is_empty()).then_some(all.len())) {
            chunk.lines.push(scan_line(&chunk.text, start, end, &mut chunk.room));
            start = end + 1;
        }
        chunk
    }

    /// Its lines, every one of them, in order.
    pub(crate) fn lines(&self) -> &[ScannedLine] {
        &self.lines
    }

    /// What stands in its text.
    pub(crate) fn text(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// Bytes of it.
    pub(crate) fn bytes(&self, range: Range<usize>) -> &[u8] {
        let all = if self.text.is_empty() { &self.bytes } else { self.text.as_bytes() };
        all.get(range).unwrap_or_default()
    }

    /// The line that begins at a byte, without its end.
    pub(crate) fn line(&self, byte: usize) -> &[u8] {
        let rest = self.bytes(byte..self.text.len().max(self.bytes.len()));
        rest.get(..memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default()
    }

    /// Its first bytes, at most so many.
    pub(crate) fn head(&self, max_len: usize) -> &[u8] {
        self.bytes(0..max_len.min(self.text.len().max(self.bytes.len())))
    }

    /// The names of the events that an attempt carried.
    pub(crate) fn events(&self, attempt: &ScannedAttempt) -> impl Iterator<Item = &str> {
        self.room.events.get(attempt.events.clone()).unwrap_or_default().iter().map(|span| self.text(*span))
    }

    /// An attempt as the store takes it.
    pub(crate) fn brief(&self, attempt: &ScannedAttempt) -> AttemptBrief<'_> {
        AttemptBrief {
            id: self.text(attempt.id),
            delivery: self.text(attempt.delivery),
            first_event: self.events(attempt).next(),
            n_events: attempt.events.len(),
            destination: self.text(attempt.destination),
            action: self.text(attempt.action),
            number: attempt.number,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at,
            decision: attempt.decision,
            rule: self.text(attempt.rule),
            next_attempt_at: attempt.next_attempt_at,
            token: attempt.token,
            duplicate: attempt.duplicate.map(|(outcome, of)| (outcome, of.map(|of| self.text(of)))),
            error: attempt.error.map(|(class, status)| (self.text(class), status)),
            items: attempt.items,
            exchanges: self.room.exchanges.get(attempt.exchanges.clone()).unwrap_or_default(),
        }
    }
}

fn scan_line(text: &str, start: usize, end: usize, room: &mut Room) -> ScannedLine {
    let (n_events, n_exchanges) = (room.events.len(), room.exchanges.len());
    let scanned = Walker::new(text, start, end).and_then(|walker| known_line(walker, start, room));
    scanned.unwrap_or_else(|| {
        room.events.truncate(n_events);
        room.exchanges.truncate(n_exchanges);
        ScannedLine::Other(start..end)
    })
}

fn known_line(mut walker: Walker<'_>, byte: usize, room: &mut Room) -> Option<ScannedLine> {
    let line = match kind_of(&walker)? {
        b"attempt" => ScannedLine::Attempt { byte, attempt: Box::new(attempt(&mut walker, room)?) },
        b"event" => {
            let (id, event_name) = event(&mut walker)?;
            ScannedLine::Event { byte, id, event_name }
        }
        _ => return None,
    };
    walker.is_at_end().then_some(line)
}

/// What the line says it is, wherever it says so; our own lines say so first.
fn kind_of<'a>(walker: &Walker<'a>) -> Option<&'a [u8]> {
    if let Some(kind) = walker.kind_at_head() {
        return Some(kind);
    }
    let mut kind = None;
    walker.fork().object(|walker, key| {
        let value = walker.value()?;
        if key == b"type"
            && let Kind::Text(span) = value
        {
            kind = Some(walker.slice(span));
        }
        Some(())
    })?;
    kind
}
