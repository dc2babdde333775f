//! `import`: sessions of files that other programs wrote.
use std::io::{self, Read as _, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use super::args::{ImportArgs, SecretsChoice};
use super::failure::Failure;
use super::output::{self, counted};
use super::session_out::SessionOut;
use crate::core::names::RuleSetName;
use crate::core::record::Record;
use crate::session::export::text::visible;
use crate::session::import::{self, ImportError, Imported};
use crate::session::problem::Problem;
use crate::session::reader::{self, Limits, LoadedSession, ReadError};
use crate::session::secrets::Secrets;

pub(super) fn import(args: &ImportArgs) -> Result<(), Failure> {
    let imported = read(&args.file, args.rules)?;
    let secrets = match args.secrets {
        SecretsChoice::Alias => Secrets::default(),
        SecretsChoice::Keep => Secrets::Kept,
    };
    let mut out = SessionOut::open(&args.out, &imported.session.header, secrets)?;
    out.write(&imported.session.records)?;
    out.finish()?;
    tell(args, &imported)
}

fn read(path: &Path, rules: RuleSetName) -> Result<Imported, ImportError> {
    if !output::is_dash(path) {
        return import::read_file(path, rules);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
    import::read_bytes(&bytes, path, rules)
}

/// Says what came of it, beside a session that goes to standard output.
fn tell(args: &ImportArgs, imported: &Imported) -> Result<(), Failure> {
    let is_event = |record: &&Record| matches!(record, Record::Event(_));
    let n_events = imported.session.records.iter().filter(is_event).count();
    let n_attempts = imported.session.records.len() - n_events;
    let came = format!("{} and {}", counted(n_events, "event"), counted(n_attempts, "attempt"));
    let mut lines = vec![format!("{} is {}: {came}", args.file.display(), imported.from)];
    lines.extend(imported.notes.iter().map(|note| format!("  {note}")));
    if output::is_dash(&args.out) {
        for line in lines {
            output::note(&line);
        }
        return Ok(());
    }
    let mut out = output::stdout();
    for line in lines {
        writeln!(out, "{}", visible(&line))?;
    }
    Ok(out.flush()?)
}

/// Reads a session from a file or from standard input, or makes one of a file that can be imported.
pub(super) fn read_session(path: &Path) -> Result<(LoadedSession, Vec<Problem>), Failure> {
    if output::is_dash(path) {
        return Ok(reader::read(io::stdin(), Limits::default(), &mut |_| ControlFlow::Continue(()))?);
    }
    match reader::read_file(path) {
        Err(ReadError::NotASession(seems)) => match import::read_file(path, RuleSetName::default()) {
            Ok(imported) => Ok((imported.session, Vec::new())),
            Err(error) if seems.is_imported() => Err(error.into()),
            Err(_) => Err(ReadError::NotASession(seems).into()),
        },
        read => Ok(read?),
    }
}
