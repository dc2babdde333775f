//! The program: a window, and verbs that work without one.
use std::process::ExitCode;

fn main() -> ExitCode {
    delivery_inspector::cli::main(None)
}
