//! Records of every shape that the domain types allow, for property tests.
use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::names::{Decision, DuplicateOutcome, Purpose, Refresh, Trigger};
use crate::core::record::{
    Attempt, DuplicateMark, ErrorOutcome, EventRecord, Exchange, Item, Outcome, Record, SessionHeader, TokenUse,
    Verdict,
};
use crate::core::time::Timestamp;

/// Text that breaks careless writers: quotes, separators, controls, right-to-left marks, formulas, aliases.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,8}",
        "\\PC{0,12}",
        select(vec![
            "",
            "\"",
            "\\",
            "\r\n",
            "a,b",
            "=1+1",
            "\u{202e}abc",
            "\0",
            "\u{1b}[31m",
            "‹token#1›",
            "ünï",
            "💥",
            "\t@x"
        ])
        .prop_map(str::to_owned),
    ]
}

pub(crate) fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i16>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    btree_map(text(), json(), 0..3).prop_map(|map| map.into_iter().collect())
}

fn unknown_fields() -> impl Strategy<Value = Map<String, Value>> {
    btree_map("x_[a-z]{1,6}", json(), 0..3).prop_map(|map| map.into_iter().collect())
}

fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        any::<i64>().prop_map(Timestamp::from_nanos),
        (0..4_000_000_000_000_i64).prop_map(Timestamp::from_millis),
    ]
}

fn headers() -> impl Strategy<Value = Headers> {
    let names = select(vec!["content-type", "x-request-id", "retry-after", "set-cookie", "authorization"]);
    btree_map(names, vec(text(), 1..3), 0..3).prop_map(|map| {
        map.into_iter().flat_map(|(name, values)| values.into_iter().map(move |value| (name, value))).collect()
    })
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        Just(Body::Empty),
        json().prop_map(Body::Json),
        text().prop_map(Body::Text),
        vec(any::<u8>(), 0..20).prop_map(Body::Bytes),
        text().prop_map(|text| Body::Json(serde_json::json!({ "base64": text }))),
    ]
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let request = (select(vec!["GET", "POST", "PATCH"]), text(), headers(), body())
        .prop_map(|(method, url, headers, body)| Request { method: method.to_owned(), url, headers, body });
    let response =
        (any::<u16>(), headers(), body()).prop_map(|(status, headers, body)| Response { status, headers, body });
    let fault = (select(FaultKind::ALL.to_vec()), text(), option::of(any::<bool>()));
    let fault = fault.prop_map(|(kind, message, sent)| Fault { kind, message, sent });
    let result = prop_oneof![3 => response.prop_map(Ok), 1 => fault.prop_map(Err)];
    let purpose = select(Purpose::ALL);
    (purpose, 1..3_u8, time(), time(), option::of(any::<u32>()), request, option::of(text()), result).prop_map(
        |(purpose, pass, started_at, ended_at, token_generation, request, sent_to, result)| Exchange {
            purpose,
            pass,
            started_at,
            ended_at,
            token_generation,
            request,
            sent_to,
            result,
        },
    )
}

fn item() -> impl Strategy<Value = Item> {
    let words = (option::of(text()), option::of(text()), option::of(text()));
    (any::<u16>(), words, option::of(json()), option::of(json()), select(Decision::ALL)).prop_map(
        |(status, (errortype, errormessage, errorreporter), sent, body, decision)| Item {
            status,
            errortype,
            errormessage,
            errorreporter,
            sent,
            body: body.map(Arc::new),
            decision,
        },
    )
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Delivered),
        Just(Outcome::NotSubscribed),
        text().prop_map(|message| Outcome::Rejected { message }),
        (text(), option::of(any::<u16>()), option::of(text()), text())
            .prop_map(|(name, status, code, message)| Outcome::Error(ErrorOutcome { name, status, code, message })),
        vec(item(), 0..4).prop_map(Outcome::Multistatus),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    (select(Decision::ALL), text(), text(), object(), option::of(time())).prop_map(
        |(decision, rule, reason, facts, next_attempt_at)| Verdict {
            decision,
            rule: rule.into(),
            reason,
            facts,
            next_attempt_at,
        },
    )
}

fn token() -> impl Strategy<Value = TokenUse> {
    (any::<u32>(), any::<u32>(), select(Refresh::ALL)).prop_map(|(generation_before, generation_after, refresh)| {
        TokenUse { generation_before, generation_after, refresh }
    })
}

fn duplicate() -> impl Strategy<Value = DuplicateMark> {
    (text(), select(DuplicateOutcome::ALL), option::of(text()), object()).prop_map(
        |(strategy, outcome, of, evidence)| DuplicateMark { strategy, outcome, of: of.map(Into::into), evidence },
    )
}

fn event() -> impl Strategy<Value = EventRecord> {
    (time(), option::of(text()), json(), unknown_fields()).prop_map(|(received_at, message_id, payload, extra)| {
        EventRecord { id: "".into(), received_at, message_id, payload, extra }
    })
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let names = (text(), text(), text(), text());
    let marks = (option::of(token()), option::of(duplicate()));
    let what = (vec(exchange(), 0..4), outcome(), verdict(), unknown_fields());
    (names, any::<u32>(), select(Trigger::ALL), time(), time(), marks, what).prop_map(
        |(
            (delivery, destination, action, rules),
            number,
            trigger,
            started_at,
            ended_at,
            (token, duplicate),
            (exchanges, outcome, verdict, extra),
        )| {
            Attempt {
                id: "".into(),
                delivery: delivery.into(),
                events: Vec::new(),
                destination: destination.into(),
                action: action.into(),
                number,
                trigger,
                started_at,
                ended_at,
                rules: rules.into(),
                exchanges,
                outcome,
                verdict,
                token,
                duplicate,
                extra,
            }
        },
    )
}

/// Records as a session holds them: ids are unique and attempts refer to events above them.
pub(crate) fn records() -> impl Strategy<Value = Vec<Record>> {
    let record = prop_oneof![event().prop_map(Ok), attempt().prop_map(Err)];
    vec(record, 0..6).prop_map(|records| {
        let mut event_ids = Vec::new();
        let named = records.into_iter().enumerate().map(|(idx, record)| match record {
            Ok(mut event) => {
                event.id = format!("e{idx}").into();
                event_ids.push(event.id.clone());
                Record::Event(Arc::new(event))
            }
            Err(mut attempt) => {
                attempt.id = format!("a{idx}").into();
                attempt.events.clone_from(&event_ids);
                Record::Attempt(Arc::new(attempt))
            }
        });
        named.collect()
    })
}

pub(crate) fn header() -> impl Strategy<Value = SessionHeader> {
    (text(), text(), time(), object(), unknown_fields()).prop_map(|(id, name, created_at, plan, extra)| SessionHeader {
        plan: Value::Object(plan),
        extra,
        ..SessionHeader::new(id, name, created_at, "simulated")
    })
}
