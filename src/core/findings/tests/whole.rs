//! The catalogue as a whole, and detectors on sessions of any shape.
use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::story::{Story, audience, pendo, users};
use crate::core::findings::{Detector, Visibility, catalogue, entry};
use crate::core::http::Body;
use crate::core::names::Purpose;

#[test]
fn every_quirk_has_one_entry_with_words_and_sources() {
    let ids: Vec<&str> = catalogue().iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id is there twice: {ids:?}");
    let quirks: Vec<String> = (1..=38).map(|number| format!("Q-{number:02}")).collect();
    assert_eq!(ids[..38], quirks.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(ids[38..], (1..=24).map(|number| format!("F-{number:02}")).collect::<Vec<_>>());
    for kind in catalogue() {
        assert!(!kind.cites.is_empty(), "{} cites nothing", kind.id);
        for words in [kind.why, kind.advice] {
            assert!(words.ends_with('.') && words.len() > 40, "{}: {words}", kind.id);
        }
        assert_eq!(entry(kind.id).map(|found| found.title), Some(kind.title));
    }
}

#[test]
fn what_sessions_cannot_show_says_why() {
    let unseen = catalogue().iter().filter(|entry| matches!(entry.visibility(), Visibility::NotInSessions { .. }));
    assert_eq!(unseen.map(|entry| entry.id.as_str()).collect::<Vec<_>>(), ["Q-33", "Q-34", "Q-38"]);
}

#[test]
fn records_one_by_one_give_what_all_of_them_give() {
    let story = users()
        .event(audience("ada", true))
        .post("https://api.linkedin.com/rest/dmpSegments/undefined/users", json!({}));
    let story = story
        .answer(403, json!({}))
        .failed("RetryableError", 500, "", "")
        .plan(&json!({"subscription": "type == \"x\""}));
    let mut detector = Detector::new(story.header());
    let mut found = detector.about_plan();
    found.extend(story.records().iter().flat_map(|record| detector.push(record)));
    assert_eq!(found, story.findings());
    assert_eq!(story.ids(), ["Q-30", "Q-03", "Q-10"]);
}

#[test]
fn a_delivery_that_goes_as_it_should_shows_nothing() {
    let body = json!({"patch": [{"op": "add", "path": "/visitors", "value": ["ada"]}]});
    let url = "https://app.pendo.io/api/v1/segment/seg_1/visitor";
    let story = pendo().event(audience("ada", true)).request(Purpose::Deliver, "PATCH", url, Body::Json(body));
    let answer = json!({"multistatus": [{"operation": "add", "status": 200, "message": "success"}]});
    assert!(story.answer(200, answer).delivered().ids().is_empty());
}

/// JSON in which the names that detectors look for stand in odd places.
fn odd_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "(|add|undefined|ADD|AXCIOM_ID|ada@x\\.y| Ada@x\\.y|\u{e9})".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let name = "(multistatus|elements|status|patch|op|value|userIds|idType|idValue|context|personas|message|\
                    properties|computation_class|computation_key|access_token|refresh_token|conversionHappenedAt)";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..4).prop_map(|fields| fields.into_iter().collect::<Value>()),
        ]
    })
}

fn odd_attempt(mut story: Story, request: Value, answer: Value, url_idx: usize, status: u16) -> Story {
    const URLS: [&str; 6] = [
        "https://app.pendo.io/api/v1/segment/é/visitor",
        "https://api.linkedin.com/rest/dmpSegments/7/users",
        "https://api.linkedin.com/rest/dmpSegments",
        "https://api.linkedin.com/rest/conversionEvents",
        "https://www.linkedin.com/oauth/v2/accessToken",
        "//",
    ];
    let method = if url_idx == 0 { "PATCH" } else { "POST" };
    let url = URLS[url_idx % URLS.len()];
    story = story.request(Purpose::Deliver, method, url, Body::Json(request)).answer(status, answer);
    if status.is_multiple_of(2) { story.delivered() } else { story.failed("Error", status, "", "undefined") }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_session_is_too_odd(
        event in odd_json(),
        plan in odd_json(),
        sent in prop::collection::vec((odd_json(), odd_json(), 0_usize..6, 0_u16..700), 1..5),
    ) {
        for story in [pendo(), users(), super::story::conversions(), super::story::function()] {
            let story = story.plan(&json!({"mapping": plan, "subscription": plan})).event(event.clone()).event(event.clone());
            let story = sent.iter().fold(story, |story, (request, answer, url_idx, status)| {
                odd_attempt(story, request.clone(), answer.clone(), *url_idx, *status)
            });
            prop_assert_eq!(story.findings(), story.findings());
        }
    }
}
