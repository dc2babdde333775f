//! Findings over attempts that our own framework makes of the recorded cases of the reference.
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use delivery_inspector::core::conformance::{Case, run};
use delivery_inspector::core::findings::{Severity, detect};
use delivery_inspector::core::names::{Mode, Trigger};
use delivery_inspector::core::record::{Attempt, EventRecord, Record, SessionHeader};
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::session::{plan_file, reader};
use serde_json::{Map, Value};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference-cases/cases.jsonl");

fn cases() -> Result<Vec<Case>, Box<dyn Error>> {
    let text = fs::read_to_string(CASES)?;
    let read_plan = |source| plan_file::from_source(source, &|_| None).map_err(|error| error.to_string());
    text.lines().map(|line| Ok(Case::read(line, read_plan)?)).collect()
}

/// The session of a case: its events, and the one attempt that we make of them.
fn session(case: &Case) -> (SessionHeader, Vec<Record>) {
    let plan = &case.plan;
    let now = plan.start_at.unwrap_or_default();
    let mut header = SessionHeader::new("s", case.id.as_str(), now, "simulated");
    header.plan = Value::Object(plan.source.clone());
    let n_events = if plan.mode == Mode::Single { 1 } else { plan.events.len() };
    let events: Vec<EventRecord> = (plan.events.iter().take(n_events).enumerate())
        .map(|(event_idx, payload)| EventRecord {
            id: format!("e{}", event_idx + 1).into(),
            received_at: now,
            message_id: payload.get("messageId").and_then(Value::as_str).map(str::to_owned),
            payload: payload.clone(),
            extra: Map::new(),
        })
        .collect();
    let attempted = run(case).attempted;
    let attempt = Attempt {
        id: "a1".into(),
        delivery: "d1".into(),
        events: events.iter().map(|event| event.id.clone()).collect(),
        destination: plan.destination.name().into(),
        action: plan.action.as_str().into(),
        number: 1,
        trigger: Trigger::First,
        started_at: now,
        ended_at: now,
        rules: plan.rules.name().into(),
        exchanges: attempted.exchanges,
        outcome: attempted.outcome,
        verdict: attempted.verdict,
        token: attempted.token,
        duplicate: None,
        extra: Map::new(),
    };
    let events = events.into_iter().map(|event| Record::Event(Arc::new(event)));
    (header, events.chain([Record::Attempt(Arc::new(attempt))]).collect())
}

/// A request of a case and the answer that its script gives.
struct Call<'a> {
    url: &'a str,
    request: &'a Value,
    status: Option<u64>,
    answer: &'a Value,
}

impl Call<'_> {
    fn is_refresh(&self) -> bool {
        self.url.ends_with("/accessToken")
    }

    fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// What the reference did in a case, as recorded.
fn calls(case: &Case) -> Vec<Call<'_>> {
    let responses = case.plan.source.get("responses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let requests = case.expect.get("requests").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let pairs = requests.iter().zip(responses);
    pairs
        .map(|(request, response)| Call {
            url: request["url"].as_str().unwrap_or_default(),
            request,
            status: response["status"].as_u64(),
            answer: &response["body"],
        })
        .collect()
}

fn outcome<'a>(case: &'a Case, key: &str) -> Option<&'a str> {
    case.expect.get("outcome")?.get(key)?.as_str()
}

fn sends(case: &Case, text: &str) -> bool {
    calls(case).iter().any(|call| call.request["body"].to_string().contains(text))
}

/// What recorded cases must show a finding, told from the recording alone.
type Shows = fn(&Case) -> bool;

