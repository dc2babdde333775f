//! LinkedIn's lists of people.
use serde_json::{Value, json};

use super::story::{Story, audience, but, users};
use crate::core::destinations::hashed;
use crate::core::findings::Severity;
use crate::core::http::Body;
use crate::core::names::Purpose;

const LOOKUP: &str = "https://api.linkedin.com/rest/dmpSegments?q=account&account=urn%3Ali%3A5&sourceSegmentId=buyers";
const CREATE: &str = "https://api.linkedin.com/rest/dmpSegments";
const USERS: &str = "https://api.linkedin.com/rest/dmpSegments/7/users";

fn looked_up(story: Story) -> Story {
    story.request(Purpose::Lookup, "GET", LOOKUP, Body::Empty).answer(200, json!({"elements": [{"id": "7"}]}))
}

fn element(action: &str, ids: &[(&str, &str)]) -> Value {
    let ids: Vec<Value> = ids.iter().map(|(kind, value)| json!({"idType": kind, "idValue": value})).collect();
    json!({"action": action, "userIds": ids})
}

fn list(story: Story, elements: &[Value]) -> Story {
    story.post(USERS, json!({ "elements": elements }))
}

fn ada() -> Story {
    looked_up(users().event(audience("ada", true)))
}

#[test]
fn every_answer_but_200_and_401_is_masked_and_called_by_its_name() {
    let answered = |status: u16| {
        let story = list(ada(), &[element("ADD", &[("GOOGLE_AID", "x")])]).answer(status, json!({}));
        story.failed("RetryableError", 500, "RETRYABLE_ERROR", "This batch will be retried.")
    };
    for (status, title, severity) in [
        (400, "Permanent error masked as 500", Severity::Severe),
        (403, "Permanent error masked as 500", Severity::Severe),
        (404, "Permanent error masked as 500", Severity::Severe),
        (201, "Success masked as 500", Severity::Severe),
        (204, "Success masked as 500", Severity::Severe),
        (429, "Request to slow down masked as 500", Severity::Warning),
        (503, "Passing error masked as 500", Severity::Note),
    ] {
        let found = answered(status).of("Q-03");
        assert_eq!((found[0].title, found[0].severity), (title, severity), "{status}");
        assert_eq!(found[0].seen, format!("LinkedIn answered {status}; the attempt ended with 500, which is retried."));
        assert_eq!(found[0].evidence[0].to_string(), "exchanges/1/response/status");
    }
    assert!(answered(500).ids().is_empty(), "a 500 is a 500");
    let rejected = list(ada(), &[element("ADD", &[])]).answer(401, json!({}));
    assert!(rejected.failed("InvalidAuthenticationError", 401, "", "").of("Q-03").is_empty());
}

#[test]
fn a_failed_lookup_keeps_its_status() {
    let story = users().event(audience("ada", true)).request(Purpose::Lookup, "GET", LOOKUP, Body::Empty);
    assert!(story.answer(400, json!({})).failed("HTTPError", 400, "", "Bad Request").ids().is_empty());
}

#[test]
fn a_segment_called_undefined_is_told() {
    let made = |header: &str, url: &str| {
        let story = users().event(audience("ada", true));
        let body = Body::Json(json!({"account": "urn:li:5", "sourceSegmentId": "buyers"}));
        let story = story.request(Purpose::Create, "POST", CREATE, body).answer(201, json!({})).saying(header, "8");
        story.post(url, json!({"elements": []})).answer(200, json!({})).delivered()
    };
    let lost = made("x-restli-id", "https://api.linkedin.com/rest/dmpSegments/undefined/users");
    assert!(lost.seen("Q-10").ends_with("/dmpSegments/undefined/users was answered with 200."));
    assert_eq!(lost.of("Q-10")[0].evidence.len(), 2, "the URL, and the answer without the header");
    assert!(made("x-linkedin-id", "https://api.linkedin.com/rest/dmpSegments/8/users").of("Q-10").is_empty());
    assert!(made("x-linkedin-id", "https://api.linkedin.com/rest/dmpSegments/undefined-1/users").of("Q-10").is_empty());
}

