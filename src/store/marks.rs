//! What the timeline shows of an attempt besides its verdict: the status on its bar, and marks.
use std::fmt;

use super::brief::{AttemptBrief, ExchangeBrief};
use crate::core::http::FaultKind;
use crate::core::names::{DuplicateOutcome, Purpose, Refresh};
use crate::core::record::Attempt;

/// What stands on an attempt's bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing was sent and nothing failed.
    #[default]
    None,
    /// What the remote answered last, token requests aside.
    Wire(u16),
    /// Nothing was sent; the status of the error that was thrown instead.
    Thrown(u16),
    /// No answer came to the last request.
    Fault(FaultKind),
}

impl Status {
    /// The status of an attempt.
    #[must_use]
    pub fn of(attempt: &AttemptBrief<'_>) -> Self {
        let last = attempt.exchanges.iter().rev().find(|exchange| exchange.purpose != Purpose::Refresh);
        match last.map(|exchange| exchange.result) {
            Some(Ok(status)) => Self::Wire(status),
            Some(Err(fault)) => Self::Fault(fault),
            None => attempt.error.and_then(|(_, status)| status).map_or(Self::None, Self::Thrown),
        }
    }

    /// The status of a whole record.
    #[must_use]
    pub fn of_record(attempt: &Attempt) -> Self {
        let exchanges = ExchangeBrief::all_of(attempt);
        Self::of(&AttemptBrief::of(attempt, &exchanges))
    }

    /// Whether it came over the wire, a fault included.
    #[must_use]
    pub const fn is_from_wire(self) -> bool {
        matches!(self, Self::Wire(_) | Self::Fault(_))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("—"),
            Self::Wire(status) | Self::Thrown(status) => write!(f, "{status}"),
            Self::Fault(kind) => write!(f, "{kind}"),
        }
    }
}

/// A set of marks: of one attempt, or of all attempts of a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks(u16);

impl Marks {
    /// No mark.
    pub const NONE: Self = Self(0);
    /// The attempt refreshed the token.
    pub const REFRESHED: Self = Self(1);
    /// The attempt tried to refresh the token and got none.
    pub const REFRESH_FAILED: Self = Self(1 << 1);
    /// The token was replaced by another delivery while the attempt ran.
    pub const REFRESH_SHARED: Self = Self(1 << 2);
    /// The receiver acted on it once more.
    pub const DELIVERED_TWICE: Self = Self(1 << 3);
    /// Seen before, and not acted on again.
    pub const SUPPRESSED: Self = Self(1 << 4);
    /// Held back although the receiver had never acted on it.
    pub const WRONGLY_SUPPRESSED: Self = Self(1 << 5);
    /// Nobody can tell whether the receiver acted.
    pub const AMBIGUOUS: Self = Self(1 << 6);
    /// Something severe was found in the attempt.
    pub const FOUND_SEVERE: Self = Self(1 << 7);
    /// Something was found in the attempt that calls for a warning.
    pub const FOUND_WARNING: Self = Self(1 << 8);

    /// The marks of an attempt, findings aside.
    #[must_use]
    pub fn of(attempt: &AttemptBrief<'_>) -> Self {
        let token = attempt.token.map_or(Self::NONE, |token| match token.refresh {
            Refresh::Succeeded => Self::REFRESHED,
            Refresh::Failed => Self::REFRESH_FAILED,
            Refresh::None if token.generation_after > token.generation_before => Self::REFRESH_SHARED,
            Refresh::None => Self::NONE,
        });
        let duplicate = attempt.duplicate.map_or(Self::NONE, |(outcome, _)| match outcome {
            DuplicateOutcome::First => Self::NONE,
            DuplicateOutcome::Suppressed => Self::SUPPRESSED,
            DuplicateOutcome::DeliveredTwice => Self::DELIVERED_TWICE,
            DuplicateOutcome::WronglySuppressed => Self::WRONGLY_SUPPRESSED,
            DuplicateOutcome::Ambiguous => Self::AMBIGUOUS,
        });
        token.with(duplicate)
    }

    /// Both sets in one.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of `other`'s marks is set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
