//! Whole runs: plans go in, records come out, in virtual and in wall time.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::io::Read as _;
use std::net::TcpListener;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use delivery_inspector::core::distribution::Figure;
use delivery_inspector::core::http::{Body, FaultKind};
use delivery_inspector::core::names::{ClockKind, Decision, Purpose, Refresh, Trigger};
use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::{Attempt, Outcome, Record};
use delivery_inspector::net::engine::{
    Run, RunError, RunEvent, RunOptions, RunSummary, SeedsOptions, run_seeds, run_to_end, session_header, start,
};
use delivery_inspector::session::plan_file;
use delivery_inspector::sim::{self, Config, Server};
use serde_json::{Value, json};

#[path = "shared/visitors.rs"]
mod visitors;

use visitors::visitor;

fn plan(fields: Value) -> Plan {
    let mut source = json!({ "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T07:00:00Z", "seed": 7 });
    let (Value::Object(all), Value::Object(fields)) = (&mut source, fields) else { unreachable!() };
    all.extend(fields);
    plan_file::from_source(all.clone(), &|_| None).unwrap()
}

/// A Pendo plan with fields of its own.
fn pendo(fields: Value) -> Plan {
    let Value::Object(fields) = fields else { unreachable!() };
    let mut all = json!({
        "destination": "pendo-audiences", "action": "syncAudience", "mode": "single",
        "settings": { "integrationKey": "key-1", "region": "US" }, "events": [visitor("u1", true)],
    });
    if let Value::Object(all) = &mut all {
        all.extend(fields);
    }
    plan(all)
}

fn linkedin(fields: Value) -> Plan {
    let Value::Object(fields) = fields else { unreachable!() };
    let mut all = json!({
        "destination": "linkedin-audiences", "action": "updateAudience", "mode": "single",
        "settings": { "ad_account_id": "512345", "send_email": true, "send_google_advertising_id": true },
        "auth": { "access_token": "old", "refresh_token": "r", "client_id": "c", "client_secret": "s" },
        "events": [{
            "type": "track", "event": "Audience Entered", "messageId": "m-1", "userId": "u1",
            "timestamp": "2026-11-22T06:59:00Z", "properties": { "audience_key": "vip", "vip": true },
            "context": {
                "traits": { "email": "ada@example.test" },
                "personas": { "computation_class": "audience", "computation_key": "vip" },
            },
        }],
    });
    if let Value::Object(all) = &mut all {
        all.extend(fields);
    }
    plan(all)
}

fn run(plan: Plan) -> (Vec<Record>, Result<RunSummary, RunError>) {
    let mut records = Vec::new();
    let end = run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| records.push(record));
    (records, end)
}

fn attempts(records: &[Record]) -> Vec<&Attempt> {
    fn attempt(record: &Record) -> Option<&Attempt> {
        match record {
            Record::Attempt(attempt) => Some(attempt),
            Record::Event(_) => None,
        }
    }
    records.iter().filter_map(attempt).collect()
}

fn statuses(attempt: &Attempt) -> Vec<u16> {
    let status =
        |result: &Result<delivery_inspector::core::http::Response, _>| result.as_ref().map_or(0, |it| it.status);
    attempt.exchanges.iter().map(|exchange| status(&exchange.result)).collect()
}

/// `(attempt, delivery, number, decision)` of every attempt, in the order in which they ended.
fn story(records: &[Record]) -> Vec<(&str, &str, u32, Decision)> {
    fn row(attempt: &Attempt) -> (&str, &str, u32, Decision) {
        (attempt.id.as_str(), attempt.delivery.as_str(), attempt.number, attempt.verdict.decision)
    }
    attempts(records).into_iter().map(row).collect()
}

fn multistatus(operations: &[(&str, u16)]) -> Value {
    let item = |(operation, status): &(&str, u16)| json!({ "status": status, "message": "x", "operation": operation });
    json!({ "status": 200, "body": { "multistatus": operations.iter().map(item).collect::<Vec<_>>() } })
}

