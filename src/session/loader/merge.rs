//! Parsed blocks become a session, in the order of the file.
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::check::Checked;
use super::parsed::{OtherLine, ParsedBlock};
use super::source::SessionFile;
use crate::core::names::EventId;
use crate::core::record::{Attempt, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::problem::{Problem, Problems};
use crate::session::reader::{KeptLine, Limits, ReadError};
use crate::session::scan::{Looked, ScannedChunk, ScannedLine, SharedText};
use crate::session::sniff::{Seems, begins_like_a_session};
use crate::session::wire::{Line, LineError};
use crate::store::label::event_name;
use crate::store::{AttemptBrief, AttemptNames, ExchangeBrief, NameId, Place, Session};

/// How many lines that this version cannot use are kept for writing them again.
const MAX_KEPT: usize = 10_000;

/// A session while its blocks come in.
#[derive(Debug)]
pub(super) struct Merge {
    pub(super) session: Session,
    pub(super) problems: Problems,
    pub(super) kept: Vec<KeptLine>,
    pub(super) n_exchanges: u64,
    /// Lines of which only the head was looked at.
    pub(super) n_skimmed: u64,
    /// What is merged, to be read again.
    pub(super) source: Arc<SessionFile>,
    /// The session's names for the shared texts of the block that is being merged, as far as they were asked for.
    names: Vec<Option<NameId>>,
    /// Lines before the next block.
    n_lines: u64,
    has_header: bool,
    /// Whether a line was there that only a session has.
    is_session: bool,
    /// Whether a problem explains that there is no header.
    header_is_explained: bool,
    head: Vec<u8>,
    limits: Limits,
    /// The last line, if it was cut off: it may be whole when the file has grown.
    pub(super) torn: Option<u64>,
}

impl Merge {
    pub(super) fn new(session: Session, source: Arc<SessionFile>, limits: Limits) -> Self {
        Self {
            session,
            problems: Problems::default(),
            kept: Vec::new(),
            n_exchanges: 0,
            n_skimmed: 0,
            source,
            names: Vec::new(),
            n_lines: 0,
            has_header: false,
            is_session: false,
            header_is_explained: false,
            head: Vec::new(),
            limits,
            torn: None,
        }
    }

    /// Takes in the next block.
    pub(super) fn add(&mut self, block: &mut ParsedBlock) -> Result<(), ReadError> {
        if block.is_too_long {
            self.n_lines += 1;
            return self.add_too_long(block.byte);
        }
        self.head.extend_from_slice(&block.head);
        let ParsedBlock { byte: block_byte, chunk, others, is_closed, .. } = block;
        self.names.clear();
        self.names.resize(chunk.n_shared(), None);
        let (mut others, mut attempts) = (others.drain(..), chunk.attempts().iter());
        let n_lines = chunk.lines().len();
        for (line_idx, line) in chunk.lines().iter().enumerate() {
            self.n_lines += 1;
            let number = self.n_lines;
            let place = |within: usize| (number, *block_byte + within as u64);
            match line {
                ScannedLine::Event { byte, looked, id, event_name } => {
                    self.n_skimmed += u64::from(*looked == Looked::Partly);
                    let name = self.name_of(chunk, *event_name);
                    self.add_event(chunk.text(*id), name, place(*byte));
                }
                ScannedLine::Attempt { byte, looked } => {
                    let Some(attempt) = attempts.next() else { continue };
                    self.n_skimmed += u64::from(*looked == Looked::Partly);
                    let [destination, action, rule] = attempt.shared_texts().map(|text| self.name_of(chunk, text));
                    let names = AttemptNames { destination, action, rule };
                    self.add_attempt(&chunk.brief(attempt), names, chunk.events(attempt), place(*byte));
                }
                ScannedLine::Other(range) => match others.next() {
                    Some(OtherLine::Parsed(n_before, line)) => self.add_other(*line, place(range.start + n_before)),
                    Some(OtherLine::Broken(n_before, broken)) => {
                        let is_closed = *is_closed || line_idx + 1 < n_lines;
                        self.add_broken(&broken.0, is_closed, place(range.start + n_before), &broken.1);
                    }
                    Some(OtherLine::Blank) | None => {}
                },
            }
        }
        Ok(())
    }

    /// Up to where lines are whole, of those that were merged up to a byte.
    pub(super) fn whole_lines(&self, end: u64) -> Checked {
        let n_torn = u64::from(self.torn.is_some());
        Checked { byte: self.torn.unwrap_or(end), n_lines: self.n_lines.saturating_sub(n_torn) }
    }

    /// Forgets the last line, which was cut off; it will be read again.
    pub(super) fn take_torn(&mut self) -> Option<u64> {
        let byte = self.torn.take()?;
        self.problems.forget(self.n_lines);
        self.n_lines = self.n_lines.saturating_sub(1);
        Some(byte)
    }

    /// What the stream could not give any more.
    pub(super) fn add_end(&mut self, error: &std::io::Error, byte: u64) {
        let what = format!("is where the file stops being readable: {error}; what follows is lost");
        self.problems.add(self.n_lines + 1, byte, what);
    }

    /// Whether anything was read.
    pub(super) fn is_empty(&self) -> bool {
        self.head.is_empty()
    }

    /// Whether what was read until now can be a session.
    pub(super) fn check(&mut self) -> Result<(), ReadError> {
        let is_empty = self.head.trim_ascii().is_empty();
        if !self.is_session && !is_empty {
            return Err(ReadError::NotASession(Seems::from_head(&self.head)));
        }
        if !self.has_header {
            if is_empty {
                self.problems.add(1, 0, "is missing: the file is empty");
            } else if !self.header_is_explained {
                self.problems.add(1, 0, "is no session header; what it would say is not known");
            }
            self.has_header = true;
            self.session.set_header(self.made_up_header());
        }
        Ok(())
    }

    pub(super) fn listed(&self) -> Vec<Problem> {
        self.problems.list()
    }

    fn add_too_long(&mut self, byte: u64) -> Result<(), ReadError> {
        if self.n_lines == 1 {
            return Err(ReadError::NotASession(Seems::from_head(&self.head)));
        }
        let what = format!("is longer than {} bytes; it was skipped", self.limits.line_bytes);
        self.problems.add(self.n_lines, byte, what);
        Ok(())
    }

    fn add_other(&mut self, line: Line, place: (u64, u64)) {
        match line {
            Line::Header(header) => self.add_header(*header, place),
            Line::Event(event) => {
                let name = self.session.intern(event_name(&event.payload));
                self.add_event(event.id.as_str(), name, place);
            }
            Line::Attempt(attempt) => self.add_whole_attempt(&attempt, place),
            Line::Other(json) => self.keep(Value::Object(json)),
        }
    }

    fn add_header(&mut self, header: SessionHeader, (line, byte): (u64, u64)) {
        self.is_session = true;
        if self.has_header {
            self.problems.add(line, byte, "is a second session header; the first one counts");
            return;
        }
        if self.n_records() > 0 {
            self.problems.add(line, byte, "is the session header, which should be the first line");
        }
        self.has_header = true;
        self.session.set_header(header);
    }

    fn add_event(&mut self, id: &str, name: NameId, (line, byte): (u64, u64)) {
        self.is_session = true;
        if !self.session.push_new_event(id, name, Place::InFile(byte)) {
            self.add_used_before("event", id, (line, byte));
        }
    }

    fn add_whole_attempt(&mut self, attempt: &Attempt, place: (u64, u64)) {
        let exchanges = ExchangeBrief::all_of(attempt);
        let events = attempt.events.iter().map(EventId::as_str);
        let brief = AttemptBrief::of(attempt, &exchanges);
        let names = self.session.names_of(&brief);
        self.add_attempt(&brief, names, events, place);
    }

    /// A shared text of a chunk; it becomes the session's when a line asks for it, in the order of the file.
    fn name_of(&mut self, chunk: &ScannedChunk, text: SharedText) -> NameId {
        let known = self.names.get_mut(text.index());
        match known {
            Some(Some(name)) => *name,
            unknown => {
                let name = self.session.intern(chunk.shared(text));
                unknown.map_or(name, |unknown| *unknown.insert(name))
            }
        }
    }

    fn add_attempt<'a>(
        &mut self,
        attempt: &AttemptBrief<'_>,
        names: AttemptNames,
        events: impl Iterator<Item = &'a str>,
        (line, byte): (u64, u64),
    ) {
        self.is_session = true;
        if !self.session.push_new_attempt(attempt, names, Place::InFile(byte)) {
            return self.add_used_before("attempt", attempt.id, (line, byte));
        }
        let mut unknown = events.filter(|id| !self.session.has_event(id));
        if let Some(first) = unknown.next() {
            let others: HashSet<&str> = unknown.filter(|id| *id != first).collect();
            let others = if others.is_empty() { String::new() } else { format!(" and {} more", others.len()) };
            let what = format!("is attempt \"{}\" of event \"{first}\"{others}, which no line above has", attempt.id);
            self.problems.add(line, byte, what);
        }
        self.n_exchanges += attempt.exchanges.len() as u64;
    }

    fn add_used_before(&mut self, kind: &str, id: &str, (line, byte): (u64, u64)) {
        let what = format!("is {kind} \"{id}\", a name that a line above has used; it was left out");
        self.problems.add(line, byte, what);
        if let Ok(text) = self.source.text(byte) {
            self.keep_text(&text);
        }
    }

    fn add_broken(&mut self, error: &LineError, is_closed: bool, (line, mut byte): (u64, u64), text: &[u8]) {
        match error {
            LineError::Json(_) if !is_closed => {
                self.is_session |= line == 1 && begins_like_a_session(text);
                self.header_is_explained |= !self.has_header && self.n_records() == 0;
                self.problems.add(line, byte, "is cut off; the record in it is lost");
                self.torn = Some(byte);
                return;
            }
            LineError::Json(error) => byte += error.column().saturating_sub(1) as u64,
            LineError::NoRecord(_) => {}
            LineError::Field { .. } => self.is_session = true,
        }
        self.keep_text(text);
        self.problems.add(line, byte, error.to_string());
    }

    fn keep_text(&mut self, text: &[u8]) {
        if let Ok(json) = serde_json::from_slice(text) {
            self.keep(json);
        }
    }

    fn keep(&mut self, json: Value) {
        if self.kept.len() < MAX_KEPT {
            self.kept.push(KeptLine { before_record: self.n_records(), json });
        }
    }

    fn n_records(&self) -> usize {
        self.session.n_events() + self.session.attempts().len()
    }

    /// A header for a file that has none: it claims nothing that the records do not say.
    fn made_up_header(&self) -> SessionHeader {
        let start = self.session.activity().range().map_or(Timestamp::EPOCH, |range| range.start);
        SessionHeader {
            created_by: String::new(),
            rules: String::new(),
            ..SessionHeader::new("recovered", "Recovered session", start, "imported")
        }
    }
}
