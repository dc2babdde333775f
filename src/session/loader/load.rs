//! Reading, parsing and merging at the same time.
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::blocks::{Block, Blocks};
use super::merge::Merge;
use super::parsed::ParsedBlock;
use super::source::SessionFile;
use crate::core::record::SessionHeader;
use crate::core::time::Timestamp;
use crate::session::input::{self, Counted};
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, Limits, ReadError};
use crate::store::Session;

/// Files up to this size are read whole, which takes a blink, and looked through for findings; larger ones are opened here,
/// their bodies left where they are.
pub const MAX_WHOLE_BYTES: u64 = 64 << 20;

/// How far workers may run ahead of the merge, in blocks.
const MAX_AHEAD: u64 = 16;

/// How a session is opened.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions {
    /// How much of a hostile file is borne.
    pub limits: Limits,
    /// How many threads parse.
    pub n_threads: NonZeroUsize,
}

impl Default for LoadOptions {
    fn default() -> Self {
        let n_threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { limits: Limits::default(), n_threads }
    }
}

/// How far opening has come.
#[derive(Clone, Copy, Debug)]
pub struct LoadProgress<'a> {
    /// What is there already.
    pub session: &'a Session,
    /// Bytes taken from the file, packed where it is packed.
    pub n_bytes: u64,
    /// All that there are, if that is known.
    pub n_total_bytes: Option<u64>,
}

/// A session whose records stay in its file.
#[derive(Debug)]
pub struct LoadedInFile {
    merge: Merge,
    options: LoadOptions,
    /// The file, where it can be read on from the middle, and up to where it was read.
    plain: Option<(File, u64)>,
}

impl LoadedInFile {
    /// What it holds.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.merge.session
    }

    /// What was wrong with the file.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.merge.listed()
    }

    /// Lines that this version cannot use.
    #[must_use]
    pub fn kept(&self) -> &[KeptLine] {
        &self.merge.kept
    }

    /// How many requests its attempts sent.
    #[must_use]
    pub fn n_exchanges(&self) -> u64 {
        self.merge.n_exchanges
    }

    /// The session alone.
    #[must_use]
    pub fn into_session(self) -> Session {
        self.merge.session
    }

    /// Reads what was appended since. Gives whether anything was; a packed file is not followed.
    ///
    /// # Errors
    /// If the file cannot be read any more.
    pub fn read_on(&mut self, watch: &mut dyn FnMut(LoadProgress<'_>) -> ControlFlow<()>) -> Result<bool, ReadError> {
        let Some((file, end)) = self.plain.as_mut() else { return Ok(false) };
        let len = file.metadata().map_err(ReadError::Read)?.len();
        if len <= *end {
            return Ok(false);
        }
        let from = self.merge.take_torn().unwrap_or(*end);
        let mut appended = file.try_clone().map_err(ReadError::Read)?;
        appended.seek(SeekFrom::Start(from)).map_err(ReadError::Read)?;
        let n_bytes = Arc::new(AtomicU64::new(from));
        let counted = Counted { input: appended, n_bytes: Arc::clone(&n_bytes) };
        let blocks = Blocks::new(counted, from, self.options.limits.line_bytes, None);
        *end = run(blocks, &mut self.merge, self.options, &n_bytes, Some(len), watch)?;
        Ok(true)
    }
}

