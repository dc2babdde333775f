//! Which two exchanges are compared: what people chose, else the one that is looked at with that of the attempt before.
use std::sync::Arc;

use super::lines::Line;
use super::question::{DifferenceAnswer, DifferenceQuestion};
use crate::core::difference::counterpart;
use crate::core::names::AttemptId;
use crate::core::record::{Attempt, Exchange};
use crate::ui::inspector::state::address;
use crate::ui::inspector::words;
use crate::ui::row_list::RowAnchor;

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) attempt: AttemptId,
    /// Absent of an attempt that sent nothing.
    pub(super) exchange: Option<usize>,
}

/// What people look at in the comparison.
#[derive(Debug, Default)]
pub(in crate::ui::inspector) struct DifferenceView {
    /// The sides that people chose, before and after.
    pub(super) chosen: Option<(Side, Side)>,
    /// An attempt that others are compared with, of whatever delivery and session.
    pub(super) kept: Option<Kept>,
    /// What people ask for by key or menu.
    pub(in crate::ui::inspector) wish: Option<Wish>,
    /// The first lines in sight.
    pub(super) scroll: RowAnchor,
    /// What was compared last.
    pub(super) compared: Option<Compared>,
    /// What differs between the sides that were compared last.
    pub(in crate::ui::inspector) differing: Option<DifferenceAnswer>,
    /// A comparison that takes long; the shell takes it.
    pub(in crate::ui::inspector) question: Option<DifferenceQuestion>,
    /// What the shell was asked for last.
    pub(super) asked: Option<Subject>,
    /// How it stands with that.
    pub(in crate::ui::inspector) work: Work,
}

/// What people ask of the comparison by key or menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui::inspector) enum Wish {
    /// To be brought into sight.
    Reveal,
    /// To keep the attempt that is shown.
    Keep,
}

/// A comparison that the shell makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::ui::inspector) enum Work {
    /// There is none.
    #[default]
    None,
    /// It is so many percent on its way.
    Running(u32),
    /// A person wants no more of it; the shell is not told yet.
    Stopping,
    /// A person has stopped it.
    Stopped,
}

/// An attempt that was kept for comparison.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) attempt: Arc<Attempt>,
    /// What it carried.
    pub(super) subject: String,
}

/// The differences of two sides as lines, and all that these depend on.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) subject: Subject,
    pub(super) is_revealed: bool,
    pub(super) n_columns: usize,
    pub(super) lines: Vec<Line>,
}

/// What is compared. Addresses are in it because two sessions may use the same ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    sides: (Side, Side),
    addresses: (usize, usize),
}

impl Subject {
    pub(super) fn of(pair: &Pair<'_>) -> Self {
        let sides = (pair.before.side(), pair.after.side());
        Self { sides, addresses: (address(pair.before.attempt), address(pair.after.attempt)) }
    }
}

impl DifferenceView {
    /// Goes back to what follows from what is looked at.
    pub(in crate::ui::inspector) fn follow(&mut self) {
        self.chosen = None;
        self.scroll = RowAnchor::default();
    }

    pub(super) fn keep(&mut self, attempt: Arc<Attempt>, subject: String) {
        self.kept = Some(Kept { attempt, subject });
        self.follow();
    }

    pub(in crate::ui::inspector) fn is_kept(&self, attempt: &Attempt) -> bool {
        self.kept.as_ref().is_some_and(|kept| address(&*kept.attempt) == address(attempt))
    }
}

/// An attempt with one of its exchanges.
#[derive(Clone, Copy, Debug)]
pub(super) struct End<'a> {
    pub(super) attempt: &'a Attempt,
    pub(super) exchange_idx: Option<usize>,
}

impl End<'_> {
    pub(super) fn side(&self) -> Side {
        Side { attempt: self.attempt.id.clone(), exchange: self.exchange_idx }
    }

    pub(super) fn exchange(&self) -> Option<&Exchange> {
        self.attempt.exchanges.get(self.exchange_idx?)
    }

    /// `1 · 401 GET /rest/dmpSegments`.
    pub(super) fn name(&self, subject: Option<&str>) -> String {
        let of = subject.map(|subject| format!("{subject} ")).unwrap_or_default();
        let what = self.exchange().map_or_else(
            || "nothing sent".to_owned(),
            |exchange| {
                let (result, _) = words::result(exchange);
                format!("{result} {} {}", exchange.request.method, words::path(&exchange.request.url))
            },
        );
        format!("{of}Attempt {} · {what}", self.attempt.number)
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub(super) before: End<'a>,
    pub(super) after: End<'a>,
}

impl<'a> Pair<'a> {
    /// What people chose, as long as it is there.
    pub(super) fn chosen(
        view: &DifferenceView,
        attempts: &'a [Arc<Attempt>],
        kept: Option<&'a Attempt>,
    ) -> Option<Self> {
        let (before, after) = view.chosen.as_ref()?;
        let find = |side: &Side| {
            let attempt =
                attempts.iter().map(|attempt| &**attempt).chain(kept).find(|other| other.id == side.attempt)?;
            let is_there = side.exchange.is_none_or(|idx| idx < attempt.exchanges.len());
            is_there.then_some(End { attempt, exchange_idx: side.exchange })
        };
        Some(Self { before: find(before)?, after: find(after)? })
    }

    /// What follows from the attempt and the exchange that are looked at: the kept attempt comes before, else the attempt
    /// before; the first one is compared with the second. An attempt without a neighbour is compared in itself.
    pub(super) fn implied(
        attempt: &'a Attempt,
        exchange_idx: Option<usize>,
        attempts: &'a [Arc<Attempt>],
        kept: Option<&'a Attempt>,
    ) -> Option<Self> {
        let here = End { attempt, exchange_idx: exchange_idx.filter(|idx| *idx < attempt.exchanges.len()) };
        let with = |other: &'a Attempt| {
            let exchange_idx = here
                .exchange_idx
                .and_then(|idx| counterpart(&attempt.exchanges, idx, &other.exchanges))
                .or_else(|| other.exchanges.len().checked_sub(1));
            End { attempt: other, exchange_idx }
        };
        if let Some(kept) = kept.filter(|kept| address(*kept) != address(attempt)) {
            return Some(Self { before: with(kept), after: here });
        }
        let place = attempts.iter().position(|other| other.id == attempt.id)?;
        if let Some(previous) = place.checked_sub(1).and_then(|before| attempts.get(before)) {
            return Some(Self { before: with(previous), after: here });
        }
        if let Some(next) = attempts.get(place + 1) {
            return Some(Self { before: here, after: with(next) });
        }
        let last = attempt.exchanges.len().checked_sub(1).filter(|last| *last > 0)?;
        let (before, after) = (End { attempt, exchange_idx: Some(0) }, End { attempt, exchange_idx: Some(last) });
        Some(Self { before, after })
    }
}
