//! Batches: what is to be retried of a bulk batch is sent again by itself, what is to be retried of a stream's batch joins
//! other events, and every event can be followed through the batches that carried it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use delivery_inspector::core::batching::{Members, decisions};
use delivery_inspector::core::names::{Decision, EventId, Trigger};
use delivery_inspector::core::record::{Attempt, Record};
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::net::engine::{RunOptions, RunSummary, run_to_end};
use delivery_inspector::session::plan_file;
use delivery_inspector::sim;
use serde_json::{Value, json};

const BEGIN: &str = "2026-11-22T07:00:00.000Z";

fn event(number: usize, received_at: &str) -> Value {
    json!({
        "type": "track", "event": "Form Submitted", "messageId": format!("m{number}"), "userId": format!("u{number}"),
        "receivedAt": received_at, "properties": {},
    })
}

fn events(n: usize) -> Vec<Value> {
    (1..=n).map(|number| event(number, BEGIN)).collect()
}

/// A function that takes batches; retries come after a minute.
fn run(fields: &Value) -> (Vec<Arc<Attempt>>, RunSummary) {
    let mut plan = json!({
        "format": "delivery-plan", "version": 1, "start_at": BEGIN, "seed": 7,
        "destination": "destination-function", "action": "onEvent", "mode": "batch",
        "settings": { "url": "https://receiver.test/batch" },
        "pipeline": { "max_attempts": 3, "base_delay": "1 min", "max_delay": "1 min", "jitter": 0 },
    });
    plan.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let plan = plan_file::from_source(plan.as_object().unwrap().clone(), &|_| None).unwrap();
    let mut attempts = Vec::new();
    let summary = run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| {
        if let Record::Attempt(attempt) = record {
            attempts.push(attempt);
        }
    });
    (attempts, summary.unwrap())
}

fn carried(attempts: &[Arc<Attempt>]) -> Vec<String> {
    let ids = |attempt: &Arc<Attempt>| attempt.events.iter().map(EventId::as_str).collect::<Vec<_>>().join(" ");
    attempts.iter().map(|attempt| format!("{} {}: {}", attempt.delivery, attempt.number, ids(attempt))).collect()
}

/// An answer with a status for each event.
fn results(statuses: &[u16]) -> Value {
    let results: Vec<Value> = statuses.iter().map(|status| json!({ "status": status })).collect();
    json!({ "status": 200, "body": results })
}

fn seconds_in(at: Timestamp) -> u64 {
    at.since(BEGIN.parse().unwrap()).as_secs()
}

#[test]
fn a_bulk_batch_keeps_its_members() {
    let (attempts, summary) = run(&json!({
        "events": events(5), "batching": { "max_size": 3 },
        "responses": [results(&[200, 503, 200]), results(&[503, 200]), results(&[200]), results(&[200])],
    }));
    assert_eq!(carried(&attempts), ["d1 1: e1 e2 e3", "d2 1: e4 e5", "d1 2: e2", "d2 2: e4"]);
    assert_eq!((summary.n_deliveries, summary.n_delivered), (2, 5));
    assert!(attempts.iter().all(|attempt| Members::of(attempt) == Members::default()));
}

