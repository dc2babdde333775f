//! Exports read back by other programs' rules, and text as people see it.
use proptest::prelude::*;
use serde_json::{Value, json};

use super::text::{Order, Paint, TextExport};
use super::{COLUMNS, CsvExport, JsonExport, Shape};
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::generated;
use crate::session::reader::{LoadedSession, read_bytes};
use crate::session::secrets::Secrets;

/// A refresh and a retry, a batch with three fates, and a delivery that was cut off in its wait.
fn session() -> LoadedSession {
    let exchange = |purpose: &str, pass: u8, from: &str, to: &str, answer: Value| {
        let generation = if purpose == "refresh" { Value::Null } else { json!(pass) };
        let mut exchange = json!({
            "purpose": purpose, "pass": pass, "started_at": from, "ended_at": to, "token_generation": generation,
            "request": {"method": "POST", "url": "https://api.linkedin.com/rest/x", "headers": {"authorization": "Bearer secret-token"}, "body": null},
        });
        exchange.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
        exchange
    };
    let response = |status: u16| json!({"response": {"status": status, "headers": {}, "body": null}});
    let fault = json!({"fault": {"kind": "timeout", "message": "no answer in 10 s"}});
    let lines = [
        json!({"type": "session", "version": 1, "id": "s", "created_at": "2026-11-22T00:00:00.000Z"}),
        json!({"type": "event", "id": "e1", "received_at": "2026-11-22T00:00:00.000Z", "message_id": "=msg,1",
            "payload": {"type": "track", "event": "Audience \"Entered\""}}),
        json!({"type": "event", "id": "e2", "received_at": "2026-11-22T00:00:00.000Z", "message_id": "m2", "payload": {"type": "identify"}}),
        json!({"type": "event", "id": "e3", "received_at": "2026-11-22T00:00:00.000Z", "payload": {}}),
        json!({"type": "attempt", "id": "a1", "delivery": "d1", "events": ["e1"], "destination": "linkedin-audiences", "action": "updateAudience",
            "number": 1, "trigger": "first", "started_at": "2026-11-22T00:00:00.000Z", "ended_at": "2026-11-22T00:00:00.215Z", "rules": "r",
            "exchanges": [
                exchange("deliver", 1, "2026-11-22T00:00:00.000Z", "2026-11-22T00:00:00.060Z", response(401)),
                exchange("refresh", 1, "2026-11-22T00:00:00.060Z", "2026-11-22T00:00:00.140Z", response(200)),
                exchange("deliver", 2, "2026-11-22T00:00:00.140Z", "2026-11-22T00:00:00.215Z", fault),
            ],
            "outcome": {"kind": "error", "name": "RetryableError", "status": 503, "code": "RETRYABLE_ERROR", "message": "try,\r\n\"later\""},
            "verdict": {"decision": "retry", "rule": "http.retry", "reason": "=The remote is not ready.", "facts": {}, "next_attempt_at": "2026-11-22T00:02:03.215Z"},
            "token": {"generation_before": 1, "generation_after": 2, "refresh": "succeeded"}}),
        json!({"type": "attempt", "id": "a2", "delivery": "d2", "events": ["e1", "e2", "e3"], "destination": "pendo-audiences", "action": "syncAudience",
            "number": 1, "trigger": "first", "started_at": "2026-11-22T00:00:01.0005Z", "ended_at": "2026-11-22T00:00:01.500Z", "rules": "r",
            "exchanges": [exchange("deliver", 1, "2026-11-22T00:00:01.000Z", "2026-11-22T00:00:01.500Z", response(200))],
            "outcome": {"kind": "multistatus", "items": [
                {"status": 200, "decision": "delivered"},
                {"status": 400, "decision": "discard", "errortype": "BAD_REQUEST", "errormessage": "Visitor \u{1b}[31mID is required"},
                {"status": 200, "decision": "delivered"}]},
            "verdict": {"decision": "discard", "rule": "item.400", "reason": "One item cannot succeed.", "facts": {}},
            "duplicate": {"strategy": "message-id", "outcome": "delivered-twice", "of": "a1", "evidence": {}}}),
        json!({"type": "attempt", "id": "a3", "delivery": "d3", "events": ["e2"], "destination": "pendo-audiences", "action": "syncAudience",
            "number": 1, "trigger": "first", "started_at": "2026-11-22T00:00:02.000Z", "ended_at": "2026-11-22T00:00:02.000Z", "rules": "r",
            "exchanges": [], "outcome": {"kind": "error", "name": "Error", "status": null, "code": null, "message": "m"},
            "verdict": {"decision": "retry", "rule": "http.retry", "reason": "Later.", "facts": {}, "next_attempt_at": "2026-11-22T00:00:04.000Z"}}),
        json!({"type": "attempt", "id": "a4", "delivery": "d1", "events": ["e1"], "destination": "linkedin-audiences", "action": "updateAudience",
            "number": 2, "trigger": "retry", "started_at": "2026-11-22T00:02:03.215Z", "ended_at": "2026-11-22T00:02:03.300Z", "rules": "r",
            "exchanges": [exchange("deliver", 1, "2026-11-22T00:02:03.215Z", "2026-11-22T00:02:03.300Z", response(200))],
            "outcome": {"kind": "delivered"},
            "verdict": {"decision": "delivered", "rule": "http.2xx", "reason": "The remote has it.", "facts": {}},
            "token": {"generation_before": 2, "generation_after": 2, "refresh": "none"}}),
    ];
    let text = lines.map(|line| line.to_string()).join("\n");
    let (session, problems) = read_bytes(text.as_bytes()).unwrap();
    assert_eq!(problems, []);
    session
}

