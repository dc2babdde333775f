//! The timeline: what is painted, and what pointer and keys do.
use super::*;

#[test]
fn a_click_on_a_bar_selects_its_attempt() {
    let mut harness = harness(demo::session(), timeline);
    harness.get_by_label("attempt 1 of 2, 401, retry, m-7f21").click();
    harness.run();
    assert_eq!(harness.state().selected_attempt().as_deref(), Some("d1-a1"));
    assert!(harness.state().view.timeline.follows(), "what is in view already is not moved");
}

#[test]
fn everything_painted_has_a_name() {
    let harness = harness(demo::session(), timeline);
    for name in [
        "ada@example.com, Audience Entered, m-7f21, delivered",
        "linkedin-audiences · updateAudience, 6 deliveries, expanded",
        "wait of 18 s, m-7f21",
        "token refresh to generation 2, m-7f21",
        "token refresh failed, m-7f24",
        "delivered, m-7f21",
        "dropped, refresh failed, m-7f24",
        "partly delivered, 4 delivered, 2 dropped, b-13",
        "delivered twice, delivered twice · trait read 2.4 s stale, m-7f32",
        "attempt 2 of 2, 200, delivered, m-7f32, delivered twice",
        "stale trait read: written 2.4 s before, visible 1.1 s later, m-7f32",
        "attempt 2 of 2, 200, delivered, m-7f33, suppressed",
        "pending, next in 1 m 12 s, m-7f34",
        "29 m 54 s with nothing, folded",
    ] {
        assert!(harness.query_by_label(name).is_some(), "{name}");
    }
    let mut lanes = harness.query_all_by_label_contains("token generation 2, 9 uses");
    assert!(lanes.next().is_some(), "with what became of the token, if that is known");
    assert!(harness.query_all_by_label_contains("not yet accepted everywhere").next().is_some());
}

#[test]
fn a_folded_stretch_opens_with_a_click() {
    let mut harness = harness(demo::session(), timeline);
    harness.get_by_label("29 m 54 s with nothing, folded").click();
    harness.run();
    assert!(harness.query_by_label("29 m 54 s with nothing, folded").is_none());
    let runs = harness.query_all_by_label_contains("attempts, worst").count();
    assert!(runs > 0, "half an hour on one screen leaves no room between attempts");
}

#[test]
fn a_group_folds_up_under_its_head() {
    let mut harness = harness(demo::session(), timeline);
    harness.get_by_label("linkedin-audiences · updateAudience, 6 deliveries, expanded").click();
    harness.run();
    assert!(harness.query_by_label("ada@example.com, Audience Entered, m-7f21, delivered").is_none());
    harness.get_by_label("linkedin-audiences · updateAudience, 6 deliveries, collapsed").click();
    harness.run();
    assert!(harness.query_by_label("ada@example.com, Audience Entered, m-7f21, delivered").is_some());
}

#[test]
fn keys_walk_through_rows_and_attempts() {
    let mut harness = harness(demo::session(), timeline);
    for (key, selected) in [
        (Key::ArrowDown, Some("d1-a2")),
        (Key::J, Some("d2-a2")),
        (Key::ArrowLeft, Some("d2-a1")),
        (Key::ArrowLeft, Some("d2-a1")),
        (Key::ArrowRight, Some("d2-a2")),
        (Key::K, Some("d1-a2")),
        (Key::ArrowUp, Some("d1-a2")),
        (Key::End, Some("d9-a1")),
        (Key::Home, Some("d1-a2")),
        (Key::Escape, None),
    ] {
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().selected_attempt().as_deref(), selected, "after {key:?}");
    }
}

#[test]
fn fitting_shows_the_selected_delivery_and_then_everything() {
    let mut harness = harness(demo::session(), timeline);
    let distance = |harness: &Harness<'_, Looking>| {
        let left = |name| harness.get_by_label(name).rect().left();
        left("attempt 3 of 3, 200, delivered, m-7f2a") - left("attempt 1 of 3, 409, retry, m-7f2a")
    };
    let before = distance(&harness);
    harness.get_by_label("attempt 1 of 3, 409, retry, m-7f2a").click();
    harness.run();
    harness.state_mut().apply(ViewCommand::FitSelection);
    harness.run();
    assert!(distance(&harness) > before * 1.4, "{} is hardly wider than {before}", distance(&harness));
    harness.state_mut().apply(ViewCommand::FitAll);
    harness.run();
    assert!((distance(&harness) - before).abs() < 0.5);
}

