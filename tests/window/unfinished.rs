//! Runs that end before all is delivered: stopped, or with the program. They are gone on with, or given up.
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use delivery_inspector::app::Start;
use delivery_inspector::core::pending::Unfinished;
use delivery_inspector::core::plan::Plan;
use delivery_inspector::net::engine::{RunOptions, run_to_end, session_header};
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::{plan_file, reader, writer};
use delivery_inspector::sim;
use delivery_inspector::store::{Fate, Session};
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};

use crate::Result;
use crate::harness::Window;
use crate::visitors::visitor;

/// Two visitors one after the other in real time, the first of whom meets a busy Pendo.
fn plan(responses: &[Value], base_delay: &str) -> Result<Plan> {
    let source = json!({
        "format": "delivery-plan", "version": 1, "clock": "wall", "destination": "pendo-audiences",
        "action": "syncAudience", "mode": "single", "events": [visitor("u1", true), visitor("u2", true)],
        "settings": { "integrationKey": "key-of-the-test", "region": "US" },
        "pipeline": { "base_delay": base_delay, "jitter": 0 }, "responses": responses,
    });
    let source = source.as_object().cloned().unwrap_or_default();
    Ok(plan_file::from_source(source, &|_| None)?)
}

fn busy() -> Value {
    json!({ "status": 409, "body": "busy" })
}

fn took() -> Value {
    json!({ "status": 200, "body": { "multistatus": [{ "operation": "add", "status": 200 }] } })
}

/// The session of a run that broke off when the first answer was there.
pub(crate) fn session_cut_off(path: &Path) -> Result<()> {
    let whole = plan(&[busy(), took(), took()], "50ms")?;
    let mut records = Vec::new();
    let broke_off = run_to_end(plan(&[busy()], "50ms")?, &RunOptions::new(sim::in_process), &mut |record| {
        records.push(record);
    });
    assert!(broke_off.is_err(), "the script was used up");
    let secrets = Secrets::aliased(Aliases::of_plan(&whole));
    Ok(writer::save(path, &session_header(&whole), &records, &[], secrets)?)
}

fn fates(session: &Session) -> Vec<Fate> {
    session.deliveries().indices().map(|idx| session.delivery(idx).fate).collect()
}

fn unfinished_in(path: &Path) -> Result<Unfinished> {
    let (session, problems) = reader::read_file(path)?;
    assert_eq!(problems, []);
    Ok(Unfinished::of(session.records))
}

#[test]
fn a_run_that_broke_off_is_gone_on_with_where_it_was() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cut.session.jsonl");
    session_cut_off(&path)?;
    let mut window = Window::open(Start { open: vec![path.clone()], ..Start::default() });
    assert!(window.shows("1 delivery waits for its next attempt"), "{:?}", unfinished_in(&path)?);
    window.click("Go on");
    assert!(!window.shows("This run is not over"));
    assert!(fates(window.session()).iter().all(|fate| *fate == Fate::Delivered), "{:?}", fates(window.session()));
    let numbers: Vec<u32> =
        window.session().attempts().indices().map(|idx| window.session().attempt(idx).number).collect();
    assert!(numbers.contains(&2), "the delivery that waited had its second attempt: {numbers:?}");
    window.ask_for("save");
    assert!(unfinished_in(&path)?.is_empty());
    assert!(!fs::read_to_string(&path)?.contains("key-of-the-test"), "secrets are aliased");
    Ok(())
}

#[test]
fn what_is_left_is_given_up_for_good() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cut.session.jsonl");
    session_cut_off(&path)?;
    let n_events = unfinished_in(&path)?.n_events();
    let mut window = Window::open(Start { open: vec![path.clone()], ..Start::default() });
    window.click("Give up");
    assert!(!window.shows("This run is not over"));
    assert!(window.app().notices().iter().any(|notice| notice.contains(&format!("{n_events} events given up"))));
    assert!(fates(window.session()).iter().all(|fate| *fate == Fate::Dropped), "{:?}", fates(window.session()));
    window.ask_for("save");
    assert!(unfinished_in(&path)?.is_empty(), "nobody is asked again");
    let reopened = Window::open(Start { open: vec![path], ..Start::default() });
    assert!(!reopened.shows("This run is not over"));
    Ok(())
}

