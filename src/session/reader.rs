//! Reads a session file, whatever happened to it: what can be read opens, what cannot is listed.
use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;

use super::input::{self, Counted};
use super::lines::{Content, Lines, RawLine};
use super::problem::{Problem, Problems};
use super::sniff::{Seems, begins_like_a_session};
use super::wire::{Line, LineError, parse_line};
use crate::core::names::{AttemptId, EventId};
use crate::core::record::{Attempt, EventRecord, Record, SessionHeader};
use crate::core::time::Timestamp;

/// A session as it stood in its file.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadedSession {
    /// The first line, or one made up where there was none.
    pub header: SessionHeader,
    /// Events and attempts in the order of the file.
    pub records: Vec<Record>,
    /// Lines that are none of these, for writing them again.
    pub kept: Vec<KeptLine>,
}

/// A line of JSON that this version cannot use: a record of a type that it does not know, or one with a wrong field.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptLine {
    /// It stood ahead of the record of this index; the number of records for a line at the end.
    pub before_record: usize,
    /// What it says.
    pub json: Value,
}

/// Why a file does not open at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system gives no bytes.
    #[error("failed to open {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The bytes stop coming before anything was read.
    #[error("failed to read a session: {0}")]
    Read(#[source] io::Error),
    /// It holds something else.
    #[error("failed to read a session: the file is none; it {0}")]
    NotASession(Seems),
    /// Whoever watched said so.
    #[error("reading was stopped")]
    Stopped,
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes taken from the file, packed where it is packed.
    pub n_bytes: u64,
    /// Records that came of them.
    pub n_records: usize,
}

/// How much of a hostile file is borne.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest line in bytes; a longer one is skipped.
    pub line_bytes: usize,
    /// What a packed file may unpack to, in bytes.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line_bytes: 64 << 20, unpacked_bytes: 16 << 30 }
    }
}

/// Reads a file.
///
/// # Errors
/// If it cannot be opened or is no session; whatever else is wrong with it is in the list of problems.
pub fn read_file(path: &Path) -> Result<(LoadedSession, Vec<Problem>), ReadError> {
    let file = input::open(path).map_err(|source| ReadError::Open { path: path.to_owned(), source })?;
    read(file, Limits::default(), &mut |_| ControlFlow::Continue(()))
}

/// Reads bytes.
///
/// # Errors
/// If they are no session.
pub fn read_bytes(bytes: &[u8]) -> Result<(LoadedSession, Vec<Problem>), ReadError> {
    let limits = Limits::default();
    let unpacked = input::unpacked_from(bytes, limits.unpacked_bytes).map_err(ReadError::Read)?;
    let progress = |n_records| Progress { n_bytes: 0, n_records };
    read_lines(Lines::new(unpacked, limits.line_bytes), limits, &progress, &mut |_| ControlFlow::Continue(()))
}

