//! A limit on requests: so many in each window of time, the windows laid end to end from the first request on.
use serde_json::json;

use crate::core::http::Response;
use crate::core::time::Timestamp;
use crate::sim::fields::RateLimit;
use crate::sim::simulator::json_response;

#[derive(Debug, Default)]
pub(super) struct Quota {
    began_at: Option<Timestamp>,
    window: u64,
    n_used: u32,
}

impl Quota {
    /// The 429 for a request that is one too many.
    pub(super) fn refuse(&mut self, limit: RateLimit, now: Timestamp) -> Option<Response> {
        let began_at = *self.began_at.get_or_insert(now);
        let millis = u64::try_from(now.since(began_at).as_millis()).unwrap_or(u64::MAX);
        let window = millis / limit.per_ms.max(1);
        if window != self.window {
            (self.window, self.n_used) = (window, 0);
        }
        self.n_used = self.n_used.saturating_add(1);
        (self.n_used > limit.requests).then(|| {
            let message = "Resource level throttle limit for calls to this resource is reached.";
            json_response(429, json!({ "status": 429, "message": message }))
        })
    }
}