const BUSY: &str = "Operation in progress";

#[test]
fn pendo_is_busy_twice_and_then_takes_it() {
    let busy = || json!({ "status": 409, "body": BUSY });
    let (records, end) = run(pendo(json!({ "responses": [busy(), busy(), multistatus(&[("add", 200)])] })));
    assert_eq!(
        story(&records),
        [("a1", "d1", 1, Decision::Retry), ("a2", "d1", 2, Decision::Retry), ("a3", "d1", 3, Decision::Delivered)]
    );
    let attempts = attempts(&records);
    assert_eq!(
        attempts.iter().map(|it| it.trigger).collect::<Vec<_>>(),
        [Trigger::First, Trigger::Retry, Trigger::Retry]
    );
    for pair in attempts.windows(2) {
        assert_eq!(pair[0].verdict.next_attempt_at, Some(pair[1].started_at), "exactly when the next one starts");
        assert!(pair[1].started_at.since(pair[0].ended_at) >= Duration::from_mins(1));
        assert_eq!(&*pair[0].verdict.rule, "PENDO-409-CONFLICT");
    }
    let summary = end.unwrap();
    assert_eq!((summary.n_attempts, summary.n_requests, summary.n_delivered, summary.n_unfinished), (3, 3, 1, 0));
    assert_eq!(summary.started_at, "2026-11-22T07:00:00Z".parse().unwrap());
}

#[test]
fn what_becomes_of_retry_after_stands_in_the_verdict() {
    let told = |pipeline: Value, seconds: &str| {
        let busy = json!({ "status": 409, "headers": { "Retry-After": seconds }, "body": BUSY });
        let (records, _) =
            run(pendo(json!({ "pipeline": pipeline, "responses": [busy, multistatus(&[("add", 200)])] })));
        let first = attempts(&records)[0].clone();
        let wait = first.verdict.next_attempt_at.unwrap().since(first.ended_at);
        let (_, sentence) = first.verdict.reason.split_once(" Retry-After: ").unwrap();
        (sentence.to_owned(), first.verdict.facts["retry_after_is"].clone(), wait.as_secs())
    };
    assert_eq!(told(json!("svix"), "600"), ("600 s present, ignored by preset svix.".to_owned(), json!("ignored"), 5));
    let honours = json!({ "preset": "svix", "honour_retry_after": true });
    assert_eq!(
        told(honours.clone(), "600"),
        ("600 s present, honoured by preset custom.".to_owned(), json!("honoured"), 600)
    );
    assert_eq!(
        told(honours, "2"),
        ("2 s present, honoured by preset custom, which waits longer by itself.".to_owned(), json!("honoured"), 5)
    );
}

