//! Pendo and audience membership.
use serde_json::{Value, json};

use super::story::{Story, accepted, audience, but, pendo, refused};
use crate::core::findings::Severity;
use crate::core::http::Body;
use crate::core::names::{Decision, Purpose};
use crate::core::record::Item;

const URL: &str = "https://app.pendo.io/api/v1/segment/seg_1/visitor";

fn patch(add: &[&str], remove: &[&str]) -> Value {
    let operations = [("add", add), ("remove", remove)].into_iter().filter(|(_, visitors)| !visitors.is_empty());
    let operations = operations.map(|(op, visitors)| json!({"op": op, "path": "/visitors", "value": visitors}));
    json!({ "patch": operations.collect::<Vec<_>>() })
}

fn results(results: &[(&str, u16)]) -> Value {
    let results = results.iter().map(|(operation, status)| {
        json!({"operation": operation, "status": status, "message": format!("{operation} {status}")})
    });
    json!({ "multistatus": results.collect::<Vec<_>>() })
}

fn sent(story: Story, add: &[&str], remove: &[&str]) -> Story {
    story.request(Purpose::Deliver, "PATCH", URL, Body::Json(patch(add, remove)))
}

fn accepted_visitor(op: &str, visitor: &str) -> Item {
    accepted(json!({"patch": [{"op": op, "path": "/visitors", "value": [visitor]}]}))
}

#[test]
fn a_refusal_inside_a_200_is_told_with_both_statuses() {
    let refused = |status| {
        let story = sent(pendo().event(audience("ada", true)), &["ada"], &[]);
        story.answer(200, results(&[("add", status)])).failed("IntegrationError", 500, "INTERNAL_SERVER_ERROR", "no")
    };
    assert_eq!(
        refused(404).seen("Q-01"),
        "Pendo answered 200 and refused add with 404 (\"add 404\"); the attempt ended with 500."
    );
    assert_eq!(refused(404).of("Q-01")[0].severity, Severity::Severe);
    assert_eq!(refused(404).of("Q-01")[0].evidence[0].to_string(), "exchanges/0/response/body/multistatus/0");
    assert_eq!(refused(429).of("Q-01")[0].severity, Severity::Warning, "it would have been retried anyway");
    assert!(refused(500).of("Q-01").is_empty(), "nothing is masked");
    assert_eq!(refused(404).ids(), ["Q-01"]);
}

#[test]
fn in_a_batch_the_item_keeps_its_status_and_nothing_is_masked() {
    let story = sent(pendo().event(audience("ada", true)), &["ada"], &[]).answer(200, results(&[("add", 404)]));
    assert!(story.items(vec![refused(404, "NOT_FOUND", "add 404")]).ids().is_empty());
}

#[test]
fn an_answer_that_cannot_be_read_was_an_answer_all_the_same() {
    let fails = |status, body: Value| {
        let story = sent(pendo().event(audience("ada", true)), &["ada"], &[]).answer(status, body);
        story.failed("IntegrationError", 500, "INTERNAL_SERVER_ERROR", "Cannot read properties of undefined")
    };
    for (status, body, what) in [
        (204, json!(null), "204 with no body"),
        (200, json!({"ok": true}), "200 with JSON without a list named multistatus"),
    ] {
        assert!(fails(status, body).seen("Q-08").contains(what), "{what}");
    }
    assert!(fails(500, json!(null)).of("Q-08").is_empty(), "Pendo itself failed");
    let batch = sent(pendo().event(audience("ada", true)).event(audience("bob", true)), &["ada", "bob"], &[]);
    let batch = batch.answer(200, json!("done"));
    let items = vec![refused(500, "INTERNAL_SERVER_ERROR", "x"), refused(500, "INTERNAL_SERVER_ERROR", "x")];
    assert!(batch.items(items).seen("Q-08").contains("2 events were counted as failed"));
}

#[test]
fn json_that_is_called_text_is_not_read_either() {
    let story = sent(pendo().event(audience("ada", true)), &["ada"], &[]).answer(200, results(&[("add", 200)]));
    let failed = |story: Story| story.failed("IntegrationError", 500, "", "x");
    assert!(failed(story.saying("content-type", "text/plain")).seen("Q-08").contains("its content type"));
}