#[test]
fn what_is_retried_of_a_stream_joins_what_else_is_due() {
    let mut events = events(4);
    events.push(event(5, "2026-11-22T07:01:00.000Z"));
    let (attempts, summary) = run(&json!({
        "events": events, "batching": { "kind": "stream", "max_size": 3, "max_wait": "10s" },
        "responses": [results(&[200, 503, 200]), results(&[503]), results(&[200, 200, 503]), results(&[200])],
    }));
    assert_eq!(carried(&attempts), ["d1 1: e1 e2 e3", "d2 1: e4", "d3 1: e2 e5 e4", "d4 1: e4"]);
    assert_eq!((summary.n_deliveries, summary.n_delivered, summary.n_unfinished), (4, 5, 0));
    let starts: Vec<u64> = attempts.iter().map(|attempt| seconds_in(attempt.started_at)).collect();
    // e4 fills no batch and waits for ten seconds; e2 is due after 60, e4 after 70, where the batch is full.
    assert_eq!(starts, [0, 10, 70, 140]);
    assert_eq!(
        attempts.iter().map(|attempt| attempt.trigger).collect::<Vec<_>>(),
        [Trigger::First, Trigger::First, Trigger::Retry, Trigger::Retry]
    );

    let first = Members::of(&attempts[0]);
    assert_eq!(first.goes_on.iter().map(|(id, due)| (id.as_str(), seconds_in(*due))).collect::<Vec<_>>(), [("e2", 60)]);
    assert!(
        attempts[0]
            .verdict
            .reason
            .ends_with("1 event goes back to the queue, due from 2026-11-22T07:01:00.000Z on, to join another batch.")
    );
    let third = Members::of(&attempts[2]);
    let came_from = third.came_from.iter().map(|(id, from)| (id.as_str(), from.as_str()));
    assert_eq!(came_from.collect::<Vec<_>>(), [("e2", "a1"), ("e4", "a2")]);
}

#[test]
fn a_batch_that_fails_as_a_whole_goes_back_event_by_event() {
    let (attempts, summary) = run(&json!({
        "events": events(2), "batching": { "kind": "stream", "max_size": 2 },
        "pipeline": { "max_attempts": 3, "base_delay": "1 min", "max_delay": "1 min", "jitter": 1 },
        "responses": [{ "status": 503 }, results(&[200]), results(&[200])],
    }));
    assert_eq!(attempts[0].verdict.decision, Decision::Retry);
    assert_eq!(attempts[0].verdict.next_attempt_at, None, "none of this delivery");
    assert_eq!(Members::of(&attempts[0]).goes_on.len(), 2);
    let later: BTreeSet<&str> = attempts[1..].iter().flat_map(|it| it.events.iter().map(EventId::as_str)).collect();
    assert_eq!((later, summary.n_delivered), (BTreeSet::from(["e1", "e2"]), 2));
}

#[test]
fn each_event_has_its_own_limit() {
    let late = event(2, "2026-11-22T07:02:00.000Z");
    let (attempts, summary) = run(&json!({
        "events": [event(1, BEGIN), late], "batching": { "kind": "stream", "max_size": 2, "max_wait": 0 },
        "responses": [{ "status": 503 }, { "status": 503 }, { "status": 503 }, { "status": 503 }, results(&[200])],
    }));
    assert_eq!(carried(&attempts), ["d1 1: e1", "d2 1: e1", "d3 1: e1 e2", "d4 1: e2", "d5 1: e2"]);
    let third = &attempts[2];
    assert_eq!(decisions(third), [Decision::Discard, Decision::Retry], "three tries for e1, one for e2");
    assert_eq!(third.verdict.decision, Decision::Retry);
    assert_eq!((summary.n_discarded, summary.n_delivered, summary.n_unfinished), (1, 1, 0));

    let (attempts, summary) = run(&json!({ "events": events(1), "batching": { "kind": "stream" }, "responses": [
            results(&[503]), results(&[503]), results(&[503]),
        ] }));
    let last = attempts.last().unwrap();
    assert_eq!((&*last.verdict.rule, last.verdict.decision), ("POLICY-ATTEMPTS-USED-UP", Decision::Discard));
    assert_eq!((decisions(last), summary.n_discarded), (vec![Decision::Discard], 1));
}

