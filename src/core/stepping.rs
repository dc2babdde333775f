//! Going through a run in virtual time step by step: how far it goes, at which decisions it stands, and what it tells while
//! it stands. Plain data; the engine acts on it, the window shows it.
use super::batching::decisions;
use super::findings::host_and_path;
use super::http::Request;
use super::names::{AttemptId, Decision, DeliveryId, DuplicateOutcome, EventId, Purpose, Refresh};
use super::record::Attempt;
use super::time::Timestamp;

/// How far a run goes before it stands again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Until one more attempt has ended.
    Attempt,
    /// Until a retry begins.
    Retry,
    /// Until an attempt has ended in something else than plain success, see [`Breakpoints::of`].
    Decision,
    /// Until nothing is left that is due at this instant or before.
    Until(Timestamp),
}

/// A kind of decision at which a run can be made to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakpoint {
    /// Another attempt is to follow.
    Retry,
    /// A token was asked for, with or without success.
    Refresh,
    /// Events were given up.
    Dropped,
    /// A message that had been sent before, whatever came of it.
    Duplicate,
}

impl Breakpoint {
    /// Every kind, in the order in which the window shows them.
    pub const ALL: [Self; 4] = [Self::Retry, Self::Refresh, Self::Dropped, Self::Duplicate];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Refresh => "token refresh",
            Self::Dropped => "dropped",
            Self::Duplicate => "duplicate",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of kinds of decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breakpoints(u8);

impl Breakpoints {
    /// What an attempt decided, apart from plain success.
    #[must_use]
    pub fn of(attempt: &Attempt) -> Self {
        let is_retry = attempt.verdict.decision == Decision::Retry;
        let has_refresh = attempt.token.is_some_and(|token| token.refresh != Refresh::None);
        let has_dropped =
            attempt.verdict.decision == Decision::Discard || decisions(attempt).contains(&Decision::Discard);
        let is_duplicate = attempt.duplicate.as_ref().is_some_and(|mark| mark.outcome != DuplicateOutcome::First);
        let found = [
            (Breakpoint::Retry, is_retry),
            (Breakpoint::Refresh, has_refresh),
            (Breakpoint::Dropped, has_dropped),
            (Breakpoint::Duplicate, is_duplicate),
        ];
        found.into_iter().filter(|(_, is_so)| *is_so).fold(Self::default(), |all, (kind, _)| all.toggled(kind))
    }

    /// With this kind if it was not there, else without it.
    #[must_use]
    pub const fn toggled(self, kind: Breakpoint) -> Self {
        Self(self.0 ^ kind.bit())
    }

    /// Whether a kind is there.
    #[must_use]
    pub const fn has(self, kind: Breakpoint) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Whether none is there.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The first kind that is in both.
    #[must_use]
    pub fn first_of(self, other: Self) -> Option<Breakpoint> {
        Breakpoint::ALL.into_iter().find(|kind| self.has(*kind) && other.has(*kind))
    }
}

/// Why a run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was asked to, or has not begun.
    Asked,
    /// It came to the instant up to which it was to go.
    Instant,
    /// The attempt ended that the step was to.
    Ended(AttemptId),
    /// An attempt ended in a decision of a kind at which it is to stand.
    Decided(AttemptId, Breakpoint),
    /// This attempt of a delivery has just begun.
    Begun(DeliveryId, u32),
}

/// Something that is going to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upcoming {
    /// When it is due; none where it waits for another delivery.
    pub at: Option<Timestamp>,
    /// What it is.
    pub what: Happening,
}

/// What is going to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A delivery makes its next attempt.
    Attempt(DeliveryId),
    /// A stream sends its next batch.
    Batch,
    /// What an attempt that is under way waits for.
    Answer(UnderWay),
}

/// An attempt that has begun and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderWay {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// 1 for the first attempt of the delivery.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// The first of the events that it carries.
    pub first_event: Option<EventId>,
    /// How many it carries.
    pub n_events: usize,
    /// The request whose answer it waits for; none before the first, or while another delivery has the token refreshed.
    pub asked: Option<Asked>,
}

/// A request that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What it is for.
    pub purpose: Purpose,
    /// The host that it was sent to.
    pub host: String,
    /// When it was sent.
    pub sent_at: Timestamp,
}

impl Asked {
    /// A request that is sent now.
    #[must_use]
    pub fn of(request: &Request, purpose: Purpose, now: Timestamp) -> Self {
        Self { purpose, host: host_and_path(&request.url).0.to_owned(), sent_at: now }
    }
}

/// What a run tells while it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standstill {
    /// The virtual time.
    pub now: Timestamp,
    /// Why it stands.
    pub why: Why,
    /// What comes next: the soonest first, at most [`Self::MOST_UPCOMING`].
    pub upcoming: Vec<Upcoming>,
    /// How many deliveries are to begin at this instant.
    pub n_to_begin: u64,
    /// How many attempts have begun and not ended.
    pub n_in_flight: u64,
    /// How many deliveries wait for their next attempt.
    pub n_waiting: u64,
}

impl Standstill {
    /// More of what comes next than this is not told.
    pub const MOST_UPCOMING: usize = 256;
}