#[test]
fn svix_s_schedule_is_kept_to_the_second_and_then_over() {
    let busy = || json!({ "status": 409, "body": BUSY });
    let (records, end) = run(pendo(json!({ "pipeline": "svix", "responses": vec![busy(); 8] })));
    let attempts = attempts(&records);
    let waits = attempts.windows(2).map(|pair| pair[1].started_at.since(pair[0].ended_at).as_secs());
    assert_eq!(waits.collect::<Vec<_>>(), [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
    let last = &attempts[7].verdict;
    assert_eq!((&*last.rule, last.decision), ("POLICY-ATTEMPTS-USED-UP", Decision::Discard));
    assert!(
        last.reason.starts_with("It was tried 8 times, and the retry policy allows 8: given up."),
        "{}",
        last.reason
    );
    assert_eq!(end.unwrap().n_discarded, 1);
}

#[test]
fn the_embedded_pendo_tells_the_same_story() {
    let (records, _) = run(pendo(json!({ "simulator": "pendo-busy-window" })));
    let attempts = attempts(&records);
    assert_eq!(attempts.iter().map(|it| statuses(it)).collect::<Vec<_>>(), [[409], [409], [200]]);
    assert!(attempts.iter().all(|it| it.ended_at > it.started_at), "an answer takes its time");
}

#[test]
fn a_token_that_has_not_propagated_is_refreshed_and_delivered_with_later() {
    let (records, _) = run(linkedin(json!({ "simulator": "linkedin-token-propagation" })));
    let attempts = attempts(&records);
    let [first, second] = attempts.as_slice() else { panic!("{:?}", story(&records)) };
    assert_eq!(first.exchanges.iter().map(|it| it.purpose).collect::<Vec<_>>(), [Purpose::Lookup, Purpose::Refresh]);
    assert_eq!(statuses(first), [401, 200]);
    let token = first.token.unwrap();
    assert_eq!((token.generation_before, token.generation_after, token.refresh), (1, 2, Refresh::Succeeded));
    assert!(matches!(&first.outcome, Outcome::Error(error) if error.status == Some(503)), "{:?}", first.outcome);
    assert_eq!((first.verdict.decision, second.verdict.decision), (Decision::Retry, Decision::Delivered));
    assert!(second.exchanges.iter().all(|it| it.token_generation == Some(2)));
}

#[test]
fn on_main_the_fresh_token_is_tried_at_once_and_the_event_lost() {
    let fields = json!({ "simulator": "linkedin-token-propagation", "rules": "segment-main" });
    let (records, end) = run(linkedin(fields));
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Discard)]);
    assert_eq!(statuses(attempts(&records)[0]), [401, 200, 401, 200], "two refreshes, the second one wasted");
    assert_eq!(end.unwrap().n_discarded, 1);
}

#[test]
fn a_refresh_that_fails_ends_the_delivery() {
    let (records, _) = run(linkedin(json!({ "simulator": "linkedin-refresh-fails" })));
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Discard)]);
    let attempts = attempts(&records);
    assert_eq!(attempts[0].token.unwrap().refresh, Refresh::Failed);
    assert!(
        matches!(&attempts[0].outcome, Outcome::Error(error) if error.code.as_deref() == Some("REFRESH_TOKEN_EXPIRED"))
    );
}

#[test]
fn a_script_that_is_used_up_stops_the_run_and_keeps_what_was_recorded() {
    let (records, end) = run(pendo(json!({ "responses": [{ "status": 409, "body": BUSY }] })));
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Retry)]);
    let words = end.unwrap_err().to_string();
    let expected = "the script has 1 response, but the run sent a 2nd request: PATCH \
                    https://app.pendo.io/api/v1/segment/seg-1/visitor (attempt 2 of delivery d1)";
    assert!(words.starts_with(expected), "{words}");
}

#[test]
fn without_delays_deliveries_run_one_after_the_other_and_with_delays_they_overlap() {
    let events = json!([visitor("u1", true), visitor("u2", true)]);
    let in_order = |delays: [u64; 2]| {
        let response = |delay| {
            let mut response = multistatus(&[("add", 200)]);
            response["delay_ms"] = json!(delay);
            response
        };
        let (records, _) = run(pendo(json!({ "events": events, "responses": delays.map(response) })));
        story(&records).into_iter().map(|(_, delivery, ..)| delivery.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(in_order([0, 0]), ["d1", "d2"]);
    assert_eq!(in_order([300, 100]), ["d2", "d1"]);
}

#[test]
fn the_policy_ends_what_the_rules_would_go_on_with() {
    let fields = json!({
        "pipeline": { "max_attempts": 2, "base_delay": "1s", "jitter": 0 },
        "simulator": { "pendo": { "busy_first_writes": 9 } },
    });
    let (records, end) = run(pendo(fields));
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Retry), ("a2", "d1", 2, Decision::Discard)]);
    let last = attempts(&records)[1];
    assert_eq!((&*last.verdict.rule, last.verdict.next_attempt_at), ("POLICY-ATTEMPTS-USED-UP", None));
    assert_eq!(end.unwrap().n_discarded, 1);
}

