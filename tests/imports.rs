//! Files that other programs wrote, with the habits of each: what comes of them, and what is said to be lost.
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use delivery_inspector::core::http::{Body, FaultKind};
use delivery_inspector::core::names::{Purpose, Refresh, RuleSetName, Trigger};
use delivery_inspector::core::record::{Attempt, Record};
use delivery_inspector::session::import::{self, Imported};
use delivery_inspector::session::reader;
use delivery_inspector::session::secrets::Secrets;
use delivery_inspector::session::writer;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/imports").join(name)
}

fn imported(name: &str) -> Imported {
    import::read_file(&sample(name), RuleSetName::default(), &mut |_| ControlFlow::Continue(()))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn attempts(imported: &Imported) -> Vec<&Attempt> {
    let attempts = imported.session.records.iter().filter_map(|record| match record {
        Record::Attempt(attempt) => Some(&**attempt),
        Record::Event(_) => None,
    });
    attempts.collect()
}

/// Each delivery with the status or fault of its attempts and what was decided: `hooks.example.com 503 retry, 200 delivered`.
fn told(imported: &Imported) -> Vec<String> {
    let mut deliveries: BTreeMap<&str, (String, Vec<String>)> = BTreeMap::new();
    for attempt in attempts(imported) {
        let deliver = attempt.exchanges.iter().find(|exchange| exchange.purpose == Purpose::Deliver);
        let came = match deliver.map(|exchange| &exchange.result) {
            Some(Ok(response)) => response.status.to_string(),
            Some(Err(fault)) => fault.kind.to_string(),
            None => "nothing sent".to_owned(),
        };
        let told = deliveries.entry(attempt.delivery.as_str()).or_default();
        told.0 = attempt.destination.to_string();
        assert_eq!(attempt.number as usize, told.1.len() + 1);
        told.1.push(format!("{came} {}", attempt.verdict.decision));
    }
    deliveries.into_values().map(|(destination, tries)| format!("{destination}: {}", tries.join(", "))).collect()
}

#[test]
fn requests_become_deliveries_whoever_wrote_them_down() {
    for (name, from, deliveries) in [
        (
            "chrome.har",
            "a HAR file of WebInspector 537.36",
            &["hooks.example.com: 503 retry, 200 delivered", "collect.example.com: connect-refused retry"][..],
        ),
        (
            "firefox.har",
            "a HAR file of Firefox 145.0",
            &["linkedin-audiences: 401 retry, 200 delivered", "hooks.example.com: connection-reset retry"],
        ),
        (
            "mitmproxy.har",
            "a HAR file of mitmproxy 12.1.2",
            &["pendo-audiences: 409 retry, 200 delivered", "hooks.example.com: connection-reset retry"],
        ),
        ("mitmproxy-reverse.har", "a HAR file of mitmproxy 11.0.2", &["pendo-audiences: 409 retry, 409 retry"]),
        (
            "chrome-devtools.har",
            "a HAR file of WebInspector 537.36",
            &[
                "127.0.0.1: 503 retry, 503 retry, 200 delivered",
                "127.0.0.1: 503 retry, 503 retry, 200 delivered",
                "127.0.0.1: connection-reset retry",
            ],
        ),
        (
            "playwright.har",
            "a HAR file of Playwright 1.65.1",
            &[
                "127.0.0.1: 503 retry, 503 retry, 200 delivered",
                "127.0.0.1: 503 retry, 503 retry, 200 delivered",
                "127.0.0.1: connection-reset retry",
                "127.0.0.1: 503 retry",
            ],
        ),
        (
            "chrome-har-capturer.har",
            "a HAR file of Chrome HAR Capturer 0.14.4",
            &["127.0.0.1: 503 retry, 503 retry, 200 delivered"],
        ),
        ("charles.har", "a HAR file of Charles Proxy 5.0", &["hooks.example.com: 422 discard, 422 discard"]),
        (
            "httptoolkit.har",
            "a HAR file of HTTP Toolkit 1.24.4",
            &["hooks.example.com: timeout retry, 201 delivered", "hooks.example.com: 204 delivered"],
        ),
        (
            "svix.json",
            "a list of attempts of Svix",
            &["hooks.example.com: 503 retry, 200 delivered", "hooks.example.com: connection-reset retry"],
        ),
        ("hookdeck.json", "a list of attempts of Hookdeck", &["hooks.example.com: timeout retry, 201 delivered"]),
        ("convoy.json", "a list of attempts of Convoy", &["hooks.example.com: 429 retry, dns retry"]),
    ] {
        let imported = imported(name);
        assert_eq!(imported.from, from);
        assert_eq!(told(&imported), deliveries, "{name}");
    }
}

#[test]
fn what_cannot_be_carried_over_is_listed() {
    for (name, notes) in [
        (
            "chrome.har",
            &[
                "entry 1: a request that only asks (GET, HEAD, OPTIONS) delivers nothing and was left out",
                "entry 5: a WebSocket is no delivery and was left out",
                "no request has Authorization or Cookie: Chrome leaves them out unless it is told to export sensitive data",
            ][..],
        ),
        (
            "firefox.har",
            &[
                "entry 5: it has no time; the phases were added up",
                "entry 5: no answer was recorded, and nothing says why; it counts as a broken connection",
            ],
        ),
        ("mitmproxy.har", &[]),
        ("mitmproxy-reverse.har", &[]),
        (
            "chrome-devtools.har",
            &[
                "2 times, first at entry 1: a request that only asks (GET, HEAD, OPTIONS) delivers nothing and was left out",
                "4 times, first at entry 2: the program that wrote the file left out the body of a response",
                "no request has Authorization or Cookie: Chrome leaves them out unless it is told to export sensitive data",
            ],
        ),
        (
            "playwright.har",
            &[
                "entry 1: a request that only asks (GET, HEAD, OPTIONS) delivers nothing and was left out",
                "entry 8: no answer was recorded, and nothing says why; it counts as a broken connection",
            ],
        ),
        (
            "chrome-har-capturer.har",
            &[
                "2 times, first at entry 1: a request that only asks (GET, HEAD, OPTIONS) delivers nothing and was left out",
            ],
        ),
        ("charles.har", &[]),
        (
            "httptoolkit.har",
            &[
                "2 times, first at entry 1: it has no time; the phases were added up",
                "entry 2: the program that wrote the file left out the body of a response",
                "entry 3: it has no readable time; it counts as begun with the one before it",
                "entry 4: an entry without a request was left out",
            ],
        ),
        ("svix.json", &["2 times, first at attempt 1: the list says nothing of what was sent"]),
        ("hookdeck.json", &["2 times, first at attempt 1: the list says nothing of what was sent"]),
        ("convoy.json", &["2 times, first at attempt 1: the list says nothing of what was sent"]),
    ] {
        let said: Vec<String> = imported(name).notes.iter().map(ToString::to_string).collect();
        assert_eq!(said, notes, "{name}");
    }
}

#[test]
fn a_token_that_is_renewed_is_followed_through_a_har_file() {
    let imported = imported("firefox.har");
    let attempts = attempts(&imported);
    let first = attempts[0];
    let purposes: Vec<Purpose> = first.exchanges.iter().map(|exchange| exchange.purpose).collect();
    assert_eq!(purposes, [Purpose::Lookup, Purpose::Deliver, Purpose::Refresh]);
    assert_eq!(&*first.verdict.rule, "LINKEDIN-TOKEN-PROPAGATION");
    let tokens = [first, attempts[1]]
        .map(|attempt| attempt.token.map(|token| (token.generation_before, token.generation_after, token.refresh)));
    assert_eq!(tokens, [Some((1, 2, Refresh::Succeeded)), Some((2, 2, Refresh::None))]);
    assert_eq!(first.started_at.to_string(), "2026-11-25T07:31:02.000Z");
    assert_eq!(first.verdict.next_attempt_at, Some(attempts[1].started_at));
    let form = &first.exchanges[2].request.body;
    assert_eq!(*form, Body::Text("grant_type=refresh_token&refresh_token=r%261".to_owned()));
}

#[test]
fn bodies_headers_and_what_has_no_place_are_kept() {
    let (chrome, mitmproxy, toolkit) = (imported("chrome.har"), imported("mitmproxy.har"), imported("httptoolkit.har"));
    let first = attempts(&chrome)[0];
    let request = &first.exchanges[0].request;
    assert_eq!(
        request.headers.iter().collect::<Vec<_>>(),
        [("content-type", "application/json"), ("idempotency-key", "k-1")]
    );
    assert!(matches!(&request.body, Body::Json(json) if json["total"] == 12));
    assert_eq!(first.extra["har"]["serverIPAddress"], "192.0.2.7");
    assert_eq!(first.extra["har"]["timings"]["_blocked_queueing"], 0.9);
    assert_eq!(first.extra["har"]["response"]["_transferSize"], 211);
    assert_eq!(chrome.session.header.extra["import"]["pages"][0]["title"], "https://shop.example/");
    assert_eq!(attempts(&mitmproxy)[2].exchanges[0].request.body, Body::Bytes(vec![0, 255, 1]));
    let pairs = attempts(&toolkit);
    let second = pairs.iter().find(|attempt| attempt.number == 2).unwrap();
    assert_eq!(second.exchanges[0].request.headers.get("x-trace"), Some("7"));
    let fault = pairs[0].exchanges[0].result.as_ref().unwrap_err();
    assert_eq!((fault.kind, fault.message.as_str()), (FaultKind::Timeout, "timed out"));
    assert_eq!(pairs[0].ended_at.since(pairs[0].started_at).as_millis(), 10_005);
}

#[test]
fn the_events_of_a_batch_are_told_apart() {
    let imported = imported("chrome.har");
    let batch = *attempts(&imported).last().unwrap();
    let ids: Vec<_> = imported
        .session
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Event(event) if batch.events.contains(&event.id) => event.message_id.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["m-1", "m-2"]);
}

