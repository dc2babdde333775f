//! `run`: a plan from its first request to its last verdict.
use std::io::{self, Read as _};
use std::path::Path;

use serde_json::Value;

use super::args::{RunArgs, SecretsChoice};
use super::failure::Failure;
use super::interrupt::on_interrupt;
use super::output;
use super::run_output::{Ending, Sinks};
use super::{resume, run_seeds};
use crate::core::names::ClockKind;
use crate::core::plan::Plan;
use crate::net::engine::{RunOptions, RunSummary, run_to_end, session_header};
use crate::net::transport::Connections;
use crate::session::events_file::{self, EventsError};
use crate::session::plan_file::{self, PlanError};
use crate::session::secrets::{Aliases, Secrets};
use crate::sim;

pub(super) fn run(args: &RunArgs) -> Result<(), Failure> {
    if let Some(session) = &args.resume {
        return resume::resume(args, session);
    }
    let Some(path) = &args.plan else {
        return Err(Failure::Usage("name a plan to run, or a session to resume".to_owned()));
    };
    let plan = read_plan_and_events(args, path)?;
    if let Some(n_seeds) = args.seeds {
        return run_seeds::run_seeds(args, path, &plan, n_seeds);
    }
    let mut secrets = match args.secrets {
        SecretsChoice::Alias => Secrets::aliased(Aliases::of_plan(&plan)),
        SecretsChoice::Keep => Secrets::Kept,
    };
    let header = session_header(&plan);
    let sinks = Sinks::open(args, &secrets.header(&header), plan.clock, &secrets)?;
    let options = RunOptions {
        concurrency: args.concurrency,
        connections: connections(args),
        ..RunOptions::new(sim::in_process)
    };
    let name = Name { what: path, session: args.out.as_deref().filter(|_| plan.clock == ClockKind::Wall) };
    go(plan, &options, sinks, &mut secrets, name)
}

/// What becomes of connections to real hosts.
pub(super) const fn connections(args: &RunArgs) -> Connections {
    if args.keep_connections { Connections::Kept } else { Connections::Closed }
}

/// What messages call a run.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    /// The file that it came from.
    pub(super) what: &'a Path,
    /// The session from which it can be gone on with.
    pub(super) session: Option<&'a Path>,
}

/// Runs a plan to its end or until it is interrupted, and tells how it ended.
pub(super) fn go(
    plan: Plan,
    options: &RunOptions,
    mut sinks: Sinks,
    secrets: &mut Secrets,
    name: Name<'_>,
) -> Result<(), Failure> {
    let cancel = options.cancel.clone();
    on_interrupt(move || cancel.cancel());
    let mut failure = None;
    let ended = run_to_end(plan, options, &mut |record| {
        if failure.is_none()
            && let Err(reason) = sinks.add(secrets.record(&record).into_owned())
        {
            failure = Some(reason);
            options.cancel.cancel();
        }
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    let what = name.what.display();
    let stopped = match ended {
        Ok(summary) => {
            sinks.finish(&Ending::of(&summary))?;
            summary.was_cancelled.then(|| format!("the run of {what} was stopped{}", how_to_go_on(&summary, name)))
        }
        Err(error) => {
            let message = secrets.text(&format!("failed to run {what}: {error}")).into_owned();
            sinks.finish(&Ending::failed(&message))?;
            Some(message)
        }
    };
    stopped.map_or(Ok(()), |message| Err(Failure::Run(message)))
}

fn how_to_go_on(summary: &RunSummary, name: Name<'_>) -> String {
    match name.session.filter(|session| summary.n_unfinished > 0 && !output::is_dash(session)) {
        Some(session) => format!("; --resume {} goes on with what is left", session.display()),
        None => String::new(),
    }
}

fn read_plan_and_events(args: &RunArgs, path: &Path) -> Result<Plan, Failure> {
    if output::is_dash(path) && args.events.as_deref().is_some_and(output::is_dash) {
        return Err(Failure::Usage("the plan and the events cannot both come from standard input".to_owned()));
    }
    let mut plan = read_plan(path)?;
    if let Some(path) = &args.events {
        plan_file::add_events(&mut plan, read_events(path)?);
    } else if !plan.source.contains_key("events") {
        let name = path.display();
        return Err(Failure::Input(format!("failed to run {name}: it has no `events`, and no --events were given")));
    }
    if let Some(seed) = args.seed {
        plan.seed = seed;
        plan.source.insert("seed".to_owned(), seed.into());
    }
    Ok(plan)
}

/// Reads a plan from a file, or from standard input, and tells which of its fields have no meaning.
pub(super) fn read_plan(path: &Path) -> Result<Plan, Failure> {
    let environment = |name: &str| std::env::var(name).ok();
    let failure = |error: PlanError| {
        Failure::Input(match &error {
            PlanError::Open { .. } => format!("failed to read the plan {error}"),
            _ => format!("failed to read the plan {}: {error}", path.display()),
        })
    };
    let plan = if output::is_dash(path) {
        let mut text = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut text);
        read.map_err(|source| failure(PlanError::Open { path: path.to_owned(), source }))?;
        plan_file::read(&text, &environment)
    } else {
        plan_file::read_file(path, &environment)
    }
    .map_err(failure)?;
    for (field, meant) in plan_file::unknown_fields(&plan.source) {
        let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        output::note(&format!("{}: `{field}` has no meaning in a plan{meant}", path.display()));
    }
    Ok(plan)
}

fn read_events(path: &Path) -> Result<Vec<Value>, EventsError> {
    if output::is_dash(path) { events_file::read(io::stdin(), path) } else { events_file::read_file(path) }
}
