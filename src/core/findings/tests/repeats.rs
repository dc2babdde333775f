//! What comes again: too early, too often, too late.
use serde_json::{Value, json};

use super::story::{Story, accepted, audience, function, pendo, refused};
use crate::core::findings::Severity;
use crate::core::http::{Body, FaultKind};
use crate::core::names::{Decision, Purpose};

const HOOK: &str = "https://example.com/hook";

fn post(story: Story) -> Story {
    story.post(HOOK, json!({"id": 1}))
}

fn order() -> Value {
    json!({"type": "track", "event": "Order", "messageId": "m-1"})
}

fn patch(story: Story, who: &str, op: &str) -> Story {
    let body = json!({"patch": [{"op": op, "path": "/visitors", "value": [who]}]});
    story.request(Purpose::Deliver, "PATCH", "https://app.pendo.io/api/v1/segment/seg_1/visitor", Body::Json(body))
}

fn busy(story: Story) -> Story {
    story.answer(409, json!({})).failed("RetryableError", 429, "RETRYABLE_ERROR", "Pendo returned a 409.")
}

fn done(story: Story) -> Story {
    story.answer(200, json!({"multistatus": [{"operation": "add", "status": 200}]})).delivered()
}

#[test]
fn an_attempt_that_comes_before_the_remote_asked_is_told_once() {
    let slow_down = || post(function().event(order())).answer(429, json!({})).saying("retry-after", "120");
    let failed = || slow_down().failed("RetryError", None, "", "HTTP Status 429");
    assert!(failed().next_in(60).seen("F-01").starts_with("Retry-After: 120 asked to wait until 2026-"));
    assert!(failed().next_in(120).ids().is_empty());
    let told_by_the_next = post(failed().after(60)).delivered();
    assert_eq!(told_by_the_next.of("F-01").len(), 1);
    assert_eq!(told_by_the_next.of("F-01")[0].attempt, Some("a2".into()));
    assert!(post(failed().after(121)).delivered().ids().is_empty());
    assert_eq!(post(failed().next_in(60).after(60)).delivered().of("F-01").len(), 1);
}

#[test]
fn a_message_that_reaches_one_action_twice_is_told_by_its_harm() {
    let again = |story: Story, event: Value| post(story.delivery("d2").event(event)).delivered();
    let first = || post(function().event(order())).delivered();
    let twice = again(first(), order());
    assert_eq!(twice.seen("F-03"), "1 message had been delivered before; the first, m-1, by attempt a1.");
    assert_eq!(twice.of("F-03")[0].severity, Severity::Severe);
    assert!(again(first(), json!({"type": "track", "messageId": "m-2"})).ids().is_empty());
    let by_hand = post(first().delivery("d2").event(order()).replayed()).delivered();
    assert!(by_hand.ids().is_empty(), "somebody wanted it twice");
    let keyed = post(first().delivery("d2").event(order())).with("idempotency-key", "\"m-1\"").delivered();
    assert_eq!(keyed.of("F-03")[0].severity, Severity::Note);
    let failed = post(function().event(order())).answer(500, json!({})).failed("Error", 500, "", "");
    assert!(again(failed, order()).of("F-03").is_empty());
}

#[test]
fn a_message_twice_in_one_batch_is_told() {
    let batch = |second: Value| {
        let story = post(function().event(order()).event(second));
        story.items(vec![accepted(json!({})), accepted(json!({}))])
    };
    assert!(batch(order()).seen("F-03").contains("in the same attempt"));
    assert!(batch(json!({"messageId": "m-2"})).ids().is_empty());
}

#[test]
fn the_third_permanent_refusal_in_a_row_is_a_storm() {
    let refuse = |story: Story, status: u16| {
        let story = post(story.after(60)).answer(status, json!({}));
        story.failed("RetryableError", 500, "RETRYABLE_ERROR", "This batch will be retried.")
    };
    let three = [400, 400, 400].into_iter().fold(function().event(order()), refuse);
    assert!(three.seen("F-04").contains("from a1 on, were answered with 400"));
    let five = [400; 5].into_iter().fold(function().event(order()), refuse);
    assert_eq!(five.of("F-04").len(), 1, "once is enough");
    for near_miss in [[400, 500, 400], [503, 503, 503], [400, 404, 400]] {
        let story = near_miss.into_iter().fold(function().event(order()), refuse);
        assert!(story.of("F-04").is_empty(), "{near_miss:?}");
    }
}

