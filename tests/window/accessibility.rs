//! The window for people who do not see it, or have no pointer: every thing has a name, every panel can be reached.
use delivery_inspector::app::Start;
use egui::accesskit::{Action, Role};
use egui::{Key, Modifiers};
use egui_kittest::kittest::{AccessKitNode, NodeT as _, Queryable as _};

use crate::harness::{Window, sample_session};

/// What can be pressed or take the keyboard and has no name, in one line each.
fn nameless(window: &Window) -> Vec<String> {
    let nodes = window.0.root().children_recursive().map(|node| node.accesskit_node());
    // Scroll bars are egui's own; the keyboard scrolls without them.
    let shown = nodes.filter(|node| !node.is_hidden() && node.role() != Role::ScrollBar);
    shown
        .filter(|node| node.raw_bounds().is_none_or(|bounds| bounds.width() > 0.0))
        .filter(|node| node.data().supports_action(Action::Click) || node.data().supports_action(Action::Focus))
        .filter(|node| !has_name(node))
        .map(|node| format!("{:?} at {:?}", node.role(), node.raw_bounds()))
        .collect()
}

fn has_name(node: &AccessKitNode<'_>) -> bool {
    // A text that can be selected is its own name.
    let own_text = node.value().filter(|_| node.role() == Role::Label);
    let hint = node.data().placeholder().map(str::to_owned);
    [node.label(), hint, own_text].into_iter().flatten().any(|name| !name.trim().is_empty())
}

#[test]
fn whatever_can_be_pressed_has_a_name() {
    for sample in ["token-propagation", "pendo-busy-batch", "stale-trait-duplicate", "refresh-race"] {
        let mut window = Window::open(Start { open: vec![sample_session(sample)], ..Start::default() });
        assert_eq!(nameless(&window), [""; 0], "{sample}");
        for asked in ["move events as a tab beside inspector", "composer", "find"] {
            window.ask_for(asked);
            assert_eq!(nameless(&window), [""; 0], "{sample}, after {asked}");
        }
        window.0.check_accessibility();
    }
}

#[test]
fn what_is_painted_is_in_the_tree_and_no_more_than_is_in_view() {
    let window = Window::open(Start { open: vec![sample_session("token-propagation")], ..Start::default() });
    for name in [
        "overview of",
        "linkedin-audiences · updateAudience, 4 deliveries, expanded",
        "m-7f21, delivered",
        "attempt 1 of 2, 401, retry, m-7f21",
        "wait of 39.8 s, m-7f21",
        "token refresh to generation",
        "token generation",
        "table row m-7f21",
        "width of Counts",
        "height of Table",
    ] {
        assert!(window.shows(name), "{name}");
    }
    let bar = window.0.get_by_label_contains("attempt 1 of 2, 401, retry, m-7f21");
    assert!(bar.value().is_some_and(|when| when.starts_with("+0.000 s to +0.")), "{:?}", bar.value());
    let mut small = Window::open(Start { open: vec![sample_session("token-propagation")], ..Start::default() });
    small.0.set_size(egui::vec2(1000.0, 420.0));
    small.settle();
    let n_nodes = |window: &Window| window.0.root().children_recursive().count();
    assert!(n_nodes(&small) < n_nodes(&window), "what is out of view is not in the tree");
}

#[test]
fn a_key_goes_from_panel_to_panel_and_arrows_walk_through_the_rows_of_the_one_that_has_it() {
    let mut window = Window::sample();
    for panel in ["Counts panel", "Timeline panel", "Inspector panel", "Table panel", "Counts panel"] {
        window.press(Key::F6);
        assert!(window.0.get_by_label(panel).is_focused(), "{panel}");
    }
    window.press_with(Modifiers::SHIFT, Key::F6);
    assert!(window.0.get_by_label("Table panel").is_focused());
    let before = window.selected_row();
    window.press(Key::ArrowDown);
    assert_ne!(window.selected_row(), before, "the table walks");
    assert!(window.0.get_by_label("Table panel").is_focused(), "and keeps the keyboard");
}

#[test]
fn tab_reaches_every_panel() {
    let mut window = Window::sample();
    let mut wanted = vec!["Counts panel", "Inspector panel", "Table panel", "File", "Filter", "width of Counts"];
    for _ in 0..300 {
        window.0.key_press(Key::Tab);
        window.0.run_steps(2);
        let root = window.0.root();
        let focused = root.children_recursive().find(egui_kittest::Node::is_focused);
        let name = focused.and_then(|node| node.accesskit_node().label()).unwrap_or_default();
        wanted.retain(|wanted| *wanted != name);
        if wanted.is_empty() {
            return;
        }
    }
    panic!("Tab never reached {wanted:?}");
}

#[test]
fn an_edge_between_panels_moves_with_the_arrow_keys() {
    let mut window = Window::sample();
    let width = |window: &Window| window.0.get_by_label("Table panel").rect().top();
    let before = width(&window);
    window.0.get_by_label("height of Table").focus();
    window.settle();
    window.press(Key::ArrowUp);
    assert!((width(&window) - (before - 16.0)).abs() < 1.0, "the table grew");
    assert!(window.0.get_by_label("height of Table").is_focused());
}