const SHOWS: &[(&str, Shows)] = &[
    ("Q-01", |case| {
        let calls = calls(case);
        let Some(patch) = calls.last().filter(|call| call.is_success() && call.url.ends_with("/visitor")) else {
            return false;
        };
        let items = patch.answer["multistatus"].as_array().cloned().unwrap_or_default();
        let refused =
            items.iter().filter_map(|item| item["status"].as_u64()).find(|status| !(200..300).contains(status));
        outcome(case, "name") == Some("IntegrationError") && refused.is_some_and(|status| status != 500)
    }),
    ("Q-02", |case| case.family() == "lic" && outcome(case, "name") == Some("HTTPError")),
    ("Q-03", |case| {
        let status = calls(case).iter().rfind(|call| call.url.ends_with("/users")).and_then(|call| call.status);
        outcome(case, "name") == Some("RetryableError")
            && status.is_some_and(|status| ![200, 401, 500].contains(&status))
    }),
    ("Q-10", |case| calls(case).iter().any(|call| call.url.contains("/undefined/"))),
    ("Q-13", |case| case.expect["token_refreshes"] == 2 && calls(case).last().is_some_and(Call::is_refresh)),
    ("Q-15", |case| {
        calls(case).windows(2).any(|pair| pair[0].is_refresh() && !pair[0].is_success() && pair[1].is_refresh())
    }),
    // The recording leaves the header out; the reference sends it with every refresh.
    ("Q-16", |case| calls(case).iter().any(Call::is_refresh)),
    ("Q-18", |case| {
        let passes = |call: &Call<'_>| call.is_refresh() && call.status.is_none_or(|status| status >= 500);
        outcome(case, "code") == Some("OAUTH_REFRESH_FAILED") && calls(case).last().is_some_and(passes)
    }),
    ("Q-23", |case| sends(case, "AXCIOM_ID")),
    ("Q-26", |case| sends(case, "\"userIds\":[]")),
    ("Q-28", |case| {
        case.plan.mode == Mode::Batch && case.plan.events.len() > 1 && outcome(case, "kind") == Some("not_subscribed")
    }),
    ("Q-37", |case| outcome(case, "name") == Some("MappingError")),
    ("F-15", |case| sends(case, "\"idValue\":\"\"")),
];

#[test]
fn recorded_cases_show_what_their_recording_tells_and_nothing_else() {
    let mut n_shown: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases().unwrap() {
        let (header, records) = session(&case);
        let found: Vec<&str> = detect(&header, &records).iter().map(|finding| finding.id.as_str()).collect();
        for (id, shows) in SHOWS {
            assert_eq!(found.contains(id), shows(&case), "{id} in {}: {found:?}", case.id);
            *n_shown.entry(id).or_default() += usize::from(found.contains(id));
        }
    }
    let never: Vec<_> = n_shown.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    assert_eq!(never, ["Q-10"], "no recorded case lacks the id of a new segment; all others must occur: {n_shown:?}");
}

#[test]
fn what_the_recorded_cases_have_no_way_to_show_is_not_found_in_them() {
    let found: BTreeSet<&str> = cases()
        .unwrap()
        .iter()
        .flat_map(|case| {
            let (header, records) = session(case);
            detect(&header, &records)
        })
        .map(|finding| finding.id.as_str())
        .collect();
    let one_attempt_of_one_delivery = ["F-01", "F-03", "F-04", "F-06", "F-07", "F-10", "F-14", "F-18"];
    let one_audience = ["Q-09", "Q-12", "F-05"];
    let no_companies_and_no_functions = ["Q-14", "Q-36", "F-08", "F-09", "F-16", "F-20"];
    for id in one_attempt_of_one_delivery.into_iter().chain(one_audience).chain(no_companies_and_no_functions) {
        assert!(!found.contains(id), "{id}");
    }
}

#[test]
fn a_session_file_with_aliased_secrets_shows_the_same() {
    for case in cases().unwrap() {
        let (header, records) = session(&case);
        let mut bytes = Vec::new();
        let secrets = Secrets::aliased(Aliases::of_plan(&case.plan));
        let mut writer = SessionWriter::begin(&mut bytes, Path::new("memory"), &header, secrets).unwrap();
        writer.write(&records).unwrap();
        let (loaded, problems) = reader::read_bytes(&bytes).unwrap();
        assert_eq!(problems, [], "{}", case.id);
        assert_eq!(detect(&loaded.header, &loaded.records), detect(&header, &records), "{}", case.id);
    }
}

#[test]
fn a_single_delivery_to_pendo_that_went_through_shows_nothing_severe() {
    for case in cases().unwrap() {
        if case.family() == "pendo" && outcome(&case, "kind") == Some("delivered") {
            let (header, records) = session(&case);
            let severe = detect(&header, &records).into_iter().find(|finding| finding.severity == Severity::Severe);
            assert_eq!(severe, None, "{}", case.id);
        }
    }
}
