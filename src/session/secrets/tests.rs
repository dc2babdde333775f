//! Secrets stay out of files, and what was equal stays equal.
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::Aliases;
use crate::core::http::{Body, Fault, FaultKind, Headers, Request, Response};
use crate::core::names::{Decision, Purpose, Trigger};
use crate::core::plan::Plan;
use crate::core::record::{Attempt, ErrorOutcome, EventRecord, Exchange, Outcome, Record, SessionHeader, Verdict};
use crate::core::time::Timestamp;
use crate::session::plan_file;
use crate::session::wire::{write_header, write_record};

fn plan(fields: &Value) -> Plan {
    let mut source =
        json!({"format": "delivery-plan", "version": 1, "destination": "linkedin-audiences", "action": "a"});
    source.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let variable = |name: &str| Some(format!("value-of-{name}"));
    plan_file::from_source(source.as_object().unwrap().clone(), &variable).unwrap()
}

fn exchange(url: &str, headers: &[(&str, &str)], body: Body, response: Response) -> Exchange {
    Exchange {
        purpose: Purpose::Deliver,
        pass: 1,
        started_at: Timestamp::EPOCH,
        ended_at: Timestamp::EPOCH,
        token_generation: None,
        request: Request { method: "POST".into(), url: url.into(), headers: headers.iter().copied().collect(), body },
        sent_to: None,
        result: Ok(response),
    }
}

fn ok(body: Body) -> Response {
    Response { status: 200, headers: Headers::default(), body }
}

fn attempt(exchanges: Vec<Exchange>, message: &str) -> Record {
    Record::Attempt(Arc::new(Attempt {
        id: "a1".into(),
        delivery: "d1".into(),
        events: Vec::new(),
        destination: "linkedin-audiences".into(),
        action: "updateAudience".into(),
        number: 1,
        trigger: Trigger::First,
        started_at: Timestamp::EPOCH,
        ended_at: Timestamp::EPOCH,
        rules: "segment-main".into(),
        exchanges,
        outcome: Outcome::Error(ErrorOutcome {
            name: "Error".into(),
            status: None,
            code: None,
            message: message.to_owned(),
        }),
        verdict: Verdict {
            decision: Decision::Retry,
            rule: "r".into(),
            reason: String::new(),
            facts: serde_json::Map::new(),
            next_attempt_at: None,
        },
        token: None,
        duplicate: None,
        extra: serde_json::Map::new(),
    }))
}

fn line_of(record: &Record) -> String {
    let mut line = Vec::new();
    write_record(&mut line, record).unwrap();
    String::from_utf8(line).unwrap()
}

fn aliased(aliases: &mut Aliases, record: &Record) -> Value {
    serde_json::from_str(&line_of(&aliases.record(record))).unwrap()
}

fn event(payload: Value) -> Record {
    let (id, received_at) = ("e1".into(), Timestamp::EPOCH);
    Record::Event(Arc::new(EventRecord { id, received_at, message_id: None, payload, extra: serde_json::Map::new() }))
}

/// The payload of an event after aliasing: the shortest way to any JSON.
fn payload(aliases: &mut Aliases, payload: Value) -> Value {
    aliased(aliases, &event(payload))["payload"].take()
}

