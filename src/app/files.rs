//! Files, read and written by jobs while the window goes on.
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::jobs::{Job, JobEnd, MeasuredJob};
use super::running::Going;
use super::shell::App;
use super::tab::{Snapshot, Tab};
use super::writing::{self, Steps, Writing};
use crate::core::names::RuleSetName;
use crate::core::watch::Watch;
use crate::session::export::{Timeline, TimelineFormat};
use crate::session::import::{self, ImportError, Imported};
use crate::session::link::{self, Link};
use crate::session::plan_file::{self, PlanError};
use crate::session::problem::Problem;
use crate::session::reader::{self, LoadedSession, ReadError};
use crate::session::secrets::Secrets;
use crate::session::writer::{self, WriteError};
use crate::store::watch::Watch as _;
use crate::ui::command::FileRequest;
use crate::ui::composer::draft::Draft;
use crate::ui::composer::problem::ComposerProblem;
use crate::ui::view_state::ViewCommand;

/// The jobs that read and write.
#[derive(Default)]
pub(super) struct Files {
    reading: Vec<MeasuredJob<Opened>>,
    writing: Vec<Writing<Written>>,
}

/// A file that was read.
struct Opened {
    path: PathBuf,
    content: Result<Content, String>,
}

enum Content {
    Session(Box<LoadedSession>, Vec<Problem>),
    Imported(Box<Imported>),
    /// A plan, and why it cannot be run, if it cannot.
    Plan(Map<String, Value>, Option<String>),
}

/// A file that was written.
struct Written {
    request: FileRequest,
    path: PathBuf,
    /// Names the session, so that its tab is found whatever became of the order of tabs.
    session_id: String,
    /// Which of its records there were: those that came while the file was written are not in it.
    revision: u64,
    outcome: Result<(), String>,
}

impl Files {
    /// What is being worked on.
    pub(super) fn working(&self) -> Option<String> {
        let reading = self.reading.iter().find_map(MeasuredJob::words);
        reading.or_else(|| self.writing.iter().find_map(Writing::words))
    }

    /// Whether anything is read whole.
    pub(super) fn is_reading(&self) -> bool {
        !self.reading.is_empty()
    }

    /// Whether anything is written.
    pub(super) fn is_writing(&self) -> bool {
        !self.writing.is_empty()
    }

    /// Stops what is written; older files stay as they were.
    fn stop_writing(&mut self) {
        self.writing.drain(..).for_each(|mut writing| writing.job.cancel());
    }

    /// Reads a session, a plan or a file to import.
    pub(super) fn open(&mut self, ctx: &egui::Context, path: PathBuf) {
        let mut job = MeasuredJob::default();
        let title = format!("opening {}", path.display());
        job.start(ctx, title, move |teller| {
            let content = read_content(&path, &mut |share| teller.done(share))?;
            Some(Opened { path, content })
        });
        self.reading.push(job);
    }

    /// Writes the session of a tab, secrets aliased.
    pub(super) fn save(&mut self, ctx: &egui::Context, path: PathBuf, tab: &Tab) {
        self.write(ctx, FileRequest::SaveSession, path, tab, |path, snapshot, watch| {
            let Snapshot { header, session, kept, aliases } = snapshot;
            watch.begin(&session, if writer::has_aliases(&header) { 2 } else { 1 });
            writer::save_from(path, &header, &mut |take| watch.give(&session, take), &kept, Secrets::aliased(aliases))
        });
    }

    /// Writes the timeline of a tab as CSV or JSON, secrets aliased.
    pub(super) fn export(&mut self, ctx: &egui::Context, request: FileRequest, path: PathBuf, tab: &Tab) {
        self.write(ctx, request, path, tab, move |path, snapshot, watch| {
            watch.begin(&snapshot.session, 1);
            let Snapshot { session, aliases, .. } = snapshot;
            let format = if request == FileRequest::ExportCsv { TimelineFormat::Csv } else { TimelineFormat::Json };
            let timeline = Timeline { session: &session, admits: &|_| true, format };
            writer::replace_file(path, |file| {
                timeline.write(BufWriter::new(file), Secrets::aliased(aliases), &mut |lost| {
                    watch.step()?;
                    lost.map_or(Ok(()), |lost| Err(io::Error::other(lost)))
                })
            })
        });
    }