#[test]
fn the_question_comes_back_with_the_session() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cut.session.jsonl");
    session_cut_off(&path)?;
    let mut window = Window::open(Start { open: vec![path.clone()], ..Start::default() });
    window.click("Not now");
    assert!(!window.shows("This run is not over"));
    let reopened = Window::open(Start { open: vec![path], ..Start::default() });
    assert!(reopened.shows("This run is not over"));
    Ok(())
}

/// Fires a plan whose first delivery waits for an hour, and looks until it does.
fn fire_and_wait_for_hours(folder: &Path, journals: &Path) -> Result<Window> {
    let path = folder.join("hours.plan.json");
    fs::write(&path, plan_file::to_text(&plan(&[busy(), took(), took()], "1h")?.source))?;
    let start = Start { open: vec![path], fire: true, journals: Some(journals.to_owned()), ..Start::default() };
    let mut window = Window::open_busy(start);
    for _ in 0..1_000 {
        window.0.run_steps(2);
        if window.app().session().is_some_and(|session| session.attempts().len() == 2) {
            return Ok(window);
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("the attempts were not made: {:?}", window.app().notices());
}

#[test]
fn a_run_that_was_cancelled_is_gone_on_with_in_its_tab() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut window = fire_and_wait_for_hours(folder.path(), &folder.path().join("journals"))?;
    window.press_with(Modifiers::COMMAND, Key::Period);
    assert!(window.shows("1 delivery waits for its next attempt"));
    Ok(())
}

#[test]
fn what_was_in_no_file_when_the_program_ended_is_there_again() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let journals = folder.path().join("journals");
    drop(fire_and_wait_for_hours(folder.path(), &journals)?);
    let start = || Start { journals: Some(journals.clone()), ..Start::default() };
    let mut window = Window::open(start());
    assert!(window.shows("One recording was in no file"));
    window.click("Open");
    assert!(!window.shows("Not saved last time") && window.shows("1 delivery waits for its next attempt"));
    assert_eq!(window.session().attempts().len(), 2);
    let saved = folder.path().join("saved.session.jsonl");
    window.ask_for("save as");
    window.type_path(&saved, "Save");
    assert!(!fs::read_to_string(&saved)?.contains("key-of-the-test"), "secrets are aliased");
    drop(window);
    assert!(!Window::open(start()).shows("Not saved last time"), "it is in a file now");
    Ok(())
}

#[test]
fn a_run_that_goes_on_after_it_was_saved_is_still_kept() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let journals = folder.path().join("journals");
    let mut window = fire_and_wait_for_hours(folder.path(), &journals)?;
    let saved = folder.path().join("saved.session.jsonl");
    window.0.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    window.0.run_steps(3);
    window.0.get_by_label("Path").focus();
    window.0.run_steps(2);
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.0.get_by_label("Path").type_text(&saved.display().to_string());
    window.0.run_steps(2);
    window.0.get_by_label("Save").click();
    for _ in 0..1_000 {
        window.0.run_steps(2);
        if window.app().notices().iter().any(|notice| notice.starts_with("Wrote ")) {
            break;
        }
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(unfinished_in(&saved)?.deliveries.len(), 1, "it is in a file, and waits");
    drop(window);
    assert!(Window::open(Start { journals: Some(journals), ..Start::default() }).shows("Not saved last time"));
    Ok(())
}

#[test]
fn what_nobody_wants_is_deleted_when_asked_twice() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let journals = folder.path().join("journals");
    drop(fire_and_wait_for_hours(folder.path(), &journals)?);
    let mut window = Window::open(Start { journals: Some(journals.clone()), ..Start::default() });
    window.click("Delete");
    assert!(window.shows("Not saved last time"), "once is not enough");
    window.click("Delete");
    assert!(!window.shows("Not saved last time"));
    drop(window);
    assert!(!Window::open(Start { journals: Some(journals), ..Start::default() }).shows("Not saved last time"));
    Ok(())
}

#[test]
fn two_programs_do_not_take_each_others_recordings() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let journals = folder.path().join("journals");
    let _runs = fire_and_wait_for_hours(folder.path(), &journals)?;
    assert!(!Window::open(Start { journals: Some(journals), ..Start::default() }).shows("Not saved last time"));
    Ok(())
}