#[test]
fn of_a_batch_only_what_can_be_retried_is_sent_again() {
    let events = json!([visitor("u1", true), visitor("u2", false), visitor("u3", true)]);
    let responses = [multistatus(&[("add", 200), ("remove", 503)]), multistatus(&[("remove", 200)])];
    let (records, end) = run(pendo(json!({ "mode": "batch", "events": events, "responses": responses })));
    let carried: Vec<_> = attempts(&records).iter().map(|attempt| attempt.events.clone()).collect();
    assert_eq!(carried, [vec!["e1".into(), "e2".into(), "e3".into()], vec!["e2".into()]]);
    assert_eq!(end.unwrap().n_delivered, 3);
}

#[test]
fn the_same_plan_and_seed_give_the_same_session() {
    let events: Vec<Value> = (0..40).map(|number| visitor(&format!("u{number}"), number % 3 > 0)).collect();
    let simulator = json!({
        "latency_ms": [20, 900], "pendo": { "write_ms": 400 },
        "faults": [{ "chance": 0.2, "status": 503 }, { "chance": 0.05, "fault": "timeout", "acted": true }],
    });
    let with_seed = |seed: u64| {
        let plan = pendo(json!({ "events": events, "simulator": simulator, "seed": seed }));
        let header = session_header(&plan);
        (header, run(plan).0)
    };
    let (once, again, other) = (with_seed(1), with_seed(1), with_seed(2));
    assert!(once == again, "records and header");
    assert_ne!(once.0.id, other.0.id);
    assert!(once.1 != other.1);
    assert!(story(&once.1).len() > 60, "it has something to differ in: {}", story(&once.1).len());
}

#[test]
fn virtual_time_starts_with_the_latest_event_where_the_plan_says_nothing() {
    let mut plan = pendo(json!({ "responses": [multistatus(&[("add", 200)])] }));
    plan.start_at = None;
    let header = session_header(&plan);
    assert_eq!(header.created_at, "2026-11-22T06:59:00Z".parse().unwrap());
    assert_eq!((header.origin.as_str(), header.clock.as_str()), ("simulated", "virtual"));
    assert_eq!(run(plan).1.unwrap().started_at, header.created_at);
}

#[test]
fn wall_time_has_the_same_attempts_in_the_same_order() {
    let events = json!([visitor("u1", true), visitor("u2", true), visitor("u3", true)]);
    let delayed = |status: u16, delay: u64| match status {
        200 => json!({ "status": 200, "delay_ms": delay, "body": multistatus(&[("add", 200)])["body"] }),
        _ => json!({ "status": status, "delay_ms": delay, "body": "busy" }),
    };
    let fields = json!({
        "events": events, "pipeline": { "base_delay": "400ms", "jitter": 0 },
        "responses": [delayed(409, 300), delayed(200, 100), delayed(503, 200), delayed(200, 350), delayed(200, 50)],
    });
    let in_virtual_time = pendo(fields);
    let mut in_wall_time = in_virtual_time.clone();
    in_wall_time.clock = ClockKind::Wall;
    let (virtual_records, _) = run(in_virtual_time);
    let (wall_records, _) = run(in_wall_time);
    assert_eq!(story(&virtual_records), story(&wall_records));
    assert_eq!(
        story(&wall_records).iter().map(|row| (row.1, row.2)).collect::<Vec<_>>(),
        [("d2", 1), ("d3", 1), ("d1", 1), ("d1", 2), ("d3", 2)]
    );
}

/// What a run on its own thread told, up to its end.
fn listen(run: &Run, mut on_event: impl FnMut(&RunEvent)) -> (Vec<Record>, Result<RunSummary, RunError>) {
    let mut records = Vec::new();
    while let Some(event) = run.wait() {
        on_event(&event);
        match event {
            RunEvent::Records(more) => records.extend(more),
            RunEvent::Finished(end) => return (records, end),
            RunEvent::Header(_)
            | RunEvent::UnderWay(_)
            | RunEvent::Progress(_)
            | RunEvent::Stands(_)
            | RunEvent::GoesOn => {}
        }
    }
    panic!("a run tells its end")
}

