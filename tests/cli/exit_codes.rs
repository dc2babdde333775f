//! 0 fine, 1 wrong usage, 2 unreadable input, 3 the run failed, 4 an expectation was not met; and errors are sentences.
use serde_json::json;

use crate::program::{pendo_plan, pendo_took_it, run, sample, written};

#[test]
fn every_way_to_end_has_its_code() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| written(&folder, name, content);
    let plan = sample("pendo-busy.plan.json");
    let session = sample("pendo-busy.session.jsonl");
    let broken_plan = file("broken.plan.json", "{\"format\": \"delivery-plan\",");
    let wrong_plan = file("wrong.plan.json", &pendo_plan(&json!({"mode": "bulk"})));
    let short_script = file("short.plan.json", &pendo_plan(&json!({"responses": []})));
    let no_events = file("no-events.plan.json", &pendo_plan(&json!({"responses": [], "events": null})));
    let torn = file("torn.session.jsonl", &std::fs::read_to_string(&session).unwrap().trim_end()[..5000]);
    let text = file("notes.txt", "hello\n");
    for (args, code) in [
        (&["--version"][..], 0),
        (&["--help"], 0),
        (&["run", &plan], 0),
        (&["check", &session], 0),
        (&["check", &torn], 0),
        (&["--bogus"], 1),
        (&["walk"], 1),
        (&["run"], 1),
        (&["run", &plan, "--format", "xml"], 1),
        (&["run", &plan, "--secrets", "perhaps"], 1),
        (&["run", &plan, "--out", "-", "--format", "json"], 1),
        (&["run", "-", "--events", "-"], 1),
        (&["export", &session], 1),
        (&["export", &session, "--to", "pdf"], 1),
        (&["capture", "--port", "99999"], 1),
        (&["capture", "--out", &session], 1),
        (&["run", "no-such.plan.json"], 2),
        (&["run", &broken_plan], 2),
        (&["run", &wrong_plan], 2),
        (&["run", &no_events], 2),
        (&["run", &session], 2),
        (&["run", &plan, "--events", &text], 2),
        (&["check", "no-such.session.jsonl"], 2),
        (&["check", &plan], 2),
        (&["check", &text], 2),
        (&["export", &text, "--to", "csv"], 2),
        (&["conformance", &plan], 2),
        (&["simulate", "--preset", "nonsense"], 2),
        (&["simulate", "--config", &text], 2),
        (&["no-such.session.jsonl"], 2),
        (&["run", &short_script], 3),
        (&["run", &plan, "--out", "no/such/folder/s.jsonl"], 3),
        (&["export", &session, "--to", "csv", "--out", "no/such/folder/s.csv"], 3),
        (&[&session], 3),
        (&["check", "--deny-problems", &torn], 4),
    ] {
        let ran = run(args);
        assert_eq!(ran.code, code, "{args:?}\n{}", ran.stderr);
        assert_eq!(ran.stderr.is_empty(), code == 0, "{args:?}\n{}", ran.stderr);
        let is_sentence = ran.stderr.lines().count() <= 1;
        assert!(is_sentence || code == 1, "{args:?}\n{}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{args:?}\n{}", ran.stderr);
    }
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = written(&folder, "wrong.plan.json", pendo_plan(&json!({"responses": [{"status": "ok"}]})));
    let unset = json!({"responses": [pendo_took_it()], "settings": {"integrationKey": "$env:INSPECTOR_TEST_UNSET"}});
    let unset = written(&folder, "unset.plan.json", pendo_plan(&unset));
    let short = written(&folder, "short.plan.json", pendo_plan(&json!({"responses": []})));
    for (args, parts) in [
        (
            ["run", &wrong],
            &["failed to read the plan ", "wrong.plan.json", "`responses[0].status` is \"ok\"", "it must be"][..],
        ),
        (["run", &unset], &["`settings.integrationKey`", "INSPECTOR_TEST_UNSET", "not set"]),
        (["run", &short], &["failed to run ", "https://app.eu.pendo.io/api/v1/segment/seg_1/visitor"]),
        (["check", &wrong], &["failed to read a session", "delivery plan", "`delivery-inspector run`"]),
        (["check", "gone.jsonl"], &["failed to open gone.jsonl"]),
    ] {
        let said = run(&args).stderr;
        assert!(parts.iter().all(|part| said.contains(part)), "{args:?}: {said}");
    }
}

#[test]
fn without_a_display_the_verbs_are_named() {
    let session = sample("pendo-busy.session.jsonl");
    for args in [&[][..], &[session.as_str()]] {
        let ran = run(args);
        assert_eq!((ran.code, ran.stderr.lines().count()), (3, 1));
        for verb in ["run", "export", "check", "capture", "simulate", "conformance"] {
            assert!(ran.stderr.contains(&format!("`{verb}`")), "{}", ran.stderr);
        }
    }
}

#[test]
fn every_verb_explains_itself_with_examples() {
    for verb in ["run", "export", "capture", "check", "simulate", "conformance"] {
        let help = run(&[verb, "--help"]).ok();
        assert!(help.contains(&format!("delivery-inspector {verb}")) && help.contains("Examples:"), "{help}");
        assert!(run(&["--help"]).ok().contains(&format!("\n  {verb} ")), "{verb}");
    }
}

#[test]
fn conformance_counts_what_agrees_and_shows_what_differs() {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference-cases/cases.jsonl");
    let text = std::fs::read_to_string(cases).unwrap();
    let pendo: Vec<&str> = text.lines().filter(|line| line.contains("\"id\":\"pendo-")).take(3).collect();
    let folder = tempfile::tempdir().unwrap();
    let good = written(&folder, "good.jsonl", pendo.join("\n"));
    let agreed = run(&["conformance", &good]).ok();
    assert!(agreed.contains("3 of 3"), "{agreed}");
    let wrong = pendo.join("\n").replace("\"token_refreshes\":0", "\"token_refreshes\":7");
    let wrong = written(&folder, "wrong.jsonl", wrong);
    let differed = run(&["conformance", &wrong, "--show", "1"]);
    assert_eq!(differed.code, 4);
    assert!(differed.stdout.contains("token_refreshes: expected 7, ours 0"), "{}", differed.stdout);
    assert!(differed.stderr.contains("3 of 3 cases differ") && differed.stderr.contains("2 are not shown"));
}
