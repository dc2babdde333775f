//! The built program as people and scripts run it: what it prints, what it writes, and the exit codes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so best by stopping")]

mod program;

mod events;
mod exit_codes;
mod export;
mod generate;
mod run;
mod seeds;
#[cfg(unix)]
mod servers;
mod sessions;
