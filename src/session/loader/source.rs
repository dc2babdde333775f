//! The file of an open session, from which single records are read again.
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr;

use super::records::records;
use super::search::Kind;
use crate::core::record::{Attempt, EventRecord, Record};
use crate::session::wire::{Line, parse_line};
use crate::store::{LineSearch, Piece, RecordSource, Searched};

/// How much is read at first; most lines are shorter.
const FIRST_READ: usize = 8 << 10;
/// How many records, and how many bytes of lines, are remembered.
const MAX_REMEMBERED: usize = 4_096;
const MAX_REMEMBERED_BYTES: usize = 32 << 20;

/// A session file, or what a packed one was unpacked to. Any number of threads may read from it at once.
#[derive(Debug)]
pub struct SessionFile {
    file: File,
    remembered: Mutex<Remembered>,
    max_line: usize,
    /// To be removed in the end, where the system does not let go of a name before.
    remove: Option<PathBuf>,
}

#[derive(Debug, Default)]
struct Remembered {
    lines: HashMap<u64, Line>,
    n_bytes: usize,
}

impl SessionFile {
    /// Reads records from a file whose lines are no longer than `max_line`.
    #[must_use]
    pub fn new(file: File, max_line: usize) -> Self {
        Self { file, remembered: Mutex::default(), max_line, remove: None }
    }

    /// A file of nobody else, for what a packed file unpacks to: once to be written, once to be read.
    pub(super) fn temporary(max_line: usize) -> io::Result<(File, Self)> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("delivery-inspector-{}-{count}.session.jsonl", std::process::id()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let writing = options.open(&path)?;
        let mut source = Self::new(File::open(&path)?, max_line);
        // An open file stays readable without a name on most systems, and is gone however this program ends.
        let is_removed = cfg!(unix) && fs::remove_file(&path).is_ok();
        source.remove = (!is_removed).then_some(path);
        Ok((writing, source))
    }

    /// The file from a byte on.
    pub(super) const fn stream(&self, byte: u64) -> Stream<'_> {
        Stream { file: &self.file, byte }
    }

    /// The line that begins at a byte, without its end of line.
    pub(super) fn text(&self, byte: u64) -> io::Result<Vec<u8>> {
        let (mut stream, mut text, mut n_wanted) = (self.stream(byte), Vec::new(), FIRST_READ);
        loop {
            let n_before = text.len();
            let n_read = (&mut stream).take(n_wanted as u64).read_to_end(&mut text)?;
            if let Some(end) = memchr(b'\n', &text[n_before..]) {
                text.truncate(n_before + end);
                return Ok(text);
            }
            if n_read < n_wanted || text.len() > self.max_line {
                return Ok(text);
            }
            n_wanted = text.len();
        }
    }

    fn record(&self, byte: u64) -> Result<Line, String> {
        if let Some(line) = self.lock().lines.get(&byte) {
            return Ok(line.clone());
        }
        let text = self.text(byte).map_err(|error| format!("the file gives no bytes, {error}"))?;
        let line = parse_line(&text).map_err(|error| format!("its line, at byte {byte} of the file, {error}"))?;
        let mut remembered = self.lock();
        if remembered.lines.len() >= MAX_REMEMBERED || remembered.n_bytes > MAX_REMEMBERED_BYTES {
            *remembered = Remembered::default();
        }
        remembered.n_bytes += text.len();
        remembered.lines.insert(byte, line.clone());
        Ok(line)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A session file from some byte on, whoever else reads it.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    file: &'a File,
    byte: u64,
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let n_read = std::os::unix::fs::FileExt::read_at(self.file, buffer, self.byte)?;
        #[cfg(windows)]
        let n_read = std::os::windows::fs::FileExt::seek_read(self.file, buffer, self.byte)?;
        self.byte += n_read as u64;
        Ok(n_read)
    }
}

impl Drop for SessionFile {
    fn drop(&mut self) {
        if let Some(path) = &self.remove {
            // Nobody is there to be told.
            fs::remove_file(path).unwrap_or_default();
        }
    }
}

impl RecordSource for SessionFile {
    fn attempt(&self, byte: u64) -> Result<Arc<Attempt>, String> {
        match self.record(byte)? {
            Line::Attempt(attempt) => Ok(attempt),
            _ => Err(changed(byte)),
        }
    }

    fn event(&self, byte: u64) -> Result<Arc<EventRecord>, String> {
        match self.record(byte)? {
            Line::Event(event) => Ok(event),
            _ => Err(changed(byte)),
        }
    }

    fn line(&self, byte: u64) -> Option<Vec<u8>> {
        self.text(byte).ok().filter(|line| Kind::of(line) != Kind::Other)
    }

    fn records(&self, byte: u64, take: &mut dyn FnMut(u64, Record) -> ControlFlow<()>) {
        records(self.stream(byte), byte, self.max_line, take);
    }

    fn search(&self, byte: u64, search: &dyn LineSearch, take: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Searched {
        let Ok(n_total_bytes) = self.file.metadata().map(|file| file.len()) else { return Searched::Failed };
        super::search::search(self.stream(byte), (byte, n_total_bytes), self.max_line, search, take)
    }
}

fn changed(byte: u64) -> String {
    format!("the file has changed, and at byte {byte} there is something else")
}
