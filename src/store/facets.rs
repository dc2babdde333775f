//! Counts beside the timeline: how many deliveries met which fate, carry which mark, went where, and which errors
//! their attempts ended with.
use std::collections::BTreeMap;
use std::fmt;

use super::deliveries::{DeliveryShape, Fate};
use super::marks::Marks;
use super::names::NameId;

/// Something worth a look, told by marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Highlight {
    /// A token was refreshed, or was to be.
    TokenRefresh,
    /// The receiver acted on it more than once.
    DeliveredTwice,
    /// Held back because it had been seen before, rightly or not.
    Suppressed,
    /// Nobody can tell whether the receiver acted.
    Ambiguous,
    /// A detector found something severe, or something that calls for a warning.
    Finding,
}

impl Highlight {
    /// Every highlight, in the order in which they are listed.
    pub const ALL: [Self; 5] =
        [Self::TokenRefresh, Self::DeliveredTwice, Self::Suppressed, Self::Ambiguous, Self::Finding];

    /// The marks that make it.
    #[must_use]
    pub const fn marks(self) -> Marks {
        match self {
            Self::TokenRefresh => Marks::REFRESHED.with(Marks::REFRESH_FAILED),
            Self::DeliveredTwice => Marks::DELIVERED_TWICE,
            Self::Suppressed => Marks::SUPPRESSED.with(Marks::WRONGLY_SUPPRESSED),
            Self::Ambiguous => Marks::AMBIGUOUS,
            Self::Finding => Marks::FOUND_SEVERE.with(Marks::FOUND_WARNING),
        }
    }
}

impl fmt::Display for Highlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TokenRefresh => "token refresh",
            Self::DeliveredTwice => "delivered twice",
            Self::Suppressed => "suppressed",
            Self::Ambiguous => "maybe delivered",
            Self::Finding => "with findings",
        })
    }
}

/// The counts.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    fates: [usize; Fate::ALL.len()],
    n_retried: usize,
    highlights: [usize; Highlight::ALL.len()],
    destinations: BTreeMap<NameId, usize>,
    errors: BTreeMap<NameId, usize>,
}

impl Facets {
    /// Deliveries that met a fate.
    #[must_use]
    pub fn n_of(&self, fate: Fate) -> usize {
        self.fates[fate as usize]
    }

    /// Deliveries that took more than one attempt.
    #[must_use]
    pub fn n_retried(&self) -> usize {
        self.n_retried
    }

    /// Deliveries with a highlight.
    #[must_use]
    pub fn n_highlighted(&self, highlight: Highlight) -> usize {
        self.highlights[highlight as usize]
    }

    /// Deliveries for each destination, in the order in which the destinations became known.
    pub fn destinations(&self) -> impl Iterator<Item = (NameId, usize)> {
        self.destinations.iter().map(|(name, count)| (*name, *count))
    }

    /// Attempts that ended with each error, as in `RetryableError 503`, in the order in which the errors became known.
    pub fn errors(&self) -> impl Iterator<Item = (NameId, usize)> {
        self.errors.iter().map(|(error, count)| (*error, *count))
    }

    /// Counts an error that an attempt ended with.
    pub(super) fn add_error(&mut self, error: NameId) {
        *self.errors.entry(error).or_default() += 1;
    }

    /// Counts a delivery.
    pub(super) fn add(&mut self, delivery: &DeliveryShape) {
        self.change(delivery, |count| *count += 1);
    }

    /// Takes a delivery out of the counts, before it changes.
    pub(super) fn remove(&mut self, delivery: &DeliveryShape) {
        self.change(delivery, |count| *count = count.saturating_sub(1));
    }

    fn change(&mut self, delivery: &DeliveryShape, by_one: impl Fn(&mut usize)) {
        by_one(&mut self.fates[delivery.fate as usize]);
        by_one(self.destinations.entry(delivery.destination).or_default());
        if delivery.is_retried() {
            by_one(&mut self.n_retried);
        }
        for highlight in Highlight::ALL {
            if delivery.marks.has(highlight.marks()) {
                by_one(&mut self.highlights[highlight as usize]);
            }
        }
    }
}
