//! What every painter of the timeline reads.
use egui::{Painter, Rangef, Ui};

use super::areas::Areas;
use super::playhead::Phase;
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::ui::stamps;
use crate::ui::theme::Theme;
use crate::ui::time_axis::TimeAxis;
use crate::ui::view_state::ViewState;

/// One frame.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) session: &'a Session,
    pub(super) view: &'a ViewState,
    pub(super) areas: &'a Areas,
    pub(super) axis: &'a TimeAxis<'a>,
    pub(super) theme: &'a Theme,
}

impl Scene<'_> {
    /// When the session began.
    pub(super) fn origin(&self) -> Timestamp {
        self.view.timeline.origin(self.session).unwrap_or_default()
    }

    /// Two instants, as people read them.
    pub(super) fn instants(&self, start: Timestamp, end: Timestamp) -> String {
        let instant = |at| stamps::instant(self.view.times, at, self.origin());
        format!("{} to {}", instant(start), instant(end))
    }

    /// What has become of something by the instant that people look at.
    pub(super) fn phase(&self, start: Timestamp, end: Timestamp) -> Phase {
        Phase::at(self.view.timeline.playhead(), start, end)
    }

    /// What has become of something that takes no time.
    pub(super) fn phase_of(&self, at: Timestamp) -> Phase {
        self.phase(at, at)
    }

    /// Paints on the plot, between two heights.
    pub(super) fn plot_painter(&self, ui: &Ui, y: Rangef) -> Painter {
        ui.painter_at(self.areas.plot_rect(y).intersect(ui.clip_rect()))
    }
}
