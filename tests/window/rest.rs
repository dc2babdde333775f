//! A window that nobody touches is not painted again.
use std::time::Duration;

use delivery_inspector::app::Start;
use egui::{Key, Modifiers, ViewportId};

use crate::harness::{Window, sample_session};

/// A step of the harness takes a quarter of a second.
const STEPS_A_SECOND: usize = 4;

/// How soon the window wants to be painted again, at the soonest, within so many seconds.
fn soonest_repaint(window: &mut Window, n_seconds: usize) -> Duration {
    let delays = (0..n_seconds * STEPS_A_SECOND).map(|_| {
        window.0.step();
        window.0.output().viewport_output.get(&ViewportId::ROOT).map_or(Duration::MAX, |output| output.repaint_delay)
    });
    delays.min().unwrap_or(Duration::MAX)
}

fn rests(window: &mut Window, what: &str) {
    window.settle();
    window.0.run_steps(2 * STEPS_A_SECOND);
    assert_eq!(soonest_repaint(window, 5), Duration::MAX, "{what}");
}

#[test]
fn nothing_is_painted_again_while_nobody_does_anything() {
    rests(&mut Window::sample(), "the first story with its hints");
    let open = vec![sample_session("pendo-busy")];
    rests(&mut Window::open(Start { open: open.clone(), ..Start::default() }), "an open session");
    let mut window = Window::open(Start { open, compose: true, ..Start::default() });
    rests(&mut window, "the composer");
    window.ask_for("events");
    rests(&mut window, "one more panel");
    window.0.key_press(Key::Period);
    rests(&mut window, "the playhead");
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.0.run_steps(11 * STEPS_A_SECOND);
    rests(&mut window, "the palette");
}

#[test]
fn a_finished_run_rests_once_its_message_is_gone() {
    let plan = sample_session("token-propagation").with_file_name("token-propagation.plan.json");
    let mut window = Window::open(Start { open: vec![plan], fire: true, ..Start::default() });
    assert!(window.session().attempts().len() > 1, "the run is over");
    window.0.run_steps(20 * STEPS_A_SECOND);
    rests(&mut window, "after a run");
}

#[test]
fn a_caret_blinks_while_somebody_types_and_then_stands_still() {
    let mut window = Window::sample();
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.0.run_steps(2);
    assert!(soonest_repaint(&mut window, 2) <= Duration::from_millis(500), "it blinks");
    window.0.run_steps(10 * STEPS_A_SECOND);
    rests(&mut window, "a caret");
    window.0.key_press(Key::A);
    assert!(soonest_repaint(&mut window, 2) <= Duration::from_millis(500), "it blinks again");
}
