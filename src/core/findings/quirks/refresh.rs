//! Token refreshes: wasted, repeated, failed the wrong way, or too early to help.
use serde_json::Value;

use super::sources::{AUDIENCES_INDEX, CONVERSIONS_INDEX, KIT, PROPAGATION, RETRY};
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::scene::Scene;
use crate::core::findings::sighting::{Sighting, count};
use crate::core::findings::status;
use crate::core::findings::wire::Sent;
use crate::core::framework::answer;
use crate::core::js;
use crate::core::names::Decision;
use crate::core::record::Outcome;
use crate::core::rules::Call;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: FindingId("Q-13"),
        title: "Second refresh never used",
        severity: Severity::Warning,
        why: "After the second 401 the reference refreshes the token once more, although there is no third pass. The \
              refresh costs quota, and the attempt ends with the 401 all the same.",
        advice: "Look for why the fresh token was rejected; another refresh is no cure.",
        cites: &[RETRY, KIT],
        detect: Detect::InAttempt(second_refresh_unused),
    },
    Entry {
        id: FindingId("Q-14"),
        title: "Batch re-sent although items had succeeded",
        severity: Severity::Severe,
        why: "One item with 401 makes the reference refresh the token and send the whole batch again. What had succeeded \
              happens twice, and what the first pass said of each item is thrown away.",
        advice: "Look for duplicates of the items that had succeeded. An idempotency key for each item makes the second \
                 sending harmless.",
        cites: &[KIT, RETRY],
        detect: Detect::InAttempt(batch_sent_again),
    },
    Entry {
        id: FindingId("Q-15"),
        title: "Failed refresh attempted again",
        severity: Severity::Warning,
        why: "A refresh that fails while the items of a batch are looked at is caught by the same loop, which refreshes \
              again at once. The result of every item is lost with it, successes included.",
        advice: "Do not take the error as being about every event: look at the answer to the batch for what was applied.",
        cites: &[RETRY, KIT],
        detect: Detect::InAttempt(refresh_repeated),
    },
    Entry {
        id: FindingId("Q-16"),
        title: "Token request says Bearer undefined",
        severity: Severity::Note,
        why: "The request for a new token goes through the destination's own client, which puts a token into it that is \
              not there yet. LinkedIn ignores it; a stricter token endpoint or a proxy may not.",
        advice: "Nothing to mend as long as the token endpoint answers. If it refuses, look here first.",
        cites: &[KIT],
        detect: Detect::InAttempt(token_request_undefined),
    },
    Entry {
        id: FindingId("Q-17"),
        title: "What the token answer held was dropped",
        severity: Severity::Severe,
        why: "Only access_token is read from the answer. A new refresh token in it is thrown away, so refreshing stops to \
              work once the old one ends; and an answer without access_token makes the next request say Bearer undefined.",
        advice: "Where the provider rotates refresh tokens, authenticate again before the old one ends. Where there is no \
                 access token, take the refresh as failed.",
        cites: &[AUDIENCES_INDEX, CONVERSIONS_INDEX],
        detect: Detect::InAttempt(token_answer_dropped),
    },
    Entry {
        id: FindingId("Q-18"),
        title: "Passing failure masked as permanent",
        severity: Severity::Severe,
        why: "Whatever goes wrong while a token is refreshed is thrown as a 401, which nobody retries. An outage of the \
              token endpoint of a minute loses every event of that minute.",
        advice: "Send these events again; nothing was wrong with them or with the credentials.",
        cites: &[AUDIENCES_INDEX],
        detect: Detect::InAttempt(outage_masked),
    },
    Entry {
        id: FindingId("Q-19"),
        title: "Missing client retried as if it would appear",
        severity: Severity::Warning,
        why: "Where client id or client secret are not configured, the refresh fails with 500 before any request. A 500 \
              is retried until the window closes, though no retry brings a setting.",
        advice: "Configure the OAuth client of the destination; until then every event is lost.",
        cites: &[CONVERSIONS_INDEX],
        detect: Detect::InAttempt(client_missing),
    },
    Entry {
        id: FindingId("Q-20"),
        title: "New token used before it was known everywhere",
        severity: Severity::Severe,
        why: "LinkedIn answers 65601 or 65602 for some seconds after a token was issued. Without the rule of pull request \
              #3708 the reference refreshes and tries again at once, into the same delay, and gives the event up.",
        advice: "Send these events again. The rule set token-propagation-refresh waits and retries instead.",
        cites: &[PROPAGATION, KIT],
        detect: Detect::InAttempt(propagation_given_up),
    },
];

