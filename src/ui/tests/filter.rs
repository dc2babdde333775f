//! Counts and filter bar: what they leave to be seen.
use super::*;

#[test]
fn a_click_on_a_count_shows_only_what_was_counted() {
    let mut harness = harness(demo::session(), facets);
    harness.get_by_label("dropped: 2").click();
    harness.run();
    let looking = harness.state();
    let fates: Vec<Fate> =
        looking.view.rows.visible_deliveries().iter().map(|idx| looking.session.delivery(*idx).fate).collect();
    assert_eq!(fates, [Fate::Dropped, Fate::Dropped]);
    harness.get_by_label("Show everything").click();
    harness.run();
    assert_eq!(harness.state().view.rows.visible_deliveries().len(), 12);
}

#[test]
fn what_is_typed_into_the_filter_bar_takes_effect_once_it_makes_sense() {
    let mut harness = harness(demo::session(), filter_bar);
    type_filter(&mut harness, "verdict:dropped");
    assert!(harness.query_by_label("2 of 12 deliveries").is_some());
    type_filter(&mut harness, " statsu:401");
    let said = "there is no field `statsu`, perhaps `status`; text that is not meant as one goes in quotes";
    assert!(harness.query_by_label(said).is_some());
    let looking = harness.state();
    assert_eq!(looking.view.rows.visible_deliveries().len(), 2, "the last filter that was right stays in force");
    assert_eq!(looking.view.arrangement.filter.text(), "verdict:dropped");
    harness.get_by_label("Clear the filter").click();
    harness.run();
    assert!(harness.query_by_label("12 deliveries").is_some());
    type_filter(&mut harness, "verdict:filtered");
    assert!(harness.query_by_label("none of 12").is_some());
}

#[test]
fn proposals_are_taken_by_key_and_by_click() {
    let mut harness = harness(demo::session(), filter_bar);
    type_filter(&mut harness, "ver");
    harness.key_press(Key::Tab);
    harness.run_steps(3);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::ArrowUp, Key::ArrowUp, Key::ArrowUp, Key::Enter] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    assert_eq!(harness.state().view.arrangement.filter.text(), "verdict:filtered", "the last but two of eight");
    type_filter(&mut harness, " or verdict:dr");
    harness.get_by_label_contains("dropped given up").click();
    harness.run_steps(3);
    assert_eq!(harness.state().view.arrangement.filter.text(), "verdict:filtered or verdict:dropped");
    assert_eq!(harness.state().view.rows.visible_deliveries().len(), 2);
    type_filter(&mut harness, " des");
    assert!(harness.query_by_label("dest: who gets it").is_some());
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label("dest: who gets it").is_none());
}

#[test]
fn an_empty_filter_bar_offers_what_was_saved_and_used() {
    let mut harness = harness(demo::session(), filter_bar);
    type_filter(&mut harness, "");
    assert!(harness.query_by_label("attempt>2 used lately").is_some());
    harness.get_by_label("dup:* saved").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("2 of 12 deliveries").is_some());
    harness.get_by_label("Saved filter").click();
    harness.step();
    let commands = harness.state_mut().commands.take();
    assert!(commands.contains(&Command::KeepFilter("dup:*".to_owned(), false)), "{commands:?}");
}

#[test]
fn a_click_on_a_count_writes_its_term_into_the_filter_bar() {
    let mut harness = harness(demo::session(), filter_bar);
    harness.get_by_label("dropped: 2").click();
    harness.run();
    harness.get_by_label("pending: 1").click();
    harness.run();
    assert!(harness.query_by_label("3 of 12 deliveries").is_some());
    assert_eq!(harness.get_by_label("Filter").value().as_deref(), Some("verdict:dropped,pending"));
    type_filter(&mut harness, " ");
    harness.key_press(Key::Escape);
    harness.run();
    harness.get_by_label("dropped: 2").click();
    harness.run();
    assert_eq!(harness.get_by_label("Filter").value().as_deref(), Some("verdict:pending "));
}
