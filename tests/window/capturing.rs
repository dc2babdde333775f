//! Capture in the window: what a Segment SDK on this machine sends.
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

use delivery_inspector::app::Start;
use delivery_inspector::session::reader;
use egui::{Key, Modifiers};
use serde_json::json;

use crate::Result;
use crate::harness::Window;

/// Switches capture on, at a port that is free, and gives where it listens.
fn capture(folder: &Path) -> Result<(Window, String)> {
    let settings = folder.join("settings.json");
    fs::write(&settings, json!({ "capture_port": 0 }).to_string())?;
    let journals = Some(folder.join("journals"));
    let mut window = Window::open(Start { settings_path: Some(settings), journals, ..Start::default() });
    window.press_with(Modifiers::COMMAND, Key::L);
    let name = window.session().header().name.clone();
    let address = name.strip_prefix("Captured on ").ok_or("it does not listen")?;
    Ok((window, address.to_owned()))
}

/// Sends an event, and draws frames until the session has so many.
fn send(window: &mut Window, address: &str, message_id: &str, n_events: usize) -> Result<()> {
    let event =
        json!({ "type": "track", "event": "Order Completed", "userId": "u1", "messageId": message_id }).to_string();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST /v1/track HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic a2V5Og==\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{event}",
        event.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for _ in 0..1_000 {
        window.0.run_steps(2);
        if window.session().n_events() == n_events {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("the event did not come: {:?}", window.app().notices());
}

#[test]
fn what_is_captured_after_the_session_was_saved_is_still_kept() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut window, address) = capture(folder.path())?;
    send(&mut window, &address, "m-1", 1)?;
    let saved = folder.path().join("saved.session.jsonl");
    window.ask_for("save as");
    window.type_path(&saved, "Save");
    assert!(window.has_told("Wrote "), "{:?}", window.app().notices());
    send(&mut window, &address, "m-2", 2)?;
    assert_eq!(reader::read_file(&saved)?.0.records.len(), 1, "the file is as it was saved");
    // The program ends without saving again.
    drop(window);
    let mut window = Window::open(Start { journals: Some(folder.path().join("journals")), ..Start::default() });
    assert!(window.shows("One recording was in no file"));
    window.click("Open");
    assert_eq!(window.session().n_events(), 2);
    Ok(())
}
