//! Sorting when things happened, for the playhead: at once in small sessions, by a job in large ones.
use std::sync::Arc;

use super::jobs::{Job, JobEnd};
use super::tab::Tab;
use crate::store::chronicle::Chronicle;

/// Sessions with more attempts than this are gone through by a job.
const MOST_AT_ONCE: usize = 50_000;

/// The job of one tab.
#[derive(Default)]
pub(super) struct Chronicling {
    job: Job<Chronicle>,
    /// The revision of the session that it was asked for last.
    asked: Option<u64>,
}

impl Chronicling {
    /// What it does.
    pub(super) fn words(&self) -> Option<String> {
        self.job.running().map(str::to_owned)
    }
}

impl Tab {
    /// Sees to it that the state at the playhead can be told.
    pub(super) fn keep_chronicle(&mut self, ctx: &egui::Context) {
        if let Some(JobEnd::Done(chronicle)) = self.chronicling.job.poll() {
            self.view.chronicle = Some(Arc::new(chronicle));
        }
        let is_current = self.view.chronicle.as_ref().is_some_and(|chronicle| chronicle.is_current(&self.session));
        if self.view.timeline.playhead().is_none() || is_current {
            return;
        }
        if self.session.attempts().len() <= MOST_AT_ONCE {
            self.view.chronicle = Some(Arc::new(Chronicle::of(&self.session)));
        } else if self.chronicling.asked != Some(self.session.revision()) && self.chronicling.job.running().is_none() {
            self.chronicling.asked = Some(self.session.revision());
            let session = self.session.snapshot();
            self.chronicling.job.start(ctx, "sorting what happened when", move |_| Chronicle::of(&session));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;
    use crate::store::demo::at;

    #[test]
    fn a_large_session_is_gone_through_by_a_job_and_only_while_somebody_looks() {
        let ctx = egui::Context::default();
        let mut tab = Tab::live(demo::session().header().clone(), "many", None);
        tab.session = demo::many(60_000);
        tab.keep_chronicle(&ctx);
        assert!(tab.view.chronicle.is_none() && tab.chronicling.words().is_none(), "nobody looks");
        tab.view.timeline.look_at(Some(at(0)));
        tab.keep_chronicle(&ctx);
        assert!(tab.chronicling.words().is_some());
        while tab.chronicling.words().is_some() {
            std::thread::yield_now();
            tab.keep_chronicle(&ctx);
        }
        assert_eq!(tab.view.chronicle.as_deref(), Some(&Chronicle::of(&tab.session)));
    }
}
