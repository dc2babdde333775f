//! Token refreshes.
use serde_json::json;

use super::story::{Story, audience, companies, conversions, refused, users};
use crate::core::http::FaultKind;
use crate::core::names::Decision;
use crate::core::record::Item;

const USERS: &str = "https://api.linkedin.com/rest/dmpSegments/7/users";
const COMPANIES: &str = "https://api.linkedin.com/rest/dmpSegments/7/companies";

fn list() -> serde_json::Value {
    json!({"elements": [{"action": "ADD", "userIds": [{"idType": "GOOGLE_AID", "idValue": "x"}]}]})
}

fn posted(story: Story, status: u16, body: serde_json::Value) -> Story {
    story.post(USERS, list()).answer(status, body)
}

fn one() -> Story {
    users().event(audience("ada", true))
}

fn unauthorized(story: Story) -> Story {
    story.failed("InvalidAuthenticationError", 401, "INVALID_AUTHENTICATION", "Invalid LinkedIn OAuth access token.")
}

#[test]
fn the_second_refresh_of_an_attempt_has_no_use() {
    let twice = posted(one(), 401, json!({})).refreshed();
    let twice = unauthorized(posted(twice, 401, json!({})).refreshed());
    assert!(twice.seen("Q-13").contains("answered with 401"));
    assert_eq!(twice.ids(), ["Q-13"]);
    let cured = posted(posted(one(), 401, json!({})).refreshed(), 200, json!({})).delivered();
    assert!(cured.ids().is_empty());
    let later = posted(one(), 401, json!({"serviceErrorCode": 65601})).refreshed();
    assert!(later.failed("RetryableError", 503, "", "not yet propagated").ids().is_empty(), "the retry will use it");
}

#[test]
fn what_had_succeeded_is_sent_again_with_the_item_that_met_a_401() {
    let list = json!({"elements": [{"action": "ADD", "companyWebsiteDomain": "a.com"}, {"action": "ADD", "companyWebsiteDomain": "b.com"}]});
    let batch = |first: serde_json::Value, status| {
        let story = companies().event(json!({"type": "track"})).event(json!({"type": "track"}));
        let story = story.post(COMPANIES, list.clone()).answer(status, first).refreshed();
        let story =
            story.post(COMPANIES, list.clone()).answer(200, json!({"elements": [{"status": 201}, {"status": 201}]}));
        story.items(vec![item(201), item(201)])
    };
    let mixed = batch(json!({"elements": [{"status": 201}, {"status": 401}]}), 200);
    assert_eq!(mixed.seen("Q-14"), "The first pass brought 1 of 2 items home; after a refresh all 2 were sent again.");
    let all = batch(json!({"elements": [{"status": 401}, {"status": 401}]}), 200);
    assert!(all.of("Q-14").is_empty(), "nothing had succeeded");
    assert!(batch(json!({"status": 401}), 401).of("Q-14").is_empty(), "the whole list was refused");
}

fn item(status: u16) -> Item {
    Item {
        status,
        errortype: None,
        errormessage: None,
        errorreporter: None,
        sent: Some(json!({})),
        body: None,
        decision: Decision::Delivered,
    }
}

#[test]
fn a_failed_refresh_that_is_asked_for_again_is_told() {
    let fails = |story: Story| story.failed("IntegrationError", 401, "REFRESH_TOKEN_EXPIRED", "expired");
    let grant = json!({"error": "invalid_grant"});
    let once = posted(one(), 401, json!({})).refresh().answer(400, grant.clone());
    assert!(fails(once).ids().is_empty());
    let twice = posted(one(), 401, json!({})).refresh().answer(400, grant.clone()).refresh().answer(400, grant);
    assert!(fails(twice).seen("Q-15").contains("(400) and was asked for again at once (400)"));
}

#[test]
fn bearer_undefined_is_a_note_on_the_token_request_and_severe_elsewhere() {
    let undefined = |story: Story| story.with("authorization", "Bearer undefined");
    let token = undefined(posted(one(), 401, json!({})).refresh()).answer(200, json!({"access_token": "t2"}));
    assert_eq!(posted(token, 200, json!({})).delivered().ids(), ["Q-16"]);
    let call = undefined(posted(one(), 200, json!({}))).delivered();
    assert_eq!(call.ids(), ["Q-17"]);
    assert!(posted(one(), 200, json!({})).with("authorization", "Bearer t").delivered().ids().is_empty());
}

#[test]
fn a_rotated_refresh_token_and_a_missing_access_token_are_told() {
    let answered = |body| {
        let story = posted(one(), 401, json!({})).refresh().answer(200, body);
        posted(story, 200, json!({})).delivered()
    };
    assert!(answered(json!({"access_token": "t", "refresh_token": "r2"})).seen("Q-17").contains("new refresh token"));
    assert!(answered(json!({"expires_in": 1})).seen("Q-17").contains("without an access_token"));
    assert!(answered(json!({"access_token": "t", "refresh_token": "r1"})).ids().is_empty(), "the same one");
    assert!(answered(json!(null)).ids().is_empty(), "the body was not recorded");
}

#[test]
fn an_outage_of_the_token_endpoint_is_no_reason_to_give_up() {
    let fails = |story: Story| story.failed("IntegrationError", 401, "OAUTH_REFRESH_FAILED", "Reason: undefined");
    let refresh = || posted(one(), 401, json!({})).refresh();
    assert!(fails(refresh().answer(503, json!({}))).seen("Q-18").contains("failed with 503, which passes"));
    assert!(fails(refresh().fault(FaultKind::Timeout)).seen("Q-18").contains("failed with timeout"));
    assert!(fails(refresh().answer(400, json!({"error": "invalid_client"}))).ids().is_empty());
}

#[test]
fn a_client_that_is_not_configured_is_retried() {
    let fails = |status: u16, message: &str| {
        conversions().event(json!({})).failed("IntegrationError", status, "OAUTH_REFRESH_FAILED", message)
    };
    assert!(fails(500, "Missing client ID").seen("Q-19").contains("500"));
    assert!(fails(401, "Missing refresh token. Please re-authenticate").ids().is_empty());
}

#[test]
fn a_token_that_is_too_new_is_told_from_one_that_is_bad() {
    let twice = |code: serde_json::Value, end: fn(Story) -> Story| {
        let body = json!({ "serviceErrorCode": code });
        let story = posted(one(), 401, body.clone()).refreshed().after(2);
        end(posted(story, 401, body))
    };
    assert!(twice(json!(65601), unauthorized).seen("Q-20").contains("issued 2.0 s before was rejected with 65601"));
    for near_miss in [json!("65601"), json!(65600)] {
        assert!(twice(near_miss.clone(), unauthorized).of("Q-20").is_empty(), "{near_miss}");
    }
    let retried = |story: Story| story.failed("RetryableError", 503, "RETRYABLE_ERROR", "not yet propagated");
    assert!(twice(json!(65602), retried).of("Q-20").is_empty(), "it is tried again later");
    let nodes = |story: Story| story.items(vec![refused(401, "UNAUTHORIZED", "")]);
    assert!(!twice(json!(65602), nodes).of("Q-20").is_empty());
}

#[test]
fn making_an_audience_forgets_the_new_token() {
    let story = |action| {
        let story = posted(Story::new("linkedin-audiences", action).event(audience("ada", true)), 401, json!({}));
        posted(story.refreshed(), 200, json!({})).delivered()
    };
    assert!(story("createAudience").seen("F-17").starts_with("createAudience refreshed"));
    assert!(story("updateAudience").of("F-17").is_empty());
}
