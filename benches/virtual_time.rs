//! How fast virtual time passes: events through subscription, mapping, validation, request, simulated remote, verdict and
//! backoff to their end, on one core. `cargo bench --no-default-features --bench virtual_time [-- EVENTS…]`.
use std::error::Error;
use std::time::Instant;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use delivery_inspector::core::plan::Plan;
use delivery_inspector::net::engine::{RunOptions, run_to_end};
use delivery_inspector::session::plan_file;
use delivery_inspector::sim;
use serde_json::{Value, json};

/// What the remote does, and so what the deliveries go through.
const STORIES: [(&str, &str); 3] = [
    ("delivered at once", "{}"),
    ("8 % faults", r#"{ "faults": [{ "chance": 0.08, "status": 503 }] }"#),
    ("four hours down", r#"{ "faults": [{ "status": 503 }] }"#),
];

fn main() -> Result<(), Box<dyn Error>> {
    let asked: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![1_000, 10_000, 100_000] } else { asked };
    println!(
        "{:<20} {:>9} {:>9} {:>8} {:>12} {:>12}",
        "story", "events", "attempts", "seconds", "events/s", "attempts/s"
    );
    for (story, simulator) in STORIES {
        for n_events in &sizes {
            let plan = plan(*n_events, &serde_json::from_str(simulator)?)?;
            let began = Instant::now();
            let summary = run_to_end(plan, &RunOptions::new(sim::in_process), &mut |_record| {})?;
            let seconds = began.elapsed().as_secs_f64();
            let per_second = |count: u64| u32::try_from(count).map_or(f64::NAN, |count| f64::from(count) / seconds);
            println!(
                "{story:<20} {n_events:>9} {:>9} {seconds:>8.3} {:>12.0} {:>12.0}",
                summary.n_attempts,
                per_second(summary.n_events),
                per_second(summary.n_attempts)
            );
        }
    }
    Ok(())
}

fn plan(n_events: u32, simulator: &Value) -> Result<Plan, Box<dyn Error>> {
    let event = |number: u32| {
        json!({
            "type": "identify", "messageId": format!("m-{number}"), "userId": format!("u-{number}"),
            "timestamp": "2026-11-22T06:59:00Z", "traits": { "vip": !number.is_multiple_of(3) },
            "context": { "personas": {
                "computation_class": "audience", "computation_key": "vip", "external_audience_id": "seg-1",
            } },
        })
    };
    let source = json!({
        "format": "delivery-plan", "version": 1, "seed": 7, "destination": "pendo-audiences", "action": "syncAudience",
        "mode": "single", "settings": { "integrationKey": "key-1", "region": "US" }, "simulator": simulator,
        "events": (0..n_events).map(event).collect::<Vec<_>>(),
    });
    match source {
        Value::Object(source) => Ok(plan_file::from_source(source, &|_| None)?),
        _ => Err("a plan is an object".into()),
    }
}