#[test]
fn the_wheel_zooms_at_the_pointer_and_a_drag_pans() {
    let mut harness = harness(demo::session(), timeline);
    let bar = "attempt 3 of 3, 200, delivered, m-7f2a";
    let before = harness.get_by_label(bar).rect();
    harness.hover_at(before.left_center());
    harness.event(egui::Event::Zoom(2.0));
    harness.run();
    assert!((harness.get_by_label(bar).rect().left() - before.left()).abs() < 1.0);
    assert!(!harness.state().view.timeline.follows());

    let from = before.left_center() + vec2(-60.0, -60.0);
    drag(&mut harness, from, from + vec2(-40.0, 0.0));
    let moved = harness.get_by_label(bar).rect().left() - before.left();
    assert!((moved + 40.0).abs() < 2.0, "moved by {moved}");
}

#[test]
fn events_are_followed_through_their_batches() {
    let mut session = Session::new(SessionHeader::new("s", "s", at(0), "simulated"));
    let ids = [1, 2, 3].map(|number| {
        let event = Event::track(number, "ada@example.com", "Audience Entered");
        let id = event.id();
        session.push(event.record());
        id
    });
    let batch = |delivery, events: &[String]| Story::new(delivery, "pendo-audiences", "syncAudience", events);
    let first = batch("b-1", &ids).retry(0, 400, 503, 0, "RETRYABLE-STATUS", "unavailable");
    let second = batch("b-2", &ids[1..]).deliver(9_000, 400, 200);
    first.records().chain(second.records()).for_each(|record| session.push(record));
    let mut harness = harness(session, timeline);
    harness.run();
    assert!(harness.query_by_label_contains("on to b-2").is_none(), "nothing is selected");
    harness.get_by_label("attempt 1 of 1, 200, delivered, b-2").click();
    harness.run();
    assert!(harness.query_by_label("2 events from b-1 on to b-2").is_some());
}

#[test]
fn a_span_is_measured_with_a_key_and_with_the_pointer() {
    let mut harness = harness(demo::session(), timeline);
    for bar in ["attempt 1 of 3, 409, retry, m-7f2a", "attempt 2 of 3, 409, retry, m-7f2a"] {
        harness.get_by_label(bar).click();
        harness.run();
        harness.state_mut().apply(ViewCommand::Measure);
        harness.run();
    }
    let chip = "measured 7.3 s, from +0.906 s to +8.206 s";
    harness.get_by_label(chip).click();
    harness.run();
    assert!(harness.query_by_label_contains("measured").is_none());

    let first = harness.get_by_label("attempt 1 of 3, 409, retry, m-7f2a").rect();
    let last = harness.get_by_label("attempt 3 of 3, 200, delivered, m-7f2a").rect();
    let span = |harness: &Harness<'_, Looking>| {
        harness.state().view.timeline.span(&harness.state().session, egui::Rangef::new(0.0, 500.0))
    };
    let before = span(&harness);
    harness.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    drag(&mut harness, first.left_center() - vec2(3.0, 0.0), last.left_center() - vec2(4.0, 0.0));
    assert!(
        harness.query_by_label("measured 15.6 s, from +0.906 s to +16.506 s").is_some(),
        "its ends are where attempts begin"
    );
    assert_eq!(span(&harness), before, "measuring does not pan");
}

#[test]
fn ten_thousand_deliveries_cost_no_more_than_those_in_view() {
    let mut few = harness(demo::many(40), timeline);
    few.run();
    let mut many = harness(demo::many(10_000), timeline);
    many.run();
    let n_rows = many.query_all_by_label_contains("Audience Entered").count();
    assert!((15..=25).contains(&n_rows), "{n_rows} rows in view");
    let (few, many) = (few.output().shapes.len(), many.output().shapes.len());
    assert!(many <= few + 20, "{many} shapes for 10,000 deliveries, {few} for 40");
}

#[test]
fn the_selected_row_is_scrolled_into_view() {
    let mut harness = harness(demo::many(10_000), timeline);
    harness.run();
    assert!(harness.query_by_label_contains("m-1388").is_none());
    let delivery = harness.state().session.find_delivery(&"d5000".into()).unwrap();
    harness.state_mut().apply(ViewCommand::SelectDelivery(delivery));
    harness.run();
    assert!(harness.query_by_label("attempt 1 of 1, 200, delivered, m-1388").is_some());
}