    /// Writes a plan.
    pub(super) fn save_plan(&mut self, ctx: &egui::Context, path: PathBuf, plan: Map<String, Value>) {
        let mut job = Job::default();
        job.start(ctx, format!("writing {}", path.display()), move |_| {
            let outcome = writer::replace_file(&path, |file| file.write_all(plan_file::to_text(&plan).as_bytes()));
            let outcome = outcome.map_err(|error| error.to_string());
            Written { request: FileRequest::SavePlan, path, session_id: String::new(), revision: 0, outcome }
        });
        self.writing.push(Writing { job, steps: Arc::default() });
    }

    fn write(
        &mut self,
        ctx: &egui::Context,
        request: FileRequest,
        path: PathBuf,
        tab: &Tab,
        write: impl FnOnce(&Path, Snapshot, &writing::Watch<'_>) -> Result<(), WriteError> + Send + 'static,
    ) {
        let snapshot = tab.snapshot();
        let steps = Arc::<Steps>::default();
        let (mut job, worker_steps, waker) = (Job::default(), Arc::clone(&steps), ctx.clone());
        job.start(ctx, format!("writing {}", path.display()), move |cancel| {
            let (session_id, revision) = (snapshot.header.id.clone(), snapshot.session.revision());
            let watch = writing::Watch { steps: &worker_steps, cancel, waker: &waker };
            let outcome = write(&path, snapshot, &watch).map_err(|error| error.to_string());
            Written { request, path, session_id, revision, outcome }
        });
        self.writing.push(Writing { job, steps });
    }
}

impl App {
    /// Brings a new tab to the front.
    pub(super) fn show_tab(&mut self, mut tab: Tab) {
        tab.view.times = self.times();
        if let Some(wanted) = self.to_select.take() {
            self.select_linked(&mut tab, &wanted);
        }
        if let Some(filter) = self.to_filter.take() {
            tab.view.filter_bar.type_all(filter, &mut tab.view.arrangement.filter);
        }
        self.tabs.push(tab);
        self.front = self.tabs.len() - 1;
    }

    /// The recent file that holds the session of the link that is to be followed.
    pub(super) fn linked_file(&self) -> Option<PathBuf> {
        let Ok(link) = self.to_select.as_deref()?.parse::<Link>();
        link::file_of(&link, &self.settings.recent).map(Path::to_owned)
    }

    /// Selects the attempt that a link or a message id names.
    fn select_linked(&mut self, tab: &mut Tab, wanted: &str) {
        let Ok(link) = wanted.parse::<Link>();
        let is_other = link.session.as_ref().is_some_and(|id| *id != tab.session.header().id);
        if is_other && tab.path.is_none() {
            return self.notices.error(
                "No recent file holds the session that the link leads to. Name its file as well: \
                 delivery-inspector FILE --select LINK.",
            );
        }
        match link.find(&tab.session) {
            Some(attempt) => tab.view.apply(&tab.session, ViewCommand::SelectAttempt(attempt)),
            None => self.notices.error(format!("There is no attempt {wanted} in {}.", tab.title())),
        }
    }

    /// Stops what is being opened, and says so.
    pub(super) fn stop_reading(&mut self) {
        self.files.reading.drain(..).for_each(|mut reading| reading.cancel());
        self.notices.done("Opening was stopped.");
    }

    /// Stops what is being written, and says so.
    pub(super) fn stop_writing(&mut self) {
        self.files.stop_writing();
        self.notices.done("Writing was stopped. A file that was there before is as it was.");
    }

    /// Takes in what the jobs have ready.
    pub(super) fn take_files(&mut self) {
        let opened: Vec<_> = self.files.reading.iter_mut().filter_map(MeasuredJob::poll).collect();
        self.files.reading.retain(|reading| reading.percent().is_some());
        for opened in opened {
            match opened {
                JobEnd::Done(opened) => opened.into_iter().for_each(|opened| self.take_opened(opened)),
                JobEnd::Panicked => self.notices.error("Reading a file broke off. Please report this with the file."),
            }
        }
        if self.tabs.is_empty() && !self.files.is_reading() {
            self.open_sample();
        }
        let written: Vec<_> = self.files.writing.iter_mut().filter_map(|writing| writing.job.poll()).collect();
        self.files.writing.retain(|writing| writing.job.running().is_some());
        for written in written {
            match written {
                JobEnd::Done(written) => self.take_written(written),
                JobEnd::Panicked => self.notices.error("Writing a file broke off. Please report this."),
            }
        }
    }