#[test]
fn a_run_on_its_own_thread_tells_header_records_and_end_in_that_order() {
    for clock in [ClockKind::Virtual, ClockKind::Wall] {
        let mut plan = pendo(json!({ "responses": [multistatus(&[("add", 200)])] }));
        plan.clock = clock;
        let run = start(plan, RunOptions::new(sim::in_process), Arc::new(|| {}));
        let mut first = None;
        let (records, end) = listen(&run, |event| {
            first.get_or_insert_with(|| matches!(event, RunEvent::Header(header) if header.clock == clock.name()));
        });
        assert_eq!(first, Some(true));
        assert_eq!(story(&records), [("a1", "d1", 1, Decision::Delivered)]);
        assert_eq!(end.unwrap().n_delivered, 1);
        assert!(run.wait().is_none());
    }
}

#[test]
fn cancelling_ends_a_wait_and_says_what_was_left() {
    let mut plan = pendo(json!({ "responses": [{ "status": 409, "body": BUSY }] }));
    plan.clock = ClockKind::Wall;
    let run = start(plan, RunOptions::new(sim::in_process), Arc::new(|| {}));
    let (records, end) = listen(&run, |event| {
        if matches!(event, RunEvent::Progress(progress) if progress.n_waiting == 1 && progress.next_at.is_some()) {
            run.cancel();
        }
    });
    let summary = end.unwrap();
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Retry)]);
    assert_eq!((summary.was_cancelled, summary.n_unfinished, summary.n_cut_off), (true, 1, 0));
}

#[test]
fn cancelling_cuts_a_request_off_and_does_not_record_it() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let run = start(pendo(json!({ "endpoint": endpoint })), RunOptions::new(sim::in_process), Arc::new(|| {}));
    let (mut connection, _) = silent.accept().unwrap();
    assert_ne!(connection.read(&mut [0; 1]).unwrap(), 0, "the request is on its way");
    run.cancel();
    let (records, end) = listen(&run, |_| {});
    let summary = end.unwrap();
    assert_eq!(story(&records), []);
    assert_eq!((summary.was_cancelled, summary.n_cut_off, summary.n_unfinished), (true, 1, 1));
}

#[test]
fn giving_up_a_delivery_that_waits_leaves_the_others_alone() {
    let events = json!([visitor("u1", true), visitor("u2", true)]);
    let (busy, fine) = (json!({ "status": 409, "body": BUSY }), multistatus(&[("add", 200)]));
    let fields = json!({ "clock": "wall", "events": events, "responses": [busy, busy.clone(), fine],
        "pipeline": { "base_delay": "600ms", "jitter": 0 } });
    let run = start(pendo(fields), RunOptions::new(sim::in_process), Arc::new(|| {}));
    let (records, end) = listen(&run, |event| {
        if matches!(event, RunEvent::Progress(progress) if progress.n_waiting == 2) {
            run.give_up("d1".into());
        }
    });
    let (retry, discard) = (Decision::Retry, Decision::Discard);
    let expected = [
        ("a1", "d1", 1, retry),
        ("a2", "d2", 1, retry),
        ("a3", "d1", 2, discard),
        ("a4", "d2", 2, Decision::Delivered),
    ];
    assert_eq!(story(&records), expected);
    let given_up = attempts(&records)[2];
    assert_eq!((&*given_up.verdict.rule, given_up.exchanges.len()), ("POLICY-GIVEN-UP-BY-HAND", 0));
    assert_eq!(given_up.verdict.reason, "A person gave it up. Attempts until then: 1.");
    let summary = end.unwrap();
    assert_eq!((summary.n_delivered, summary.n_discarded, summary.was_cancelled), (1, 1, false));
}

