//! LinkedIn conversions.
use serde_json::{Value, json};

use super::story::{START, Story, conversions, refused};

const URL: &str = "https://api.linkedin.com/rest/conversionEvents";

fn purchase(timestamp: &Value, properties: &Value) -> Value {
    json!({
        "type": "track", "event": "Purchase", "messageId": "m-1", "timestamp": timestamp,
        "traits": {"email": "ada@example.com"}, "properties": properties,
    })
}

fn posted(conversion: Value) -> Story {
    conversions().event(purchase(&json!("2026-11-20T00:00:00Z"), &json!({}))).post(URL, conversion)
}

#[test]
fn the_words_that_the_bare_error_leaves_out_are_shown() {
    let body = json!({"message": "Conversion rule is inactive", "status": 422});
    let story = |name| {
        posted(json!({"eventId": "m-1"})).answer(422, body.clone()).failed(name, 422, "", "Unprocessable Entity")
    };
    assert_eq!(
        story("HTTPError").seen("Q-02"),
        "LinkedIn answered 422 and said \"Conversion rule is inactive\"; the error is a bare HTTPError, \
         \"Unprocessable Entity\"."
    );
    assert!(story("IntegrationError").ids().is_empty());
}

#[test]
fn an_event_without_revenue_is_lost_by_the_default_mapping() {
    let message = "Conversion Value is missing the required field 'currencyCode'. Conversion Value is missing the \
                   required field 'amount'.";
    let refused_for = |properties: Value, plan: Value| {
        let story = conversions().plan(&plan).event(purchase(&json!("2026-11-20T00:00:00Z"), &properties));
        story.failed("ValidationError", 400, "", message)
    };
    assert!(refused_for(json!({}), json!({})).seen("Q-21").starts_with("1 event had neither"));
    assert!(refused_for(json!({"revenue": 5}), json!({})).of("Q-21").is_empty(), "a currency is missing, that is true");
    let mapping = json!({"mapping": {"conversionValue": {"currencyCode": {"@path": "$.x"}}}});
    assert!(refused_for(json!({}), mapping).of("Q-21").is_empty(), "the mapping is their own");
    let batch = conversions().event(purchase(&json!(""), &json!({}))).event(purchase(&json!(""), &json!({})));
    let items =
        vec![refused(400, "PAYLOAD_VALIDATION_FAILED", message), refused(400, "PAYLOAD_VALIDATION_FAILED", "x")];
    assert_eq!(batch.items(items).of("Q-21")[0].event, Some("e1".into()));
}

#[test]
fn seconds_are_told_from_old_milliseconds() {
    let seconds = START.as_millis() / 1000 - 3600;
    let story = |timestamp: Value| {
        let story = conversions().event(purchase(&timestamp, &json!({})));
        story.failed(
            "PayloadValidationError",
            400,
            "PAYLOAD_VALIDATION_FAILED",
            "Timestamp should be within the past 90 days.",
        )
    };
    for timestamp in [json!(seconds), json!(seconds.to_string())] {
        assert!(story(timestamp).seen("Q-22").contains("is 2026-11-21T23:00:00.000Z"));
    }
    for near_miss in [json!(seconds * 1000), json!(seconds - 200 * 86_400), json!("2020-01-01T00:00:00Z")] {
        assert!(story(near_miss.clone()).ids().is_empty(), "{near_miss}");
    }
}

#[test]
fn a_misspelt_identifier_type_is_told() {
    let story = |kind: &str| {
        let user = json!({"userIds": [{"idType": kind, "idValue": "1"}]});
        posted(json!({"eventId": "m-1", "user": user})).delivered()
    };
    assert!(story("AXCIOM_ID").seen("Q-23").starts_with("1 of 1 conversion"));
    assert!(story("ACXIOM_ID").ids().is_empty());
}

#[test]
fn a_conversion_says_which_event_it_is_about() {
    let story = |elements: Value| posted(json!({ "elements": elements })).delivered();
    let found = story(json!([{"eventId": "m-1"}, {}])).of("F-11");
    assert_eq!(found[0].seen, "1 of 2 conversions had no eventId.");
    assert_eq!(found[0].evidence[0].to_string(), "exchanges/0/request/body/elements/1");
    assert!(story(json!([{"eventId": "m-1"}])).ids().is_empty());
}

#[test]
fn a_conversion_may_be_a_little_ahead_of_time() {
    let story = |ahead_millis: i64| {
        posted(json!({"eventId": "m-1", "conversionHappenedAt": START.as_millis() + ahead_millis})).delivered()
    };
    assert!(story(3_600_000).seen("F-19").contains("2026-11-22T01:00:00.000Z"));
    assert!(story(60_000).ids().is_empty());
    assert!(story(-60_000).ids().is_empty());
}
