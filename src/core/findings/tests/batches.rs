//! LinkedIn's lists: what their answers hide, and whose audience they go to.
use serde_json::{Value, json};

use super::story::{Story, accepted, audience, but, companies, conversions, refused, users};
use crate::core::findings::Severity;
use crate::core::http::Body;
use crate::core::names::{Decision, Purpose};
use crate::core::record::Item;

const USERS: &str = "https://api.linkedin.com/rest/dmpSegments/7/users";
const COMPANIES: &str = "https://api.linkedin.com/rest/dmpSegments/7/companies";
const CONVERSIONS: &str = "https://api.linkedin.com/rest/conversionEvents";

fn statuses(statuses: &[u16]) -> Value {
    json!({"elements": statuses.iter().map(|status| json!({ "status": status })).collect::<Vec<_>>()})
}

#[test]
fn refused_elements_in_a_200_are_counted() {
    let batch = |answer: Value, items: Vec<Item>| {
        let story = users().event(audience("ada", true)).event(audience("bob", true));
        story.post(USERS, json!({"elements": [{}, {}]})).answer(200, answer).items(items)
    };
    let both = || vec![accepted(json!({})), accepted(json!({}))];
    let body = json!({"elements": [{"status": 201}, {"status": 400, "message": "bad hash"}]});
    assert_eq!(
        batch(body.clone(), both()).seen("Q-11"),
        "LinkedIn answered 200 and refused 1 of 2 elements in it, the first with 400, \"bad hash\"; 2 events counted as \
         delivered."
    );
    assert!(batch(statuses(&[201, 200]), both()).of("Q-11").is_empty());
    assert!(batch(json!({}), both()).of("Q-11").is_empty());
    let told = vec![refused(400, "BAD_REQUEST", ""), refused(400, "BAD_REQUEST", "")];
    assert!(batch(body, told).of("Q-11").is_empty(), "the items say it");
}

#[test]
fn a_single_conversion_is_looked_at_as_well() {
    let story = |status| {
        let story = conversions().event(json!({"messageId": "m"})).post(CONVERSIONS, json!({"eventId": "m"}));
        story.answer(200, statuses(&[status])).delivered()
    };
    assert!(story(422).seen("Q-11").contains("refused 1 of 1 element"));
    assert!(story(201).ids().is_empty());
}

#[test]
fn companies_look_at_their_elements_themselves() {
    let story = companies().event(json!({})).post(COMPANIES, json!({"elements": [{}]})).answer(200, statuses(&[400]));
    assert!(story.items(vec![refused(400, "BAD_REQUEST", "bad")]).of("Q-11").is_empty());
}

#[test]
fn people_of_two_lists_end_up_in_the_one_that_was_looked_up() {
    let lookup = "https://api.linkedin.com/rest/dmpSegments?q=account&sourceSegmentId=buyers";
    let batch = |second: Value, with_lookup: bool| {
        let story = users().event(audience("ada", true)).event(second);
        let story = if with_lookup { story.request(Purpose::Lookup, "GET", lookup, Body::Empty) } else { story };
        story.post(USERS, json!({"elements": []})).items(vec![accepted(json!({})), accepted(json!({}))])
    };
    let other = || but(audience("bob", true), "/properties/audience_key", json!("sellers"));
    for with_lookup in [true, false] {
        assert_eq!(batch(other(), with_lookup).seen("Q-12"), "1 event of sellers went to \"buyers\" with the others.");
        assert!(batch(audience("bob", true), with_lookup).of("Q-12").is_empty());
    }
    let nobody = but(other(), "/context/traits/email", json!(""));
    assert!(batch(nobody, true).of("Q-12").is_empty(), "who has no identifier is not sent");
}

#[test]
fn a_company_that_would_be_retried_on_its_own_is_told() {
    let story = |item: Item| {
        let story = companies().event(json!({})).post(COMPANIES, json!({"elements": [{}]}));
        story.answer(200, statuses(&[item.status])).items(vec![item])
    };
    let found = story(refused(404, "BAD_REQUEST", "LinkedIn did not return a result for this company.")).of("Q-36");
    assert!(found[0].seen.contains("the first with status 404 (NOT_FOUND); 1 given up. The message says"));
    let found = story(refused(429, "BAD_REQUEST", "slow down")).of("Q-36");
    assert_eq!(found[0].severity, Severity::Note, "it is retried by its status");
    assert!(story(refused(400, "BAD_REQUEST", "bad")).of("Q-36").is_empty());
}

#[test]
fn a_company_that_the_answer_leaves_out_is_told() {
    let story = |answer: Value| {
        companies().event(json!({})).post(COMPANIES, json!({"elements": [{}]})).answer(200, answer).delivered()
    };
    assert!(story(json!({"elements": []})).seen("F-16").starts_with("LinkedIn answered 200 without"));
    assert!(story(statuses(&[201])).ids().is_empty());
    assert!(story(json!(null)).ids().is_empty(), "the body was not recorded");
}

#[test]
fn a_passing_status_with_a_permanent_type_is_decided_by_the_status() {
    let item = refused(500, "PAYLOAD_VALIDATION_FAILED", "missing");
    assert_eq!(item.decision, Decision::Retry);
    let story = Story::new("elsewhere", "send").event(json!({})).items(vec![item]);
    assert_eq!(story.ids(), ["F-02"]);
}
