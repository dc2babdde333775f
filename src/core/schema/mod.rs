//! Schema validation as the reference does it: removal of empty values, coercion, messages.
mod coerce;
mod condition;
mod date_like;
mod empty;
mod error;
mod field;
mod misfit;
mod shape;
mod validate;

pub use empty::without_empty_values;
pub use error::SchemaError;
pub use field::{ConditionOperator, Field, FieldCondition, FieldKind, Match, OtherKeys, Required};
pub use misfit::{Misfit, MisfitPart, found_words, member_place};
pub use validate::{validate, validate_settings};
