//! What deliveries are counted by beside the timeline, and the filter that shows only what was counted.
use super::edit::Wanted;
use super::field::{Field, Operator};
use super::words::{DuplicateWord, TokenWord, VerdictWord};
use crate::core::findings::Severity;
use crate::store::deliveries::Fate;
use crate::store::facets::Highlight;
use crate::store::names::NameId;
use crate::store::session::Session;

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
    /// The comparison that says it.
    pub(super) fn wanted(self, session: &Session) -> Wanted {
        let one = |field, operator, value: &str| Wanted { field, operator, values: vec![value.to_owned()] };
        match self {
            Self::Fate(fate) => one(Field::Verdict, Operator::Has, VerdictWord::of(fate).name()),
            Self::Retried => one(Field::Attempt, Operator::More, "1"),
            Self::Highlight(Highlight::TokenRefresh) => one(Field::Token, Operator::Has, TokenWord::Refresh.name()),
            Self::Highlight(Highlight::DeliveredTwice) => {
                one(Field::Duplicate, Operator::Has, DuplicateWord::DeliveredTwice.name())
            }
            Self::Highlight(Highlight::Suppressed) => {
                one(Field::Duplicate, Operator::Has, DuplicateWord::Suppressed.name())
            }
            Self::Highlight(Highlight::Ambiguous) => {
                one(Field::Duplicate, Operator::Has, DuplicateWord::Ambiguous.name())
            }
            Self::Highlight(Highlight::Finding) => Wanted {
                field: Field::Finding,
                operator: Operator::Has,
                values: [Severity::Severe, Severity::Warning].map(|severity| severity.name().to_owned()).into(),
            },
            Self::Destination(name) => one(Field::Destination, Operator::Is, session.name(name)),
            Self::Error(name) => one(Field::Error, Operator::Is, session.name(name)),
        }
    }
}
