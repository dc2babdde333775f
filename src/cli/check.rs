//! `check`: a session as the window would open it, in numbers.
use std::io::{self, Write};
use std::sync::Arc;

use serde_json::Value;

use super::args::CheckArgs;
use super::counts::Counts;
use super::failure::Failure;
use super::findings::{look_for_findings, n_at_least, write_findings};
use super::import::read_session;
use super::output::{self, counted};
use super::progress::Progress;
use super::selection::{Selection, UntilInterrupted};
use crate::core::findings::Finding;
use crate::core::record::{Record, SessionHeader};
use crate::session::export::text::visible;
use crate::session::loader::{self, LoadOptions, LoadProgress, LoadedInFile, MAX_WHOLE_BYTES, load, load_stream};
use crate::session::problem::Problem;
use crate::session::reader::ReadError;
use crate::store::Session;

pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let mut progress = Progress::begin();
    let checked = match Checked::of(args, &mut progress) {
        Err(_) if progress.is_over() => return Err(Failure::Run("the check was stopped".to_owned())),
        checked => checked?,
    };
    let selection = args.filter.as_ref().and_then(|filter| {
        let selection = Selection::of(&checked.session, filter, &mut UntilInterrupted(&mut progress))?;
        Some((filter, selection))
    });
    progress.clear();
    let mut out = output::stdout();
    let counts = match &selection {
        Some((_, selection)) => Counts::of_selection(&checked.session, selection),
        None => checked.counts,
    };
    write_header(&mut out, checked.session.header())?;
    counts.write(&mut out)?;
    write_kept(&mut out, checked.n_kept)?;
    if let Some((filter, selection)) = &selection {
        let (n_admitted, n_all) = (selection.n_admitted(), checked.session.deliveries().len());
        let part = selection
            .extent()
            .percent()
            .map_or_else(String::new, |percent| format!(", and perhaps more: only {percent} % was looked through"));
        writeln!(out, "where       {n_admitted} of {n_all} deliveries{part}: {}", visible(filter.text()))?;
    }
    write_problems(&mut out, &checked.problems)?;
    let findings = findings_in(&checked.session, selection.as_ref().map(|(_, selection)| selection));
    if checked.is_whole {
        write_findings(&mut out, &findings)?;
    } else {
        if checked.n_skimmed > 0 {
            writeln!(out, "bodies      not looked at; --whole does")?;
        }
        writeln!(out, "findings    not looked for; --whole does")?;
    }
    out.flush()?;
    let mut denied = Vec::new();
    if args.deny_problems && !checked.problems.is_empty() {
        denied.push(counted(checked.problems.len(), "problem"));
    }
    if let Some(least) = args.deny_findings {
        let n_denied = n_at_least(&findings, least);
        denied.extend((n_denied > 0).then(|| counted(n_denied, "finding")));
    }
    if let Some(percent) = selection.and_then(|(_, selection)| selection.extent().percent()) {
        return Err(Failure::Run(format!("stopped when the filter had looked through {percent} % of the session")));
    }
    if denied.is_empty() {
        return Ok(());
    }
    Err(Failure::Expectation(format!("{} has {}", args.session.display(), denied.join(" and "))))
}

/// A session with what there is to say of all of it.
struct Checked {
    session: Session,
    counts: Counts,
    n_kept: usize,
    problems: Vec<Problem>,
    /// Lines of which only the head was looked at.
    n_skimmed: u64,
    /// Whether all of it was looked at, for findings as well.
    is_whole: bool,
}

