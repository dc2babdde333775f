//! `capture` and `simulate` over loopback, and Ctrl-C.
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command};

use serde_json::{Value, json};

use crate::program::{path_in, pendo_event, pendo_plan, program, run, written};

/// A verb that prints its address first.
struct Server {
    child: Child,
    output: BufReader<ChildStdout>,
    address: String,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let mut child = program(args).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let (_, rest) = line.split_once("http://").unwrap();
        let address = rest.split_whitespace().next().unwrap().to_owned();
        Self { child, output, address }
    }

    fn post(&self, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             authorization: Basic d2s6\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all([head.as_bytes(), body.as_bytes()].concat().as_slice()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Interrupts it, and gives its exit code and what it printed after its address.
    fn interrupt(mut self) -> (Option<i32>, String) {
        send_signal(&self.child, "INT");
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

fn send_signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn captured_events_are_in_the_session_when_ctrl_c_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let out = path_in(&folder, "captured.session.jsonl");
    let server = Server::start(&["capture", "--port", "0", "--out", &out]);
    let answer =
        server.post("/v1/batch", r#"{"batch":[{"type":"track","event":"Bought","userId":"u","messageId":"m1"}]}"#);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = server.post("/v1/identify", r#"{"userId":"u","messageId":"m2"}"#);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (code, printed) = server.interrupt();
    assert_eq!(code, Some(0), "{printed}");
    assert!(printed.contains("e1    track \"Bought\" m1") && printed.contains("2 events captured in "), "{printed}");
    let said = run(&["check", "--deny-problems", &out]).ok();
    assert!(said.contains("origin      captured, wall clock") && said.contains("events      2\n"), "{said}");
    let again = run(&["capture", "--port", "0", "--out", &out]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("exists already"), "{}", again.stderr);
}

/// A simulator whose Pendo is busy for the first write to a segment.
fn busy_once(folder: &tempfile::TempDir) -> Server {
    let config = json!({"latency_ms": 1, "pendo": {"busy_first_writes": 1}});
    let config = written(folder, "sim.json", config.to_string());
    Server::start(&["simulate", "--port", "0", "--config", &config])
}

#[test]
fn a_plan_is_run_over_http_against_the_simulator() {
    let folder = tempfile::tempdir().unwrap();
    let server = busy_once(&folder);
    let over = json!({
        "endpoint": format!("http://{}", server.address),
        "pipeline": {"base_delay": "10 ms", "max_delay": "20 ms", "jitter": 0, "max_attempts": 5},
    });
    let plan = written(&folder, "wall.plan.json", pendo_plan(&over));
    let ran = run(&["run", &plan, "--format", "json"]).json();
    let decisions: Vec<&Value> =
        ran["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["verdict"]["decision"]).collect();
    assert_eq!(decisions, ["retry", "delivered"]);
    let request = &ran["attempts"][0]["exchanges"][0]["request"];
    assert_eq!(request["url"], "https://app.eu.pendo.io/api/v1/segment/seg_1/visitor");
    assert_eq!(request["sent_to"], format!("http://{}/api/v1/segment/seg_1/visitor", server.address));
    let (code, printed) = server.interrupt();
    let statuses: Vec<&str> = printed.lines().filter_map(|line| line.split("  ").nth(1)).collect();
    assert_eq!((code, statuses), (Some(0), vec!["409", "200"]), "{printed}");
}

#[test]
fn ctrl_c_ends_a_run_with_its_session_complete() {
    // Takes the connection and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let over = json!({"endpoint": format!("http://{}", silent.local_addr().unwrap())});
    let plan = written(&folder, "silent.plan.json", pendo_plan(&over));
    let out = path_in(&folder, "s.jsonl");
    for signal in ["INT", "TERM"] {
        let child = program(&["run", &plan, "--out", &out]).spawn().unwrap();
        let (_connection, _) = silent.accept().unwrap();
        send_signal(&child, signal);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("was stopped") && said.lines().count() == 1, "{said}");
        assert!(run(&["check", "--deny-problems", &out]).ok().contains("events      1\n"));
    }
}

/// Runs a plan until its session has so many lines, and gives what the program said when it was stopped.
fn stopped_after(n_lines: usize, plan: &str, out: &str) -> String {
    let stopped = program(&["run", plan, "--out", out]).spawn().unwrap();
    while std::fs::read_to_string(out).map_or(0, |text| text.lines().count()) < n_lines {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    send_signal(&stopped, "INT");
    String::from_utf8(stopped.wait_with_output().unwrap().stderr).unwrap()
}

#[test]
fn what_a_stopped_run_left_is_gone_on_with_in_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let server = busy_once(&folder);
    let over = json!({
        "endpoint": format!("http://{}", server.address),
        "pipeline": {"base_delay": "1500 ms", "jitter": 0, "max_attempts": 5},
    });
    let plan = written(&folder, "wall.plan.json", pendo_plan(&over));
    let out = path_in(&folder, "s.session.jsonl");
    let said = stopped_after(3, &plan, &out);
    assert!(said.ends_with(&format!("--resume {out} goes on with what is left\n")), "{said}");
    // A crash can cut the last line off in the middle.
    let whole = std::fs::read_to_string(&out).unwrap();
    std::fs::write(&out, format!("{whole}{{\"type\":\"attempt\",\"id\":\"a2\"")).unwrap();

    let without_the_key = run(&["run", "--resume", &out]);
    assert_eq!(without_the_key.code, 2);
    let said = without_the_key.stderr;
    assert!(said.contains("settings.integrationKey") && said.contains("run PLAN --resume SESSION"), "{said}");

    let resumed = run(&["run", &plan, "--resume", &out, "--format", "json"]).json();
    let attempts = resumed["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 1, "{attempts:?}");
    let told = ["id", "delivery", "number", "trigger"].map(|key| &attempts[0][key]);
    assert_eq!(told, [&json!("a2"), &json!("d1"), &json!(2), &json!("retry")]);
    assert_eq!(attempts[0]["verdict"]["decision"], "delivered");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.starts_with(&whole) && !text.contains("key-of-pendo"), "{text}");
    let exported = run(&["export", &out, "--to", "json"]).json();
    let exported = exported.as_array().unwrap();
    let due = exported[0]["verdict"]["next_attempt_at"].as_str().unwrap();
    assert!(exported[1]["started_at"].as_str().unwrap() >= due, "not before it is due");

    let nothing_left = run(&["run", &plan, "--resume", &out]);
    assert_eq!((nothing_left.code, nothing_left.stdout.as_str()), (0, ""));
    assert!(nothing_left.stderr.contains("nothing waits in"), "{}", nothing_left.stderr);
    server.interrupt();
}

#[test]
fn batches_that_a_stopped_run_left_are_gone_on_with_as_their_kind_says() {
    let (from_a1, nowhere) = (json!({"e1": "a1", "e2": "a1"}), Value::Null);
    for (kind, delivery, number, came_from) in [("stream", "d2", 1, from_a1), ("bulk", "d1", 2, nowhere)] {
        let folder = tempfile::tempdir().unwrap();
        let server = busy_once(&folder);
        let over = json!({
            "endpoint": format!("http://{}", server.address), "mode": "batch",
            "events": [pendo_event("m1"), pendo_event("m2")], "batching": {"kind": kind, "max_size": 2},
            "pipeline": {"base_delay": "1500 ms", "jitter": 0, "max_attempts": 5},
        });
        let plan = written(&folder, "batches.plan.json", pendo_plan(&over));
        let out = path_in(&folder, "s.session.jsonl");
        stopped_after(4, &plan, &out);
        let resumed = run(&["run", &plan, "--resume", &out, "--format", "json"]).json();
        let attempts = resumed["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), 1, "{attempts:?}");
        let told = ["delivery", "number", "events"].map(|key| &attempts[0][key]);
        assert_eq!(told, [&json!(delivery), &json!(number), &json!(["e1", "e2"])]);
        assert_eq!(attempts[0]["verdict"]["facts"]["came_from"], came_from);
        assert_eq!(attempts[0]["verdict"]["decision"], "delivered");
        run(&["check", "--deny-problems", &out]).ok();
        server.interrupt();
    }
}

#[test]
fn what_a_run_left_is_given_up_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let server = busy_once(&folder);
    let over = json!({
        "endpoint": format!("http://{}", server.address), "pipeline": {"base_delay": "1 h", "jitter": 0},
    });
    let plan = written(&folder, "hour.plan.json", pendo_plan(&over));
    let out = path_in(&folder, "s.session.jsonl");
    stopped_after(3, &plan, &out);
    let before = std::fs::read_to_string(&out).unwrap();
    let both = path_in(&folder, "both.session.jsonl");
    for into in [&["--out", &both][..], &[]] {
        let given_up = run(&[&["run", "--resume", &out, "--give-up"], into].concat());
        assert_eq!((given_up.code, given_up.stderr.trim()), (0, "1 event given up"), "no plan is needed for it");
    }
    let exported = run(&["export", &out, "--to", "json"]).json();
    let last = exported.as_array().unwrap().last().unwrap();
    assert_eq!([&last["number"], &last["verdict"]["decision"]], [&json!(2), &json!("discard")]);
    assert_eq!(last["exchanges"], json!([]), "nothing was sent");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.starts_with(&before) && !text.contains("key-of-pendo"), "{text}");
    run(&["check", "--deny-problems", &both]).ok();
    assert!(run(&["run", &plan, "--resume", &out]).stderr.contains("nothing waits in"));
    server.interrupt();
}

#[test]
fn a_session_of_virtual_time_has_nothing_that_waits_for_real() {
    let folder = tempfile::tempdir().unwrap();
    let plan = written(&folder, "v.plan.json", pendo_plan(&json!({"simulator": true})));
    let out = path_in(&folder, "v.session.jsonl");
    run(&["run", &plan, "--out", &out]).ok();
    let refused = run(&["run", "--resume", &out]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("it ran in virtual time"), "{}", refused.stderr);
}
