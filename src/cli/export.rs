//! `export`: the timeline of a session for other programs.
use std::io::{self, Write};

use super::args::{ExportArgs, ExportFormat};
use super::failure::Failure;
use super::import::read_session;
use super::output;
use super::selection::select;
use crate::session::export::{COLUMNS, CsvExport, JsonExport, Shape};
use crate::session::reader::LoadedSession;
use crate::session::secrets::Secrets;
use crate::session::writer::replace_file;

/// Examples, and what each column is.
pub(super) fn columns_help() -> String {
    let columns: Vec<String> = COLUMNS.iter().map(|(name, what)| format!("  {name:<18}  {what}")).collect();
    let columns = columns.join("\n");
    format!(
        "Examples:\n  \
         delivery-inspector export incident.session.jsonl --to csv --out incident.csv\n  \
         delivery-inspector export incident.session.jsonl --to json | jq '.[].verdict.decision'\n  \
         delivery-inspector export incident.session.jsonl --to csv --where \"verdict:dropped waited>10m\"\n\n\
         JSON is a list of attempts as they stand in the session, with `start_ms`, `duration_ms`, `waited_ms`, \
         `next_wait_ms` and `message_ids` beside.\n\n\
         Columns of CSV (times in UTC, `_ms` in milliseconds):\n{columns}"
    )
}

pub(super) fn export(args: &ExportArgs) -> Result<(), Failure> {
    let (mut session, problems) = read_session(&args.session)?;
    output::note_problems(&args.session, &problems);
    if let Some(filter) = &args.filter {
        select(&mut session, filter);
    }
    if output::is_dash(&args.out) {
        write(output::stdout(), &session, args.to)?;
    } else {
        replace_file(&args.out, |file| write(io::BufWriter::new(file), &session, args.to))?;
    }
    Ok(())
}

fn write(out: impl Write, session: &LoadedSession, format: ExportFormat) -> io::Result<()> {
    match format {
        ExportFormat::Csv => {
            let mut export = CsvExport::begin(out, &session.header, Secrets::default())?;
            session.records.iter().try_for_each(|record| export.add(record))?;
            export.finish()
        }
        ExportFormat::Json => {
            let mut export = JsonExport::begin(out, &session.header, Secrets::default(), Shape::List)?;
            session.records.iter().try_for_each(|record| export.add(record))?;
            export.finish(&serde_json::Value::Null)
        }
    }
}
