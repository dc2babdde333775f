//! Which part of the session the timeline shows.
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use egui::Rangef;

use super::ahead::{Ahead, Live, Pending, live_end};
use super::learned::Learned;
use super::measure::Measure;
use crate::core::stepping::{Standstill, UnderWay};
use crate::core::time::Timestamp;
use crate::store::activity::{Activity, Span};
use crate::store::beginning::Beginning;
use crate::store::{Delivery, DeliveryIdx, Session};
use crate::ui::row_list::RowAnchor;
use crate::ui::time_axis::{Folds, TimeAxis};

/// A delivery that took no time is shown with so much around it.
const LEAST_FIT: Duration = Duration::from_millis(20);

/// What is between the edges.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Window {
    /// The whole session, however it grows.
    #[default]
    All,
    /// A span with room for marks beside it.
    Fit(Span),
    /// A span from edge to edge.
    Exact(Span),
}

/// The timeline's part of the view.
#[derive(Debug, Default)]
pub struct TimelineView {
    /// Which rows are in view.
    pub(super) scroll: RowAnchor,
    window: Window,
    opened: BTreeSet<Timestamp>,
    folds: Folds,
    /// Revision, opened folds, how often it was told of a run, and where a live axis ends.
    made_for: Option<(u64, usize, u64, Option<Timestamp>)>,
    wants_reveal: bool,
    /// What whole records of the rows in view told.
    pub(super) learned: Learned,
    /// What people measure.
    pub(super) measure: Measure,
    /// Where the run stands that fills the session.
    stands_at: Option<Arc<Standstill>>,
    /// The run in real time that fills the session.
    live: Option<Live>,
    /// Counts what was told of runs.
    n_told: u64,
    /// Whether people have scrolled away from the last row: new ones are not followed then.
    pub(super) is_away: bool,
    ahead: Option<Ahead>,
    /// From the first thing to the last that is ahead; none while no run stands.
    range: Option<Span>,
    playhead: Option<Timestamp>,
    wants_playhead: bool,
}

impl TimelineView {
    /// Shows the whole session, and goes on doing so while it grows.
    pub fn show_all(&mut self) {
        self.window = Window::All;
    }

    /// Shows a span from edge to edge.
    pub fn show_exactly(&mut self, span: Span) {
        self.window = Window::Exact(span);
    }

    /// Shows all attempts of a delivery.
    pub fn show(&mut self, session: &Session, delivery: DeliveryIdx) {
        let delivery = session.delivery(delivery);
        let (start, end) = (delivery.started_at, delivery.ended_at);
        let short = end.since(start) < LEAST_FIT;
        let span = if short {
            Span { start: start.saturating_sub(LEAST_FIT), end: end.saturating_add(LEAST_FIT) }
        } else {
            Span { start, end }
        };
        self.window = Window::Fit(span);
    }

    /// The first line in view.
    #[must_use]
    pub fn row_idx(&self) -> usize {
        self.scroll.row_idx
    }

    /// Says where the first line in view stands now. Who looks at the beginning goes on to do so.
    pub(in crate::ui) fn keep_at_top(&mut self, row_idx: usize) {
        if self.scroll.row_idx > 0 {
            self.scroll.row_idx = row_idx;
        }
    }

    /// Brings the selected attempt into view with the next frame.
    pub fn reveal_selection(&mut self) {
        self.wants_reveal = true;
    }

    /// The span between the edges of a plot this wide; none while the session is empty.
    #[must_use]
    pub fn span(&self, session: &Session, plot: Rangef) -> Option<Span> {
        Some(self.axis(session, plot)?.span())
    }

    /// Begins or ends measuring at an instant.
    pub fn mark(&mut self, at: Timestamp) {
        self.measure.mark(at);
    }

    /// The run that fills the session stands here; none goes on.
    pub fn stand_at(&mut self, standstill: Option<Arc<Standstill>>) {
        self.stands_at = standstill;
        self.n_told += 1;
    }

    /// The run that fills the session goes on in real time with these attempts under way.
    pub fn goes_on_with(&mut self, under_way: Vec<UnderWay>) {
        let now = self.live.as_ref().map_or_else(Timestamp::default, |live| live.now);
        self.live = Some(Live { under_way, now });
        self.n_told += 1;
    }

    /// It is that late in the run that goes on in real time.
    pub fn time_passes(&mut self, now: Timestamp) {
        self.live.get_or_insert_default().now = now;
    }

    /// No run fills the session any more.
    pub fn run_is_over(&mut self) {
        (self.stands_at, self.live) = (None, None);
        self.n_told += 1;
    }

