//! An incident looked into with the keyboard alone.
use delivery_inspector::app::Start;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::harness::{Window, sample_session};

/// Types where the keyboard is.
fn type_here(window: &mut Window, text: &str) {
    window.0.event(Event::Text(text.to_owned()));
    window.settle();
}

fn busy() -> Window {
    Window::open(Start { open: vec![sample_session("pendo-busy")], ..Start::default() })
}

#[test]
fn a_filter_is_typed_and_its_rows_are_walked_through() {
    let mut window = busy();
    window.press(Key::Slash);
    assert_eq!(window.value("Filter"), "", "the key itself is not typed");
    type_here(&mut window, "verdict:dro");
    window.press(Key::Enter);
    assert_eq!(window.value("Filter"), "verdict:dropped", "only one word can come of it");
    window.press(Key::Enter);
    assert!(window.shows("1 of 4 deliveries"));
    window.press(Key::Escape);
    window.press(Key::ArrowDown);
    assert!(window.selected_row().is_some_and(|row| row.contains("m-8004")), "{:?}", window.selected_row());
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert!(window.shows("4 deliveries") && window.value("Filter").is_empty());
}

#[test]
fn two_attempts_are_compared() {
    let mut window = busy();
    window.click("attempt 2 of 3, 409, retry, m-8001");
    let before = window.0.get_by_label("Difference").rect();
    window.press(Key::C);
    let after = window.0.get_by_label("Difference").rect();
    assert!(after.top() < before.top() && after.bottom() < 300.0, "{before} {after}");

    window.press_with(Modifiers::SHIFT, Key::C);
    assert!(window.has_told("other attempts are compared with this one"));
    window.press(Key::ArrowDown);
    window.press(Key::C);
    assert!(window.shows("m-8001 Attempt 2"), "the kept attempt is on one side");
}

#[test]
fn jumps_are_gone_back_and_forth() {
    let mut window = busy();
    window.click("attempt 2 of 3, 409, retry, m-8001");
    window.click("attempt 3 of 3, 200, delivered, m-8003");
    for (key, shown) in [(Key::ArrowLeft, "Attempt 2 of 3"), (Key::ArrowRight, "Attempt 3 of 3")] {
        window.press_with(Modifiers::ALT, key);
        assert!(window.shows(shown), "{key:?}");
    }
    window.press(Key::Escape);
    window.press_with(Modifiers::ALT, Key::ArrowLeft);
    assert!(window.shows("Attempt 3 of 3"), "what Escape has let go of is there again");
}

#[test]
fn groups_are_folded_and_unfolded() {
    let mut window = busy();
    let row = "attempt 2 of 3, 409, retry, m-8001";
    window.press(Key::OpenBracket);
    assert!(!window.shows(row) && window.shows("pendo-audiences · syncAudience"));
    window.press(Key::CloseBracket);
    assert!(window.shows(row));
}

#[test]
fn escape_closes_a_menu_and_leaves_the_selection() {
    let mut window = busy();
    window.press(Key::ArrowDown);
    let selected = window.selected_row();
    assert!(selected.is_some());
    window.click("File");
    assert!(window.shows("Open recent"));
    window.press(Key::Escape);
    assert!(!window.shows("Open recent"));
    assert_eq!(window.selected_row(), selected);
}

#[test]
fn escape_leads_out_of_an_editor_and_leaves_the_selection() {
    let mut window = busy();
    window.press(Key::ArrowDown);
    let selected = window.selected_row();
    assert!(selected.is_some());
    window.ask_for("move composer to the left");
    for editor in ["Events as JSON", "Simulator as JSON"] {
        window.0.get_by_label(editor).focus();
        window.0.run_steps(2);
        window.press(Key::Escape);
        assert!(!window.0.get_by_label(editor).is_focused(), "{editor} was left");
        assert_eq!(window.selected_row(), selected, "{editor}");
    }
    window.press(Key::Escape);
    assert_eq!(window.selected_row(), None, "nobody types any more");
}
