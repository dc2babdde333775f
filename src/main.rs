//! The program: a window, and verbs that work without one.
use std::process::ExitCode;

use delivery_inspector::cli;

/// Sessions are millions of small values: this allocator takes and frees them faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(feature = "gui")]
const OPEN_WINDOW: Option<cli::OpenWindow> = Some(delivery_inspector::app::command_line::open);
#[cfg(not(feature = "gui"))]
const OPEN_WINDOW: Option<cli::OpenWindow> = None;

fn main() -> ExitCode {
    cli::main(OPEN_WINDOW)
}
