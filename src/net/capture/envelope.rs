//! Bodies, taken apart: the events in them, and what is said of all of them at once.
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::body::MAX_EVENT_BYTES;
use super::route::Route;

/// The most events that are taken of one batch, as at Segment; the rest is left out, and the answer is a success.
const MAX_EVENTS: usize = 2_500;

/// The events of one request.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Envelope {
    pub(super) events: Vec<Map<String, Value>>,
    /// How many events more than [`MAX_EVENTS`] there were.
    pub(super) n_left_out: usize,
    pub(super) write_key: Option<String>,
    pub(super) sent_at: Option<Value>,
    pub(super) context: Option<Value>,
    pub(super) integrations: Option<Value>,
}

#[derive(Deserialize)]
struct BatchBody<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
    #[serde(rename = "writeKey", default)]
    write_key: Value,
    #[serde(rename = "sentAt", default)]
    sent_at: Option<Value>,
    #[serde(default)]
    context: Option<Value>,
    #[serde(default)]
    integrations: Option<Value>,
}

impl Envelope {
    /// Reads a body as its route has it.
    pub(super) fn read(route: Route, json: &[u8]) -> Result<Self, Refusal> {
        match route {
            Route::Batch => Self::of_batch(json),
            Route::Single(kind) => Self::of_single(kind, json),
            Route::Metrics | Route::Health => Ok(Self::default()),
        }
    }

    fn of_single(kind: &str, json: &[u8]) -> Result<Self, Refusal> {
        check_size("the event", json.len())?;
        let mut event: Map<String, Value> = serde_json::from_slice(json).map_err(|error| invalid(&error))?;
        event.entry("type").or_insert_with(|| kind.into());
        let write_key = text_of(event.get("writeKey"));
        let sent_at = event.get("sentAt").cloned();
        Ok(Self { events: vec![event], write_key, sent_at, ..Self::default() })
    }

    fn of_batch(json: &[u8]) -> Result<Self, Refusal> {
        let batch: BatchBody<'_> = serde_json::from_slice(json).map_err(|error| invalid(&error))?;
        let n_left_out = batch.batch.len().saturating_sub(MAX_EVENTS);
        let read = |(event_idx, raw): (usize, &&RawValue)| {
            let place = format!("batch[{event_idx}]");
            check_size(&place, raw.get().len())?;
            serde_json::from_str(raw.get())
                .map_err(|_| Refusal::new(400, "invalid_event", format!("{place} is not a JSON object")))
        };
        let events = batch.batch.iter().take(MAX_EVENTS).enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self {
            events,
            n_left_out,
            write_key: text_of(Some(&batch.write_key)),
            sent_at: batch.sent_at,
            context: batch.context,
            integrations: batch.integrations,
        })
    }
}

fn check_size(place: &str, n_bytes: usize) -> Result<(), Refusal> {
    if n_bytes <= MAX_EVENT_BYTES {
        return Ok(());
    }
    let message = format!("{place} has {n_bytes} bytes; an event may have {} KiB", MAX_EVENT_BYTES >> 10);
    Err(Refusal::new(400, "too_large", message))
}

fn invalid(error: &serde_json::Error) -> Refusal {
    Refusal::new(400, "invalid_json", format!("the body is not what this path takes: {error}"))
}

fn text_of(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(route: Route, body: &Value) -> Result<Envelope, Refusal> {
        Envelope::read(route, body.to_string().as_bytes())
    }

    #[test]
    fn a_single_event_gets_its_type_from_the_path_unless_it_has_one() {
        for (body, kind) in [(json!({ "event": "E" }), "track"), (json!({ "type": "page" }), "page")] {
            let envelope = read(Route::Single("track"), &body).unwrap();
            assert_eq!(envelope.events[0]["type"], kind);
        }
    }

    #[test]
    fn a_batch_says_things_of_all_of_its_events() {
        let body = json!({ "batch": [{ "a": 1 }], "writeKey": "wk", "sentAt": "now", "context": { "ip": "1" } });
        let envelope = read(Route::Batch, &body).unwrap();
        assert_eq!(envelope.write_key.as_deref(), Some("wk"));
        assert_eq!((envelope.sent_at, envelope.context), (Some(json!("now")), Some(json!({ "ip": "1" }))));
    }

    #[test]
    fn bodies_of_the_wrong_shape_are_refused_with_their_place() {
        let large = "x".repeat(MAX_EVENT_BYTES);
        for (route, body, words) in [
            (Route::Batch, json!([]), "the body is not what this path takes"),
            (Route::Batch, json!({ "batch": {} }), "the body is not what this path takes"),
            (Route::Batch, json!({}), "missing field `batch`"),
            (Route::Batch, json!({ "batch": [{}, 7] }), "batch[1] is not a JSON object"),
            (Route::Batch, json!({ "batch": [{}, { "x": large }] }), "batch[1] has 32776 bytes"),
            (Route::Single("track"), json!({ "x": large }), "the event has 32776 bytes"),
            (Route::Single("track"), json!([]), "the body is not what this path takes"),
        ] {
            let refusal = read(route, &body).unwrap_err();
            assert_eq!(refusal.status, 400);
            assert!(refusal.message.contains(words), "{}", refusal.message);
        }
        assert!(Envelope::read(Route::Batch, b"{\"batch\":[").is_err());
    }

    #[test]
    fn events_beyond_the_most_are_left_out_of_a_batch_that_is_taken() {
        let envelope = read(Route::Batch, &json!({ "batch": vec![json!({}); MAX_EVENTS + 3] })).unwrap();
        assert_eq!((envelope.events.len(), envelope.n_left_out), (MAX_EVENTS, 3));
    }
}