#[test]
fn a_refresh_shows_which_token_was_replaced_by_which() {
    let plan = plan(&json!({"auth": {
        "access_token": "token-old", "refresh_token": "refresh-1", "client_id": "client-1", "client_secret": "secret-1",
    }}));
    let mut aliases = Aliases::of_plan(&plan);
    let refresh = exchange(
        "https://www.linkedin.com/oauth/v2/accessToken",
        &[],
        Body::Text("grant_type=refresh_token&refresh_token=refresh-1&client_id=client-1&client_secret=secret-1".into()),
        ok(Body::Json(json!({"access_token": "token-new", "expires_in": 3600}))),
    );
    let users =
        |token: &str| exchange("https://api.linkedin.com/", &[("authorization", token)], Body::Empty, ok(Body::Empty));
    let record = attempt(
        vec![users("Bearer token-old"), refresh, users("Bearer token-new")],
        "token-new was rejected, token-old before it",
    );
    let written = aliased(&mut aliases, &record);
    let header =
        |idx: usize| written["exchanges"][idx]["request"]["headers"]["authorization"].as_str().unwrap().to_owned();
    // Numbers follow the order of the line, and the outcome stands ahead of the exchanges.
    assert_eq!(written["outcome"]["message"], "‹token#1› was rejected, ‹token#2› before it");
    assert_eq!((header(0).as_str(), header(2).as_str()), ("Bearer ‹token#2›", "Bearer ‹token#1›"));
    assert_eq!(
        written["exchanges"][1]["request"]["body"],
        "grant_type=refresh_token&refresh_token=‹token#3›&client_id=client-1&client_secret=‹secret#1›"
    );
    assert_eq!(written["exchanges"][1]["response"]["body"], json!({"access_token": "‹token#1›", "expires_in": 3600}));
}

#[test]
fn secrets_are_known_by_the_name_that_stands_before_them() {
    for (name, value, written) in [
        ("authorization", "Bearer abc", "Bearer ‹token#1›"),
        ("authorization", "Basic dXNlcjpwYXNz", "Basic ‹token#1›"),
        ("cookie", "a=1; b=2", "‹cookie#1›"),
        ("set-cookie", "a=1; Path=/", "‹cookie#1›"),
        ("x-pendo-integration-key", "k", "‹key#1›"),
        ("authorization", "Bearer undefined", "Bearer undefined"),
        ("content-type", "text/plain", "text/plain"),
    ] {
        let record = attempt(vec![exchange("https://h/", &[(name, value)], Body::Empty, ok(Body::Empty))], "");
        let line = aliased(&mut Aliases::new(), &record);
        assert_eq!(line["exchanges"][0]["request"]["headers"][name], written, "{name}: {value}");
    }
    for (json, written) in [
        (json!({"access_token": "abc"}), json!({"access_token": "‹token#1›"})),
        (json!({"deep": [{"clientSecret": "abc"}]}), json!({"deep": [{"clientSecret": "‹secret#1›"}]})),
        (json!({"refresh_token": ["a1", "b2"]}), json!({"refresh_token": ["‹token#1›", "‹token#2›"]})),
        (json!({"access_token": 12345}), json!({"access_token": "‹token#1›"})),
        (json!({"access_token": null, "refresh_token": ""}), json!({"access_token": null, "refresh_token": ""})),
        (json!("https://h/?access_token=a%20b&x=1"), json!("https://h/?access_token=‹token#1›&x=1")),
        (json!("https://user:pass@h/"), json!("https://user:‹password#1›@h/")),
        (json!("{\"access_token\":\"a\\\"b\"}"), json!("{\"access_token\":\"‹token#1›\"}")),
    ] {
        assert_eq!(payload(&mut Aliases::new(), json.clone()), written, "{json}");
    }
}

#[test]
fn a_secret_is_found_however_it_is_spelled() {
    let mut aliases = Aliases::new();
    let secret = "s3cret /\"ü+&";
    assert_eq!(payload(&mut aliases, json!({"client_secret": secret})), json!({"client_secret": "‹secret#1›"}));
    for text in [
        secret.to_owned(),
        "s3cret%20%2F%22%C3%BC%2B%26".to_owned(),
        "s3cret%20%2f%22%c3%bc%2b%26".to_owned(),
        "s3cret+%2F%22%C3%BC%2B%26".to_owned(),
        Value::from(secret).to_string().trim_matches('"').to_owned(),
        "s3cret \\/\\\"ü+&".to_owned(),
    ] {
        assert_eq!(payload(&mut aliases, json!(format!("<{text}>"))), "<‹secret#1›>", "{text}");
    }
    let body = Body::Bytes([b"\xff\x00", secret.as_bytes()].concat());
    let bytes = line_of(&aliases.record(&attempt(vec![exchange("u", &[], body, ok(Body::Empty))], "")));
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, "\u{fffd}");
    assert!(!bytes.contains(&encoded) && bytes.contains("base64"), "{bytes}");
    let key = payload(&mut aliases, json!({ secret: 1 }));
    assert_eq!(key, json!({"‹secret#1›": 1}));
}

