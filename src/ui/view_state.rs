//! What people have chosen to look at: plain data, one for each open session, kept apart from egui's memory.
use std::sync::Arc;

use super::beginnings::Beginnings;
use super::command::TimeMode;
use super::filter_bar::FilterBar;
use super::overview::OverviewView;
use super::table::TableView;
use super::timeline::TimelineView;
use super::trail::Trail;
use crate::core::names::DeliveryId;
use crate::core::time::Timestamp;
use crate::store::activity::Span;
use crate::store::chronicle::Chronicle;
use crate::store::filter::{Facet, Filter};
use crate::store::rows::{Arrangement, Direction, GroupKey, Grouping, Line, Rows, SortKey};
use crate::store::{AttemptIdx, DeliveryIdx, Session};

/// A change of what is looked at. It touches no record, file or connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewCommand {
    /// Selects an attempt, and with it its delivery.
    SelectAttempt(AttemptIdx),
    /// Selects a delivery, and of it the attempt that was made last.
    SelectDelivery(DeliveryIdx),
    /// Selects a delivery of which no attempt has ended yet.
    SelectBeginning(DeliveryId),
    /// Selects nothing.
    ClearSelection,
    /// Selects the delivery so many rows further down, or up where negative.
    MoveRow(isize),
    /// Selects the delivery of the first row.
    FirstRow,
    /// Selects the delivery of the last row.
    LastRow,
    /// Selects the next attempt of the delivery, or the one before.
    MoveAttempt(Step),
    /// Shows a span on the timeline.
    ZoomTo(Span),
    /// Shows all attempts of a delivery on the timeline.
    ZoomToDelivery(DeliveryIdx),
    /// Shows the whole session on the timeline, and goes on doing so while it grows.
    FitAll,
    /// Shows the selected delivery on the timeline.
    FitSelection,
    /// Shows or hides the rows of a group.
    ToggleGroup(GroupKey),
    /// Shows only the heads of all groups, or all their rows.
    FoldGroups(bool),
    /// Groups the timeline's rows.
    GroupBy(Grouping),
    /// Sorts by a column, or the other way if that column is sorted by already.
    SortBy(SortKey),
    /// Shows only deliveries with this facet, or no longer.
    ToggleFacet(Facet),
    /// Shows all deliveries.
    ClearFacets,
    /// Begins to measure at the selected attempt, or ends there.
    Measure,
    /// Looks at an instant, or at none.
    LookAt(Option<Timestamp>),
    /// Looks at the next instant at which an attempt began or ended, or at the one before.
    MoveEvent(Step),
    /// Selects what was selected before, or what was left by that.
    GoBack(Step),
    /// Writes instants in another way.
    ShowTimesAs(TimeMode),
}

impl ViewCommand {
    /// Whether it may lead somewhere that people want to come back from: walking from row to row does not, nor does going
    /// back.
    const fn may_jump(&self) -> bool {
        !matches!(self, Self::MoveRow(_) | Self::FirstRow | Self::LastRow | Self::MoveAttempt(_) | Self::GoBack(_))
    }
}

/// One step through a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To what comes after.
    Next,
    /// To what comes before.
    Previous,
}

/// The selected delivery and the attempt of it that the inspector shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The delivery.
    pub delivery: DeliveryIdx,
    /// One of its attempts.
    pub attempt: AttemptIdx,
}

/// Which list the keyboard walks through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Front {
    /// The timeline, group by group.
    #[default]
    Timeline,
    /// The table, as sorted.
    Table,
}

/// The view of one session. It must not be used with another one.
#[derive(Debug, Default)]
pub struct ViewState {
    /// What is selected.
    pub selection: Option<Selection>,
    /// How instants are written.
    pub times: TimeMode,
    /// How people want their rows.
    pub arrangement: Arrangement,
    /// What is typed in the filter bar.
    pub filter_bar: FilterBar,
    /// The rows in that arrangement.
    pub rows: Rows,
    /// Deliveries of which no attempt has ended yet.
    pub beginnings: Beginnings,
    /// Which list was used last.
    pub front: Front,
    /// The timeline's own.
    pub timeline: TimelineView,
    /// The table's own.
    pub table: TableView,
    /// The overview's own.
    pub overview: OverviewView,
    /// What was selected before.
    pub trail: Trail,
    /// When what happened, once somebody has asked for the state at an instant.
    pub chronicle: Option<Arc<Chronicle>>,
}

