//! Duplicates: every story that up to three attempts can have, against a model of a few lines; and the cases of the support
//! article and of the IETF draft on idempotency keys.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::sync::Arc;

use delivery_inspector::core::deduplication::LeftOut;
use delivery_inspector::core::names::{Decision, DuplicateOutcome};
use delivery_inspector::core::record::{Attempt, DuplicateMark, Outcome, Record};
use delivery_inspector::net::engine::{RunOptions, run_to_end};
use delivery_inspector::session::plan_file;
use delivery_inspector::sim;
use serde_json::{Map, Value, json};

fn event(message_id: &str, user: &str) -> Value {
    json!({
        "type": "track", "event": "Order Completed", "messageId": message_id, "userId": user,
        "timestamp": "2026-11-22T06:59:00Z", "properties": { "order_id": format!("order of {message_id}") },
    })
}

/// A destination function that calls an endpoint, with fields of its own.
fn function(fields: Value) -> Map<String, Value> {
    let (Value::Object(mut plan), Value::Object(fields)) = (
        json!({
            "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T07:00:00Z", "seed": 7,
            "destination": "destination-function", "action": "onEvent", "mode": "single",
            "settings": { "url": "https://orders.example.test/in" }, "events": [event("m1", "u1")],
            "pipeline": { "waits": ["1 min", "1 min"], "max_attempts": 3, "jitter": 0 },
            "simulator": { "latency_ms": 50 },
        }),
        fields,
    ) else {
        unreachable!()
    };
    plan.extend(fields);
    plan
}

fn run(plan: Map<String, Value>) -> Vec<Arc<Attempt>> {
    let plan = plan_file::from_source(plan, &|_| None).unwrap();
    let mut attempts = Vec::new();
    run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| {
        if let Record::Attempt(attempt) = record {
            attempts.push(attempt);
        }
    })
    .unwrap();
    attempts
}

fn marks(attempts: &[Arc<Attempt>]) -> Vec<Option<DuplicateOutcome>> {
    attempts.iter().map(|attempt| attempt.duplicate.as_ref().map(|mark| mark.outcome)).collect()
}

fn label(attempt: &Attempt) -> &str {
    attempt.duplicate.as_ref().and_then(|mark| mark.evidence["label"].as_str()).unwrap_or_default()
}

fn count(mark: &DuplicateMark, of: &str) -> u64 {
    mark.evidence[of].as_u64().unwrap()
}

/// What a request meets at the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Met {
    Success,
    Refused,
    ActedAndFailed,
    ActedAndSilent,
    Lost,
}

const ALL: [Met; 5] = [Met::Success, Met::Refused, Met::ActedAndFailed, Met::ActedAndSilent, Met::Lost];

impl Met {
    fn fault(self, nth: usize) -> Option<Value> {
        match self {
            Self::Success => None,
            Self::Refused => Some(json!({ "nth": [nth], "status": 503 })),
            Self::ActedAndFailed => Some(json!({ "nth": [nth], "status": 503, "acted": true })),
            Self::ActedAndSilent => Some(json!({ "nth": [nth], "fault": "connection-reset", "acted": true })),
            Self::Lost => Some(json!({ "nth": [nth], "fault": "connect-refused" })),
        }
    }

    fn acts(self) -> bool {
        matches!(self, Self::Success | Self::ActedAndFailed | Self::ActedAndSilent)
    }
}

/// What the model says of one attempt.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    outcome: DuplicateOutcome,
    acted: u64,
    acknowledged: u64,
}

/// Attempt after attempt: the receiver acts on each request that reaches it, or on the first one only.
fn model(story: [Met; 3], acts_once: bool) -> Vec<Said> {
    let (mut acted, mut acknowledged, mut said) = (0, 0, Vec::new());
    for met in story {
        let before = acted;
        let acts_now = met.acts() && !(acts_once && acted > 0);
        acted += u64::from(acts_now);
        acknowledged = acted.min(acknowledged + u64::from(met == Met::Success));
        let outcome = match (acts_now, met) {
            (true, _) if before > 0 => DuplicateOutcome::DeliveredTwice,
            (true, Met::ActedAndSilent) => DuplicateOutcome::Ambiguous,
            (false, _) if before > 0 => DuplicateOutcome::Suppressed,
            _ => DuplicateOutcome::First,
        };
        said.push(Said { outcome, acted, acknowledged });
        if met == Met::Success {
            break;
        }
    }
    said
}

