//! A file of another program: read whole, told by its content, made into a session.
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::assemble;
use super::events;
use super::format::Document;
use super::har;
use super::notes::{Note, Notes};
use super::services;
use crate::core::names::RuleSetName;
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
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
}

/// Largest file that is read: all of it is held while it is read.
const MAX_BYTES: u64 = 2 << 30;

/// Reads a file, gzip and zstd included, and judges what it holds by a rule set.
///
/// # Errors
/// If it cannot be read, or holds nothing that can be imported.
pub fn read_file(path: &Path, rules: RuleSetName) -> Result<Imported, ImportError> {
    let error = |source| ImportError::Read { path: path.to_owned(), source };
    let file = input::open(path).map_err(error)?;
    let mut bytes = Vec::new();
    input::unpacked(file, MAX_BYTES).map_err(error)?.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(error)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(error(io::Error::other("it is larger than 2 GiB")));
    }
    read_bytes(&bytes, path, rules)
}

/// Reads bytes; `path` names them.
///
/// # Errors
/// If they hold nothing that can be imported.
pub fn read_bytes(bytes: &[u8], path: &Path, rules: RuleSetName) -> Result<Imported, ImportError> {
    const HEAD_BYTES: usize = 64 << 10;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut notes = Notes::default();
    let json = parse(bytes, path, &mut notes)?;
    let document = Document::of(json).ok_or_else(|| {
        let seems = Seems::from_head(&bytes[..bytes.len().min(HEAD_BYTES)]);
        ImportError::Unknown { path: path.to_owned(), seems }
    })?;
    let mut about = Map::new();
    let (from, observed) = match document {
        Document::Har(har) => {
            let (observed, more) = har::observed(&har, &mut notes);
            about = more;
            let creator = about.get("creator").and_then(Value::as_str).filter(|creator| !creator.is_empty());
            (
                creator.map_or_else(|| "a HAR file".to_owned(), |creator| format!("a HAR file of {creator}")),
                Ok(observed),
            )
        }
        Document::Events(list) => ("a list of Segment events".to_owned(), Err(events::records(list, &mut notes))),
        Document::Svix(items) => ("a list of attempts of Svix".to_owned(), Ok(services::svix(items, &mut notes))),
        Document::Hookdeck(items) => {
            ("a list of attempts of Hookdeck".to_owned(), Ok(services::hookdeck(items, &mut notes)))
        }
        Document::Convoy(items) => ("a list of attempts of Convoy".to_owned(), Ok(services::convoy(items, &mut notes))),
    };
    let records = observed.map_or_else(|events| events, |observed| assemble::records(observed, rules, &mut notes));
    let notes = notes.into_list();
    about.insert("from".to_owned(), json!(from));
    about.insert("notes".to_owned(), notes.iter().map(ToString::to_string).collect());
    let header = header(bytes, path, rules, &records, about);
    Ok(Imported { session: LoadedSession { header, records, kept: Vec::new() }, from, notes })
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
