//! `run --seeds`: a plan under many seeds.
use serde_json::{Value, json};

use crate::program::{pendo_plan, run, run_with, sample, written};

const BUSY: &str = "pendo-busy.plan.json";

fn runs_of(distribution: &Value) -> &[Value] {
    distribution["runs"].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn every_run_is_the_run_of_its_seed() {
    let plan = sample(BUSY);
    let distribution = run(&["run", &plan, "--seeds", "12", "--seed", "40", "--format", "json"]).json();
    assert_eq!((runs_of(&distribution).len(), &distribution["finished"]), (12, &json!(12)));
    let mut attempts = Vec::new();
    for measured in runs_of(&distribution) {
        let seed = measured["seed"].to_string();
        let alone = run(&["run", &plan, "--seed", &seed, "--format", "json"]).json();
        for figure in ["delivered", "attempts", "requests"] {
            assert_eq!(measured[figure], alone["summary"][figure], "{figure} of seed {seed}");
        }
        attempts.push(measured["attempts"].as_u64().unwrap());
    }
    attempts.sort_unstable();
    let spread = &distribution["spread"]["attempts"];
    assert_eq!((&spread["least"], &spread["most"]), (&json!(attempts[0]), &json!(attempts[11])));
    assert_eq!(spread["p50"], json!(attempts[5]), "nearest rank");
}

#[test]
fn the_text_tells_spreads_times_and_bars() {
    let ran = run(&["run", &sample(BUSY), "--seeds", "50"]).ok();
    let title = "Pendo busy twice · 4 events · 50 seeds, 7 to 56 · pipeline segment-destinations\n";
    assert!(ran.starts_with(title), "{ran}");
    for expected in ["\ndelivered ", "\npeak requests in 1 s ", "\ntime to delivery  p50 ", " % █"] {
        assert!(ran.contains(expected), "{expected:?} in {ran}");
    }
}

#[test]
fn what_cannot_be_run_under_many_seeds_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let wall = written(&folder, "wall.plan.json", pendo_plan(&json!({"simulator": "pendo-busy", "clock": "wall"})));
    let short = pendo_plan(&json!({"responses": []}));
    for (args, input, code, words) in [
        (&["run", &wall, "--seeds", "3"][..], "", 1, "real time"),
        (&["run", "-", "--seeds", "3"], &short, 3, "every run broke off"),
        (&["run", "-", "--seeds", "0"], &short, 1, "0 is not in"),
        (&["run", "-", "--seeds", "3", "--out", "x"], &short, 1, "cannot be used with"),
    ] {
        let ran = run_with(args, input);
        assert_eq!(ran.code, code, "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{words:?} in {}", ran.stderr);
    }
}