fn second_refresh_unused(scene: &Scene<'_>) -> Option<Sighting> {
    let last = scene.sent().last().filter(|sent| sent.is(Call::Token) && sent.is_success())?;
    let is_earlier = |sent: &Sent<'_>| sent.exchange_idx < last.exchange_idx && sent.is_success();
    let first = scene.calls(Call::Token).rfind(is_earlier)?;
    let used = &scene.sent()[first.exchange_idx + 1..last.exchange_idx];
    let rejected = used.iter().rev().find(|sent| !sent.is(Call::Token))?;
    let status = rejected.status().map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let seen = format!(
        "The token of the first refresh was answered with {status}; a second refresh followed, and no request used it."
    );
    Some(Sighting::new(seen).at(last.at_request(), "").at(rejected.at_response(), ""))
}

/// The statuses that an answer gives the parts of a batch.
fn part_statuses(sent: &Sent<'_>) -> Vec<u16> {
    let parts = ["/elements", "/multistatus", "/items", "/results"].iter().map(|list| sent.answered_list(list));
    let parts = parts.into_iter().find(|parts| !parts.is_empty()).unwrap_or_default();
    parts.iter().filter_map(answer::item_status).collect()
}

fn batch_sent_again(scene: &Scene<'_>) -> Option<Sighting> {
    for (first, refreshed) in scene.deliveries().filter_map(|first| Some((first, refresh_after(scene, &first)?))) {
        let statuses = part_statuses(&first);
        let n_succeeded = statuses.iter().filter(|status| status::is_success(**status)).count();
        if n_succeeded == 0 || !first.is_success() || !statuses.iter().any(|status| status::is_unauthorized(*status)) {
            continue;
        }
        let again = scene.deliveries().find(|again| {
            again.exchange_idx > refreshed
                && again.call == first.call
                && again.exchange.request.body == first.exchange.request.body
        });
        if let Some(again) = again {
            let seen = format!(
                "The first pass brought {} of {} home; after a refresh all {} were sent again.",
                n_succeeded,
                count(statuses.len(), "item"),
                statuses.len()
            );
            return Some(Sighting::new(seen).at(first.at_response(), "/body").at(again.at_request(), "/body"));
        }
    }
    None
}

/// The first refresh after an exchange.
fn refresh_after(scene: &Scene<'_>, sent: &Sent<'_>) -> Option<usize> {
    scene.calls(Call::Token).map(|token| token.exchange_idx).find(|token_idx| *token_idx > sent.exchange_idx)
}

fn refresh_repeated(scene: &Scene<'_>) -> Option<Sighting> {
    let pair = scene.sent().windows(2).find(|pair| {
        let [first, second] = pair else { return false };
        first.is(Call::Token) && !first.is_success() && second.is(Call::Token)
    })?;
    let [first, second] = pair else { return None };
    let n_lost = scene.deliveries().map(|sent| part_statuses(&sent).len()).max().unwrap_or(0);
    let lost = if n_lost > 0 { format!("; what was said of {} is lost", count(n_lost, "item")) } else { String::new() };
    let seen =
        format!("The refresh failed ({}) and was asked for again at once ({}){lost}.", came(first), came(second));
    Some(Sighting::new(seen).at(first.at_response(), "").at(second.at_response(), ""))
}

/// What came of a request, in a word.
fn came(sent: &Sent<'_>) -> String {
    match (sent.status(), sent.fault()) {
        (Some(status), _) => status.to_string(),
        (None, Some(fault)) => fault.kind.to_string(),
        (None, None) => "nothing".to_owned(),
    }
}

const BEARER_UNDEFINED: &str = "Bearer undefined";

fn token_request_undefined(scene: &Scene<'_>) -> Option<Sighting> {
    let has_undefined = |sent: &Sent<'_>| sent.request_header("authorization") == Some(BEARER_UNDEFINED);
    let sent = scene.calls(Call::Token).find(has_undefined)?;
    let seen = format!("The token request {} had the header authorization: {BEARER_UNDEFINED}.", sent.url());
    Some(Sighting::new(seen).at(sent.at_request(), "/headers/authorization"))
}

