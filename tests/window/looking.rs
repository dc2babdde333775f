//! Ways of looking at a session: threads of batches, the instant that people look at, what is wrong with a filter.
use delivery_inspector::app::Start;
use egui::{Key, Rect, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::harness::{Window, sample_session};

fn open(name: &str) -> Window {
    Window::open(Start { open: vec![sample_session(name)], ..Start::default() })
}

fn rect(window: &Window, label: &str) -> Rect {
    window.0.get_by_label_contains(label).rect()
}

fn press(window: &mut Window, key: Key) {
    window.0.key_press(key);
    window.settle();
}

/// The values of the table's rows, top to bottom.
fn table_values(window: &Window) -> Vec<Option<String>> {
    window.0.query_all_by_label_contains("table row").map(|node| node.accesskit_node().value()).collect()
}

/// A batch of four fails; in the next one three of them go with a fifth event, and the last goes alone.
#[test]
fn batches_that_carry_the_same_events_stand_under_a_head_that_tells_their_story() {
    let mut window = open("batch-reformed");
    window.ask_for("group: thread");
    let head = "thread of d1, 3 batches · 5 events: all delivered, worst delivered twice, 3 deliveries, expanded";
    let heads: Vec<_> =
        window.0.query_all_by_label_contains("thread of").map(|node| node.accesskit_node().label()).collect();
    assert_eq!(heads, [Some(head.to_owned())]);
    let head_rect = rect(&window, head);
    for row in ["batch of 4, Form Submitted, d1,", "batch of 4, Form Submitted, d2,", "margaret"] {
        let row = window.0.query_all_by_label_contains(row).find(|node| node.rect().top() >= head_rect.bottom() - 1.0);
        assert!(row.is_some(), "all of them stand below it");
    }
    window.click(head);
    assert!(window.shows("3 deliveries, collapsed") && !window.shows("batch of 4, Form Submitted, d2,"));

    let mut alone = open("pendo-busy");
    alone.ask_for("group: thread");
    assert!(alone.shows("in no thread, 4 deliveries, expanded"), "retries of one delivery stand in one row anyway");
}

#[test]
fn the_instant_that_people_look_at_is_a_line_in_the_overview_that_is_dragged_and_moved_by_keys() {
    let mut window = Window::sample();
    assert!(!window.shows("playhead in the overview"));
    press(&mut window, Key::Period);
    let line = rect(&window, "playhead in the overview");
    let overview = rect(&window, "overview of");
    assert!(overview.expand(6.0).contains_rect(line), "{line} in {overview}");
    let value = |window: &Window| window.0.get_by_label("playhead in the overview").value();
    assert_eq!(value(&window).as_deref(), Some("+0.000 s"));

    let to = egui::pos2(overview.left() + overview.width() * 0.4, line.center().y);
    window.0.drag_at(line.center());
    window.0.run_steps(2);
    window.0.hover_at(to);
    window.0.run_steps(2);
    window.0.drop_at(to);
    window.settle();
    assert!((rect(&window, "playhead in the overview").center().x - to.x).abs() < 1.5);
    assert!(window.shows("4 waiting"), "the strip tells that instant");
    assert!(window.0.query_all_by_label_contains("playhead at +").count() == 1, "and so does the ruler");

    window.0.get_by_label("playhead in the overview").focus();
    window.settle();
    let before = value(&window);
    press(&mut window, Key::ArrowRight);
    assert_ne!(value(&window), before, "the next event");
    press(&mut window, Key::ArrowLeft);
    press(&mut window, Key::Escape);
    press(&mut window, Key::Escape);
    assert!(!window.shows("playhead in the overview"));
}

#[test]
fn the_table_shows_how_deliveries_stood_at_the_instant_and_says_so() {
    let mut window = open("batch-reformed");
    assert_eq!(table_values(&window), [None, None, None]);
    press(&mut window, Key::Period);
    let told = |window: &Window| {
        let values = table_values(window).into_iter().flatten();
        values.map(|value| value.replace(" at the playhead", "")).collect::<Vec<_>>()
    };
    assert_eq!(told(&window), ["under way", "to come", "to come"]);
    assert!(window.shows("table row d1, Form Submitted, under way"));
    press(&mut window, Key::Period);
    assert_eq!(told(&window), ["waiting", "to come", "to come"]);
    press(&mut window, Key::Period);
    press(&mut window, Key::Period);
    assert_eq!(told(&window), ["waiting", "delivered twice", "to come"]);
    press(&mut window, Key::Escape);
    assert_eq!(table_values(&window), [None, None, None]);
    assert!(window.shows("table row d1, Form Submitted, pending"));
}

#[test]
fn what_is_wrong_with_a_filter_can_be_read_whole_in_any_window() {
    let error = "`lost` is no value of `verdict`";
    for size in [vec2(1400.0, 900.0), vec2(1000.0, 640.0), vec2(700.0, 450.0)] {
        let (open, filter) = (vec![sample_session("pendo-busy")], Some("verdict:lost or attempt>many".to_owned()));
        let mut window = Window::open(Start { open, filter, ..Start::default() });
        window.0.set_size(size);
        window.settle();
        let told = window.0.get_by_label_contains(error);
        let field = rect(&window, "Filter");
        assert!(told.rect().top() >= field.bottom(), "on a line of its own at {size}");
        assert!(Rect::from_min_size(egui::Pos2::ZERO, size).contains_rect(told.rect()), "{} at {size}", told.rect());
        let words = told.accesskit_node().label().unwrap_or_default();
        assert!(!words.contains('…'), "{words}");
        assert!(window.shows("4 deliveries"), "the count stays beside the field at {size}");
        window.click("Clear the filter");
        assert!(!window.shows(error));
    }
}

#[test]
fn the_timeline_has_a_head_like_any_other_panel() {
    let mut window = Window::sample();
    let [timeline, counts] = ["Timeline panel", "Counts panel"].map(|label| rect(&window, label));
    assert!((timeline.top() - counts.top()).abs() < 1.0 && (timeline.height() - counts.height()).abs() < 1.0);
    window.click("Move Timeline");
    assert!(!window.shows("Hide Timeline"), "everything else stands around it");
    window.click("Move as a tab beside Table");
    assert!((rect(&window, "Timeline panel").top() - rect(&window, "Table panel").top()).abs() < 1.0);
    assert!(window.shows("attempt 1 of 2, 401, retry, m-7f21"));
}
