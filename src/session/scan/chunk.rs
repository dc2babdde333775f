//! A piece of a file that ends with a line: what was scanned of its lines, and the texts that this needs, copied
//! together so that the piece itself can be let go.
use std::ops::Range;

use memchr::memchr;

use super::brief::{Common, attempt_in_brief, event_in_brief};
use super::instant::Calendar;
use super::json::{Span, Walker};
use super::memo::{SharedText, SharedTexts};
use super::record::{Scanned, record};
use crate::core::names::{Decision, DuplicateOutcome};
use crate::core::record::TokenUse;
use crate::core::time::Timestamp;
use crate::store::brief::{AttemptBrief, ExchangeBrief, Items};

/// So many shared texts outlast a chunk; a file that has more does not share them.
const MAX_SHARED: usize = 1024;

/// A piece of a file whose lines were scanned.
#[derive(Debug, Default)]
pub(crate) struct ScannedChunk {
    texts: String,
    lines: Vec<ScannedLine>,
    attempts: Vec<ScannedAttempt>,
    room: Room,
    common: Common,
}

/// Events and exchanges of all attempts of a chunk, and what outlasts it.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) events: Vec<Span>,
    pub(super) exchanges: Vec<ExchangeBrief>,
    pub(super) texts: SharedTexts,
    pub(super) calendar: Calendar,
}

/// How much of a line was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    /// What a timeline needs, and that the line comes to an end.
    Partly,
    /// Every byte.
    Wholly,
}

/// A line of a chunk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ScannedLine {
    /// An event was seen.
    Event {
        /// Where the line begins in the piece.
        byte: usize,
        looked: Looked,
        /// Its name in the session.
        id: Span,
        /// What happened; empty for an event without a name.
        event_name: SharedText,
    },
    /// An attempt ended; what was scanned is the next of the attempts.
    Attempt {
        /// Where the line begins in the piece.
        byte: usize,
        looked: Looked,
    },
    /// Anything else, or something unusual: for `wire::parse_line`. The bytes of the piece, without the end of line.
    Other(Range<usize>),
}

/// An attempt whose texts stand in its chunk.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScannedAttempt {
    pub(super) id: Span,
    pub(super) delivery: Span,
    pub(super) events: Range<usize>,
    pub(super) destination: SharedText,
    pub(super) action: SharedText,
    pub(super) number: u32,
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Timestamp,
    pub(super) decision: Decision,
    pub(super) rule: SharedText,
    pub(super) next_attempt_at: Option<Timestamp>,
    pub(super) token: Option<TokenUse>,
    pub(super) duplicate: Option<(DuplicateOutcome, Option<Span>)>,
    pub(super) error: Option<(SharedText, Option<u16>)>,
    pub(super) items: Option<Items>,
    pub(super) exchanges: Range<usize>,
}

impl ScannedAttempt {
    /// Destination, action and rule.
    pub(crate) const fn shared_texts(&self) -> [SharedText; 3] {
        [self.destination, self.action, self.rule]
    }

    /// Says where its texts are now.
    fn move_texts(&mut self, room: &mut Room, mut place: impl FnMut(Span) -> Option<Span>) -> Option<()> {
        for span in [&mut self.id, &mut self.delivery] {
            *span = place(*span)?;
        }
        for span in room.events.get_mut(self.events.clone())? {
            *span = place(*span)?;
        }
        if let Some((_, Some(of))) = &mut self.duplicate {
            *of = place(*of)?;
        }
        Some(())
    }
}

impl ScannedChunk {
    /// Scans whole lines; only the last one may lack its end. What was scanned before is forgotten.
    pub(crate) fn scan_again(&mut self, piece: &[u8]) {
        self.clear();
        let mut start = 0;
        while start < piece.len() {
            start = self.scan_needs(piece, start).unwrap_or_else(|| self.scan_all(piece, start));
        }
    }

    /// Takes what a timeline needs of a line and passes over the rest; gives where the next line begins.
    pub(super) fn scan_needs(&mut self, piece: &[u8], start: usize) -> Option<usize> {
        self.scan_in_brief(piece, start).or_else(|| {
            let end = line_end(piece, start);
            self.undoing(|chunk| chunk.scan_known(piece, start..end, Looked::Partly)).map(|()| end + 1)
        })
    }

    /// Takes what a line says in brief, which must be in the form that this program writes; gives where the next line
    /// begins.
    pub(super) fn scan_in_brief(&mut self, piece: &[u8], start: usize) -> Option<usize> {
        self.undoing(|chunk| {
            let mut walker = Walker::new(piece, start, piece.len())?;
            let looked = Looked::Partly;
            if walker.literal(b"{\"type\":\"attempt\"").is_some() {
                let mut attempt = attempt_in_brief(&mut walker, &mut chunk.room, &mut chunk.common)?;
                chunk.keep_texts(&mut attempt, &walker)?;
                let next = closed_line_end(piece, walker.at())?;
                chunk.attempts.push(attempt);
                chunk.lines.push(ScannedLine::Attempt { byte: start, looked });
                return Some(next);
            }
            walker.literal(b"{\"type\":\"event\"")?;
            let (id, event_name) = event_in_brief(&mut walker, &mut chunk.room, &mut chunk.common)?;
            let id = copied(&mut chunk.texts, &walker, id)?;
            let next = closed_line_end(piece, walker.at())?;
            chunk.lines.push(ScannedLine::Event { byte: start, looked, id, event_name });
            Some(next)
        })
    }

