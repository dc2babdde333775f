//! How one delivery stood at an instant that people look at.
use super::attempts::AttemptRow;
use super::deliveries::Fate;
use crate::core::time::Timestamp;

/// A delivery at an instant. What happens at that very instant has happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// Its first attempt, this one, has not begun.
    ToCome(AttemptRow),
    /// This attempt has begun and not ended.
    UnderWay(AttemptRow),
    /// It waits for another attempt.
    Waiting {
        /// The attempt that ended last.
        last: AttemptRow,
        /// The one that came next, if one did.
        next: Option<AttemptRow>,
    },
    /// It was over with this attempt.
    Over(AttemptRow),
}

impl Standing {
    /// How a delivery stood of which these are all attempts, the earliest first, and that became this; none of a delivery
    /// without attempts.
    #[must_use]
    pub fn at(rows: &[AttemptRow], fate: Fate, at: Timestamp) -> Option<Self> {
        if let Some(row) = rows.iter().find(|row| row.started_at <= at && at < row.ended_at) {
            return Some(Self::UnderWay(*row));
        }
        let next = rows.iter().find(|row| row.started_at > at).copied();
        let last = rows.iter().rev().find(|row| row.ended_at <= at).copied();
        match (last, next) {
            (None, next) => next.map(Self::ToCome),
            (Some(last), None) if fate != Fate::Pending => Some(Self::Over(last)),
            (Some(last), next) => Some(Self::Waiting { last, next }),
        }
    }

    /// In two words; none where it was over, and its fate says more.
    #[must_use]
    pub const fn word(&self) -> Option<&'static str> {
        match self {
            Self::ToCome(_) => Some("to come"),
            Self::UnderWay(_) => Some("under way"),
            Self::Waiting { .. } => Some("waiting"),
            Self::Over(_) => None,
        }
    }
}