#[test]
fn giving_up_a_delivery_under_way_cuts_its_request_off_and_frees_its_place() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let events = json!([visitor("u1", true), visitor("u2", true)]);
    let options = RunOptions { concurrency: NonZeroUsize::MIN, ..RunOptions::new(sim::in_process) };
    let run = start(pendo(json!({ "endpoint": endpoint, "events": events })), options, Arc::new(|| {}));
    let connection = |expected: &str| {
        let (mut connection, _) = silent.accept().unwrap();
        let mut head = [0; 2_048];
        let n_read = connection.read(&mut head).unwrap();
        assert!(String::from_utf8_lossy(&head[..n_read]).contains(expected));
        connection
    };
    let first = connection("u1");
    run.give_up("d1".into());
    let second = connection("u2");
    run.give_up("d2".into());
    run.give_up("d9".into());
    let (records, end) = listen(&run, |_| {});
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Discard), ("a2", "d2", 1, Decision::Discard)]);
    assert!(attempts(&records).iter().all(|attempt| &*attempt.verdict.rule == "POLICY-GIVEN-UP-UNDER-WAY"));
    let summary = end.unwrap();
    assert_eq!((summary.n_cut_off, summary.n_unfinished, summary.n_discarded), (0, 0, 2));
    drop((first, second));
}

/// A stream of two events whose batches wait for each other, against this endpoint or script.
fn stream(fields: Value) -> Plan {
    let event = |number: u32| json!({ "type": "track", "event": "Form Submitted", "messageId": format!("m{number}"), "properties": {} });
    let mut all = json!({
        "destination": "destination-function", "action": "onEvent", "mode": "batch", "clock": "wall",
        "batching": { "kind": "stream", "max_size": 2, "max_wait": 0 }, "events": [event(1), event(2)],
        "settings": { "url": "https://receiver.test/batch" }, "pipeline": { "base_delay": "1h", "max_delay": "1h", "jitter": 0 },
    });
    let (Value::Object(all_fields), Value::Object(fields)) = (&mut all, fields) else { unreachable!() };
    all_fields.extend(fields);
    plan(all)
}

#[test]
fn giving_up_a_batch_of_a_stream_ends_its_events_that_wait() {
    let run =
        start(stream(json!({ "responses": [{ "status": 503 }] })), RunOptions::new(sim::in_process), Arc::new(|| {}));
    let mut was_asked = false;
    let (records, end) = listen(&run, |event| {
        if matches!(event, RunEvent::Records(records) if !attempts(records).is_empty()) && !was_asked {
            was_asked = true;
            run.give_up("d1".into());
        }
    });
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Retry), ("a2", "d2", 1, Decision::Discard)]);
    let given_up = attempts(&records)[1];
    assert_eq!((&*given_up.verdict.rule, given_up.events.len()), ("POLICY-GIVEN-UP-BY-HAND", 2));
    assert_eq!(given_up.verdict.facts["came_from"], json!({ "e1": "a1", "e2": "a1" }), "they can be followed");
    let summary = end.unwrap();
    assert_eq!((summary.n_discarded, summary.n_unfinished, summary.was_cancelled), (2, 0, false));
}

#[test]
fn giving_up_a_batch_of_a_stream_under_way_cuts_its_request_off() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let run = start(stream(json!({ "endpoint": endpoint })), RunOptions::new(sim::in_process), Arc::new(|| {}));
    let (mut connection, _) = silent.accept().unwrap();
    assert_ne!(connection.read(&mut [0; 1]).unwrap(), 0, "the request is on its way");
    run.give_up("d1".into());
    let (records, end) = listen(&run, |_| {});
    assert_eq!(story(&records), [("a1", "d1", 1, Decision::Discard)]);
    assert_eq!(&*attempts(&records)[0].verdict.rule, "POLICY-GIVEN-UP-UNDER-WAY");
    assert_eq!(end.unwrap().n_discarded, 2);
}

