//! `check`: a session as the window would open it, in numbers.
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::ops::ControlFlow;

use serde_json::Value;

use super::args::CheckArgs;
use super::failure::Failure;
use super::findings::{n_at_least, write_findings};
use super::import::read_session;
use super::output::{self, counted};
use super::selection::select;
use crate::core::batching::Members;
use crate::core::duration_words::in_words;
use crate::core::findings::detect;
use crate::core::names::{Decision, DeliveryId, DuplicateOutcome};
use crate::core::record::{Attempt, Outcome, Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::export::text::visible;
use crate::session::loader::{self, LoadOptions, LoadedInFile, load};
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, LoadedSession, ReadError};
use crate::store::{DeliveryShape, Fate, Marks};

pub(super) fn check(args: &CheckArgs) -> Result<(), Failure> {
    if is_large(args) {
        match load(&args.session, LoadOptions::default(), &mut |_| ControlFlow::Continue(())) {
            // What is imported is read whole in any case.
            Err(ReadError::NotASession(_)) => {}
            loaded => return check_in_file(args, &loaded?),
        }
    }
    let (mut session, problems) = read_session(&args.session)?;
    let mut findings = detect(&session.header, &session.records);
    let selection = args.filter.as_ref().map(|filter| (filter, select(&mut session, filter)));
    let mut out = output::stdout();
    write_counts(&mut out, &session)?;
    if let Some((filter, selection)) = &selection {
        let n_admitted = selection.deliveries.len();
        writeln!(
            out,
            "where       {} of {} deliveries: {}",
            n_admitted,
            selection.n_deliveries,
            visible(filter.text())
        )?;
        findings.retain(|finding| finding.delivery.as_ref().is_none_or(|id| selection.deliveries.contains(id)));
    }
    write_problems(&mut out, &problems)?;
    write_findings(&mut out, &findings)?;
    out.flush()?;
    let mut denied = Vec::new();
    if args.deny_problems && !problems.is_empty() {
        denied.push(counted(problems.len(), "problem"));
    }
    if let Some(least) = args.deny_findings {
        let n_denied = n_at_least(&findings, least);
        denied.extend((n_denied > 0).then(|| counted(n_denied, "finding")));
    }
    if denied.is_empty() {
        return Ok(());
    }
    Err(Failure::Expectation(format!("{} has {}", args.session.display(), denied.join(" and "))))
}

/// Whether the file is too large to be read whole unasked.
fn is_large(args: &CheckArgs) -> bool {
    let whole = args.whole || args.deny_findings.is_some() || args.filter.is_some() || output::is_dash(&args.session);
    !whole && (args.quick || loader::is_large(&args.session))
}

fn check_in_file(args: &CheckArgs, loaded: &LoadedInFile) -> Result<(), Failure> {
    let mut out = output::stdout();
    write_header(&mut out, loaded.session().header())?;
    Counts::of_loaded(loaded).write(&mut out)?;
    write_kept(&mut out, loaded.kept())?;
    let problems = loaded.problems();
    write_problems(&mut out, &problems)?;
    if loaded.n_in_brief() > 0 {
        writeln!(out, "bodies      not looked at; --whole does")?;
    }
    writeln!(out, "findings    not looked for; --whole does")?;
    out.flush()?;
    if args.deny_problems && !problems.is_empty() {
        let problems = counted(problems.len(), "problem");
        return Err(Failure::Expectation(format!("{} has {problems}", args.session.display())));
    }
    Ok(())
}