#[test]
fn a_segment_that_is_made_again_is_told() {
    let create = |story: Story, name: &str, status: u16| {
        let body = Body::Json(json!({"account": "urn:li:5", "sourceSegmentId": name}));
        let story = story.request(Purpose::Create, "POST", CREATE, body).answer(status, json!({}));
        list(story, &[]).answer(200, json!({})).delivered()
    };
    let first = || create(users().event(audience("ada", true)), "buyers", 201);
    let second = |name, status| create(first().delivery("d2").event(audience("bob", true)), name, status);
    assert_eq!(second("buyers", 201).seen("F-14"), "Another segment was made for \"buyers\".");
    assert!(second("sellers", 201).of("F-14").is_empty());
    assert!(second("buyers", 409).of("F-14").is_empty());
}

#[test]
fn a_hash_is_compared_with_the_one_of_the_trimmed_small_letters() {
    let sent = |email: &str, hash: &str| {
        let event = but(audience("ada", true), "/context/traits/email", json!(email));
        list(looked_up(users().event(event)), &[element("ADD", &[("SHA256_EMAIL", hash)])]).delivered()
    };
    let plain = "b9ecf4d8df2a1bd9b3c0e9f3e9a4f7bfa2cc4db0ac7d1d4c9f6a1c8a4b0c4c39";
    let odd = sent(" Ada@Example.com", &hashed(" Ada@Example.com"));
    assert!(odd.seen("Q-24").contains(&hashed("ada@example.com")), "{}", odd.seen("Q-24"));
    assert_eq!(odd.of("Q-24")[0].event, Some("e1".into()));
    for (email, hash) in [
        ("ada@example.com", hashed("ada@example.com")),
        ("Ada@Example.com", hashed("ada@example.com")),
        (plain, plain.to_owned()),
        ("Ada@Example.com", plain.to_owned()),
    ] {
        assert!(sent(email, &hash).of("Q-24").is_empty(), "{email}");
    }
}

#[test]
fn an_event_that_says_that_somebody_left_must_not_add_them() {
    let id = "38400000-8cf0-11bd-b23e-10b96e4ef00d";
    let sent = |name: &str, is_in: Value, action: &str| {
        let mut event = but(audience("ada", true), "/event", json!(name));
        event["properties"]["buyers"] = is_in;
        event["context"]["device"] = json!({ "advertisingId": id });
        list(looked_up(users().event(event)), &[element(action, &[("GOOGLE_AID", id)])])
    };
    let left = sent("Left", json!(false), "ADD").delivered();
    assert!(left.seen("Q-25").contains("an event \"Left\" that says that the person left"), "{}", left.seen("Q-25"));
    let unsaid = sent("Signed Up", json!(null), "ADD").delivered();
    assert_eq!(unsaid.of("Q-25")[0].severity, Severity::Warning);
    for near_miss in [
        sent("Joined", json!(true), "ADD"),
        sent("Audience Entered", json!(false), "ADD"),
        sent("Left", json!(false), "REMOVE"),
        sent("Left", json!(false), "ADD").plan(&json!({"mapping": {"dmp_user_action": "ADD"}})),
    ] {
        assert!(near_miss.delivered().of("Q-25").is_empty());
    }
}

#[test]
fn people_without_identifiers_and_with_empty_ones_are_counted() {
    let sent = |elements: &[Value]| list(ada(), elements).answer(200, json!({})).delivered();
    let good = || element("ADD", &[("GOOGLE_AID", "x")]);
    assert!(sent(&[good(), element("ADD", &[])]).seen("Q-26").starts_with("1 element of 2 had no userIds"));
    assert!(sent(&[element("ADD", &[("SHA256_EMAIL", "")])]).seen("F-15").starts_with("1 element of 1"));
    assert!(sent(&[good()]).ids().is_empty());
}

#[test]
fn what_counts_as_delivered_without_being_sent_is_told() {
    assert!(ada().delivered().seen("Q-27").starts_with("The segment was looked up and no list was sent"));
    let nobody = but(audience("ada", true), "/context/traits/email", json!(""));
    assert!(users().event(nobody).delivered().seen("Q-27").starts_with("No request was sent at all"));
    assert!(users().event(audience("ada", true)).delivered().ids().is_empty(), "the exchanges were not recorded");
    let sent = list(ada(), &[element("ADD", &[("GOOGLE_AID", "x")])]).answer(200, json!({}));
    assert!(sent.delivered().of("Q-27").is_empty());
    assert!(ada().failed("HTTPError", 500, "", "").of("Q-27").is_empty());
}
