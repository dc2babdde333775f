//! The framework of the reference, in process: subscription, mapping, validation, membership, the action, and at most
//! one more pass after a token refresh. It never waits; waiting is the pipeline's.
mod attempt;

pub use attempt::{Attempted, Turn, attempt};
