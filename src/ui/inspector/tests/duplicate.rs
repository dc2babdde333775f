//! What a ledger says of duplicates.
use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::{changed, panel, press, says};
use crate::core::names::DuplicateOutcome;
use crate::core::record::DuplicateMark;
use crate::ui::inspector::samples::{self, Sample};

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
fn evidence_that_this_program_does_not_know_is_shown_as_it_is() {
    let harness =
        panel(with_mark(DuplicateOutcome::Ambiguous, None, &json!({"trait_read_at": "a while ago", "odd_thing": [1]})));
    for text in ["nobody can tell whether the receiver acted", "Trait read at", "a while ago", "Odd thing", "[1]"] {
        assert!(says(&harness, text), "{text}");
    }
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
    let left_out = json!({ "delivered-twice": 2, "first": 9 });
    let evidence = json!({ "elements": elements, "elements_left_out": left_out });
    let harness = panel(with_mark(DuplicateOutcome::DeliveredTwice, None, &evidence));
    assert!(says(&harness, "and 11 more: 2 delivered-twice, 9 first"));
    assert!(says(&harness, "m-0000, re-sent, sent 2, acted on 2, acknowledged 2, /submissions"));
    let n_rows = harness.query_all_by_label_contains("re-sent").count();
    assert!((5..=9).contains(&n_rows), "{n_rows}");
}