#[test]
fn a_masked_refusal_of_an_item_is_a_storm_as_well() {
    let refuse = |story: Story, _| {
        let story = patch(story.after(60), "ada", "add");
        let story = story.answer(200, json!({"multistatus": [{"operation": "add", "status": 400}]}));
        story.failed("IntegrationError", 500, "INTERNAL_SERVER_ERROR", "bad")
    };
    let story = (0..3).fold(pendo().event(audience("ada", true)), refuse);
    assert!(story.seen("F-04").contains("answered with 400"));
}

#[test]
fn an_event_that_was_delivered_is_not_to_be_sent_again() {
    let first = || {
        let story = post(function().event(order()).event(json!({"messageId": "m-2"})));
        story.items(vec![accepted(json!({})), refused(500, "INTERNAL_SERVER_ERROR", "later")]).after(60)
    };
    let whole = post(first()).items(vec![accepted(json!({})), accepted(json!({}))]);
    assert_eq!(whole.seen("F-06"), "1 event (e1) had been delivered by attempt a1.");
    assert!(whole.of("F-03").is_empty(), "one finding for one thing");
    assert!(post(first().carrying(&["e2"])).items(vec![accepted(json!({}))]).ids().is_empty());
}

#[test]
fn no_answer_and_then_success_may_have_been_twice() {
    let story = |fault| {
        let story = post(function().event(order())).fault(fault).failed("TimeoutError", None, "ETIMEDOUT", "timed out");
        post(story.after(60)).delivered()
    };
    assert!(story(FaultKind::Timeout).seen("F-07").contains("Attempt a1 sent it and got no answer (timeout)"));
    assert!(story(FaultKind::ConnectRefused).ids().is_empty(), "nobody was there to act");
    let keyed = post(function().event(order())).fault(FaultKind::Timeout).failed("TimeoutError", None, "", "");
    assert!(post(keyed.after(60)).with("idempotency-key", "k").delivered().ids().is_empty());
    let set = patch(pendo().event(audience("ada", true)), "ada", "add").fault(FaultKind::Timeout);
    let set = patch(set.failed("IntegrationError", 500, "", "").after(60), "ada", "add");
    assert!(done(set).ids().is_empty(), "a segment is a set");
}

#[test]
fn a_retry_that_undoes_a_newer_event_is_told() {
    let told = |newer: &str, retry_delivers: bool| {
        let story = busy(patch(pendo().event(audience("ada", false)), "ada", "remove")).after(10);
        let story = story.delivery("d2").event(audience("ada", newer == "add"));
        let story = done(patch(story, "ada", newer)).after(60).back_to("d1", &["e1"], 1);
        let story = patch(story, "ada", "remove");
        if retry_delivers { done(story) } else { busy(story) }
    };
    let seen = told("add", true).seen("F-18");
    assert_eq!(seen, "Attempt a2 had added ada since this delivery began; its retry removed them again.");
    assert!(told("remove", true).of("F-18").is_empty(), "both say the same");
    assert!(told("add", false).of("F-18").is_empty(), "it has not happened yet");
}

#[test]
fn an_event_that_was_older_all_along_overtakes_nobody() {
    let story = done(patch(pendo().event(audience("ada", true)), "ada", "add")).after(10);
    let story = busy(patch(story.delivery("d2").event(audience("ada", false)), "ada", "remove")).after(60);
    assert!(done(patch(story, "ada", "remove")).ids().is_empty());
}

#[test]
fn a_delivery_that_is_given_up_leaves_nothing_behind() {
    let story = busy(patch(pendo().event(audience("ada", false)), "ada", "remove")).after(10);
    let story = patch(story, "ada", "remove").answer(400, json!({}));
    let story = story.failed_and(Decision::Discard, "IntegrationError", 400, "BAD_REQUEST", "no").after(10);
    let story = done(patch(story.delivery("d2").event(audience("ada", true)), "ada", "add"));
    assert!(story.ids().is_empty(), "{:?}", story.ids());
}