fn header() -> SessionHeader {
    SessionHeader::new("s", "n", Timestamp::EPOCH, "fired")
}

fn csv(records: &[Record]) -> String {
    let mut bytes = Vec::new();
    let mut export = CsvExport::begin(&mut bytes, &header(), Secrets::default()).unwrap();
    for record in records {
        export.add(record).unwrap();
    }
    export.finish().unwrap();
    String::from_utf8(bytes).unwrap()
}

fn text(records: &[Record], paint: Paint, order: Order) -> String {
    let mut export = TextExport::begin(Vec::new(), &header(), Secrets::default(), paint, order);
    for record in records {
        export.add(record).unwrap();
    }
    String::from_utf8(export.finish().unwrap()).unwrap()
}

fn json(session: &LoadedSession, shape: Shape) -> Value {
    let mut bytes = Vec::new();
    let mut export = JsonExport::begin(&mut bytes, &session.header, Secrets::default(), shape).unwrap();
    for record in &session.records {
        export.add(record).unwrap();
    }
    export.finish(&json!({"n": 1})).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Reads CSV by the letter of RFC 4180.
fn parsed(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = csv.chars().peekable();
    let mut is_quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !is_quoted);
    rows
}

#[test]
fn csv_has_a_row_an_attempt_and_no_formulas() {
    let rows = parsed(&csv(&session().records));
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    assert_eq!(rows[0], names);
    let cell = |row: usize, name: &str| rows[row][names.iter().position(|have| *have == name).unwrap()].as_str();
    let column = |name: &str| (1..rows.len()).map(|row| cell(row, name)).collect::<Vec<_>>();
    assert_eq!(column("attempt"), ["a1", "a2", "a3", "a4"]);
    assert_eq!(column("start_ms"), ["0", "1000.5", "2000", "123215"]);
    assert_eq!(column("duration_ms"), ["215", "499.5", "0", "85"]);
    assert_eq!(column("waited_ms"), ["", "", "", "123000"]);
    assert_eq!(column("next_wait_ms"), ["123000", "", "2000", ""]);
    assert_eq!(column("statuses"), ["401 200 timeout", "200", "", "200"]);
    assert_eq!(column("decision"), ["retry", "discard", "retry", "delivered"]);
    assert_eq!(column("error_status"), ["503", "", "", ""]);
    assert_eq!((cell(1, "reason"), cell(1, "error_message")), ("'=The remote is not ready.", "try,\r\n\"later\""));
    assert_eq!((cell(1, "message_ids"), cell(2, "message_ids")), ("'=msg,1", "'=msg,1 m2 "));
    assert_eq!((cell(2, "items"), cell(2, "items_delivered"), cell(2, "items_discard")), ("3", "2", "1"));
    assert_eq!((cell(1, "token_before"), cell(1, "token_after"), cell(1, "refresh")), ("1", "2", "succeeded"));
    assert_eq!((cell(2, "duplicate_outcome"), cell(2, "duplicate_of")), ("delivered-twice", "a1"));
}

#[test]
fn json_is_a_list_or_a_document_of_placed_attempts() {
    let session = session();
    let list = json(&session, Shape::List);
    let document = json(&session, Shape::Document);
    assert_eq!(document["attempts"], list);
    assert_eq!((&document["header"]["id"], &document["summary"]), (&json!("s"), &json!({"n": 1})));
    assert_eq!(list.as_array().unwrap().len(), 4);
    let first = &list[0];
    assert_eq!((&first["id"], &first["start_ms"], &first["waited_ms"]), (&json!("a1"), &json!(0), &Value::Null));
    assert_eq!((&first["verdict"]["decision"], &first["next_wait_ms"]), (&json!("retry"), &json!(123_000)));
    assert_eq!(first["exchanges"][0]["request"]["headers"]["authorization"], "Bearer ‹token#1›");
    assert_eq!((&list[1]["start_ms"], &list[1]["message_ids"]), (&json!(1000.5), &json!(["=msg,1", "m2", ""])));
}

