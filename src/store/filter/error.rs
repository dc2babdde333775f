//! What is wrong with a filter, and where.
use std::fmt;
use std::ops::Range;

use super::field::{Field, Operator, Operators};

/// The first thing that is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{mistake}")]
pub struct FilterError {
    /// Bytes of the text that are at fault; at its end where something is missing there.
    pub span: Range<usize>,
    /// What is wrong.
    pub mistake: Mistake,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// The word before an operator is no field.
    #[error("there is no field `{name}`{}; text that is not meant as one goes in quotes", DidYouMean(*.nearest))]
    NoSuchField {
        /// What stands there.
        name: String,
        /// The field that was perhaps meant.
        nearest: Option<&'static str>,
    },
    /// The field is not compared that way.
    #[error("`{field}` takes {}, not `{operator}`", Operators(field.operators()))]
    NoSuchComparison {
        /// The field.
        field: Field,
        /// The operator.
        operator: Operator,
    },
    /// There is nothing to compare with.
    #[error("`{0}` lacks a value; it takes {takes}", takes = .0.takes())]
    NoValue(Field),
    /// The value is none of this field's.
    #[error("`{value}` is no value of `{field}`{}; it takes {takes}", DidYouMean(*.nearest), takes = .field.takes())]
    WrongValue {
        /// The field.
        field: Field,
        /// What stands there.
        value: String,
        /// The value that was perhaps meant.
        nearest: Option<&'static str>,
    },
    /// The value is a word, and words are neither more nor less than others.
    #[error("`{value}` of `{field}` is not more or less than anything; write `{field}:{value}`")]
    NoOrder {
        /// The field.
        field: Field,
        /// What stands there.
        value: String,
    },
    /// An operator without a field.
    #[error("`{0}` needs a field before it, as in `attempt>1`")]
    NoField(Operator),
    /// A quote is opened and not closed.
    #[error("the quote is not closed")]
    OpenQuote,
    /// A parenthesis is opened and not closed.
    #[error("the parenthesis is not closed")]
    OpenParenthesis,
    /// A parenthesis is closed that was not opened.
    #[error("no parenthesis is open here")]
    NoParenthesis,
    /// Nothing stands between the parentheses.
    #[error("there is nothing in the parentheses")]
    Empty,
    /// `and`, `or` or `not` without what it belongs to.
    #[error("`{0}` lacks what it is about; as a text it goes in quotes")]
    Incomplete(&'static str),
    /// More parentheses and `not` inside each other than anyone can follow.
    #[error("this is nested more than {MAX_DEPTH} deep")]
    TooDeep,
}

/// How deep parentheses and `not` may be nested.
pub(super) const MAX_DEPTH: usize = 64;

struct DidYouMean(Option<&'static str>);

impl fmt::Display for DidYouMean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |meant| write!(f, ", perhaps `{meant}`"))
    }
}
