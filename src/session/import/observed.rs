//! A request that some other program saw, in the terms that all imports share.
use serde_json::{Map, Value};

use crate::core::http::{Fault, FaultKind, Request, Response};
use crate::core::names::{Purpose, Trigger};
use crate::core::record::Exchange;
use crate::core::rules::Call;
use crate::core::time::Timestamp;

/// One request and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Observed {
    /// Where it stands in the file, for notes.
    pub(super) place: String,
    /// Its name there, if it has one.
    pub(super) id: Option<String>,
    /// Requests of one delivery have the same key.
    pub(super) delivery_key: String,
    /// Who was asked: a destination that this program knows, else a host or an endpoint.
    pub(super) destination: String,
    /// What was asked of it.
    pub(super) action: String,
    /// Which of a known destination's requests it is.
    pub(super) call: Option<Call>,
    pub(super) started_at: Timestamp,
    pub(super) ended_at: Timestamp,
    pub(super) request: Request,
    pub(super) result: Result<Response, Fault>,
    /// What started it, where the file says so.
    pub(super) trigger: Option<Trigger>,
    /// What it carried.
    pub(super) payloads: Vec<Payload>,
    /// What has no place in an attempt, kept for writing.
    pub(super) extra: Map<String, Value>,
}

/// An event that a request carried.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    pub(super) message_id: Option<String>,
    pub(super) json: Value,
}

impl Observed {
    /// Why it was sent.
    pub(super) fn purpose(&self) -> Purpose {
        self.call.map_or(Purpose::Deliver, Call::purpose)
    }

    /// The exchange that it makes.
    pub(super) fn into_exchange(self, token_generation: Option<u32>) -> Exchange {
        Exchange {
            purpose: self.purpose(),
            pass: 1,
            started_at: self.started_at,
            ended_at: self.ended_at,
            token_generation,
            request: self.request,
            sent_to: None,
            result: self.result,
        }
    }
}

/// What kind of failure some program's words for it mean; a broken connection where they tell nothing.
pub(super) fn fault_of(words: &str) -> Fault {
    const KINDS: &[(FaultKind, &[&str])] = &[
        (FaultKind::Timeout, &["timed_out", "timed out", "timeout"]),
        (FaultKind::ConnectRefused, &["refused", "econnrefused"]),
        (FaultKind::Dns, &["name_not_resolved", "enotfound", "no such host", "not_found", "dns", "unknownhost"]),
        (FaultKind::Tls, &["cert", "ssl", "tls"]),
        (FaultKind::TruncatedBody, &["content_length_mismatch", "incomplete_chunked", "premature"]),
    ];
    let lower = words.to_lowercase();
    let kind = KINDS.iter().find(|(_, marks)| marks.iter().any(|mark| lower.contains(mark)));
    Fault::new(kind.map_or(FaultKind::ConnectionReset, |(kind, _)| *kind), words)
}