#[test]
fn who_left_and_came_back_in_one_batch_is_removed() {
    let batch = |ops: [(&str, &str); 3], status| {
        let of = |wanted| ops.iter().filter(|(op, _)| *op == wanted).map(|(_, who)| *who).collect::<Vec<_>>();
        let events = ops.iter().fold(pendo(), |story, (op, who)| story.event(audience(who, *op == "add")));
        let story = sent(events, &of("add"), &of("remove")).answer(status, results(&[("add", 200), ("remove", 200)]));
        story.items(ops.iter().map(|(op, who)| accepted_visitor(op, who)).collect())
    };
    let back = batch([("remove", "ada"), ("add", "bob"), ("add", "ada")], 200);
    assert!(back.seen("Q-09").starts_with("The last event of ada adds"), "{}", back.seen("Q-09"));
    assert_eq!(back.of("Q-09")[0].event, Some("e3".into()));
    assert!(batch([("add", "ada"), ("add", "bob"), ("remove", "ada")], 200).of("Q-09").is_empty(), "she did leave");
    assert!(batch([("remove", "ada"), ("add", "bob"), ("add", "ada")], 409).of("Q-09").is_empty(), "nothing happened");
}

#[test]
fn a_visitor_who_stands_twice_under_one_operation_is_noted() {
    let story = |add: &[&str], remove: &[&str]| {
        let story = sent(pendo().event(audience("ada", true)), add, remove);
        story.answer(200, results(&[("add", 200)])).delivered()
    };
    assert_eq!(story(&["ada", "bob", "ada"], &[]).seen("F-05"), "1 repetition of 3: ada.");
    assert!(story(&["ada", "bob"], &["ada"]).of("F-05").is_empty());
}

#[test]
fn a_segment_id_with_a_slash_addresses_something_else() {
    let story = |id: &str| {
        let url = format!("https://app.pendo.io/api/v1/segment/{id}/visitor");
        let story = pendo().event(audience("ada", true)).request(Purpose::Deliver, "PATCH", &url, Body::Empty);
        story.answer(404, json!(null)).failed("IntegrationError", 404, "NOT_FOUND", "Not Found")
    };
    for id in ["a/b", "a?b", "a#b", "a b"] {
        assert!(story(id).seen("F-12").contains(id), "{id}");
    }
    assert!(story("a-b_c.d%2Fe").of("F-12").is_empty());
}

#[test]
fn an_unknown_operation_matters_only_to_removals() {
    let story = |operation: &str, remove: &[&str]| {
        let story = sent(pendo().event(audience("ada", false)), &["bob"], remove);
        story.answer(200, results(&[("add", 200), (operation, 400)])).delivered()
    };
    assert!(story("delete", &["ada"]).seen("F-13").contains("\"delete\""));
    assert!(story("delete", &[]).of("F-13").is_empty());
    assert!(story("remove", &["ada"]).of("F-13").is_empty());
}

#[test]
fn an_empty_name_of_its_own_blocks_the_audience_s_name() {
    let create = |own: Value| {
        let event = but(audience("ada", true), "/context/personas/external_audience_id", json!(""));
        let mut event = event;
        event["context"]["personas"]["audience_settings"] = json!({"audienceName": own});
        let story = Story::new("pendo-audiences", "createAudience").event(event);
        story.failed("IntegrationError", 422, "MISSING_REQUIRED_FIELD", "A Pendo Segment name is required")
    };
    assert!(create(json!("")).seen("Q-35").contains("\"buyers\" was not used"));
    assert!(create(json!("Buyers")).of("Q-35").is_empty());
}

#[test]
fn one_event_with_a_null_context_fails_its_batch() {
    let batch = |context: Value, message: &str| {
        let odd = but(audience("bob", true), "/context", context);
        let story = pendo().event(audience("ada", true)).event(odd).event(audience("eve", true));
        story.failed("TypeError", None, "", message)
    };
    let thrown = "Cannot destructure property 'personas' of '{}' as it is null.";
    assert!(batch(json!(null), thrown).seen("Q-05").starts_with("context of event e2 is null, which fails 2 events"));
    assert_eq!(batch(json!(null), thrown).of("Q-05")[0].event, Some("e2".into()));
    let reading = "Cannot read properties of null (reading 'computation_class')";
    assert!(batch(json!({"personas": null}), reading).seen("Q-05").starts_with("context.personas of event e2"));
    assert!(batch(json!(null), "some other error").of("Q-05").is_empty());
    assert!(batch(json!({}), thrown).of("Q-05").is_empty());
}

