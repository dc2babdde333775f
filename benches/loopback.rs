//! How fast real requests are delivered: the engine in real time, 64 attempts at once, every record written to a file, against
//! the simulator on loopback; beside it `wrk` with the same request and as many connections against the same server, in turns
//! in one run. `cargo bench --no-default-features --bench loopback [-- EVENTS]`; `wrk` has to be installed.
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

mod stopwatch;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use delivery_inspector::core::http::Request;
use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::Record;
use delivery_inspector::net::engine::{RunOptions, run_to_end, session_header};
use delivery_inspector::net::transport::Connections;
use delivery_inspector::session::plan_file;
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::sim::{self, Config, Server};
use serde_json::{Map, Value, json};
use stopwatch::Stopwatch;

const N_ROUNDS: usize = 7;
const CONNECTIONS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(63);

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let n_events = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(20_000);
    let config = Config::from_json(&json!({ "latency_ms": 0 }))?;
    let server = Server::start(config, 7, 0, |_| {})?;
    let base = format!("http://{}", server.address());
    let folder = std::env::temp_dir();
    let script = folder.join(format!("loopback-{}.lua", std::process::id()));
    let wrk = |closes: bool| -> Result<f64> {
        fs::write(&script, lua(&request()?, closes)?)?;
        wrk(&script, &base)
    };
    println!(
        "{:<16} {:>10} {:>12} {:>8} {:>22}",
        "connections", "wrk, 1/s", "engine, 1/s", "ratio", "engine, processor"
    );
    for (name, connections) in [("kept", Connections::Kept), ("one a request", Connections::Closed)] {
        let mut rounds = Vec::new();
        for _ in 0..N_ROUNDS {
            let theirs = wrk(connections == Connections::Closed)?;
            rounds.push((theirs, engine(n_events, &base, &folder, connections)?));
        }
        let (theirs, ours) = (median(&rounds, |round| round.0), median(&rounds, |round| round.1.per_second));
        let ratio = median(&rounds, |(theirs, ours)| ours.per_second / theirs);
        let micros = median(&rounds, |round| round.1.micros_each);
        println!("{name:<16} {theirs:>10.0} {ours:>12.0} {ratio:>8.2} {micros:>11.1} µs/request");
    }
    fs::remove_file(script)?;
    Ok(())
}

fn median(rounds: &[(f64, Ours)], of: impl Fn(&(f64, Ours)) -> f64) -> f64 {
    let mut figures: Vec<f64> = rounds.iter().map(of).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// Requests a second.
fn wrk(script: &Path, base: &str) -> Result<f64> {
    let arguments = ["-t1", "-d2s", "-c", &CONNECTIONS.to_string(), "-s"];
    let output = Command::new("wrk").args(arguments).arg(script).arg(base).output();
    let output = output.map_err(|error| format!("wrk cannot be run ({error}); install it: apt-get install wrk"))?;
    let said = String::from_utf8(output.stdout)?;
    if said.contains("Non-2xx") {
        return Err(format!("wrk was refused: {said}").into());
    }
    let figure = said.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    Ok(figure.ok_or("wrk told no figure")?.trim().parse()?)
}

/// What has `wrk` send the same request over and over.
fn lua(request: &Request, closes: bool) -> Result<String> {
    // A JSON string of plain ASCII is one of Lua, too.
    let quoted = |text: &str| serde_json::to_string(text);
    let path = request.url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest.split_at(at).1));
    let body = String::from_utf8(request.body.to_bytes())?;
    let mut script = format!("wrk.method = {}\nwrk.body = {}\n", quoted(&request.method)?, quoted(&body)?);
    writeln!(script, "wrk.path = {}", quoted(path.unwrap_or("/"))?)?;
    let closing = [("connection", "close")].into_iter().filter(|_| closes);
    for (name, value) in request.headers.iter().chain(closing) {
        writeln!(script, "wrk.headers[{}] = {}", quoted(name)?, quoted(value)?)?;
    }
    Ok(script)
}

/// What the engine reached.
struct Ours {
    /// Events, each of them one request.
    per_second: f64,
    /// Time of its thread on the processor for each of them, the system's work for its sockets included.
    micros_each: f64,
}

fn engine(n_events: u32, base: &str, folder: &Path, connections: Connections) -> Result<Ours> {
    let plan = plan(n_events, ("endpoint", json!(base)))?;
    let file: PathBuf = folder.join(format!("loopback-{}.session.jsonl", std::process::id()));
    let (header, mut secrets) = (session_header(&plan), Secrets::aliased(Aliases::of_plan(&plan)));
    let header = secrets.header(&header).into_owned();
    let mut writer = SessionWriter::create(&file, &header, secrets)?;
    let options = RunOptions { concurrency: CONNECTIONS, connections, ..RunOptions::new(sim::in_process) };
    let mut written = Ok(());
    let (began, on_processor) = (Instant::now(), Stopwatch::start());
    let summary = run_to_end(plan, &options, &mut |record| {
        if written.is_ok() {
            written = writer.write([&record]);
        }
    })?;
    let (passed, spent) = (began.elapsed(), on_processor.elapsed());
    written?;
    fs::remove_file(file)?;
    if summary.n_delivered != u64::from(n_events) {
        return Err(format!("of {n_events} events {} were delivered", summary.n_delivered).into());
    }
    let n_events = f64::from(n_events);
    Ok(Ours { per_second: n_events / passed.as_secs_f64(), micros_each: 1e6 * spent.as_secs_f64() / n_events })
}

/// The request that one event becomes.
fn request() -> Result<Request> {
    let mut request = None;
    let plan = plan(1, ("simulator", json!({})))?;
    run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| {
        if let Record::Attempt(attempt) = record {
            request = attempt.exchanges.first().map(|exchange| exchange.request.clone());
        }
    })?;
    Ok(request.ok_or("nothing was sent")?)
}

fn plan(n_events: u32, remote: (&str, Value)) -> Result<Plan> {
    let event = |number: u32| {
        json!({
            "type": "identify", "messageId": format!("m-{number}"), "userId": format!("u-{number}"),
            "timestamp": "2026-11-22T06:59:00Z", "traits": { "vip": true },
            "context": { "personas": {
                "computation_class": "audience", "computation_key": "vip", "external_audience_id": "seg-1",
            } },
        })
    };
    let source = json!({
        "format": "delivery-plan", "version": 1, "seed": 7, "destination": "pendo-audiences", "action": "syncAudience",
        "mode": "single", "settings": { "integrationKey": "key-1", "region": "US" },
        "events": (0..n_events).map(event).collect::<Vec<_>>(),
    });
    let Value::Object(mut source): Value = source else { return Err("a plan is an object".into()) };
    source.extend(Map::from_iter([(remote.0.to_owned(), remote.1)]));
    Ok(plan_file::from_source(source, &|_| None)?)
}
