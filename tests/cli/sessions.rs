//! `check`: what is in a session, and what is wrong with it.
use crate::program::{run, run_with, sample, written};

#[test]
fn a_batch_whose_events_went_on_is_not_given_up() {
    let said = run(&["check", &sample("batch-reformed.session.jsonl")]).ok();
    assert!(said.contains("deliveries  3, 2 delivered, 1 gone on in other batches"), "{said}");
}

#[test]
fn check_counts_what_the_window_would_show() {
    let said = run(&["check", "--deny-problems", &sample("pendo-busy-batch.session.jsonl")]).ok();
    for line in [
        "origin      simulated, virtual clock",
        "secrets     aliased",
        "events      4",
        "attempts    3 with 3 exchanges",
        "deliveries  1, 1 partly delivered",
        "problems    none",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

#[test]
fn what_comes_through_a_pipe_is_checked_like_a_file() {
    for name in ["token-propagation.session.jsonl", "pendo-busy-batch.session.jsonl"] {
        let path = sample(name);
        let text = std::fs::read_to_string(&path).unwrap();
        let said = run_with(&["check", "-"], &text).ok();
        assert!(said.contains("\nfindings    ") && !said.contains("--whole does"), "{said}");
        assert_eq!(said, run(&["check", &path]).ok());
        assert!(run_with(&["check", "--quick", "-"], &text).ok().contains("findings    not looked for; --whole does"));
    }
    let said = run_with(&["check", "-"], "no session\n");
    assert_eq!((said.code, said.stdout.as_str()), (2, ""));
}

#[test]
fn check_lists_problems_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(sample("pendo-busy.session.jsonl")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let damaged =
        [&[lines[0], "{broken", lines[1], lines[1], "{\"type\":\"note\"}"][..], &lines[2..]].concat().join("\n");
    let torn = &damaged[..damaged.len() - 10];
    let path = written(&folder, "damaged.session.jsonl", torn);
    let said = run(&["check", &path]).ok();
    assert!(said.contains("problems    3\n  line 2 (byte "), "{said}");
    assert!(said.contains("kept        2 lines"), "{said}");
    assert!(said.contains("is cut off; the record in it is lost"), "{said}");
    assert_eq!(run_with(&["check", "--deny-problems", "-"], torn).code, 4);
}

#[test]
#[cfg(unix)]
fn a_session_is_read_from_a_pipe_as_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let session = std::fs::read(sample("pendo-busy-batch.session.jsonl")).unwrap();
    for arguments in [&["check"][..], &["check", "--quick"]] {
        let (to, session) = (pipe.clone(), session.clone());
        let write = move || std::fs::write(to, session);
        let writer = std::thread::Builder::new().name("writer".to_owned()).spawn(write).unwrap();
        let said = run(&[arguments, &[pipe.to_str().unwrap()]].concat()).ok();
        assert!(said.contains("attempts    3 with 3 exchanges"), "{said}");
        writer.join().unwrap().unwrap();
    }
}
