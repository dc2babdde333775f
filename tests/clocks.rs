//! Virtual and real time tell the same story: a plan with short waits has the same attempts in the same order by either
//! clock, and over sockets as well; and what virtual time gives does not depend on how many threads run it at once.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::cell::RefCell;
use std::path::Path;
use std::thread;
use std::time::Duration;

use delivery_inspector::core::plan::{Plan, Remote};
use delivery_inspector::core::record::{Attempt, Record};
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::net::engine::{RunOptions, run_to_end, session_header};
use delivery_inspector::session::plan_file;
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::sim::{self, Config, Server};
use serde_json::{Value, json};

/// What happens to different deliveries is so far apart: a machine that is late by less cannot change the order.
const APART: Duration = Duration::from_millis(80);

/// A plan of `sample-sessions` with other fields and only its first events.
fn sample(name: &str, n_events: usize, fields: &Value) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sample-sessions/{name}.plan.json"));
    let mut source: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    source["events"].as_array_mut().unwrap().truncate(n_events);
    source.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    source
}

fn plan(source: &Value, clock: &str, seed: u64) -> Plan {
    let mut source = source.as_object().unwrap().clone();
    source.insert("clock".to_owned(), clock.into());
    source.insert("seed".to_owned(), seed.into());
    plan_file::from_source(source, &|_| None).unwrap()
}

fn attempts_of(plan: Plan) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    let mut take = |record| {
        if let Record::Attempt(attempt) = record {
            attempts.push(Attempt::clone(&attempt));
        }
    };
    run_to_end(plan, &RunOptions::new(sim::in_process), &mut take).unwrap();
    attempts
}

/// Everything about an attempt but its times.
fn told(attempts: &[Attempt]) -> Vec<String> {
    let row = |attempt: &Attempt| {
        let answers: Vec<String> = attempt
            .exchanges
            .iter()
            .map(|exchange| {
                let answer =
                    exchange.result.as_ref().map_or_else(|fault| fault.kind.to_string(), |it| it.status.to_string());
                let body = exchange.request.body.to_json();
                format!(
                    "{} {} {body} {answer} with {:?}",
                    exchange.purpose, exchange.request.url, exchange.token_generation
                )
            })
            .collect();
        let duplicate = attempt.duplicate.as_ref().map(|mark| mark.outcome.name());
        format!(
            "{} {} with {:?} of {} by {} {:?} {:?}: {}",
            attempt.id,
            attempt.number,
            attempt.events,
            attempt.delivery,
            attempt.verdict.rule,
            attempt.verdict.decision,
            duplicate,
            answers.join(", ")
        )
    };
    attempts.iter().map(row).collect()
}

/// The least time between something of one delivery and something of another.
fn least_gap(attempts: &[Attempt]) -> Duration {
    let mut instants: Vec<(Timestamp, &str)> = Vec::new();
    for attempt in attempts {
        for exchange in &attempt.exchanges {
            instants.extend([exchange.started_at, exchange.ended_at].map(|at| (at, attempt.delivery.as_str())));
        }
    }
    instants.sort();
    let gaps = instants.windows(2).filter(|pair| pair[0].1 != pair[1].1).map(|pair| pair[1].0.since(pair[0].0));
    gaps.min().unwrap_or(Duration::MAX)
}

/// How late the latest request began, counted from the first of all and compared with virtual time, where none is.
fn lateness(virtually: &[Attempt], really: &[Attempt]) -> Duration {
    let offsets = |attempts: &[Attempt]| {
        let starts = attempts.iter().flat_map(|attempt| &attempt.exchanges).map(|exchange| exchange.started_at);
        let starts: Vec<Timestamp> = starts.collect();
        let first = starts.iter().min().copied().unwrap_or(Timestamp::EPOCH);
        let mut offsets: Vec<Duration> = starts.iter().map(|start| start.since(first)).collect();
        offsets.sort();
        offsets
    };
    let both = offsets(really).into_iter().zip(offsets(virtually));
    both.map(|(really, virtually)| really.abs_diff(virtually)).max().unwrap_or_default()
}

