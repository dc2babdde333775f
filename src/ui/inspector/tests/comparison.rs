//! What differs between two attempts.
use std::ops::ControlFlow;
use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::{changed, panel, press, says};
use crate::core::http::Body;
use crate::core::record::Attempt;
use crate::ui::command::Command;
use crate::ui::inspector::samples;

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
fn large_bodies_are_compared_by_the_shell_and_shown_when_they_are() {
    let mut sample = samples::propagation();
    sample.attempts = sample
        .attempts
        .iter()
        .enumerate()
        .map(|(idx, attempt)| {
            let mut attempt = Attempt::clone(attempt);
            for exchange in &mut attempt.exchanges {
                let mut items = vec!["x".repeat(1_000); 600];
                items[300] = format!("item of attempt {idx}");
                exchange.request.body = Body::Json(json!({ "items": items }));
            }
            Arc::new(attempt)
        })
        .collect();
    let mut harness = panel(sample);
    assert!(says(&harness, "Comparing large bodies, 0 %"));
    let question = harness.state_mut().view.take_difference_question();
    let question = question.unwrap_or_else(|| panic!("nothing was asked"));
    harness.run();
    assert!(harness.state_mut().view.take_difference_question().is_none(), "it is asked once");
    harness.state_mut().view.tell_difference_percent(Some(40));
    harness.run();
    assert!(says(&harness, "Comparing large bodies, 40 %"));
    press(&mut harness, "Stop comparing");
    assert!(harness.state_mut().view.take_difference_stop() && !harness.state_mut().view.take_difference_stop());
    harness.state_mut().view.tell_difference_percent(None);
    harness.run();
    assert!(says(&harness, "The comparison of large bodies was stopped."));
    assert!(question.answer(&mut |_| ControlFlow::Break(())).is_none(), "who is stopped gives no answer");
    press(&mut harness, "Compare again");
    harness.run();
    let question = harness.state_mut().view.take_difference_question();
    let question = question.unwrap_or_else(|| panic!("it is not asked again"));
    let answer = question.answer(&mut |_| ControlFlow::Continue(()));
    harness.state_mut().view.answer_difference(answer.unwrap_or_else(|| panic!("nobody stopped it")));
    harness.run();
    assert!(!says(&harness, "Comparing large bodies"));
    press(&mut harness, "Copy difference");
    let asked = &harness.state().asked;
    let Some(Command::Copy(text, "Difference")) = asked.last() else { panic!("{asked:?}") };
    assert!(text.contains("item of attempt 0") && text.contains("item of attempt 1"), "{text}");
}
