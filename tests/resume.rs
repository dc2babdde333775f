//! A run that goes on where another one was cut off: the same attempts as if nothing had happened.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::sync::Arc;

use delivery_inspector::core::abandoned::abandon;
use delivery_inspector::core::batching::Members;
use delivery_inspector::core::names::{Decision, EventId, Trigger};
use delivery_inspector::core::pending::Unfinished;
use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::{Attempt, Record, SessionHeader};
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::net::engine::{RunError, RunOptions, run_to_end};
use delivery_inspector::session::plan_file;
use delivery_inspector::sim;
use serde_json::{Value, json};

#[path = "shared/visitors.rs"]
mod visitors;

use visitors::visitor;

fn plan(fields: &Value) -> Plan {
    let mut all = json!({ "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T07:00:00Z", "seed": 7 });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let Value::Object(all) = all else { unreachable!() };
    plan_file::from_source(all, &|_| None).unwrap()
}

fn pendo(fields: &Value) -> Plan {
    let events: Vec<Value> = ["u1", "u2", "u3", "u4"].map(|who| visitor(who, true)).to_vec();
    let mut all = json!({
        "destination": "pendo-audiences", "action": "syncAudience", "mode": "single", "events": events,
        "settings": { "integrationKey": "key", "region": "US" }, "pipeline": { "base_delay": "1m", "jitter": 0.5 },
    });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    plan(&all)
}

fn busy() -> Value {
    json!({ "status": 409, "body": "busy" })
}

fn took(n_visitors: usize) -> Value {
    let operations = vec![json!({ "operation": "add", "status": 200 }); n_visitors];
    json!({ "status": 200, "body": { "multistatus": operations } })
}

/// Runs a plan, from the beginning or from what `before` left.
fn run(plan: Plan, before: Option<&[Record]>) -> (Vec<Record>, Result<(), RunError>) {
    let mut records = before.map(<[Record]>::to_vec).unwrap_or_default();
    let unfinished = before.map(|before| Arc::new(Unfinished::of(before.iter().cloned())));
    let options = RunOptions { going_on: unfinished, ..RunOptions::new(sim::in_process) };
    let end = run_to_end(plan, &options, &mut |record| records.push(record));
    (records, end.map(|_| ()))
}

fn attempts(records: &[Record]) -> Vec<&Attempt> {
    let mut attempts = Vec::new();
    for record in records {
        if let Record::Attempt(attempt) = record {
            attempts.push(&**attempt);
        }
    }
    attempts
}

/// Which delivery, which attempt of it, who it carried, what was decided, and when the next one was to be.
fn story(records: &[Record]) -> Vec<(String, u32, String, Decision, String)> {
    let row = |attempt: &&Attempt| {
        let events: Vec<&str> = attempt.events.iter().map(EventId::as_str).collect();
        let next = attempt.verdict.next_attempt_at.map(|at| at.to_string()).unwrap_or_default();
        (attempt.delivery.to_string(), attempt.number, events.join(" "), attempt.verdict.decision, next)
    };
    attempts(records).iter().map(row).collect()
}

/// Runs a plan as a whole, and once more cut off after so many answers and gone on with.
fn in_one_and_in_two(fields: &Value, responses: &[Value], n_before: usize) -> [Vec<Record>; 2] {
    let with = |responses: &[Value]| {
        let mut fields = fields.clone();
        fields["responses"] = json!(responses);
        pendo(&fields)
    };
    let (whole, end) = run(with(responses), None);
    end.unwrap();
    let (first, broke_off) = run(with(&responses[..n_before]), None);
    assert!(matches!(broke_off, Err(RunError::Transport(_))), "the script is used up, and the run is cut off");
    let (both, end) = run(with(responses), Some(&first));
    end.unwrap();
    [whole, both]
}

#[test]
fn deliveries_that_waited_and_events_that_were_never_tried_end_as_if_nothing_had_happened() {
    let responses = [busy(), busy(), took(1), busy(), busy(), took(1), took(1), took(1)];
    for n_before in 1..7 {
        let [whole, both] = in_one_and_in_two(&json!({}), &responses, n_before);
        let ends = |records: &[Record]| {
            let mut ends: Vec<_> = story(records).into_iter().filter(|row| row.3 != Decision::Retry).collect();
            ends.sort();
            ends
        };
        assert_eq!(ends(&whole).len(), 4);
        assert_eq!(ends(&both).iter().map(|end| &end.2).collect::<Vec<_>>(), ["e1", "e2", "e3", "e4"]);
        assert!(ends(&both).iter().all(|end| end.3 == Decision::Delivered), "{n_before}");
        let names: Vec<String> = attempts(&both).iter().map(|attempt| attempt.id.to_string()).collect();
        assert_eq!(names, (1..=names.len()).map(|number| format!("a{number}")).collect::<Vec<_>>());
        for after in attempts(&both) {
            let is_before = |it: &&Attempt| it.delivery == after.delivery && it.number + 1 == after.number;
            let Some(before) = attempts(&both).into_iter().find(is_before) else { continue };
            assert_eq!((after.trigger, &before.events), (Trigger::Retry, &after.events));
            assert!(after.started_at >= before.verdict.next_attempt_at.unwrap());
        }
    }
}

