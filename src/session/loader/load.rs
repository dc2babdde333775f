//! Reading, parsing and merging at the same time.
use std::fs::{self, File};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::blocks::Blocks;
use super::check::{CheckProgress, Checked, LookedAt, SecondLook};
use super::merge::Merge;
use super::parsed::ParsedBlock;
use super::pump::pump;
use super::source::SessionFile;
use crate::core::findings::Finding;
use crate::core::record::SessionHeader;
use crate::core::time::Timestamp;
use crate::session::input::{self, Counted, ReadAhead};
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, Limits, ReadError};
use crate::session::sniff::begins_like_a_session;
use crate::store::{AttemptIdx, Session};

/// Files up to this size are read whole, which takes a blink, and looked through for findings; larger ones are opened here,
/// their bodies left where they are.
pub const MAX_WHOLE_BYTES: u64 = 64 << 20;

/// A packed file of this size may unpack to one that is too large to be read whole.
const MAX_WHOLE_PACKED_BYTES: u64 = MAX_WHOLE_BYTES / 16;

/// Whether a file is too large to be read whole unasked, or likely to be once it is unpacked.
#[must_use]
pub fn is_large(path: &Path) -> bool {
    // A pipe must not be opened just to look at it.
    let n_bytes = fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(0, |file| file.len());
    let is_packed = || File::open(path).and_then(|mut file| input::is_packed(&mut file)).unwrap_or(false);
    n_bytes > MAX_WHOLE_BYTES || n_bytes > MAX_WHOLE_PACKED_BYTES && is_packed()
}

/// Whether such a file is a session, as far as its first bytes tell.
#[must_use]
pub fn is_large_session(path: &Path) -> bool {
    const HEAD_BYTES: u64 = 64;
    let head = || {
        let mut head = Vec::new();
        input::unpacked(File::open(path)?, HEAD_BYTES << 20)?.take(HEAD_BYTES).read_to_end(&mut head)?;
        Ok::<_, io::Error>(head)
    };
    is_large(path) && head().is_ok_and(|head| begins_like_a_session(&head))
}

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
    /// The file, where it can be read on from the middle.
    plain: Option<File>,
    /// Up to where the file, unpacked where it is packed, was read.
    end: u64,
    checked: Checked,
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

    /// How many bytes of the file were read, unpacked where it is packed.
    #[must_use]
    pub const fn n_bytes(&self) -> u64 {
        self.end
    }

    /// How many requests its attempts sent.
    #[must_use]
    pub fn n_exchanges(&self) -> u64 {
        self.merge.n_exchanges
    }

    /// How many lines were looked at only as far as a timeline needs them, in all.
    #[must_use]
    pub fn n_skimmed(&self) -> u64 {
        self.merge.n_skimmed
    }

    /// Looks at the rest of every line that was taken by its head alone and was not looked at since: bodies, reasons,
    /// facts. What is wrong is among the problems then. `watch` can stop it.
    ///
    /// # Errors
    /// If the file cannot be read any more, or `watch` stopped it.
    pub fn check(&mut self, watch: &mut dyn FnMut(CheckProgress) -> ControlFlow<()>) -> Result<(), ReadError> {
        let looked_at = self.second_look().look(watch)?;
        self.take_looked_at(looked_at);
        Ok(())
    }

    /// What [`Self::check`] looks at, for another thread to do so.
    #[must_use]
    pub fn second_look(&self) -> SecondLook {
        let LoadOptions { limits, n_threads } = self.options;
        let (source, to) = (Arc::clone(&self.merge.source), self.merge.whole_lines(self.end));
        SecondLook { source, from: self.checked, to, limits, n_threads }
    }

    /// Takes in what came of a second look: what is wrong is among the problems now.
    pub fn take_looked_at(&mut self, looked_at: LookedAt) {
        self.checked = looked_at.to;
        self.merge.problems.join(looked_at.problems);
    }

    /// Takes in what was found in an attempt; see [`Session::add_findings`].
    pub fn add_findings(&mut self, attempt_idx: AttemptIdx, found: Vec<Finding>) {
        self.merge.session.add_findings(attempt_idx, found);
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
        let Some(file) = self.plain.as_mut() else { return Ok(false) };
        let len = file.metadata().map_err(ReadError::Read)?.len();
        if len <= self.end {
            return Ok(false);
        }
        let from = self.merge.take_torn().unwrap_or(self.end);
        let mut appended = file.try_clone().map_err(ReadError::Read)?;
        appended.seek(SeekFrom::Start(from)).map_err(ReadError::Read)?;
        let n_bytes = Arc::new(AtomicU64::new(from));
        let counted = Counted { input: appended, n_bytes: Arc::clone(&n_bytes) };
        let blocks = Blocks::new(counted, from, self.options.limits.line_bytes, None);
        self.end = run(blocks, &mut self.merge, self.options, &n_bytes, Some(len), watch)?;
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
    if !metadata.is_file() || input::is_packed(&mut file).map_err(open_error)? {
        return load_copied(ReadAhead::new(file), n_total_bytes, options, watch);
    }
    let max_line = options.limits.line_bytes;
    let mut merge = merge_of(SessionFile::new(File::open(path).map_err(open_error)?, max_line), options);
    let plain = Some(file.try_clone().map_err(open_error)?);
    let (counted, n_bytes) = counted(ReadAhead::new(file));
    let blocks = Blocks::new(counted, 0, max_line, None);
    let end = run(blocks, &mut merge, options, &n_bytes, n_total_bytes, watch)?;
    merge.check()?;
    Ok(LoadedInFile { merge, options, plain, end, checked: Checked::default() })
}