impl ViewState {
    /// Brings what is derived from the session up to date; called once a frame, before drawing.
    pub fn refresh(&mut self, session: &Session) {
        self.rows.refresh(session, &self.arrangement);
        self.timeline.refresh(session);
        self.beginnings.refresh(session, &self.timeline, &self.arrangement.filter);
        self.rows.show_beginning(session, self.beginnings.shown().len(), &self.arrangement);
        if let Some(delivery) = self.beginnings.take_ended(session) {
            self.selection = Some(Selection { delivery, attempt: session.delivery(delivery).last_attempt });
        }
    }

    /// Takes rows that a job has made. Where they answer the question that those before answered, what stands at the top of
    /// the lists stays there.
    pub fn take_rows(&mut self, rows: Rows) {
        let before = std::mem::replace(&mut self.rows, rows);
        if before.arrangement().is_none() || before.arrangement() != self.rows.arrangement() {
            return;
        }
        let top = before.visible_deliveries().get(self.table.row_idx());
        if let Some(row_idx) = top.and_then(|top| self.rows.row_of(*top, self.table.row_idx())) {
            self.table.keep_at_top(row_idx);
        }
        if let Some(line_idx) = self.rows.line_like(&before, self.timeline.row_idx()) {
            self.timeline.keep_at_top(line_idx);
        }
    }

    /// Whether new rows come at the end and are followed there.
    pub(in crate::ui) fn follows_rows(&self) -> bool {
        let Arrangement { sort_by, direction, .. } = self.arrangement;
        self.timeline.is_live() && sort_by == SortKey::Started && direction == Direction::Ascending
    }

    /// When the session began, for times that count from there.
    pub(in crate::ui) fn origin(&self, session: &Session) -> Timestamp {
        self.timeline.origin(session).unwrap_or_default()
    }

    /// Applies a command.
    pub fn apply(&mut self, session: &Session, command: ViewCommand) {
        let before = self.selection.filter(|_| command.may_jump());
        self.carry_out(session, command);
        if let Some(left) = before.filter(|before| self.selection != Some(*before)) {
            self.trail.leave(left.attempt);
        }
    }

    fn carry_out(&mut self, session: &Session, command: ViewCommand) {
        match command {
            ViewCommand::SelectAttempt(attempt) => self.select(session.attempt(attempt).delivery, attempt),
            ViewCommand::SelectDelivery(delivery) => self.select(delivery, session.delivery(delivery).last_attempt),
            ViewCommand::SelectBeginning(delivery) => self.select_beginning(delivery),
            ViewCommand::ClearSelection if self.timeline.playhead().is_some() => self.timeline.look_at(None),
            ViewCommand::ClearSelection => {
                self.selection = None;
                self.beginnings.choose(None);
            }
            ViewCommand::MoveRow(n_rows) => self.move_row(session, n_rows),
            ViewCommand::FirstRow => self.move_row(session, isize::MIN),
            ViewCommand::LastRow => self.move_row(session, isize::MAX),
            ViewCommand::MoveAttempt(step) => self.move_attempt(session, step),
            ViewCommand::ZoomTo(span) => self.timeline.show_exactly(span),
            ViewCommand::ZoomToDelivery(delivery) => self.timeline.show(session, delivery),
            ViewCommand::FitAll => self.timeline.show_all(),
            ViewCommand::FitSelection => {
                if let Some(selection) = self.selection {
                    self.timeline.show(session, selection.delivery);
                }
            }
            ViewCommand::ToggleGroup(group) => self.arrangement.toggle_group(group),
            ViewCommand::FoldGroups(true) => {
                self.arrangement.collapsed.extend(self.rows.heads().iter().map(|head| head.key));
            }
            ViewCommand::FoldGroups(false) => self.arrangement.collapsed.clear(),
            ViewCommand::GroupBy(grouping) => self.arrangement.grouping = grouping,
            ViewCommand::SortBy(sort_by) => self.arrangement.toggle_sort(sort_by),
            ViewCommand::ToggleFacet(facet) => {
                self.arrangement.filter = self.arrangement.filter.toggled(facet, session);
            }
            ViewCommand::ClearFacets => self.arrangement.filter = Filter::default(),
            ViewCommand::Measure => self.measure(session),
            ViewCommand::LookAt(at) => self.timeline.look_at(at),
            ViewCommand::GoBack(step) => {
                if let Some(attempt) = self.trail.go(step, self.selection.map(|selection| selection.attempt)) {
                    self.select(session.attempt(attempt).delivery, attempt);
                }
            }
            ViewCommand::MoveEvent(step) => self.move_event(session, step),
            ViewCommand::ShowTimesAs(times) => self.times = times,
        }
    }