    /// Goes over all of a line; gives where the next one begins.
    pub(super) fn scan_all(&mut self, piece: &[u8], start: usize) -> usize {
        let end = line_end(piece, start);
        if self.undoing(|chunk| chunk.scan_known(piece, start..end, Looked::Wholly)).is_none() {
            self.lines.push(ScannedLine::Other(start..end));
        }
        end + 1
    }

    fn scan_known(&mut self, piece: &[u8], line: Range<usize>, looked: Looked) -> Option<()> {
        let byte = line.start;
        let walker = Walker::new(piece, byte, line.end)?;
        let mut walker = match looked {
            Looked::Partly => walker.skimming(),
            // Whatever is copied is looked at then, and everything else now.
            Looked::Wholly => std::str::from_utf8(piece.get(line)?).ok().map(|_| walker)?,
        };
        let line = match record(&mut walker, &mut self.room)? {
            Scanned::Attempt(mut attempt) => {
                let texts = &mut self.texts;
                attempt.move_texts(&mut self.room, |span| copied(texts, &walker, span))?;
                self.attempts.push(attempt);
                ScannedLine::Attempt { byte, looked }
            }
            Scanned::Event { id, name } => {
                let id = copied(&mut self.texts, &walker, id)?;
                let event_name = self.room.texts.share(walker.slice(name))?;
                ScannedLine::Event { byte, looked, id, event_name }
            }
        };
        if !walker.is_at_end() {
            return None;
        }
        self.lines.push(line);
        Some(())
    }

    /// Copies the texts of an attempt; its names stand close together at the head of its line, and so they do here.
    fn keep_texts(&mut self, attempt: &mut ScannedAttempt, walker: &Walker<'_>) -> Option<()> {
        let (texts, room) = (&mut self.texts, &mut self.room);
        let last = room.events.get(attempt.events.clone())?.last().copied().unwrap_or(attempt.delivery);
        let names = attempt.id.to(last);
        let kept = copied(texts, walker, names)?;
        attempt.move_texts(room, |span| span.moved(names, kept).or_else(|| copied(texts, walker, span)))
    }

    /// Leaves no trace of what comes to nothing.
    fn undoing<T>(&mut self, scan: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let (n_text_bytes, n_attempts) = (self.texts.len(), self.attempts.len());
        let (n_events, n_exchanges) = (self.room.events.len(), self.room.exchanges.len());
        let scanned = scan(self);
        if scanned.is_none() {
            self.texts.truncate(n_text_bytes);
            self.attempts.truncate(n_attempts);
            self.room.events.truncate(n_events);
            self.room.exchanges.truncate(n_exchanges);
        }
        scanned
    }

    pub(super) fn clear(&mut self) {
        self.texts.clear();
        self.lines.clear();
        self.attempts.clear();
        self.room.events.clear();
        self.room.exchanges.clear();
        if self.room.texts.len() > MAX_SHARED {
            (self.room.texts, self.common) = Default::default();
        }
    }

    /// Its lines, every one of them, in order.
    pub(crate) fn lines(&self) -> &[ScannedLine] {
        &self.lines
    }

    /// Its attempts, in the order of their lines.
    pub(crate) fn attempts(&self) -> &[ScannedAttempt] {
        &self.attempts
    }

    /// What stands in its texts.
    pub(crate) fn text(&self, span: Span) -> &str {
        span.of(&self.texts)
    }

    /// What a shared text says.
    pub(crate) fn shared(&self, text: SharedText) -> &str {
        self.room.texts.text(text)
    }

    /// How many shared texts there are.
    pub(crate) fn n_shared(&self) -> usize {
        self.room.texts.len()
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
            destination: self.shared(attempt.destination),
            action: self.shared(attempt.action),
            number: attempt.number,
            started_at: attempt.started_at,
            ended_at: attempt.ended_at,
            decision: attempt.decision,
            rule: self.shared(attempt.rule),
            next_attempt_at: attempt.next_attempt_at,
            token: attempt.token,
            duplicate: attempt.duplicate.map(|(outcome, of)| (outcome, of.map(|of| self.text(of)))),
            error: attempt.error.map(|(class, status)| (self.shared(class), status)),
            items: attempt.items,
            exchanges: self.room.exchanges.get(attempt.exchanges.clone()).unwrap_or_default(),
        }
    }
}

/// Where a line ends, its end of line not included.
fn line_end(piece: &[u8], start: usize) -> usize {
    memchr(b'\n', &piece[start..]).map_or(piece.len(), |n_bytes| start + n_bytes)
}

/// Where the line behind this one begins, if this one ends as an object does.
fn closed_line_end(piece: &[u8], from: usize) -> Option<usize> {
    let end = from + memchr(b'\n', piece.get(from..)?)?;
    let line = &piece[from..end];
    line.strip_suffix(b"\r").unwrap_or(line).ends_with(b"}").then_some(end + 1)
}

fn copied(texts: &mut String, walker: &Walker<'_>, span: Span) -> Option<Span> {
    let start = texts.len();
    texts.push_str(std::str::from_utf8(walker.slice(span)).ok()?);
    Span::new(start, texts.len())
}
