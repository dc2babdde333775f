//! What a session knows after its records were pushed.
use super::deliveries::{Delivery, Fate};
use super::demo::{self, Event, Story, at};
use super::facets::Highlight;
use super::pyramid::Tally;
use super::session::Session;
use crate::core::names::Decision;
use crate::core::record::SessionHeader;

fn delivery(session: &Session, id: &str) -> Delivery {
    session.delivery(session.find_delivery(&id.into()).unwrap())
}

fn statuses(session: &Session, id: &str) -> Vec<String> {
    let delivery_idx = session.find_delivery(&id.into()).unwrap();
    session.attempts_of(delivery_idx).map(|attempt_idx| session.attempt(attempt_idx).status.to_string()).collect()
}

#[test]
fn a_delivery_is_known_by_its_attempts() {
    let session = demo::session();
    for (id, fate, wanted, tokens) in [
        ("d1", Fate::Delivered, &["401", "200"][..], Some((1, 2))),
        ("d3", Fate::Dropped, &["401"], Some((2, 2))),
        ("b-12", Fate::Delivered, &["503", "429", "200"], Some((2, 2))),
        ("b-13", Fate::Partial, &["409", "207"], None),
        ("d6", Fate::Dropped, &["400"], None),
        ("d7", Fate::DeliveredTwice, &["500", "200"], None),
        ("d8", Fate::Delivered, &["500", "200"], None),
        ("d9", Fate::Pending, &["500"], None),
    ] {
        let delivery = delivery(&session, id);
        assert_eq!((delivery.fate, delivery.tokens), (fate, tokens), "{id}");
        assert_eq!(statuses(&session, id), wanted, "{id}");
    }
    let partial = delivery(&session, "b-13");
    assert_eq!((partial.n_events, partial.n_delivered, partial.n_dropped), (6, 4, 2));
    assert_eq!(delivery(&session, "d9").next_attempt_at, Some(at(1_818_000 + 1_400 + 72_000)));
}

#[test]
fn counts_follow_every_push() {
    let session = demo::session();
    let facets = session.facets();
    let fates = Fate::ALL.map(|fate| facets.n_of(fate));
    assert_eq!(fates, [7, 1, 1, 1, 2, 0]);
    assert_eq!(facets.n_retried(), 8);
    assert_eq!(Highlight::ALL.map(|highlight| facets.n_highlighted(highlight)), [2, 1, 1, 0, 0]);
    let destinations: Vec<_> = facets.destinations().map(|(name, count)| (session.name(name), count)).collect();
    assert_eq!(destinations, [("linkedin-audiences", 6), ("pendo-audiences", 3), ("destination-function", 3)]);
    let errors: Vec<_> = facets.errors().map(|(name, count)| (session.name(name), count)).collect();
    assert!(errors.contains(&("RetryableError 409", 3)), "{errors:?}");
    let n_errors: usize = facets.errors().map(|(_, count)| count).sum();
    let n_failed = session.attempts().indices().filter(|idx| session.details(*idx).outcome.kind() == "error").count();
    assert_eq!(n_errors, n_failed);
    let n_columns: u32 = session.columns(None, session.activity().range().unwrap(), 100).iter().map(Tally::total).sum();
    assert_eq!(n_columns as usize, session.attempts().len());
}

#[test]
fn records_come_out_as_they_went_in() {
    let event = |number| Event::track(number, "ada@example.com", "Audience Entered");
    let story = |delivery, number| {
        Story::new(delivery, "pendo-audiences", "syncAudience", &[event(number).id()]).deliver(0, 10, 200)
    };
    let mut records = vec![event(1).record(), event(2).record()];
    records.extend(story("d2", 2).records());
    records.push(event(3).record());
    records.extend(story("d1", 1).records());
    records.extend([event(4).record(), event(5).record()]);
    let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
    for record in &records {
        session.push(record.clone());
    }
    assert_eq!(session.records().collect::<Result<Vec<_>, _>>(), Ok(records));
    assert_eq!(session.revision(), 7);
}

#[test]
fn a_token_generation_knows_its_maker_and_its_first_use() {
    let session = demo::session();
    let lane = session.tokens().iter().next().unwrap();
    let second = lane.generation(2).unwrap();
    assert_eq!(second.made_by, session.find_attempt(&"d1-a1".into()));
    assert_eq!(second.first_use, Some((session.find_attempt(&"d10-a1".into()).unwrap(), at(3_200))));
    assert_eq!((second.since, second.n_uses, second.unsettled_until), (at(422), 9, Some(at(7_586))));
    assert_eq!(session.tokens().iter().count(), 1);
}

#[test]
fn a_token_turned_down_before_it_was_accepted_was_not_yet_known_everywhere() {
    let story = |delivery| Story::new(delivery, "linkedin-audiences", "updateAudience", &[]);
    let attempts = story("d1")
        .retry(0, 100, 401, 0, "r", "")
        .refreshed(50)
        .retry(1_000, 100, 401, 900, "r", "")
        .deliver(2_000, 50, 200);
    let refused = story("d2").discard(3_000, 100, 401, "r", "");
    let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
    for record in attempts.records().chain(refused.records()) {
        session.push(record);
    }
    let lane = session.tokens().iter().next().unwrap();
    assert_eq!(lane.generation(2).unwrap().unsettled_until, Some(at(1_100)));
    assert_eq!(lane.generation(1).unwrap().unsettled_until, None, "nothing was accepted with it");
}

#[test]
fn twins_are_linked() {
    let session = demo::session();
    let second = session.find_attempt(&"d7-a2".into()).unwrap();
    assert_eq!(session.twin_of(second), session.find_attempt(&"d7-a1".into()));
}

#[test]
fn a_late_event_or_a_backward_time_does_no_harm() {
    let mut session = Session::new(SessionHeader::new("s", "s", at(0), "fired"));
    for record in Story::new("d1", "pendo-audiences", "syncAudience", &["e9".into()]).deliver(100, -500, 200).records()
    {
        session.push(record);
    }
    let attempt = session.attempt(session.attempts().indices().next().unwrap());
    assert_eq!((attempt.started_at, attempt.ended_at), (at(100), at(100)));
    assert_eq!(
        (attempt.decision, session.first_event(session.find_delivery(&"d1".into()).unwrap())),
        (Decision::Delivered, None)
    );
}

#[test]
fn ten_thousand_attempts_are_pushed_one_by_one() {
    let session = demo::many(10_000);
    assert_eq!(session.attempts().len(), 10_000);
    assert_eq!((session.facets().n_of(Fate::Delivered), session.facets().n_of(Fate::Dropped)), (9_900, 100));
    let n_columns = session
        .columns(None, session.activity().range().unwrap(), 1_400)
        .iter()
        .filter(|tally| tally.of(Decision::Discard) > 0)
        .count();
    assert_eq!(n_columns, 100);
}
