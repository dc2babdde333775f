//! `simulate`: the embedded remotes over HTTP, for plans with an `endpoint` and for other programs.
use std::io::Write as _;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use serde_json::Value;

use super::args::SimulateArgs;
use super::failure::Failure;
use super::output;
use super::signals::Signals;
use crate::core::duration_words::in_words;
use crate::session::export::text::visible;
use crate::session::secrets::Secrets;
use crate::sim::{Answered, Config, Server};

pub(super) fn simulate(args: &SimulateArgs) -> Result<(), Failure> {
    // Lines that find no room are left out: the server must not wait for a terminal.
    const ROOM: usize = 4096;
    let config = match (&args.config, &args.preset) {
        (Some(path), _) => read_config(path)?,
        (None, Some(preset)) => Value::String(preset.clone()),
        (None, None) => Value::Bool(true),
    };
    let config = Config::from_json(&config).map_err(|error| Failure::Input(format!("failed to simulate: {error}")))?;
    let signals = Signals::new();
    let (sender, answered) = sync_channel(ROOM);
    let wake = signals.wake();
    let watch = move |answer: &Answered| {
        sender.try_send(answer.clone()).unwrap_or_default();
        wake();
    };
    let server = Server::start(config, args.seed, args.port, watch).map_err(|error| Failure::Run(error.to_string()))?;
    let mut out = output::stdout();
    writeln!(out, "Pendo and LinkedIn on http://{} (Ctrl-C ends it)", server.address())?;
    out.flush()?;
    let mut secrets = Secrets::default();
    while signals.wait() {
        for answer in answered.try_iter() {
            let line = line_of(&answer);
            writeln!(out, "{}", visible(&secrets.text(&line)))?;
        }
        out.flush()?;
    }
    server.stop();
    Ok(())
}

/// `2026-11-22T07:31:02.114Z  409  82 ms  pendo.patch  PATCH /api/v1/segment/x/visitor`.
fn line_of(answer: &Answered) -> String {
    let result = match answer.result {
        Ok(status) => status.to_string(),
        Err(fault) => fault.to_string(),
    };
    format!(
        "{}  {result}  {}  {}  {}",
        answer.at.cut_to_millis(),
        in_words(answer.latency),
        answer.operation,
        answer.request
    )
}

/// The value of a plan's `simulator`, by itself or in a plan.
fn read_config(path: &Path) -> Result<Value, Failure> {
    let failure = |what: String| Failure::Input(format!("failed to read {}: {what}", path.display()));
    let text = output::read_text(path).map_err(|error| failure(error.to_string()))?;
    let mut config: Value = serde_json::from_str(&text).map_err(|error| failure(format!("it is not JSON: {error}")))?;
    if config.get("format").is_some_and(|format| format == "delivery-plan") {
        let simulator = config.get_mut("simulator").map(Value::take);
        return simulator.ok_or_else(|| failure("the plan has no `simulator`".to_owned()));
    }
    Ok(config)
}
