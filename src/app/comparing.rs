//! Comparisons of large bodies, on a thread of their own for each tab.
use super::jobs::{Job, JobEnd};
use super::shell::App;
use crate::ui::inspector::DifferenceAnswer;

/// The job that compares.
pub(super) type Comparing = Job<DifferenceAnswer>;

impl App {
    /// Hands the inspectors what was compared, and begins what they ask for.
    pub(super) fn keep_differences(&mut self) {
        for tab in &mut self.tabs {
            match tab.comparing.poll() {
                Some(JobEnd::Done(answer)) => tab.inspector.answer_difference(answer),
                Some(JobEnd::Panicked) => self.notices.error("The comparison broke off. Please report this."),
                None => (),
            }
            if let Some(question) = tab.inspector.take_difference_question() {
                tab.comparing.start(&self.ctx, "comparing large bodies", move |_| question.answer());
            }
        }
    }
}
