//! The headless verbs, and the door to the window.
mod entry;

pub use args::WindowArgs;
pub use entry::{OpenWindow, main};

mod args;
mod failure;

mod capture;
mod check;
mod conformance;
mod counts;
mod export;
mod findings;
mod generate;
mod import;
mod resume;
mod run;
mod run_output;
mod run_seeds;
mod selection;
mod simulate;
mod window;

mod interrupt;
mod output;
mod progress;
mod session_out;
mod signals;
