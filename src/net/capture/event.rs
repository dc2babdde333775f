//! An event as it comes out of the listener.
use serde_json::{Map, Value, json};

use crate::core::names::EventId;
use crate::core::record::EventRecord;
use crate::core::time::Timestamp;

/// An event that an SDK sent, as the platform would deliver it.
#[derive(Clone, Debug, PartialEq)]
pub struct CapturedEvent {
    /// When it arrived.
    pub received_at: Timestamp,
    /// Its `messageId`, assigned here if it had none.
    pub message_id: String,
    /// The event, without its write key.
    pub payload: Value,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a captured event came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// What stands for the write key, `‹key#1›`; absent where there was none.
    pub source: Option<String>,
    /// Name and version of the SDK, `analytics-python/2.3.4`, from the event's `context.library`, else from the
    /// `User-Agent`.
    pub sdk: Option<String>,
    /// The path that it was posted to.
    pub path: String,
    /// How often the SDK had tried before, where it says so.
    pub retry_count: Option<u32>,
}

impl CapturedEvent {
    /// The record that a session keeps of it, under a name that is new there.
    #[must_use]
    pub fn into_record(self, id: EventId) -> EventRecord {
        let Origin { source, sdk, path, retry_count } = self.origin;
        let fields = [
            ("source", source.map(Value::from)),
            ("sdk", sdk.map(Value::from)),
            ("path", Some(Value::from(path))),
            ("retry_count", retry_count.map(|count| json!(count))),
        ];
        let known = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        EventRecord {
            id,
            received_at: self.received_at,
            message_id: Some(self.message_id),
            payload: self.payload,
            extra: Map::from_iter([("capture".to_owned(), Value::Object(known.collect()))]),
        }
    }
}

/// Name and version of the SDK that an event says it is from.
pub(super) fn sdk_of(event: &Map<String, Value>) -> Option<String> {
    let library = event.get("context")?.get("library")?;
    let name = library.get("name")?.as_str()?;
    let version = library.get("version").and_then(Value::as_str);
    Some(version.map_or_else(|| name.to_owned(), |version| format!("{name}/{version}")))
}