/// Whatever the receiver does, each event is followed from its first batch to its end without a gap.
#[test]
fn every_event_can_be_followed_through_its_batches() {
    let simulator = json!({
        "latency_ms": [20, 900],
        "faults": [
            { "chance": 0.3, "status": 503 },
            { "chance": 0.1, "fault": "connection-reset", "acted": true },
        ],
    });
    let plan = |seed: u64| {
        json!({
            "seed": seed, "events": events(60), "simulator": simulator,
            "batching": { "kind": "stream", "max_size": 7, "max_wait": "5s" },
            "pipeline": { "max_attempts": 5, "base_delay": "20s", "max_delay": "2 min", "jitter": 1 },
        })
    };
    let (mut n_mixed, mut n_retried) = (0, 0);
    for seed in 0..20 {
        let (attempts, summary) = run(&plan(seed));
        let mut last: BTreeMap<&EventId, &Attempt> = BTreeMap::new();
        for attempt in &attempts {
            let members = Members::of(attempt);
            assert!(attempt.events.len() <= 7 && attempt.number == 1);
            for (event, decision) in attempt.events.iter().zip(decisions(attempt)) {
                let before = last.insert(event, attempt);
                assert_eq!(members.came_from.get(event), before.map(|before| &before.id), "seed {seed}, {event}");
                let due = before.map(|before| Members::of(before).goes_on[event]);
                assert!(due.is_none_or(|due| due <= attempt.started_at), "seed {seed}, {event}");
                assert_eq!(members.goes_on.contains_key(event), decision == Decision::Retry, "seed {seed}, {event}");
            }
            let sources: BTreeSet<_> = attempt.events.iter().map(|event| members.came_from.get(event)).collect();
            n_mixed += usize::from(sources.len() > 1);
            n_retried += usize::from(attempt.trigger == Trigger::Retry);
        }
        assert!(last.values().all(|attempt| !decisions(attempt).is_empty()) && last.len() == 60);
        assert_eq!(summary.n_delivered + summary.n_discarded, 60, "seed {seed}");
        assert_eq!(run(&plan(seed)).0, attempts, "the same seed, the same batches");
    }
    assert!(n_mixed > 50 && n_retried > 100, "{n_mixed} of {n_retried} retried batches are of several origins");
}

#[test]
fn a_batch_that_is_formed_anew_has_another_key_and_the_ledger_shows_what_that_does() {
    let (attempts, _) = run(&json!({
        "events": events(3), "batching": { "kind": "stream", "max_size": 2, "max_wait": "1s" },
        "deduplication": "idempotency-key",
        "simulator": {
            "latency_ms": 50, "receiver": { "idempotency_key": "honoured" },
            "faults": [{ "nth": [1], "fault": "connection-reset", "acted": true }, { "nth": [2], "status": 503 }],
        },
    }));
    assert_eq!(carried(&attempts), ["d1 1: e1 e2", "d2 1: e3", "d3 1: e1 e2", "d4 1: e3"]);
    let keys: Vec<_> =
        attempts.iter().map(|it| it.exchanges[0].request.headers.get("idempotency-key").unwrap()).collect();
    assert_eq!(keys[0], keys[2], "the same two events, the same key: nothing is done twice");
    let told = |attempt: &Attempt| attempt.duplicate.as_ref().unwrap().outcome.name();
    assert_eq!(attempts.iter().map(|it| told(it)).collect::<Vec<_>>(), ["ambiguous", "first", "suppressed", "first"]);

    let (attempts, _) = run(&json!({
        "events": [event(1, BEGIN), event(2, BEGIN), event(3, "2026-11-22T07:01:01.000Z")],
        "batching": { "kind": "stream", "max_size": 3, "max_wait": "1s" }, "deduplication": "idempotency-key",
        "simulator": {
            "latency_ms": 50, "receiver": { "idempotency_key": "honoured" },
            "faults": [{ "nth": [1], "fault": "connection-reset", "acted": true }],
        },
    }));
    assert_eq!(carried(&attempts), ["d1 1: e1 e2", "d2 1: e3 e1 e2"]);
    assert_eq!(told(&attempts[1]), "delivered-twice", "with e3 in it the batch has another key");
    let evidence = &attempts[1].duplicate.as_ref().unwrap().evidence;
    assert_eq!((&evidence["label"], &evidence["message_id"]), (&json!("acted again under another key"), &json!("m1")));
    let key = attempts[0].exchanges[0].request.headers.get("idempotency-key").unwrap();
    assert_eq!(evidence["first_key"], key);
}