impl Checked {
    /// Opens the session: a small one in memory, a large one in its file, where its records stay, one that comes through a pipe
    /// in a copy of it.
    fn of(args: &CheckArgs, progress: &mut Progress) -> Result<Self, Failure> {
        let is_to_be_whole = args.whole || args.deny_findings.is_some() || args.filter.is_some();
        let mut watch = |progressed: LoadProgress<'_>| progress.tell_reading(progressed);
        if output::is_dash(&args.session) {
            let loaded = load_stream(io::stdin(), LoadOptions::default(), &mut watch)?;
            let is_small = !args.quick && loaded.n_bytes() <= MAX_WHOLE_BYTES;
            return Self::of_file(loaded, is_to_be_whole || is_small, progress);
        }
        if args.quick || loader::is_large(&args.session) {
            match load(&args.session, LoadOptions::default(), &mut watch) {
                // What is imported is read whole in any case.
                Err(ReadError::NotASession(_)) => {}
                loaded => return Self::of_file(loaded?, is_to_be_whole, progress),
            }
        }
        let (loaded, problems) = read_session(&args.session)?;
        let mut session = Session::new(loaded.header);
        let mut counts = Counts::default();
        for record in loaded.records {
            if let Record::Attempt(attempt) = &record {
                let attempt = Arc::clone(attempt);
                session.push(record);
                if let Some(last) = session.attempts().indices().next_back() {
                    counts.add(&session, last, &attempt);
                }
            } else {
                session.push(record);
            }
        }
        counts.n_events = session.n_events();
        Ok(Self { session, counts, n_kept: loaded.kept.len(), problems, n_skimmed: 0, is_whole: true })
    }

    fn of_file(mut loaded: LoadedInFile, is_whole: bool, progress: &mut Progress) -> Result<Self, Failure> {
        if is_whole {
            loaded
                .check(&mut |looked| progress.tell("looking at bodies", looked.n_bytes, Some(looked.n_total_bytes)))?;
        }
        let (n_kept, problems, n_skimmed) = (loaded.kept().len(), loaded.problems(), loaded.n_skimmed());
        let mut counts = Counts::default();
        let session = if is_whole {
            let mut session = loaded.into_session();
            let columns = session.snapshot();
            look_for_findings(&mut session, progress, &mut |attempt_idx, attempt| {
                counts.add(&columns, attempt_idx, attempt);
            })?;
            counts.n_events = session.n_events();
            session
        } else {
            counts = Counts::in_brief(&loaded);
            loaded.into_session()
        };
        Ok(Self { session, counts, n_kept, problems, n_skimmed, is_whole })
    }
}

/// What was found, in the deliveries of a selection if there is one.
fn findings_in<'a>(session: &'a Session, selection: Option<&Selection>) -> Vec<&'a Finding> {
    let findings = session.findings();
    let is_selected = |attempt_idx| {
        selection.is_none_or(|selection: &Selection| selection.admits(session.attempt(attempt_idx).delivery))
    };
    let of_attempts = findings.by_attempt().filter(|(attempt_idx, _)| is_selected(*attempt_idx));
    findings.about_plan().iter().chain(of_attempts.flat_map(|(_, found)| found)).collect()
}

fn write_header(out: &mut impl Write, header: &SessionHeader) -> io::Result<()> {
    let secrets = header.extra.get("secrets").and_then(Value::as_str).unwrap_or("not said");
    writeln!(out, "session     {} ({})", visible(&header.name), visible(&header.id))?;
    writeln!(out, "created     {} by {}", header.created_at, or_unknown(&header.created_by))?;
    writeln!(out, "origin      {}, {} clock", or_unknown(&header.origin), or_unknown(&header.clock))?;
    writeln!(out, "rules       {}", or_unknown(&header.rules))?;
    writeln!(out, "secrets     {}", visible(secrets))?;
    write_import(out, header)
}

fn write_kept(out: &mut impl Write, n_kept: usize) -> io::Result<()> {
    if n_kept == 0 {
        return Ok(());
    }
    writeln!(out, "kept        {} that this version cannot use", counted(n_kept, "line"))
}

/// What the session was imported from, and what was not carried over.
fn write_import(out: &mut impl Write, header: &SessionHeader) -> io::Result<()> {
    let Some(import) = header.extra.get("import") else { return Ok(()) };
    let from = import.get("from").and_then(Value::as_str).unwrap_or("another program");
    writeln!(out, "imported    from {}", visible(from))?;
    let notes = import.get("notes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    notes.map(visible).try_for_each(|note| writeln!(out, "  {note}"))
}

fn write_problems(out: &mut impl Write, problems: &[Problem]) -> io::Result<()> {
    writeln!(out, "problems    {}", if problems.is_empty() { "none".to_owned() } else { problems.len().to_string() })?;
    problems.iter().try_for_each(|problem| writeln!(out, "  {}", visible(&problem.to_string())))
}

fn or_unknown(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_empty() { "unknown".into() } else { visible(text) }
}
