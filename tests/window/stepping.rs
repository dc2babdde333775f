//! Stepping through a run in virtual time, pausing it at decisions, and looking at instants of it.
use std::path::Path;

use delivery_inspector::app::Start;
use delivery_inspector::session::reader;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use super::Result;
use super::harness::Window;

/// The composer with the plan of an example.
fn composing(name: &str) -> Window {
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sample-sessions/{name}.plan.json"));
    Window::open(Start { open: vec![plan], ..Start::default() })
}

fn press(window: &mut Window, key: Key) {
    window.press(key);
}

/// Four visitors; Pendo is busy with the segment for 200 seconds.
#[test]
fn a_plan_is_stepped_through_from_before_its_first_attempt_to_its_end() -> Result<()> {
    let mut window = composing("pendo-busy");
    press(&mut window, Key::F9);
    assert!(window.shows("Stands at +0.000 s"));
    assert!(window.shows("before the first attempt"));
    assert!(window.shows("Next: 4 deliveries begin now"));
    assert_eq!((window.session().n_events(), window.session().attempts().len()), (4, 0));

    press(&mut window, Key::F10);
    press(&mut window, Key::F10);
    assert_eq!(window.session().attempts().len(), 2);
    assert!(window.shows("attempt 1 of m-8001 ended: 409, retry"));
    assert!(window.shows("PENDO-409-CONFLICT"), "the attempt that ended is the one that is explained");
    assert!(window.shows("2 in flight · 1 waiting"));
    assert!(window.shows("waits 2 m 59 s for the next attempt, m-8001"), "what is pending stands on the timeline");
    assert!(window.shows("now +0.079 s"));

    press(&mut window, Key::F11);
    assert!(window.shows("attempt 2 of m-8003 begins"));
    assert!(window.shows("attempt 2 under way, m-8003"));
    assert_eq!(window.session().attempts().len(), 4);

    press(&mut window, Key::F8);
    assert!(window.has_told("3 delivered, 1 dropped"));
    assert!(!window.shows("Stands at") && !window.shows("now +"), "the strip goes with the run");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions/pendo-busy.session.jsonl");
    let (expected, _) = reader::read_file(&sample)?;
    let stepped: Vec<_> = window.session().records().collect::<std::result::Result<_, _>>()?;
    assert_eq!(stepped.len(), expected.records.len(), "as many records as without steps");
    Ok(())
}

#[test]
fn a_run_pauses_at_the_decisions_that_are_ticked() {
    let mut window = composing("token-propagation");
    press(&mut window, Key::F9);
    window.click("token refresh");
    window.click("Run on");
    assert!(window.shows("ended: 401, retry, pauses at token refresh"));
    assert_eq!(window.session().attempts().len(), 1);
    window.click("token refresh");
    window.click("Run on");
    assert_eq!(window.session().attempts().len(), 8, "nothing pauses it any more");
}

#[test]
fn time_passes_and_a_standing_run_is_stopped() {
    let mut window = composing("pendo-busy");
    press(&mut window, Key::F9);
    window.click("Let pass…");
    window.click("1 m");
    assert!(window.shows("Stands at +1:00.000") && window.shows("the time is over that was to pass"));
    assert_eq!(window.session().attempts().len(), 4);
    window.click("Stop");
    assert!(!window.shows("Stands at"));
    assert_eq!(window.session().attempts().len(), 4);
    assert!(window.has_told("unfinished"), "{:?}", window.app().notices());
}

#[test]
fn the_plan_of_a_session_is_stepped_through_again_and_real_time_is_not() {
    let mut window = Window::sample();
    window.press_with(Modifiers::SHIFT, Key::F9);
    assert!(window.shows("Stands at +0.000 s") && window.shows("Next: 4 deliveries begin now"));
    window.ask_for("next decision");
    assert_eq!(window.session().attempts().len(), 1);

    let mut window = Window::sample();
    window.ask_for("next attempt");
    assert!(window.shows("Next attempt: No run stands in this session"), "the palette says why not");
    window.press(Key::Escape);
    window.click("Fire…");
    window.click("real time");
    press(&mut window, Key::F9);
    assert!(window.shows("Real time cannot be stepped through"));
    window.click("real time");
    window.click("Step through");
    assert!(window.shows("Stands at +0.000 s") && window.shows("Next: 1 delivery begins now"));
    window.click("Next attempt");
    assert_eq!(window.session().attempts().len(), 1);
}

/// Eight attempts of four deliveries that race for a LinkedIn token.
#[test]
fn a_finished_session_is_looked_at_instant_by_instant() {
    let mut window = Window::sample();
    press(&mut window, Key::Period);
    assert!(window.shows("playhead at +0.000 s") && window.shows("4 in flight"), "all began at once");
    assert!(window.shows("attempt 1 is under way, since 0 ms"), "the inspector tells it of the selected delivery");
    assert!(window.shows("attempt 1 of 2, 401, retry, m-7f21, under way at the playhead"));
    assert!(window.shows("attempt 2 of 2, 200, delivered, m-7f21, after the playhead"));
    assert!(window.shows("token gen 1"));
    for _ in 0..4 {
        press(&mut window, Key::Period);
    }
    assert!(window.shows("4 waiting") && window.shows("token gen 5"), "each has refreshed");
    assert!(window.shows("it waits for attempt 2, due in "));
    press(&mut window, Key::Comma);
    assert!(window.shows("1 in flight") && window.shows("3 waiting"));

    press(&mut window, Key::Escape);
    assert!(!window.shows("playhead at"), "Escape closes it before it drops the selection");
    assert!(window.shows("LINKEDIN-TOKEN-PROPAGATION"));
    press(&mut window, Key::Comma);
    assert!(window.shows("4 delivered") && window.shows("it is over: delivered"), "the last event of all");
    window.click("Previous event");
    assert!(window.shows("3 delivered") && window.shows("1 in flight"));
    window.click("Close the playhead");
    assert!(!window.shows("playhead at"));
}

#[test]
fn the_playhead_is_dragged_along_the_ruler() {
    let mut window = Window::sample();
    let ruler = window.0.get_by_label("Playhead: click or drag to look at an instant").rect();
    let y = ruler.center().y;
    let at = |share: f32| egui::pos2(ruler.left() + ruler.width() * share, y);
    window.0.drag_at(at(0.2));
    window.0.run_steps(2);
    window.0.hover_at(at(0.3));
    window.0.run_steps(2);
    assert!(window.shows("4 waiting"), "between the first attempts and the retries");
    window.0.hover_at(at(0.95));
    window.0.run_steps(2);
    window.0.drop_at(at(0.95));
    window.0.run_steps(2);
    assert!(window.shows("4 delivered"));
    assert!(window.shows("attempt 1 of 2, 401, retry, m-7f21"), "nothing is ahead of it any more");
}
