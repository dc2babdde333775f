//! Small windows and large type: whatever people came to press stays on the screen, and nothing stands on anything else.
use delivery_inspector::app::Start;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::Result;
use crate::harness::Window;
use crate::unfinished::session_cut_off;

/// In points: the least window that is cared for, the usual one at twice the size, and the least one at twice the size.
const SIZES: [Vec2; 3] = [vec2(1_000.0, 640.0), vec2(700.0, 450.0), vec2(500.0, 320.0)];

/// Fails unless something can be seen whole.
#[track_caller]
fn is_whole(window: &Window, size: Vec2, label: &str) -> Rect {
    let screen = Rect::from_min_size(egui::Pos2::ZERO, size);
    let all: Vec<Rect> = window.0.query_all_by_label(label).map(|node| node.rect()).collect();
    let whole = all.iter().copied().find(|rect| rect.is_positive() && screen.contains_rect(*rect));
    whole.unwrap_or_else(|| panic!("{label} is not on a screen of {size:?}: {all:?}"))
}

/// Fails where two of them overlap.
#[track_caller]
fn are_apart(window: &Window, size: Vec2, labels: &[&str]) {
    let rects: Vec<Rect> = labels.iter().map(|label| is_whole(window, size, label)).collect();
    for (idx, rect) in rects.iter().enumerate() {
        for (other_idx, other) in rects.iter().enumerate().skip(idx + 1) {
            let both = rect.intersect(*other);
            let overlaps = both.is_positive() && both.width() > 1.0 && both.height() > 1.0;
            assert!(!overlaps, "{} and {} at {size:?}: {rect:?}, {other:?}", labels[idx], labels[other_idx]);
        }
    }
}

fn resized(mut window: Window, size: Vec2) -> Window {
    window.0.set_size(size);
    window.settle();
    window
}

#[test]
fn menus_filter_and_fire_stand_side_by_side() {
    for size in SIZES {
        let mut window = resized(Window::sample(), size);
        are_apart(&window, size, &["File", "Edit", "View", "Run", "Help", "Fire…", "Filter"]);
        let others: &[&str] =
            if size.x > 800.0 { &["Filter", "Sort rows by", "Group rows by"] } else { &["Filter", "Rows…"] };
        are_apart(&window, size, others);
        if size.x < 800.0 {
            window.click("Rows…");
            window.click("Group: action");
            window.click("fate");
            assert!(window.shows("delivered, 4 deliveries"), "grouped by fate at {size:?}");
        }
    }
}

#[test]
fn what_fires_is_in_sight_on_every_page_of_the_composer() {
    for size in SIZES {
        let mut window = resized(Window::composing(), size);
        let words = ["Answered by", "Trigger", "Mapping", "Settings", "Duplicates", "Preview"];
        let others = if size.x < 520.0 { &["Deliver to", "Events"][..] } else { &[] };
        for page in words.iter().chain(others) {
            if window.0.query_by_label("Page").is_some() {
                window.click("Page");
            }
            let entry = window.0.get_all_by_label(page).last().map(|node| node.rect().center());
            assert!(entry.is_some(), "{page}");
            let pages: Vec<_> = window.0.get_all_by_label(page).collect();
            if let Some(last) = pages.last() {
                last.click();
            }
            drop(pages);
            window.settle();
            are_apart(&window, size, &["Fire", "Step through", "real time"]);
            let editor = window.0.query_all_by_label_contains(" as JSON").map(|node| node.rect()).reduce(Rect::union);
            if let Some(editor) = editor {
                assert!(
                    editor.min.y < is_whole(&window, size, "Fire").min.y,
                    "{page} at {size:?}: something is left for it"
                );
            }
        }
        window.0.key_press(Key::F9);
        window.settle();
        assert!(window.shows("Stands at "), "{size:?}");
        are_apart(&window, size, &["Next attempt", "Next retry", "Run on", "Stop"]);
        is_whole(&window, size, "Cancel run");
    }
}

#[test]
fn a_narrow_composer_has_both_sides_behind_choosers() {
    let mut window = resized(Window::composing(), SIZES[1]);
    assert!(window.shows("Events as JSON") && !window.shows("Show secrets"));
    window.click("Deliver to");
    assert!(window.shows("Show secrets") && !window.shows("Events as JSON"));
    let chooser = |label| window.0.get_by_role_and_label(Role::ComboBox, label).rect();
    let widths = ["Destination", "Action", "Rules"].map(|label| chooser(label).width().round());
    assert!(widths.iter().all(|width| (width - widths[0]).abs() < 0.5), "{widths:?}");
}

#[test]
fn what_else_can_be_chosen_for_a_run_is_behind_a_button_where_there_is_little_room() {
    let mut window = resized(Window::composing(), SIZES[2]);
    window.click("Options…");
    window.click("Retry policy");
    let policies: Vec<String> =
        window.0.query_all_by_label_contains("segment-").filter_map(|node| node.accesskit_node().label()).collect();
    assert!(!policies.is_empty());
    window.type_over("Copies", "3");
    window.press(Key::Escape);
    window.click("Fire");
    assert_eq!(window.session().n_events(), 3, "three of the one event");
}

#[test]
fn dialogs_and_the_palette_fit() {
    for size in SIZES {
        let mut window = resized(Window::sample(), size);
        window.0.key_press_modifiers(Modifiers::COMMAND, Key::K);
        window.settle();
        is_whole(&window, size, "Command");
        window.press(Key::Escape);
        window.ask_for("save as");
        are_apart(&window, size, &["Path", "Save", "Cancel"]);
        window.click("Cancel");
        window.ask_for("about");
        is_whole(&window, size, "Close");
        window.press(Key::Escape);
        window.ask_for("many seeds");
        is_whole(&window, size, "Close");
    }
}

#[test]
fn questions_about_what_is_left_can_be_answered() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("cut.session.jsonl");
    session_cut_off(&path)?;
    for size in SIZES {
        let window = resized(Window::open(Start { open: vec![path.clone()], ..Start::default() }), size);
        are_apart(&window, size, &["Go on", "Give up", "Not now"]);
    }
    Ok(())
}