fn write_counts(out: &mut impl Write, session: &LoadedSession) -> io::Result<()> {
    write_header(out, &session.header)?;
    Counts::of(&session.records).write(out)?;
    write_kept(out, &session.kept)
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

fn write_kept(out: &mut impl Write, kept: &[KeptLine]) -> io::Result<()> {
    if kept.is_empty() {
        return Ok(());
    }
    writeln!(out, "kept        {} that this version cannot use", counted(kept.len(), "line"))
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

/// What is in a session, in numbers.
#[derive(Debug, Default)]
struct Counts {
    n_events: usize,
    n_attempts: usize,
    n_exchanges: usize,
    n_deliveries: usize,
    n_twice: usize,
    fates: BTreeMap<&'static str, usize>,
    span: Option<(Timestamp, Timestamp)>,
}

impl Counts {
    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "events      {}", self.n_events)?;
        writeln!(out, "attempts    {} with {}", self.n_attempts, counted(self.n_exchanges, "exchange"))?;
        let fates: Vec<String> = self.fates.iter().map(|(fate, count)| format!("{count} {fate}")).collect();
        writeln!(out, "deliveries  {}", [&[self.n_deliveries.to_string()][..], &fates].concat().join(", "))?;
        if self.n_twice > 0 {
            writeln!(out, "twice       {}", self.n_twice)?;
        }
        if let Some((first, last)) = self.span {
            writeln!(out, "time        {first} to {last}, {}", in_words(last.since(first)))?;
        }
        Ok(())
    }

    /// The same of a session whose records stay in their file.
    fn of_loaded(loaded: &LoadedInFile) -> Self {
        let session = loaded.session();
        let (mut fates, mut n_twice) = (BTreeMap::new(), 0);
        for idx in session.deliveries().indices() {
            let is_going_on = || session.delivery(idx).next_attempt_at.is_some();
            *fates.entry(fate_of(&session.deliveries().shape(idx), is_going_on)).or_default() += 1;
        }
        for idx in session.attempts().indices() {
            n_twice += usize::from(session.attempts().marks(idx).has(Marks::DELIVERED_TWICE));
        }
        Self {
            n_events: session.n_events(),
            n_attempts: session.attempts().len(),
            n_exchanges: usize::try_from(loaded.n_exchanges()).unwrap_or(usize::MAX),
            n_deliveries: session.deliveries().len(),
            n_twice,
            fates,
            span: session.activity().range().map(|range| (range.start, range.end)),
        }
    }

    fn of(records: &[Record]) -> Self {
        let mut counts = Self::default();
        let mut deliveries: HashMap<&DeliveryId, Delivery<'_>> = HashMap::new();
        for record in records {
            match record {
                Record::Event(_) => counts.n_events += 1,
                Record::Attempt(attempt) => {
                    counts.n_attempts += 1;
                    counts.n_exchanges += attempt.exchanges.len();
                    let twice = |outcome| outcome == DuplicateOutcome::DeliveredTwice;
                    counts.n_twice += usize::from(attempt.duplicate.as_ref().is_some_and(|mark| twice(mark.outcome)));
                    let (first, end) = counts.span.get_or_insert((attempt.started_at, attempt.ended_at));
                    (*first, *end) = (attempt.started_at.min(*first), attempt.ended_at.max(*end));
                    let delivery = Delivery { last: attempt, has_delivered_items: has_delivered_items(attempt) };
                    deliveries
                        .entry(&attempt.delivery)
                        .and_modify(|earlier| {
                            earlier.last = attempt;
                            earlier.has_delivered_items |= delivery.has_delivered_items;
                        })
                        .or_insert(delivery);
                }
            }
        }
        counts.n_deliveries = deliveries.len();
        for delivery in deliveries.into_values() {
            *counts.fates.entry(delivery.fate()).or_default() += 1;
        }
        counts
    }
}

fn fate_of(delivery: &DeliveryShape, is_going_on: impl FnOnce() -> bool) -> &'static str {
    match delivery.fate {
        Fate::Delivered | Fate::DeliveredTwice => "delivered",
        Fate::Pending if is_going_on() => "unfinished",
        Fate::Partial => "partly delivered",
        Fate::Pending | Fate::Dropped if delivery.n_delivered > 0 => "partly delivered",
        Fate::Pending | Fate::Dropped => "given up",
        Fate::Filtered => "filtered",
    }
}

struct Delivery<'a> {
    last: &'a Attempt,
    /// Whether the receiver has some of its events, whatever became of the others.
    has_delivered_items: bool,
}

impl Delivery<'_> {
    fn fate(&self) -> &'static str {
        match self.last.verdict.decision {
            Decision::Delivered => "delivered",
            Decision::Retry if self.last.verdict.next_attempt_at.is_some() => "unfinished",
            Decision::Retry | Decision::Discard if self.has_delivered_items => "partly delivered",
            Decision::Retry if !Members::of(self.last).goes_on.is_empty() => "gone on in other batches",
            Decision::Retry | Decision::Discard => "given up",
            Decision::Filtered => "filtered",
        }
    }
}

fn has_delivered_items(attempt: &Attempt) -> bool {
    let Outcome::Multistatus(items) = &attempt.outcome else { return false };
    items.iter().any(|item| item.decision == Decision::Delivered)
}
