//! Every order in which up to three requests for one message can arrive and be answered, put to a receiver of a few lines
//! and to the ledger: what the ledger counts is what the receiver did, whatever overlaps.
use std::sync::Arc;

use serde_json::{Map, json};

use super::{Acts, KeyOf, Ledger, Observed, Strategy};
use crate::core::http::{Body, Headers, Request, Response};
use crate::core::names::{Decision, DestinationName, DuplicateOutcome, Purpose, Trigger};
use crate::core::record::{Attempt, DuplicateMark, EventRecord, Exchange, Outcome, Verdict};
use crate::core::time::Timestamp;

use DuplicateOutcome::{DeliveredTwice, First, Suppressed, WronglySuppressed};

/// What happens to the request of this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Arrives(usize),
    Answered(usize),
}

/// All orders in which `n` requests arrive and are answered, each answered after it arrived.
fn interleavings(n: usize) -> Vec<Vec<Step>> {
    fn go_on(so_far: &[Step], n: usize, all: &mut Vec<Vec<Step>>) {
        if so_far.len() == 2 * n {
            all.push(so_far.to_vec());
            return;
        }
        for request in 0..n {
            let arrived = so_far.contains(&Step::Arrives(request));
            let next = if arrived { Step::Answered(request) } else { Step::Arrives(request) };
            if !so_far.contains(&next) {
                go_on(&[so_far, &[next]].concat(), n, all);
            }
        }
    }
    let mut all = Vec::new();
    go_on(&[], n, &mut all);
    all
}

/// How a receiver treats a message that it has acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Receiver {
    /// It acts again.
    Forgets,
    /// It answers as before: 200.
    Replays,
    /// It answers 409 while the first request has not been answered, 200 later.
    Conflicts,
}

fn event() -> Arc<EventRecord> {
    let (received_at, extra) = (Timestamp::EPOCH, Map::new());
    let payload = json!({ "messageId": "m1" });
    Arc::new(EventRecord { id: "e1".into(), received_at, message_id: Some("m1".into()), payload, extra })
}

fn request() -> Request {
    let (method, url) = ("POST".to_owned(), "https://receiver.test/in".to_owned());
    let headers: Headers = [("idempotency-key", "\"m1\"")].into_iter().collect();
    Request { method, url, headers, body: Body::Json(json!({ "messageId": "m1" })) }
}

fn attempt(number: usize, status: u16) -> Attempt {
    let at = Timestamp::EPOCH;
    let response = Response { status, headers: Headers::default(), body: Body::Empty };
    let exchange = Exchange {
        purpose: Purpose::Deliver,
        pass: 1,
        started_at: at,
        ended_at: at,
        token_generation: None,
        request: request(),
        sent_to: None,
        result: Ok(response),
    };
    let (decision, rule, reason, facts) = (Decision::Delivered, "PIPELINE-DELIVERED".into(), String::new(), Map::new());
    Attempt {
        id: format!("a{number}").into(),
        delivery: format!("d{number}").into(),
        events: vec!["e1".into()],
        destination: "destination-function".into(),
        action: "onEvent".into(),
        number: 1,
        trigger: Trigger::First,
        started_at: at,
        ended_at: at,
        rules: "segment-main".into(),
        exchanges: vec![exchange],
        outcome: Outcome::Delivered,
        verdict: Verdict { decision, rule, reason, facts, next_attempt_at: None },
        token: None,
        duplicate: None,
        extra: Map::new(),
    }
}

/// Plays one order; gives how often the receiver acted, and the mark of each attempt in the order in which they ended.
fn play(order: &[Step], receiver: Receiver) -> (u64, Vec<DuplicateMark>) {
    let strategy = Strategy::IdempotencyKey { header: "idempotency-key".to_owned(), of: KeyOf::MessageId };
    let mut ledger = Ledger::new(DestinationName::DestinationFunction, Some(strategy));
    let (events, mut n_acted, mut first) = ([event()], 0, None);
    let (mut answers, mut marks) = (vec![(0, Acts::Nothing); order.len() / 2], Vec::new());
    for (place, step) in order.iter().enumerate() {
        match *step {
            Step::Arrives(number) => {
                ledger.note_sending(&request(), &events);
                let first_is_answered = first.is_some_and(|first| order[..place].contains(&Step::Answered(first)));
                answers[number] = match (receiver, first) {
                    (Receiver::Forgets, _) | (_, None) => (200, Acts::All),
                    (Receiver::Conflicts, Some(_)) if !first_is_answered => (409, Acts::Nothing),
                    (Receiver::Replays | Receiver::Conflicts, Some(_)) => (200, Acts::Nothing),
                };
                n_acted += u64::from(answers[number].1 == Acts::All);
                first.get_or_insert(number);
            }
            Step::Answered(number) => {
                let (status, acts) = answers[number].clone();
                let attempt = attempt(number, status);
                let acts = [Some(acts)];
                let observed = Observed { attempt: &attempt, events: &events, acts: &acts, reads: &[] };
                marks.push(ledger.enter(observed).unwrap());
            }
        }
    }
    (n_acted, marks)
}

#[test]
fn whatever_overlaps_the_ledger_counts_what_the_receiver_did() {
    let mut n_orders = 0;
    for n in 1..=3 {
        for order in interleavings(n) {
            for receiver in [Receiver::Forgets, Receiver::Replays, Receiver::Conflicts] {
                let (n_acted, marks) = play(&order, receiver);
                let told = format!("{receiver:?} {order:?}");
                let count = |outcome| marks.iter().filter(|mark| mark.outcome == outcome).count();
                let last = &marks.last().unwrap().evidence;
                assert_eq!((last["acted"].as_u64(), last["sent"].as_u64()), (Some(n_acted), Some(n as u64)), "{told}");
                assert!(last["acknowledged"].as_u64() <= Some(n_acted), "{told}");
                assert_eq!((count(First), count(WronglySuppressed)), (1, 0), "{told}");
                let others = if receiver == Receiver::Forgets { DeliveredTwice } else { Suppressed };
                assert_eq!(count(others), n - 1, "{told}");
                if receiver == Receiver::Replays {
                    assert_eq!(last["acknowledged"], 1, "{told}: exactly once is all ones");
                }
            }
            n_orders += 1;
        }
    }
    assert_eq!(n_orders, 1 + 6 + 90);
}
