//! Which tokens LinkedIn knows, and since when. A token that was issued a moment ago is rejected in the words that are
//! used for a revoked one (65601), as reported of the real API.
use std::time::Duration;

use serde_json::{Value, json};

use crate::core::http::{Body, Request, Response};
use crate::core::time::Timestamp;
use crate::net::dice::Dice;
use crate::sim::fields::{LinkedinFields, RefreshAnswer, TokenState};
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
    plan_token: Option<Life>,
    /// The only refresh token that is taken, once one was given out in place of another.
    refresh_token: Option<String>,
}

#[derive(Debug)]
struct Issued {
    token: String,
    life: Life,
}

/// One access token's.
#[derive(Clone, Debug)]
struct Life {
    since: Timestamp,
    /// From when on each node knows it.
    known_from: Vec<Timestamp>,
    /// Whether a later refresh has ended it.
    is_replaced: bool,
}

impl Life {
    fn begin(config: &LinkedinFields, now: Timestamp, dice: &mut Dice) -> Self {
        let known_from = (0..n_nodes(config)).map(|_| now.saturating_add(config.propagation_ms.draw(dice)));
        Self { since: now, known_from: known_from.collect(), is_replaced: false }
    }

    fn is_known_to(&self, node: Node, now: Timestamp) -> bool {
        self.known_from.get(node.0).is_none_or(|from| now >= *from)
    }
}

/// Which of LinkedIn's machines answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node(usize);

fn n_nodes(config: &LinkedinFields) -> usize {
    config.nodes.map_or(1, |nodes| usize::try_from(nodes.get()).unwrap_or(usize::MAX))
}

impl Node {
    /// The one that the next request comes to. Where there is but one, no dice are thrown.
    pub(super) fn draw(config: &LinkedinFields, dice: &mut Dice) -> Self {
        match n_nodes(config) {
            1 => Self(0),
            nodes => Self(dice.below(nodes)),
        }
    }

    /// Names the machine in the answer, as LinkedIn names its data centres there.
    pub(super) fn sign(self, config: &LinkedinFields, response: &mut Response) {
        if n_nodes(config) > 1 {
            response.headers.append("x-li-pop", format!("simulated-node-{}", self.0 + 1));
        }
    }
}

impl Tokens {
    /// The 401 that a request gets, if its token is not good at that instant on that node.
    pub(super) fn refuse(
        &mut self,
        config: &LinkedinFields,
        request: &Request,
        (now, node): (Timestamp, Node),
        dice: &mut Dice,
    ) -> Option<Response> {
        let plan_token = self.plan_token.get_or_insert_with(|| Life::begin(config, now, dice));
        let token = request.headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let Some(token) = token.filter(|token| !matches!(*token, "" | "undefined")) else {
            return Some(unauthorized(65600));
        };
        let is_withdrawn = consent_ends(config, plan_token.since).is_some_and(|end| now >= end);
        let issued = self.issued.iter().find(|issued| issued.token == token);
        let (state, life) = match issued {
            Some(issued) => (TokenState::NotYetPropagated, &issued.life),
            None => (config.access_token, &*plan_token),
        };
        let lifetime = config.token_lifetime_ms.map(Duration::from_millis);
        match state {
            TokenState::Invalid => Some(unauthorized(65600)),
            TokenState::Revoked => Some(unauthorized(65601)),
            TokenState::Expired => Some(unauthorized(65602)),
            _ if is_withdrawn || life.is_replaced => Some(unauthorized(65601)),
            TokenState::NotYetPropagated if !life.is_known_to(node, now) => Some(unauthorized(65601)),
            TokenState::Valid | TokenState::NotYetPropagated => {
                lifetime.is_some_and(|lifetime| now >= life.since.saturating_add(lifetime)).then(|| unauthorized(65602))
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
        let is_known = self.refresh_token.as_ref().is_none_or(|known| *known == refresh_token);
        let began = self.plan_token.as_ref().map_or(now, |life| life.since);
        let is_withdrawn = consent_ends(config, began).is_some_and(|end| now >= end);
        match config.refresh {
            RefreshAnswer::ServerError => json_response(500, json!({ "message": "Internal Server Error" })),
            RefreshAnswer::Succeeds if is_known && !is_withdrawn => self.issue(config, refresh_token, now, dice),
            RefreshAnswer::InvalidGrant | RefreshAnswer::Succeeds => oauth_error(
                400,
                "invalid_grant",
                "The provided authorization grant or refresh token is invalid, expired or revoked",
            ),
        }
    }

    fn issue(&mut self, config: &LinkedinFields, asked_with: String, now: Timestamp, dice: &mut Dice) -> Response {
        let number = self.issued.len() + 2;
        let token = format!("simulated-access-token-{number}");
        let life = Life::begin(config, now, dice);
        if config.refresh_revokes {
            let before = self.issued.iter_mut().map(|issued| &mut issued.life).chain(&mut self.plan_token);
            before.for_each(|life| life.is_replaced = true);
        }
        self.issued.push(Issued { token: token.clone(), life });
        let refresh_token = if config.rotate_refresh_token {
            self.refresh_token.insert(format!("simulated-refresh-token-{number}")).clone()
        } else {
            asked_with
        };
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

/// When the owner takes the consent back, if that happens.
fn consent_ends(config: &LinkedinFields, began: Timestamp) -> Option<Timestamp> {
    config.consent_ms.map(|millis| began.saturating_add(Duration::from_millis(millis)))
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
