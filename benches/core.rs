//! How fast one core delivers: events through subscription, mapping, validation, requests and verdict, against a remote
//! that answers at once from memory. Counts the time on the processor where the system tells it, so that other programs
//! take nothing away. `cargo bench --no-default-features --bench core [-- FILTER]`.
use std::error::Error;
use std::future::ready;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use delivery_inspector::core::connection::Connection;
use delivery_inspector::core::framework::{Attempted, Prepared, Turn, attempt_prepared};
use delivery_inspector::core::http::{Body, Headers, Request, Response};
use delivery_inspector::core::names::{Decision, Mode, Purpose};
use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::EventRecord;
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::core::world::{LocalFuture, Reply, World};
use delivery_inspector::session::plan_file;
use serde_json::{Map, Value, json};

mod stopwatch;
use stopwatch::Stopwatch;

const BATCH: u32 = 1_000;
const N_ROUNDS: usize = 3;
const ROUND: Duration = Duration::from_millis(700);

/// What is delivered, and what the remote answers.
struct Story {
    destination: &'static str,
    action: &'static str,
    settings: Value,
    mapping: Value,
    event: fn(u32) -> Value,
    lookup: Value,
    deliver: fn(u32) -> Value,
}

fn main() -> Result<(), Box<dyn Error>> {
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    println!("{:<22} {:<7} {:>12} {:>12} {:>10}", "destination", "mode", "events/s", "µs/event", "attempts");
    for story in stories() {
        for mode in [Mode::Single, Mode::Batch] {
            let name = format!("{} {mode}", story.destination);
            if name.contains(&filter) {
                measure(&story, mode)?;
            }
        }
    }
    Ok(())
}

/// The middle one of the rounds.
fn measure(story: &Story, mode: Mode) -> Result<(), Box<dyn Error>> {
    let plan = plan(story, mode)?;
    let events: Vec<_> = (0..BATCH).map(|number| record(number, (story.event)(number))).collect();
    let per_attempt = match mode {
        Mode::Single => 1,
        Mode::Batch => events.len(),
    };
    let world = Memory::new(story, u32::try_from(per_attempt)?);
    let prepared = Prepared::of_plan(&plan);
    let connection = Connection::new(plan.auth.clone().unwrap_or_default());
    let mut rounds = Vec::with_capacity(N_ROUNDS);
    let mut n_attempts = 0_u32;
    for _ in 0..N_ROUNDS {
        let (began, mut n_events) = (Stopwatch::start(), 0_u32);
        while began.elapsed() < ROUND {
            for carried in events.chunks(per_attempt) {
                let turn = Turn { plan: &plan, events: carried, connection: &connection };
                let attempted = finish(attempt_prepared(&prepared, turn, &world));
                delivered(&black_box(attempted))?;
                n_attempts += 1;
            }
            n_events += BATCH;
        }
        rounds.push(f64::from(n_events) / began.elapsed().as_secs_f64());
    }
    rounds.sort_by(f64::total_cmp);
    let per_second = rounds[N_ROUNDS / 2];
    let micros = 1e6 / per_second;
    println!("{:<22} {mode:<7} {per_second:>12.0} {micros:>12.2} {n_attempts:>10}", story.destination);
    Ok(())
}

/// A figure for deliveries that fail would be no figure.
fn delivered(attempted: &Attempted) -> Result<(), String> {
    match attempted.verdict.decision {
        Decision::Delivered => Ok(()),
        other => Err(format!("{other}: {}", attempted.verdict.reason)),
    }
}

