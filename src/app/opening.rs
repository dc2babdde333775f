//! Large files: their first rows are looked at while the rest is read, and what is appended later is followed, while another
//! thread looks at what was passed over and for findings.
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::jobs::{Cancel, Job, JobEnd};
use super::looking::{Looked, Looker, Round, Seen, percent};
use super::shell::App;
use super::tab::Tab;
use crate::session::loader::{LoadOptions, LoadProgress, LoadedInFile, is_large_session, load};
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, ReadError};
use crate::store::Session;
use crate::ui::frame_state::LookState;

/// How many attempts are shown first.
const FIRST_ROWS: usize = 10_000;
/// How often the end of a file is looked at for more.
const FOLLOW_EVERY: Duration = Duration::from_millis(500);
/// After how long the first findings are shown, and the longest that later ones wait: rows are sorted anew each time.
const FIRST_FINDINGS: Duration = Duration::from_millis(500);
const LATER_FINDINGS: Duration = Duration::from_secs(8);

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
    looked: Arc<Looked>,
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

    /// What is going on, until all bytes of the file were looked at.
    pub(super) fn words(&self) -> Option<String> {
        let doing = match self.shared.lock().stage {
            Stage::Reading => "opening",
            Stage::Checking => "looking at all bytes of",
            Stage::Following => return None,
        };
        let Looked { n_bytes, n_total_bytes, .. } = &*self.shared.looked;
        let percent = percent(n_bytes.load(Ordering::Relaxed), n_total_bytes.load(Ordering::Relaxed));
        Some(format!("{doing} {}, {percent} %", self.title))
    }

    /// How the search for findings stands, while it is on or stopped.
    pub(super) fn look_state(&self) -> Option<LookState> {
        self.shared.looked.state()
    }

    /// Has the search for findings stop, or go on where it stood.
    pub(super) fn stop_looking(&self, is_stopped: bool) {
        self.shared.looked.stop(is_stopped);
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
            self.looked.n_bytes.store(progress.n_bytes, Ordering::Relaxed);
            self.looked.n_total_bytes.store(progress.n_total_bytes.unwrap_or(0), Ordering::Relaxed);
            let n_attempts = progress.session.attempts().len();
            if n_attempts >= n_shown_next {
                // Ever rarer, so that all the pictures together cost about as much as the last one.
                n_shown_next = n_attempts * 2;
                self.lock().session = Some(progress.session.snapshot());
                waker.request_repaint();
            }
            if cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let loaded = load(path, LoadOptions::default(), &mut watch)?;
        self.show_all(&loaded, waker);
        let looker = Looker::start(&self.looked, cancel, waker).map_err(ReadError::Read)?;
        self.follow(loaded, &looker, cancel, waker)
    }

    /// Takes in what is appended and what the second look sees, each when it comes.
    fn follow(
        &self,
        mut loaded: LoadedInFile,
        looker: &Looker,
        cancel: &Cancel,
        waker: &egui::Context,
    ) -> Result<(), ReadError> {
        let mut pace = Pace::default();
        let mut is_looking = false;
        while !cancel.is_cancelled() {
            is_looking = is_looking || self.start_round(&loaded, looker);
            match looker.seen.recv_timeout(FOLLOW_EVERY) {
                Ok(Seen::Bytes(looked_at)) => match looked_at {
                    Err(ReadError::Stopped) => return Ok(()),
                    looked_at => {
                        let n_problems = loaded.problems().len();
                        loaded.take_looked_at(looked_at?);
                        self.bytes_seen(&loaded, n_problems, waker);
                    }
                },
                Ok(Seen::Findings(found, last)) => {
                    pace.n_waiting += found.len();
                    for (attempt_idx, found) in found {
                        loaded.add_findings(attempt_idx, found);
                    }
                    loaded.add_findings(last, Vec::new());
                    if pace.is_due() {
                        self.show(&loaded, waker);
                    }
                }
                Ok(Seen::End) => {
                    is_looking = false;
                    pace = Pace::default();
                    self.show(&loaded, waker);
                }
                Err(RecvTimeoutError::Timeout) => {}
                // It broke off, and nothing more will be seen.
                Err(RecvTimeoutError::Disconnected) => {
                    self.looked.end();
                    self.lock().stage = Stage::Following;
                    std::thread::sleep(FOLLOW_EVERY);
                }
            }
            if loaded.read_on(&mut |_| ControlFlow::Continue(()))? {
                self.show_all(&loaded, waker);
            }
        }
        Ok(())
    }

    /// Has the second look begin with what it has not seen, if there is anything. Gives whether it does.
    fn start_round(&self, loaded: &LoadedInFile, looker: &Looker) -> bool {
        let (bytes, session) = (loaded.second_look(), loaded.session());
        let is_all_seen = session.n_looked_at() == session.attempts().len() || self.looked.is_stopped();
        if bytes.is_empty() && is_all_seen {
            self.lock().stage = Stage::Following;
            return false;
        }
        if !bytes.is_empty() {
            self.lock().stage = Stage::Checking;
        }
        looker.rounds.send(Round { bytes, session: session.snapshot() }).is_ok()
    }

    /// Says what is wrong with the bytes that were passed over, so that rows were there at once.
    fn bytes_seen(&self, loaded: &LoadedInFile, n_problems_before: usize, waker: &egui::Context) {
        let mut news = self.lock();
        if loaded.problems().len() != n_problems_before {
            news.end = Some((loaded.problems(), loaded.kept().to_vec()));
        }
        news.stage = Stage::Following;
        drop(news);
        waker.request_repaint();
    }

    fn show(&self, loaded: &LoadedInFile, waker: &egui::Context) {
        self.lock().session = Some(loaded.session().snapshot());
        waker.request_repaint();
    }

    fn show_all(&self, loaded: &LoadedInFile, waker: &egui::Context) {
        let mut news = self.lock();
        news.session = Some(loaded.session().snapshot());
        news.end = Some((loaded.problems(), loaded.kept().to_vec()));
        drop(news);
        waker.request_repaint();
    }
}

