//! One open session: its records, how it is looked at, where it came from and where its file is.
use std::path::{Path, PathBuf};

use crate::core::record::{Record, SessionHeader};
use crate::session::problem::Problem;
use crate::session::secrets::Secrets;
use crate::store::Session;
use crate::ui::inspector::InspectorView;
use crate::ui::view_state::ViewState;

/// One open session.
pub(crate) struct Tab {
    /// The records.
    pub(crate) session: Session,
    /// How they are looked at.
    pub(crate) view: ViewState,
    /// What the inspector shows of the selected attempt.
    pub(crate) inspector: InspectorView,
    /// Where the session is kept, if it is.
    pub(crate) path: Option<PathBuf>,
    /// Whether it has records that are in no file.
    pub(crate) unsaved: bool,
    /// What was wrong with its file.
    pub(crate) problems: Vec<Problem>,
    /// What must never reach a file.
    pub(crate) secrets: Secrets,
    title: String,
}

impl Tab {
    /// A session that was read from a file, or the built-in sample where there is no path.
    pub(crate) fn opened(header: SessionHeader, records: Vec<Record>, problems: Vec<Problem>, path: Option<PathBuf>) -> Self {
        let title = match &path {
            Some(path) => file_title(path),
            None => header.name.clone(),
        };
        let mut tab = Self::empty(header, title, Secrets::default());
        tab.push(records);
        tab.unsaved = false;
        tab.path = path;
        tab.problems = problems;
        tab
    }

    /// A session that is about to be filled by a run or by capture.
    pub(crate) fn live(header: SessionHeader, title: impl Into<String>, secrets: Secrets) -> Self {
        Self::empty(header, title.into(), secrets)
    }

    fn empty(header: SessionHeader, title: String, secrets: Secrets) -> Self {
        Self {
            session: Session::new(header),
            view: ViewState::default(),
            inspector: InspectorView::default(),
            path: None,
            unsaved: false,
            problems: Vec::new(),
            secrets,
            title,
        }
    }

    /// Takes in records.
    pub(crate) fn push(&mut self, records: Vec<Record>) {
        self.unsaved |= !records.is_empty();
        for record in records {
            self.session.push(record);
        }
    }

    /// What the tab is called.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The session was written to a file.
    pub(crate) fn saved(&mut self, path: PathBuf) {
        self.title = file_title(&path);
        self.path = Some(path);
        self.unsaved = false;
    }

    /// A file name to suggest, without folder and with an ending.
    pub(crate) fn suggested_name(&self, ending: &str) -> String {
        let stem = self.title.split('.').next().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
        let stem: String = stem.chars().map(plain).collect();
        let stem = stem.trim_matches('-');
        format!("{}.{ending}", if stem.is_empty() { "session" } else { stem })
    }
}

fn file_title(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
