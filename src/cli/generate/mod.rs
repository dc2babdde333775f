//! `generate`: large sessions for load tests, made of runs of the real engine.
mod verb;

pub(super) use verb::generate;

mod stories;
mod template;
mod traffic;
