//! What changed from one exchange to another.
use serde_json::Value;

use super::change::{Change, Part, Place, Section};
use super::document::{body_changes, n_values, named_changes, parameters};
use super::pace::{Pace, Share};
use crate::core::duration_words::in_words;
use crate::core::http::{Body, Headers, Request, Response};
use crate::core::record::Exchange;
use crate::core::watch::Watch;

/// What changed in what was sent, and in what came back.
#[must_use]
pub fn exchange_changes(before: &Exchange, after: &Exchange) -> [Section; 2] {
    sections(before, after, &mut Pace::unwatched())
}

/// The same for large bodies; none if whoever watches stopped it.
#[must_use]
pub fn watched_exchange_changes(before: &Exchange, after: &Exchange, watch: &mut Watch<'_>) -> Option<[Section; 2]> {
    let mut pace = Pace::watched(watch);
    let sections = sections(before, after, &mut pace);
    (!pace.is_stopped()).then_some(sections)
}

fn sections(before: &Exchange, after: &Exchange, pace: &mut Pace<'_, '_>) -> [Section; 2] {
    let answered = share_of_request(before, after);
    let mut request = request_changes(&before.request, &after.request, pace, &(0.0..answered));
    request.extend(Change::between(Place::Named("sent to"), before.sent_to.as_deref(), after.sent_to.as_deref()));
    let token = |exchange: &Exchange| exchange.token_generation;
    request.extend(Change::between(Place::Named("token generation"), token(before), token(after)));
    [
        Section { part: Part::Request, changes: request },
        Section { part: Part::Response, changes: answers(before, after, pace, &(answered..1.0)) },
    ]
}

/// The share of the work that the requests take beside the answers.
fn share_of_request(before: &Exchange, after: &Exchange) -> f32 {
    let [mut sent, mut answered] = [1_usize; 2];
    for exchange in [before, after] {
        sent += n_values(&exchange.request.body);
        answered += exchange.result.as_ref().map_or(0, |response| n_values(&response.body));
    }
    #[expect(clippy::cast_precision_loss, reason = "a share for people to look at")]
    let share = sent as f32 / (sent + answered) as f32;
    share
}

fn request_changes(before: &Request, after: &Request, pace: &mut Pace<'_, '_>, share: &Share) -> Vec<Change> {
    let (before_url, before_query) = before.url.split_once('?').unwrap_or((&before.url, ""));
    let (after_url, after_query) = after.url.split_once('?').unwrap_or((&after.url, ""));
    let mut changes: Vec<Change> = [
        Change::between(Place::Named("method"), before.method.as_str(), after.method.as_str()),
        Change::between(Place::Named("URL"), before_url, after_url),
    ]
    .into_iter()
    .flatten()
    .collect();
    changes.extend(named_changes(&parameters(before_query), &parameters(after_query), Place::Query));
    changes.extend(header_changes(&before.headers, &after.headers));
    changes.extend(body_changes(&before.body, &after.body, pace, share));
    changes
}

fn answers(before: &Exchange, after: &Exchange, pace: &mut Pace<'_, '_>, share: &Share) -> Vec<Change> {
    let result = |exchange: &Exchange| match &exchange.result {
        Ok(response) => Value::from(response.status),
        Err(fault) => Value::from(fault.kind.name()),
    };
    let message = |exchange: &Exchange| exchange.result.as_ref().err().map(|fault| fault.message.clone());
    let took = |exchange: &Exchange| in_words(exchange.ended_at.since(exchange.started_at));
    let mut changes: Vec<Change> = [
        Change::between(Place::Named("status"), result(before), result(after)),
        Change::between(Place::Named("fault"), message(before), message(after)),
        Change::between(Place::Named("took"), took(before), took(after)),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Where no answer came there are no fields and no body.
    let none = Response { status: 0, headers: Headers::default(), body: Body::Empty };
    let (before, after) = (before.result.as_ref().unwrap_or(&none), after.result.as_ref().unwrap_or(&none));
    changes.extend(header_changes(&before.headers, &after.headers));
    changes.extend(body_changes(&before.body, &after.body, pace, share));
    changes
}

fn header_changes(before: &Headers, after: &Headers) -> Vec<Change> {
    let (before, after): (Vec<_>, Vec<_>) = (before.iter().collect(), after.iter().collect());
    named_changes(&before, &after, Place::Header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Fault, FaultKind};
    use crate::core::names::Purpose;
    use crate::core::time::Timestamp;
    use serde_json::json;

    fn exchange(url: &str, token: &str, result: Result<Response, Fault>) -> Exchange {
        let headers = [("authorization", token), ("accept", "*/*")].into_iter().collect();
        Exchange {
            purpose: Purpose::Deliver,
            pass: 1,
            started_at: Timestamp::from_millis(0),
            ended_at: Timestamp::from_millis(20),
            token_generation: None,
            request: Request { method: "POST".into(), url: url.into(), headers, body: Body::Json(json!({"a": 1})) },
            sent_to: None,
            result,
        }
    }

    fn answer(status: u16, body: Value) -> Response {
        Response { status, headers: Headers::default(), body: Body::Json(body) }
    }

    fn places(section: &Section) -> Vec<String> {
        section.changes.iter().map(|change| change.place.to_string()).collect()
    }

    #[test]
    fn what_is_the_same_is_not_told() {
        let exchange = exchange("https://host/p?q=1", "Bearer a", Ok(answer(200, json!({}))));
        assert!(exchange_changes(&exchange, &exchange).iter().all(|section| section.changes.is_empty()));
    }

    #[test]
    fn request_and_answer_are_told_apart() {
        let before = exchange("https://host/p?q=1&r=2", "Bearer a", Ok(answer(401, json!({"code": 7}))));
        let mut after = exchange("https://host/p?q=1&r=3", "Bearer b", Ok(answer(200, json!({"ok": true}))));
        after.token_generation = Some(2);
        after.ended_at = Timestamp::from_millis(30);
        let [request, response] = exchange_changes(&before, &after);
        assert_eq!(places(&request), ["query r", "header authorization", "token generation"]);
        assert_eq!(places(&response), ["status", "took", "body /code", "body /ok"]);
    }

    #[test]
    fn an_answer_where_there_was_none_is_new() {
        let fault = Fault::new(FaultKind::Timeout, "no answer");
        let (before, after) =
            (exchange("https://host/p", "a", Err(fault)), exchange("https://host/p", "a", Ok(answer(200, json!(1)))));
        let [_, response] = exchange_changes(&before, &after);
        assert_eq!(places(&response), ["status", "fault", "body"]);
        assert_eq!(response.changes[0].before, Some(json!("timeout")));
        assert_eq!(response.changes[2].before, None);
    }
}
