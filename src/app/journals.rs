//! Journals: what is recorded in real time, by a run or by capture, is on the disk at once although nobody has saved it. A
//! program that ends in between finds it again when it starts next.
//!
//! Each program that runs has a folder of its own below the root, with a locked file in it; a folder whose lock is free was
//! left behind.
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::shell::App;
use super::tab::Tab;
use crate::core::names::ClockKind;
use crate::core::record::{Record, SessionHeader};
use crate::session::secrets::Secrets;
use crate::session::writer::{SessionWriter, reserve_aliases};
use crate::store::Session;
use crate::store::label::counted;

const LOCK: &str = "lock";
const ENDING: &str = ".session.jsonl";
/// How many batches may wait for the disk before they are gathered here.
const ROOM: usize = 64;

/// All journals of this program, and those that an earlier one left behind.
#[derive(Default)]
pub(super) struct Journals {
    /// Where they are kept; nowhere keeps none.
    root: Option<PathBuf>,
    own: Option<OwnFolder>,
    n_begun: usize,
    /// Files that were left behind.
    before: Vec<PathBuf>,
    is_delete_warned: bool,
}

/// The folder of this program. Nobody else takes what is in it while the lock is held.
struct OwnFolder {
    path: PathBuf,
    _lock: File,
}

/// The journal of one tab. Dropping it leaves it behind; see [`Self::forget`].
pub(super) struct Journal {
    path: PathBuf,
    worker: Option<(SyncSender<Vec<Record>>, JoinHandle<()>)>,
    /// What the worker has no room for yet.
    waiting: Vec<Record>,
    /// Whether its end is to be on the disk for good.
    is_wanted: Arc<AtomicBool>,
    problem: Arc<Mutex<Option<String>>>,
}

impl Journals {
    /// Looks below `root` for what was left behind.
    pub(super) fn at(root: Option<PathBuf>) -> Self {
        let before = root.as_deref().map(left_behind).unwrap_or_default();
        Self { root, before, ..Self::default() }
    }

    /// How many were left behind.
    pub(super) fn n_before(&self) -> usize {
        self.before.len()
    }

    /// Begins the journal of a tab that is filled in real time, with what it holds already.
    pub(super) fn begin(&mut self, tab: &mut Tab) {
        if tab.session.header().clock != ClockKind::Wall.name() || self.root.is_none() {
            return;
        }
        let old = tab.journal.take();
        let replaced = old.as_ref().map(|old| old.path.clone());
        let begun = self.next_path().and_then(|path| {
            let secrets = Secrets::aliased(tab.aliases());
            Journal::begin(path, tab.session.snapshot(), secrets, replaced)
        });
        tab.journal = match begun {
            Ok(journal) => {
                if let Some(old) = &old {
                    old.is_wanted.store(false, Ordering::Relaxed);
                }
                Some(journal)
            }
            Err(error) => old.or_else(|| Some(Journal::failed(&error))),
        };
    }

    /// Takes over what was left behind. Gives where it is now; what another program has taken meanwhile is left out.
    fn adopt(&mut self) -> Vec<PathBuf> {
        let mut adopted = Vec::new();
        for old in std::mem::take(&mut self.before) {
            if let Ok(path) = self.next_path()
                && fs::rename(&old, &path).is_ok()
            {
                adopted.push(path);
            }
            remove_if_empty(old.parent());
        }
        adopted
    }

    /// Whether a file is a journal of this program.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.own.as_ref().is_some_and(|own| path.parent() == Some(&own.path))
    }

    fn next_path(&mut self) -> io::Result<PathBuf> {
        self.n_begun += 1;
        let n_begun = self.n_begun;
        let folder = self.own_folder()?;
        Ok(folder.join(format!("{n_begun}{ENDING}")))
    }

    fn own_folder(&mut self) -> io::Result<PathBuf> {
        if let Some(own) = &self.own {
            return Ok(own.path.clone());
        }
        let root = self.root.as_deref().ok_or(io::ErrorKind::NotFound)?;
        let path = free_folder(root)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(path.join(LOCK))?;
        lock.lock()?;
        self.own = Some(OwnFolder { path: path.clone(), _lock: lock });
        Ok(path)
    }

    /// The program ends: nothing of this folder is left where nobody needs it.
    pub(super) fn end(&mut self) {
        if let Some(own) = self.own.take() {
            remove_if_empty(Some(&own.path));
        }
    }
}

