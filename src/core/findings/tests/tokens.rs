//! Token lineage.
use serde_json::{Value, json};

use crate::core::findings::Severity;

use super::story::{Story, audience, users};

const USERS: &str = "https://api.linkedin.com/rest/dmpSegments/7/users";

fn posted(story: Story, generation: u32, status: u16, body: Value) -> Story {
    story.post(USERS, json!({"elements": []})).bearing(generation).answer(status, body)
}

fn one() -> Story {
    users().event(audience("ada", true))
}

fn revoked() -> Value {
    json!({"serviceErrorCode": 65601})
}

fn later(story: Story) -> Story {
    story.failed("RetryableError", 503, "RETRYABLE_ERROR", "not yet propagated")
}

/// An attempt that is rejected at `millis` with one generation and fetches another within 100 ms.
fn refreshing(story: Story, millis: u64, rejected: u32, fetched: u32) -> Story {
    let story = posted(story.meanwhile_at(millis), rejected, 401, revoked());
    later(story.refreshed().taking(100).tokens(rejected, fetched))
}

fn another(story: Story) -> Story {
    story.delivery("d2").event(audience("grace", true))
}

#[test]
fn two_refreshes_of_one_token_are_a_race_or_one_too_many() {
    let second = |millis| refreshing(another(refreshing(one(), 0, 1, 2)), millis, 1, 3);
    assert!(
        second(50).seen("F-21").contains("here and in attempt a1, and both asked for a new token at the same time")
    );
    let late = second(1_100);
    assert!(late.seen("F-21").contains("got generation 2, 1.0 s before this one asked as well and got generation 3"));
    assert_eq!(late.of("F-21")[0].title, "Refreshed a token that had been replaced");
    let earlier = refreshing(another(refreshing(one(), 500, 1, 3)), 0, 1, 2);
    assert!(
        earlier.seen("F-21").contains("got generation 2; 0.4 s later attempt a1 asked as well and got generation 3")
    );
    let lost = |story: Story| {
        let story = posted(another(story).meanwhile_at(50), 1, 401, revoked()).refresh().taking(100);
        let story = story.answer(400, json!({"error": "invalid_grant"})).tokens(1, 1);
        story.failed("IntegrationError", 401, "REFRESH_TOKEN_EXPIRED", "expired")
    };
    let lost = lost(refreshing(one(), 0, 1, 2));
    assert!(lost.seen("F-21").ends_with("this one got none, that one generation 2."));
    assert_eq!(lost.of("F-21")[0].severity, Severity::Severe);
    let another_token = refreshing(another(refreshing(one(), 0, 1, 2)), 1_100, 2, 3);
    assert!(another_token.of("F-21").is_empty());
    let its_own = refreshing(refreshing(one(), 0, 1, 2), 20_000, 1, 3);
    assert!(its_own.of("F-21").is_empty(), "a delivery does not race itself");
}

#[test]
fn a_token_that_was_replaced_unused_was_fetched_in_vain() {
    let raced = || refreshing(another(refreshing(one(), 0, 1, 2)), 50, 1, 3);
    let with = |story: Story, generation| {
        let story = posted(story.back_to("d1", &["e1"], 1).meanwhile_at(30_000), generation, 200, json!({}));
        story.tokens(generation, generation).delivered()
    };
    let replaced = with(raced(), 3);
    assert!(replaced.seen("F-22").starts_with("Generation 2, which attempt a1 had fetched, was replaced"));
    assert!(with(raced(), 2).of("F-22").is_empty(), "it is still in force");
    let used =
        posted(raced().delivery("d3").event(audience("linus", true)), 2, 200, json!({})).tokens(2, 2).delivered();
    assert!(with(used, 3).of("F-22").is_empty(), "somebody used it");
}

#[test]
fn three_refreshes_in_vain_are_a_loop_and_it_is_told_once() {
    let rejected = |n_attempts: u32| {
        (1..=n_attempts).fold(one(), |story, number| refreshing(story, u64::from(number) * 600_000, number, number + 1))
    };
    assert!(rejected(2).of("F-23").is_empty());
    assert!(rejected(3).seen("F-23").contains("attempt 3 in a row, since a1"));
    assert_eq!(rejected(6).of("F-23").len(), 1);
    let cured = posted(rejected(2).after(60), 3, 200, json!({})).tokens(3, 3).delivered();
    assert!(cured.of("F-23").is_empty());
}

#[test]
fn a_fresh_token_that_is_rejected_is_told_from_an_old_one() {
    let fetched = || refreshing(one(), 0, 1, 2);
    let with_2 = |story: Story, millis, body| later(posted(story.meanwhile_at(millis), 2, 401, body).tokens(2, 2));
    let last = |story: &Story| {
        let found = story.of("F-24").into_iter().next_back().unwrap();
        (found.title, found.seen)
    };
    let (title, seen) = last(&with_2(fetched(), 20_100, revoked()));
    assert_eq!(title, "Fresh token rejected");
    assert_eq!(
        seen,
        "Generation 2, which attempt a1 had fetched 20.0 s before, was answered with 401 (65601): it is not known \
         everywhere yet."
    );
    let used = || posted(fetched().meanwhile_at(30_000), 2, 200, json!({})).tokens(2, 2);
    assert_eq!(last(&with_2(later(used()), 60_000, revoked())).0, "Old token rejected: revoked");
    let expired = json!({"serviceErrorCode": 65602});
    assert_eq!(last(&with_2(fetched(), 7_200_000, expired)).0, "Old token rejected: expired");
    let again = |story: Story, millis| later(posted(story.meanwhile_at(millis), 1, 401, revoked()).tokens(1, 1));
    let twice = again(again(one(), 0), 60_000);
    assert_eq!((last(&twice).0, twice.of("F-24").len()), ("Token rejected", 1));
    assert!(last(&twice).1.contains("may be revoked or too new"));
    let for_long = again(again(twice, 600_000), 900_000);
    assert_eq!((last(&for_long).0, for_long.of("F-24").len()), ("Old token rejected: revoked", 2));
    assert!(last(&for_long).1.contains("rejected for 10 m now and never accepted"), "{}", last(&for_long).1);
}
