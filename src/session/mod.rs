//! Files: plans and sessions read, written and recovered, exports, redaction.
mod fields;

pub mod events_file;
pub mod export;
pub mod import;
pub mod loader;
pub mod plan_file;
pub mod reader;
pub mod secrets;
pub mod writer;

pub mod link;
pub mod problem;
pub mod sniff;
pub mod wire;

mod input;
mod json_error;
mod lines;
mod scan;

#[cfg(test)]
mod generated;
#[cfg(test)]
mod reader_tests;
