//! Comparisons of large bodies, on a thread of their own for each tab.
use super::jobs::{JobEnd, MeasuredJob};
use super::shell::App;
use crate::store::watch::Watch as _;
use crate::ui::inspector::DifferenceAnswer;

/// The job that compares.
pub(super) type Comparing = MeasuredJob<DifferenceAnswer>;

impl App {
    /// Hands the inspectors what was compared, begins what they ask for, and stops what nobody wants.
    pub(super) fn keep_differences(&mut self) {
        for tab in &mut self.tabs {
            let comparing = &mut tab.comparing;
            match comparing.poll() {
                Some(JobEnd::Done(Some(answer))) => tab.inspector.answer_difference(answer),
                Some(JobEnd::Panicked) => self.notices.error("The comparison broke off. Please report this."),
                Some(JobEnd::Done(None)) | None => (),
            }
            if tab.inspector.take_difference_stop() {
                comparing.cancel();
            }
            if let Some(question) = tab.inspector.take_difference_question() {
                comparing.start(&self.ctx, "comparing large bodies", move |teller| {
                    question.answer(&mut |done| teller.done(done))
                });
            }
            tab.inspector.tell_difference_percent(comparing.percent());
        }
    }
}
