//! `run`: timelines, JSON, sessions, secrets, and pipes that close.
use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};

use crate::program::{path_in, pendo_event, pendo_plan, pendo_took_it, program, run, run_with, sample, written};

const BUSY: &str = r#"{"status": 409, "body": "Operation in progress", "delay_ms": 60}"#;

fn busy_once() -> Value {
    let busy: Value = serde_json::from_str(BUSY).unwrap();
    let pipeline = json!({"base_delay": "2 min", "max_delay": "20 min", "jitter": 0, "max_attempts": 5});
    json!({"responses": [busy, pendo_took_it()], "pipeline": pipeline})
}

#[test]
fn text_tells_the_story_of_a_delivery() {
    let expected = "\
delivery d1 · pendo-audiences syncAudience · e1 track \"Audience Entered\" m1
  attempt 1 · 2026-11-22T00:00:00.000Z · took 60 ms
    deliver  409  60 ms  PATCH  https://app.eu.pendo.io/api/v1/segment/seg_1/visitor
    RetryableError 429 RETRYABLE_ERROR: Pendo returned a 409. Segment is returning a 429 to trigger a retry.
    retry by PENDO-409-CONFLICT: ";
    let ran = run_with(&["run", "-"], &pendo_plan(&busy_once())).ok();
    assert!(ran.starts_with(expected), "{ran}");
    assert!(ran.contains("  waits 2 m → attempt 2 at 2026-11-22T00:02:00.060Z\n  attempt 2 · "), "{ran}");
    assert!(ran.contains("\n  delivered · 2 attempts, 2 m\n"), "{ran}");
    assert!(ran.ends_with("1 event, 1 delivered · 2 attempts, 2 requests · 2 m\n"), "{ran}");
    assert!(!ran.contains('\u{1b}'), "no colours into a pipe");
}

#[test]
fn json_is_one_document_with_header_attempts_and_summary() {
    let ran = run_with(&["run", "-", "--format", "json"], &pendo_plan(&busy_once())).json();
    assert_eq!((&ran["header"]["origin"], &ran["header"]["secrets"]), (&json!("simulated"), &json!("aliased")));
    assert_eq!(ran["header"]["plan"]["settings"]["integrationKey"], "‹key#1›");
    let attempts = ran["attempts"].as_array().unwrap();
    let decisions: Vec<&Value> = attempts.iter().map(|attempt| &attempt["verdict"]["decision"]).collect();
    assert_eq!(decisions, ["retry", "delivered"]);
    assert_eq!(attempts[0]["verdict"]["next_attempt_at"], attempts[1]["started_at"]);
    assert_eq!((&attempts[1]["waited_ms"], &attempts[1]["message_ids"]), (&json!(120_000), &json!(["m1"])));
    assert_eq!((&ran["summary"]["delivered"], &ran["summary"]["attempts"]), (&json!(1), &json!(2)));
}

#[test]
fn the_same_plan_gives_the_same_session_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let plan = sample("token-propagation.plan.json");
    let (one, two) = (path_in(&folder, "one"), path_in(&folder, "two"));
    run(&["run", &plan, "--out", &one]).ok();
    run(&["run", &plan, "--out", &two, "--format", "json"]).ok();
    let to_stdout = run(&["run", &plan, "--out", "-"]).ok();
    let session = std::fs::read_to_string(&one).unwrap();
    assert!(session == std::fs::read_to_string(&two).unwrap() && session == to_stdout);
}

#[cfg(unix)]
#[test]
fn a_session_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let out = path_in(&folder, "s.jsonl");
    run(&["run", &sample("pendo-busy.plan.json"), "--out", &out]).ok();
    assert_eq!(std::fs::metadata(out).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn secrets_are_aliased_everywhere_unless_they_are_to_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let over = json!({
        "settings": {"integrationKey": "$env:INSPECTOR_TEST_KEY", "region": "EU"},
        "responses": [{"status": 400, "body": {"message": "the key value-of-key is not known"}}],
    });
    let plan = written(&folder, "secret.plan.json", pendo_plan(&over));
    let out = path_in(&folder, "s.jsonl");
    for (secrets, format) in [("alias", "text"), ("alias", "json"), ("keep", "json")] {
        let mut program = program(&["run", &plan, "--out", &out, "--secrets", secrets, "--format", format]);
        let output = program.env("INSPECTOR_TEST_KEY", "value-of-key").output().unwrap();
        let session = std::fs::read_to_string(&out).unwrap();
        let all =
            [String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap(), session].concat();
        assert_eq!(all.contains("value-of-key"), secrets == "keep", "{all}");
        let says = if secrets == "keep" { "\"secrets\":\"kept\"" } else { "\"secrets\":\"aliased\"" };
        assert!(all.contains("$env:INSPECTOR_TEST_KEY") && all.contains(says), "{all}");
        assert!(secrets == "keep" || all.contains("the key ‹key#1› is not known"), "{all}");
    }
}

#[test]
fn a_run_that_breaks_off_keeps_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let busy: Value = serde_json::from_str(BUSY).unwrap();
    let plan = written(&folder, "short.plan.json", pendo_plan(&json!({"responses": [busy]})));
    let out = path_in(&folder, "s.jsonl");
    let ran = run(&["run", &plan, "--out", &out, "--format", "json"]);
    assert_eq!(ran.code, 3);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["attempts"].as_array().unwrap().len(), 1);
    assert!(document["summary"]["error"].as_str().unwrap().starts_with("failed to run "));
    assert!(run(&["check", "--deny-problems", &out]).ok().contains("attempts    1 with 1 exchange\n"));
}

#[test]
fn a_field_without_meaning_is_pointed_out() {
    let ran = run_with(&["run", "-"], &pendo_plan(&json!({"responses": [pendo_took_it()], "piepline": {}})));
    assert_eq!(ran.stderr, "-: `piepline` has no meaning in a plan; did you mean `pipeline`?\n");
    ran.ok();
}

#[test]
fn a_closed_pipe_ends_the_output_quietly_and_not_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let events: Vec<Value> = (0..2000).map(|number| pendo_event(&format!("m{number}"))).collect();
    let plan = pendo_plan(&json!({"simulator": "happy-path", "events": events}));
    let plan = written(&folder, "many.plan.json", plan);
    let out = path_in(&folder, "s.jsonl");
    for args in [&["run", &plan][..], &["run", &plan, "--out", &out], &["run", &plan, "--out", "-"]] {
        let mut child = program(args).spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{args:?}");
    }
    assert!(run(&["check", &out]).ok().contains("deliveries  2000, 2000 delivered"));
}

#[test]
fn the_plan_of_an_aliased_session_runs_again_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["token-propagation", "pendo-busy", "stale-trait-duplicate"] {
        let session = std::fs::read_to_string(sample(&format!("{name}.session.jsonl"))).unwrap();
        let header: Value = serde_json::from_str(session.lines().next().unwrap()).unwrap();
        let plan = written(&folder, name, header["plan"].to_string());
        let again = run(&["run", &plan, "--format", "json"]).json();
        let first = run(&["run", &sample(&format!("{name}.plan.json")), "--format", "json"]).json();
        assert_eq!(again["summary"], first["summary"], "{name}");
    }
}