#[test]
fn a_run_over_real_http_reaches_the_simulator_on_loopback() {
    let config = Config::from_json(&json!({ "preset": "linkedin-token-propagation", "latency_ms": 0,
        "linkedin": { "propagation_ms": 0 } }));
    let server = Server::start(config.unwrap(), 7, 0, |_| {}).unwrap();
    let endpoint = format!("http://{}/prefix/..", server.address());
    let fields = json!({ "endpoint": endpoint, "pipeline": { "base_delay": "1ms", "jitter": 0 } });
    let plan = linkedin(fields);
    assert_eq!(session_header(&plan).origin, "fired");
    let (records, end) = run(plan);
    let attempts = attempts(&records);
    assert_eq!(attempts.iter().map(|it| statuses(it)).collect::<Vec<_>>(), [vec![401, 200], vec![200, 201, 200]]);
    let refresh = &attempts[0].exchanges[1];
    assert_eq!(refresh.request.url, "https://www.linkedin.com/oauth/v2/accessToken");
    assert_eq!(refresh.sent_to, Some(format!("http://{}/oauth/v2/accessToken", server.address())));
    assert_eq!(end.unwrap().n_delivered, 1);
}

#[test]
fn faults_of_the_simulator_reach_a_client_over_http() {
    let config = Config::from_json(&json!({ "latency_ms": 0, "faults": [
        { "nth": [1], "fault": "truncated-body" },
        { "nth": [2], "fault": "connection-reset" },
        { "nth": [3], "status": 429, "headers": { "Retry-After": "1" }, "body": "slow down" },
    ] }));
    let answered = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&answered);
    let server = Server::start(config.unwrap(), 7, 0, move |answer| seen.lock().unwrap().push(answer.clone())).unwrap();
    let endpoint = format!("http://{}", server.address());
    let fields = json!({ "endpoint": endpoint, "pipeline": { "base_delay": "1ms", "jitter": 0 } });
    let (records, end) = run(pendo(fields));
    let kinds: Vec<_> = attempts(&records)
        .iter()
        .map(|attempt| attempt.exchanges[0].result.as_ref().map(|response| response.status).map_err(|fault| fault.kind))
        .collect();
    assert_eq!(kinds, [Err(FaultKind::TruncatedBody), Err(FaultKind::ConnectionReset), Ok(429), Ok(200)]);
    let limited = attempts(&records)[2].exchanges[0].result.as_ref().unwrap();
    assert_eq!((limited.headers.get("retry-after"), &limited.body), (Some("1"), &Body::Text("slow down".to_owned())));
    assert_eq!(end.unwrap().n_delivered, 1);
    let told: Vec<_> = answered.lock().unwrap().iter().map(|answer| answer.result).collect();
    assert_eq!(told, kinds, "who watches the server sees the same");
}

#[test]
fn real_hosts_are_not_asked_in_virtual_time() {
    let mut plan = pendo(json!({ "endpoint": "http://127.0.0.1:9" }));
    plan.clock = ClockKind::Virtual;
    assert!(matches!(run(plan).1, Err(RunError::NobodyInVirtualTime)));
}

#[test]
fn a_wrong_simulator_is_told_before_anything_happens() {
    let (records, end) = run(pendo(json!({ "simulator": { "pendoo": {} } })));
    assert_eq!(records, []);
    assert!(end.unwrap_err().to_string().starts_with("`simulator.pendoo` means nothing there"));
}

#[test]
fn many_seeds_give_the_same_whatever_the_number_of_threads() {
    let plan = pendo(json!({ "simulator": { "faults": [{ "chance": 0.4, "status": 503 }] } }));
    let measure = |n_threads| {
        let options = SeedsOptions {
            n_threads: NonZeroUsize::new(n_threads).unwrap(),
            ..SeedsOptions::new(sim::in_process, NonZeroU32::new(60).unwrap())
        };
        run_seeds(&plan, &options, &mut |_n_ended| ()).unwrap()
    };
    let one = measure(1);
    assert_eq!(one.runs().len(), 60);
    assert!(one.counts(Figure::Attempts).len() > 1, "seeds make a difference");
    assert_eq!(one, measure(4));
}
