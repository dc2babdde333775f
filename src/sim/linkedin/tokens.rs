//! Which tokens LinkedIn knows, and since when. A token that was issued a moment ago is rejected in the words that are
//! used for a revoked one (65601), as reported of the real API.
use std::time::Duration;

use serde_json::{Value, json};

use crate::core::http::{Body, Request, Response};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;
use crate::sim::config::{LinkedinFields, RefreshAnswer, TokenState};
use crate::sim::form::form_value;
use crate::sim::simulator::json_response;

/// Lifetime of a LinkedIn access token, in seconds, as its token endpoint states it: 60 days.
const EXPIRES_IN_SECS: u64 = 5_183_999;
/// Lifetime of a refresh token: a year.
const REFRESH_EXPIRES_IN_SECS: u64 = 31_535_960;

#[derive(Debug, Default)]
pub(super) struct Tokens {
    issued: Vec<Issued>,
    /// When the first request came: from then on the plan's own token is counted.
    plan_token_seen: Option<Seen>,
}

#[derive(Debug)]
struct Issued {
    token: String,
    seen: Seen,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    at: Timestamp,
    known_from: Timestamp,
}

impl Seen {
    fn now(config: &LinkedinFields, now: Timestamp, dice: &mut Dice) -> Self {
        Self { at: now, known_from: now.saturating_add(config.propagation_ms.draw(dice)) }
    }
}

impl Tokens {
    /// The 401 that a request gets, if its token is not good at that instant.
    pub(super) fn refuse(
        &mut self,
        config: &LinkedinFields,
        request: &Request,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Option<Response> {
        let plan_token_seen = *self.plan_token_seen.get_or_insert_with(|| Seen::now(config, now, dice));
        let token = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let Some(token) = token.filter(|token| !matches!(*token, "" | "undefined")) else {
            return Some(unauthorized(65600));
        };
        let issued = self.issued.iter().find(|issued| issued.token == token);
        let (state, seen) = match issued {
            Some(issued) => (TokenState::NotYetPropagated, issued.seen),
            None => (config.access_token, plan_token_seen),
        };
        let lifetime = config.token_lifetime_ms.map(Duration::from_millis);
        match state {
            TokenState::Invalid => Some(unauthorized(65600)),
            TokenState::Revoked => Some(unauthorized(65601)),
            TokenState::Expired => Some(unauthorized(65602)),
            TokenState::NotYetPropagated if now < seen.known_from => Some(unauthorized(65601)),
            TokenState::Valid | TokenState::NotYetPropagated => {
                lifetime.is_some_and(|lifetime| now >= seen.at.saturating_add(lifetime)).then(|| unauthorized(65602))
            }
        }
    }

    /// What the token endpoint answers.
    pub(super) fn refresh(
        &mut self,
        config: &LinkedinFields,
        request: &Request,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Response {
        let form = match &request.body {
            Body::Text(form) => form.as_str(),
            _ => "",
        };
        let given = |name| form_value(form, name).filter(|value| !matches!(value.as_str(), "" | "undefined"));
        if given("grant_type").as_deref() != Some("refresh_token") {
            return oauth_error(400, "unsupported_grant_type", "Only refresh_token is supported here");
        }
        let Some(refresh_token) = given("refresh_token") else {
            return oauth_error(400, "invalid_request", "A required parameter \"refresh_token\" is missing");
        };
        if given("client_id").is_none() || given("client_secret").is_none() {
            return oauth_error(401, "invalid_client", "Client authentication failed");
        }
        match config.refresh {
            RefreshAnswer::InvalidGrant => oauth_error(
                400,
                "invalid_grant",
                "The provided authorization grant or refresh token is invalid, expired or revoked",
            ),
            RefreshAnswer::ServerError => json_response(500, json!({ "message": "Internal Server Error" })),
            RefreshAnswer::Succeeds => {
                let token = format!("simulated-access-token-{}", self.issued.len() + 2);
                self.issued.push(Issued { token: token.clone(), seen: Seen::now(config, now, dice) });
                json_response(
                    200,
                    json!({
                        "access_token": token,
                        "expires_in": config.token_lifetime_ms.map_or(EXPIRES_IN_SECS, |millis| millis / 1_000),
                        "refresh_token": refresh_token,
                        "refresh_token_expires_in": REFRESH_EXPIRES_IN_SECS,
                    }),
                )
            }
        }
    }
}

/// LinkedIn's answer to a token that it does not take.
fn unauthorized(service_error: u32) -> Response {
    let body: Value = match service_error {
        65601 => json!({
            "status": 401, "serviceErrorCode": 65601, "code": "REVOKED_ACCESS_TOKEN",
            "message": "The token used in the request has been revoked by the user",
        }),
        65602 => json!({
            "status": 401, "serviceErrorCode": 65602, "code": "EXPIRED_ACCESS_TOKEN",
            "message": "The token used in the request has expired",
        }),
        other => json!({ "status": 401, "serviceErrorCode": other, "message": "Invalid access token" }),
    };
    json_response(401, body)
}

fn oauth_error(status: u16, error: &str, description: &str) -> Response {
    json_response(status, json!({ "error": error, "error_description": description }))
}