#[test]
fn every_story_of_three_attempts_is_told_as_a_model_tells_it() {
    let ways: [(Value, Value, bool); 3] = [
        (json!("none"), json!({}), false),
        (json!("idempotency-key"), json!({ "idempotency_key": "required" }), true),
        (json!("receiver-unique-key"), json!({ "unique": true }), true),
    ];
    let mut n_stories = 0;
    for (strategy, receiver, acts_once) in &ways {
        for story in ALL.iter().flat_map(|a| ALL.iter().flat_map(|b| ALL.iter().map(|c| [*a, *b, *c]))) {
            let faults: Vec<Value> = (1..).zip(story).filter_map(|(nth, met)| met.fault(nth)).collect();
            let simulator = json!({ "latency_ms": 50, "faults": faults, "receiver": receiver });
            let attempts = run(function(json!({ "deduplication": strategy, "simulator": simulator })));
            let expected = model(story, *acts_once);
            assert_eq!(attempts.len(), expected.len(), "{strategy} {story:?}");
            for (attempt, said) in attempts.iter().zip(&expected) {
                let mark = attempt.duplicate.as_ref();
                assert_eq!(mark.map(|mark| mark.outcome), Some(said.outcome), "{strategy} {story:?} {said:?}");
                let mark = mark.unwrap();
                assert_eq!((count(mark, "acted"), count(mark, "acknowledged")), (said.acted, said.acknowledged));
                assert_eq!(mark.evidence["known_from"], "simulator");
                assert!(said.acted >= said.acknowledged, "nobody acknowledges what was not done");
                if *acts_once && attempt.verdict.decision == Decision::Delivered {
                    assert_eq!((said.acted, said.acknowledged), (1, 1), "exactly once means all ones");
                }
                let is_repeated =
                    matches!(mark.outcome, DuplicateOutcome::DeliveredTwice | DuplicateOutcome::Suppressed);
                let first = expected.iter().position(|said| said.acted > 0).map_or(0, |place| place + 1);
                assert_eq!(mark.of, is_repeated.then(|| format!("a{first}").into()), "{strategy} {story:?}");
            }
            n_stories += 1;
        }
    }
    assert_eq!(n_stories, 375);
}

#[test]
fn without_a_strategy_only_duplicates_are_told() {
    let faults = |acted| json!({ "faults": [{ "nth": [1], "status": 503, "acted": acted }] });
    let once = run(function(json!({ "simulator": faults(false) })));
    assert_eq!(marks(&once), [None, None]);
    let twice = run(function(json!({ "simulator": faults(true) })));
    assert_eq!(marks(&twice), [None, Some(DuplicateOutcome::DeliveredTwice)]);
    assert_eq!(label(&twice[1]), "acted again after a failure");
}

/// The support article: the check reads a trait, the endpoint acts, the trait is written, and a later call fails.
fn article(strategy: &Value, receiver: &Value) -> Vec<Arc<Attempt>> {
    run(function(json!({
        "settings": {
            "url": "https://orders.example.test/in", "follow_up_url": "https://crm.example.test/sync",
        },
        "deduplication": strategy,
        // The second call of the first two attempts fails.
        "simulator": {
            "latency_ms": 50, "receiver": receiver,
            "faults": [{ "on": "receiver", "nth": [2, 4], "status": 500 }],
        },
    })))
}

