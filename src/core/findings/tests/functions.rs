//! People's own endpoints.
use serde_json::{Value, json};

use super::story::{Story, accepted, function, refused};

fn post(story: Story, url: &str, body: Value) -> Story {
    story.post(url, body)
}

fn one() -> Story {
    function().event(json!({"type": "track", "messageId": "m-1"}))
}

#[test]
fn a_duplicate_error_after_the_fact_is_told() {
    let text = "Duplicate submission: Profile processed within last 30 days";
    assert!(one().failed("Error", 400, "", text).seen("F-08").contains(text));
    assert!(one().failed("Error", 400, "", "Profile not found").ids().is_empty());
    let batch = one().event(json!({})).items(vec![accepted(json!({})), refused(400, "BAD_REQUEST", text)]);
    assert_eq!(batch.of("F-08")[0].event, Some("e2".into()));
}

#[test]
fn a_conflict_on_a_key_is_a_reason_to_come_again() {
    let story = |status: u16| {
        let story = post(one(), "https://example.com/o", json!({})).with("idempotency-key", "\"m-1\"");
        story.answer(status, json!({})).failed("Error", status, "", "")
    };
    assert!(story(409).seen("F-09").contains("\"m-1\" was answered with 409"));
    assert!(story(422).ids().is_empty());
    let without_key = post(one(), "https://example.com/o", json!({})).answer(409, json!({}));
    assert!(without_key.failed("Error", 409, "", "").ids().is_empty());
}

#[test]
fn a_key_stands_for_one_body() {
    let send = |story: Story, key: &str, body: Value, status: u16| {
        let story = post(story, "https://example.com/o", body).with("idempotency-key", key).answer(status, json!({}));
        story.failed("Error", status, "", "")
    };
    let first = || send(one(), "k1", json!({"amount": 1}), 500).after(60);
    assert!(send(first(), "k1", json!({"amount": 2}), 422).seen("F-10").contains("another body in attempt a1"));
    assert!(send(first(), "k1", json!({"amount": 1}), 500).ids().is_empty(), "a repetition");
    assert!(send(first(), "k2", json!({"amount": 2}), 500).ids().is_empty());
}

#[test]
fn a_hole_in_a_url_is_told_and_a_name_is_not() {
    let story = |url: &str| post(one(), url, json!({})).answer(404, json!({})).failed("Error", 404, "", "");
    for url in ["https://example.com/users/undefined/tags", "https://example.com/o?id=[object%20Object]"] {
        assert!(story(url).seen("F-20").contains(url));
    }
    for url in
        ["https://example.com/users/undefined-behaviour", "https://undefined/o", "https://example.com/o?undefined=1"]
    {
        assert!(story(url).ids().is_empty(), "{url}");
    }
}
