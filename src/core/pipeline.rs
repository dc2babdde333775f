//! The outer pipeline's retry policy: how long to wait after a failed attempt, and when to give up.
use std::time::Duration;

/// When and how often a delivery is tried again. What is retried at all is for the rules to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Name of the preset that it was taken from, or `custom`.
    pub preset: String,
    /// How many attempts there are at most, the first one included; none means no limit.
    pub max_attempts: Option<u32>,
    /// How long after the first attempt the last one may start; none means no limit.
    pub max_elapsed: Option<Duration>,
    /// Shortest first wait; doubled with each retry.
    pub base_delay: Duration,
    /// Longest wait.
    pub max_delay: Duration,
    /// Share of the wait that is random, 0 to 1: a wait w becomes something between w and w·(1 + jitter), the
    /// limit `max_delay` applied last.
    pub jitter: f64,
    /// Whether a `Retry-After` of the remote is obeyed. Segment's pipeline is not known to.
    pub honour_retry_after: bool,
}