    fn take_opened(&mut self, opened: Opened) {
        match opened.content {
            Ok(Content::Session(loaded, problems)) => {
                if let Some(problem) = problems.first() {
                    let more = match problems.len() {
                        1 => String::new(),
                        n_problems => format!(" ({} more)", n_problems - 1),
                    };
                    self.notices.error(format!("{} opened, but {problem}{more}", opened.path.display()));
                }
                let mut tab = Tab::opened(*loaded, problems, Some(opened.path.clone()));
                tab.look_for_leftover(&self.ctx);
                self.adopt_journal(&mut tab);
                let is_journal = tab.path.is_none();
                self.show_tab(tab);
                if is_journal {
                    return;
                }
            }
            Ok(Content::Imported(imported)) => {
                let Imported { session, from, notes } = *imported;
                let more = match &notes[..] {
                    [] => String::new(),
                    [note] => format!(" Not carried over: {note}."),
                    [note, more @ ..] => format!(" Not carried over: {note}, and {} more.", more.len()),
                };
                self.notices.done(format!("{} is {from}.{more}", opened.path.display()));
                // Its own file is not a session: saving asks where to.
                self.show_tab(Tab::opened(session, Vec::new(), None));
            }
            Ok(Content::Plan(plan, problem)) => {
                self.composer.draft = Draft::from_plan(&plan, &self.composer.draft);
                self.composer.problem = problem.map(|message| ComposerProblem { at: None, message });
                self.show_composer();
                self.notices.done(format!("{} is in the composer", opened.path.display()));
                if self.tabs.is_empty() {
                    self.open_sample();
                }
                if std::mem::take(&mut self.fires_at_start) && self.composer.problem.is_none() {
                    self.fire(Going::On);
                }
            }
            Err(message) => {
                self.notices.error(message);
                return;
            }
        }
        self.settings.remember(&opened.path);
        self.look_for_recent();
    }

    fn take_written(&mut self, written: Written) {
        if let Err(message) = written.outcome {
            return self.notices.error(message);
        }
        self.notices.done(format!("Wrote {}", written.path.display()));
        if matches!(written.request, FileRequest::SaveSession | FileRequest::SavePlan) {
            self.settings.remember(&written.path);
            self.look_for_recent();
        }
        if written.request == FileRequest::SaveSession
            && let Some(tab) = self.tabs.iter_mut().find(|tab| tab.session.header().id == written.session_id)
        {
            let is_filled = self.capturing.as_ref().is_some_and(|capturing| capturing.fills(tab));
            tab.saved(written.path, written.revision);
            if !tab.unsaved && !is_filled {
                tab.drop_needless_journal();
            }
        }
    }
}

/// A session, a file to import or a plan, told by what the file holds. None if `watch` stopped it.
fn read_content(path: &Path, watch: &mut Watch<'_>) -> Option<Result<Content, String>> {
    Some(match reader::read_file(path) {
        Ok((loaded, problems)) => Ok(Content::Session(Box::new(loaded), problems)),
        Err(ReadError::NotASession(seems)) => match import::read_file(path, RuleSetName::default(), watch) {
            Ok(imported) => Ok(Content::Imported(Box::new(imported))),
            Err(ImportError::Stopped) => return None,
            Err(error) if seems.is_imported() => Err(error.to_string()),
            Err(_) => read_plan(path)
                .map(|(plan, problem)| Content::Plan(plan, problem))
                .map_err(|error| format!("failed to open {}: it is no session ({seems}); {error}", path.display())),
        },
        Err(error) => Err(error.to_string()),
    })
}

/// A plan and, where it cannot be run, why: people can put it right in the composer.
fn read_plan(path: &Path) -> Result<(Map<String, Value>, Option<String>), PlanError> {
    let text = std::fs::read(path).map_err(|source| PlanError::Open { path: path.to_owned(), source })?;
    let source = plan_file::source_of(&text)?;
    // Checked as it would be before firing; a variable that is not set is for then.
    let problem = plan_file::from_source(source.clone(), &|_| Some(String::new())).err();
    Ok((source, problem.map(|error| error.to_string())))
}
