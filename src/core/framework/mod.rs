//! The framework of the reference, in process: subscription, mapping, validation, membership, the action, and at most
//! one more pass after a token refresh. It never waits; waiting is the pipeline's.
mod attempt;
mod prepared;

mod passes;
mod run;

mod batch;
mod verdict;

mod client;
mod judge;
mod redirect;
mod seen;
mod wire_url;

pub mod answer;

pub use attempt::{Attempted, Turn, attempt, attempt_prepared};
pub use client::{AddFacts, Client, USER_AGENT};
pub use judge::{Judge, Link};
pub use prepared::Prepared;
pub use seen::judge_answer;
pub use verdict::{GivenUp, RULES_FIRED, give_up, given_up_by_hand, seen_at_ingest, tell_retry_after};
