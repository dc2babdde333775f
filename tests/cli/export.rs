//! `export`: tables and JSON of sessions, wherever they come from.
use std::io::Write as _;

use serde_json::Value;

use crate::program::{path_in, program, run, run_with, sample, written};

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
fn a_session_that_stays_in_its_file_is_exported_as_one_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let large = path_in(&folder, "generated.session.jsonl");
    run(&["generate", "--attempts", "300", "--out", &large]).ok();
    for session in [sample("token-propagation.session.jsonl"), sample("pendo-busy.session.jsonl"), large] {
        let text = std::fs::read_to_string(&session).unwrap();
        for more in [&[][..], &["--where", "attempt>1"], &["--where", "finding:* or body~\"503\""]] {
            for format in ["csv", "json"] {
                let in_memory = run(&[&["export", &session, "--to", format], more].concat()).ok();
                // What comes through a pipe is copied into a file and stays there.
                let in_file = run_with(&[&["export", "-", "--to", format], more].concat(), &text).ok();
                assert!(in_memory == in_file, "{session} {format} {more:?}");
            }
        }
    }
}

#[test]
fn a_record_whose_body_is_damaged_is_left_out_with_a_note() {
    let text = std::fs::read_to_string(sample("pendo-busy.session.jsonl")).unwrap();
    let n_attempts = text.matches("{\"type\":\"attempt\"").count();
    let damaged = text.replacen("\"request\":{", "\"request\":7,\"x\":{", 2);
    let ran = run_with(&["export", "-", "--to", "json"], &damaged);
    assert!(ran.stderr.contains("-: left out: ") && ran.stderr.contains("(1 more)"), "{}", ran.stderr);
    assert_eq!(ran.json().as_array().map(Vec::len), Some(n_attempts - 2));
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_the_older_file_as_it_was_and_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = written(&folder, "t.csv", "older");
    let mut child = program(&["export", "-", "--to", "csv", "--out", &out]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = std::fs::read_to_string(sample("pendo-busy.session.jsonl")).unwrap();
    input.write_all(text.as_bytes()).unwrap();
    // More than a pipe holds: once it is written, the program reads, and has listened before.
    let padding = "{\"type\":\"note\"}\n".repeat(1 << 16);
    input.write_all(padding.as_bytes()).unwrap();
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    std::thread::sleep(std::time::Duration::from_millis(200));
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(&format!("the export was stopped; nothing was written to {out}")), "{said}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "older");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
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
