//! Where an attempt differs from what the reference did.
use std::fmt;

use serde_json::{Map, Value, json};

use crate::core::framework::Attempted;
use crate::core::http::Body;
use crate::core::names::Refresh;
use crate::core::record::{Exchange, Item, Outcome};

/// One place where we differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Where, as a path: `requests[1].headers.authorization`.
    pub place: String,
    /// What the reference did there; nothing where it did nothing.
    pub expected: Option<Value>,
    /// What we do.
    pub ours: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        write!(f, "{}: expected {}, ours {}", self.place, words(&self.expected), words(&self.ours))
    }
}

/// Every difference between what is expected and what was done. Headers that are not expected may be sent as well; of
/// `ValidationError` and `MappingError` only name and status count.
pub(super) fn compare(expect: &Map<String, Value>, attempted: &Attempted) -> Vec<Difference> {
    let mut differences = Differences::default();
    let requests = expect.get("requests").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    differences.check("requests", Some(&json!(requests.len())), Some(&json!(attempted.exchanges.len())));
    for (request_idx, (expected, exchange)) in requests.iter().zip(&attempted.exchanges).enumerate() {
        differences.request(&format!("requests[{request_idx}]"), expected, exchange);
    }
    let outcome = outcome_json(&attempted.outcome);
    if let Some(expected) = expect.get("outcome") {
        differences.outcome(expected, &outcome);
    }
    differences.check("token_refreshes", expect.get("token_refreshes"), Some(&json!(refreshes(attempted))));
    differences.0
}

fn refreshes(attempted: &Attempted) -> u32 {
    match &attempted.token {
        Some(token) if token.refresh != Refresh::None => token.generation_after - token.generation_before,
        _ => 0,
    }
}

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn check(&mut self, place: &str, expected: Option<&Value>, ours: Option<&Value>) {
        let same = match (expected, ours) {
            (Some(expected), Some(ours)) => same(expected, ours),
            (None | Some(Value::Null), None) => true,
            _ => false,
        };
        if !same {
            let (expected, ours) = (expected.cloned(), ours.cloned());
            self.0.push(Difference { place: place.to_owned(), expected, ours });
        }
    }

    fn request(&mut self, place: &str, expected: &Value, exchange: &Exchange) {
        let request = &exchange.request;
        self.check(&format!("{place}.method"), expected.get("method"), Some(&json!(request.method)));
        self.check(&format!("{place}.url"), expected.get("url"), Some(&json!(request.url)));
        for (name, value) in expected.get("headers").and_then(Value::as_object).into_iter().flatten() {
            let ours = request.headers.get(name).map(|value| json!(value));
            self.check(&format!("{place}.headers.{name}"), Some(value), ours.as_ref());
        }
        let body = match &request.body {
            Body::Empty => None,
            body => Some(body.to_json()),
        };
        self.check(&format!("{place}.body"), expected.get("body"), body.as_ref());
    }

    fn outcome(&mut self, expected: &Value, ours: &Value) {
        let name = expected.get("name").and_then(Value::as_str);
        let keys: &[&str] = match name {
            Some("ValidationError" | "MappingError") => &["kind", "name", "status"],
            _ => &["kind", "name", "status", "code", "message"],
        };
        for key in keys {
            self.check(&format!("outcome.{key}"), expected.get(key), ours.get(key));
        }
        let items = |outcome: &Value| outcome.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let (expected, ours) = (items(expected), items(ours));
        self.check("outcome.items", Some(&json!(expected.len())), Some(&json!(ours.len())));
        for (item_idx, (expected, ours)) in expected.iter().zip(&ours).enumerate() {
            for key in ["status", "errortype", "errormessage", "errorreporter", "sent", "body"] {
                self.check(&format!("outcome.items[{item_idx}].{key}"), expected.get(key), ours.get(key));
            }
        }
    }
}

/// Equal as JavaScript would have it: 1 and 1.0 are one number.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let same_field = |(key, value): (&String, &Value)| right.get(key).is_some_and(|other| same(value, other));
            left.len() == right.len() && left.iter().all(same_field)
        }
        _ => left == right,
    }
}

/// An outcome in the shape of the cases.
fn outcome_json(outcome: &Outcome) -> Value {
    let kind = outcome.kind();
    match outcome {
        Outcome::Delivered | Outcome::NotSubscribed => json!({ "kind": kind }),
        Outcome::Rejected { message } => json!({ "kind": kind, "message": message }),
        Outcome::Error(error) => with_known(&[
            ("kind", Some(json!(kind))),
            ("name", Some(json!(error.name))),
            ("status", error.status.map(Value::from)),
            ("code", error.code.clone().map(Value::from)),
            ("message", Some(json!(error.message))),
        ]),
        Outcome::Multistatus(items) => {
            json!({ "kind": kind, "items": items.iter().map(item_json).collect::<Vec<_>>() })
        }
    }
}

fn item_json(item: &Item) -> Value {
    with_known(&[
        ("status", Some(json!(item.status))),
        ("errortype", item.errortype.clone().map(Value::from)),
        ("errormessage", item.errormessage.clone().map(Value::from)),
        ("errorreporter", item.errorreporter.clone().map(Value::from)),
        ("sent", item.sent.clone()),
        ("body", item.body.as_deref().cloned()),
    ])
}

fn with_known(entries: &[(&str, Option<Value>)]) -> Value {
    entries.iter().filter_map(|(key, value)| Some(((*key).to_owned(), value.clone()?))).collect()
}
