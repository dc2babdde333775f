//! The verdict card and the findings.
use serde_json::json;

use super::{changed, panel, press, says};
use crate::core::findings::{At, Evidence, Finding, Severity, catalogue};
use crate::core::framework::RULES_FIRED;
use crate::ui::inspector::samples;

#[test]
fn the_verdict_tells_decision_rule_facts_and_source() {
    let harness = panel(samples::propagation());
    for text in [
        "Attempt 1 of 2",
        "m-7f21 · 07:31:02.114",
        "Retry in 30 sas 503",
        "LINKEDIN-TOKEN-PROPAGATION",
        "status 401 · service error code 65601",
        "pull request 3708",
        "HTTP-ERROR · drop it",
        "service error code were 65600 · then drop it",
        "RetryableError 503",
    ] {
        assert!(says(&harness, text), "{text}");
    }
}

#[test]
fn the_rules_that_fired_are_listed_on_request() {
    let fired = json!(["LINKEDIN-TOKEN-PROPAGATION", "FRAMEWORK-TOKEN-PROPAGATION-REFRESH"]);
    let mut harness = panel(changed(samples::propagation(), |attempt| {
        attempt.verdict.facts.insert(RULES_FIRED.to_owned(), fired);
    }));
    assert!(!says(&harness, "FRAMEWORK-TOKEN-PROPAGATION-REFRESH"));
    press(&mut harness, "one of 2 that fired");
    assert!(says(&harness, "FRAMEWORK-TOKEN-PROPAGATION-REFRESH"));
}

#[test]
fn a_finding_opens_and_leads_to_what_it_rests_on() {
    let mut harness = panel(samples::propagation());
    let kind = &catalogue()[0];
    harness.state_mut().findings = vec![Finding {
        id: kind.id,
        title: kind.title,
        severity: Severity::Severe,
        delivery: None,
        attempt: None,
        event: None,
        seen: "seen in the request for a token".to_owned(),
        why: kind.why,
        advice: kind.advice,
        evidence: vec![Evidence { at: At::Request(1), path: "/body".to_owned() }],
    }];
    harness.run();
    assert!(!says(&harness, "seen in the request"));
    press(&mut harness, &format!("severe {}: {}", kind.id, kind.title));
    assert!(says(&harness, "seen in the request") && says(&harness, kind.advice));
    press(&mut harness, "request 2/body");
    assert!(says(&harness, "client_id=client-1"));
}

#[test]
fn a_rule_of_another_program_is_said_to_be_unknown() {
    let harness = panel(samples::batch(3));
    assert!(says(&harness, "ANOTHER-PROGRAMS-RULE"));
    assert!(says(&harness, "does not know that rule"));
}
