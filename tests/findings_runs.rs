//! Findings over whole runs, and over the files that are written of them.
use std::path::Path;

use delivery_inspector::core::findings::{Finding, detect};
use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::{Record, SessionHeader};
use delivery_inspector::net::engine::{RunOptions, run_to_end, session_header};
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::session::{plan_file, reader};
use delivery_inspector::sim;
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A plan of these fields, over those of the story.
fn plan(story: Value, fields: Value) -> Result<Plan> {
    let mut source = json!({"format": "delivery-plan", "version": 1, "start_at": "2026-11-22T07:00:00Z", "seed": 7});
    let all = source.as_object_mut().ok_or("no object")?;
    for part in [story, fields] {
        all.extend(part.as_object().ok_or("no object")?.clone());
    }
    Ok(plan_file::from_source(all.clone(), &|_| None)?)
}

fn member(who: &str, is_in: bool) -> Value {
    json!({
        "type": "track", "event": if is_in { "Audience Entered" } else { "Audience Exited" }, "userId": who,
        "messageId": format!("m-{who}-{is_in}"), "timestamp": "2026-11-22T06:59:00Z",
        "properties": {"audience_key": "vip", "vip": is_in},
        "context": {
            "traits": {"email": format!("{who}@example.test")},
            "personas": {"computation_class": "audience", "computation_key": "vip", "external_audience_id": "seg-1"},
        },
    })
}

fn pendo(events: &[Value]) -> Value {
    json!({
        "destination": "pendo-audiences", "action": "syncAudience", "mode": "single", "events": events,
        "settings": {"integrationKey": "key-of-the-test", "region": "US"},
    })
}

fn users() -> Value {
    json!({
        "destination": "linkedin-audiences", "action": "updateAudience", "mode": "single", "events": [member("ada", true)],
        "settings": {"ad_account_id": "5", "send_email": true, "send_google_advertising_id": true},
        "auth": {"access_token": "token-1-of-the-test", "refresh_token": "refresh-1-of-the-test", "client_id": "c", "client_secret": "secret-of-the-test"},
    })
}

fn function() -> Value {
    json!({
        "destination": "destination-function", "action": "onEvent", "mode": "single", "events": [member("ada", true)],
        "settings": {"url": "https://example.test/hook"},
    })
}

fn run(plan: Plan) -> Result<(SessionHeader, Vec<Record>, Aliases)> {
    let (header, aliases) = (session_header(&plan), Aliases::of_plan(&plan));
    let mut records = Vec::new();
    run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| records.push(record))?;
    Ok((header, records, aliases))
}

/// The session as somebody else gets it: written with aliases, and read again.
fn written_and_read(
    header: &SessionHeader,
    records: &[Record],
    aliases: Aliases,
) -> Result<(SessionHeader, Vec<Record>)> {
    let mut bytes = Vec::new();
    SessionWriter::begin(&mut bytes, Path::new("memory"), header, Secrets::aliased(aliases))?.write(records)?;
    let (loaded, problems) = reader::read_bytes(&bytes)?;
    assert_eq!(problems, []);
    Ok((loaded.header, loaded.records))
}

/// Kind and attempt of every finding.
fn places(findings: &[Finding]) -> Vec<String> {
    let attempt = |finding: &Finding| finding.attempt.as_ref().map_or("plan".to_owned(), ToString::to_string);
    findings.iter().map(|finding| format!("{} {}", finding.id, attempt(finding))).collect()
}

/// What is found in the run of a plan, and in the file that is written of it.
fn found(story: Value, fields: Value) -> Result<Vec<String>> {
    let (header, records, aliases) = run(plan(story, fields)?)?;
    let found = places(&detect(&header, &records));
    let (header, records) = written_and_read(&header, &records, aliases)?;
    assert_eq!(places(&detect(&header, &records)), found, "the file shows something else");
    Ok(found)
}

#[test]
fn a_permanent_refusal_is_masked_each_time_and_a_storm_once() -> Result<()> {
    let pair = [
        json!({"status": 200, "body": {"elements": [{"id": "7"}]}}),
        json!({"status": 400, "body": {"message": "bad"}}),
    ];
    let fields = json!({"pipeline": {"max_attempts": 4}, "responses": vec![pair; 4].concat()});
    assert_eq!(found(users(), fields)?, ["Q-03 a1", "Q-03 a2", "Q-03 a3", "F-04 a3", "Q-03 a4"]);
    Ok(())
}

#[test]
fn on_main_a_new_token_is_used_too_early() -> Result<()> {
    let rejected = json!({"status": 401, "body": {"serviceErrorCode": 65601, "message": "revoked"}});
    let token = |number: u32| json!({"status": 200, "body": {"access_token": format!("token-{number}-of-the-test"), "refresh_token": "refresh-2-of-the-test"}});
    let responses = json!([rejected, token(2), rejected, token(3)]);
    let fields = |rules: &str| json!({"rules": rules, "responses": responses, "pipeline": "no-retries"});
    assert_eq!(found(users(), fields("segment-main"))?, ["Q-13 a1", "Q-16 a1", "Q-17 a1", "Q-20 a1", "F-24 a1"]);
    assert_eq!(found(users(), fields("token-propagation-refresh"))?, ["Q-16 a1", "Q-17 a1", "F-24 a1"]);
    assert_eq!(found(users(), fields("token-propagation-no-refresh"))?, ["F-24 a1"]);
    Ok(())
}

#[test]
fn pendo_asks_to_wait_and_is_not_heard() -> Result<()> {
    let done = json!({"status": 200, "body": {"multistatus": [{"operation": "add", "status": 200}]}});
    let busy = json!({"status": 409, "headers": {"Retry-After": "3600"}, "body": "busy"});
    let fields = json!({"responses": [busy, done]});
    assert_eq!(found(pendo(&[member("ada", true)]), fields.clone())?, ["F-01 a1"]);
    let mut honoured = fields;
    honoured["pipeline"] = json!({"honour_retry_after": true});
    assert_eq!(found(pendo(&[member("ada", true)]), honoured)?, [""; 0]);
    Ok(())
}

#[test]
fn a_retry_undoes_what_a_newer_event_did() -> Result<()> {
    let done = json!({"status": 200, "body": {"multistatus": [{"operation": "add", "status": 200}, {"operation": "remove", "status": 200}]}});
    let fields = json!({"responses": [{"status": 409, "body": "busy"}, done, done]});
    let left_and_came_back = [member("ada", false), member("ada", true)];
    assert_eq!(found(pendo(&left_and_came_back), fields.clone())?, ["F-18 a3"]);
    assert_eq!(found(pendo(&[member("ada", false), member("bob", true)]), fields)?, [""; 0]);
    Ok(())
}

#[test]
fn a_function_that_got_no_answer_may_have_acted_twice() -> Result<()> {
    let responses = json!([{"fault": "timeout"}, {"status": 200, "body": {}}]);
    assert_eq!(found(function(), json!({ "responses": responses }))?, ["F-07 a2"]);
    let refused = json!([{"fault": "connect-refused"}, {"status": 200, "body": {}}]);
    assert_eq!(found(function(), json!({ "responses": refused }))?, [""; 0]);
    Ok(())
}

#[test]
fn a_message_twice_in_a_plan_is_delivered_twice() -> Result<()> {
    let mut twice = function();
    twice["events"] = json!([member("ada", true), member("ada", true)]);
    let responses = json!([{"status": 200, "body": {}}, {"status": 200, "body": {}}]);
    assert_eq!(found(twice, json!({ "responses": responses }))?, ["F-03 a2"]);
    Ok(())
}
