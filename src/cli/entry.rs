//! From the command line to an exit code.
use std::process::ExitCode;

use clap::Parser as _;

use super::args::{Cli, Verb, WindowArgs};
use super::failure::Failure;
use super::{capture, check, conformance, export, generate, import, output, run, simulate, window};

/// Opens the window and stays until it is closed. An error reads on from nothing: it is a sentence.
pub type OpenWindow = fn(WindowArgs) -> Result<(), String>;

/// Does what the command line says. A build without a window has nothing to open.
#[must_use]
pub fn main(open_window: Option<OpenWindow>) -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; a pipe that was closed meanwhile is none either.
            error.print().unwrap_or_default();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    match act(cli, open_window) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::NoReader) {
                output::note(&failure.to_string());
            }
            ExitCode::from(failure.exit_code())
        }
    }
}

fn act(cli: Cli, open_window: Option<OpenWindow>) -> Result<(), Failure> {
    match cli.verb {
        None => window::open(cli.window, open_window),
        Some(Verb::Run(args)) => run::run(&args),
        Some(Verb::Export(args)) => export::export(&args),
        Some(Verb::Capture(args)) => capture::capture(args),
        Some(Verb::Simulate(args)) => simulate::simulate(&args),
        Some(Verb::Check(args)) => check::check(&args),
        Some(Verb::Import(args)) => import::import(&args),
        Some(Verb::Generate(args)) => generate::generate(&args),
        Some(Verb::Conformance(args)) => conformance::conformance(&args),
    }
}