#[test]
fn the_policy_counts_attempts_and_hours_from_the_first_one() {
    let fields = json!({ "events": [visitor("u1", true)], "pipeline": { "base_delay": "1m", "jitter": 0.5, "max_attempts": 3 } });
    let [whole, both] = in_one_and_in_two(&fields, &[busy(), busy(), busy()], 1);
    assert_eq!(story(&whole), story(&both), "the same waits, drawn from the same seed, and the same end");
    assert_eq!(&*attempts(&both)[2].verdict.rule, "POLICY-ATTEMPTS-USED-UP");
}

#[test]
fn of_a_batch_only_what_is_to_be_retried_is_gone_on_with() {
    let partly = json!({ "status": 200, "body": { "multistatus": [{ "operation": "add", "status": 503 }] } });
    let fields = json!({ "mode": "batch" });
    let [whole, both] = in_one_and_in_two(&fields, &[partly, took(1)], 1);
    assert_eq!(story(&whole), story(&both));
}

/// Where each event of each batch came from.
fn came_from(records: &[Record]) -> Vec<Vec<(String, String)>> {
    let of_batch = |attempt: &&Attempt| {
        let members = Members::of(attempt).came_from;
        members.into_iter().map(|(event, from)| (event.to_string(), from.to_string())).collect()
    };
    attempts(records).iter().map(of_batch).collect()
}

#[test]
fn a_stream_goes_on_as_if_nothing_had_happened() {
    let fields = json!({ "mode": "batch", "batching": { "kind": "stream", "max_size": 2 } });
    let responses = [busy(), took(1), busy(), took(1), took(1)];
    for n_before in 1..5 {
        let [whole, both] = in_one_and_in_two(&fields, &responses, n_before);
        assert_eq!(story(&whole), story(&both), "{n_before}");
        assert_eq!(came_from(&whole), came_from(&both), "{n_before}");
        assert_eq!(attempts(&both).len(), 5);
        let starts = |records: &[Record]| attempts(records).iter().map(|it| it.started_at).collect::<Vec<_>>();
        assert_eq!(starts(&whole), starts(&both), "the same waits, drawn from the same seed");
    }
}

/// A stream of batches of two, three events in all.
fn stream(responses: &[Value]) -> Plan {
    let event = |number: u32| json!({ "type": "track", "event": "Form Submitted", "messageId": format!("m{number}"), "properties": {} });
    plan(&json!({
        "destination": "destination-function", "action": "onEvent", "mode": "batch",
        "batching": { "kind": "stream", "max_size": 2, "max_wait": "1s" }, "events": [event(1), event(2), event(3)],
        "settings": { "url": "https://receiver.test/batch" }, "responses": responses,
        "pipeline": { "base_delay": "1m", "jitter": 0.5, "max_attempts": 4 },
    }))
}

#[test]
fn events_of_a_stream_that_waited_join_the_next_batch() {
    let responses = [
        json!({ "status": 503 }),
        json!({ "status": 200 }),
        json!({ "status": 503 }),
        json!({ "status": 200 }),
        json!({ "status": 200 }),
    ];
    let (whole, end) = run(stream(&responses), None);
    end.unwrap();
    for n_before in 1..3 {
        let (first, broke_off) = run(stream(&responses[..n_before]), None);
        assert!(broke_off.is_err(), "the script is used up");
        let unfinished = Unfinished::of(first.iter().cloned());
        assert_eq!((unfinished.deliveries.len(), unfinished.queued.len()), (0, 2), "a stream waits event by event");
        let (both, end) = run(stream(&responses), Some(&first));
        end.unwrap();
        assert!(Unfinished::of(both.iter().cloned()).is_empty(), "{n_before}");
        let delivered = |records: &[Record]| {
            let all = attempts(records);
            let last = all.iter().rev().filter(|attempt| attempt.verdict.decision == Decision::Delivered);
            let mut events: Vec<String> = last.flat_map(|attempt| &attempt.events).map(ToString::to_string).collect();
            events.sort();
            events
        };
        assert_eq!(delivered(&both), ["e1", "e2", "e3"]);
        assert_eq!(delivered(&both), delivered(&whole));
        let resumed = &attempts(&both)[attempts(&first).len()..];
        let retried = resumed.iter().find(|attempt| attempt.trigger == Trigger::Retry).unwrap();
        assert!(retried.verdict.facts["came_from"].as_object().unwrap().values().any(|from| from == "a1"));
    }
}

