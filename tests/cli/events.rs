//! `--events`: more events for a plan.
use serde_json::json;

use crate::program::{pendo_event, pendo_plan, pendo_took_it, run, run_with, written};

#[test]
fn events_from_a_file_stand_behind_those_of_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let answers = json!([pendo_took_it(), pendo_took_it(), pendo_took_it()]);
    let plan = written(&folder, "p.plan.json", pendo_plan(&json!({ "responses": answers })));
    let lines = format!("{}\n\n{}\r\n", pendo_event("m2"), pendo_event("m3"));
    let events = written(&folder, "events.ndjson", &lines);
    let from_file = run(&["run", &plan, "--events", &events, "--format", "json"]).json();
    let ids: Vec<_> = from_file["attempts"].as_array().unwrap().iter().map(|each| &each["message_ids"][0]).collect();
    assert_eq!(ids, ["m1", "m2", "m3"]);
    assert_eq!(from_file["header"]["plan"]["events"].as_array().unwrap().len(), 3);
    let from_stdin = run_with(&["run", &plan, "--events", "-", "--format", "json"], &lines).json();
    assert_eq!(from_stdin, from_file);
}

#[test]
fn a_plan_may_leave_all_events_to_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let plan = pendo_plan(&json!({"responses": [pendo_took_it()], "events": null}));
    let plan = written(&folder, "p.plan.json", plan);
    let batch = written(&folder, "batch.json", json!({"batch": [pendo_event("m9")]}).to_string());
    assert!(run(&["run", &plan, "--events", &batch]).ok().contains("\"Audience Entered\" m9"));
    let said = run(&["run", &plan]).stderr;
    assert!(said.contains("`events`") && said.contains("--events"), "{said}");
}

#[test]
fn a_bad_line_stops_the_run_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let plan = written(&folder, "p.plan.json", pendo_plan(&json!({"responses": [pendo_took_it()]})));
    let events = written(&folder, "events.ndjson", "{}\n{\"type\":\n");
    let out = folder.path().join("s.jsonl");
    let ran = run(&["run", &plan, "--events", &events, "--out", out.to_str().unwrap()]);
    assert_eq!((ran.code, out.exists()), (2, false));
    assert!(ran.stderr.contains("line 2 (byte 10) is not JSON"), "{}", ran.stderr);
}
