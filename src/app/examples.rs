//! The sessions of the stories in Help → Examples.
use super::shell::App;
use super::tab::Tab;
use crate::session::reader;
use crate::ui::examples::examples;

macro_rules! sessions {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../sample-sessions/", $name, ".session.jsonl")))),+]
    };
}

const SESSIONS: &[(&str, &[u8])] = sessions![
    "token-propagation",
    "token-propagation-no-refresh",
    "token-propagation-on-main",
    "token-revoked",
    "token-revoked-for-good",
    "refresh-fails",
    "refresh-race",
    "refresh-race-shared",
    "refresh-race-rotated",
    "token-nodes",
    "pendo-busy",
    "pendo-busy-batch",
    "pendo-item-409",
    "node-sdk-pendo",
    "stale-trait-duplicate",
    "idempotency-key-saves",
    "key-reuse",
    "key-of-the-person",
    "timeout-after-commit",
    "ingest-same-id",
    "batch-reformed",
    "retry-storm",
    "batch-partial",
    "poison-event-batch",
    "poison-event-unsent",
];

/// The story that a new window shows.
const FIRST: &str = SESSIONS[0].0;

impl App {
    /// Opens the story that a new window shows.
    pub(super) fn open_sample(&mut self) {
        self.open_example(FIRST);
    }

    /// Opens a story in a tab of its own.
    pub(super) fn open_example(&mut self, name: &str) {
        let Some((_, bytes)) = SESSIONS.iter().find(|(have, _)| *have == name) else {
            return self.notices.error(format!("There is no example {name}."));
        };
        match reader::read_bytes(bytes) {
            Ok((loaded, problems)) => {
                let mut tab = Tab::opened(loaded, problems, None);
                tab.is_first_story = name == FIRST;
                tab.story = examples().find(|example| example.name == name);
                self.show_tab(tab);
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_story_has_its_session_and_every_session_opens() {
        let titles: BTreeSet<&str> = examples().map(|example| example.name).collect();
        let sessions: BTreeSet<&str> = SESSIONS.iter().map(|(name, _)| *name).collect();
        assert_eq!(titles, sessions);
        assert_eq!(titles.len(), examples().count(), "no name twice");
        for (name, bytes) in SESSIONS {
            let (loaded, problems) = reader::read_bytes(bytes).unwrap();
            assert!(problems.is_empty() && !loaded.records.is_empty(), "{name}");
        }
    }
}