impl Journal {
    /// Begins with what a session holds. Once that is written, the journal that it replaces is not needed any more.
    fn begin(path: PathBuf, session: Session, secrets: Secrets, replaced: Option<PathBuf>) -> io::Result<Self> {
        let problem = Arc::<Mutex<Option<String>>>::default();
        let (sender, records) = sync_channel(ROOM);
        let is_wanted = Arc::new(AtomicBool::new(true));
        let (told, file, wanted) = (Arc::clone(&problem), path.clone(), Arc::clone(&is_wanted));
        let work = move || {
            let work = Work { path: &file, replaced: replaced.as_deref(), is_wanted: &wanted };
            if let Err(error) = work.write(&session, secrets, &records) {
                *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        };
        let worker = thread::Builder::new().name("journal".to_owned()).spawn(work)?;
        Ok(Self { path, worker: Some((sender, worker)), waiting: Vec::new(), is_wanted, problem })
    }

    /// A journal that was left behind, as it stands.
    fn adopted(path: PathBuf) -> Self {
        Self { path, worker: None, waiting: Vec::new(), is_wanted: Arc::default(), problem: Arc::default() }
    }

    fn failed(error: &io::Error) -> Self {
        let problem = Arc::new(Mutex::new(Some(error.to_string())));
        Self { path: PathBuf::new(), worker: None, waiting: Vec::new(), is_wanted: Arc::default(), problem }
    }

    /// Appends records, in the background.
    pub(super) fn add(&mut self, records: &[Record]) {
        let Some((sender, _)) = &self.worker else { return };
        self.waiting.extend_from_slice(records);
        // A worker that is gone has left its problem.
        if let Err(TrySendError::Full(waiting)) = sender.try_send(std::mem::take(&mut self.waiting)) {
            self.waiting = waiting;
        }
    }

    /// Why it cannot go on, once.
    fn take_problem(&self) -> Option<String> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Waits until all of it is on the disk.
    fn end(&mut self) {
        if let Some((sender, worker)) = self.worker.take() {
            _ = sender.send(std::mem::take(&mut self.waiting));
            drop(sender);
            // One that panicked has written what it could.
            _ = worker.join();
        }
    }

    /// Nobody needs it any more.
    pub(super) fn forget(mut self) {
        self.is_wanted.store(false, Ordering::Relaxed);
        self.end();
        // Where there is none, nothing is left to be removed.
        _ = fs::remove_file(&self.path);
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.end();
    }
}

impl App {
    /// Tells of journals that cannot go on.
    pub(super) fn take_journals(&mut self) {
        for tab in &mut self.tabs {
            if let Some(problem) = tab.journal.as_ref().and_then(Journal::take_problem) {
                tab.journal = None;
                let title = tab.title();
                self.notices.error(format!("What {title} records is not kept safe ({problem}). Save it in time."));
            }
        }
    }

    /// Opens what was left behind, each in a tab of its own.
    pub(super) fn open_unsaved(&mut self) {
        for path in self.journals.adopt() {
            self.open_path(path);
        }
    }

    /// A journal was opened: its session is in no file that the person knows.
    pub(super) fn adopt_journal(&self, tab: &mut Tab) {
        if let Some(path) = tab.path.take_if(|path| self.journals.holds(path)) {
            tab.adopt(Journal::adopted(path));
        }
    }

    /// Deletes what was left behind, when asked twice.
    pub(super) fn delete_unsaved(&mut self) {
        if !std::mem::replace(&mut self.journals.is_delete_warned, true) {
            return self.notices.error("Choose Delete again to lose what was recorded.");
        }
        let paths = self.journals.adopt();
        let n_deleted = paths.iter().filter(|path| fs::remove_file(path).is_ok()).count();
        self.notices.done(format!("Deleted {}", counted(n_deleted, "recording", "recordings")));
    }

