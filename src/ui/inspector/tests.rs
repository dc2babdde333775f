//! The panel as people and screen readers find it: by label.
use std::sync::Arc;

use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use serde_json::json;

use super::samples::{self, Sample};
use super::{InspectorContext, InspectorView, inspector_empty_ui, inspector_ui};
use crate::core::batching::Members;
use crate::core::findings::{At, Evidence, Finding, Severity, catalogue};
use crate::core::framework::RULES_FIRED;
use crate::core::http::Body;
use crate::core::names::{DuplicateOutcome, EventId};
use crate::core::record::{Attempt, DuplicateMark, EventRecord, Record, SessionHeader};
use crate::store::Session;
use crate::ui::command::{Command, Commands, TimeMode, Verb};
use crate::ui::fonts;
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, ThemeKind};

/// The panel and what it asked for.
struct Panel {
    sample: Sample,
    view: InspectorView,
    findings: Vec<Finding>,
    revealed: bool,
    asked: Vec<Command>,
}

fn panel(sample: Sample) -> Harness<'static, Panel> {
    panel_of_size(sample, 360.0, 1_400.0)
}

fn panel_of_size(sample: Sample, width: f32, height: f32) -> Harness<'static, Panel> {
    let panel =
        Panel { sample, view: InspectorView::default(), findings: Vec::new(), revealed: false, asked: Vec::new() };
    let theme = Theme::of(ThemeKind::Dark);
    let mut harness = Harness::builder()
        .with_size(egui::vec2(width, height))
        .with_context_setup(move |ctx| {
            fonts::install(ctx);
            theme.apply(ctx);
        })
        .build_ui_state(
            move |ui, panel: &mut Panel| {
                let mut commands = Commands::default();
                let find = |id: &EventId| -> Option<Arc<EventRecord>> {
                    panel.sample.events.iter().find(|event| event.id == *id).cloned()
                };
                let session = session_of(&panel.sample);
                let own = session.find_attempt(&panel.sample.attempt().id).map(|idx| session.attempt(idx).delivery);
                let context = InspectorContext {
                    attempts: &panel.sample.attempts,
                    tokens: own.and_then(|own| session.tokens().lane(session.delivery(own).destination)),
                    attempt: &|idx| session.details(idx),
                    findings: &panel.findings,
                    event: &find,
                    origin: samples::START,
                    times: TimeMode::Utc,
                    mask: Mask { revealed: panel.revealed, ..Mask::HIDE_ALL },
                };
                inspector_ui(ui, panel.sample.attempt(), &context, &mut panel.view, theme, &mut commands);
                panel.asked.extend(commands.take());
            },
            panel,
        );
    harness.run();
    harness
}

/// A session with all that the sample has.
fn session_of(sample: &Sample) -> Session {
    let mut session = Session::new(SessionHeader::new("s", "s", samples::START, "simulated"));
    let events = sample.events.iter().map(|event| Record::Event(Arc::clone(event)));
    let attempts = sample.attempts.iter().map(|attempt| Record::Attempt(Arc::clone(attempt)));
    events.chain(attempts).for_each(|record| session.push(record));
    session
}

/// The sample with another first attempt.
fn changed(mut sample: Sample, change: impl FnOnce(&mut Attempt)) -> Sample {
    let mut attempt = sample.attempt().clone();
    change(&mut attempt);
    let shown = sample.shown;
    sample.attempts[shown] = Arc::new(attempt);
    sample
}

