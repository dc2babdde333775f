//! The chain of attempts, the event, its batch and its token.
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{changed, panel, panel_of_size, press, says};
use crate::core::batching::Members;
use crate::ui::command::{Command, Verb};
use crate::ui::inspector::inspector_empty_ui;
use crate::ui::inspector::samples::{self, Sample};
use crate::ui::theme::{Theme, ThemeKind};

#[test]
fn other_attempts_are_a_press_away() {
    let mut harness = panel(samples::conflict());
    let sample = samples::conflict();
    for (label, attempt_idx) in [
        ("Next attempt", 2),
        ("Previous attempt", 0),
        ("Attempt 3: Delivered , 200", 2),
        ("Attempt 1: Retry in 2.1 s as 429, 409", 0),
    ] {
        press(&mut harness, label);
        assert_eq!(harness.state_mut().view.goto.take().as_ref(), Some(&sample.attempts[attempt_idx].id), "{label}");
    }
    assert!(says(&harness, "Attempt 2 of 3"));
}

#[test]
fn ids_can_be_copied_from_the_menu() {
    let mut harness = panel(samples::conflict());
    press(&mut harness, "More");
    press(&mut harness, "Copy message id");
    press(&mut harness, "More");
    press(&mut harness, "Copy attempt as JSON");
    let copied = Command::Copy("m-8001".to_owned(), "Message id");
    assert_eq!(harness.state().asked, [copied, Command::Do(Verb::CopyAttempt)]);
}

#[test]
fn another_delivery_is_shown_from_its_top() {
    let mut harness = panel_of_size(samples::conflict(), 360.0, 400.0);
    harness.state_mut().view.scrolled = 40.0;
    harness.state_mut().sample.shown = 0;
    harness.run();
    assert!((harness.state().view.scrolled - 40.0).abs() < 1.0, "another attempt of the same delivery");
    harness.state_mut().sample = changed(samples::timeout(), |attempt| attempt.delivery = "d2".into());
    harness.run();
    assert!(harness.state().view.scrolled < 1.0, "another delivery");
}

#[test]
fn the_last_attempt_has_no_next_one() {
    let mut sample = samples::conflict();
    sample.shown = 2;
    let mut harness = panel(sample);
    assert!(harness.get_by_label("Next attempt").accesskit_node().is_disabled());
    press(&mut harness, "Next attempt");
    assert_eq!(harness.state().view.goto, None);
}

#[test]
fn the_event_goes_to_the_composer_as_it_came() {
    let mut harness = panel(samples::timeout());
    press(&mut harness, "Compose");
    let asked = &harness.state().asked;
    let Some(Command::Compose(text)) = asked.first() else { panic!("{asked:?}") };
    let event: serde_json::Value = serde_json::from_str(text).unwrap();
    assert_eq!(event, samples::timeout().events[0].payload);
}

#[test]
fn a_token_that_was_renewed_names_who_used_it_first() {
    let harness = panel(samples::propagation());
    assert!(says(&harness, "Token generation 1 to 2"));
    assert!(says(&harness, "Refreshed by exchange 2 in 240 ms. In this delivery attempt 2 was the first"));
    let harness = panel(samples::refresh_failed());
    assert!(says(&harness, "The refresh was tried by exchange 2 in 410 ms and failed"));
}

#[test]
fn every_token_of_the_destination_tells_who_made_it_and_who_used_it_first() {
    let mut harness = panel(Sample { shown: 1, ..samples::propagation() });
    assert!(says(&harness, "gen 1, from the plan, in use since 07:31:02.134, 1 use"));
    press(
        &mut harness,
        "gen 2, made by attempt 1 of m-7f21 at 07:31:02.564, first used 30 s later by attempt 2 of m-7f21 · 2 uses",
    );
    assert_eq!(harness.state().view.goto, Some("linkedin-audiences-a1".into()));
    assert!(panel(samples::conflict()).query_by_label("Tokens").is_none(), "a destination without tokens");
}

#[test]
fn a_batch_of_a_stream_names_where_its_events_came_from_and_which_go_on() {
    let sample = changed(samples::conflict(), |attempt| {
        let events = &attempt.events;
        let members = Members {
            came_from: events.iter().map(|event| (event.clone(), "a9".into())).collect(),
            goes_on: events.iter().map(|event| (event.clone(), attempt.ended_at)).collect(),
            given_up: Vec::new(),
        };
        members.tell(&mut attempt.verdict);
    });
    let mut harness = panel(sample);
    assert!(says(&harness, "Through batches") && says(&harness, "due from "));
    press(&mut harness, "attempt a9");
    assert_eq!(harness.state().view.goto, Some("a9".into()));
}

#[test]
fn nothing_stands_outside_the_panel_at_any_width() {
    for width in [320.0, 400.0, 480.0] {
        let mut harness = panel_of_size(samples::propagation(), width, 1_400.0);
        for sample in [samples::propagation, samples::refresh_failed, samples::conflict, samples::timeout] {
            harness.state_mut().sample = sample();
            for tab in ["Response", "Request", "Headers"] {
                press(&mut harness, tab);
                for node in harness.query_all_by(|node| node.label().is_some()) {
                    let (rect, label) = (node.rect(), node.accesskit_node().label());
                    let is_inside = rect.left() >= 0.0 && rect.right() <= width + 0.5;
                    assert!(is_inside, "{label:?} at {rect:?} in a panel of {width}, tab {tab}");
                }
            }
        }
    }
}

#[test]
fn with_nothing_selected_the_panel_says_what_to_do() {
    let theme = Theme::of(ThemeKind::Light);
    let harness =
        Harness::builder().with_size(egui::vec2(340.0, 200.0)).build_ui(move |ui| inspector_empty_ui(ui, theme));
    assert!(harness.query_by_label_contains("Select an attempt").is_some());
}
