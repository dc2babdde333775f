//! Comparisons of large bodies, on a thread of their own for each tab.
use super::jobs::{Job, JobEnd, Percent};
use super::shell::App;
use crate::ui::inspector::DifferenceAnswer;

/// The job that compares.
#[derive(Default)]
pub(super) struct Comparing {
    job: Job<Option<DifferenceAnswer>>,
    percent: Percent,
}

impl Comparing {
    /// Whether it works.
    pub(super) fn is_running(&self) -> bool {
        self.job.running().is_some()
    }

    /// What it does and how far it is.
    pub(super) fn words(&self) -> Option<String> {
        Some(format!("{}, {} %", self.job.running()?, self.percent.get()))
    }
}

impl App {
    /// Hands the inspectors what was compared, begins what they ask for, and stops what nobody wants.
    pub(super) fn keep_differences(&mut self) {
        for tab in &mut self.tabs {
            let comparing = &mut tab.comparing;
            match comparing.job.poll() {
                Some(JobEnd::Done(Some(answer))) => tab.inspector.answer_difference(answer),
                Some(JobEnd::Panicked) => self.notices.error("The comparison broke off. Please report this."),
                Some(JobEnd::Done(None)) | None => (),
            }
            if tab.inspector.take_difference_stop() {
                comparing.job.cancel();
            }
            if let Some(question) = tab.inspector.take_difference_question() {
                comparing.percent = Percent::default();
                let (waker, percent) = (self.ctx.clone(), comparing.percent.clone());
                comparing.job.start(&self.ctx, "comparing large bodies", move |cancel| {
                    question.answer(&mut percent.watch(waker, cancel.clone()))
                });
            }
            tab.inspector.tell_difference_percent(comparing.is_running().then(|| comparing.percent.get()));
        }
    }
}
