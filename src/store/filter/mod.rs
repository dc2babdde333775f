//! The filter language: which deliveries are shown, written as people would say it, `verdict:dropped attempt>1`.
//! `docs/filter.md` describes it.
mod query;

pub use query::Filter;

mod error;
mod facet;
mod field;
pub mod words;

mod condition;
mod lexer;
mod parser;
mod text_match;

mod bound;
mod contents;
mod foresight;

mod complete;
mod edit;
mod paint;

pub use bound::Bound;
pub use complete::{Completion, Proposal, complete};
pub use error::{FilterError, Mistake};
pub use facet::Facet;
pub use field::{Field, Operator};
pub use paint::{Part, parts};

#[cfg(test)]
mod tests;
