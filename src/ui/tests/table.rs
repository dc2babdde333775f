//! The table below it: its rows and its columns.
use super::*;

#[test]
fn a_click_on_a_column_sorts_the_table() {
    let mut harness = harness(demo::session(), table);
    harness.get_by_label("sort by Took").click();
    harness.run();
    let arrangement = &harness.state().view.arrangement;
    assert_eq!((arrangement.sort_by, arrangement.direction), (SortKey::Took, Direction::Ascending));
    harness.get_by_label("Took, sorted ascending").click();
    harness.run();
    assert!(harness.query_by_label("Took, sorted descending").is_some());
    let first = harness.state().view.rows.visible_deliveries()[0];
    assert_eq!(harness.state().session.delivery_id(first).as_str(), "b-12");
}

#[test]
fn columns_are_chosen_and_brought_back() {
    let mut harness = harness(demo::session(), table);
    let click = |harness: &mut Harness<'_, Looking>, label: &str| {
        harness.get_by_label(label).click();
        harness.run();
    };
    click(&mut harness, "Choose columns");
    for (column, head) in [("Deciding rule", "sort by Deciding rule"), ("Token", "sort by Token")] {
        click(&mut harness, column);
        assert!(harness.query_by_label(head).is_none(), "{column} is hidden");
    }
    click(&mut harness, "Reset columns");
    assert!(harness.query_by_label("sort by Deciding rule").is_some());
}

#[test]
fn a_drag_or_shift_and_an_arrow_key_moves_a_column() {
    let mut harness = harness(demo::session(), table);
    harness.run();
    let left = |harness: &Harness<'_, Looking>, label: &str| harness.get_by_label(label).rect().left();
    assert!(left(&harness, "sort by Fate") > left(&harness, "sort by Event"));
    let (from, to) = ["sort by Fate", "sort by Event"].map(|label| harness.get_by_label(label).rect().center()).into();
    drag(&mut harness, from, to);
    assert!(left(&harness, "sort by Fate") < left(&harness, "sort by Event"));
    assert_eq!(harness.state().view.arrangement.sort_by, SortKey::Started, "a drag does not sort");
    harness.get_by_label("Statuses").focus();
    harness.run();
    let before = left(&harness, "Statuses");
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    harness.run();
    assert!(left(&harness, "Statuses") < before);
    assert!(harness.get_by_label("Statuses").is_focused(), "and may be moved on");
}

#[test]
fn a_drag_or_an_arrow_key_makes_a_column_wider_and_its_neighbour_narrower() {
    let mut harness = harness(demo::session(), table);
    harness.run();
    let widths = |harness: &Harness<'_, Looking>| {
        ["Event", "Message", "Took"].map(|title| harness.get_by_label(&format!("sort by {title}")).rect().width())
    };
    let before = widths(&harness);
    let edge = harness.get_by_label("width of Event").rect().center();
    drag(&mut harness, edge, edge + vec2(20.0, 0.0));
    let dragged = widths(&harness);
    for (wanted, (before, after)) in [20.0, -20.0, 0.0].into_iter().zip(before.into_iter().zip(dragged)) {
        assert!((after - before - wanted).abs() < 1.5, "{before} to {after}");
    }
    harness.get_by_label("width of Event").focus();
    harness.run();
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert!((widths(&harness)[0] - dragged[0] + 8.0).abs() < 1.5);
    assert!(harness.state().view.selection.is_none(), "the arrow moved the edge, not the selection");
}

#[test]
fn the_table_shows_only_rows_in_view_and_selects_by_click_and_key() {
    let mut harness = harness(demo::many(10_000), table);
    harness.run();
    let n_rows = harness.query_all_by_label_contains("table row").count();
    assert!((15..=25).contains(&n_rows), "{n_rows} rows in view");
    harness.get_by_label("table row m-0003, Audience Entered, delivered").click();
    harness.run();
    assert_eq!(harness.state().selected_attempt().as_deref(), Some("d3-a1"));
    harness.key_press(Key::End);
    harness.run();
    assert!(harness.query_by_label("table row m-270f, Audience Entered, dropped").is_some(), "the last row is in view");
}

#[test]
fn rows_that_come_above_leave_what_is_in_view_where_it_is() {
    let mut harness = harness(demo::many(400), table);
    harness.state_mut().view.arrangement.direction = Direction::Descending;
    harness.run();
    let middle = harness.state().view.rows.visible_deliveries()[200];
    harness.state_mut().apply(ViewCommand::SelectDelivery(middle));
    harness.run();
    let top = |looking: &Looking| looking.view.rows.visible_deliveries()[looking.view.table.row_idx()];
    let before = top(harness.state());
    // Later deliveries stand above.
    let grown = demo::many(500);
    let arrangement = harness.state().view.arrangement.clone();
    let rows = Rows::make(&grown, &arrangement, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    let looking = harness.state_mut();
    looking.session = grown;
    looking.view.take_rows(rows);
    harness.run();
    assert_eq!(harness.state().view.rows.visible_deliveries().len(), 500);
    assert_eq!(top(harness.state()), before);
    assert_eq!(harness.state().view.selection.map(|selection| selection.delivery), Some(middle));
}
