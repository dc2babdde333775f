//! `generate`: large sessions that are like real ones.
use std::collections::BTreeSet;

use crate::program::{path_in, run, run_with};

#[test]
fn a_generated_session_has_what_real_ones_have_and_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder, "large.session.jsonl");
    run(&["generate", "--attempts", "20000", "--seed", "7", "--out", &path]).ok();
    let said = run(&["check", "--quick", "--deny-problems", &path]).ok();
    assert!(said.contains("attempts    20000 with "), "{said}");
    assert!(said.contains("problems    none") && said.contains("\ntwice "), "{said}");
    let text = std::fs::read_to_string(&path).unwrap();
    for wanted in [
        "\"destination\":\"pendo-audiences\"",
        "\"destination\":\"linkedin-audiences\"",
        "\"destination\":\"linkedin-conversions\"",
        "\"destination\":\"destination-function\"",
        "\"refresh\":\"succeeded\"",
        "\"refresh\":\"failed\"",
        "\"decision\":\"discard\"",
        "\"kind\":\"multistatus\"",
        "\"fault\":{\"kind\":\"timeout\"",
        "\"number\":5",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(!text.contains("generated-access-token") && !text.contains("\\u0001"));
    let message_ids: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("{\"type\":\"event\""))
        .filter_map(|line| line.split("\"message_id\":\"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(message_ids.iter().collect::<BTreeSet<_>>().len(), message_ids.len());
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let generated = |seed: &str| run(&["generate", "--attempts", "500", "--seed", seed, "--out", "-"]).ok();
    let session = generated("1");
    assert_eq!(session, generated("1"));
    assert_ne!(session, generated("2"));
    assert_eq!(session.lines().filter(|line| line.starts_with("{\"type\":\"attempt\"")).count(), 500);
    assert!(run_with(&["check", "--deny-problems", "-"], &session).ok().contains("attempts    500 with"));
    assert_eq!(run(&["generate", "--attempts", "0", "--out", "-"]).code, 1);
}

#[test]
fn a_session_is_counted_alike_with_its_bodies_left_in_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder, "large.session.jsonl");
    run(&["generate", "--attempts", "1500", "--seed", "3", "--out", &path]).ok();
    let counts = |said: String| said.split("\nproblems").next().unwrap().to_owned();
    let in_file = run(&["check", "--quick", "--deny-problems", &path]).ok();
    for left_out in ["findings    not looked for; --whole does", "bodies      not looked at; --whole does"] {
        assert!(in_file.contains(left_out), "{in_file}");
    }
    assert_eq!(counts(in_file), counts(run(&["check", "--whole", &path]).ok()));
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(std::fs::metadata(&path).unwrap().len() - 10).unwrap();
    let torn = run(&["check", "--quick", "--deny-problems", &path]);
    assert!(torn.code == 4 && torn.stdout.contains("is cut off; the record in it is lost"), "{}", torn.stdout);
}
