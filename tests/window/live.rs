//! Runs in real time as they are seen while they go on.
use std::path::PathBuf;
use std::time::Duration;

use delivery_inspector::app::Start;
use egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::json;

use crate::Result;
use crate::harness::Window;

/// A plan of so many visitors that Pendo takes in real time, some of them at once.
fn plan(folder: &tempfile::TempDir, n_events: usize, latency_millis: u64, spread: &str) -> Result<PathBuf> {
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
    let plan = json!({
        "format": "delivery-plan", "version": 1, "name": "Live", "destination": "pendo-audiences",
        "action": "syncAudience", "clock": "wall", "seed": 3, "spread": spread,
        "settings": { "integrationKey": "k", "region": "EU" },
        "pipeline": { "max_attempts": 2, "base_delay": "300 ms", "max_delay": "300 ms", "jitter": 0.0 },
        "simulator": { "latency_ms": [latency_millis, latency_millis], "pendo": { "write_ms": 0 } },
        "events": (1..=n_events).map(event).collect::<Vec<_>>(),
    });
    let path = folder.path().join("live.plan.json");
    std::fs::write(&path, plan.to_string())?;
    Ok(path)
}

/// Opens a plan and fires it; the run goes on.
fn fired(path: PathBuf) -> Window {
    Window::open_busy(Start { open: vec![path], fire: true, ..Start::default() })
}

/// Draws frames until something can be seen, for at most ten seconds.
#[track_caller]
fn wait_for(window: &mut Window, label: &str) {
    for _ in 0..500 {
        window.0.run_steps(2);
        if window.shows(label) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{label} never came; {:?}", window.app().notices());
}

#[test]
fn an_attempt_has_a_row_as_soon_as_it_has_begun() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut window = fired(plan(&folder, 2, 3_000, "0 s")?);
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
    std::thread::sleep(Duration::from_millis(250));
    window.0.run_steps(2);
    assert!(width(&window) > before + 20.0, "the bar grows: {before} and {}", width(&window));
    window.settle();
    assert!(!window.shows("under way"), "its own row takes its place");
    assert!(window.shows("table row m-1, Audience Entered, delivered"));
    Ok(())
}

#[test]
fn a_live_run_is_followed_until_people_look_elsewhere() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut window = fired(plan(&folder, 200, 30, "25 s")?);
    window.0.set_size(egui::vec2(1000.0, 500.0));
    wait_for(&mut window, "Table panel");
    window.0.get_by_label("Table panel").click();
    wait_for(&mut window, "table row");
    let n_attempts = |window: &Window| window.session().attempts().len();
    let last_row = |window: &Window| {
        let mut rows = window.0.query_all_by_label_contains("table row").filter_map(|row| row.accesskit_node().label());
        rows.next_back().unwrap_or_default()
    };
    for _ in 0..500 {
        window.0.run_steps(2);
        if n_attempts(&window) > 30 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let newest = last_row(&window);
    assert!(n_attempts(&window) > 30 && n_attempts(&window) < 150, "it goes on");
    std::thread::sleep(Duration::from_millis(500));
    window.0.run_steps(2);
    assert_ne!(last_row(&window), newest, "the table follows");

    let at = window.0.get_by_label("deliveries").rect().center();
    window.0.hover_at(at);
    window.0.run_steps(2);
    window.0.event(egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: Vec2::new(0.0, 400.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    window.0.run_steps(30);
    let before = last_row(&window);
    let n_before = n_attempts(&window);
    std::thread::sleep(Duration::from_millis(500));
    window.0.run_steps(4);
    assert!(n_attempts(&window) > n_before, "more came");
    assert_eq!(last_row(&window), before, "who has scrolled away stays there");
    Ok(())
}

/// Two attempts begin at once; before the first of them ends, both have a row.
#[test]
fn while_virtual_time_is_stepped_what_has_begun_has_a_row_too() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let text = std::fs::read_to_string(plan(&folder, 2, 700, "0 s")?)?.replace("\"wall\"", "\"virtual\"");
    let path = folder.path().join("virtual.plan.json");
    std::fs::write(&path, text)?;
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