#[test]
fn text_tells_each_delivery_from_first_to_last() {
    let expected = "\
delivery d2 · pendo-audiences syncAudience · 3 events: e1 e2 e3
  attempt 1 · 2026-11-22T00:00:01.000Z · took 499 ms
    deliver  200  500 ms  token 1  POST  https://api.linkedin.com/rest/x
    duplicate check (message-id): delivered-twice of a1
    3 items: 2 delivered, 1 discard
      e1     200  delivered
      e2     400  discard   BAD_REQUEST: Visitor ␛[31mID is required
      e3     200  delivered
    discard by item.400: One item cannot succeed.
  2 delivered, 1 given up · 1 attempt, 499 ms

delivery d1 · linkedin-audiences updateAudience · e1 track \"Audience \"Entered\"\" =msg,1
  attempt 1 · 2026-11-22T00:00:00.000Z · took 215 ms
    deliver  401      60 ms  token 1  POST  https://api.linkedin.com/rest/x
    refresh  200      80 ms           POST  https://api.linkedin.com/rest/x
    pass 2
    deliver  timeout  75 ms  token 2  POST  https://api.linkedin.com/rest/x
      no answer in 10 s
    token refresh succeeded: generation 1 → 2
    RetryableError 503 RETRYABLE_ERROR: try,⏎\"later\"
    retry by http.retry: =The remote is not ready.
  waits 2 m 03 s → attempt 2 at 2026-11-22T00:02:03.215Z
  attempt 2 · 2026-11-22T00:02:03.215Z · took 85 ms
    deliver  200  85 ms  token 1  POST  https://api.linkedin.com/rest/x
    delivered by http.2xx: The remote has it.
  delivered · 2 attempts, 2 m 03 s

delivery d3 · pendo-audiences syncAudience · e2 identify m2
  attempt 1 · 2026-11-22T00:00:02.000Z · took 0 ms
    Error: m
    retry by http.retry: Later.
  waits 2 s → attempt 2 at 2026-11-22T00:00:04.000Z
  unfinished · 1 attempt, 0 ms

";
    let written = text(&session().records, Paint::Plain, Order::AsTheyEnd);
    assert_eq!(written, expected, "\n{written}");
    let by_beginning = text(&session().records, Paint::Plain, Order::AsTheyBegan);
    let deliveries: Vec<&str> = by_beginning.lines().filter_map(|line| line.strip_prefix("delivery ")).collect();
    assert!(deliveries.is_sorted() && deliveries.len() == 3, "{deliveries:?}");
    let coloured = text(&session().records, Paint::Colours, Order::AsTheyEnd);
    assert!(coloured.contains("\u{1b}[32mdelivered\u{1b}[0m by http.2xx"), "{coloured}");
}

#[test]
fn secrets_of_the_plan_in_the_header_stay_out_of_exports() {
    let mut session = session();
    session.header.plan = json!({"settings": {"integrationKey": "https://api.linkedin.com"}});
    let list = json(&session, Shape::List).to_string();
    assert!(list.contains("‹key#1›/rest/x") && !list.contains("linkedin.com"), "{list}");
    let mut bytes = Vec::new();
    let mut export = CsvExport::begin(&mut bytes, &session.header, Secrets::default()).unwrap();
    for record in &session.records {
        export.add(record).unwrap();
    }
    assert!(!String::from_utf8(bytes).unwrap().contains("linkedin.com"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_record_can_be_exported(records in generated::records()) {
        let n_attempts = records.iter().filter(|record| matches!(record, Record::Attempt(_))).count();
        let rows = parsed(&csv(&records));
        prop_assert_eq!(rows.len(), n_attempts + 1);
        let numbers = ["start_ms", "duration_ms", "waited_ms", "next_wait_ms"];
        for row in &rows {
            prop_assert_eq!(row.len(), COLUMNS.len());
            for (cell, (name, _)) in row.iter().zip(COLUMNS) {
                let is_formula = cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
                prop_assert!(!is_formula || numbers.contains(name), "{name}: {cell:?}");
            }
        }
        let session = LoadedSession { header: header(), records: records.clone(), kept: Vec::new() };
        prop_assert_eq!(json(&session, Shape::List).as_array().unwrap().len(), n_attempts);
        let text = text(&records, Paint::Plain, Order::AsTheyEnd);
        prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        prop_assert_eq!(text.matches("  attempt ").count() >= n_attempts, true);
    }
}
