//! One open session: its records, how it is looked at, where it came from and where its file is.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::arranging::Arranging;
use super::chronicling::Chronicling;
use super::comparing::Comparing;
use super::finding::Finding;
use super::journals::Journal;
use super::leftover::Leftover;
use super::opening::Opening;
use super::running::Running;
use crate::core::plan::Plan;
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, LoadedSession};
use crate::session::secrets::Aliases;
use crate::store::Session;
use crate::store::filter::Filter;
use crate::ui::examples::Example;
use crate::ui::find::FindView;
use crate::ui::frame_state::LookState;
use crate::ui::history::History;
use crate::ui::inspector::InspectorView;
use crate::ui::mask::AliasBook;
use crate::ui::view_state::{Selection, ViewState};

/// One open session.
pub(super) struct Tab {
    /// The records.
    pub(super) session: Session,
    /// How they are looked at.
    pub(super) view: ViewState,
    /// What the inspector shows of the selected attempt.
    pub(super) inspector: InspectorView,
    /// The job that compares large bodies for it.
    pub(super) comparing: Comparing,
    /// What stands for its secrets on the screen.
    pub(super) shown_aliases: AliasBook,
    /// Where the session is kept, if it is.
    pub(super) path: Option<PathBuf>,
    /// Whether it has records that are in no file.
    pub(super) unsaved: bool,
    /// What was wrong with its file.
    pub(super) problems: Vec<Problem>,
    /// The worker that reads its file, if that is large, and follows it.
    pub(super) opening: Option<Opening>,
    /// The run that fills it.
    pub(super) running: Option<Running>,
    /// Whether the person was told that closing it loses records.
    pub(super) close_warned: bool,
    /// Whether it is the story that a new window shows, which the hints are about.
    pub(super) is_first_story: bool,
    /// The story that it tells, until the note on it is closed.
    pub(super) story: Option<&'static Example>,
    /// The search, while its field is shown.
    pub(super) find: Option<FindView>,
    /// The job that searches a large file for it.
    pub(super) finding: Finding,
    /// Filters before and after this one.
    pub(super) filters: History<Filter>,
    /// The job that filters and sorts its rows, where there are very many.
    pub(super) arranging: Arranging,
    /// The job that sorts when things happened, where there are very many.
    pub(super) chronicling: Chronicling,
    /// What its run has left to be done.
    pub(super) leftover: Leftover,
    /// Where its records are safe while they are in no file.
    pub(super) journal: Option<Journal>,
    title: String,
    plan: Option<Arc<Plan>>,
    kept: Vec<KeptLine>,
}

/// What a file of a session is made of, apart from the window.
pub(super) struct Snapshot {
    pub(super) header: SessionHeader,
    /// Its records; those that stay in their file are read when they are asked for.
    pub(super) session: Session,
    pub(super) kept: Vec<KeptLine>,
    pub(super) aliases: Aliases,
}

impl Tab {
    /// A session that was read from a file, or the built-in sample where there is no path.
    pub(super) fn opened(loaded: LoadedSession, problems: Vec<Problem>, path: Option<PathBuf>) -> Self {
        let title = path.as_deref().map_or_else(|| loaded.header.name.clone(), file_title);
        let mut tab = Self::live(loaded.header, title, None);
        tab.push(loaded.records);
        tab.select_first();
        Self { unsaved: false, path, problems, kept: loaded.kept, ..tab }
    }

    /// A session whose file is being read.
    pub(super) fn opening(path: PathBuf, opening: Opening) -> Self {
        let title = file_title(&path);
        let header = SessionHeader::new(path.display().to_string(), title.clone(), Timestamp::EPOCH, "");
        Self { path: Some(path), opening: Some(opening), ..Self::live(header, title, None) }
    }

    /// Its file was read to its end.
    pub(super) fn take_end(&mut self, problems: Vec<Problem>, kept: Vec<KeptLine>) {
        self.problems = problems;
        self.kept = kept;
    }

    /// How the search for findings in its file stands, while it is on or stopped.
    pub(super) fn look_state(&self) -> Option<LookState> {
        self.opening.as_ref()?.look_state()
    }

    /// That its file opened although something is wrong with it, where that is new.
    pub(super) fn problem_words(&self, problems: &[Problem]) -> Option<String> {
        let first = problems.first().filter(|_| self.problems.is_empty())?;
        let more = if problems.len() > 1 { format!(" ({} more)", problems.len() - 1) } else { String::new() };
        Some(format!("{} opened, but {first}{more}", self.title))
    }