/// When findings are shown: the first soon, later ones ever rarer.
struct Pace {
    last: Instant,
    wait: Duration,
    n_waiting: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { last: Instant::now(), wait: FIRST_FINDINGS, n_waiting: 0 }
    }
}

impl Pace {
    fn is_due(&mut self) -> bool {
        if self.n_waiting == 0 || self.last.elapsed() < self.wait {
            return false;
        }
        *self = Self { last: Instant::now(), wait: (self.wait * 2).min(LATER_FINDINGS), n_waiting: 0 };
        true
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

    /// Has the search for findings in the session in front stop, or go on.
    pub(super) fn stop_looking(&mut self, is_stopped: bool) {
        if let Some(opening) = self.tabs.get(self.front).and_then(|tab| tab.opening.as_ref()) {
            opening.stop_looking(is_stopped);
        }
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
    use std::sync::mpsc::sync_channel;

    /// Half of a sample in a file, and the other half.
    fn half_a_sample() -> (tempfile::NamedTempFile, Vec<u8>) {
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-sessions/pendo-busy.session.jsonl");
        let mut bytes = std::fs::read(sample).unwrap();
        let rest = bytes.split_off(bytes.len() / 2);
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        (file, rest)
    }

    #[test]
    fn new_lines_are_followed_while_the_second_look_is_at_work() {
        let (mut file, rest) = half_a_sample();
        let loaded = load(file.path(), LoadOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap();
        let n_first = loaded.session().attempts().len();
        let (shared, cancel) = (Arc::new(Shared::default()), Cancel::default());
        let (rounds, to_look_at) = sync_channel(1);
        let (sender, seen) = sync_channel(16);
        let (follower, follower_cancel) = (Arc::clone(&shared), cancel.clone());
        let follow = move || {
            let looker = Looker { rounds, seen };
            follower.follow(loaded, &looker, &follower_cancel, &egui::Context::default())
        };
        let following = std::thread::Builder::new().name("follower".to_owned()).spawn(follow).unwrap();
        let shown = || loop {
            if let Some(session) = shared.lock().session.take() {
                return session;
            }
            std::thread::yield_now();
        };
        let round = to_look_at.recv().unwrap();
        assert_eq!(shared.lock().stage, Stage::Checking);
        file.write_all(&rest).unwrap();
        let session = shown();
        assert!(session.attempts().len() > n_first, "although nobody has answered");
        sender.send(Seen::Bytes(round.bytes.look(&mut |_| ControlFlow::Continue(())))).unwrap();
        let last = round.session.attempts().indices().next_back().unwrap();
        sender.send(Seen::Findings(Vec::new(), last)).unwrap();
        sender.send(Seen::End).unwrap();
        assert_eq!(shown().n_looked_at(), n_first);
        let next = to_look_at.recv().unwrap();
        assert_eq!(next.session.attempts().len(), session.attempts().len());
        assert!(!next.bytes.is_empty(), "what came meanwhile is looked at next");
        cancel.cancel();
        drop(sender);
        following.join().unwrap().unwrap();
    }

    #[test]
    fn a_search_for_findings_stops_and_goes_on_where_it_stood() {
        let records = crate::store::demo::many(6_000).records().map(Result::unwrap).collect::<Vec<_>>();
        let header = crate::store::demo::session().header().clone();
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        crate::session::writer::save(&path, &header, &records, &[], crate::session::secrets::Secrets::Kept).unwrap();
        let opening = Opening::start(&egui::Context::default(), path.to_path_buf());
        opening.stop_looking(true);
        let looked_at = |wanted: usize| loop {
            let news = opening.shared.lock().session.take();
            if let Some(session) = news.filter(|session| session.n_looked_at() >= wanted) {
                return session;
            }
            std::thread::yield_now();
        };
        let stopped = looked_at(1);
        assert!(stopped.n_looked_at() < 6_000, "it was stopped at its first look");
        assert!(opening.look_state().is_some_and(|state| state.is_stopped));
        opening.stop_looking(false);
        assert_eq!(looked_at(6_000).attempts().len(), 6_000);
    }

    #[test]
    fn what_was_read_comes_with_its_end_and_what_is_appended_follows() {
        let (mut file, rest) = half_a_sample();
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
        file.write_all(&rest).unwrap();
        let (n_all, n_problems) = next();
        assert!(n_all > n_first && n_problems == 0);
    }
}
