//! One run in figures.
use crate::core::names::closed_names;

closed_names! {
    /// What is counted of a run. A peak is the most that began within any one second of the run's own time.
    Figure {
        /// Events that the receiver has.
        Delivered = "delivered",
        /// Events that were given up.
        Dropped = "dropped",
        /// Events that were not meant for the action.
        Filtered = "filtered",
        /// Attempts that ended.
        Attempts = "attempts",
        /// Requests, token requests included.
        Requests = "requests",
        /// Token requests.
        Refreshes = "refreshes",
        /// Most requests in a second: the load that the remote has to bear.
        PeakRequests = "peak_requests_per_second",
        /// Most requests of second and later attempts in a second: a retry storm, if it is high.
        PeakRetries = "peak_retries_per_second",
        /// Most token requests in a second: a refresh stampede, if it is more than one.
        PeakRefreshes = "peak_refreshes_per_second",
        /// Milliseconds of the run's own time from its first event to its last verdict.
        Lasted = "lasted_ms",
    }
}

impl Figure {
    /// What it is, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Dropped => "dropped",
            Self::Filtered => "filtered",
            Self::Attempts => "attempts",
            Self::Requests => "requests",
            Self::Refreshes => "token refreshes",
            Self::PeakRequests => "peak requests in 1 s",
            Self::PeakRetries => "peak retries in 1 s",
            Self::PeakRefreshes => "peak refreshes in 1 s",
            Self::Lasted => "lasted",
        }
    }

    /// Whether it is a length of time, in milliseconds, and no count.
    #[must_use]
    pub const fn is_time(self) -> bool {
        matches!(self, Self::Lasted)
    }
}

/// The run of one seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedRun {
    /// The seed.
    pub seed: u64,
    figures: [u64; Figure::ALL.len()],
}

impl SeedRun {
    /// A run that nothing is known of.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, figures: [0; Figure::ALL.len()] }
    }

    /// One figure of the run.
    #[must_use]
    pub const fn get(&self, figure: Figure) -> u64 {
        self.figures[figure as usize]
    }

    /// Sets one figure.
    pub const fn set(&mut self, figure: Figure, value: u64) {
        self.figures[figure as usize] = value;
    }
}