    /// A session that is about to be filled, by a run of `plan` or by capture.
    pub(super) fn live(header: SessionHeader, title: impl Into<String>, plan: Option<Arc<Plan>>) -> Self {
        Self {
            session: Session::new(header),
            view: ViewState::default(),
            inspector: InspectorView::default(),
            comparing: Comparing::default(),
            shown_aliases: AliasBook::default(),
            path: None,
            unsaved: false,
            problems: Vec::new(),
            opening: None,
            running: None,
            close_warned: false,
            is_first_story: false,
            story: None,
            find: None,
            finding: Finding::default(),
            filters: History::new(Filter::default()),
            arranging: Arranging::default(),
            chronicling: Chronicling::default(),
            leftover: Leftover::default(),
            journal: None,
            title: title.into(),
            plan,
            kept: Vec::new(),
        }
    }

    /// The run tells what its session is; nothing was recorded yet.
    pub(super) fn begin(&mut self, header: SessionHeader) {
        self.session = Session::new(header);
    }

    /// Takes in records.
    pub(super) fn push(&mut self, records: Vec<Record>) {
        self.unsaved |= !records.is_empty();
        if let Some(journal) = &mut self.journal {
            journal.add(&records);
        }
        for record in records {
            self.session.push(record);
        }
    }

    /// Selects the first attempt if nothing is selected, so that the inspector has something to say.
    pub(super) fn select_first(&mut self) {
        if self.view.selection.is_none()
            && self.view.beginnings.chosen().is_none()
            && let Some(attempt) = self.session.attempts().indices().next()
        {
            let delivery = self.session.attempt(attempt).delivery;
            self.view.selection = Some(Selection { delivery, attempt });
        }
    }

    /// What the tab is called.
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// The session was written to a file, as it was at a revision.
    pub(super) fn saved(&mut self, path: PathBuf, revision: u64) {
        self.title = file_title(&path);
        self.path = Some(path);
        self.unsaved = self.session.revision() != revision;
        self.close_warned = false;
    }

    /// All of it is in a file. What a run goes on to record is still to be kept, and bodies may stand in the journal.
    pub(super) fn drop_needless_journal(&mut self) {
        if self.running.is_none() && !self.session.is_in_file() {
            self.forget_journal();
        }
    }

    /// It was read from a journal, and is in no file that the person knows.
    pub(super) fn adopt(&mut self, journal: Journal) {
        self.title.clone_from(&self.session.header().name);
        self.unsaved = true;
        self.journal = Some(journal);
    }

    /// Its records are in a file, or nobody wants them.
    pub(super) fn forget_journal(&mut self) {
        if let Some(journal) = self.journal.take() {
            journal.forget();
        }
    }

    /// It goes on by this plan.
    pub(super) fn take_plan(&mut self, plan: Arc<Plan>) {
        self.plan = Some(plan);
    }

    /// A file name to suggest, without folder and with an ending.
    pub(super) fn suggested_name(&self, ending: &str) -> String {
        let stem = self.title.split('.').next().unwrap_or_default();
        let plain: String =
            stem.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
        let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
        format!("{}.{ending}", if words.is_empty() { "session".to_owned() } else { words.join("-") })
    }

    /// Aliases that know the secrets of the plan that was fired.
    pub(super) fn aliases(&self) -> Aliases {
        self.plan.as_deref().map_or_else(Aliases::new, Aliases::of_plan)
    }

    /// The plan that it came from, as it was written; secrets are aliased if it was read from a file.
    pub(super) fn plan_source(&self) -> Option<&Map<String, Value>> {
        match &self.plan {
            Some(plan) => Some(&plan.source),
            None => self.session.header().plan.as_object().filter(|plan| plan.contains_key("destination")),
        }
    }

    /// What a file of it is made of; records are shared, not copied.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            header: self.session.header().clone(),
            session: self.session.snapshot(),
            kept: self.kept.clone(),
            aliases: self.aliases(),
        }
    }
}

fn file_title(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::EventRecord;

    fn event(number: u32) -> Record {
        let id = format!("e{number}").into();
        let (received_at, payload) = (Timestamp::EPOCH, Value::Null);
        Record::Event(Arc::new(EventRecord { id, received_at, message_id: None, payload, extra: Map::new() }))
    }

    #[test]
    fn what_comes_while_a_file_is_written_is_not_saved_by_it() {
        let header = SessionHeader::new("s", "n", Timestamp::EPOCH, "fired");
        let mut tab = Tab::live(header, "t", None);
        tab.push(vec![event(1)]);
        let written = tab.snapshot().session.revision();
        tab.push(vec![event(2)]);
        tab.saved(PathBuf::from("s.session.jsonl"), written);
        assert!(tab.unsaved, "the second event is in no file");
        tab.saved(PathBuf::from("s.session.jsonl"), tab.snapshot().session.revision());
        assert!(!tab.unsaved);
    }
}