    fn select(&mut self, delivery: DeliveryIdx, attempt: AttemptIdx) {
        self.selection = Some(Selection { delivery, attempt });
        self.beginnings.choose(None);
        self.timeline.reveal_selection();
        self.table.reveal_selection();
    }

    fn select_beginning(&mut self, delivery: DeliveryId) {
        self.selection = None;
        self.beginnings.choose(Some(delivery));
        self.timeline.reveal_selection();
        self.table.reveal_selection();
    }

    /// Without a chronicle of a large session, which is being made then, the playhead waits at one end of it.
    fn move_event(&mut self, session: &Session, step: Step) {
        let at = self.timeline.playhead();
        let range = session.activity().range();
        let moved = match (self.chronicle.as_deref().filter(|chronicle| chronicle.is_current(session)), step) {
            (Some(chronicle), Step::Next) => chronicle.after(at),
            (Some(chronicle), Step::Previous) => chronicle.before(at),
            (None, Step::Next) => at.or(range.map(|range| range.start)),
            (None, Step::Previous) => at.or(range.map(|range| range.end)),
        };
        if moved.is_some() {
            self.timeline.look_at(moved);
            self.timeline.reveal_playhead();
        }
    }

    /// Marks where the selected attempt began.
    fn measure(&mut self, session: &Session) {
        if let Some(selection) = self.selection {
            self.timeline.mark(session.attempt(selection.attempt).started_at);
        }
    }

    /// Goes up or down the list that the keyboard walks through, as far as it goes.
    fn move_row(&mut self, session: &Session, n_rows: isize) {
        let selected = self.selection.map(|now| now.delivery);
        let chosen = self.beginnings.chosen_place();
        let there = match self.front {
            Front::Table => {
                let known = self.rows.visible_deliveries();
                let here = selected
                    .and_then(|delivery| self.rows.row_of(delivery, self.table.row_idx()))
                    .or(chosen.map(|place| known.len() + place));
                moved(known.len() + self.beginnings.shown().len(), here, n_rows, |row_idx| {
                    let beginning = || u32::try_from(row_idx - known.len()).ok().map(Line::Beginning);
                    known.get(row_idx).map(|delivery| Line::Delivery(*delivery)).or_else(beginning)
                })
            }
            Front::Timeline => {
                let lines = self.rows.lines();
                let here = selected
                    .and_then(|delivery| self.rows.line_of(delivery, self.timeline.row_idx()))
                    .or(chosen.and_then(|place| self.rows.line_of_beginning(place)));
                moved(lines.len(), here, n_rows, |line_idx| lines.get(line_idx).copied())
            }
        };
        match there {
            Some(Line::Delivery(delivery)) => self.select(delivery, session.delivery(delivery).last_attempt),
            Some(Line::Beginning(place)) => {
                let command = self.beginnings.select(place as usize);
                self.apply(session, command);
            }
            Some(Line::Head(_)) | None => (),
        }
    }

    fn move_attempt(&mut self, session: &Session, step: Step) {
        let Some(now) = self.selection else { return };
        let attempts: Vec<AttemptIdx> = session.attempts_of(now.delivery).collect();
        if let Some(attempt) = neighbour(&attempts, now.attempt, step) {
            self.select(now.delivery, attempt);
        }
    }
}

/// The row so many further on that is no head, or the last one there is; from one end where nothing is selected. Walks no
/// further than it has to: there may be millions.
fn moved(n_all: usize, here: Option<usize>, n_rows: isize, line_at: impl Fn(usize) -> Option<Line>) -> Option<Line> {
    let n_steps = n_rows.unsigned_abs();
    let row_at = |idx| line_at(idx).filter(|line| !matches!(line, Line::Head(_)));
    match (n_rows, here) {
        (isize::MIN, _) | (1..isize::MAX, None) => (0..n_all).find_map(row_at),
        (isize::MAX, _) | (_, None) => (0..n_all).rev().find_map(row_at),
        (0.., Some(here)) => (here..n_all).filter_map(row_at).take(n_steps + 1).last(),
        (_, Some(here)) => (0..=here).rev().filter_map(row_at).take(n_steps + 1).last(),
    }
}

fn neighbour(attempts: &[AttemptIdx], now: AttemptIdx, step: Step) -> Option<AttemptIdx> {
    let here = attempts.iter().position(|attempt| *attempt == now)?;
    let there = match step {
        Step::Next => here + 1,
        Step::Previous => here.checked_sub(1)?,
    };
    attempts.get(there).copied()
}
