//! Rows of very many deliveries are filtered and sorted by a job. Those that were there last stay until it is done, or until it
//! shows what it has found so far.
use super::jobs::{JobEnd, MeasuredJob};
use super::shell::App;
use super::tab::Tab;
use crate::store::filter::Filter;
use crate::store::label::counted;
use crate::store::rows::{Arrangement, Rows};
use crate::ui::frame_state::LookState;

/// The job of one tab.
#[derive(Default)]
pub(super) struct Arranging {
    pub(super) job: MeasuredJob<Rows>,
    /// What it was asked for.
    asked: Option<Arrangement>,
    /// The filter for which the person wants no more records looked into.
    stopped: Option<Filter>,
}

impl Tab {
    /// Brings rows and timeline up to date, or sees to it that a job does.
    pub(super) fn arrange(&mut self, ctx: &egui::Context) {
        if let Some(rows) = self.arranging.job.news() {
            self.view.take_rows(rows);
        }
        // A worker that panicked is asked again when the session or the arrangement changes, not in every frame.
        match self.arranging.job.poll() {
            Some(JobEnd::Done(Some(rows))) => {
                self.view.take_rows(rows);
                self.arranging.asked = None;
            }
            Some(JobEnd::Done(None)) => self.arranging.asked = None,
            Some(JobEnd::Panicked) | None => {}
        }
        self.view.refresh(&self.session);
        let is_asked = self.arranging.asked.as_ref() == Some(&self.view.arrangement);
        if !is_asked && !self.view.rows.are_current(&self.session, &self.view.arrangement) {
            self.start_arranging(ctx);
        }
    }

    /// Whether the person wants no more records looked into for the filter in force.
    fn is_filter_stopped(&self) -> bool {
        self.arranging.stopped.as_ref() == Some(&self.view.arrangement.filter)
    }

    fn start_arranging(&mut self, ctx: &egui::Context) {
        let session = self.session.snapshot();
        let arrangement = self.view.arrangement.clone();
        let before = self.view.rows.before();
        self.arranging.asked = Some(arrangement.clone());
        let what = counted(session.deliveries().len(), "delivery", "deliveries");
        let doing = if arrangement.filter.looks_into_records() { "filtering" } else { "arranging" };
        self.arranging.job.start(ctx, format!("{doing} {what}"), move |teller| {
            Rows::make_again(&session, &arrangement, before, teller)
        });
        if self.is_filter_stopped() {
            self.arranging.job.stop();
        }
    }

    /// How the search through records for the filter stands, while it is on or was stopped.
    pub(super) fn filter_state(&self) -> Option<LookState> {
        let filter = &self.view.arrangement.filter;
        if !self.session.is_in_file() || !filter.looks_into_records() {
            return None;
        }
        if self.is_filter_stopped() {
            let percent = self.view.rows.extent().percent()?;
            return Some(LookState { percent: u64::from(percent), is_stopped: true });
        }
        let percent = self.arranging.job.percent()?;
        Some(LookState { percent: u64::from(percent), is_stopped: false })
    }
}

impl App {
    /// Has the search through records for the filter in front stop, or go on where it stood.
    pub(super) fn stop_filtering(&mut self, is_stopped: bool) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        if is_stopped {
            tab.arranging.stopped = Some(tab.view.arrangement.filter.clone());
            tab.arranging.job.stop();
        } else {
            tab.arranging.stopped = None;
            tab.start_arranging(&self.ctx);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;
    use crate::store::filter::Facet;
    use crate::store::{Fate, Session};

    fn settled(tab: &mut Tab, ctx: &egui::Context) {
        tab.arrange(ctx);
        while tab.arranging.job.percent().is_some() {
            assert!(tab.arranging.job.words().is_some());
            std::thread::yield_now();
            tab.arrange(ctx);
        }
    }

    fn tab_of(session: Session) -> Tab {
        let mut tab = Tab::live(session.header().clone(), "many", None);
        tab.session = session;
        tab
    }

    #[test]
    fn very_many_rows_are_sorted_and_filtered_by_a_job_and_the_old_ones_stay_meanwhile() {
        let ctx = egui::Context::default();
        let mut tab = tab_of(demo::many(30_000));
        tab.arrange(&ctx);
        assert!(tab.arranging.job.percent().is_some() && tab.view.rows.visible_deliveries().is_empty());
        settled(&mut tab, &ctx);
        let up = tab.view.rows.visible_deliveries().to_vec();
        assert_eq!(up.len(), 30_000);
        tab.view.arrangement.toggle_sort(crate::store::rows::SortKey::Started);
        tab.arrange(&ctx);
        assert_eq!(tab.view.rows.visible_deliveries(), up, "until the job is done");
        settled(&mut tab, &ctx);
        assert!(tab.view.rows.visible_deliveries().iter().rev().eq(&up));
        tab.view.arrangement.filter = tab.view.arrangement.filter.toggled(Facet::Fate(Fate::Dropped), &tab.session);
        settled(&mut tab, &ctx);
        assert_eq!(tab.view.rows.visible_deliveries().len(), 300);
    }

    #[test]
    fn another_question_takes_the_place_of_the_one_that_runs() {
        let ctx = egui::Context::default();
        let mut tab = tab_of(demo::many(30_000));
        for number in 0..20 {
            tab.view.arrangement.toggle_sort(crate::store::rows::SortKey::ALL[number % 9]);
            tab.arrange(&ctx);
        }
        settled(&mut tab, &ctx);
        assert!(tab.view.rows.are_current(&tab.session, &tab.view.arrangement));
    }

    #[test]
    fn a_filter_that_looks_into_records_is_stopped_with_what_it_has_and_goes_on_where_it_stood() {
        let ctx = egui::Context::default();
        let mut tab = tab_of(crate::app::large_session::in_file(30_000));
        settled(&mut tab, &ctx);
        assert_eq!(tab.filter_state(), None, "no filter is in force");
        let filter = Filter::parse("message:7").unwrap();
        tab.view.arrangement.filter = filter.clone();
        tab.arranging.stopped = Some(filter);
        settled(&mut tab, &ctx);
        let state = tab.filter_state().unwrap();
        let n_found = tab.view.rows.visible_deliveries().len();
        assert!(state.is_stopped && state.percent < 100 && tab.view.rows.extent().percent().is_some());
        tab.view.arrangement.toggle_sort(crate::store::rows::SortKey::Started);
        settled(&mut tab, &ctx);
        assert_eq!(tab.view.rows.visible_deliveries().len(), n_found, "sorting does not go on with it");
        tab.arranging.stopped = None;
        tab.start_arranging(&ctx);
        settled(&mut tab, &ctx);
        assert_eq!((tab.filter_state(), tab.view.rows.extent().percent()), (None, None));
        let n_all = tab.view.rows.visible_deliveries().len();
        assert!(n_all > n_found && n_all < 30_000);
        tab.view.arrangement.filter = Filter::parse("message:8").unwrap();
        settled(&mut tab, &ctx);
        assert_eq!(tab.view.rows.extent().percent(), None, "another filter was not stopped");
    }
}
