//! `export`: the timeline of a session for other programs.
use std::io;
use std::path::Path;

use super::args::{ExportArgs, ExportFormat};
use super::failure::Failure;
use super::findings::look_for_findings;
use super::import::read_session;
use super::output;
use super::progress::{Progress, left_by_stopping, stopped};
use super::selection::Selection;
use crate::session::export::{COLUMNS, Timeline, TimelineFormat};
use crate::session::loader::{LoadOptions, LoadProgress, is_large_session, load, load_stream};
use crate::session::problem::Problem;
use crate::session::secrets::Secrets;
use crate::session::writer::replace_file;
use crate::store::filter::Filter;
use crate::store::{Lost, Session};

/// Examples, and what each column is.
pub(super) fn columns_help() -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|(name, what)| format!("  {name:<18}  {what}")).collect();
    let columns = columns.join("\n");
    format!(
        "Examples:\n  \
         delivery-inspector export incident.session.jsonl --to csv --out incident.csv\n  \
         delivery-inspector export incident.session.jsonl --to json | jq '.[].verdict.decision'\n  \
         delivery-inspector export incident.session.jsonl --to csv --where \"verdict:dropped waited>10m\"\n\n\
         Attempts are written one by one, whatever the size of the session, and a file is replaced when all are there: Ctrl-C \
         leaves an older one as it was. Records that cannot be read any more are left out and counted on standard error.\n\n\
         JSON is a list of attempts as they stand in the session, with `start_ms`, `duration_ms`, `waited_ms`, \
         `next_wait_ms` and `message_ids` beside.\n\n\
         Columns of CSV (times in UTC, `_ms` in milliseconds):\n{columns}"
    )
}

pub(super) fn export(args: &ExportArgs) -> Result<(), Failure> {
    let mut progress = Progress::begin();
    match export_watched(args, &mut progress) {
        Err(_) if progress.is_over() => {
            let left = left_by_stopping(&args.out);
            Err(Failure::Run(format!("the export was stopped; {left}")))
        }
        ended => ended,
    }
}

fn export_watched(args: &ExportArgs, progress: &mut Progress) -> Result<(), Failure> {
    let (mut session, problems) = open_session(&args.session, progress)?;
    progress.clear();
    output::note_problems(&args.session, &problems);
    let selection = args.filter.as_ref().map(|filter| select(&mut session, filter, progress)).transpose()?;
    let format = match args.to {
        ExportFormat::Csv => TimelineFormat::Csv,
        ExportFormat::Json => TimelineFormat::Json,
    };
    let admits = |delivery_idx| selection.as_ref().is_none_or(|selection| selection.admits(delivery_idx));
    let timeline = Timeline { session: &session, admits: &admits, format };
    let n_records = (session.n_events() + session.attempts().len()) as u64;
    let (mut n_done, mut n_lost, mut lost_first) = (0, 0, None);
    let mut watch = |lost: Option<Lost>| {
        n_done += 1;
        n_lost += usize::from(lost.is_some());
        lost_first = lost_first.take().or(lost);
        progress.step("writing", n_done, n_records)
    };
    if output::is_dash(&args.out) {
        timeline.write(output::stdout(), Secrets::default(), &mut watch)?;
    } else {
        replace_file(&args.out, |file| timeline.write(io::BufWriter::new(file), Secrets::default(), &mut watch))?;
    }
    progress.clear();
    if let Some(lost) = lost_first {
        let more = if n_lost > 1 { format!(" ({} more)", n_lost - 1) } else { String::new() };
        output::note(&format!("{}: left out: {lost}{more}", args.session.display()));
    }
    Ok(())
}

/// The deliveries that a filter admits. Where records stay in their file, findings are looked for first, for it may ask for
/// them.
fn select(session: &mut Session, filter: &Filter, progress: &mut Progress) -> Result<Selection, Failure> {
    if session.is_in_file() {
        look_for_findings(session, progress, &mut |_, _| ())?;
    }
    let selection = Selection::of(session, filter, &mut |share| progress.tell_share("looking into records", share));
    progress.clear();
    Ok(selection.ok_or_else(stopped)?)
}

/// Opens a session: a small one in memory, a large one in its file, where its records stay, one that comes through a pipe in a
/// copy of it, and one that has to be made of another program's file in memory again.
fn open_session(path: &Path, progress: &mut Progress) -> Result<(Session, Vec<Problem>), Failure> {
    let mut watch = |progressed: LoadProgress<'_>| progress.tell_reading(progressed);
    let in_file = if output::is_dash(path) {
        Some(load_stream(io::stdin(), LoadOptions::default(), &mut watch)?)
    } else if is_large_session(path) {
        Some(load(path, LoadOptions::default(), &mut watch)?)
    } else {
        None
    };
    if let Some(loaded) = in_file {
        let problems = loaded.problems();
        return Ok((loaded.into_session(), problems));
    }
    let (loaded, problems) = read_session(path)?;
    let mut session = Session::new(loaded.header);
    loaded.records.into_iter().for_each(|record| session.push(record));
    Ok((session, problems))
}
