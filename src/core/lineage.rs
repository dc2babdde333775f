//! Token lineage: which token generation the refreshes of an attempt made, over whose rejection, and what a rejection says
//! of a token. LinkedIn rejects a token that is too new in the words that it has for a revoked one, so that only the
//! token's own history tells them apart.
use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::http::Body;
use super::names::{Purpose, Refresh};
use super::record::{Attempt, Exchange, TokenUse};
use super::time::Timestamp;

/// What lineage needs to know of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Why it was sent.
    pub purpose: Purpose,
    /// Generation of the access token that it carried.
    pub token_generation: Option<u32>,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
}

impl Step {
    /// Of a whole exchange.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        let status = exchange.result.as_ref().ok().map(|response| response.status);
        Self { purpose: exchange.purpose, token_generation: exchange.token_generation, status }
    }

    /// Whether the remote turned down the token that it carried.
    #[must_use]
    pub fn is_rejected(self) -> bool {
        self.purpose != Purpose::Refresh && self.status == Some(401)
    }

    /// Whether the remote took the token that it carried.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        self.purpose != Purpose::Refresh && self.is_success()
    }

    fn is_success(self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    fn is_refresh(self) -> bool {
        self.purpose == Purpose::Refresh
    }
}

/// A request of an attempt for a new token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Generation of the token that it brought; none if it failed, or if the token was replaced in the same attempt before
    /// any request carried it.
    pub brought: Option<u32>,
    /// Which exchange it is.
    pub exchange_idx: usize,
    /// The generation that the attempt had carried until then, whose rejection made it refresh.
    pub rejected: u32,
}

/// The requests of an attempt for new tokens, in order.
#[must_use]
pub fn asked(attempt: &Attempt) -> Vec<Asked> {
    let Some(token) = attempt.token else { return Vec::new() };
    asked_in(token, &attempt.exchanges.iter().map(Step::of).collect::<Vec<_>>())
}

/// The same of the exchanges of an attempt in brief.
#[must_use]
pub fn asked_in(token: TokenUse, steps: &[Step]) -> Vec<Asked> {
    let brings = |step: &Step| step.is_refresh() && step.is_success();
    let carried = |step: &Step| step.token_generation;
    let requests = steps.iter().enumerate().filter(|(_, step)| step.is_refresh());
    let asked = requests.map(|(exchange_idx, step)| {
        let (before, after) = (&steps[..exchange_idx], &steps[exchange_idx + 1..]);
        let is_last = token.refresh == Refresh::Succeeded && !after.iter().any(brings);
        let generation = if is_last { Some(token.generation_after) } else { after.iter().find_map(carried) };
        let rejected = before.iter().rev().find_map(carried).unwrap_or(token.generation_before);
        Asked { brought: generation.filter(|_| brings(step)), exchange_idx, rejected }
    });
    asked.collect()
}

/// Why a token was rejected, as far as its history tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It was issued a moment ago and had never been accepted: the remote does not know it everywhere yet.
    TooNew,
    /// It is old, and the remote says that it was revoked.
    Revoked,
    /// It is old, and the remote says that its time is over.
    Expired,
    /// It is old, and the remote says no more.
    Refused,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooNew => "not known everywhere yet",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Refused => "refused",
        })
    }
}

/// For how long a token that was never accepted counts as too new. Nobody documents how long LinkedIn takes; seconds are
/// reported.
pub const TOO_NEW_FOR: Duration = Duration::from_mins(2);

/// LinkedIn's service errors of a 401.
const REVOKED: i64 = 65601;
const EXPIRED: i64 = 65602;

/// What a rejection at `at` says of a token: one that was `issued_at` some instant, if that was seen, and had been accepted
/// before or not. `service_error` is the remote's own number.
#[must_use]
pub fn rejection(
    at: Timestamp,
    service_error: Option<i64>,
    issued_at: Option<Timestamp>,
    was_accepted: bool,
) -> Rejection {
    let is_young = issued_at.is_some_and(|issued_at| at.since(issued_at) < TOO_NEW_FOR);
    match service_error {
        _ if is_young && !was_accepted => Rejection::TooNew,
        Some(REVOKED) => Rejection::Revoked,
        Some(EXPIRED) => Rejection::Expired,
        _ => Rejection::Refused,
    }
}

/// LinkedIn's own number for what is wrong.
#[must_use]
pub fn service_error(exchange: &Exchange) -> Option<i64> {
    match &exchange.result.as_ref().ok()?.body {
        Body::Json(json) => json.get("serviceErrorCode").and_then(Value::as_i64),
        _ => None,
    }
}
