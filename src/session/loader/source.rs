//! The file of an open session, from which single records are read again.
use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memchr;

use crate::core::record::{Attempt, EventRecord};
use crate::session::wire::{Line, parse_line};
use crate::store::RecordSource;

/// How much is read at first; most lines are shorter.
const FIRST_READ: usize = 8 << 10;
/// How many records, and how many bytes of lines, are remembered.
const MAX_REMEMBERED: usize = 4_096;
const MAX_REMEMBERED_BYTES: usize = 32 << 20;

/// A session file, or what a packed one was unpacked to.
#[derive(Debug)]
pub struct SessionFile {
    opened: Mutex<Opened>,
    max_line: usize,
    /// To be removed in the end, where the system does not let go of a name before.
    remove: Option<PathBuf>,
}

#[derive(Debug)]
struct Opened {
    file: File,
    remembered: HashMap<u64, Line>,
    n_bytes: usize,
}

impl SessionFile {
    /// Reads records from a file whose lines are no longer than `max_line`.
    #[must_use]
    pub fn new(file: File, max_line: usize) -> Self {
        Self { opened: Mutex::new(Opened { file, remembered: HashMap::new(), n_bytes: 0 }), max_line, remove: None }
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

    fn line(&self, byte: u64) -> Result<Line, String> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = opened.remembered.get(&byte) {
            return Ok(line.clone());
        }
        let text =
            opened.read_line(byte, self.max_line).map_err(|error| format!("the file gives no bytes, {error}"))?;
        let line = parse_line(&text).map_err(|error| format!("its line, at byte {byte} of the file, {error}"))?;
        if opened.remembered.len() >= MAX_REMEMBERED || opened.n_bytes > MAX_REMEMBERED_BYTES {
            opened.remembered.clear();
            opened.n_bytes = 0;
        }
        opened.n_bytes += text.len();
        opened.remembered.insert(byte, line.clone());
        Ok(line)
    }
}

impl Opened {
    fn read_line(&mut self, byte: u64, max_line: usize) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(byte))?;
        let (mut text, mut n_wanted) = (Vec::new(), FIRST_READ);
        loop {
            let n_before = text.len();
            let n_read = (&mut self.file).take(n_wanted as u64).read_to_end(&mut text)?;
            if let Some(end) = memchr(b'\n', &text[n_before..]) {
                text.truncate(n_before + end);
                return Ok(text);
            }
            if n_read < n_wanted || text.len() > max_line {
                return Ok(text);
            }
            n_wanted = text.len();
        }
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
        match self.line(byte)? {
            Line::Attempt(attempt) => Ok(attempt),
            _ => Err(changed(byte)),
        }
    }

    fn event(&self, byte: u64) -> Result<Arc<EventRecord>, String> {
        match self.line(byte)? {
            Line::Event(event) => Ok(event),
            _ => Err(changed(byte)),
        }
    }
}

fn changed(byte: u64) -> String {
    format!("the file has changed, and at byte {byte} there is something else")
}