    /// The window closes. Recordings that are in no file stay in their journals.
    pub fn end(&mut self) {
        for mut tab in self.tabs.drain(..) {
            if !tab.unsaved {
                tab.forget_journal();
            }
        }
        self.journals.end();
        self.remember();
    }
}

/// What the worker of a journal is given.
struct Work<'a> {
    path: &'a Path,
    replaced: Option<&'a Path>,
    is_wanted: &'a AtomicBool,
}

impl Work<'_> {
    /// Writes what a session holds, then what comes, until nobody sends any more.
    fn write(&self, session: &Session, mut secrets: Secrets, news: &Receiver<Vec<Record>>) -> Result<(), String> {
        let header: &SessionHeader = session.header();
        let records: Vec<Record> = session.records().collect::<Result<_, _>>().map_err(|lost| lost.to_string())?;
        reserve_aliases(header, &records, &mut secrets);
        let mut writer = SessionWriter::create(self.path, header, secrets).map_err(|error| error.to_string())?;
        writer.write(&records).map_err(|error| error.to_string())?;
        drop(records);
        if let Some(replaced) = self.replaced {
            // What cannot be removed is offered once more than need be.
            _ = fs::remove_file(replaced);
        }
        while let Ok(records) = news.recv() {
            let all = std::iter::once(records).chain(news.try_iter()).flatten().collect::<Vec<_>>();
            writer.write(&all).map_err(|error| error.to_string())?;
        }
        // The frame waits for this one: a file that is about to be removed need not be on the disk first.
        if !self.is_wanted.load(Ordering::Relaxed) {
            return Ok(());
        }
        writer.finish().map_err(|error| error.to_string())
    }
}

/// A new folder that only its owner can look into.
fn free_folder(root: &Path) -> io::Result<PathBuf> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(root)?;
    builder.recursive(false);
    let mut number = u64::from(std::process::id());
    loop {
        let path = root.join(number.to_string());
        match builder.create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1 << 32,
            Err(error) => return Err(error),
        }
    }
}

/// Journals in folders that belong to no program that runs, oldest first.
fn left_behind(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in fs::read_dir(root).into_iter().flatten().flatten() {
        let folder = folder.path();
        let Ok(lock) = File::open(folder.join(LOCK)) else { continue };
        if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
            continue;
        }
        let files = fs::read_dir(&folder).into_iter().flatten().flatten().map(|file| file.path());
        let before = found.len();
        found.extend(files.filter(|path| path.to_string_lossy().ends_with(ENDING)));
        if found.len() == before {
            remove_if_empty(Some(&folder));
        }
    }
    let age = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    found.sort_by_key(age);
    found
}

/// Removes a folder in which only the lock is left.
fn remove_if_empty(folder: Option<&Path>) {
    let Some(folder) = folder else { return };
    let mut names = fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.file_name());
    if names.all(|name| name == LOCK) {
        // What cannot be removed now is looked at again at the next start.
        _ = fs::remove_file(folder.join(LOCK));
        _ = fs::remove_dir(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::reader;
    use crate::store::demo;

    fn begin(path: &Path, session: &Session, replaced: Option<&Path>) -> Journal {
        let secrets = Secrets::default();
        Journal::begin(path.to_owned(), session.snapshot(), secrets, replaced.map(Path::to_owned)).unwrap()
    }

    #[test]
    fn a_journal_goes_when_the_one_that_takes_its_place_is_written_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("1.session.jsonl"), folder.path().join("2.session.jsonl"));
        let session = demo::session();
        drop(begin(&first, &session, None));
        let nowhere = folder.path().join("no such folder").join("2.session.jsonl");
        let mut failing = begin(&nowhere, &session, Some(&first));
        failing.end();
        assert!(failing.take_problem().is_some() && first.exists(), "what is in no other file stays");
        drop(begin(&second, &session, Some(&first)));
        assert!(!first.exists());
        let (kept, problems) = reader::read_file(&second).unwrap();
        let n_records = session.n_events() + session.attempts().len();
        assert_eq!((kept.records.len(), problems), (n_records, Vec::new()));
    }
}
