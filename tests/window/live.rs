//! Runs in real time as they are seen while they go on.
use std::path::PathBuf;
use std::time::Duration;

use delivery_inspector::app::Start;
use egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::{Value, json};

use crate::Result;
use crate::harness::Window;
use crate::held::Held;

/// A plan of so many visitors, to whatever `remote` says.
fn plan(folder: &tempfile::TempDir, n_events: usize, clock: &str, remote: (&str, Value)) -> Result<PathBuf> {
    let event = |number: usize| {
        json!({
            "type": "track", "event": "Audience Entered", "messageId": format!("m-{number}"),
            "userId": format!("user-{number}"), "timestamp": "2026-11-22T07:31:02Z",
            "properties": { "audience_key": "beta", "beta": true },
            "context": { "personas": {
                "computation_class": "audience", "computation_id": "aud_1", "computation_key": "beta",
                "external_audience_id": "seg-beta",
            } },
        })
    };
    let mut plan = json!({
        "format": "delivery-plan", "version": 1, "name": "Live", "destination": "pendo-audiences",
        "action": "syncAudience", "clock": clock, "seed": 3,
        "settings": { "integrationKey": "k", "region": "EU" },
        "pipeline": { "max_attempts": 2, "base_delay": "300 ms", "max_delay": "300 ms", "jitter": 0.0 },
        "events": (1..=n_events).map(event).collect::<Vec<_>>(),
    });
    plan[remote.0] = remote.1;
    let path = folder.path().join("live.plan.json");
    std::fs::write(&path, plan.to_string())?;
    Ok(path)
}

/// Fires a plan of so many visitors in real time; the run goes on until `held` answers.
fn fired(folder: &tempfile::TempDir, n_events: usize, held: &Held) -> Result<Window> {
    let path = plan(folder, n_events, "wall", ("endpoint", held.address().into()))?;
    Ok(Window::open_busy(Start { open: vec![path], fire: true, ..Start::default() }))
}

/// Draws frames until something is so, for at most twenty seconds: nothing is read off how long that takes.
#[track_caller]
fn wait_until(window: &mut Window, what: &str, mut is_so: impl FnMut(&Window) -> bool) {
    for _ in 0..2_000 {
        window.0.run_steps(2);
        if is_so(window) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what} never came; {:?}", window.app().notices());
}

#[track_caller]
fn wait_for(window: &mut Window, label: &str) {
    wait_until(window, label, |window| window.shows(label));
}

fn n_attempts(window: &Window) -> usize {
    window.session().attempts().len()
}

#[test]
fn an_attempt_has_a_row_as_soon_as_it_has_begun() -> Result<()> {
    let (folder, held) = (tempfile::tempdir()?, Held::listen()?);
    let mut window = fired(&folder, 2, &held)?;
    wait_for(&mut window, "attempt 1 under way, m-1");
    window.0.get_by_label("Table panel").click();
    window.0.run_steps(2);
    assert!(window.session().attempts().is_empty(), "nothing has ended");
    assert!(window.shows("first attempt under way, "), "under a head of their own");
    assert!(window.shows("user-1, Audience Entered, m-1, under way"));
    let row = window.0.get_by_label("table row m-1, Audience Entered, under way");
    assert!(row.value().is_some_and(|since| since.starts_with("since +0.0")), "{:?}", row.value());
    let width = |window: &Window| window.0.get_by_label("attempt 1 under way, m-1").rect().width();
    let before = width(&window);
    wait_until(&mut window, "a longer bar", |window| width(window) > before + 20.0);
    held.answer(2);
    window.settle();
    assert!(!window.shows("under way"), "its own row takes its place");
    assert!(window.shows("table row m-1, Audience Entered, delivered"));
    Ok(())
}

#[test]
fn what_has_only_begun_can_be_selected_and_stays_selected_when_it_ends() -> Result<()> {
    let (folder, held) = (tempfile::tempdir()?, Held::listen()?);
    let mut window = fired(&folder, 2, &held)?;
    wait_for(&mut window, "attempt 1 under way, m-2");
    window.0.get_by_label("attempt 1 under way, m-2").click();
    wait_for(&mut window, "Under way · ");
    wait_for(&mut window, "It waits for the answer to the delivery by ");
    for label in ["pendo-audiences · syncAudience", "Audience Entered for user-2", "Request sent", "Event payload"] {
        assert!(window.shows(label), "{label}");
    }
    window.0.get_by_label("Table panel").click();
    window.0.run_steps(2);
    assert_eq!(window.selected_row().as_deref(), Some("table row m-2, Audience Entered, under way"));
    for (key, row) in [(Key::ArrowUp, "m-1"), (Key::ArrowUp, "m-1"), (Key::ArrowDown, "m-2"), (Key::Home, "m-1")] {
        window.0.key_press(key);
        window.0.run_steps(2);
        let selected = window.selected_row().unwrap_or_default();
        assert!(selected.contains(row), "{key:?}: {selected}");
    }
    window.0.key_press(Key::Escape);
    window.0.run_steps(2);
    assert_eq!(window.selected_row(), None);
    window.0.get_by_label("table row m-1, Audience Entered, under way").click();
    window.0.run_steps(3);
    held.answer(2);
    window.settle();
    assert_eq!(window.selected_row().as_deref(), Some("table row m-1, Audience Entered, delivered"));
    assert!(window.shows("Delivered") && !window.shows("It waits for"), "the verdict has taken its place");
    Ok(())
}