    /// Whether a run in real time fills the session.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// How many attempts are under way in real time.
    #[must_use]
    pub fn n_under_way(&self) -> usize {
        self.live.as_ref().map_or(0, |live| live.under_way.len())
    }

    /// Where the run stands.
    #[must_use]
    pub fn now(&self) -> Option<Timestamp> {
        self.ahead.as_ref().filter(|ahead| ahead.is_standing()).map(|ahead| ahead.now)
    }

    /// When the session began, as far as it is known: what is under way may have begun before all that has ended.
    #[must_use]
    pub fn origin(&self, session: &Session) -> Option<Timestamp> {
        let range = self.range.or_else(|| session.activity().range());
        range.map(|range| range.start)
    }

    /// Deliveries of which no attempt has ended yet, the oldest first.
    pub(in crate::ui) fn beginning(&self) -> &[Beginning] {
        self.ahead.as_ref().map_or(&[], Ahead::beginning)
    }

    /// The attempt of a delivery that the session knows, if one is under way.
    pub(in crate::ui) fn under_way(&self, delivery_idx: DeliveryIdx) -> Option<&UnderWay> {
        self.ahead.as_ref()?.under_way(delivery_idx)
    }

    /// Counts what was told of runs: who has seen that many need not look again.
    pub(in crate::ui) fn n_told(&self) -> u64 {
        self.n_told
    }

    /// Where the run is: it stands there, or that is the time.
    pub(in crate::ui) fn run_time(&self) -> Option<Timestamp> {
        self.ahead.as_ref().map(|ahead| ahead.now)
    }

    /// The instant that people look at: what comes after it is drawn faint.
    #[must_use]
    pub fn playhead(&self) -> Option<Timestamp> {
        self.playhead
    }

    /// Brings the instant that people look at into view with the next frame.
    pub fn reveal_playhead(&mut self) {
        self.wants_playhead = true;
    }

    /// Looks at an instant, or at none.
    pub fn look_at(&mut self, at: Option<Timestamp>) {
        self.playhead = at;
    }

    /// Whether the view follows the session while it grows.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.window == Window::All
    }

    /// Brings what is derived from the session up to date.
    pub(in crate::ui) fn refresh(&mut self, session: &Session) {
        let live_end = self.live.as_ref().map(|live| {
            let begun = live.under_way.iter().map(|attempt| attempt.started_at);
            let known = session.activity().range().map(|range| range.start);
            live_end(begun.chain(known).min().unwrap_or(live.now), live.now)
        });
        let made_for = (session.revision(), self.opened.len(), self.n_told, live_end);
        if self.made_for != Some(made_for) {
            self.ahead = match (&self.stands_at, self.live.as_ref().zip(live_end)) {
                (Some(standstill), _) => Some(Ahead::of_standstill(session, standstill)),
                (None, Some((live, end))) => Some(Ahead::of_live(session, live, end)),
                (None, None) => None,
            };
            let extended = self.ahead.as_ref().map(|ahead| ahead.extend(session.activity()));
            self.range = extended.as_ref().and_then(Activity::range);
            self.folds = Folds::choose(extended.as_ref().unwrap_or(session.activity()), &self.opened);
            self.made_for = Some(made_for);
        }
        if let Some((ahead, live)) = self.ahead.as_mut().zip(self.live.as_ref()) {
            ahead.now = live.now;
        }
    }

    pub(super) fn axis(&self, session: &Session, plot: Rangef) -> Option<TimeAxis<'_>> {
        let whole = self.range.or_else(|| session.activity().range())?;
        Some(match self.window {
            Window::All => TimeAxis::fitting(&self.folds, whole, plot.min, plot.max),
            Window::Fit(span) => TimeAxis::fitting(&self.folds, span, plot.min, plot.max),
            Window::Exact(span) => TimeAxis::new(&self.folds, span, plot.min, plot.max),
        })
    }

    /// What is ahead of a delivery while the run stands.
    pub(super) fn pending(&self, delivery_idx: DeliveryIdx, delivery: &Delivery) -> Option<Pending> {
        self.ahead.as_ref()?.pending(delivery_idx, delivery)
    }

    /// Opens a folded stretch for good.
    pub(super) fn open(&mut self, fold: Span) {
        self.opened.insert(fold.start);
    }

    /// The instant to bring into view, once.
    pub(super) fn take_playhead_to_reveal(&mut self) -> Option<Timestamp> {
        std::mem::take(&mut self.wants_playhead).then_some(self.playhead)?
    }

    pub(super) fn take_reveal(&mut self) -> bool {
        std::mem::take(&mut self.wants_reveal)
    }
}
