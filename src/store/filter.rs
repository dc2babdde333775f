//! Which deliveries are shown: those that have one of the chosen facets of each kind.
use std::collections::BTreeSet;
use std::mem::Discriminant;

use super::deliveries::Fate;
use super::facets::Highlight;
use super::ids::DeliveryIdx;
use super::names::NameId;
use super::session::Session;

/// Something that deliveries are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// What became of it.
    Fate(Fate),
    /// It took more than one attempt.
    Retried,
    /// Something worth a look.
    Highlight(Highlight),
    /// Who gets it.
    Destination(NameId),
    /// An error that one of its attempts ended with.
    Error(NameId),
}

impl Facet {
    /// Whether a delivery has it.
    #[must_use]
    pub fn holds_for(self, session: &Session, delivery_idx: DeliveryIdx) -> bool {
        let delivery = session.delivery(delivery_idx);
        match self {
            Self::Fate(fate) => delivery.fate == fate,
            Self::Retried => delivery.is_retried(),
            Self::Highlight(highlight) => delivery.marks.has(highlight.marks()),
            Self::Destination(destination) => delivery.destination == destination,
            Self::Error(error) => {
                session.attempts_of(delivery_idx).any(|attempt_idx| session.attempt(attempt_idx).error == error)
            }
        }
    }
}

/// The chosen facets. None chosen admits everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(BTreeSet<Facet>);

impl Filter {
    /// Chooses a facet, or no longer.
    pub fn toggle(&mut self, facet: Facet) {
        if !self.0.remove(&facet) {
            self.0.insert(facet);
        }
    }

    /// Chooses nothing.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Whether a facet is chosen.
    #[must_use]
    pub fn has(&self, facet: Facet) -> bool {
        self.0.contains(&facet)
    }

    /// Whether nothing is chosen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a delivery has at least one of the chosen facets of each kind that any was chosen of.
    #[must_use]
    pub fn admits(&self, session: &Session, delivery_idx: DeliveryIdx) -> bool {
        let facets: Vec<&Facet> = self.0.iter().collect();
        facets
            .chunk_by(|one, other| kind(**one) == kind(**other))
            .all(|kind| kind.iter().any(|facet| facet.holds_for(session, delivery_idx)))
    }
}

fn kind(facet: Facet) -> Discriminant<Facet> {
    std::mem::discriminant(&facet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    fn admitted(session: &Session, facets: &[Facet]) -> Vec<String> {
        let mut filter = Filter::default();
        for facet in facets {
            filter.toggle(*facet);
        }
        let all = session.deliveries().indices();
        all.filter(|idx| filter.admits(session, *idx)).map(|idx| session.delivery(idx).id.to_string()).collect()
    }

    #[test]
    fn facets_of_one_kind_widen_and_of_another_narrow() {
        let session = demo::session();
        let name = |wanted: &str| {
            let mut names = session.facets().destinations().chain(session.facets().errors());
            names.find(|(name, _)| session.name(*name) == wanted).unwrap().0
        };
        let (dropped, pending) = (Facet::Fate(Fate::Dropped), Facet::Fate(Fate::Pending));
        let linkedin = Facet::Destination(name("linkedin-audiences"));
        assert_eq!(admitted(&session, &[]).len(), 12);
        for (facets, wanted) in [
            (&[dropped][..], "d6 d3"),
            (&[dropped, pending], "d6 d3 d9"),
            (&[dropped, pending, linkedin], "d3"),
            (&[Facet::Highlight(Highlight::DeliveredTwice)], "d7"),
            (&[Facet::Retried, linkedin], "d1 d2 d10 b-12"),
            (&[Facet::Error(name("RetryableError 429"))], "b-12"),
        ] {
            let mut found = admitted(&session, facets);
            let mut wanted: Vec<&str> = wanted.split(' ').collect();
            found.sort();
            wanted.sort_unstable();
            assert_eq!(found, wanted, "{facets:?}");
        }
    }
}
