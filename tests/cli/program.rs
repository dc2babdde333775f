//! Runs the program.
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// What a run of the program left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The output, of a run that must have gone well.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }

    /// Standard output as JSON, of a run that must have gone well.
    pub(crate) fn json(self) -> Value {
        serde_json::from_str(&self.ok()).unwrap()
    }
}

/// The program with arguments, without a display, not started yet.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_delivery-inspector"));
    program.args(args).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    program
}

/// Runs the program to its end with some standard input.
pub(crate) fn run_with(args: &[&str], input: &str) -> Ran {
    let mut child = program(args).spawn().unwrap();
    // A program that fails before it reads closes the pipe.
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap_or_default();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs the program to its end.
pub(crate) fn run(args: &[&str]) -> Ran {
    run_with(args, "")
}

/// A file that comes with the program.
pub(crate) fn sample(name: &str) -> String {
    format!("{}/sample-sessions/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A file in a folder, as an argument.
pub(crate) fn path_in(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().unwrap().to_owned()
}

/// Writes a file into a folder and gives its path.
pub(crate) fn written(folder: &tempfile::TempDir, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = path_in(folder, name);
    std::fs::write(Path::new(&path), content).unwrap();
    path
}

/// A plan for Pendo with fields laid over it; a null takes one away.
pub(crate) fn pendo_plan(over: &Value) -> String {
    let mut plan = json!({
        "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T00:00:00Z",
        "destination": "pendo-audiences", "action": "syncAudience", "mode": "single",
        "settings": {"integrationKey": "key-of-pendo", "region": "EU"},
        "events": [pendo_event("m1")],
    });
    let fields = plan.as_object_mut().unwrap();
    for (key, value) in over.as_object().unwrap() {
        if value.is_null() {
            fields.shift_remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    plan.to_string()
}

/// An event that Pendo's default mapping takes.
pub(crate) fn pendo_event(message_id: &str) -> Value {
    json!({
        "type": "track", "event": "Audience Entered", "messageId": message_id, "userId": "u1",
        "properties": {"trial": true, "audience_key": "trial"},
        "context": {"personas": {
            "computation_class": "audience", "computation_key": "trial", "computation_id": "aud_1", "space_id": "spa_1",
            "external_audience_id": "seg_1",
        }},
    })
}

/// What Pendo answers when it took the event.
pub(crate) fn pendo_took_it() -> Value {
    let operations = json!([{"status": 200, "message": "success", "operation": "add"}]);
    json!({"status": 200, "body": {"multistatus": operations}, "delay_ms": 40})
}
