//! The engine: takes a plan, makes deliveries of its events, and drives core through them until each is delivered or
//! given up, in wall or in virtual time with the same code. Everything of one run lives on one thread.
mod seeds;
mod start;

mod attempt;
mod delivery;
mod run_state;
mod stream;
mod watch;

mod cancel;
mod error;
mod header;
mod ingest;
mod outlet;
mod stepper;
mod summary;

pub use cancel::Cancel;
pub use error::RunError;
pub use header::{DEFAULT_START, session_header};
pub use outlet::{Progress, RunEvent};
pub use seeds::{SeedsError, SeedsOptions, run_seeds};
pub use start::{Run, RunOptions, run_to_end, start};
pub use stepper::Stepper;
pub use summary::RunSummary;
