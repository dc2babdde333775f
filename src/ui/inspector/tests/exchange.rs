//! Requests and responses, with their bodies.
use egui_kittest::kittest::Queryable as _;
use serde_json::json;

use super::{changed, panel, press, says};
use crate::core::http::Body;
use crate::ui::command::{Command, Verb};
use crate::ui::inspector::samples;

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
