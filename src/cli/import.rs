//! `import`: sessions of files that other programs wrote.
use std::io::{self, Read as _, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use super::args::{ImportArgs, SecretsChoice};
use super::failure::Failure;
use super::output::{self, counted};
use super::progress::{Progress, left_by_stopping};
use crate::core::names::RuleSetName;
use crate::core::record::Record;
use crate::session::export::text::visible;
use crate::session::import::{self, ImportError, Imported};
use crate::session::problem::Problem;
use crate::session::reader::{self, LoadedSession, ReadError};
use crate::session::secrets::Secrets;
use crate::session::writer::{SessionWriter, save_from};

pub(super) fn import(args: &ImportArgs) -> Result<(), Failure> {
    let mut progress = Progress::begin();
    match import_watched(args, &mut progress) {
        Err(_) if progress.is_over() => {
            let left = left_by_stopping(&args.out);
            Err(Failure::Run(format!("the import was stopped; {left}")))
        }
        ended => ended,
    }
}

fn import_watched(args: &ImportArgs, progress: &mut Progress) -> Result<(), Failure> {
    let imported = read(&args.file, args.rules, progress)?;
    progress.clear();
    let secrets = match args.secrets {
        SecretsChoice::Alias => Secrets::default(),
        SecretsChoice::Keep => Secrets::Kept,
    };
    let Imported { session: LoadedSession { header, records, .. }, .. } = &imported;
    let n_records = records.len() as u64;
    let mut n_done = 0;
    let mut give = |take: &mut dyn FnMut(Record) -> io::Result<()>| {
        records.iter().cloned().try_for_each(|record| {
            n_done += 1;
            progress.step("writing", n_done, n_records)?;
            take(record)
        })
    };
    if output::is_dash(&args.out) {
        SessionWriter::begin(output::stdout(), &args.out, header, secrets)?.write_all(&mut give, &[])?;
    } else {
        save_from(&args.out, header, &mut give, &[], secrets)?;
    }
    progress.clear();
    tell(args, &imported)
}

fn read(path: &Path, rules: RuleSetName, progress: &mut Progress) -> Result<Imported, ImportError> {
    let mut watch = |done| progress.tell_share("importing", done);
    if !output::is_dash(path) {
        return import::read_file(path, rules, &mut watch);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
    import::read_bytes(&bytes, path, rules, &mut watch)
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

/// Reads a session from a file, or makes one of a file that can be imported.
pub(super) fn read_session(path: &Path) -> Result<(LoadedSession, Vec<Problem>), Failure> {
    match reader::read_file(path) {
        Err(ReadError::NotASession(seems)) => {
            match import::read_file(path, RuleSetName::default(), &mut |_| ControlFlow::Continue(())) {
                Ok(imported) => Ok((imported.session, Vec::new())),
                Err(error) if seems.is_imported() => Err(error.into()),
                Err(_) => Err(ReadError::NotASession(seems).into()),
            }
        }
        read => Ok(read?),
    }
}
