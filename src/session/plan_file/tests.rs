//! Plans as people write them: defaults, mistakes, secrets, scripts.
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{PlanError, add_events, from_source, read, to_text, unknown_fields};
use crate::core::http::{Body, FaultKind};
use crate::core::names::{ClockKind, DestinationName, Mode, RuleSetName};
use crate::core::pipeline::{Ends, Policy};
use crate::core::plan::{Plan, Remote};

fn no_variables(_: &str) -> Option<String> {
    None
}

fn variables(name: &str) -> Option<String> {
    (name == "KEY").then(|| "from-the-environment".to_owned())
}

/// The smallest plan, with fields laid over it; a null takes one away.
fn source(over: &Value) -> Map<String, Value> {
    let mut plan = json!({
        "format": "delivery-plan", "version": 1, "destination": "pendo-audiences", "action": "syncAudience",
        "mode": "single", "settings": {}, "events": [],
    });
    let fields = plan.as_object_mut().unwrap();
    for (key, value) in over.as_object().unwrap() {
        if value.is_null() {
            fields.shift_remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    fields.clone()
}

fn plan(over: &Value) -> Result<Plan, PlanError> {
    from_source(source(over), &variables)
}

#[test]
fn the_smallest_plan_has_every_default() {
    let plan = plan(&json!({"mode": null, "settings": null, "events": null})).unwrap();
    assert_eq!(plan.destination, DestinationName::PendoAudiences);
    assert_eq!((plan.mode, plan.seed, plan.rules), (Mode::Single, 0, RuleSetName::TokenPropagationRefresh));
    assert_eq!((plan.clock, &plan.remote), (ClockKind::Wall, &Remote::Real { endpoint: None }));
    assert_eq!(plan.pipeline, Policy::default());
    assert_eq!((plan.auth, plan.subscription, plan.start_at, plan.name), (None, None, None, None));
}

#[test]
fn the_clock_is_virtual_where_nobody_real_answers() {
    for (over, clock) in [
        (json!({"responses": []}), ClockKind::Virtual),
        (json!({"simulator": true}), ClockKind::Virtual),
        (json!({"simulator": "happy-path"}), ClockKind::Virtual),
        (json!({"simulator": {}, "clock": "wall"}), ClockKind::Wall),
        (json!({"endpoint": "http://127.0.0.1:1"}), ClockKind::Wall),
        (json!({"simulator": false}), ClockKind::Wall),
    ] {
        assert_eq!(plan(&over).unwrap().clock, clock, "{over}");
    }
}

#[test]
fn a_mistake_is_a_sentence_with_the_field_and_what_is_allowed() {
    for (over, said) in [
        (json!({"format": "plan"}), "`format` is \"plan\"; it must be \"delivery-plan\""),
        (json!({"version": 2}), "`version` is 2; this program reads version 1"),
        (
            json!({"destination": "pendo"}),
            "`destination` is \"pendo\"; it must be one of pendo-audiences, linkedin-audiences, linkedin-conversions, \
             destination-function",
        ),
        (json!({"action": null}), "`action` is missing; it must be text"),
        (json!({"mode": 1}), "`mode` is 1; it must be one of single, batch"),
        (json!({"seed": -4}), "`seed` is -4; it must be a whole number from 0 to 18446744073709551615"),
        (json!({"settings": []}), "`settings` is a list; it must be an object"),
        (json!({"auth": {"access_token": 1}}), "`auth.access_token` is 1; it must be text"),
        (json!({"events": [{}, "x"]}), "`events[1]` must be an object, a Segment event"),
        (
            json!({"clock": "virtual"}),
            "`clock` is \"virtual\", which needs `responses` or a `simulator`: real hosts answer in real time only",
        ),
        (
            json!({"responses": [], "simulator": {}}),
            "`simulator` cannot stand beside `responses`: one of them answers the requests; remove the other",
        ),
        (
            json!({"responses": [], "endpoint": "http://localhost"}),
            "`endpoint` cannot stand beside `responses`: one of them answers the requests; remove the other",
        ),
        (json!({"endpoint": "localhost:80"}), "`endpoint` must be a URL such as \"http://127.0.0.1:8080\""),
        (json!({"simulator": 3}), "`simulator` must be an object, the name of a preset, or true"),
        (
            json!({"responses": [{"status": 200}, {}]}),
            "`responses[1].status` is missing; it must be a status from 100 to 999, or there must be a `fault`",
        ),
        (json!({"responses": [{"status": 42}]}), "`responses[0].status` is 42; it must be from 100 to 999"),
        (
            json!({"responses": [{"fault": "explosion"}]}),
            "`responses[0].fault` is \"explosion\"; it must be one of timeout, connection-reset, connect-refused, dns, \
             tls, truncated-body",
        ),
        (
            json!({"responses": [{"fault": "dns", "status": 200}]}),
            "`responses[0].fault` cannot stand beside `status`: either a response comes or none",
        ),
        (
            json!({"responses": [{"status": 200, "delay_ms": -1}]}),
            "`responses[0].delay_ms` is -1; it must be a number of milliseconds, 0 or more",
        ),
        (
            json!({"pipeline": "svixx"}),
            "`pipeline` is \"svixx\"; it must be one of segment-destinations, segment-functions, rudderstack-router, \
             svix, no-retries, custom",
        ),
        (
            json!({"pipeline": {"max_attempts": 0}}),
            "`pipeline.max_attempts` is 0; it must be 1 or more, or null for no limit",
        ),
        (
            json!({"pipeline": {"waits": ["5s", -1]}}),
            "`pipeline.waits[1]` must be a number of seconds, or text such as \"500 ms\", \"30s\", \"5 min\" or \"4h\"",
        ),
        (
            json!({"pipeline": {"ends": "never"}}),
            "`pipeline.ends` is \"never\"; it must be one of first-limit, both-limits",
        ),
        (
            json!({"pipeline": {"preset": "svix", "waits": []}}),
            "`pipeline.base_delay` is 0, and without `max_attempts` that is trying at once for ever; give it a wait",
        ),
        (
            json!({"pipeline": {"base_delay": "soon"}}),
            "`pipeline.base_delay` is \"soon\"; it must be a number of seconds, or text such as \"500 ms\", \"30s\", \
             \"5 min\" or \"4h\"",
        ),
        (
            json!({"settings": {"deep": [{"key": "$env:GONE"}]}}),
            "`settings.deep[0].key` is read from the environment variable GONE, which is not set; set it and try again",
        ),
        (json!({"auth": {"client_id": "$env:"}}), "`auth.client_id` must name an environment variable behind `$env:`"),
    ] {
        assert_eq!(plan(&over).unwrap_err().to_string(), said, "{over}");
    }
}

#[test]
fn what_is_no_plan_is_told_apart_from_broken_json() {
    for (text, said) in [
        (
            "{\n  \"format\": \"delivery-plan\",\n  \"version\": 1,\n}",
            "it is not JSON: trailing comma at line 4, column 1",
        ),
        ("{\"format\":\"delivery-plan\"", "it is not JSON: EOF while parsing an object at line 1, column 25"),
        ("[]", "it is no delivery plan: it has no `format`, which must be \"delivery-plan\""),
        (
            "{\"type\":\"session\",\"id\":\"s\"}",
            "it is no delivery plan: it seems to be a session, which `delivery-inspector check` and `export` take",
        ),
        (
            "{\"type\":\"track\",\"messageId\":\"m\"}\n{\"type\":\"track\",\"messageId\":\"n\"}",
            "it is no delivery plan: it seems to hold Segment events, which `delivery-inspector import` and `run PLAN --events` take",
        ),
        ("{\"a\":1}", "it is no delivery plan: it has no `format`, which must be \"delivery-plan\""),
        ("7", "it is no delivery plan: it must be a JSON object"),
    ] {
        assert_eq!(read(text.as_bytes(), &no_variables).unwrap_err().to_string(), said, "{text}");
    }
}

#[test]
fn variables_are_resolved_in_the_plan_and_never_in_its_text() {
    let over = json!({
        "settings": {"integrationKey": "$env:KEY", "list": ["$env:KEY"], "plain": "say $env:KEY"},
        "auth": {"access_token": "$env:KEY", "other": "kept"},
    });
    let plan = plan(&over).unwrap();
    assert_eq!(plan.settings["integrationKey"], "from-the-environment");
    assert_eq!(plan.settings["list"], json!(["from-the-environment"]));
    assert_eq!(plan.settings["plain"], "say $env:KEY");
    assert_eq!(plan.auth.unwrap().access_token.as_deref(), Some("from-the-environment"));
    let text = to_text(&plan.source);
    assert!(text.contains("\"access_token\": \"$env:KEY\"") && !text.contains("from-the-environment"), "{text}");
}

#[test]
fn aliases_are_no_secrets_for_real_hosts() {
    let settings = json!({"integrationKey": "‹key#1›"});
    let said = plan(&json!({ "settings": settings })).unwrap_err().to_string();
    assert_eq!(
        said,
        "`settings.integrationKey` is ‹key#1›, which only stands for a secret; put the secret itself in its place"
    );
    assert!(plan(&json!({"settings": settings, "simulator": true})).is_ok());
}

#[test]
fn scripted_answers_have_bodies_delays_and_faults() {
    let responses = json!([
        {"status": 200, "body": {"ok": true}, "delay_ms": 1500},
        {"status": 409, "body": "busy"},
        {"status": 200, "body": [1], "headers": {"Content-Type": "text/json", "X-A": ["1", "2"]}},
        {"status": 204},
        {"fault": "timeout", "delay_ms": 0.5},
        {"fault": "tls", "message": "self-signed"},
    ]);
    let Remote::Script(script) = plan(&json!({"responses": responses})).unwrap().remote else { panic!("no script") };
    let headers = |idx: usize| script[idx].result.as_ref().unwrap().headers.iter().collect::<Vec<_>>();
    let body = |idx: usize| &script[idx].result.as_ref().unwrap().body;
    assert_eq!(headers(0), [("content-type", "application/json")]);
    assert_eq!(script[0].delay, Duration::from_millis(1500));
    assert_eq!((headers(1), body(1)), (vec![], &Body::Text("busy".into())));
    assert_eq!(headers(2), [("content-type", "text/json"), ("x-a", "1"), ("x-a", "2")]);
    assert_eq!(body(3), &Body::Empty);
    let fault = |idx: usize| script[idx].result.as_ref().unwrap_err();
    assert_eq!((fault(4).kind, script[4].delay), (FaultKind::Timeout, Duration::from_micros(500)));
    assert_eq!((fault(5).kind, fault(5).message.as_str()), (FaultKind::Tls, "self-signed"));
}

#[test]
fn a_pipeline_is_a_preset_or_laid_over_one() {
    let pipeline = |pipeline: Value| plan(&json!({ "pipeline": pipeline })).unwrap().pipeline;
    assert_eq!(pipeline(json!("segment-functions")), Policy::preset("segment-functions").unwrap());
    let custom = pipeline(json!({
        "max_attempts": 3, "max_elapsed": null, "base_delay": "2s", "max_delay": 60, "jitter": 0,
        "honour_retry_after": true,
    }));
    assert_eq!(
        custom,
        Policy {
            preset: "custom".into(),
            max_attempts: Some(3),
            max_elapsed: None,
            ends: Ends::FirstLimit,
            waits: vec![],
            base_delay: Duration::from_secs(2),
            max_delay: Duration::from_mins(1),
            jitter: 0.0,
            honour_retry_after: true,
        }
    );
    let scheduled = pipeline(json!({"preset": "no-retries", "max_attempts": null, "waits": [1, "2 min"]}));
    assert_eq!(scheduled.waits, [Duration::from_secs(1), Duration::from_mins(2)]);
    assert_eq!(scheduled.most_attempts(), Some(3));
    let over_functions = pipeline(json!({"preset": "segment-functions", "max_attempts": null}));
    assert_eq!(over_functions.max_attempts, None);
    assert_eq!(over_functions.max_elapsed, Some(Duration::from_hours(4)));
}

#[test]
fn nulls_in_a_mapping_are_kept_for_they_remove_a_key() {
    let plan = plan(&json!({"mapping": {"visitorId": {"@path": "$.userId"}, "batch_size": null}})).unwrap();
    assert_eq!(plan.mapping.get("batch_size"), Some(&Value::Null));
}

#[test]
fn a_plan_is_written_as_it_was_read() {
    let text = "{\n  \"version\": 1,\n  \"format\": \"delivery-plan\",\n  \"colour\": \"red\",\n  \"action\": \"a\",\n  \
                \"destination\": \"pendo-audiences\"\n}\n";
    assert_eq!(to_text(&read(text.as_bytes(), &no_variables).unwrap().source), text);
}

#[test]
fn more_events_stand_behind_the_plan_s_own_in_its_source_too() {
    for (events, all) in [(Value::Null, json!([{"b": 2}])), (json!([{"a": 1}]), json!([{"a": 1}, {"b": 2}]))] {
        let mut plan = plan(&json!({ "events": events })).unwrap();
        add_events(&mut plan, vec![json!({"b": 2})]);
        assert_eq!((json!(plan.events), &plan.source["events"]), (all.clone(), &all));
    }
}

#[test]
fn fields_without_meaning_are_named_with_the_one_that_was_meant() {
    let source = source(&json!({"respones": [], "colour": "red"}));
    assert_eq!(unknown_fields(&source), [("respones", Some("responses")), ("colour", None)]);
}

#[test]
fn a_plan_in_the_shape_of_the_reference_cases_reads() {
    let line = r#"{"format":"delivery-plan","version":1,"start_at":"2026-11-22T00:00:00Z","destination":"linkedin-audiences","action":"updateAudience","mode":"batch","rules":"segment-main","settings":{"ad_account_id":"5123","send_email":true},"auth":{"access_token":"token-old","refresh_token":"refresh-1","client_id":"client-1","client_secret":"secret-1"},"events":[{"type":"track"}],"responses":[{"status":401,"body":{"serviceErrorCode":65601}},{"status":200,"headers":{"x-linkedin-id":"dmp_8"},"body":{}}]}"#;
    let plan = read(line.as_bytes(), &no_variables).unwrap();
    assert_eq!((plan.mode, plan.rules, plan.events.len()), (Mode::Batch, RuleSetName::SegmentMain, 1));
    assert_eq!(plan.start_at.unwrap().to_string(), "2026-11-22T00:00:00.000Z");
}

proptest! {
    #[test]
    fn any_bytes_are_a_plan_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes, &no_variables).is_err());
    }

    #[test]
    fn any_value_in_any_field_is_a_plan_or_a_field_error(
        field in proptest::sample::select(vec!["name", "start_at", "clock", "seed", "mode", "rules", "settings", "auth",
            "subscription", "mapping", "events", "pipeline", "batching", "deduplication", "responses", "simulator", "endpoint"]),
        value in crate::session::generated::json(),
    ) {
        match plan(&json!({ field: value })) {
            Ok(plan) => prop_assert_eq!(read(to_text(&plan.source).as_bytes(), &variables).unwrap(), plan),
            Err(error) => prop_assert!(error.field().is_some_and(|at| at.starts_with(field)), "{}", error),
        }
    }
}