fn token_answer_dropped(scene: &Scene<'_>) -> Option<Sighting> {
    let has_undefined = |sent: &&Sent<'_>| sent.request_header("authorization") == Some(BEARER_UNDEFINED);
    let mut others = scene.sent().iter().filter(|sent| !sent.is(Call::Token));
    if let Some(sent) = others.find(has_undefined) {
        let seen = format!(
            "{} {} had the header authorization: {BEARER_UNDEFINED}.",
            sent.exchange.request.method,
            sent.url()
        );
        return Some(Sighting::new(seen).at(sent.at_request(), "/headers/authorization"));
    }
    let issued: Vec<_> = scene.calls(Call::Token).filter(Sent::is_success).collect();
    let lacks_token = |answer: &Value| answer.get("access_token").is_none_or(|token| !token.is_string());
    if let Some(sent) = issued.iter().find(|sent| sent.answer("").is_some_and(lacks_token)) {
        let seen = format!("The token endpoint answered {} without an access_token.", came(sent));
        return Some(Sighting::new(seen).at(sent.at_response(), "/body"));
    }
    let rotated = |sent: &&Sent<'_>| {
        let (old, new) = (sent.form_field("refresh_token"), sent.answer("/refresh_token").and_then(Value::as_str));
        new.is_some_and(|new| old.is_some_and(|old| old != new))
    };
    let sent = issued.iter().find(rotated)?;
    let seen = "The token endpoint gave a new refresh token, and the reference keeps the old one.";
    Some(Sighting::new(seen).of_severity(Severity::Warning).at(sent.at_response(), "/body/refresh_token"))
}

fn outage_masked(scene: &Scene<'_>) -> Option<Sighting> {
    let error = scene.error().filter(|error| error.status.is_some_and(status::is_unauthorized))?;
    let sent = scene.sent().last().filter(|sent| sent.is(Call::Token))?;
    let passes = match sent.status() {
        Some(answered) => status::is_passing(answered),
        None => true,
    };
    if !passes || scene.attempt.verdict.decision != Decision::Discard {
        return None;
    }
    let code = error.code.as_deref().unwrap_or(&error.name);
    let seen = format!("The refresh failed with {}, which passes; the event was given up with 401 {code}.", came(sent));
    Some(Sighting::new(seen).at(sent.at_response(), "").at(At::Outcome, "/status"))
}

fn client_missing(scene: &Scene<'_>) -> Option<Sighting> {
    let error = scene.error().filter(|error| error.code.as_deref() == Some("OAUTH_REFRESH_FAILED"))?;
    let status = error.status.filter(|status| status::is_passing(*status))?;
    if !error.message.starts_with("Missing client") {
        return None;
    }
    let seen = format!("{} failed with {status}, which is retried.", js::quoted(&error.message));
    Some(Sighting::new(seen).at(At::Outcome, ""))
}

/// The service error of an answer that says that its token is not known everywhere.
fn not_propagated(sent: &Sent<'_>) -> Option<i64> {
    let code = sent.status().filter(|status| status::is_unauthorized(*status)).and(sent.answer("/serviceErrorCode"))?;
    code.as_i64().filter(|code| status::is_not_propagated(*code))
}

fn propagation_given_up(scene: &Scene<'_>) -> Option<Sighting> {
    let is_given_up = match &scene.attempt.outcome {
        Outcome::Error(error) => error.status.is_some_and(status::is_unauthorized),
        Outcome::Multistatus(items) => items.iter().any(|item| status::is_unauthorized(item.status)),
        _ => false,
    };
    if !is_given_up || scene.attempt.verdict.decision != Decision::Discard {
        return None;
    }
    let rejected = scene.sent().iter().rev().find(|sent| !sent.is(Call::Token))?;
    let code = not_propagated(rejected)?;
    let issued =
        scene.calls(Call::Token).rfind(|sent| sent.is_success() && sent.exchange_idx < rejected.exchange_idx)?;
    let age = rejected.exchange.started_at.since(issued.exchange.ended_at);
    let seen = format!(
        "A token issued {:.1} s before was rejected with {code}, and the event was given up with 401.",
        age.as_secs_f64()
    );
    Some(Sighting::new(seen).at(issued.at_response(), "").at(rejected.at_response(), "/body/serviceErrorCode"))
}