/// Opens a session that comes as a stream, packed or not; a copy of it stays on disk as long as it is open.
///
/// # Errors
/// If nothing can be read or kept, if it is no session, or if `watch` stopped it.
pub fn load_stream(
    input: impl Read + Send,
    options: LoadOptions,
    watch: &mut dyn FnMut(LoadProgress<'_>) -> ControlFlow<()>,
) -> Result<LoadedInFile, ReadError> {
    load_copied(input, None, options, watch)
}

fn load_copied(
    input: impl Read + Send,
    n_total_bytes: Option<u64>,
    options: LoadOptions,
    watch: &mut dyn FnMut(LoadProgress<'_>) -> ControlFlow<()>,
) -> Result<LoadedInFile, ReadError> {
    let Limits { line_bytes, unpacked_bytes, .. } = options.limits;
    let (copy, source) = SessionFile::temporary(line_bytes).map_err(ReadError::Read)?;
    let mut merge = merge_of(source, options);
    let (counted, n_bytes) = counted(input);
    let unpacked = input::unpacked(counted, unpacked_bytes).map_err(ReadError::Read)?;
    let blocks = Blocks::new(unpacked, 0, line_bytes, Some(copy));
    let end = run(blocks, &mut merge, options, &n_bytes, n_total_bytes, watch)?;
    merge.check()?;
    Ok(LoadedInFile { merge, options, plain: None, end, checked: Checked::default() })
}

/// What is read of a stream goes into a session whose records stay in this file.
fn merge_of(source: SessionFile, options: LoadOptions) -> Merge {
    let source = Arc::new(source);
    let header = SessionHeader::new("", "", Timestamp::EPOCH, "");
    Merge::new(Session::in_file(header, Arc::clone(&source) as _), source, options.limits)
}

fn counted<R>(input: R) -> (Counted<R>, Arc<AtomicU64>) {
    let n_bytes = Arc::new(AtomicU64::new(0));
    (Counted { input, n_bytes: Arc::clone(&n_bytes) }, n_bytes)
}

/// Reads to the end of the stream; gives where that is.
fn run<R: Read + Send>(
    blocks: Blocks<R>,
    merge: &mut Merge,
    options: LoadOptions,
    n_bytes: &AtomicU64,
    n_total_bytes: Option<u64>,
    watch: &mut dyn FnMut(LoadProgress<'_>) -> ControlFlow<()>,
) -> Result<u64, ReadError> {
    pump(blocks, options.n_threads, ParsedBlock::of, |block: io::Result<ParsedBlock>| {
        let n_bytes = n_bytes.load(Ordering::Relaxed);
        let mut spent = None;
        match block {
            Ok(mut block) => {
                merge.add(&mut block)?;
                spent = Some(block);
            }
            Err(error) if merge.is_empty() => return Err(ReadError::Read(error)),
            Err(error) => merge.add_end(&error, n_bytes),
        }
        let stopped = watch(LoadProgress { session: &merge.session, n_bytes, n_total_bytes }).is_break();
        if stopped { Err(ReadError::Stopped) } else { Ok(spent) }
    })
}
