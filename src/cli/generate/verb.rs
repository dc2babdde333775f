//! The verb: where the session goes, and how long it gets.
use std::io::{self, BufWriter, Write};

use super::stories::Library;
use super::traffic::Traffic;
use crate::cli::args::GenerateArgs;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::core::names::{ClockKind, RuleSetName};
use crate::core::record::SessionHeader;
use crate::core::time::Timestamp;
use crate::session::wire::write_header;
use crate::session::writer::replace_file;

/// 2026-11-22T00:00:00Z: where the clock of a generated session starts.
const START: Timestamp = Timestamp::from_millis(1_795_305_600_000);
/// What is handed to the system at once.
const BUFFER_BYTES: usize = 1 << 20;

pub(in crate::cli) fn generate(args: &GenerateArgs) -> Result<(), Failure> {
    let library = Library::run(args.seed).map_err(|reason| Failure::Run(format!("failed to generate: {reason}")))?;
    if output::is_dash(&args.out) {
        write(io::stdout().lock(), args, &library)?;
    } else {
        replace_file(&args.out, |file| write(file, args, &library))?;
    }
    Ok(())
}

fn write(out: impl Write, args: &GenerateArgs, library: &Library) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    write_header(&mut out, &header(args), "aliased")?;
    let mut traffic = Traffic::new(library, args.seed, START);
    let mut line = Vec::new();
    let mut n_left = args.attempts;
    while n_left > 0 {
        line.clear();
        if traffic.next_line(&mut line) {
            n_left -= 1;
        }
        out.write_all(&line)?;
    }
    out.flush()
}

fn header(args: &GenerateArgs) -> SessionHeader {
    let id = format!("generated-{}-{}", args.seed, args.attempts);
    let name = format!("Generated: {} attempts, seed {}", args.attempts, args.seed);
    SessionHeader {
        clock: ClockKind::Virtual.name().to_owned(),
        rules: RuleSetName::default().name().to_owned(),
        ..SessionHeader::new(id, name, START, "simulated")
    }
}
