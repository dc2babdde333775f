//! Events of people who enter or leave the audience of a Pendo plan, for all test programs that fire such plans.
use serde_json::{Value, json};

/// Somebody who enters the audience, or leaves it.
pub(crate) fn visitor(who: &str, enters: bool) -> Value {
    json!({
        "type": "track", "event": if enters { "Audience Entered" } else { "Audience Exited" }, "userId": who,
        "messageId": format!("m-{who}"), "timestamp": "2026-11-22T06:59:00Z",
        "properties": { "audience_key": "vip", "vip": enters },
        "context": { "personas": {
            "computation_class": "audience", "computation_key": "vip", "external_audience_id": "seg-1",
        } },
    })
}
