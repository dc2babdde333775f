//! Mappings, unknown actions and subscriptions.
use serde_json::{Value, json};

use super::story::{Story, audience, pendo, users};

/// A mapping whose directive throws where the name of the path is missing.
fn throwing() -> Value {
    json!({"mapping": {"visitorId": {"@path": {"@path": "$.properties.path"}}}})
}

fn with_path(path: Value) -> Value {
    let mut event = audience("ada", true);
    event["properties"]["path"] = path;
    event
}

const MESSAGE: &str = "@path: expected string, got undefined";

#[test]
fn one_event_that_the_mapping_cannot_take_fails_its_batch() {
    let batch = |events: &[Value]| {
        let story = events.iter().fold(pendo().plan(&throwing()), |story, event| story.event(event.clone()));
        story.failed("MappingError", None, "", MESSAGE)
    };
    let good = || with_path(json!("$.userId"));
    let story = batch(&[good(), audience("bob", true), good()]);
    assert!(story.seen("Q-06").starts_with("The mapping throws on 1 of 3 events, the first of them e2"));
    assert_eq!(story.ids(), ["Q-06"]);
    assert!(batch(&[good(), good()]).of("Q-06").is_empty(), "neither of them throws");
    assert_eq!(batch(&[audience("bob", true)]).ids(), ["Q-37"], "alone it fails nobody else");
}

#[test]
fn a_mapping_mistake_is_retried_for_nothing() {
    let wrong = || pendo().plan(&json!({"mapping": {"visitorId": {"@nope": 1}, "batch_size": {"@nope": 1}}}));
    let error = "\n    ValidationError: /visitorId has an invalid directive: @nope.";
    let story = wrong().event(audience("ada", true)).failed("MappingError", None, "", error);
    assert!(story.seen("Q-37").starts_with("MappingError has no status and is retried"));
    let foreign = Story::new("elsewhere", "send").event(json!({})).failed("AggregateError", None, "", error);
    assert_eq!(foreign.ids(), ["Q-37"]);
    let network = Story::new("elsewhere", "send").event(json!({})).failed("FetchError", None, "ECONNRESET", "reset");
    assert!(network.ids().is_empty());
    let own_status = wrong().event(audience("ada", true)).failed("ValidationError", 400, "", error);
    assert!(own_status.ids().is_empty(), "it is given up, as it should be");
}

#[test]
fn an_action_that_there_is_not_delivers_nothing() {
    let single = Story::new("pendo-audiences", "syncAudiences").event(audience("ada", true)).delivered();
    assert!(single.seen("Q-07").contains("has no action \"syncAudiences\"; nothing was sent, and 1 event counted as"));
    let batch = Story::new("pendo-audiences", "nope").event(json!({})).event(json!({}));
    let batch = batch.failed("TypeError", None, "", "Cannot read properties of undefined (reading 'status')");
    assert_eq!(batch.ids(), ["Q-07"]);
    assert!(Story::new("pendo-audiences", "getAudience").event(json!({})).delivered().ids().is_empty());
    assert!(Story::new("somewhere-else", "send").event(json!({})).delivered().ids().is_empty());
}

#[test]
fn a_batch_size_out_of_bounds_is_found_in_the_plan() {
    let story = |size: Value| pendo().plan(&json!({"mapping": {"batch_size": size}}));
    assert_eq!(story(json!(5000)).seen("Q-29"), "The mapping sets batch_size to 5000; the field declares 1 to 1000.");
    assert_eq!(story(json!(0)).ids(), ["Q-29"]);
    for near_miss in [json!(1), json!(1000), json!({"@path": "$.x"})] {
        assert!(story(near_miss).ids().is_empty());
    }
    assert!(users().plan(&json!({"mapping": {"batch_size": 5000}})).ids().is_empty(), "it has no such field");
}

#[test]
fn a_subscription_that_misleads_is_shown_as_it_was_read() {
    let story = |text: &str| pendo().plan(&json!({ "subscription": text }));
    let seen = story(r#"type = "track" OR type = "identify""#).seen("Q-30");
    assert!(seen.contains("`OR` means nothing here"), "{seen}");
    assert!(seen.ends_with(r#"It is read as: type = "track" and type = "identify""#), "{seen}");
    assert!(story(r#"type = "track" or type = "identify""#).ids().is_empty());
    assert!(story("typo").ids().is_empty(), "one that does not parse is refused with words of its own");
}