fn stories() -> [Story; 3] {
    [
        Story {
            destination: "pendo-audiences",
            action: "syncAudience",
            settings: json!({ "integrationKey": "key-1", "region": "US" }),
            mapping: json!({}),
            event: |number| audience_event(number, &json!({})),
            lookup: Value::Null,
            deliver: |_| {
                json!({ "multistatus": [
                    { "status": 200, "message": "success", "operation": "add" },
                    { "status": 200, "message": "success", "operation": "remove" },
                ] })
            },
        },
        Story {
            destination: "linkedin-audiences",
            action: "updateAudience",
            settings: json!({ "ad_account_id": "5123", "send_email": true, "send_google_advertising_id": true }),
            mapping: json!({}),
            event: |number| audience_event(number, &json!({ "email": format!("user-{number}@example.com") })),
            lookup: json!({ "elements": [{ "id": "dmp_7" }] }),
            deliver: |n_people| json!({ "elements": vec![json!({ "status": 201 }); n_people as usize] }),
        },
        Story {
            destination: "linkedin-conversions",
            action: "streamConversion",
            settings: json!({}),
            mapping: json!({ "onMappingSave": { "inputs": {}, "outputs": {
                "id": "conv_9", "name": "n", "conversionType": "PURCHASE", "attribution_type": "LAST_TOUCH_BY_CAMPAIGN",
                "post_click_attribution_window_size": 30, "view_through_attribution_window_size": 7,
            } } }),
            event: |number| {
                json!({
                    "type": "track", "event": "Purchase", "messageId": format!("m-{number}"),
                    "userId": format!("u-{number}"), "timestamp": "2026-11-20T10:00:00.000Z",
                    "traits": { "email": format!("user-{number}@example.com") },
                    "properties": { "currency": "USD", "revenue": 12.5 },
                })
            },
            lookup: Value::Null,
            deliver: |_| json!({}),
        },
    ]
}

/// Somebody entered the audience, or every third time left it.
fn audience_event(number: u32, traits: &Value) -> Value {
    let is_member = !number.is_multiple_of(3);
    json!({
        "type": "track", "event": if is_member { "Audience Entered" } else { "Audience Exited" },
        "messageId": format!("m-{number}"), "userId": format!("u-{number}"), "timestamp": "2026-11-20T10:00:00.000Z",
        "properties": { "vip": is_member, "audience_key": "vip" },
        "context": {
            "traits": traits,
            "personas": {
                "computation_class": "audience", "computation_key": "vip", "computation_id": "aud_vip",
                "space_id": "spa_1", "external_audience_id": "seg-1",
            },
        },
    })
}

fn plan(story: &Story, mode: Mode) -> Result<Plan, Box<dyn Error>> {
    let source = json!({
        "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T00:00:00Z", "destination": story.destination,
        "action": story.action, "mode": mode.name(), "settings": story.settings, "mapping": story.mapping,
        "auth": { "access_token": "token-1", "refresh_token": "r", "client_id": "c", "client_secret": "s" },
        "events": [], "responses": [],
    });
    match source {
        Value::Object(source) => Ok(plan_file::from_source(source, &|_| None)?),
        _ => Err("a plan is an object".into()),
    }
}

fn record(number: u32, payload: Value) -> Arc<EventRecord> {
    let id = format!("e{number}").into();
    Arc::new(EventRecord { id, received_at: Timestamp::EPOCH, message_id: None, payload, extra: Map::new() })
}

/// A remote that is always there.
struct Memory {
    now: Timestamp,
    lookup: Response,
    deliver: Response,
}

impl Memory {
    fn new(story: &Story, n_people: u32) -> Self {
        let headers: Headers = [("content-type", "application/json")].into_iter().collect();
        let answer = |body| Response { status: 200, headers: headers.clone(), body: Body::Json(body) };
        let deliver = answer((story.deliver)(n_people));
        let now = "2026-11-22T00:00:00Z".parse().unwrap_or_default();
        Self { now, lookup: answer(story.lookup.clone()), deliver }
    }
}

impl World for Memory {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn send<'a>(&'a self, _request: &'a Request, purpose: Purpose) -> LocalFuture<'a, Reply> {
        let answer = if purpose == Purpose::Lookup { &self.lookup } else { &self.deliver };
        Box::pin(ready(Ok(answer.clone()).into()))
    }
}

/// Drives a future that never has to wait.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}
