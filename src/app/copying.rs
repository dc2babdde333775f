//! Copy as: the selected attempt and the rows that are shown, for other programs and for people.
use std::sync::Arc;

use super::shell::App;
use super::tab::Tab;
use crate::core::record::{Attempt, Record};
use crate::session::export::curl;
use crate::session::link::Link;
use crate::session::wire::write_record;
use crate::store::{AttemptIdx, DeliveryIdx, Session};
use crate::ui::command::Command;

impl App {
    /// The selected attempt as it stands in a session file.
    pub(super) fn copy_attempt(&mut self) {
        self.copy_of_selected("the attempt, secrets aliased", |tab, attempt_idx| {
            Some(attempt_json(&Record::Attempt(Arc::new(aliased(tab, attempt_idx)?))))
        });
    }

    /// The request that is looked at, or the one that decided, for a shell.
    pub(super) fn copy_curl(&mut self) {
        self.copy_of_selected("the request as cURL, secrets as variables", |tab, attempt_idx| {
            let attempt = aliased(tab, attempt_idx)?;
            Some(curl(tab.inspector.exchange_of(&attempt)?))
        });
    }

    /// A link to the selected attempt.
    pub(super) fn copy_link(&mut self) {
        self.copy_of_selected("the link", |tab, attempt_idx| Some(Link::to(&tab.session, attempt_idx).to_string()));
    }

    /// The rows that are shown, as `write` writes them.
    pub(super) fn copy_rows(&mut self, write: fn(&Session, &[DeliveryIdx]) -> String, what: &'static str) {
        let Some(tab) = self.tabs.get(self.front) else { return };
        let text = write(&tab.session, tab.view.rows.visible_deliveries());
        self.apply(Command::Copy(text, what));
    }

    /// Where the file of the session in front is.
    pub(super) fn copy_path(&mut self) {
        match self.tabs.get(self.front).and_then(|tab| tab.path.as_ref()) {
            Some(path) => self.apply(Command::Copy(path.display().to_string(), "the path")),
            None => self.notices.error("This session is in no file yet; Save as… puts it into one."),
        }
    }

    fn copy_of_selected(&mut self, what: &'static str, text: impl FnOnce(&Tab, AttemptIdx) -> Option<String>) {
        let Some((tab, selection)) = self.tabs.get(self.front).and_then(|tab| Some((tab, tab.view.selection?))) else {
            return self.notices.error("Select an attempt to copy it.");
        };
        match text(tab, selection.attempt) {
            Some(text) => self.apply(Command::Copy(text, what)),
            None => self.notices.error("This attempt sent no request."),
        }
    }
}

/// An attempt with its secrets aliased.
fn aliased(tab: &Tab, attempt_idx: AttemptIdx) -> Option<Attempt> {
    match tab.aliases().record(&Record::Attempt(tab.session.details(attempt_idx))) {
        Record::Attempt(attempt) => Some(Arc::unwrap_or_clone(attempt)),
        Record::Event(_) => None,
    }
}

/// A record as it stands in a session file.
fn attempt_json(record: &Record) -> String {
    let mut line = Vec::new();
    match write_record(&mut line, record) {
        Ok(()) => String::from_utf8_lossy(&line).trim_end().to_owned(),
        Err(error) => error.to_string(),
    }
}
