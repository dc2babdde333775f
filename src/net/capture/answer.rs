//! What the listener answers. Every refusal has `code` and `message`: without them Segment's Python SDK takes a final
//! answer for a passing one and sends the batch ten times more.
use serde_json::json;

use crate::core::http::{Body, Response};
use crate::net::loopback;

/// A request that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// The status that the client got.
    pub status: u16,
    /// The reason in one word, for programs.
    pub code: &'static str,
    /// The reason in a sentence.
    pub message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn to_response(&self) -> Response {
        let mut response = loopback::refusal(self.status, self.code, &self.message);
        if self.status == 429 {
            // Honoured by the Node and browser SDKs without using up a try.
            response.headers.set("retry-after", "1");
        }
        response
    }
}

/// What the SDKs take for success: exactly 200, for Python's sake.
pub(super) fn success() -> Response {
    let headers = [("content-type", "application/json")].into_iter().collect();
    Response { status: 200, headers, body: Body::Json(json!({ "success": true })) }
}
