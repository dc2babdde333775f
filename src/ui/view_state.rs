//! What people have chosen to look at: plain data, one for each open session, kept apart from egui's memory.
use super::command::TimeMode;
use crate::store::activity::Span;
use crate::store::rows::{Arrangement, GroupKey, Grouping, Rows, SortKey};
use crate::store::{AttemptIdx, DeliveryIdx, Session};

/// A change of what is looked at. It touches no record, file or connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewCommand {
    /// Selects an attempt, and with it its delivery.
    SelectAttempt(AttemptIdx),
    /// Selects a delivery, and of it the attempt that was made last.
    SelectDelivery(DeliveryIdx),
    /// Selects nothing.
    ClearSelection,
    /// Shows a span on the timeline.
    ZoomTo(Span),
    /// Shows all attempts of a delivery on the timeline.
    ZoomToDelivery(DeliveryIdx),
    /// Shows the whole session on the timeline.
    FitAll,
    /// Shows the selected delivery on the timeline.
    FitSelection,
    /// Shows or hides the rows of a group.
    ToggleGroup(GroupKey),
    /// Groups the timeline's rows.
    GroupBy(Grouping),
    /// Sorts by a column, or the other way if that column is sorted by already.
    SortBy(SortKey),
    /// Writes instants in another way.
    ShowTimesAs(TimeMode),
}

/// The selected delivery and the attempt of it that the inspector shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The delivery.
    pub delivery: DeliveryIdx,
    /// One of its attempts.
    pub attempt: AttemptIdx,
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
    /// The rows in that arrangement.
    pub rows: Rows,
}

impl ViewState {
    /// Brings what is derived from the session up to date; called once a frame, before drawing.
    pub fn refresh(&mut self, session: &Session) {
        self.rows.refresh(session, &self.arrangement);
    }

    /// Applies a command.
    pub fn apply(&mut self, session: &Session, command: ViewCommand) {
        match command {
            ViewCommand::SelectAttempt(attempt) => {
                self.selection = Some(Selection { delivery: session.attempt(attempt).delivery, attempt });
            }
            ViewCommand::SelectDelivery(delivery) => {
                self.selection = Some(Selection { delivery, attempt: session.delivery(delivery).last_attempt });
            }
            ViewCommand::ClearSelection => self.selection = None,
            ViewCommand::ZoomTo(_)
            | ViewCommand::ZoomToDelivery(_)
            | ViewCommand::FitAll
            | ViewCommand::FitSelection => (),
            ViewCommand::ToggleGroup(group) => self.arrangement.toggle_group(group),
            ViewCommand::GroupBy(grouping) => self.arrangement.grouping = grouping,
            ViewCommand::SortBy(sort_by) => self.arrangement.toggle_sort(sort_by),
            ViewCommand::ShowTimesAs(times) => self.times = times,
        }
    }
}
