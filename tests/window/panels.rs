//! Panels where people want them: by drag, by menu, by palette; and what remains of it.
use delivery_inspector::app::Start;
use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::kittest::Queryable as _;

use crate::Result;
use crate::harness::{Window, sample_session};

fn head(window: &Window, panel: &str) -> Rect {
    window.0.get_by_label(&format!("{panel} panel")).rect()
}

/// Drags a panel by its head, and gives what is said about the place just before it is let go.
fn drag(window: &mut Window, panel: &str, to: Pos2) -> Vec<String> {
    let from = head(window, panel).center();
    window.0.drag_at(from);
    window.0.run_steps(2);
    for share in [0.3, 0.7, 1.0] {
        window.0.hover_at(from + (to - from) * share);
        window.0.run_steps(2);
    }
    let places = ["left of", "right of", "above", "below", "between", "as a tab beside"];
    let said = places.iter().flat_map(|place| window.0.query_all_by_label_contains(place));
    let said = said.filter_map(|node| egui_kittest::kittest::NodeT::accesskit_node(&node).label()).collect();
    window.0.drop_at(to);
    window.settle();
    said
}

#[test]
fn a_panel_is_dragged_to_a_side_and_onto_another_and_is_there_at_the_next_start() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let start = Start { settings_path: Some(folder.path().join("settings.json")), ..Start::default() };
    let mut window = Window::open(start.clone());
    let counts = head(&window, "Counts");
    let said = drag(&mut window, "Inspector", counts.left_top() + vec2(10.0, 260.0));
    assert!(said.iter().any(|words| words.contains("Counts")), "{said:?}");
    assert!(head(&window, "Inspector").left() < head(&window, "Counts").left(), "left of the counts");

    let table = head(&window, "Table").center();
    let said = drag(&mut window, "Inspector", table);
    assert!(said.iter().any(|words| words == "as a tab beside Table"), "{said:?}");
    assert!((head(&window, "Inspector").top() - head(&window, "Table").top()).abs() < 1.0);
    assert!(!window.shows("table row m-7f21") && window.shows("LINKEDIN-TOKEN-PROPAGATION"));
    window.click("Table panel");
    assert!(window.shows("table row m-7f21"));

    window.0.state_mut().as_mut().ok_or("no program")?.remember();
    let mut again = Window::open(start);
    assert!((head(&again, "Inspector").top() - head(&again, "Table").top()).abs() < 1.0, "as it was left");
    assert!(again.shows("table row m-7f21"));
    again.ask_for("reset layout");
    assert!(head(&again, "Inspector").top() < head(&again, "Table").top());
    Ok(())
}

#[test]
fn a_panel_is_moved_and_hidden_without_a_pointer() {
    let mut window = Window::sample();
    window.ask_for("move table to the left");
    assert!(head(&window, "Table").left() < head(&window, "Counts").left());
    assert!(window.shows("table row m-7f21"));
    window.ask_for("move composer as a tab beside table");
    assert!(window.shows("Events as JSON"), "what is moved is shown");
    window.click("Move or hide Composer");
    window.click("Hide Composer");
    assert!(!window.shows("Events as JSON") && window.shows("table row m-7f21"));
}

#[test]
fn what_would_become_of_a_drop_is_said_before_it() {
    let mut window = Window::sample();
    let counts = head(&window, "Counts");
    let edge = window.0.get_by_label("width of Counts").rect().center().x;
    let said = drag(&mut window, "Inspector", egui::pos2(edge, 420.0));
    assert!(said.iter().any(|words| words == "between Counts and Timeline"), "{said:?}");
    assert!(head(&window, "Inspector").left() > counts.right(), "and so it stands");
    let said = drag(&mut window, "Table", egui::pos2(1_100.0, 200.0));
    assert!(said.iter().any(|words| words.ends_with(" Timeline") && !words.contains("and")), "{said:?}");
}

#[test]
fn escape_leaves_a_panel_where_it_was() {
    let mut window = Window::sample();
    let before = head(&window, "Inspector");
    window.0.drag_at(before.center());
    window.0.run_steps(2);
    window.0.hover_at(head(&window, "Table").center());
    window.0.run_steps(2);
    window.0.key_press(Key::Escape);
    window.0.run_steps(2);
    window.0.drop_at(head(&window, "Table").center());
    window.settle();
    assert_eq!(head(&window, "Inspector"), before);
}