#[test]
fn a_check_against_a_trait_lets_the_retry_through_and_fires_too_late() {
    // F163
    let attempts = article(&json!({ "strategy": "profile-trait", "staleness": "90 s" }), &json!({}));
    let decisions: Vec<Decision> = attempts.iter().map(|attempt| attempt.verdict.decision).collect();
    assert_eq!(decisions, [Decision::Retry, Decision::Retry, Decision::Discard]);
    let expected = [DuplicateOutcome::First, DuplicateOutcome::DeliveredTwice, DuplicateOutcome::Suppressed].map(Some);
    assert_eq!(marks(&attempts), expected);
    assert_eq!(label(&attempts[1]), "duplicate: stale trait read");
    let stale = attempts[1].duplicate.as_ref().unwrap();
    assert_eq!(stale.of, Some("a1".into()));
    assert_eq!(stale.evidence["trait_read"], "stale: written, and not visible yet");
    let instant = |name: &str| -> delivery_inspector::core::time::Timestamp {
        stale.evidence[name].as_str().unwrap().parse().unwrap()
    };
    assert!(instant("trait_written_at") < instant("trait_read_at"));
    assert!(instant("trait_read_at") < instant("trait_visible_at"));
    assert_eq!(label(&attempts[2]), "late duplicate error");
    assert!(attempts[2].exchanges.is_empty(), "the check fired before anything was sent");
    let Outcome::Error(error) = &attempts[2].outcome else { panic!("{:?}", attempts[2].outcome) };
    assert_eq!(error.message, "Duplicate submission: Profile processed within last 30 days");
}

#[test]
fn a_trait_that_is_visible_in_time_stops_the_retry_and_hides_that_it_was_delivered() {
    let attempts = article(&json!({ "strategy": "profile-trait", "staleness": "30 s" }), &json!({}));
    assert_eq!(marks(&attempts), [DuplicateOutcome::First, DuplicateOutcome::Suppressed].map(Some));
    assert_eq!(label(&attempts[1]), "held back by the trait");
}

#[test]
fn a_trait_stops_another_order_of_the_same_person() {
    let attempts = run(function(json!({
        "deduplication": { "strategy": "profile-trait", "staleness": 0 },
        "simulator": { "latency_ms": 0 },
        "events": [event("m1", "u1"), event("m2", "u1"), event("m3", "u2")],
    })));
    let expected = [DuplicateOutcome::First, DuplicateOutcome::WronglySuppressed, DuplicateOutcome::First].map(Some);
    assert_eq!(marks(&attempts), expected);
}

#[test]
fn an_idempotency_key_saves_the_article_s_case() {
    // F164
    let strategy = json!({ "strategy": "idempotency-key", "key": "message-id-and-call" });
    let attempts = article(&strategy, &json!({ "idempotency_key": "required" }));
    let expected = [DuplicateOutcome::First, DuplicateOutcome::Suppressed, DuplicateOutcome::Suppressed].map(Some);
    assert_eq!(marks(&attempts), expected);
    assert_eq!(attempts[2].verdict.decision, Decision::Delivered);
    let key = attempts[1].exchanges[0].request.headers.get("idempotency-key");
    assert_eq!(key, Some("\"m1:onEvent\""));
    assert_eq!(attempts[1].exchanges[1].request.headers.get("idempotency-key"), Some("\"m1:followUp\""));
    let mark = attempts[2].duplicate.as_ref().unwrap();
    let replayed = mark.evidence["elements"].as_array().unwrap().iter();
    let mut orders = replayed.filter(|element| element["receiver"] == "https://orders.example.test/in");
    let order = orders.next().unwrap();
    assert_eq!((&order["acted"], &order["sent"], &order["acknowledged"]), (&json!(1), &json!(3), &json!(1)));
}

#[test]
fn keys_are_refused_as_the_draft_says() {
    // F165: reuse 422, still running 409, missing 400.
    let one_key_for_two_calls = run(function(json!({
        "settings": {
            "url": "https://orders.example.test/in", "follow_up_url": "https://crm.example.test/sync",
        },
        "deduplication": "idempotency-key", "simulator": { "receiver": { "idempotency_key": "honoured" } },
    })));
    assert_eq!(marks(&one_key_for_two_calls), [Some(DuplicateOutcome::WronglySuppressed)]);
    assert_eq!(label(&one_key_for_two_calls[0]), "key reuse with different payload (422)");

    let running = run(function(json!({
        "settings": {
            "url": "https://orders.example.test/in",
            "rules": [{ "status": "2xx", "result": "success" }, { "status": [409, "5xx"], "result": "RetryError" },
                { "network": "any", "result": "RetryError" }],
        },
        "deduplication": "idempotency-key",
        "simulator": {
            "receiver": { "idempotency_key": "honoured", "acting_ms": 90_000 },
            "faults": [{ "nth": [1], "fault": "connection-reset", "acted": true }],
        },
    })));
    let labels: Vec<&str> = running.iter().map(|attempt| label(attempt)).collect();
    assert_eq!(
        labels,
        ["ambiguous (no answer after sending)", "in-flight conflict (409)", "safe replay (same key, same result)"]
    );

    let mut without_id = event("m1", "u1");
    without_id.as_object_mut().unwrap().shift_remove("messageId");
    let missing = run(function(json!({
        "deduplication": "idempotency-key", "events": [without_id],
        "simulator": { "receiver": { "idempotency_key": "required" } },
    })));
    assert_eq!(label(&missing[0]), "key missing (400)");
    assert_eq!(missing[0].verdict.decision, Decision::Discard);
}