#[test]
fn a_filter_shows_what_it_is_sure_of_and_counts_what_it_cannot_tell() -> Result<()> {
    let (folder, held) = (tempfile::tempdir()?, Held::listen()?);
    let mut window = fired(&folder, 3, &held)?;
    wait_for(&mut window, "attempt 1 under way, m-3");
    for (filter, n_rows, told) in [
        ("user:user-2", 1, "none of 0 · 1 under way"),
        ("dest:pendo", 3, "none of 0 · 3 under way"),
        ("dest:linkedin", 0, "none of 0"),
        ("verdict:pending", 3, "none of 0 · 3 under way"),
        ("verdict:dropped", 0, "none of 0 · 3 under way hidden"),
        ("user:user-2 status:200", 0, "none of 0 · 1 under way hidden"),
        ("user:user-2 or status:200", 1, "none of 0 · 1 under way · 2 under way hidden"),
    ] {
        window.focus("Filter");
        window.0.key_press_modifiers(Modifiers::COMMAND, Key::A);
        window.0.get_by_label("Filter").type_text(filter);
        window.0.run_steps(3);
        assert_eq!(window.0.query_all_by_label_contains("attempt 1 under way, m-").count(), n_rows, "{filter}");
        assert!(window.0.query_by_label(told).is_some(), "{filter}");
    }
    held.answer(3);
    window.settle();
    assert!(window.0.query_by_label("3 of 3 deliveries").is_some(), "now it can be told");
    Ok(())
}

#[test]
fn what_is_given_up_while_its_first_attempt_is_under_way_ends_at_once() -> Result<()> {
    let (folder, held) = (tempfile::tempdir()?, Held::listen()?);
    let mut window = fired(&folder, 1, &held)?;
    wait_for(&mut window, "attempt 1 under way, m-1");
    window.0.get_by_label("attempt 1 under way, m-1").click();
    wait_for(&mut window, "Give up delivery");
    window.0.get_by_label("Give up delivery").click();
    window.settle();
    assert_eq!(n_attempts(&window), 1);
    assert!(window.shows("Dropped") && !window.shows("It waits for"), "nobody had answered");
    Ok(())
}

#[test]
fn a_live_run_is_followed_until_people_look_elsewhere() -> Result<()> {
    let (folder, held) = (tempfile::tempdir()?, Held::listen()?);
    let mut window = fired(&folder, 200, &held)?;
    window.0.set_size(egui::vec2(1000.0, 500.0));
    wait_for(&mut window, "Table panel");
    window.0.get_by_label("Table panel").click();
    wait_for(&mut window, "table row");
    // The first in sight: among the last ones a delivery that began earlier may still come in between.
    let row = |window: &Window| {
        let mut rows = window.0.query_all_by_label_contains("table row").filter_map(|row| row.accesskit_node().label());
        rows.next().unwrap_or_default()
    };
    let go_on = |window: &mut Window, n_answers: usize| {
        let wanted = n_attempts(window) + n_answers;
        held.answer(n_answers);
        wait_until(window, "an end", |window| n_attempts(window) >= wanted);
        window.0.run_steps(2);
    };
    go_on(&mut window, 30);
    let newest = row(&window);
    go_on(&mut window, 10);
    assert_ne!(row(&window), newest, "the table follows");

    let at = window.0.get_by_label("deliveries").rect().center();
    window.0.hover_at(at);
    window.0.run_steps(2);
    window.0.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: Vec2::new(0.0, 4_000.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    window.0.run_steps(30);
    let before = row(&window);
    go_on(&mut window, 10);
    assert_eq!(row(&window), before, "who has scrolled away stays there");
    Ok(())
}

/// Two attempts begin at once; before the first of them ends, both have a row.
#[test]
fn while_virtual_time_is_stepped_what_has_begun_has_a_row_too() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let slow = json!({ "latency_ms": [700, 700], "pendo": { "write_ms": 0 } });
    let path = plan(&folder, 2, "virtual", ("simulator", slow))?;
    let mut window = Window::open(Start { open: vec![path], ..Start::default() });
    window.0.key_press(Key::F9);
    window.settle();
    assert!(!window.shows("under way, m-"), "nothing has begun");
    window.click("Table panel");
    window.click("Let pass…");
    window.click("100 ms");
    assert!(window.session().attempts().is_empty(), "nothing has ended");
    assert!(window.shows("Stands at +0.100 s") && window.shows("now +0.100 s"));
    for label in ["attempt 1 under way, m-1", "attempt 1 under way, m-2", "table row m-2, Audience Entered, under way"]
    {
        assert!(window.shows(label), "{label}");
    }
    window.0.key_press(Key::F10);
    window.settle();
    assert!(window.shows("table row m-1, Audience Entered, delivered"));
    Ok(())
}
