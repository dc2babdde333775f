//! Schema validation as the reference does it: removal of empty values, coercion, messages.
mod field;

pub use field::{Field, FieldKind, Required};