#[test]
fn what_a_stream_that_was_gone_on_with_has_left_again_is_given_up_event_by_event() {
    let busy = json!({ "status": 503 });
    let (first, broke_off) = run(stream(std::slice::from_ref(&busy)), None);
    assert!(broke_off.is_err(), "the script is used up");
    let (second, broke_off) = run(stream(&[busy.clone(), busy]), Some(&first));
    assert!(broke_off.is_err() && second.len() > first.len(), "it was gone on with, and cut off again");
    let unfinished = Unfinished::of(second.iter().cloned());
    assert!(unfinished.deliveries.is_empty() && unfinished.queued.len() >= 2, "a batch waits event by event");
    let left = unfinished.queued.iter().map(|queued| &queued.event).chain(&unfinished.untried);
    let mut waiting: Vec<String> = left.map(|event| event.id.to_string()).collect();
    waiting.sort();
    let header = SessionHeader::new("s", "s", Timestamp::EPOCH, "fired");
    let now = second.iter().fold(Timestamp::EPOCH, |latest, record| match record {
        Record::Attempt(attempt) => latest.max(attempt.ended_at),
        Record::Event(_) => latest,
    });
    let ends = abandon(&unfinished, &header, now);
    let mut ended: Vec<String> = attempts(&ends)
        .iter()
        .inspect(|end| assert_eq!(end.verdict.decision, Decision::Discard))
        .flat_map(|end| end.events.iter().map(ToString::to_string))
        .collect();
    ended.sort();
    assert_eq!(ended, waiting, "each of them once, and nothing else");
    let all: Vec<Record> = second.into_iter().chain(ends).collect();
    assert!(Unfinished::of(all.iter().cloned()).is_empty());
    let mut ids: Vec<String> = attempts(&all).iter().map(|attempt| attempt.id.to_string()).collect();
    let n_all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), n_all, "no attempt has the name of another one");
}

#[test]
fn a_session_that_is_over_leaves_nothing() {
    let (records, _) = run(pendo(&json!({ "responses": vec![took(1); 4] })), None);
    let unfinished = Unfinished::of(records.iter().cloned());
    assert!(unfinished.is_empty() && unfinished.n_events() == 0);
    assert_eq!((unfinished.recorded.n_attempts, unfinished.recorded.n_deliveries), (4, 4));
}

#[test]
fn new_tokens_are_generations_that_were_not_there_before() {
    let linkedin = |responses: &[Value]| {
        plan(&json!({
            "destination": "linkedin-audiences", "action": "updateAudience", "mode": "single",
            "settings": { "ad_account_id": "5", "send_email": true, "send_google_advertising_id": true },
            "auth": { "access_token": "old", "refresh_token": "r", "client_id": "c", "client_secret": "s" },
            "events": [{ "type": "track", "event": "Audience Entered", "messageId": "m-1", "userId": "u1",
                "timestamp": "2026-11-22T06:59:00Z", "properties": { "audience_key": "vip", "vip": true },
                "context": { "traits": { "email": "a@example.test" },
                    "personas": { "computation_class": "audience", "computation_key": "vip" } } }],
            "pipeline": { "base_delay": "1m", "jitter": 0 }, "responses": responses,
        }))
    };
    let rejected = || json!({ "status": 401, "body": { "serviceErrorCode": 65601 } });
    let token = |name: &str| json!({ "status": 200, "body": { "access_token": name } });
    let script = [rejected(), token("t2"), rejected(), token("t3"), rejected(), token("t4")];
    let (first, _) = run(linkedin(&script[..2]), None);
    let (both, _) = run(linkedin(&script[..4]), Some(&first));
    let tokens: Vec<_> = attempts(&both).iter().map(|it| it.token.unwrap()).collect();
    let pairs: Vec<_> = tokens.iter().map(|token| (token.generation_before, token.generation_after)).collect();
    assert_eq!(pairs, [(1, 2), (1, 3)], "the program kept no token, and asks for a third one");
}