#[test]
fn services_keep_their_names_and_triggers() {
    let (svix, hookdeck, convoy) = (imported("svix.json"), imported("hookdeck.json"), imported("convoy.json"));
    let names: Vec<&str> = attempts(&svix).iter().map(|attempt| attempt.id.as_str()).collect();
    assert_eq!(names, ["atmpt_1", "atmpt_2", "atmpt_3"]);
    assert_eq!(attempts(&svix)[2].trigger, Trigger::Replay);
    let event = svix.session.records.iter().find_map(|record| match record {
        Record::Event(event) => Some(event),
        Record::Attempt(_) => None,
    });
    let event = event.unwrap();
    assert_eq!((event.message_id.as_deref(), &event.payload["event"]), (Some("msg_1"), &"invoice.paid".into()));
    assert_eq!(attempts(&hookdeck)[1].trigger, Trigger::Replay);
    assert_eq!(attempts(&hookdeck)[1].ended_at.to_string(), "2026-11-25T07:41:02.095Z");
    let answer = attempts(&convoy)[0].exchanges[0].result.as_ref().unwrap();
    assert_eq!((answer.headers.get("retry-after"), &answer.body), (Some("30"), &Body::Text("slow down".to_owned())));
}

#[test]
fn events_come_in_lists_lines_and_batches() {
    let event = |id: &str| {
        format!(
            "{{\"type\":\"track\",\"event\":\"Paid\",\"messageId\":\"{id}\",\"timestamp\":\"2026-11-25T07:31:02Z\"}}"
        )
    };
    let (one, two) = (event("m-1"), event("m-2"));
    for text in [
        format!("[{one},{two}]"),
        format!("{one}\n\n{two}\n"),
        format!("\u{feff}{{\"batch\":[{one},{two}],\"writeKey\":\"k\"}}"),
    ] {
        let imported = import::read_bytes(text.as_bytes(), Path::new("events"), RuleSetName::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
        let ids: Vec<_> = imported
            .session
            .records
            .iter()
            .map(|record| match record {
                Record::Event(event) => (event.message_id.clone().unwrap(), event.received_at.to_string()),
                Record::Attempt(_) => panic!("nothing was delivered"),
            })
            .collect();
        let at = "2026-11-25T07:31:02.000Z".to_owned();
        assert_eq!(ids, [("m-1".to_owned(), at.clone()), ("m-2".to_owned(), at)], "{text}");
    }
}

#[test]
fn what_is_none_of_these_is_refused_with_its_place() {
    for (text, said) in [
        (
            "{\"a\":1}",
            "failed to import x: it has no line that is a session record; what can be imported are HAR files",
        ),
        ("{\"log\":{\"entries\":[", "failed to import x: line 1, column 19 is not JSON: EOF while parsing a list"),
        ("", "failed to import x: it has no line"),
        ("7", "failed to import x: it has no line"),
        ("\0\0", "failed to import x: line 1, column 1 is not JSON"),
    ] {
        let error = import::read_bytes(text.as_bytes(), Path::new("x"), RuleSetName::default(), &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
    }
}

#[test]
fn an_imported_session_is_written_and_read_again_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["chrome.har", "firefox.har", "mitmproxy.har", "svix.json", "convoy.json"] {
        let imported = imported(name);
        let path = folder.path().join(name);
        writer::save(&path, &imported.session.header, &imported.session.records, &[], Secrets::default()).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for secret in ["tok-1", "tok-2", "key-1", "r%261"] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
        let (again, problems) = reader::read_file(&path).unwrap();
        assert_eq!(problems, [], "{name}");
        assert_eq!(again.records.len(), imported.session.records.len());
        let kept = folder.path().join(format!("{name}.kept"));
        writer::save(&kept, &imported.session.header, &imported.session.records, &[], Secrets::Kept).unwrap();
        assert_eq!(reader::read_file(&kept).unwrap().0.records, imported.session.records, "{name}");
    }
}
