//! Rows of very many deliveries are filtered and sorted by a job; those that were there last stay until it is done.
use super::jobs::{JobEnd, MeasuredJob};
use super::tab::Tab;
use crate::store::label::counted;
use crate::store::rows::{Arrangement, Rows};

/// The job of one tab.
#[derive(Default)]
pub(super) struct Arranging {
    pub(super) job: MeasuredJob<Rows>,
    /// What it was asked for.
    asked: Option<Arrangement>,
}

impl Tab {
    /// Brings rows and timeline up to date, or sees to it that a job does.
    pub(super) fn arrange(&mut self, ctx: &egui::Context) {
        // A worker that panicked is asked again when the session or the arrangement changes, not in every frame.
        match self.arranging.job.poll() {
            Some(JobEnd::Done(Some(rows))) => {
                self.view.rows = rows;
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

    fn start_arranging(&mut self, ctx: &egui::Context) {
        let session = self.session.snapshot();
        let arrangement = self.view.arrangement.clone();
        self.arranging.asked = Some(arrangement.clone());
        let title = format!("arranging {}", counted(session.deliveries().len(), "delivery", "deliveries"));
        self.arranging.job.start(ctx, title, move |watch| Rows::make(&session, &arrangement, watch));
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
}