/// Reads a stream and tells `watch` now and then how far it is; `watch` can stop it.
///
/// # Errors
/// If nothing can be read, if it is no session, or if `watch` stopped it.
pub fn read(
    input: impl Read + Send,
    limits: Limits,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(LoadedSession, Vec<Problem>), ReadError> {
    let n_bytes = Arc::new(AtomicU64::new(0));
    let counted = Counted { input, n_bytes: Arc::clone(&n_bytes) };
    let unpacked = input::unpacked(counted, limits.unpacked_bytes).map_err(ReadError::Read)?;
    let progress = |n_records| Progress { n_bytes: n_bytes.load(Ordering::Relaxed), n_records };
    read_lines(Lines::new(unpacked, limits.line_bytes), limits, &progress, watch)
}

fn read_lines(
    mut lines: Lines<impl BufRead>,
    limits: Limits,
    progress: &impl Fn(usize) -> Progress,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<(LoadedSession, Vec<Problem>), ReadError> {
    const WATCH_EVERY: u64 = 4 << 20;
    let mut session = Assembly::default();
    let mut watched_at = 0;
    loop {
        match lines.next() {
            Ok(Some(line)) => session.add(&line, limits)?,
            Ok(None) => break,
            Err(error) if session.head.is_empty() => return Err(ReadError::Read(error)),
            Err(error) => {
                let (line, byte) = lines.place();
                let what = format!("is where the file stops being readable: {error}; what follows is lost");
                session.problems.add(line + 1, byte, what);
                break;
            }
        }
        if lines.place().1 - watched_at >= WATCH_EVERY {
            watched_at = lines.place().1;
            if watch(progress(session.records.len())).is_break() {
                return Err(ReadError::Stopped);
            }
        }
    }
    session.finish()
}

/// A session while its lines come in, in order.
#[derive(Default)]
struct Assembly {
    header: Option<SessionHeader>,
    records: Vec<Record>,
    kept: Vec<KeptLine>,
    problems: Problems,
    events: HashMap<EventId, u64>,
    attempts: HashMap<AttemptId, u64>,
    /// Whether a line was there that only a session has.
    is_session: bool,
    /// Whether a problem explains that there is no header.
    header_is_explained: bool,
    /// The beginning of the file.
    head: Vec<u8>,
}

impl Assembly {
    fn add(&mut self, line: &RawLine<'_>, limits: Limits) -> Result<(), ReadError> {
        const HEAD_BYTES: usize = 64 << 10;
        let (number, byte) = (line.number, line.byte);
        let text = match line.content {
            Content::Whole(text) => text,
            Content::TooLong if number == 1 => return Err(ReadError::NotASession(Seems::from_head(&self.head))),
            Content::TooLong => {
                self.problems.add(number, byte, format!("is longer than {} bytes; it was skipped", limits.line_bytes));
                return Ok(());
            }
        };
        if self.head.len() < HEAD_BYTES {
            self.head.extend_from_slice(&text[..text.len().min(HEAD_BYTES)]);
            self.head.push(b'\n');
        }
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        match parse_line(text) {
            Ok(Line::Header(header)) => self.add_header(*header, number, byte),
            Ok(Line::Event(event)) => self.add_event(event, number, byte, text),
            Ok(Line::Attempt(attempt)) => self.add_attempt(attempt, number, byte, text),
            Ok(Line::Other(json)) => self.keep(Value::Object(json)),
            Err(error) => self.add_broken(&error, line, text),
        }
        Ok(())
    }

    fn add_header(&mut self, header: SessionHeader, number: u64, byte: u64) {
        self.is_session = true;
        if self.header.is_some() {
            self.problems.add(number, byte, "is a second session header; the first one counts");
        } else {
            if !self.records.is_empty() {
                self.problems.add(number, byte, "is the session header, which should be the first line");
            }
            self.header = Some(header);
        }
    }

    fn add_event(&mut self, event: Arc<EventRecord>, number: u64, byte: u64, text: &[u8]) {
        self.is_session = true;
        if let Some(first) = self.events.get(&event.id) {
            self.problems.add(number, byte, used_before("event", event.id.as_str(), *first));
            self.keep_text(text);
            return;
        }
        self.events.insert(event.id.clone(), number);
        self.records.push(Record::Event(event));
    }

    fn add_attempt(&mut self, attempt: Arc<Attempt>, number: u64, byte: u64, text: &[u8]) {
        self.is_session = true;
        if let Some(first) = self.attempts.get(&attempt.id) {
            self.problems.add(number, byte, used_before("attempt", attempt.id.as_str(), *first));
            self.keep_text(text);
            return;
        }
        let unknown: HashSet<&str> =
            attempt.events.iter().filter(|id| !self.events.contains_key(*id)).map(EventId::as_str).collect();
        if let Some(first) = attempt.events.iter().map(EventId::as_str).find(|id| unknown.contains(id)) {
            let others = match unknown.len() - 1 {
                0 => String::new(),
                n_others => format!(" and {n_others} more"),
            };
            let what = format!("is attempt \"{}\" of event \"{first}\"{others}, which no line above has", attempt.id);
            self.problems.add(number, byte, what);
        }
        self.attempts.insert(attempt.id.clone(), number);
        self.records.push(Record::Attempt(attempt));
    }

    fn add_broken(&mut self, error: &LineError, line: &RawLine<'_>, text: &[u8]) {
        let mut byte = line.byte;
        match error {
            LineError::Json(_) if !line.is_closed => {
                self.is_session |= line.number == 1 && begins_like_a_session(text);
                self.header_is_explained |= self.header.is_none() && self.records.is_empty();
                self.problems.add(line.number, byte, "is cut off; the record in it is lost");
                return;
            }
            LineError::Json(error) => byte += error.column().saturating_sub(1) as u64,
            LineError::NoRecord(_) => {}
            LineError::Field { .. } => self.is_session = true,
        }
        self.keep_text(text);
        self.problems.add(line.number, byte, error.to_string());
    }

    /// Keeps a line that is JSON; one that is not cannot be written again.
    fn keep_text(&mut self, text: &[u8]) {
        if let Ok(json) = serde_json::from_slice(text) {
            self.keep(json);
        }
    }

    fn keep(&mut self, json: Value) {
        self.kept.push(KeptLine { before_record: self.records.len(), json });
    }

    fn finish(mut self) -> Result<(LoadedSession, Vec<Problem>), ReadError> {
        let is_empty = self.head.trim_ascii().is_empty();
        if !self.is_session && !is_empty {
            return Err(ReadError::NotASession(Seems::from_head(&self.head)));
        }
        let header = self.header.take().unwrap_or_else(|| {
            if is_empty {
                self.problems.add(1, 0, "is missing: the file is empty");
            } else if !self.header_is_explained {
                self.problems.add(1, 0, "is no session header; what it would say is not known");
            }
            made_up_header(&self.records)
        });
        Ok((LoadedSession { header, records: self.records, kept: self.kept }, self.problems.into_list()))
    }
}

fn used_before(kind: &str, id: &str, line: u64) -> String {
    format!("is {kind} \"{id}\", a name that line {line} has used; it was left out")
}

/// A header for a file that has none: it claims nothing that the records do not say.
fn made_up_header(records: &[Record]) -> SessionHeader {
    let first_time = records.iter().map(|record| match record {
        Record::Event(event) => event.received_at,
        Record::Attempt(attempt) => attempt.started_at,
    });
    let rules = records.iter().find_map(|record| match record {
        Record::Attempt(attempt) => Some(attempt.rules.to_string()),
        Record::Event(_) => None,
    });
    SessionHeader {
        created_by: String::new(),
        rules: rules.unwrap_or_default(),
        ..SessionHeader::new("recovered", "Recovered session", first_time.min().unwrap_or(Timestamp::EPOCH), "imported")
    }
}
