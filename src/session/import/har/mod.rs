//! HAR 1.2, as browsers and proxies really write it.
mod entry;
mod log;
mod message;

pub(super) use log::Har;
