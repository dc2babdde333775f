//! The closed sets of words that filters compare with.
use crate::core::names::{Decision, closed_names};
use crate::store::deliveries::Fate;
use crate::store::marks::Marks;

closed_names! {
    /// What can be asked of a verdict: the fate of the whole delivery, or a decision that one of its attempts met.
    VerdictWord {
        /// The receiver has all of it.
        Delivered = "delivered",
        /// The receiver acted on it more than once.
        Twice = "twice",
        /// The receiver has some events of the batch.
        Partial = "partial",
        /// Another attempt is due.
        Pending = "pending",
        /// Given up.
        Dropped = "dropped",
        /// Never meant for this destination.
        Filtered = "filtered",
        /// Some attempt was to be tried again.
        Retry = "retry",
        /// Some attempt was given up.
        Discard = "discard",
    }
}

impl VerdictWord {
    /// The fate that it names, or else the decision.
    pub(super) const fn meaning(self) -> Result<Fate, Decision> {
        match self {
            Self::Delivered => Ok(Fate::Delivered),
            Self::Twice => Ok(Fate::DeliveredTwice),
            Self::Partial => Ok(Fate::Partial),
            Self::Pending => Ok(Fate::Pending),
            Self::Dropped => Ok(Fate::Dropped),
            Self::Filtered => Ok(Fate::Filtered),
            Self::Retry => Err(Decision::Retry),
            Self::Discard => Err(Decision::Discard),
        }
    }

    /// The word for a fate.
    pub(super) const fn of(fate: Fate) -> Self {
        match fate {
            Fate::Delivered => Self::Delivered,
            Fate::DeliveredTwice => Self::Twice,
            Fate::Partial => Self::Partial,
            Fate::Pending => Self::Pending,
            Fate::Dropped => Self::Dropped,
            Fate::Filtered => Self::Filtered,
        }
    }

    /// What it asks, in a few words.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Delivered => "the receiver has all of it",
            Self::Twice => "the receiver acted on it more than once",
            Self::Partial => "the receiver has some events of the batch",
            Self::Pending => "another attempt is due",
            Self::Dropped => "given up",
            Self::Filtered => "never meant for this destination",
            Self::Retry => "some attempt was to be tried again",
            Self::Discard => "some attempt was given up",
        }
    }
}

closed_names! {
    /// What can be asked of duplicates.
    DuplicateWord {
        /// Anything was found out about duplicates.
        Any = "*",
        /// The receiver acted on it once more.
        DeliveredTwice = "delivered-twice",
        /// Held back, rightly or not.
        Suppressed = "suppressed",
        /// Held back although the receiver had never acted on it.
        WronglySuppressed = "wrongly-suppressed",
        /// Nobody can tell whether the receiver acted.
        Ambiguous = "ambiguous",
    }
}

impl DuplicateWord {
    /// The marks that it asks for, any of them.
    pub(super) const fn marks(self) -> Marks {
        let suppressed = Marks::SUPPRESSED.with(Marks::WRONGLY_SUPPRESSED);
        match self {
            Self::Any => suppressed.with(Marks::DELIVERED_TWICE).with(Marks::AMBIGUOUS),
            Self::DeliveredTwice => Marks::DELIVERED_TWICE,
            Self::Suppressed => suppressed,
            Self::WronglySuppressed => Marks::WRONGLY_SUPPRESSED,
            Self::Ambiguous => Marks::AMBIGUOUS,
        }
    }

    /// What it asks, in a few words.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Any => "any of the others",
            Self::DeliveredTwice => "the receiver acted on it once more",
            Self::Suppressed => "held back, rightly or not",
            Self::WronglySuppressed => "held back although the receiver had never acted on it",
            Self::Ambiguous => "nobody can tell whether the receiver acted",
        }
    }
}

closed_names! {
    /// What can be asked of tokens, besides their generation.
    TokenWord {
        /// Some token was used.
        Any = "*",
        /// A new token was asked for, whatever came of it.
        Refresh = "refresh",
        /// A new token was asked for and given.
        Refreshed = "refreshed",
        /// A new token was asked for and not given.
        Failed = "failed",
        /// Another delivery's new token was used.
        Shared = "shared",
    }
}

impl TokenWord {
    /// The marks that it asks for, any of them; none for any token at all.
    pub(super) const fn marks(self) -> Option<Marks> {
        match self {
            Self::Any => None,
            Self::Refresh => Some(Marks::REFRESHED.with(Marks::REFRESH_FAILED)),
            Self::Refreshed => Some(Marks::REFRESHED),
            Self::Failed => Some(Marks::REFRESH_FAILED),
            Self::Shared => Some(Marks::REFRESH_SHARED),
        }
    }

    /// What it asks, in a few words.
    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Any => "some token was used",
            Self::Refresh => "a new token was asked for",
            Self::Refreshed => "a new token was asked for and given",
            Self::Failed => "a new token was asked for and not given",
            Self::Shared => "the new token of another delivery was used",
        }
    }
}

closed_names! {
    /// Whether a delivery carries several events.
    BatchWord {
        /// It does.
        Yes = "yes",
        /// It does not.
        No = "no",
    }
}