#[test]
fn reverse_etl_rows_and_journeys_without_a_boolean_are_told_apart() {
    let single = |event: Value| {
        let message = "Unable to determine audience membership for this event";
        pendo().event(event).failed("InvalidAudienceMembershipError", 400, "INVALID_AUDIENCE_MEMBERSHIP", message)
    };
    let row = json!({"type": "track", "event": "updated", "userId": "ada"});
    assert_eq!(single(row).ids(), ["Q-31"]);
    let word = but(audience("ada", true), "/properties/buyers", json!("true"));
    let journey = but(word, "/context/personas/computation_class", json!("journey_step"));
    let story = single(journey);
    assert_eq!(story.ids(), ["Q-32"]);
    assert!(story.seen("Q-32").contains("held \"true\" under properties.buyers"), "{}", story.seen("Q-32"));
    let page = but(audience("ada", true), "/type", json!("page"));
    assert!(single(page).seen("Q-32").contains("is of type \"page\", which tells no membership"));
    assert!(single(json!({"type": "track", "event": "Signed Up"})).ids().is_empty(), "no audience at all");
    let message = "Unable to determine audience membership for this event";
    let batch = pendo().event(audience("ada", true)).event(json!({"type": "track", "event": "new"}));
    let batch = batch.items(vec![accepted_visitor("add", "ada"), refused(400, "BAD_REQUEST", message)]);
    assert_eq!(batch.of("Q-31")[0].event, Some("e2".into()));
    assert_eq!(batch.ids(), ["Q-31"]);
}

#[test]
fn people_of_two_audiences_in_one_patch_end_up_in_the_first() {
    let other = |who: &str| but(audience(who, true), "/context/personas/external_audience_id", json!("seg_2"));
    let batch = |second: Value, item: Item| {
        let story = sent(pendo().event(audience("ada", true)).event(second), &["ada", "bob"], &[]);
        story.answer(200, results(&[("add", 200)])).items(vec![accepted_visitor("add", "ada"), item])
    };
    let leak = batch(other("bob"), accepted_visitor("add", "bob"));
    assert_eq!(leak.seen("Q-12"), "1 event of seg_2 went to \"seg_1\" with the others.");
    assert_eq!(leak.of("Q-12")[0].event, Some("e2".into()));
    assert!(batch(audience("bob", true), accepted_visitor("add", "bob")).of("Q-12").is_empty());
    assert!(batch(other("bob"), refused(400, "BAD_REQUEST", "Visitor ID is required")).of("Q-12").is_empty());
    let mapped = batch(other("bob"), accepted_visitor("add", "bob"));
    let mapped = mapped.plan(&json!({"mapping": {"segmentAudienceId": "seg_1"}}));
    assert!(mapped.of("Q-12").is_empty(), "the plan sends all of them to one segment");
}

#[test]
fn an_empty_visitor_id_has_two_names() {
    let event = but(audience("ada", true), "/userId", json!(""));
    let message = "The root value is missing the required field 'visitorId'.";
    let single = pendo().event(event.clone()).failed("ValidationError", 400, "", message);
    assert!(single.seen("Q-04").starts_with("visitorId is an empty text"));
    let batch = pendo().event(audience("bob", true)).event(event);
    let batch =
        batch.items(vec![accepted_visitor("add", "bob"), refused(400, "BAD_REQUEST", "Visitor ID is required")]);
    assert!(batch.seen("Q-04").contains("in 1 event"));
    let mut without = audience("ada", true);
    without.as_object_mut().unwrap().remove("userId");
    assert!(pendo().event(without).failed("ValidationError", 400, "", message).of("Q-04").is_empty());
}

#[test]
fn an_item_that_the_answer_leaves_out_says_two_things() {
    let message = "MultiStatusResponse is missing a response at the specified index";
    let story = |item: Item| {
        let story = sent(pendo().event(audience("ada", true)), &["ada"], &[]).answer(200, results(&[]));
        story.items(vec![item])
    };
    assert!(story(refused(500, "PAYLOAD_VALIDATION_FAILED", message)).seen("F-02").starts_with("1 of 1 item"));
    assert!(story(refused(400, "PAYLOAD_VALIDATION_FAILED", "bad")).of("F-02").is_empty());
}

#[test]
fn a_batch_that_matches_nothing_says_nothing_of_its_events() {
    let end = |story: Story| story.end(crate::core::record::Outcome::NotSubscribed, Decision::Filtered);
    let two = end(pendo().event(audience("ada", true)).event(audience("bob", true)));
    assert!(two.seen("Q-28").contains("None of 2 events"));
    assert!(end(pendo().event(audience("ada", true))).of("Q-28").is_empty());
}
