//! What changed from one attempt to another in what was decided, and which of their exchanges belong together.
use serde_json::Value;

use super::change::{Change, Part, Place, Section};
use crate::core::duration_words::in_words;
use crate::core::record::{Attempt, ErrorOutcome, Exchange, Outcome};

/// What changed in the verdict and in what led to it.
#[must_use]
pub fn verdict_changes(before: &Attempt, after: &Attempt) -> Section {
    let named = |name, of: &dyn Fn(&Attempt) -> Value| Change::between(Place::Named(name), of(before), of(after));
    let mut changes: Vec<Change> = [
        named("decision", &|attempt| attempt.verdict.decision.name().into()),
        named("rule", &|attempt| attempt.verdict.rule.as_ref().into()),
        named("reason", &|attempt| attempt.verdict.reason.as_str().into()),
        named("next attempt after", &wait),
        named("error", &|attempt| error(attempt).map(|error| error.name.as_str()).into()),
        named("error status", &|attempt| error(attempt).and_then(|error| error.status).into()),
        named("error code", &|attempt| error(attempt).and_then(|error| error.code.as_deref()).into()),
        named("error message", &|attempt| error(attempt).map(|error| error.message.as_str()).into()),
        named("items", &items),
        named("rule set", &|attempt| attempt.rules.as_ref().into()),
        named("token before", &|attempt| attempt.token.map(|token| token.generation_before).into()),
        named("token after", &|attempt| attempt.token.map(|token| token.generation_after).into()),
        named("refresh", &|attempt| attempt.token.map(|token| token.refresh.name()).into()),
        named("duplicate", &|attempt| attempt.duplicate.as_ref().map(|mark| mark.outcome.name()).into()),
        named("events", &|attempt| attempt.events.len().into()),
        named("requests", &|attempt| attempt.exchanges.len().into()),
    ]
    .into_iter()
    .flatten()
    .collect();
    changes.extend(fact_changes(before, after));
    Section { part: Part::Verdict, changes }
}

/// The exchange of `other` that did the same as one of an attempt: the same call for the same purpose, counted from the
/// first; else the one at the same place.
#[must_use]
pub fn counterpart(exchanges: &[Exchange], exchange_idx: usize, other: &[Exchange]) -> Option<usize> {
    let exchange = exchanges.get(exchange_idx)?;
    let nth = exchanges[..exchange_idx].iter().filter(|earlier| is_same_call(earlier, exchange)).count();
    let mut same = other.iter().enumerate().filter(|(_, candidate)| is_same_call(candidate, exchange));
    let found = same.clone().nth(nth).or_else(|| same.next_back()).map(|(idx, _)| idx);
    found.or_else(|| other.len().checked_sub(1).map(|last| last.min(exchange_idx)))
}

fn is_same_call(left: &Exchange, right: &Exchange) -> bool {
    let path = |exchange: &Exchange| exchange.request.url.split('?').next().map(str::to_owned);
    left.purpose == right.purpose && left.request.method == right.request.method && path(left) == path(right)
}

fn fact_changes(before: &Attempt, after: &Attempt) -> Vec<Change> {
    let (left, right) = (&before.verdict.facts, &after.verdict.facts);
    let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
    let fact = |name: &String| {
        let value = |facts: &serde_json::Map<String, Value>| facts.get(name).cloned().unwrap_or_default();
        Change::between(Place::Fact(name.clone()), value(left), value(right))
    };
    names.filter_map(fact).collect()
}

fn error(attempt: &Attempt) -> Option<&ErrorOutcome> {
    match &attempt.outcome {
        Outcome::Error(error) => Some(error),
        _ => None,
    }
}

fn wait(attempt: &Attempt) -> Value {
    attempt.verdict.next_attempt_at.map(|next| in_words(next.since(attempt.ended_at))).into()
}

/// `3 of 4 failed`, of a batch.
fn items(attempt: &Attempt) -> Value {
    match &attempt.outcome {
        Outcome::Multistatus(items) => {
            let n_failed = items.iter().filter(|item| !(200..300).contains(&item.status)).count();
            format!("{n_failed} of {} failed", items.len()).into()
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Body, Fault, FaultKind, Headers, Request};
    use crate::core::names::Purpose;
    use crate::core::time::Timestamp;

    fn call(purpose: Purpose, method: &str, url: &str) -> Exchange {
        Exchange {
            purpose,
            pass: 1,
            started_at: Timestamp::default(),
            ended_at: Timestamp::default(),
            token_generation: None,
            request: Request { method: method.into(), url: url.into(), headers: Headers::default(), body: Body::Empty },
            sent_to: None,
            result: Err(Fault::new(FaultKind::Timeout, "")),
        }
    }

    #[test]
    fn an_exchange_is_compared_with_the_one_that_did_the_same() {
        let lookup = |query: &str| call(Purpose::Lookup, "GET", &format!("https://host/segments?{query}"));
        let refresh = || call(Purpose::Refresh, "POST", "https://host/token");
        let post = |id: &str| call(Purpose::Deliver, "POST", &format!("https://host/segments/{id}"));
        let first = [lookup("a"), refresh(), lookup("b")];
        let second = [lookup("c"), lookup("d"), post("1")];
        for (exchange_idx, wanted, why) in [
            (0, Some(0), "the first lookup"),
            (1, Some(1), "nothing like it: the one at its place"),
            (2, Some(1), "the second lookup"),
            (3, None, "there is no such exchange"),
        ] {
            assert_eq!(counterpart(&first, exchange_idx, &second), wanted, "{why}");
        }
        assert_eq!(counterpart(&second, 1, &first[..1]), Some(0), "fewer lookups: the last one");
        assert_eq!(counterpart(&first, 0, &[]), None);
    }
}
