//! A whole HAR file: its entries, read on all cores, and what is lost of them.
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::entry::{Entry, read_entry};
use crate::core::time::Timestamp;
use crate::core::watch::Watch;
use crate::session::import::notes::Notes;
use crate::session::import::observed::Observed;

/// A HAR file whose entries are not read yet.
#[derive(Deserialize)]
pub(in crate::session::import) struct Har<'a> {
    #[serde(borrow)]
    log: Log<'a>,
}

#[derive(Deserialize)]
struct Log<'a> {
    #[serde(default)]
    version: Value,
    #[serde(default)]
    creator: Value,
    #[serde(default)]
    pages: Value,
    #[serde(borrow)]
    entries: Vec<&'a RawValue>,
}

/// How many entries are read at a time.
const CHUNK: usize = 64;

impl<'a> Har<'a> {
    /// Finds the entries, if the bytes are a HAR file that names nothing twice.
    pub(in crate::session::import) fn of(bytes: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// What the header of a session says of it.
    pub(in crate::session::import) fn about(&self) -> Map<String, Value> {
        let Log { creator, pages, .. } = &self.log;
        let text = |key: &str| creator.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut about = Map::new();
        about.insert("creator".to_owned(), json!(format!("{} {}", text("name"), text("version")).trim()));
        if pages.as_array().is_some_and(|pages| !pages.is_empty()) {
            about.insert("pages".to_owned(), pages.clone());
        }
        about
    }

    /// The requests that deliver something, in the order of the file. None if `watch` stopped it.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub(in crate::session::import) fn observed(
        &self,
        notes: &mut Notes,
        watch: &mut Watch<'_>,
    ) -> io::Result<Option<Vec<Observed>>> {
        let Log { version, creator, entries, .. } = &self.log;
        let version = version.as_str().unwrap_or("1.2");
        if !version.starts_with("1.") {
            notes.add_whole(format!("the file says that it is HAR {version}; it was read as HAR 1.2"));
        }
        let Some(chunks) = read_all(entries, watch)? else { return Ok(None) };
        let (mut observed, mut latest) = (Vec::with_capacity(entries.len()), Timestamp::EPOCH);
        for chunk in chunks {
            notes.join(chunk.notes);
            for Entry { observed: mut one, is_timed } in chunk.entries {
                if !is_timed {
                    let took = one.ended_at.since(one.started_at);
                    (one.started_at, one.ended_at) = (latest, latest.saturating_add(took));
                }
                latest = one.started_at;
                observed.push(one);
            }
        }
        let has_credentials = observed.iter().any(|one| {
            let headers = &one.request.headers;
            headers.get("authorization").is_some() || headers.get("cookie").is_some()
        });
        let is_of_chrome = creator.get("name").and_then(Value::as_str) == Some("WebInspector");
        if is_of_chrome && !has_credentials && !observed.is_empty() {
            notes.add_whole(
                "no request has Authorization or Cookie: Chrome leaves them out unless it is told to export sensitive data",
            );
        }
        Ok(Some(observed))
    }
}

/// Entries that stand side by side.
#[derive(Default)]
struct Chunk {
    entries: Vec<Entry>,
    notes: Notes,
}

/// Reads all entries, on all cores. None if `watch`, which is told the share that is done, stopped it.
fn read_all(entries: &[&RawValue], watch: &mut Watch<'_>) -> io::Result<Option<Vec<Chunk>>> {
    let n_chunks = entries.len().div_ceil(CHUNK);
    let mut chunks: Vec<Chunk> = std::iter::repeat_with(Chunk::default).take(n_chunks).collect();
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let n_threads = thread::available_parallelism().map_or(1, Into::into).min(n_chunks.max(1));
    thread::scope(|scope| {
        let (sender, read) = sync_channel(n_threads * 2);
        for worker in 1..=n_threads {
            let (sender, next, is_over) = (sender.clone(), &next, &is_over);
            thread::Builder::new()
                .name(format!("HAR reader {worker}"))
                .spawn_scoped(scope, move || read_chunks(entries, next, is_over, &sender))?;
        }
        drop(sender);
        for (n_before, (chunk_idx, chunk)) in read.iter().enumerate() {
            chunks[chunk_idx] = chunk;
            #[expect(clippy::cast_precision_loss, reason = "a share to look at")]
            let done = (n_before + 1) as f32 / n_chunks as f32;
            if watch(done).is_break() {
                // Workers that wait to hand over go on when the other end is dropped.
                is_over.store(true, Ordering::Relaxed);
                return Ok(None);
            }
        }
        Ok(Some(chunks))
    })
}

/// Takes one part of the entries after the other until there are no more.
fn read_chunks(
    entries: &[&RawValue],
    next: &AtomicUsize,
    is_over: &AtomicBool,
    sender: &SyncSender<(usize, Chunk)>,
) -> ControlFlow<()> {
    loop {
        let chunk_idx = next.fetch_add(1, Ordering::Relaxed);
        let Some(part) = entries.chunks(CHUNK).nth(chunk_idx) else { return ControlFlow::Continue(()) };
        let chunk = read_chunk(part, chunk_idx * CHUNK);
        if is_over.load(Ordering::Relaxed) || sender.send((chunk_idx, chunk)).is_err() {
            return ControlFlow::Break(());
        }
    }
}

fn read_chunk(part: &[&RawValue], n_before: usize) -> Chunk {
    let mut chunk = Chunk::default();
    for (idx, entry) in part.iter().enumerate() {
        let place = format!("entry {}", n_before + idx + 1);
        match serde_json::from_str::<Value>(entry.get()) {
            Ok(entry) => chunk.entries.extend(read_entry(&entry, place, &mut chunk.notes)),
            // A number that is too large, half of a letter, or thousands of lists in lists.
            Err(_) => chunk.notes.add("an entry that cannot be read as JSON was left out", place),
        }
    }
    chunk
}
