//! Find in the session in front: a little in each frame where records are in memory, by a job where they stay in a file.
use super::jobs::{JobEnd, MeasuredJob};
use super::shell::App;
use super::tab::Tab;
use crate::store::search::Found;
use crate::ui::find::FRAME_SHARE;
use crate::ui::view_state::ViewCommand;

/// The job of one tab.
#[derive(Default)]
pub(super) struct Finding {
    job: MeasuredJob<Found>,
    /// How many attempts there were when it was asked last.
    asked: Option<usize>,
}

impl Finding {
    /// How far it is, in percent, while it works.
    pub(super) fn percent(&self) -> Option<u32> {
        self.job.percent()
    }
}

impl App {
    /// Searches a little further, and shows the first match of a new search.
    pub(super) fn go_on_finding(&mut self, ctx: &egui::Context) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        if tab.session.is_in_file() {
            tab.keep_finding(ctx);
        } else if let Some(search) = &mut tab.find
            && !search.advance(&tab.session, FRAME_SHARE)
        {
            ctx.request_repaint();
        }
        let from = tab.view.selection.map(|selection| selection.attempt);
        if let Some(hit) = tab.find.as_mut().and_then(|search| search.take_jump(from)) {
            tab.view.apply(&tab.session, ViewCommand::SelectAttempt(hit));
        }
    }
}

impl Tab {
    /// Takes what the job has found, and sees to it that it searches for what is asked for.
    pub(super) fn keep_finding(&mut self, ctx: &egui::Context) {
        let Finding { job, asked } = &mut self.finding;
        let Some(search) = &mut self.find else {
            job.cancel();
            *asked = None;
            return;
        };
        if search.begin() {
            job.cancel();
            *asked = None;
        }
        if let Some(found) = job.news() {
            search.take(found);
        }
        match job.poll() {
            Some(JobEnd::Done(Some(found))) => {
                search.take(found);
                *asked = None;
            }
            // A worker that panicked is asked again when the session has grown, not in every frame.
            Some(JobEnd::Done(None) | JobEnd::Panicked) | None => {}
        }
        if search.is_stopped {
            job.stop();
        }
        let n_attempts = self.session.attempts().len();
        if job.percent().is_none()
            && *asked != Some(n_attempts)
            && let Some((question, found)) = search.question(&self.session)
        {
            *asked = Some(n_attempts);
            let session = self.session.snapshot();
            job.start(ctx, "searching", move |teller| found.go_on(&session, &question, teller));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::large_session::in_file;
    use crate::store::demo;
    use crate::ui::find::FindView;

    fn settled(tab: &mut Tab) {
        let ctx = egui::Context::default();
        tab.keep_finding(&ctx);
        while tab.finding.percent().is_some() {
            std::thread::yield_now();
            tab.keep_finding(&ctx);
        }
    }

    #[test]
    fn a_file_is_searched_by_a_job_that_goes_on_when_it_was_stopped_and_ends_when_nobody_searches() {
        let mut tab = Tab::live(demo::session().header().clone(), "many", None);
        tab.session = in_file(6_000);
        let mut find = FindView::open();
        find.query = "7".to_owned();
        tab.find = Some(find);
        settled(&mut tab);
        let found = |tab: &Tab| tab.find.as_ref().map(|find| (find.hits().len(), find.n_searched()));
        let (n_hits, n_searched) = found(&tab).unwrap();
        assert!(n_hits > 0 && n_hits < 6_000 && n_searched == 6_000);
        let find = tab.find.as_mut().unwrap();
        find.query.push('1');
        find.begin();
        find.is_stopped = true;
        settled(&mut tab);
        assert_eq!(found(&tab), Some((0, 0)), "nothing is begun while it is stopped");
        tab.find.as_mut().unwrap().is_stopped = false;
        settled(&mut tab);
        assert!(found(&tab).is_some_and(|(n, n_searched)| n > 0 && n < n_hits && n_searched == 6_000));
        tab.find.as_mut().unwrap().query.push('2');
        tab.keep_finding(&egui::Context::default());
        tab.find = None;
        tab.keep_finding(&egui::Context::default());
        assert_eq!(tab.finding.percent(), None);
    }
}
