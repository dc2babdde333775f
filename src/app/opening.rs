//! Large files: their first rows are looked at while the rest is read, and what is appended later is followed.
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::jobs::{Cancel, Job, JobEnd};
use super::shell::App;
use super::tab::Tab;
use crate::session::loader::{CheckProgress, LoadOptions, LoadProgress, LoadedInFile, is_large_session, load};
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, ReadError};
use crate::store::Session;

/// How many attempts are shown first.
const FIRST_ROWS: usize = 10_000;
/// How often the end of a file is looked at for more.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);

/// The worker that reads a file for a tab, and what it has for it. Dropping it stops the worker.
pub(super) struct Opening {
    job: Job<Result<(), ReadError>>,
    shared: Arc<Shared>,
    title: String,
}

/// What the worker hands over.
#[derive(Default)]
struct Shared {
    news: Mutex<News>,
    n_bytes: AtomicU64,
    n_total_bytes: AtomicU64,
}

#[derive(Default)]
struct News {
    session: Option<Session>,
    /// What was wrong with the file and which lines were kept, once it was read to its end.
    end: Option<(Vec<Problem>, Vec<KeptLine>)>,
    stage: Stage,
}

/// What the worker is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// Rows come in.
    #[default]
    Reading,
    /// All rows are there; the rest of their lines is looked at.
    Checking,
    /// What is appended comes in.
    Following,
}

impl Opening {
    /// Starts to read.
    fn start(ctx: &egui::Context, path: PathBuf) -> Self {
        let shared = Arc::new(Shared::default());
        let title = path.display().to_string();
        let mut job = Job::default();
        let (worker, waker) = (Arc::clone(&shared), ctx.clone());
        job.start(ctx, format!("opening {title}"), move |cancel| worker.read_and_follow(&path, cancel, &waker));
        Self { job, shared, title }
    }

    /// What is going on, until all of the file was looked at.
    pub(super) fn words(&self) -> Option<String> {
        let doing = match self.shared.lock().stage {
            Stage::Reading => "opening",
            Stage::Checking => "looking at all bytes of",
            Stage::Following => return None,
        };
        let n_bytes = self.shared.n_bytes.load(Ordering::Relaxed);
        let n_total = self.shared.n_total_bytes.load(Ordering::Relaxed).max(1);
        Some(format!("{doing} {}, {} %", self.title, n_bytes.saturating_mul(100) / n_total))
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        self.job.cancel();
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_and_follow(&self, path: &Path, cancel: &Cancel, waker: &egui::Context) -> Result<(), ReadError> {
        let mut n_shown_next = FIRST_ROWS;
        let mut watch = |progress: LoadProgress<'_>| {
            self.n_bytes.store(progress.n_bytes, Ordering::Relaxed);
            self.n_total_bytes.store(progress.n_total_bytes.unwrap_or(0), Ordering::Relaxed);
            let n_attempts = progress.session.attempts().len();
            if n_attempts >= n_shown_next {
                // Ever rarer, so that all the pictures together cost about as much as the last one.
                n_shown_next = n_attempts * 2;
                self.lock().session = Some(progress.session.snapshot());
                waker.request_repaint();
            }
            if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let mut loaded = load(path, LoadOptions::default(), &mut watch)?;
        self.show_all(&loaded, waker);
        self.check(&mut loaded, cancel, waker)?;
        while !cancel.is_cancelled() {
            std::thread::sleep(FOLLOW_EVERY);
            if loaded.read_on(&mut |_| ControlFlow::Continue(()))? {
                self.show_all(&loaded, waker);
                self.check(&mut loaded, cancel, waker)?;
            }
        }
        Ok(())
    }

    /// Looks at what was passed over, so that rows were there at once, and says what is wrong with it.
    fn check(&self, loaded: &mut LoadedInFile, cancel: &Cancel, waker: &egui::Context) -> Result<(), ReadError> {
        let n_problems = loaded.problems().len();
        let checked = loaded.check(&mut |progress: CheckProgress| {
            let CheckProgress { n_bytes, n_total_bytes } = progress;
            let percent = |n_bytes: u64| n_bytes.saturating_mul(100) / n_total_bytes.max(1);
            self.n_total_bytes.store(n_total_bytes, Ordering::Relaxed);
            if percent(self.n_bytes.swap(n_bytes, Ordering::Relaxed)) != percent(n_bytes) {
                waker.request_repaint();
            }
            if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match checked {
            Ok(()) => {}
            Err(ReadError::Stopped) => return Ok(()),
            Err(error) => return Err(error),
        }
        let mut news = self.lock();
        if loaded.problems().len() != n_problems {
            news.end = Some((loaded.problems(), loaded.kept().to_vec()));
        }
        news.stage = Stage::Following;
        drop(news);
        waker.request_repaint();
        Ok(())
    }

    fn show_all(&self, loaded: &LoadedInFile, waker: &egui::Context) {
        let mut news = self.lock();
        news.session = Some(loaded.session().snapshot());
        news.end = Some((loaded.problems(), loaded.kept().to_vec()));
        news.stage = Stage::Checking;
        drop(news);
        waker.request_repaint();
    }
}

impl App {
    /// Opens a file: a large session in a tab at once, anything else when it was read.
    pub(super) fn open_path(&mut self, path: PathBuf) {
        if !is_large_session(&path) {
            return self.files.open(&self.ctx, path);
        }
        let opening = Opening::start(&self.ctx, path.clone());
        let mut tab = Tab::opening(path.clone(), opening);
        self.adopt_journal(&mut tab);
        if tab.path.is_some() {
            self.settings.remember(&path);
            self.look_for_recent();
        }
        self.show_tab(tab);
    }

    /// Takes in what was read of large files.
    pub(super) fn take_openings(&mut self) {
        for tab in &mut self.tabs {
            let Some(opening) = &mut tab.opening else { continue };
            let news = {
                let mut news = opening.shared.lock();
                (news.session.take(), news.end.take())
            };
            let failure = match opening.job.poll() {
                Some(JobEnd::Done(Err(error))) => Some(error.to_string()),
                Some(JobEnd::Panicked) => {
                    Some("Reading a file broke off. Please report this with the file.".to_owned())
                }
                Some(JobEnd::Done(Ok(()))) | None => None,
            };
            if let Some(session) = news.0 {
                tab.session = session;
                tab.select_first();
            }
            if let Some((problems, kept)) = news.1 {
                if let Some(words) = tab.problem_words(&problems) {
                    self.notices.error(words);
                }
                tab.take_end(problems, kept);
                tab.look_for_leftover(&self.ctx);
            }
            if let Some(failure) = failure {
                tab.opening = None;
                self.notices.error(failure);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn what_was_read_comes_with_its_end_and_what_is_appended_follows() {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-sessions/pendo-busy.session.jsonl");
        let bytes = std::fs::read(sample).unwrap();
        let cut = bytes.len() / 2;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes[..cut]).unwrap();
        let ctx = egui::Context::default();
        let opening = Opening::start(&ctx, file.path().to_owned());
        let next = || loop {
            let mut news = opening.shared.lock();
            if let (Some(session), Some((problems, _))) = (news.session.take(), news.end.take()) {
                return (session.attempts().len(), problems.len());
            }
            drop(news);
            std::thread::yield_now();
        };
        let (n_first, n_problems) = next();
        assert_eq!(n_problems, 1);
        while opening.words().is_some() {
            std::thread::yield_now();
        }
        file.write_all(&bytes[cut..]).unwrap();
        let (n_all, n_problems) = next();
        assert!(n_all > n_first && n_problems == 0);
    }
}
