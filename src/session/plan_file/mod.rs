//! Delivery plans as files, version 1: read strictly enough that a mistake is a sentence with the place, written as
//! they were read.
mod error;
mod read;

pub use error::PlanError;
pub use read::{Environment, from_source, read, read_file, source_of};
pub use replies::{REPLY_FIELDS, reply_misfits};
pub use write::{add_events, to_text, unknown_fields};

mod batching;
mod deduplication;
mod duration;
mod pipeline;
mod remote;
mod replies;
mod variables;
mod write;

#[cfg(test)]
mod tests;