/// Opens a session file, packed or not, and tells `watch` how far it is; `watch` can stop it.
///
/// # Errors
/// If nothing can be read, if it is no session, or if `watch` stopped it.
pub fn load(
    path: &Path,
    options: LoadOptions,
    watch: &mut dyn FnMut(LoadProgress<'_>) -> ControlFlow<()>,
) -> Result<LoadedInFile, ReadError> {
    let open_error = |source| ReadError::Open { path: path.to_owned(), source };
    let mut file = input::open(path).map_err(open_error)?;
    let metadata = file.metadata().map_err(open_error)?;
    let n_total_bytes = metadata.is_file().then_some(metadata.len());
    let is_plain = metadata.is_file() && !input::is_packed(&mut file).map_err(open_error)?;
    let max_line = options.limits.line_bytes;
    let (copy, source) = if is_plain {
        (None, SessionFile::new(File::open(path).map_err(open_error)?, max_line))
    } else {
        let (copy, source) = SessionFile::temporary(max_line).map_err(ReadError::Read)?;
        (Some(copy), source)
    };
    let header = SessionHeader::new("", "", Timestamp::EPOCH, "");
    let mut merge = Merge::new(Session::in_file(header, Arc::new(source)), options.limits);
    let plain = is_plain.then(|| file.try_clone()).transpose().map_err(open_error)?;
    let n_bytes = Arc::new(AtomicU64::new(0));
    let counted = Counted { input: file, n_bytes: Arc::clone(&n_bytes) };
    let end = if is_plain {
        run(Blocks::new(counted, 0, max_line, None), &mut merge, options, &n_bytes, n_total_bytes, watch)?
    } else {
        let unpacked = input::unpacked(counted, options.limits.unpacked_bytes).map_err(ReadError::Read)?;
        run(Blocks::new(unpacked, 0, max_line, copy), &mut merge, options, &n_bytes, n_total_bytes, watch)?
    };
    merge.check()?;
    Ok(LoadedInFile { merge, options, plain: plain.map(|file| (file, end)) })
}

/// What workers send: a block by its number, or why there is none.
type Sent = (u64, io::Result<ParsedBlock>);

/// Reads to the end of the stream; gives where that is.
fn run<R: Read + Send>(
    blocks: Blocks<R>,
    merge: &mut Merge,
    options: LoadOptions,
    n_bytes: &AtomicU64,
    n_total_bytes: Option<u64>,
    watch: &mut dyn FnMut(LoadProgress<'_>) -> ControlFlow<()>,
) -> Result<u64, ReadError> {
    let shared = Shared { blocks: Mutex::new((blocks, 0)), n_merged: AtomicU64::new(0), stop: AtomicBool::new(false) };
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel::<Sent>(options.n_threads.get());
        for worker in 0..options.n_threads.get() {
            let (sender, shared) = (sender.clone(), &shared);
            thread::Builder::new()
                .name(format!("session parser {worker}"))
                .spawn_scoped(scope, move || work(shared, &sender))
                .map_err(ReadError::Read)?;
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut next = 0;
        let merged = (|| {
            for (number, block) in &receiver {
                waiting.insert(number, block);
                while let Some(block) = waiting.remove(&next) {
                    next += 1;
                    match block {
                        Ok(block) => merge.add(block)?,
                        Err(error) if merge.is_empty() => return Err(ReadError::Read(error)),
                        Err(error) => merge.add_end(&error, n_bytes.load(Ordering::Relaxed)),
                    }
                    shared.n_merged.store(next, Ordering::Relaxed);
                    let n_bytes = n_bytes.load(Ordering::Relaxed);
                    if watch(LoadProgress { session: &merge.session, n_bytes, n_total_bytes }).is_break() {
                        return Err(ReadError::Stopped);
                    }
                }
            }
            Ok(())
        })();
        shared.stop.store(true, Ordering::Relaxed);
        drop(receiver);
        merged
    })?;
    let (blocks, _) = shared.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(blocks.byte())
}

/// What the workers share.
struct Shared<R> {
    /// The stream, and the number of its next block.
    blocks: Mutex<(Blocks<R>, u64)>,
    n_merged: AtomicU64,
    stop: AtomicBool,
}

fn work<R: Read>(shared: &Shared<R>, sender: &SyncSender<Sent>) {
    while !shared.stop.load(Ordering::Relaxed) {
        let Some((number, block)) = next_block(shared) else { return };
        let parsed = block.map(ParsedBlock::of);
        if sender.send((number, parsed)).is_err() {
            return;
        }
    }
}

/// The next block and its number; none at the end or after an error.
fn next_block<R: Read>(shared: &Shared<R>) -> Option<(u64, io::Result<Block>)> {
    let mut blocks = shared.blocks.lock().unwrap_or_else(PoisonError::into_inner);
    while blocks.1 > shared.n_merged.load(Ordering::Relaxed) + MAX_AHEAD {
        if shared.stop.load(Ordering::Relaxed) {
            return None;
        }
        thread::sleep(Duration::from_micros(200));
    }
    let block = blocks.0.next().transpose()?;
    blocks.1 += 1;
    Some((blocks.1 - 1, block))
}