#[test]
fn a_small_window_and_one_of_twice_the_scale_show_every_panel() {
    for (size, compose) in [(vec2(1000.0, 640.0), false), (vec2(1000.0, 640.0), true), (vec2(700.0, 450.0), false)] {
        let mut window = Window::open(Start { compose, ..Start::default() });
        window.0.set_size(size);
        window.settle();
        for label in ["delivered: 4", "Attempt 1 of 2", "attempt 1 of 2, 401, retry, m-7f21", "Fire…"] {
            let rect = window.0.query_all_by_label_contains(label).next().map(|node| node.rect());
            let rect = rect.unwrap_or_else(|| panic!("{label} is not there at {size}"));
            assert!(Rect::from_min_size(Pos2::ZERO, size).expand(0.5).contains_rect(rect), "{label} at {size}: {rect}");
        }
        let rect = |label: &str| window.0.query_all_by_label_contains(label).next().map(|node| node.rect());
        let (tab, capture) = (rect("LinkedIn token propagation"), rect("capture"));
        let apart = tab.zip(capture).is_some_and(|(tab, capture)| tab.left() < capture.left());
        assert!(apart, "{tab:?} and {capture:?} at {size}");
        let below = if compose { "Events as JSON" } else { "table row m-7f21" };
        assert!(window.shows(below), "{below} at {size}");
    }
}

#[test]
fn the_events_are_a_panel_of_their_own() {
    let mut window = Window::sample();
    window.press_with(Modifiers::COMMAND, Key::Num5);
    assert!(window.shows("Compose all") && !window.shows("not fired yet"));
    window.press_with(Modifiers::COMMAND, Key::Num5);
    assert!(!window.shows("Compose all") && window.shows("table row m-7f21"));
}

#[test]
fn columns_are_remembered_and_shared_by_all_sessions() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let start = Start { settings_path: Some(folder.path().join("settings.json")), ..Start::default() };
    let mut window = Window::open(start.clone());
    window.0.get_by_label("Statuses").focus();
    window.settle();
    window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    let left = |window: &Window, label: &str| window.0.get_by_label(label).rect().left();
    assert!(left(&window, "Statuses") > left(&window, "sort by Took"));
    window.0.state_mut().as_mut().ok_or("no program")?.remember();
    let again = Window::open(Start { open: vec![sample_session("pendo-busy")], ..start });
    assert!(left(&again, "Statuses") > left(&again, "sort by Took"));
    Ok(())
}

#[test]
fn a_filter_is_taken_back_and_made_again() {
    let mut window = Window::open(Start { open: vec![sample_session("pendo-busy-batch")], ..Start::default() });
    let n_rows = |window: &Window| window.0.query_all_by_label_contains("table row").count();
    let all = n_rows(&window);
    window.click("pending: 0");
    assert_eq!(n_rows(&window), 0);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(n_rows(&window), all);
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(n_rows(&window), 0);
}

#[test]
fn a_filter_of_the_command_line_stands_in_the_bar_right_or_wrong() {
    let open = |filter: &str| {
        let open = vec![sample_session("pendo-busy")];
        Window::open(Start { open, filter: Some(filter.to_owned()), ..Start::default() })
    };
    let right = open("verdict:pending");
    assert_eq!(right.0.get_by_label("Filter").value().as_deref(), Some("verdict:pending"));
    assert!(right.shows("none of"));
    let wrong = open("verdict:");
    assert_eq!(wrong.0.get_by_label("Filter").value().as_deref(), Some("verdict:"));
    assert!(wrong.shows("table row"), "a filter that is not right hides nothing");
}

#[test]
fn a_key_goes_from_an_attempt_to_its_twin_and_back_and_another_measures() {
    let mut window = Window::open(Start {
        open: vec![sample_session("stale-trait-duplicate")],
        select: Some("m-9001/2".to_owned()),
        ..Start::default()
    });
    assert!(window.shows("Attempt 2 of"));
    let heading = window.0.get_by_label("Duplicates").rect();
    assert!(heading.top() < 650.0, "below the verdict, in view without scrolling: {heading}");
    window.press(Key::T);
    assert!(window.shows("Attempt 1 of"));
    window.press(Key::M);
    window.press(Key::T);
    assert!(window.shows("Attempt 2 of"));
    window.ask_for("measure");
    assert!(window.shows("measured "));
}
