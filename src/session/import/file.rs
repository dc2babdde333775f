//! A file of another program: read whole, told by its content, made into a session.
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::assemble;
use super::events;
use super::format::{List, is_har};
use super::har::Har;
use super::notes::{Note, Notes};
use super::observed::Observed;
use super::services;
use crate::core::names::RuleSetName;
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::core::watch::Watch;
use crate::session::input;
use crate::session::json_error::json_reason;
use crate::session::reader::LoadedSession;
use crate::session::sniff::Seems;

/// What came of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The session that it makes.
    pub session: LoadedSession,
    /// What the file was, to be read on from "it is".
    pub from: String,
    /// What could not be carried over.
    pub notes: Vec<Note>,
}

/// Why a file gives no session.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The system gives no bytes.
    #[error("failed to import {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A document that should be JSON breaks off or goes wrong.
    #[error("failed to import {}: line {line}, column {column} is not JSON: {reason}", path.display())]
    NotJson {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Nothing that this program imports.
    #[error("failed to import {}: it {seems}; what can be imported are HAR files, Segment events, and attempts of Svix, \
             Hookdeck and Convoy", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What it seems to be.
        seems: Seems,
    },
    /// Nobody wants it any more.
    #[error("importing was stopped")]
    Stopped,
}

/// Largest file that is read: all of it is held while it is read.
const MAX_BYTES: u64 = 2 << 30;

/// Reads a file, gzip and zstd included, and judges what it holds by a rule set. `watch` can stop it.
///
/// # Errors
/// If it cannot be read, holds nothing that can be imported, or was stopped.
pub fn read_file(path: &Path, rules: RuleSetName, watch: &mut Watch<'_>) -> Result<Imported, ImportError> {
    let error = |source| ImportError::Read { path: path.to_owned(), source };
    let mut file = input::open(path).map_err(error)?;
    let n_packed = file.metadata().map_err(error)?.len();
    let is_plain = n_packed > 0 && !input::is_packed(&mut file).map_err(error)?;
    // What it unpacks to is not known: then half of the way is done at half of it.
    let n_likely = if is_plain { n_packed } else { n_packed.saturating_mul(8) };
    let mut bytes = Vec::with_capacity(usize::try_from(n_packed.min(MAX_BYTES)).unwrap_or(0));
    let mut input = input::unpacked(file, MAX_BYTES).map_err(error)?;
    loop {
        const PIECE: u64 = 4 << 20;
        let n_read = (&mut input).take(PIECE).read_to_end(&mut bytes).map_err(error)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(error(io::Error::other("it is larger than 2 GiB")));
        }
        #[expect(clippy::cast_precision_loss, reason = "a share to look at")]
        let share = bytes.len() as f32 / (bytes.len() as u64).max(n_likely) as f32;
        if watch(share * READING).is_break() {
            return Err(ImportError::Stopped);
        }
        if n_read == 0 {
            break;
        }
    }
    drop(input);
    read_bytes(&bytes, path, rules, watch)
}

/// Reads bytes; `path` names them. `watch` can stop it.
///
/// # Errors
/// If they hold nothing that can be imported, or it was stopped.
pub fn read_bytes(
    bytes: &[u8],
    path: &Path,
    rules: RuleSetName,
    watch: &mut Watch<'_>,
) -> Result<Imported, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut notes = Notes::default();
    let mut watch = |done: f32| watch(READING + done * (1.0 - READING));
    let content = if let Some(har) = Har::of(bytes) {
        of_har(&har, path, &mut notes, &mut watch)?
    } else {
        let json = parse(bytes, path, &mut notes)?;
        if is_har(&json) {
            // It names something twice; written anew, it does not.
            let text = json.to_string();
            of_har(&Har::of(text.as_bytes()).ok_or_else(|| unknown(bytes, path))?, path, &mut notes, &mut watch)?
        } else {
            of_list(List::of(json).ok_or_else(|| unknown(bytes, path))?, &mut notes)
        }
    };
    let Content { from, mut about, found } = content;
    let records = match found {
        Found::Requests(observed) => assemble::records(observed, rules, &mut notes),
        Found::Events(events) => events,
    };
    let notes = notes.into_list();
    about.insert("from".to_owned(), json!(from));
    about.insert("notes".to_owned(), notes.iter().map(ToString::to_string).collect());
    let header = header(bytes, path, rules, &records, about);
    Ok(Imported { session: LoadedSession { header, records, kept: Vec::new() }, from, notes })
}