#[test]
fn ingest_drops_by_the_id_alone() {
    // F166
    let mut other = event("m1", "u1");
    other["properties"]["order_id"] = json!("another order");
    let attempts = run(function(json!({
        "deduplication": { "strategy": "message-id", "window": "24 h" },
        "events": [event("m1", "u1"), event("m1", "u1"), other, event("m2", "u1")],
    })));
    let told: Vec<_> = attempts.iter().map(|attempt| (attempt.events[0].as_str(), attempt.verdict.decision)).collect();
    let (filtered, delivered) = (Decision::Filtered, Decision::Delivered);
    assert_eq!(told, [("e2", filtered), ("e3", filtered), ("e1", delivered), ("e4", delivered)]);
    assert_eq!(&*attempts[0].verdict.rule, "INGEST-DUPLICATE");
    let expected = [
        Some(DuplicateOutcome::Suppressed),
        Some(DuplicateOutcome::WronglySuppressed),
        Some(DuplicateOutcome::First),
        Some(DuplicateOutcome::First),
    ];
    assert_eq!(marks(&attempts), expected);
}

#[test]
fn ingest_cannot_stop_a_retry() {
    let attempts = run(function(json!({
        "deduplication": "message-id", "simulator": { "faults": [{ "nth": [1], "status": 503, "acted": true }] },
    })));
    let expected = [DuplicateOutcome::First, DuplicateOutcome::DeliveredTwice].map(Some);
    assert_eq!(marks(&attempts), expected);
}

#[test]
fn a_batch_that_is_put_together_anew_has_another_key() {
    let results = json!([{ "status": 200 }, { "status": 503, "errormessage": "later" }]);
    let attempts = run(function(json!({
        "mode": "batch", "events": [event("m1", "u1"), event("m2", "u2")], "deduplication": "idempotency-key",
        "simulator": { "receiver": { "idempotency_key": "honoured", "body": results } },
    })));
    let keys: Vec<_> =
        attempts.iter().map(|attempt| attempt.exchanges[0].request.headers.get("idempotency-key").unwrap()).collect();
    assert!(keys[0].starts_with("\"batch-") && keys[1] == "\"m2\"", "{keys:?}");
    let mark = attempts[1].duplicate.as_ref().unwrap();
    assert_eq!((mark.outcome, count(mark, "acted")), (DuplicateOutcome::DeliveredTwice, 2));
    assert_eq!(mark.evidence["message_id"], "m2");
    let elements = attempts[0].duplicate.as_ref().unwrap().evidence["elements"].as_array().unwrap();
    assert_eq!(elements.len(), 2, "an account for each member");
    let told = elements.iter().map(|element| (&element["acted"], &element["acknowledged"]));
    let told: Vec<_> = told.map(|(acted, acknowledged)| (acted.as_u64(), acknowledged.as_u64())).collect();
    assert_eq!(told, [(Some(1), Some(1)), (Some(1), Some(0))], "the answer took one of them and refused the other");
}

