//! `export`: tables and JSON of sessions, wherever they come from.
use std::io::Write as _;

use serde_json::Value;

use crate::program::{path_in, run, run_with, sample, written};

#[test]
fn a_table_has_a_row_an_attempt_wherever_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let session = sample("pendo-busy.session.jsonl");
    let out = path_in(&folder, "t.csv");
    run(&["export", &session, "--to", "csv", "--out", &out]).ok();
    let table = std::fs::read_to_string(&out).unwrap();
    let n_attempts = std::fs::read_to_string(&session).unwrap().matches("{\"type\":\"attempt\"").count();
    assert_eq!(table.matches("\r\n").count(), n_attempts + 1);
    assert!(table.starts_with("attempt,delivery,number,"), "{table}");
    assert_eq!(run(&["export", &session, "--to", "csv"]).ok(), table);
    assert_eq!(run(&["export", &session, "--to", "csv", "--out", "-"]).ok(), table);
    let text = std::fs::read_to_string(&session).unwrap();
    assert_eq!(run_with(&["export", "-", "--to", "csv"], &text).ok(), table);
    let json = run(&["export", &session, "--to", "json"]).json();
    assert_eq!(json.as_array().map(Vec::len), Some(n_attempts));
}

#[test]
fn packed_and_damaged_sessions_are_exported_with_a_note() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(sample("token-propagation.session.jsonl")).unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    let archive = written(&folder, "s.gz", packer.finish().unwrap());
    let whole = run(&["export", &archive, "--to", "json"]).json();
    let damaged = written(&folder, "s.jsonl", text.replacen("\"number\":2", "\"number\":\"two\"", 1));
    let ran = run(&["export", &damaged, "--to", "json"]);
    assert!(ran.stderr.contains("`number` is \"two\"") && ran.stderr.contains("line "), "{}", ran.stderr);
    let n_attempts = |json: &Value| json.as_array().map_or(0, Vec::len);
    assert_eq!(n_attempts(&ran.json()), n_attempts(&whole) - 1);
}

#[test]
fn secrets_that_a_session_kept_are_aliased() {
    let folder = tempfile::tempdir().unwrap();
    let session = path_in(&folder, "kept.jsonl");
    run(&["run", &sample("token-propagation.plan.json"), "--out", &session, "--secrets", "keep"]).ok();
    let kept = std::fs::read_to_string(&session).unwrap();
    let bearer = kept.split("\"authorization\":\"Bearer ").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    for format in ["csv", "json"] {
        let exported = run(&["export", &session, "--to", format]).ok();
        assert!(!exported.contains(bearer), "{bearer} in {exported}");
    }
}

#[test]
fn a_filter_leaves_the_deliveries_that_it_admits() {
    let session = sample("pendo-busy.session.jsonl");
    let all = run(&["export", &session, "--to", "json"]).json();
    let retried = run(&["export", &session, "--to", "json", "--where", "attempt>1"]).json();
    let deliveries = |json: &Value, least: u64| {
        let attempts = json.as_array().cloned().unwrap_or_default();
        let mut n_attempts = std::collections::BTreeMap::<String, u64>::new();
        for attempt in attempts {
            *n_attempts.entry(attempt["delivery"].to_string()).or_default() += 1;
        }
        n_attempts.retain(|_, count| *count >= least);
        n_attempts
    };
    assert_eq!(deliveries(&retried, 1), deliveries(&all, 2));
    assert!(!deliveries(&retried, 1).is_empty() && deliveries(&retried, 1).len() < deliveries(&all, 1).len());
    let checked = run(&["check", &session, "--where", "attempt>1"]).ok();
    let counts = format!(
        "where       {} of {} deliveries: attempt>1\n",
        deliveries(&retried, 1).len(),
        deliveries(&all, 1).len()
    );
    assert!(checked.contains(&counts), "{checked}");
}

#[test]
fn a_wrong_filter_is_underlined_and_nothing_is_read() {
    for verb in [&["check", "/no/such"][..], &["export", "/no/such", "--to", "csv"]] {
        let ran = run(&[verb, &["--where", "attempt>1 verdct:dropped"]].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
        let place = "there is no field `verdct`, perhaps `verdict`; text that is not meant as one goes in quotes\n  \
                     attempt>1 verdct:dropped\n            ^^^^^^\n";
        assert!(ran.stderr.contains(place), "{}", ran.stderr);
    }
}