#[test]
fn a_short_secret_counts_only_as_a_word_of_its_own() {
    let mut aliases = Aliases::of_plan(&plan(&json!({"settings": {"integrationKey": "us"}})));
    assert_eq!(payload(&mut aliases, json!("status: us, (us) us_1 busy")), "status: ‹key#1›, (‹key#1›) us_1 busy");
}

#[test]
fn a_remote_cannot_make_words_disappear() {
    let mut aliases = Aliases::new();
    let hostile = json!({"access_token": ",", "refresh_token": "the"});
    let written = json!({"access_token": "‹token#1›", "refresh_token": "‹token#2›"});
    assert_eq!(payload(&mut aliases, hostile), written);
    assert_eq!(payload(&mut aliases, json!("the one , and the other")), "the one , and the other");
}

#[test]
fn what_came_from_the_environment_is_never_written() {
    let plan = plan(&json!({
        "settings": {"region": "$env:REGION", "list": [{"deep": "$env:DEEP"}], "plain": "visible"},
        "auth": {"client_id": "$env:CLIENT", "access_token": "$env:TOKEN"},
    }));
    let mut aliases = Aliases::of_plan(&plan);
    let text = "value-of-REGION value-of-DEEP value-of-CLIENT value-of-TOKEN visible";
    assert_eq!(payload(&mut aliases, json!(text)), "‹variable#1› ‹variable#2› ‹variable#3› ‹token#1› visible");
}

#[test]
fn the_header_keeps_references_and_the_simulator_s_words() {
    let plan = plan(&json!({
        "settings": {"integrationKey": "key-of-pendo"},
        "auth": {"access_token": "token-old", "refresh_token": "$env:REFRESH"},
        "simulator": {"linkedin": {"access_token": "revoked"}, "pendo": {"integration_key": "key-of-pendo"}},
    }));
    let header = SessionHeader {
        plan: Value::Object(plan.source.clone()),
        ..SessionHeader::new("s", "n", Timestamp::EPOCH, "fired")
    };
    let mut aliases = Aliases::of_plan(&plan);
    let written = aliases.header(&header).plan;
    assert_eq!(written["settings"]["integrationKey"], "‹key#1›");
    assert_eq!(written["auth"], json!({"access_token": "‹token#1›", "refresh_token": "$env:REFRESH"}));
    assert_eq!(
        written["simulator"],
        json!({"linkedin": {"access_token": "revoked"}, "pendo": {"integration_key": "‹key#1›"}})
    );
    assert_eq!(payload(&mut aliases, json!("the key was revoked")), "the key was revoked");
    // A session that was opened knows them from its header alone.
    let mut of_session = Aliases::new();
    assert_eq!(of_session.header(&header).plan, written);
    assert_eq!(payload(&mut of_session, json!("key-of-pendo")), "‹key#1›");
}

#[test]
fn aliases_stay_and_new_secrets_get_other_numbers() {
    let mut aliases = Aliases::new();
    let old = json!({"access_token": "‹token#3›", "note": "Bearer ‹token#3› and token"});
    assert_eq!(payload(&mut aliases, old.clone()), old);
    assert_eq!(payload(&mut aliases, json!({"access_token": "fresh-token"})), json!({"access_token": "‹token#4›"}));
    assert_eq!(payload(&mut aliases, old.clone()), old);
}

