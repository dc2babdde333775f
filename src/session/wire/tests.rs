//! What is written is what is read.
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Line, parse_line, write_header, write_record};
use crate::core::record::{Record, SessionHeader};
use crate::session::generated;

fn line_of(record: &Record) -> Vec<u8> {
    let mut line = Vec::new();
    write_record(&mut line, record).unwrap();
    line
}

fn read_again(line: &[u8]) -> Record {
    match parse_line(line).unwrap() {
        Line::Event(event) => Record::Event(event),
        Line::Attempt(attempt) => Record::Attempt(attempt),
        other => panic!("{other:?} is no record"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_record_reads_as_itself(records in generated::records()) {
        for record in records {
            let line = line_of(&record);
            prop_assert_eq!(line.iter().position(|byte| *byte == b'\n'), Some(line.len() - 1));
            prop_assert_eq!(read_again(&line), record);
        }
    }

    #[test]
    fn a_written_header_reads_as_itself(header in generated::header()) {
        let mut line = Vec::new();
        write_header(&mut line, &header, "kept").unwrap();
        let Line::Header(mut read) = parse_line(&line).unwrap() else { panic!("no header") };
        prop_assert_eq!(read.extra.shift_remove("secrets"), Some(json!("kept")));
        prop_assert_eq!(*read, header);
    }

    #[test]
    fn any_bytes_are_a_line_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if parse_line(&bytes).is_ok() {
            prop_assert!(serde_json::from_slice::<serde_json::Map<String, Value>>(&bytes).is_ok());
        }
    }
}

/// An attempt with something unknown at each level that has known fields, in no order of ours.
fn foreign_attempt() -> Value {
    json!({
        "verdict": {"new": 1, "decision": "retry", "rule": "r", "reason": "because", "facts": {}},
        "exchanges": [
            {"purpose": "lookup", "pass": 1, "started_at": "2026-11-22T00:00:00.000Z", "ended_at": "2026-11-22T00:00:00.000Z",
             "request": {"method": "GET", "url": "u", "headers": {"a": ["1", "2"]}, "body": null},
             "fault": {"kind": "timeout", "message": "m", "new": 2}},
            {"purpose": "deliver", "pass": 1, "started_at": "2026-11-22T00:00:00.000Z", "ended_at": "2026-11-22T00:00:00.000Z", "new": 3,
             "request": {"method": "GET", "url": "u", "headers": {}, "body": "text", "new": [4]},
             "response": {"status": 200, "headers": {}, "body": {"base64": "/wA="}, "new": {"5": 5}}},
        ],
        "outcome": {"kind": "multistatus", "items": [{"status": 200, "decision": "retry"}, {"status": 500, "decision": "retry", "new": 6}]},
        "token": {"generation_before": 1, "generation_after": 2, "refresh": "succeeded", "new": 7},
        "duplicate": {"strategy": "none", "outcome": "first", "evidence": {}, "new": 8},
        "type": "attempt", "id": "a", "delivery": "d", "events": ["e"], "destination": "somewhere", "action": "act",
        "number": 2, "trigger": "retry", "started_at": "2026-11-22T00:00:00.000Z", "ended_at": "2026-11-22T00:00:00.000Z",
        "rules": "mine", "new": 9,
    })
}

#[test]
fn unknown_fields_go_back_where_they_were_at_every_depth() {
    let foreign = foreign_attempt();
    let mut written: Value = serde_json::from_slice(&line_of(&read_again(foreign.to_string().as_bytes()))).unwrap();
    assert!(written.as_object_mut().unwrap().shift_remove("brief").is_some());
    assert_eq!(written, foreign);
}

#[test]
fn the_timeline_stands_ahead_of_the_bodies() {
    let line = String::from_utf8(line_of(&read_again(foreign_attempt().to_string().as_bytes()))).unwrap();
    let places: Vec<usize> = [
        "\"type\"",
        "\"id\"",
        "\"delivery\"",
        "\"events\"",
        "\"destination\"",
        "\"number\"",
        "\"started_at\"",
        "\"ended_at\"",
        "\"decision\"",
        "\"token\"",
        "\"duplicate\"",
        "\"outcome\"",
        "\"exchanges\"",
    ]
    .iter()
    .map(|field| line.find(field).unwrap())
    .collect();
    assert!(places.is_sorted(), "{line}");
}

#[test]
fn a_wrong_field_is_named_with_its_record() {
    for (field, value, said) in [
        (
            "/number",
            json!("two"),
            "is attempt \"a\" with a wrong field: `number` is \"two\"; it must be a whole number from 0 to 4294967295",
        ),
        (
            "/verdict/decision",
            json!("maybe"),
            "is attempt \"a\" with a wrong field: `verdict.decision` is \"maybe\"; it must be one of delivered, retry, discard, filtered",
        ),
        (
            "/exchanges/1/response/status",
            json!(-1),
            "is attempt \"a\" with a wrong field: `exchanges[1].response.status` is -1; it must be a whole number from 0 to 65535",
        ),
        ("/events/0", json!(5), "is attempt \"a\" with a wrong field: `events[0]` must be the text of an event's id"),
        (
            "/outcome/kind",
            json!("fine"),
            "is attempt \"a\" with a wrong field: `outcome.kind` must be one of delivered, error, multistatus, not_subscribed, rejected",
        ),
        ("/type", json!(7), "is no record: it must be a JSON object with a `type`"),
    ] {
        let mut attempt = foreign_attempt();
        *attempt.pointer_mut(field).unwrap() = value;
        assert_eq!(parse_line(attempt.to_string().as_bytes()).unwrap_err().to_string(), said);
    }
}

#[test]
fn a_newer_header_and_a_record_without_an_answer_are_errors() {
    for (line, said) in [
        (
            r#"{"type":"session","version":2,"id":"s","created_at":"2026-11-22T00:00:00Z"}"#,
            "`version` is 2; this program reads version 1",
        ),
        (r#"{"type":"event","id":"e"}"#, "`received_at` is missing"),
    ] {
        let error = parse_line(line.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn hostile_lines_are_errors_and_no_crash() {
    for line in [
        "[".repeat(100_000),
        format!("{{\"type\":{}", "{\"a\":".repeat(100_000)),
        "{\"type\":\"event\",\"x\":1e999}".to_owned(),
    ] {
        assert!(parse_line(line.as_bytes()).is_err());
    }
}

#[test]
fn a_header_without_a_plan_has_no_plan_field() {
    let header = SessionHeader::new("s", "n", crate::core::time::Timestamp::EPOCH, "captured");
    let mut line = Vec::new();
    write_header(&mut line, &header, "aliased").unwrap();
    assert!(!String::from_utf8(line).unwrap().contains("plan"));
}
