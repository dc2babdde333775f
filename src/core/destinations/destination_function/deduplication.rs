//! What a function does against duplicates, as the plan says: looks at a trait of the profile and sets it, or sends a key.
use std::time::Duration;

use serde_json::Value;

use crate::core::deduplication::{Strategy, structured_string, user_of};
use crate::core::framework::Client;
use crate::core::http::Request;

/// What the function throws over an event whose profile it finds processed.
pub(super) fn told_off(client: &Client<'_>, event: &Value) -> Option<String> {
    let Some(Strategy::ProfileTrait { remembers, .. }) = client.connection().deduplication() else { return None };
    let read = client.connection().profiles().read(&user_of(event)?, *remembers, client.now());
    let is_processed = read.is_processed;
    client.judge().note(read);
    is_processed.then(|| format!("Duplicate submission: Profile processed within last {}", days(*remembers)))
}

/// Sets the trait of the event's profile.
pub(super) fn set_trait(client: &Client<'_>, event: &Value) {
    if let Some(Strategy::ProfileTrait { staleness, .. }) = client.connection().deduplication()
        && let Some(user) = user_of(event)
    {
        client.connection().profiles().write(&user, *staleness, client.now());
    }
}

/// Adds the key of a call, unless the author's own headers have one.
pub(super) fn add_key(client: &Client<'_>, request: &mut Request, events: &[&Value], call: &str) {
    if let Some(Strategy::IdempotencyKey { header, of }) = client.connection().deduplication()
        && request.headers.get(header).is_none()
        && let Some(key) = of.key(events, call)
    {
        request.headers.set(header, structured_string(&key));
    }
}

/// The support article's words where they fit.
fn days(length: Duration) -> String {
    const DAY: u64 = 24 * 60 * 60;
    match length.as_secs() {
        DAY => "day".to_owned(),
        seconds if seconds > 0 && seconds.is_multiple_of(DAY) => format!("{} days", seconds / DAY),
        seconds => format!("{seconds} seconds"),
    }
}
