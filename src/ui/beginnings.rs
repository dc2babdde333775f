//! Deliveries of which no attempt has ended yet: which of them the filter shows, and which one is selected.
use super::timeline::TimelineView;
use super::view_state::ViewCommand;
use crate::core::names::DeliveryId;
use crate::store::beginning::Beginning;
use crate::store::filter::Filter;
use crate::store::{DeliveryIdx, Session};

/// More often than so many times a second nobody reads how long something lasts.
const LOOKS_A_SECOND: i64 = 10;

/// The rows of what has only begun.
#[derive(Debug, Default)]
pub struct Beginnings {
    chosen: Option<DeliveryId>,
    shown: Vec<Beginning>,
    n_hidden: usize,
    made_for: Option<Question>,
}

/// What decides which of them are shown.
#[derive(Debug, PartialEq, Eq)]
struct Question {
    n_told: u64,
    revision: u64,
    filter: Filter,
    /// The time of the run, in steps.
    step: i64,
}

impl Beginnings {
    /// Those that are shown, the oldest first.
    #[must_use]
    pub fn shown(&self) -> &[Beginning] {
        &self.shown
    }

    /// How many are hidden since nobody can say yet whether the filter will admit them.
    #[must_use]
    pub fn n_hidden(&self) -> usize {
        self.n_hidden
    }

    /// The one that is selected.
    #[must_use]
    pub fn chosen(&self) -> Option<&DeliveryId> {
        self.chosen.as_ref()
    }

    /// Whether this one is selected.
    pub(super) fn is_chosen(&self, delivery: &DeliveryId) -> bool {
        self.chosen.as_ref() == Some(delivery)
    }

    /// The place of the selected one among those that are shown.
    pub(super) fn chosen_place(&self) -> Option<usize> {
        let chosen = self.chosen.as_ref()?;
        self.shown.iter().position(|beginning| beginning.delivery == *chosen)
    }

    /// Selects the one at that place.
    pub(super) fn select(&self, place: usize) -> ViewCommand {
        let beginning = self.shown.get(place);
        beginning
            .map_or(ViewCommand::ClearSelection, |beginning| ViewCommand::SelectBeginning(beginning.delivery.clone()))
    }

    /// Selects one, or none.
    pub(super) fn choose(&mut self, delivery: Option<DeliveryId>) {
        self.chosen = delivery;
    }

    /// The selected one, if the session knows it by now. It is not selected here any more.
    pub(super) fn take_ended(&mut self, session: &Session) -> Option<DeliveryIdx> {
        let known = self.chosen.as_ref().and_then(|chosen| session.find_delivery(chosen))?;
        self.chosen = None;
        Some(known)
    }

    /// Brings up to date what is shown.
    pub(super) fn refresh(&mut self, session: &Session, timeline: &TimelineView, filter: &Filter) {
        let now = timeline.run_time().unwrap_or_default();
        let step = if filter.is_empty() { 0 } else { now.as_nanos() / (1_000_000_000 / LOOKS_A_SECOND) };
        let question =
            Question { n_told: timeline.n_told(), revision: session.revision(), filter: filter.clone(), step };
        if self.made_for.as_ref() == Some(&question) {
            return;
        }
        let all = timeline.beginning();
        (self.shown, self.n_hidden) = if filter.is_empty() || all.is_empty() {
            (all.to_vec(), 0)
        } else {
            let bound = filter.bind(session);
            let answers: Vec<Option<bool>> = all.iter().map(|one| bound.foresees(one, now)).collect();
            let admitted = all.iter().zip(&answers).filter(|(_, answer)| **answer == Some(true));
            (admitted.map(|(one, _)| one.clone()).collect(), answers.iter().filter(|answer| answer.is_none()).count())
        };
        let is_there = |chosen: &DeliveryId| {
            all.iter().any(|beginning| beginning.delivery == *chosen) || session.find_delivery(chosen).is_some()
        };
        self.chosen = self.chosen.take().filter(is_there);
        self.made_for = Some(question);
    }
}
