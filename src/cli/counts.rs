//! What is in a session, in numbers.
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::ops::ControlFlow;

use super::output::counted;
use super::selection::Selection;
use crate::core::batching::Members;
use crate::core::duration_words::in_words;
use crate::core::names::{Decision, DuplicateOutcome};
use crate::core::record::{Attempt, Outcome, Record};
use crate::core::time::Timestamp;
use crate::session::loader::LoadedInFile;
use crate::store::walk::{Cursor, Position};
use crate::store::{AttemptIdx, DeliveryShape, Fate, Marks, Session};

/// Where fewer deliveries than one in so many are counted, their records are read one by one.
const ONE_IN: usize = 64;

/// The numbers, of all of a session or of a part of it.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) n_events: usize,
    n_attempts: usize,
    n_exchanges: usize,
    n_twice: usize,
    fates: Fates,
    span: Option<(Timestamp, Timestamp)>,
}

/// What became of deliveries.
#[derive(Debug)]
enum Fates {
    /// Of each by its position, as far as its attempts were counted.
    OfEach(Vec<Option<Ended>>),
    /// Added up.
    Counted(BTreeMap<&'static str, usize>),
}

impl Default for Fates {
    fn default() -> Self {
        Self::OfEach(Vec::new())
    }
}

/// How the attempts of a delivery ended until now.
#[derive(Clone, Copy, Debug)]
struct Ended {
    fate: &'static str,
    /// Whether the receiver has some of its events, whatever became of the others.
    has_delivered_items: bool,
}

impl Counts {
    /// Of a session of which only the heads of lines were looked at.
    pub(super) fn in_brief(loaded: &LoadedInFile) -> Self {
        let session = loaded.session();
        let mut fates = BTreeMap::new();
        for idx in session.deliveries().indices() {
            let is_going_on = || session.delivery(idx).next_attempt_at.is_some();
            *fates.entry(fate_of(&session.deliveries().shape(idx), is_going_on)).or_default() += 1;
        }
        let is_twice = |idx: &AttemptIdx| session.attempts().marks(*idx).has(Marks::DELIVERED_TWICE);
        Self {
            n_events: session.n_events(),
            n_attempts: session.attempts().len(),
            n_exchanges: usize::try_from(loaded.n_exchanges()).unwrap_or(usize::MAX),
            n_twice: session.attempts().indices().filter(is_twice).count(),
            fates: Fates::Counted(fates),
            span: session.activity().range().map(|range| (range.start, range.end)),
        }
    }

    /// Of the deliveries of a session that a filter admits, and the events that they carry.
    pub(super) fn of_selection(session: &Session, selection: &Selection) -> Self {
        let (mut counts, mut events) = (Self::default(), HashSet::new());
        let mut add = |attempt_idx: AttemptIdx, attempt: &Attempt| {
            events.extend(attempt.events.iter().filter_map(|id| session.find_event(id)));
            counts.add(session, attempt_idx, attempt);
        };
        if selection.n_admitted() * ONE_IN < session.deliveries().len() {
            let admitted = session.deliveries().indices().filter(|idx| selection.admits(*idx));
            for attempt_idx in admitted.flat_map(|idx| session.attempts_of(idx)) {
                add(attempt_idx, &session.details(attempt_idx));
            }
        } else {
            // Nobody stops it.
            _ = session.walk(&mut Cursor::default(), &mut |position, record| {
                if let (Position::Attempt(attempt_idx), Ok(Record::Attempt(attempt))) = (position, record)
                    && selection.admits(session.attempt(attempt_idx).delivery)
                {
                    add(attempt_idx, &attempt);
                }
                ControlFlow::Continue(())
            });
        }
        counts.n_events = events.len();
        counts
    }

    /// Counts the next attempt of a session.
    pub(super) fn add(&mut self, session: &Session, attempt_idx: AttemptIdx, attempt: &Attempt) {
        self.n_attempts += 1;
        self.n_exchanges += attempt.exchanges.len();
        let twice = |outcome| outcome == DuplicateOutcome::DeliveredTwice;
        self.n_twice += usize::from(attempt.duplicate.as_ref().is_some_and(|mark| twice(mark.outcome)));
        let (first, end) = self.span.get_or_insert((attempt.started_at, attempt.ended_at));
        (*first, *end) = (attempt.started_at.min(*first), attempt.ended_at.max(*end));
        if let Fates::OfEach(ended) = &mut self.fates {
            let at = session.attempt(attempt_idx).delivery.index();
            if ended.len() <= at {
                ended.resize(at + 1, None);
            }
            ended[at] = Some(Ended::after(ended[at], attempt));
        }
    }

    /// Writes them, one a line.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "events      {}", self.n_events)?;
        writeln!(out, "attempts    {} with {}", self.n_attempts, counted(self.n_exchanges, "exchange"))?;
        let fates = self.fates.counted();
        let n_deliveries: usize = fates.values().sum();
        let fates: Vec<String> = fates.iter().map(|(fate, count)| format!("{count} {fate}")).collect();
        writeln!(out, "deliveries  {}", [&[n_deliveries.to_string()][..], &fates].concat().join(", "))?;
        if self.n_twice > 0 {
            writeln!(out, "twice       {}", self.n_twice)?;
        }
        if let Some((first, last)) = self.span {
            writeln!(out, "time        {first} to {last}, {}", in_words(last.since(first)))?;
        }
        Ok(())
    }
}

impl Fates {
    fn counted(&self) -> BTreeMap<&'static str, usize> {
        match self {
            Self::Counted(counted) => counted.clone(),
            Self::OfEach(ended) => {
                let mut counted = BTreeMap::new();
                for ended in ended.iter().flatten() {
                    *counted.entry(ended.fate).or_default() += 1;
                }
                counted
            }
        }
    }
}

impl Ended {
    fn after(before: Option<Self>, attempt: &Attempt) -> Self {
        let has_delivered_items =
            before.is_some_and(|before| before.has_delivered_items) || has_delivered_items(attempt);
        let fate = match attempt.verdict.decision {
            Decision::Delivered => "delivered",
            Decision::Retry if attempt.verdict.next_attempt_at.is_some() => "unfinished",
            Decision::Retry | Decision::Discard if has_delivered_items => "partly delivered",
            Decision::Retry if !Members::of(attempt).goes_on.is_empty() => "gone on in other batches",
            Decision::Retry | Decision::Discard => "given up",
            Decision::Filtered => "filtered",
        };
        Self { fate, has_delivered_items }
    }
}

fn has_delivered_items(attempt: &Attempt) -> bool {
    let Outcome::Multistatus(items) = &attempt.outcome else { return false };
    items.iter().any(|item| item.decision == Decision::Delivered)
}

fn fate_of(delivery: &DeliveryShape, is_going_on: impl FnOnce() -> bool) -> &'static str {
    match delivery.fate {
        Fate::Delivered | Fate::DeliveredTwice => "delivered",
        Fate::Pending if is_going_on() => "unfinished",
        Fate::Partial => "partly delivered",
        Fate::Pending | Fate::Dropped if delivery.n_delivered > 0 => "partly delivered",
        Fate::Pending | Fate::Dropped => "given up",
        Fate::Filtered => "filtered",
    }
}
