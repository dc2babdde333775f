//! Where the keyboard's focus is can be seen, wherever it goes.
use delivery_inspector::app::Start;
use delivery_inspector::ui::theme::{Theme, ThemeKind};
use egui::{Color32, Key, Modifiers, Rect, Shape};
use egui_kittest::kittest::NodeT as _;

use crate::harness::{Window, sample_session};

/// Rings as thick as the ring around the focus, as far as they are not cut off.
fn rings(window: &Window, color: Color32) -> Vec<Rect> {
    fn collect(shape: &Shape, clip: Rect, color: Color32, found: &mut Vec<Rect>) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, color, found)),
            Shape::Rect(ring) if ring.stroke.color == color && ring.stroke.width >= 2.0 => {
                found.push(ring.rect.intersect(clip));
            }
            _ => (),
        }
    }
    let mut found = Vec::new();
    for shape in &window.0.output().shapes {
        collect(&shape.shape, shape.clip_rect, color, &mut found);
    }
    found
}

/// What has the focus.
#[derive(Clone, Debug, PartialEq)]
struct Focused {
    name: String,
    value: Option<String>,
    rect: Rect,
}

fn focused(window: &Window) -> Option<Focused> {
    let root = window.0.root();
    let node = root.children_recursive().find(egui_kittest::Node::is_focused)?;
    let data = node.accesskit_node();
    let name = format!("{:?} {}", data.role(), data.label().or_else(|| data.value()).unwrap_or_default());
    Some(Focused { name, value: data.value(), rect: node.rect() })
}

/// Whether a ring goes around a widget, as far as it is in sight, and around nothing much larger. Of an editor in which
/// long lines are scrolled, a part is in sight.
fn goes_around(ring: &Rect, widget: Rect) -> bool {
    let seen = ring.intersect(widget);
    seen.is_positive()
        && (seen.area() >= 0.55 * widget.area() || seen.area() >= 20_000.0)
        && ring.width() <= widget.width() + 8.0
        && ring.height() <= widget.height() + 8.0
}

/// Walks with Tab until it comes around or reaches nothing, and gives the names of what it met and of what had no ring.
fn walk(window: &mut Window, theme: ThemeKind) -> (Vec<String>, Vec<String>) {
    let color = Theme::of(theme).accent;
    let (mut met, mut ringless): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut before: Option<Focused> = None;
    for _ in 0..400 {
        window.0.key_press(Key::Tab);
        window.0.run_steps(4);
        let mut now = focused(window);
        if now.as_ref().zip(before.as_ref()).is_some_and(|(now, was)| now.name == was.name && now.value != was.value) {
            // In an editor of several lines Tab is a letter; Escape leads out, and Tab goes on from there.
            window.0.key_press(Key::Escape);
            window.0.run_steps(2);
            window.0.key_press(Key::Tab);
            window.0.run_steps(4);
            now = focused(window);
            assert_ne!(now.as_ref().map(|now| &now.name), before.as_ref().map(|was| &was.name), "Tab leads out");
        }
        before.clone_from(&now);
        let Some(Focused { name, rect, .. }) = now else { return (met, ringless) };
        let key = format!("{name} at {:.0} {:.0}", rect.left(), rect.top());
        if met.first() == Some(&key) {
            return (met, ringless);
        }
        if !rings(window, color).iter().any(|ring| goes_around(ring, rect)) {
            ringless.push(format!("{name} at {rect}"));
        }
        met.push(key);
    }
    panic!("Tab did not come around: {met:?}");
}

#[track_caller]
fn assert_all_ringed(window: &mut Window, theme: ThemeKind, at_least: usize) {
    let (met, ringless) = walk(window, theme);
    assert!(met.len() >= at_least, "only {} stops: {met:#?}", met.len());
    assert!(ringless.is_empty(), "no ring: {ringless:#?}");
}

#[test]
fn whatever_tab_reaches_in_the_panels_is_ringed_in_every_theme() {
    for theme in ThemeKind::ALL {
        let open = vec![sample_session("pendo-busy-batch")];
        let mut window = Window::open(Start { open, theme: Some(theme), ..Start::default() });
        assert_all_ringed(&mut window, theme, 40);
    }
}

#[test]
fn whatever_tab_reaches_in_the_composer_and_the_other_panels_is_ringed() {
    let mut window = Window::sample();
    window.ask_for("move events as a tab beside inspector");
    window.ask_for("composer");
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.settle();
    assert_all_ringed(&mut window, ThemeKind::Dark, 50);
}

#[test]
fn whatever_tab_reaches_in_a_dialog_is_ringed_and_what_is_behind_it_is_not_reached() {
    // The dialog about the program holds nothing but words.
    for (asked, at_least) in [("about", 0), ("open", 3), ("run under many seeds", 3)] {
        let mut window = Window::sample();
        window.ask_for(asked);
        let (met, ringless) = walk(&mut window, ThemeKind::Dark);
        assert!(ringless.is_empty(), "{asked}: {ringless:#?}");
        assert!(met.iter().all(|name| !name.contains("Filter")), "{asked}: {met:#?}");
        assert!(met.len() >= at_least, "{asked}: {met:#?}");
    }
}

#[test]
fn what_has_the_focus_below_the_edge_of_its_panel_is_brought_into_sight() {
    let mut window = Window::open(Start { open: vec![sample_session("pendo-busy-batch")], ..Start::default() });
    window.0.set_size(egui::vec2(1000.0, 640.0));
    window.settle();
    assert_all_ringed(&mut window, ThemeKind::Dark, 40);
}