#[test]
fn a_thousand_tokens_are_all_remembered() {
    let mut aliases = Aliases::new();
    for idx in 1..=1000 {
        let token = json!({"access_token": format!("token-number-{idx:04}")});
        assert_eq!(payload(&mut aliases, token), json!({"access_token": format!("‹token#{idx}›")}));
    }
    assert_eq!(payload(&mut aliases, json!("token-number-0001, token-number-0999")), "‹token#1›, ‹token#999›");
}

fn secret() -> impl Strategy<Value = String> {
    // Digits and punctuation only around letters that no field name or other value of the records has.
    ("[QWXZ]{3}[!-~ äß€💥]{0,12}[QWXZ]{3}", any::<u8>()).prop_map(|(secret, number)| format!("{secret}{number}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_secret_of_a_plan_survives(
        secrets in proptest::collection::vec(secret(), 4),
        places in proptest::collection::vec(0..8_usize, 1..12),
    ) {
        let plan = plan(&json!({
            "auth": {"access_token": secrets[0], "refresh_token": secrets[1], "client_secret": secrets[2]},
            "settings": {"integrationKey": secrets[3]},
            "responses": [{"status": 200, "body": {"message": format!("no {} here", secrets[0])}}],
        }));
        let exchanges = places.iter().zip(secrets.iter().cycle()).map(|(place, secret)| {
            let in_url = super::spelling::spellings(secret).pop().unwrap();
            let text = Body::Text(format!("a={in_url}&b={secret}"));
            let json = Body::Json(json!({"a": [secret], secret: {"b": format!("<{secret}>")}}));
            let quoted = Body::Text(json!({"deep": json!({"s": secret}).to_string()}).to_string());
            let bytes = Body::Bytes([b"\xff", secret.as_bytes()].concat());
            match place {
                0 => exchange(&format!("https://h/{in_url}/?x={in_url}"), &[], text, ok(Body::Empty)),
                1 => exchange("u", &[("authorization", &format!("Bearer {secret}"))], json, ok(Body::Empty)),
                2 => exchange("u", &[("x-anything", secret)], Body::Empty, ok(quoted)),
                3 => exchange("u", &[], Body::Empty, ok(json)),
                4 => exchange("u", &[], bytes, ok(text)),
                _ => {
                    let result = Err(Fault::new(FaultKind::Tls, secret.clone()));
                    Exchange { result, ..exchange("u", &[], Body::Empty, ok(Body::Empty)) }
                }
            }
        });
        let record = attempt(exchanges.collect(), &secrets.join(" and "));
        let mut aliases = Aliases::of_plan(&plan);
        let header = SessionHeader { plan: Value::Object(plan.source.clone()), ..SessionHeader::new("s", "n", Timestamp::EPOCH, "fired") };
        let mut bytes = Vec::new();
        write_header(&mut bytes, &aliases.header(&header), "aliased").unwrap();
        for record in [&record, &event(json!({"traits": secrets}))] {
            write_record(&mut bytes, &aliases.record(record)).unwrap();
        }
        let text = String::from_utf8(bytes).unwrap();
        let core = |secret: &str| secret.chars().filter(char::is_ascii_uppercase).take(3).collect::<String>();
        for secret in &secrets {
            prop_assert!(!text.contains(secret.as_str()), "{secret} in {text}");
            prop_assert!(!text.contains(&core(secret)), "a part of {secret} in {text}");
        }
        // The same run gives the same bytes.
        let mut again = Vec::new();
        let mut aliases = Aliases::of_plan(&plan);
        write_header(&mut again, &aliases.header(&header), "aliased").unwrap();
        write_record(&mut again, &aliases.record(&record)).unwrap();
        prop_assert!(text.as_bytes().starts_with(&again));
    }

    #[test]
    fn any_record_can_be_aliased(records in crate::session::generated::records()) {
        let mut aliases = Aliases::of_plan(&plan(&json!({"auth": {"access_token": "a", "refresh_token": "=1+1"}})));
        for record in &records {
            let once = aliases.record(record);
            prop_assert_eq!(aliases.record(&once), once);
        }
    }
}
