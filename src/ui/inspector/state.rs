//! What people look at in the inspector: plain data, kept from one attempt to the next.
use super::difference::{DifferenceAnswer, DifferenceQuestion, DifferenceView, Wish, Work};
use crate::core::http::Response;
use crate::core::names::{AttemptId, DeliveryId, Purpose, RuleSetName};
use crate::core::record::{Attempt, Exchange, Outcome};
use crate::core::rules::{Proof, RuleSet, prove};
use crate::ui::body_view::BodyView;
use crate::ui::row_list::RowAnchor;

/// What people look at in the inspector.
#[derive(Debug, Default)]
pub struct InspectorView {
    /// The attempt that people want to see instead; the shell takes it and selects that one.
    pub goto: Option<AttemptId>,
    /// The attempt that was shown last.
    shown: Option<(DeliveryId, AttemptId)>,
    /// The proof of the verdict that was shown last, and where that stands in memory.
    proved: Option<(AttemptId, usize, Option<Proof>)>,
    /// What of the attempt is looked at, if people chose.
    chosen: Option<(AttemptId, Detail)>,
    /// The finding that is open, by its place among those of the attempt.
    pub(super) open_finding: Option<usize>,
    /// Whether all rules that fired are listed.
    pub(super) shows_rules: bool,
    /// Which side of an exchange is shown.
    pub(super) exchange_tab: ExchangeTab,
    /// Which side of an item is shown.
    pub(super) item_tab: ItemTab,
    /// How far the panel is scrolled, in points.
    pub(super) scrolled: f32,
    /// Which items are listed.
    pub(super) item_filter: ItemFilter,
    /// The first items in sight.
    pub(super) items: RowAnchor,
    /// The first accounts of duplicates in sight.
    pub(super) elements: RowAnchor,
    /// The first token generations in sight.
    pub(super) generations: RowAnchor,
    /// The first exchanges in sight.
    pub(super) exchanges: RowAnchor,
    /// The first attempts in sight.
    pub(super) chain: RowAnchor,
    /// The comparison of two exchanges.
    pub(super) difference: DifferenceView,
    /// The body of an exchange or an item.
    pub(super) detail_body: BodyView<BodyKey>,
    /// The payload of an event.
    pub(super) event_body: BodyView<BodyKey>,
}

/// What of an attempt is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// An exchange.
    Exchange(usize),
    /// An item of a batch.
    Item(usize),
}

/// Side of an exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ExchangeTab {
    /// What came back.
    #[default]
    Response,
    /// What was sent.
    Request,
    /// The header fields of both.
    Headers,
}

/// Side of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ItemTab {
    /// What the receiver said of it.
    #[default]
    Answer,
    /// What was sent for it.
    Sent,
}

/// Which items are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ItemFilter {
    /// All.
    #[default]
    All,
    /// Those that the receiver did not take.
    Problems,
}

/// Names one body of a session. The address is in it because two sessions may use the same ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BodyKey {
    pub(super) attempt: AttemptId,
    pub(super) part: BodyPart,
    pub(super) address: usize,
    pub(super) revealed: bool,
}

/// Which body of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyPart {
    /// Of a response.
    Response(usize),
    /// Of a request.
    Request(usize),
    /// What the receiver said of an item.
    Answer(usize),
    /// What was sent for an item.
    Sent(usize),
    /// The payload of an event.
    Event(usize),
}

impl InspectorView {
    /// Brings the comparison into sight, if there is anything to compare with.
    pub fn reveal_difference(&mut self) {
        self.difference.wish = Some(Wish::Reveal);
    }

    /// Keeps the attempt that is shown, so that others are compared with it.
    pub fn keep_for_comparison(&mut self) {
        self.difference.wish = Some(Wish::Keep);
    }

    /// Whether a person wants to stop the comparison that takes long, once.
    pub fn take_difference_stop(&mut self) -> bool {
        let stops = self.difference.work == Work::Stopping;
        if stops {
            self.difference.work = Work::Stopped;
        }
        stops
    }

