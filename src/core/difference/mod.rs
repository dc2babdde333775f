//! What changed from one exchange to another and from one attempt to the next, place by place.
mod attempt;
mod change;
mod exchange;

mod align;
mod document;
mod pace;

pub use attempt::{counterpart, verdict_changes};
pub use change::{Change, Part, Place, Section};
pub use exchange::{exchange_changes, watched_exchange_changes};
