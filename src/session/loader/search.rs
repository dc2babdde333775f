//! Searching all lines of a file: one thread at a time reads, all cores look at lines, and only lines that may hold what is
//! searched for are made records of.
use std::io::{self, Read};
use std::ops::ControlFlow;

use memchr::{memchr, memmem};

use super::blocks::{Block, Blocks, Content};
use super::load::LoadOptions;
use super::pump::pump;
use crate::core::names::EventId;
use crate::session::reader::ReadError;
use crate::session::wire::{Line, parse_line};
use crate::store::{LineSearch, Piece, Searched, Seen};

/// How the lines begin that this program writes.
const OUR_EVENT: &[u8] = b"{\"type\":\"event\",\"id\":\"";
const OUR_ATTEMPT: &[u8] = b"{\"type\":\"attempt\",\"id\":\"";
/// What they say in brief. Whoever writes that writes the rest as `serde_json` does.
const EVENT_IN_BRIEF: &[u8] = b",\"brief\":{\"name\":\"";
const ATTEMPT_IN_BRIEF: &[u8] = b",\"brief\":{\"decision\":\"";

/// What a line is, going by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An event, as this program writes it.
    OurEvent,
    /// An attempt, as this program writes it.
    OurAttempt,
    /// Anything else.
    Other,
}

impl Kind {
    pub(super) fn of(line: &[u8]) -> Self {
        let says = |brief| memmem::find(line, brief).is_some();
        if line.starts_with(OUR_ATTEMPT) && says(ATTEMPT_IN_BRIEF) {
            Self::OurAttempt
        } else if line.starts_with(OUR_EVENT) && says(EVENT_IN_BRIEF) {
            Self::OurEvent
        } else {
            Self::Other
        }
    }
}

/// Gives what is found in each piece of a stream, whose first byte is the `byte`-th of a file of `n_total_bytes`, until `take`
/// wants no more.
pub(super) fn search(
    stream: impl Read + Send,
    (byte, n_total_bytes): (u64, u64),
    max_line: usize,
    search: &dyn LineSearch,
    take: &mut dyn FnMut(Piece) -> ControlFlow<()>,
) -> Searched {
    let blocks = Blocks::new(stream, byte, max_line, None);
    let look = |block: &Block<'_>, _: Option<(u64, Seen)>| search_block(block, search);
    let ended = pump(blocks, LoadOptions::default().n_threads, look, |block: io::Result<(u64, Seen)>| {
        let (end, seen) = block.map_err(ReadError::Read)?;
        if take(Piece { end, n_total_bytes, seen }).is_break() { Err(ReadError::Stopped) } else { Ok(None) }
    });
    match ended {
        Ok(_) => Searched::Whole,
        Err(ReadError::Stopped) => Searched::Stopped,
        Err(_) => Searched::Failed,
    }
}

/// Where the whole lines of a block end, and what is in them. A line that is not whole is looked at, and will be again.
fn search_block(block: &Block<'_>, search: &dyn LineSearch) -> (u64, Seen) {
    let (mut seen, mut start, mut whole) = (Seen::default(), 0, 0);
    let Content::Lines(lines) = block.content else { return (block.byte, seen) };
    while start < lines.len() {
        let end = memchr(b'\n', &lines[start..]).map(|length| start + length);
        whole = end.map_or(whole, |end| end + 1);
        search_line(&lines[start..end.unwrap_or(lines.len())], block.byte + start as u64, search, &mut seen);
        start = end.map_or(lines.len(), |end| end + 1);
    }
    (block.byte + whole as u64, seen)
}

fn search_line(line: &[u8], byte: u64, search: &dyn LineSearch, seen: &mut Seen) {
    let kind = Kind::of(line);
    let is_named = kind == Kind::OurAttempt && search.wants_names() && name(line, byte, search, seen).is_some();
    let is_unwanted = match kind {
        Kind::OurEvent => !search.wants_event(line),
        Kind::OurAttempt => (is_named || !search.wants_names()) && !search.wants_attempt(line),
        Kind::Other => false,
    };
    if is_unwanted {
        return;
    }
    match parse_line(line) {
        Ok(Line::Event(event)) => search.event(byte, &event, seen),
        Ok(Line::Attempt(attempt)) => {
            if search.wants_names() && !is_named {
                let events: Vec<&str> = attempt.events.iter().map(EventId::as_str).collect();
                search.name(byte, attempt.delivery.as_str(), &events, seen);
            }
            search.attempt(byte, &attempt, seen);
        }
        Ok(Line::Header(_) | Line::Other(_)) | Err(_) => {}
    }
}

/// Names an attempt by the head of its line; none where that is unusual.
fn name(line: &[u8], byte: u64, search: &dyn LineSearch, seen: &mut Seen) -> Option<()> {
    let (_, rest) = text(line.strip_prefix(OUR_ATTEMPT)?)?;
    let (delivery, rest) = text(rest.strip_prefix(b",\"delivery\":\"")?)?;
    let mut rest = rest.strip_prefix(b",\"events\":[")?;
    let mut events = Vec::new();
    while let Some(next) = rest.strip_prefix(b"\"") {
        let (event, behind) = text(next)?;
        events.push(event);
        rest = behind.strip_prefix(b",").unwrap_or(behind);
    }
    rest.starts_with(b"],").then(|| search.name(byte, delivery, &events, seen))
}

/// A text without escapes up to its quote, and what is behind that.
fn text(line: &[u8]) -> Option<(&str, &[u8])> {
    let end = memchr(b'"', line)?;
    let text = line.get(..end).filter(|text| memchr(b'\\', text).is_none())?;
    Some((std::str::from_utf8(text).ok()?, line.get(end + 1..)?))
}
