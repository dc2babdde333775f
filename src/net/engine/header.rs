//! The first line of a run's session: who it is and when it began.
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::core::names::ClockKind;
use crate::core::plan::{Plan, Remote};
use crate::core::record::SessionHeader;
use crate::core::time::Timestamp;
use crate::net::random::random_name;

/// Where the virtual clock starts if neither the plan's `start_at` nor any event's `timestamp` says so:
/// 2026-01-01T00:00:00Z.
pub const DEFAULT_START: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// The header of the session that a run of this plan writes. In virtual time it follows from the plan alone; in wall
/// time it is new each time.
#[must_use]
pub fn session_header(plan: &Plan) -> SessionHeader {
    let (id, created_at) = match plan.clock {
        ClockKind::Virtual => (hex(&plan_hash(plan)[..16]), virtual_start(plan)),
        ClockKind::Wall => (random_name(), Timestamp::from_system_clock()),
    };
    let origin = match plan.remote {
        Remote::Real { .. } => "fired",
        Remote::Script(_) | Remote::Simulator(_) => "simulated",
    };
    let name = plan.name.clone().unwrap_or_else(|| format!("{} {}", plan.destination, plan.action));
    let mut header = SessionHeader::new(id, name, created_at, origin);
    plan.clock.name().clone_into(&mut header.clock);
    plan.rules.name().clone_into(&mut header.rules);
    header.plan = Value::Object(plan.source.clone());
    header
}

/// Where the virtual clock starts: at the plan's `start_at`, else at the latest `timestamp` of its events, else at
/// [`DEFAULT_START`].
pub(super) fn virtual_start(plan: &Plan) -> Timestamp {
    let timestamps = plan.events.iter().filter_map(|event| event.get("timestamp")?.as_str()?.parse().ok());
    plan.start_at.or_else(|| timestamps.max()).unwrap_or(DEFAULT_START)
}

/// Follows from what the plan says, not from the order in which it says it. The events are those that are sent, wherever
/// they were read from.
fn plan_hash(plan: &Plan) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let written = plan.source.iter().filter(|(key, _)| *key != "events");
    feed_fields(&mut hasher, written.map(|(key, value)| (key.as_str(), value)).collect());
    for event in &plan.events {
        feed(&mut hasher, event);
    }
    hasher.update(plan.seed.to_be_bytes());
    hasher.finalize().to_vec()
}

/// Feeds JSON with the keys of objects in order, each part with its kind and length ahead of it.
fn feed(hasher: &mut Sha256, value: &Value) {
    match value {
        Value::Object(fields) => feed_fields(hasher, fields.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        Value::Array(items) => {
            feed_text(hasher, b'[', &items.len().to_string());
            for item in items {
                feed(hasher, item);
            }
        }
        Value::String(text) => feed_text(hasher, b'"', text),
        other => feed_text(hasher, b'.', &other.to_string()),
    }
}

fn feed_fields(hasher: &mut Sha256, mut fields: Vec<(&str, &Value)>) {
    fields.sort_by_key(|(key, _)| *key);
    feed_text(hasher, b'{', &fields.len().to_string());
    for (key, value) in fields {
        feed_text(hasher, b':', key);
        feed(hasher, value);
    }
}

fn feed_text(hasher: &mut Sha256, kind: u8, text: &str) {
    hasher.update([kind]);
    hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
    hasher.update(text);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
