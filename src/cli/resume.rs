//! `run --resume`: what a session has left to be done, after the program that ran it was closed or stopped.
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::args::RunArgs;
use super::failure::Failure;
use super::output::{self, counted};
use super::run::{Name, connections, go, read_plan};
use super::run_output::Sinks;
use super::session_out::SessionOut;
use crate::core::abandoned::abandon;
use crate::core::names::ClockKind;
use crate::core::pending::Unfinished;
use crate::core::plan::Plan;
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::net::engine::RunOptions;
use crate::session::plan_file;
use crate::session::reader::{self, LoadedSession};
use crate::session::secrets::{Aliases, Secrets};
use crate::session::writer::reserve_aliases;
use crate::sim;

pub(super) fn resume(args: &RunArgs, path: &Path) -> Result<(), Failure> {
    let (session, problems) = reader::read_file(path)?;
    output::note_problems(path, &problems);
    if args.give_up {
        return give_up(args, path, &session);
    }
    let plan = plan_of(args, path, &session.header)?;
    if plan.clock == ClockKind::Virtual {
        return Err(Failure::Input(format!(
            "failed to resume {}: it ran in virtual time, where nothing waits for real; run its plan again, it gives the \
             same session",
            path.display()
        )));
    }
    let unfinished = Unfinished::of(session.records.iter().cloned());
    if unfinished.is_empty() {
        output::note(&format!("nothing waits in {}", path.display()));
        return Ok(());
    }
    output::note(&format!("{} still to be delivered", counted(unfinished.n_events(), "event")));
    let mut secrets = secrets_of(&session, &plan);
    let mut sinks = sinks(args, path, &session, &plan, &mut secrets)?;
    for event in events_of(&unfinished) {
        sinks.report(&secrets.record(&event))?;
    }
    let options = RunOptions {
        concurrency: args.concurrency,
        connections: connections(args),
        going_on: Some(Arc::new(unfinished)),
        ..RunOptions::new(sim::in_process)
    };
    let name = Name { what: path, session: args.out.as_deref().or(Some(path)) };
    go(plan, &options, sinks, &mut secrets, name)
}

/// Ends everything that is left to be done, in the session itself or in a new one that holds both.
fn give_up(args: &RunArgs, path: &Path, session: &LoadedSession) -> Result<(), Failure> {
    let unfinished = Unfinished::of(session.records.iter().cloned());
    if unfinished.is_empty() {
        output::note(&format!("nothing waits in {}", path.display()));
        return Ok(());
    }
    let ends = abandon(&unfinished, &session.header, Timestamp::from_system_clock());
    // Nothing of it is new but words of this program, so what was aliased stays so.
    let treated = match session.header.extra.get("secrets") {
        Some(secrets) if secrets == "kept" => Secrets::Kept,
        _ => Secrets::AliasedBefore,
    };
    let mut out = match &args.out {
        None => SessionOut::append(path, treated)?,
        Some(out) => {
            let mut new = SessionOut::open(out, &session.header, treated)?;
            new.write(&session.records)?;
            new
        }
    };
    out.write(&ends)?;
    out.finish()?;
    output::note(&format!("{} given up", counted(unfinished.n_events(), "event")));
    Ok(())
}

/// The plan that was named, which has to be the session's, else the one that the session holds.
fn plan_of(args: &RunArgs, path: &Path, header: &SessionHeader) -> Result<Plan, Failure> {
    let name = path.display();
    if let Some(plan) = &args.plan {
        let plan = read_plan(plan)?;
        let of_session = |key: &str| header.plan.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (destination, action) = (of_session("destination"), of_session("action"));
        if plan.destination.name() != destination || plan.action != action {
            return Err(Failure::Input(format!(
                "failed to resume {name}: the plan delivers to {} {}, the session to {destination} {action}",
                plan.destination, plan.action
            )));
        }
        return Ok(plan);
    }
    let Value::Object(source) = &header.plan else {
        return Err(Failure::Input(format!(
            "failed to resume {name}: it holds no plan; name the one that was run: run PLAN --resume SESSION"
        )));
    };
    plan_file::from_source(source.clone(), &|name| std::env::var(name).ok()).map_err(|error| {
        Failure::Input(format!(
            "failed to resume {name}: in its plan, {error}; a session keeps no secrets, so name the plan that was run: run \
             PLAN --resume SESSION"
        ))
    })
}

/// Secrets are treated as they are in the session. New ones get no alias that stands there already.
fn secrets_of(session: &LoadedSession, plan: &Plan) -> Secrets {
    if session.header.extra.get("secrets").is_some_and(|secrets| secrets == "kept") {
        return Secrets::Kept;
    }
    let mut secrets = Secrets::aliased(Aliases::of_plan(plan));
    // The plan's own secrets come first, and have the numbers that they had.
    _ = secrets.header(&SessionHeader { plan: Value::Object(plan.source.clone()), ..session.header.clone() });
    reserve_aliases(&session.header, &session.records, &mut secrets);
    secrets
}

/// Behind the session itself, or into a new file that holds all of it.
fn sinks(
    args: &RunArgs,
    path: &Path,
    session: &LoadedSession,
    plan: &Plan,
    secrets: &mut Secrets,
) -> Result<Sinks, Failure> {
    Sinks::refuse_both_to_stdout(args)?;
    let header = secrets.header(&session.header).into_owned();
    let treated = Sinks::treated(secrets);
    let out = match &args.out {
        None => SessionOut::append(path, treated)?,
        Some(out) => {
            let mut new = SessionOut::open(out, &header, treated)?;
            new.write(&session.records)?;
            new
        }
    };
    Sinks::new(Some(out), args, &header, plan.clock, secrets)
}

fn events_of(unfinished: &Unfinished) -> impl Iterator<Item = Record> {
    let waiting = unfinished.deliveries.iter().flat_map(|pending| &pending.events);
    let queued = unfinished.queued.iter().map(|pending| &pending.event);
    waiting.chain(queued).chain(&unfinished.untried).map(|event| Record::Event(Arc::clone(event)))
}