    /// How far the comparison is that takes long; none while there is none.
    pub fn tell_difference_percent(&mut self, percent: Option<u32>) {
        match (percent, self.difference.work) {
            (Some(percent), _) => self.difference.work = Work::Running(percent),
            (None, Work::Running(_)) => self.difference.work = Work::None,
            (None, _) => (),
        }
    }

    /// A comparison that takes too long for a frame, once; its answer goes to [`Self::answer_difference`].
    pub fn take_difference_question(&mut self) -> Option<DifferenceQuestion> {
        self.difference.question.take()
    }

    /// Takes what came of a comparison.
    pub fn answer_difference(&mut self, answer: DifferenceAnswer) {
        self.difference.differing = Some(answer);
    }

    /// Goes back to the top where another delivery is shown than before. True if it is another attempt, too.
    pub(super) fn begin(&mut self, attempt: &Attempt) -> bool {
        let is_same =
            |(delivery, shown): &(DeliveryId, AttemptId)| *delivery == attempt.delivery && *shown == attempt.id;
        if self.shown.as_ref().is_some_and(is_same) {
            return false;
        }
        if self.shown.as_ref().is_none_or(|(delivery, _)| *delivery != attempt.delivery) {
            self.scrolled = 0.0;
            self.chain = RowAnchor::default();
        }
        self.difference.follow();
        self.open_finding = None;
        self.items = RowAnchor::default();
        self.elements = RowAnchor::default();
        self.exchanges = RowAnchor::default();
        self.shown = Some((attempt.delivery.clone(), attempt.id.clone()));
        true
    }

    /// The proof of an attempt's verdict, if its rule set is known and agrees.
    pub(super) fn proof(&mut self, attempt: &Attempt) -> Option<&Proof> {
        let is_same = |(id, place, _): &(AttemptId, usize, _)| *id == attempt.id && *place == address(attempt);
        if !self.proved.as_ref().is_some_and(is_same) {
            let rules = RuleSetName::from_name(&attempt.rules).map(RuleSet::named);
            let proof = rules.and_then(|rules| prove(rules, &attempt.verdict));
            self.proved = Some((attempt.id.clone(), address(attempt), proof));
        }
        self.proved.as_ref().and_then(|(_, _, proof)| proof.as_ref())
    }

    /// What of the attempt is looked at: what people chose, else what decided.
    pub(super) fn detail(&self, attempt: &Attempt) -> Detail {
        match &self.chosen {
            Some((id, Detail::Exchange(exchange_idx)))
                if *id == attempt.id && *exchange_idx < attempt.exchanges.len() =>
            {
                Detail::Exchange(*exchange_idx)
            }
            Some((id, Detail::Item(item_idx))) if *id == attempt.id && *item_idx < n_items(attempt) => {
                Detail::Item(*item_idx)
            }
            _ => Detail::Exchange(deciding_exchange(&attempt.exchanges)),
        }
    }

    /// The exchange of the attempt that is looked at, or the one that decided.
    #[must_use]
    pub fn exchange_of<'a>(&self, attempt: &'a Attempt) -> Option<&'a Exchange> {
        match self.detail(attempt) {
            Detail::Exchange(exchange_idx) => attempt.exchanges.get(exchange_idx),
            Detail::Item(_) => attempt.exchanges.get(deciding_exchange(&attempt.exchanges)),
        }
    }

    /// Looks at something else of the attempt.
    pub(super) fn choose(&mut self, attempt: &Attempt, detail: Detail) {
        self.chosen = Some((attempt.id.clone(), detail));
        self.difference.follow();
    }
}

fn n_items(attempt: &Attempt) -> usize {
    match &attempt.outcome {
        Outcome::Multistatus(items) => items.len(),
        _ => 0,
    }
}

/// The last exchange that failed, or the last one that was no token request.
fn deciding_exchange(exchanges: &[Exchange]) -> usize {
    let failed = |exchange: &Exchange| !exchange.result.as_ref().is_ok_and(Response::is_success);
    let is_own = |exchange: &Exchange| exchange.purpose != Purpose::Refresh;
    exchanges.iter().rposition(failed).or_else(|| exchanges.iter().rposition(is_own)).unwrap_or(0)
}

/// Where a value stands in memory, for [`BodyKey`].
pub(super) fn address<T>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}