/// How much of the work reading is, and how much is left for what was read.
const READING: f32 = 0.25;

/// What a file holds.
struct Content {
    /// What it is.
    from: String,
    /// What it says of itself.
    about: Map<String, Value>,
    found: Found,
}

enum Found {
    Requests(Vec<Observed>),
    Events(Vec<Record>),
}

fn of_har(har: &Har<'_>, path: &Path, notes: &mut Notes, watch: &mut Watch<'_>) -> Result<Content, ImportError> {
    let about = har.about();
    let creator = about.get("creator").and_then(Value::as_str).filter(|creator| !creator.is_empty());
    let from = creator.map_or_else(|| "a HAR file".to_owned(), |creator| format!("a HAR file of {creator}"));
    let observed = har.observed(notes, watch);
    let observed = observed.map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
    Ok(Content { from, about, found: Found::Requests(observed.ok_or(ImportError::Stopped)?) })
}

fn of_list(list: List, notes: &mut Notes) -> Content {
    let (from, found) = match list {
        List::Events(items) => ("a list of Segment events", Found::Events(events::records(items, notes))),
        List::Svix(items) => ("a list of attempts of Svix", Found::Requests(services::svix(items, notes))),
        List::Hookdeck(items) => ("a list of attempts of Hookdeck", Found::Requests(services::hookdeck(items, notes))),
        List::Convoy(items) => ("a list of attempts of Convoy", Found::Requests(services::convoy(items, notes))),
    };
    Content { from: from.to_owned(), about: Map::new(), found }
}

fn unknown(bytes: &[u8], path: &Path) -> ImportError {
    const HEAD_BYTES: usize = 64 << 10;
    ImportError::Unknown { path: path.to_owned(), seems: Seems::from_head(&bytes[..bytes.len().min(HEAD_BYTES)]) }
}

/// One document, or one on each line.
fn parse(bytes: &[u8], path: &Path, notes: &mut Notes) -> Result<Value, ImportError> {
    let whole = match serde_json::from_slice(bytes) {
        Ok(json) => return Ok(json),
        Err(error) => error,
    };
    let mut items = Vec::new();
    for (idx, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(json) => items.push(json),
            // The first line is no document of its own: then the whole file was meant to be one.
            Err(_) if items.is_empty() => {
                let (line, column) = (whole.line(), whole.column());
                return Err(ImportError::NotJson { path: path.to_owned(), line, column, reason: json_reason(&whole) });
            }
            Err(_) => notes.add("a line that is no JSON was left out", format_args!("line {}", idx + 1)),
        }
    }
    Ok(Value::Array(items))
}

fn header(
    bytes: &[u8],
    path: &Path,
    rules: RuleSetName,
    records: &[Record],
    about: Map<String, Value>,
) -> SessionHeader {
    let first = records.iter().map(|record| match record {
        Record::Event(event) => event.received_at,
        Record::Attempt(attempt) => attempt.started_at,
    });
    let digest = Sha256::digest(bytes).iter().take(16).fold(0_u128, |digest, byte| (digest << 8) | u128::from(*byte));
    let name = path.file_name().map_or_else(|| "import".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut header =
        SessionHeader::new(format!("{digest:032x}"), name, first.min().unwrap_or(Timestamp::EPOCH), "imported");
    rules.name().clone_into(&mut header.rules);
    header.extra.insert("import".to_owned(), Value::Object(about));
    header
}
