//! Whether repeating a request does harm: by nature, or because a key tells the receiver that it is a repetition.
use serde_json::Value;

use super::scene::Scene;
use super::wire::Sent;
use crate::core::rules::Call;

/// The idempotency key that a request carries.
pub(super) fn key_of<'a>(sent: &Sent<'a>) -> Option<&'a str> {
    sent.request_header("idempotency-key").filter(|key| !key.is_empty())
}

/// Whether a request can be repeated without harm: audiences are sets, a conversion with an `eventId` counts once, and
/// an idempotency key is there for nothing else.
pub(super) fn is_repeatable(sent: &Sent<'_>) -> bool {
    match sent.call {
        Some(Call::Visitors | Call::Users | Call::Companies) => true,
        Some(Call::Conversions) => sent.elements().iter().all(has_event_id),
        _ => key_of(sent).is_some(),
    }
}

/// Whether the requests that carried an attempt's events can be repeated without harm.
pub(super) fn is_attempt_repeatable(scene: &Scene<'_>) -> bool {
    scene.deliveries().all(|sent| is_repeatable(&sent))
}

/// Whether a conversion says which event it is about.
pub(super) fn has_event_id(conversion: &Value) -> bool {
    conversion.get("eventId").and_then(Value::as_str).is_some_and(|id| !id.is_empty())
}