#[test]
fn virtual_and_real_time_have_the_same_attempts_in_the_same_order() {
    let short = json!({ "base_delay": "700 ms", "jitter": 0.5, "max_attempts": 4 });
    let stories = [
        sample(
            "token-propagation",
            2,
            &json!({
                "pipeline": short, "spread": "2 s",
                "simulator": { "preset": "linkedin-token-propagation", "linkedin": { "propagation_ms": 500 } },
            }),
        ),
        sample(
            "pendo-busy",
            3,
            &json!({
                "pipeline": short, "spread": "2 s", "simulator": { "pendo": { "busy_ms": 1200, "write_ms": 0 } },
            }),
        ),
        sample(
            "retry-storm",
            3,
            &json!({
                "pipeline": short, "spread": "2 s",
                "simulator": { "latency_ms": [20, 40], "faults": [{ "on": "receiver", "during_ms": [0, 1000], "status": 503 }] },
            }),
        ),
    ];
    let n_compared = stories.iter().filter(|story| is_the_same(story, plan)).count();
    assert!(n_compared > 0, "the machine was too busy to tell");
}

/// Compares a story as it is in virtual time with what it is in real time, under a seed that keeps deliveries apart. False if
/// the machine was too busy to tell.
fn is_the_same(story: &Value, plan_in: impl Fn(&Value, &str, u64) -> Plan) -> bool {
    let quiet = |seed: &u64| {
        let attempts = attempts_of(plan(story, "virtual", *seed));
        attempts.iter().any(|attempt| attempt.number > 1) && least_gap(&attempts) >= APART
    };
    let seed =
        (1..20_000).find(quiet).unwrap_or_else(|| panic!("no seed keeps the deliveries of {} apart", story["name"]));
    let virtually = attempts_of(plan(story, "virtual", seed));
    // A machine that was busy with something else tells nothing about the engine.
    for _ in 0..8 {
        let really = attempts_of(plan_in(story, "wall", seed));
        if lateness(&virtually, &really) < APART / 2 {
            assert_eq!(told(&really), told(&virtually), "{} with seed {seed}", story["name"]);
            return true;
        }
        println!("{}: the machine was late by {:?}", story["name"], lateness(&virtually, &really));
    }
    false
}

#[test]
fn over_sockets_the_simulator_tells_the_same_story() {
    let story = sample(
        "token-propagation",
        2,
        &json!({
            "pipeline": { "base_delay": "700 ms", "jitter": 0.5, "max_attempts": 4 }, "spread": "2 s",
            "simulator": { "preset": "linkedin-token-propagation", "linkedin": { "propagation_ms": 500 } },
        }),
    );
    let servers = RefCell::new(Vec::new());
    let plan_in = |story: &Value, clock: &str, seed: u64| {
        let config = Config::from_json(&story["simulator"]).unwrap();
        let server = Server::start(config, seed, 0, |_| {}).unwrap();
        let endpoint = Some(format!("http://{}", server.address()));
        servers.borrow_mut().push(server);
        Plan { remote: Remote::Real { endpoint }, ..plan(story, clock, seed) }
    };
    assert!(is_the_same(&story, plan_in), "the machine was too busy to tell");
}

/// The whole file of a run in virtual time.
fn file_of(plan: Plan) -> Vec<u8> {
    let (header, aliases) = (session_header(&plan), Aliases::of_plan(&plan));
    let mut records = Vec::new();
    run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| records.push(record)).unwrap();
    let mut bytes = Vec::new();
    let writer = SessionWriter::begin(&mut bytes, Path::new("memory"), &header, Secrets::aliased(aliases));
    writer.unwrap().write(&records).unwrap();
    bytes
}

#[test]
fn a_session_is_the_same_byte_for_byte_however_many_threads_run_it_at_once() {
    let storm = json!({
        "spread": "2 s", "pipeline": { "base_delay": "1 s", "jitter": 1, "max_attempts": 6 },
        "simulator": { "latency_ms": [20, 900], "faults": [{ "chance": 0.4, "status": 503 }] },
    });
    let stories = [("token-propagation", json!({})), ("retry-storm", storm), ("batch-reformed", json!({}))];
    for (name, fields) in stories {
        let plan = plan(&sample(name, 100, &fields), "virtual", 3);
        let alone = file_of(plan.clone());
        for n_threads in [2, 8] {
            let at_once: Vec<Vec<u8>> = thread::scope(|scope| {
                let run = |number: u32| {
                    let named = thread::Builder::new().name(format!("run {number}"));
                    named.spawn_scoped(scope, || file_of(plan.clone())).unwrap()
                };
                let threads: Vec<_> = (0..n_threads).map(run).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(at_once.iter().all(|bytes| *bytes == alone), "{name} in {n_threads} threads");
        }
    }
}
