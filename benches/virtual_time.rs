//! How fast virtual time passes: events through subscription, mapping, validation, request, simulated remote, verdict and
//! backoff to their end, on one core, with the records dropped or written to a file as `run --out` writes them. Counts the
//! time on the processor where the system tells it. `cargo bench --no-default-features --bench virtual_time [-- EVENTS…]`;
//! `batch` among the arguments sends a thousand events in each request.
use std::error::Error;
use std::path::Path;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::Record;
use delivery_inspector::net::engine::{RunOptions, RunSummary, run_to_end, session_header};
use delivery_inspector::session::plan_file;
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::sim;
use serde_json::{Value, json};

mod stopwatch;
use stopwatch::Stopwatch;

/// What the remote does, and so what the deliveries go through.
const STORIES: [(&str, &str); 3] = [
    ("delivered at once", "{}"),
    ("8 % faults", r#"{ "faults": [{ "chance": 0.08, "status": 503 }] }"#),
    ("four hours down", r#"{ "faults": [{ "status": 503 }] }"#),
];

/// How many records are written at once, as `run` does in virtual time.
const BATCH: usize = 512;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked: Vec<u32> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![1_000, 10_000, 100_000] } else { asked };
    let mode = if arguments.iter().any(|argument| argument == "batch") { "batch" } else { "single" };
    println!(
        "{:<20} {:<8} {:>9} {:>9} {:>8} {:>12} {:>12}",
        "story", "records", "events", "attempts", "seconds", "events/s", "attempts/s"
    );
    for (story, simulator) in STORIES {
        for (records, is_written) in [("dropped", false), ("written", true)] {
            for n_events in &sizes {
                let plan = plan(*n_events, mode, &serde_json::from_str(simulator)?)?;
                let began = Stopwatch::start();
                let summary = if is_written {
                    written(plan)?
                } else {
                    run_to_end(plan, &RunOptions::new(sim::in_process), &mut |_record| {})?
                };
                let seconds = began.elapsed().as_secs_f64();
                let per_second = |count: u64| u32::try_from(count).map_or(f64::NAN, |count| f64::from(count) / seconds);
                println!(
                    "{story:<20} {records:<8} {n_events:>9} {:>9} {seconds:>8.3} {:>12.0} {:>12.0}",
                    summary.n_attempts,
                    per_second(summary.n_events),
                    per_second(summary.n_attempts)
                );
            }
        }
    }
    Ok(())
}

/// Runs a plan and writes its session to a file, secrets aliased.
fn written(plan: Plan) -> Result<RunSummary, Box<dyn Error>> {
    let file = tempfile::tempfile()?;
    let secrets = Secrets::aliased(Aliases::of_plan(&plan));
    let mut writer = SessionWriter::begin(file, Path::new("bench"), &session_header(&plan), secrets)?;
    let (mut batch, mut failure): (Vec<Record>, _) = (Vec::with_capacity(BATCH), None);
    let summary = run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| {
        batch.push(record);
        if batch.len() == BATCH && failure.is_none() {
            failure = writer.write(&batch).err();
            batch.clear();
        }
    })?;
    failure.map_or(Ok(()), Err)?;
    writer.write(&batch)?;
    Ok(summary)
}

fn plan(n_events: u32, mode: &str, simulator: &Value) -> Result<Plan, Box<dyn Error>> {
    let event = |number: u32| {
        json!({
            "type": "identify", "messageId": format!("m-{number}"), "userId": format!("u-{number}"),
            "timestamp": "2026-11-22T06:59:00Z", "traits": { "vip": !number.is_multiple_of(3) },
            "context": { "personas": {
                "computation_class": "audience", "computation_key": "vip", "external_audience_id": "seg-1",
            } },
        })
    };
    let mut source = json!({
        "format": "delivery-plan", "version": 1, "seed": 7, "destination": "pendo-audiences", "action": "syncAudience",
        "mode": mode, "settings": { "integrationKey": "key-1", "region": "US" }, "simulator": simulator,
        "events": (0..n_events).map(event).collect::<Vec<_>>(),
    });
    if mode == "batch" {
        source["batching"] = json!({ "max_size": 1_000 });
    }
    match source {
        Value::Object(source) => Ok(plan_file::from_source(source, &|_| None)?),
        _ => Err("a plan is an object".into()),
    }
}