#[test]
fn linkedin_counts_a_conversion_with_the_same_event_id_once() {
    let plan = json!({
        "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T07:00:00Z", "seed": 7,
        "destination": "linkedin-conversions", "action": "streamConversion", "mode": "single",
        "auth": { "access_token": "t", "refresh_token": "r", "client_id": "c", "client_secret": "s" },
        "mapping": { "onMappingSave": { "inputs": {}, "outputs": { "id": "conv_9" } } },
        "events": [{
            "type": "track", "event": "Purchase", "messageId": "m1", "userId": "u1", "timestamp": "2026-11-20T10:00:00.000Z",
            "traits": { "email": "ada@example.test" }, "properties": { "currency": "USD", "revenue": 12.5 },
        }],
        "deduplication": "linkedin-event-id",
        "pipeline": { "waits": ["1 min"], "max_attempts": 2, "jitter": 0 },
        "simulator": { "faults": [{ "on": "linkedin.conversions", "nth": [1], "status": 504, "acted": true }] },
    });
    let Value::Object(plan) = plan else { unreachable!() };
    let attempts = run(plan);
    assert_eq!(marks(&attempts), [DuplicateOutcome::First, DuplicateOutcome::Suppressed].map(Some));
}

#[test]
fn a_wrong_strategy_says_what_there_is() {
    for (deduplication, words) in [
        (json!("magic"), "`deduplication` is \"magic\"; it must be one of none, message-id, profile-trait"),
        (json!({ "strategy": "magic" }), "`deduplication.strategy` is \"magic\""),
        (json!(7), "`deduplication` must be an object with `strategy`, or one of none"),
        (json!({ "window": 5 }), "`deduplication.strategy` is missing"),
        (json!({ "strategy": "message-id", "window": "soon" }), "`deduplication.window` is \"soon\""),
        (json!({ "strategy": "profile-trait", "stale": 5 }), "`deduplication.stale` means nothing"),
        (json!({ "strategy": "idempotency-key", "key": "uuid" }), "`deduplication.key` is \"uuid\""),
        (json!({ "strategy": "idempotency-key", "header": "a b" }), "`deduplication.header` is \"a b\""),
        (json!("linkedin-event-id"), "only linkedin-conversions can do"),
    ] {
        let error = plan_file::from_source(function(json!({ "deduplication": deduplication })), &|_| None).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn the_mark_of_a_large_batch_lists_the_worst_and_counts_the_rest() {
    let events: Vec<Value> = (0..500).map(|number| event(&format!("m{number}"), &format!("u{number}"))).collect();
    let status = |number: usize| json!({ "status": if number.is_multiple_of(100) { 503 } else { 200 } });
    let partly = json!({ "status": 200, "body": (0..500).map(status).collect::<Vec<_>>() });
    let mut plan = function(json!({
        "mode": "batch", "events": events, "deduplication": "idempotency-key",
        "responses": [partly, { "status": 200, "body": vec![json!({ "status": 200 }); 5] }],
    }));
    plan.shift_remove("simulator");
    let attempts = run(plan);
    let evidence = &attempts[0].duplicate.as_ref().unwrap().evidence;
    let listed = evidence["elements"].as_array().unwrap();
    assert_eq!((listed.len(), LeftOut::read(evidence).to_string()), (100, "and 400 more: 400 first".to_owned()));
    let n_listed_and_left_out = listed.len() as u64 + evidence["elements_left_out"]["first"].as_u64().unwrap();
    assert_eq!(n_listed_and_left_out, 500);
    let few = &attempts[1].duplicate.as_ref().unwrap().evidence;
    assert_eq!((few["elements"].as_array().unwrap().len(), few.get("elements_left_out")), (5, None));
}

#[test]
fn of_a_large_batch_that_comes_again_what_was_done_twice_is_listed_first() {
    let mut events: Vec<Value> = (0..300).map(|number| event(&format!("m{number}"), &format!("u{number}"))).collect();
    let mut repeated = event("m250", "u250");
    repeated["properties"]["order_id"] = json!("another");
    events[0] = repeated;
    let attempts = run(function(json!({
        "mode": "batch", "batching": { "max_size": 300 }, "deduplication": "none",
        "events": events,
    })));
    let twice = attempts.iter().find_map(|it| it.duplicate.as_ref()).unwrap();
    assert_eq!(twice.outcome, DuplicateOutcome::DeliveredTwice);
    let outcomes = twice.evidence["elements"].as_array().unwrap().iter().map(|element| &element["outcome"]);
    assert_eq!(outcomes.clone().count(), 100);
    assert_eq!(outcomes.filter(|outcome| *outcome == "delivered-twice").count(), 1, "the worst is among them");
}