fn press(harness: &mut Harness<'_, Panel>, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn says(harness: &Harness<'_, Panel>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn the_verdict_tells_decision_rule_facts_and_source() {
    let harness = panel(samples::propagation());
    for text in [
        "Attempt 1 of 2",
        "m-7f21 · 07:31:02.114",
        "Retry in 30 sas 503",
        "LINKEDIN-TOKEN-PROPAGATION",
        "status 401 · service error code 65601",
        "pull request 3708",
        "HTTP-ERROR · drop it",
        "service error code were 65600 · then drop it",
        "RetryableError 503",
    ] {
        assert!(says(&harness, text), "{text}");
    }
}

#[test]
fn the_rules_that_fired_are_listed_on_request() {
    let fired = json!(["LINKEDIN-TOKEN-PROPAGATION", "FRAMEWORK-TOKEN-PROPAGATION-REFRESH"]);
    let mut harness = panel(changed(samples::propagation(), |attempt| {
        attempt.verdict.facts.insert(RULES_FIRED.to_owned(), fired);
    }));
    assert!(!says(&harness, "FRAMEWORK-TOKEN-PROPAGATION-REFRESH"));
    press(&mut harness, "one of 2 that fired");
    assert!(says(&harness, "FRAMEWORK-TOKEN-PROPAGATION-REFRESH"));
}

#[test]
fn a_finding_opens_and_leads_to_what_it_rests_on() {
    let mut harness = panel(samples::propagation());
    let kind = &catalogue()[0];
    harness.state_mut().findings = vec![Finding {
        id: kind.id,
        title: kind.title,
        severity: Severity::Severe,
        delivery: None,
        attempt: None,
        event: None,
        seen: "seen in the request for a token".to_owned(),
        why: kind.why,
        advice: kind.advice,
        evidence: vec![Evidence { at: At::Request(1), path: "/body".to_owned() }],
    }];
    harness.run();
    assert!(!says(&harness, "seen in the request"));
    press(&mut harness, &format!("severe {}: {}", kind.id, kind.title));
    assert!(says(&harness, "seen in the request") && says(&harness, kind.advice));
    press(&mut harness, "request 2/body");
    assert!(says(&harness, "client_id=client-1"));
}

#[test]
fn a_rule_of_another_program_is_said_to_be_unknown() {
    let harness = panel(samples::batch(3));
    assert!(says(&harness, "ANOTHER-PROGRAMS-RULE"));
    assert!(says(&harness, "does not know that rule"));
}

#[test]
fn what_decided_is_shown_first_and_another_exchange_on_request() {
    let mut harness = panel(samples::propagation());
    assert!(says(&harness, "65601,"));
    let refresh = "200 POST /oauth/v2/accessToken, refresh · 240 ms, brought token generation 2";
    press(&mut harness, refresh);
    assert!(says(&harness, "expires_in") && !says(&harness, "65601,"));
    press(&mut harness, "Request");
    assert!(says(&harness, "https://www.linkedin.com/oauth/v2/accessToken"));
    assert!(says(&harness, "client_id=client-1"));
    press(&mut harness, "Headers");
    assert!(says(&harness, "linkedin-version: 202505"));
}

#[test]
fn secrets_are_hidden_until_people_ask() {
    let mut harness = panel(samples::refresh_failed());
    press(&mut harness, "Request");
    assert!(!says(&harness, "secret-1") && !says(&harness, "refresh-1"));
    assert!(says(&harness, "2 secrets are hidden."));
    press(&mut harness, "Headers");
    assert!(says(&harness, "authorization: Bearer ‹hidden›"));
    press(&mut harness, "Show secrets");
    assert_eq!(harness.state().asked, [Command::Do(Verb::ToggleSecrets)]);
    harness.state_mut().revealed = true;
    press(&mut harness, "Request");
    assert!(says(&harness, "client_secret=secret-1") && !says(&harness, "hidden"));
}

#[test]
fn copies_are_masked_like_the_screen() {
    let mut harness = panel(samples::refresh_failed());
    press(&mut harness, "Request");
    press(&mut harness, "Copy body");
    press(&mut harness, "Copy URL");
    press(&mut harness, "Headers");
    press(&mut harness, "Copy authorization");
    let form = "refresh_token=‹hidden›&client_id=client-1&client_secret=‹hidden›&grant_type=refresh_token";
    let url = "https://www.linkedin.com/oauth/v2/accessToken";
    let copies = [(form, "Body"), (url, "URL"), ("authorization: Bearer ‹hidden›", "Header")];
    let copies = copies.map(|(text, what)| Command::Copy(text.to_owned(), what));
    assert_eq!(harness.state().asked, copies);
}

#[test]
fn a_fault_stands_where_the_response_would() {
    let mut harness = panel(samples::timeout());
    assert!(says(&harness, "No response: timeout after 10 s"));
    assert!(says(&harness, "The receiver may have acted."));
    assert!(says(&harness, "no whole response within 10 s"));
    assert!(harness.query_by_label("Copy body").is_none());
    press(&mut harness, "Request");
    assert!(says(&harness, "http://127.0.0.1:9009/api/v1/segment/seg_42/visitor"));
}

#[test]
fn of_five_thousand_items_only_those_in_sight_are_laid_out() {
    let mut harness = panel(samples::batch(5_000));
    let n_rows = harness.query_all_by_label_contains("200 delivered, m-").count();
    assert!((5..=9).contains(&n_rows), "{n_rows}");
    assert!(says(&harness, "4\u{202f}950 delivered · 50 to retry"));
    press(&mut harness, "Problems 50");
    let refused = "409 retry, m-0102, Another update of this segment is under way";
    press(&mut harness, refused);
    assert!(says(&harness, "Item 103 of 5\u{202f}000") && says(&harness, "Event 103 of 5\u{202f}000"));
    assert!(says(&harness, "conflict"));
    press(&mut harness, "Sent");
    assert!(says(&harness, "v-102"));
}

#[test]
fn of_a_large_body_only_the_lines_in_sight_are_laid_out() {
    let rows: Vec<_> = (0..20_000).map(|number| json!({ "id": number })).collect();
    let sample = changed(samples::conflict(), |attempt| {
        attempt.exchanges[0].result = Ok(samples::response(409, json!(rows)));
    });
    let harness = panel(sample);
    let n_lines = harness.query_all_by_label_contains("\"id\": ").count();
    assert!((10..=40).contains(&n_lines), "{n_lines}");
}

#[test]
fn a_text_is_found_in_a_body_and_stepped_through() {
    let rows: Vec<_> = (0..2_000).map(|number| json!({ "id": number })).collect();
    let sample = changed(samples::conflict(), |attempt| {
        attempt.exchanges[0].result = Ok(samples::response(409, json!(rows)));
    });
    let mut harness = panel(sample);
    harness.get_all_by_label("Find in body").next().unwrap().click();
    harness.run();
    harness.get_by_label("Text to find").type_text("1999");
    harness.run();
    assert!(says(&harness, "1 of 1") && says(&harness, "\"id\": 1999"));
    press(&mut harness, "Next match");
    assert!(says(&harness, "1 of 1"));
    press(&mut harness, "Close search");
    assert!(harness.query_by_label("Next match").is_none());
}

#[test]
fn what_would_hide_or_turn_text_is_written_out() {
    let sample = changed(samples::conflict(), |attempt| {
        let response = samples::response(409, json!(null));
        let body = Body::Text("a\u{202e}b\u{1b}[31m".to_owned());
        attempt.exchanges[0].result = Ok(crate::core::http::Response { body, ..response });
        attempt.verdict.reason = "turned \u{202e}around".to_owned();
    });
    let harness = panel(sample);
    assert!(says(&harness, "a‹U+202E›b‹U+001B›[31m"));
    assert!(says(&harness, "turned ‹U+202E›around"));
}

#[test]
fn bytes_are_shown_as_hexadecimal() {
    let sample = changed(samples::conflict(), |attempt| {
        attempt.exchanges[0].request.body = Body::Bytes(b"\xff\x00Hello".to_vec());
    });
    let mut harness = panel(sample);
    press(&mut harness, "Request");
    assert!(says(&harness, "ff 00 48 65 6c 6c 6f") && says(&harness, "··Hello"));
    press(&mut harness, "Copy body");
    assert_eq!(harness.state().asked, [Command::Copy("/wBIZWxsbw==".to_owned(), "Body")]);
}

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
fn the_first_attempt_is_compared_with_the_second() {
    let mut harness = panel(samples::propagation());
    for text in [
        "Compare Attempt 1 · 401 GET /rest/dmpSegments?…",
        "with Attempt 2 · 200 GET /rest/dmpSegments?…",
        "Verdict · ",
        "decision: retry, then delivered",
        "rule: LINKEDIN-TOKEN-PROPAGATION, then HTTP-SUCCESS",
    ] {
        assert!(says(&harness, text), "{text}");
    }
    press(&mut harness, "Copy difference");
    let asked = &harness.state().asked;
    let Some(Command::Copy(text, "Difference")) = asked.last() else { panic!("{asked:?}") };
    for part in [
        "  service error code\n    - 65601\n",
        "Request\n  header authorization\n    - Bearer ‹hidden›\n    + Bearer ‹hidden›\n  token generation\n    - 1\n    + 2\n",
        "Response\n  status\n    - 401\n    + 200\n",
        "  body /elements\n    + [{\"id\":10804,\"status\":\"READY\"}]",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn any_two_exchanges_can_be_compared() {
    let mut harness = panel(samples::propagation());
    press(&mut harness, "with Attempt 2 · 200 GET /rest/dmpSegments?…");
    press(&mut harness, "Attempt 1 · 200 POST /oauth/v2/accessToken");
    assert!(
        says(&harness, "method: GET, then POST") && !says(&harness, "decision: retry"),
        "one attempt has one verdict"
    );
    press(&mut harness, "Copy difference");
    let asked = &harness.state().asked;
    let Some(Command::Copy(text, "Difference")) = asked.last() else { panic!("{asked:?}") };
    assert!(text.contains("  method\n    - GET\n    + POST\n") && !text.contains("secret-1"), "{text}");
}

#[test]
fn an_attempt_that_was_kept_is_compared_with_those_of_another_delivery() {
    let mut harness = panel(samples::propagation());
    press(&mut harness, "More");
    press(&mut harness, "Keep for comparison");
    harness.state_mut().sample = changed(samples::conflict(), |attempt| attempt.delivery = "d2".into());
    harness.run();
    assert!(says(&harness, "Compare m-7f21 Attempt 1 · ") && says(&harness, "with Attempt 2 · 409 PATCH"));
    assert!(says(&harness, "rule: LINKEDIN-TOKEN-PROPAGATION, then PENDO-409-CONFLICT"));
    press(&mut harness, "Compare with the kept attempt no longer");
    assert!(says(&harness, "Compare Attempt 1 · 409 PATCH"));
}

#[test]
fn what_has_nothing_beside_it_is_not_compared() {
    let harness = panel(samples::timeout());
    assert!(harness.query_by_label("Differences").is_none());
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

/// The last attempt of a busy remote, with what a ledger says of it.
fn with_mark(outcome: DuplicateOutcome, of: Option<&str>, evidence: &serde_json::Value) -> Sample {
    let evidence = evidence.as_object().cloned().unwrap_or_default();
    let mark = DuplicateMark { strategy: "profile-trait".to_owned(), outcome, of: of.map(Into::into), evidence };
    let sample = Sample { shown: 2, ..samples::conflict() };
    changed(sample, |attempt| attempt.duplicate = Some(mark))
}

#[test]
fn a_duplicate_tells_both_sides_of_the_wire_and_how_stale_the_trait_was() {
    let evidence = json!({
        "label": "duplicate: stale trait read", "why": "The check let the event through.", "message_id": "m-8001",
        "receiver": "https://orders.example.com/submissions?access_token=abc", "sent": 2, "acted": 2, "acknowledged": 1,
        "known_from": "simulator", "trait_read_at": "2025-11-25T07:31:03.000Z",
        "trait_written_at": "2025-11-25T07:31:02.000Z", "trait_visible_at": "2025-11-25T07:31:06.000Z",
    });
    let mut harness = panel(with_mark(DuplicateOutcome::DeliveredTwice, Some("a4"), &evidence));
    for text in [
        "Delivered twice",
        "duplicate: stale trait read",
        "The check let the event through.",
        "sent 2, acted on 2, acknowledged 1",
        "read 1 s after it was written, 3 s before it was visible",
        "https://orders.example.com/submissions?access_token=‹hidden›",
        "Known from",
    ] {
        assert!(says(&harness, text), "{text}");
    }
    press(&mut harness, "attempt a4");
    assert_eq!(harness.state().view.goto, Some("a4".into()));
}

#[test]
fn of_a_thousand_accounts_only_those_in_sight_are_laid_out() {
    let element = |number: usize| {
        json!({
            "message_id": format!("m-{number:04}"), "outcome": "delivered-twice", "label": "re-sent",
            "receiver": "https://orders.example.com/submissions", "sent": 2, "acted": 2, "acknowledged": 2,
        })
    };
    let elements: Vec<_> = (0..1_000).map(element).collect();
    let harness = panel(with_mark(DuplicateOutcome::DeliveredTwice, None, &json!({ "elements": elements })));
    assert!(says(&harness, "m-0000, re-sent, sent 2, acted on 2, acknowledged 2, /submissions"));
    let n_rows = harness.query_all_by_label_contains("re-sent").count();
    assert!((5..=9).contains(&n_rows), "{n_rows}");
}

#[test]
fn evidence_that_this_program_does_not_know_is_shown_as_it_is() {
    let harness =
        panel(with_mark(DuplicateOutcome::Ambiguous, None, &json!({"trait_read_at": "a while ago", "odd_thing": [1]})));
    for text in ["nobody can tell whether the receiver acted", "Trait read at", "a while ago", "Odd thing", "[1]"] {
        assert!(says(&harness, text), "{text}");
    }
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
