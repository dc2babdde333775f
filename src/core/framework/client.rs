//! The reference's request client over whatever network the run has: adds the headers that every request of a
//! destination carries, follows redirects as node-fetch does, and takes or throws an answer as the rules say.
use std::borrow::Cow;
use std::cell::RefCell;

use super::answer;
use super::judge::Judge;
use super::redirect;
use super::wire_url;
use crate::core::connection::{Connection, Token};
use crate::core::error::DeliveryError;
use crate::core::http::{Fault, Headers, Request, Response};
use crate::core::js;
use crate::core::record::Exchange;
use crate::core::rules::{Call, Decide, Fact, FactValue, Facts, Stage, Thrown, network_code};
use crate::core::time::Timestamp;
use crate::core::world::World;

/// What every request of the reference carries, whatever its destination.
pub const USER_AGENT: &str = "Segment (Actions)";

/// What facts a destination adds to those that every answer has; it sees the answer, or the fault in its place.
pub type AddFacts<'f> = &'f dyn Fn(Result<&Response, &Fault>) -> Facts;

/// Sends the requests of one pass.
pub struct Client<'a> {
    world: &'a dyn World,
    judge: &'a Judge,
    connection: &'a Connection,
    exchanges: &'a RefCell<Vec<Exchange>>,
    headers: Headers,
    token: Option<Token>,
}

impl<'a> Client<'a> {
    /// A client whose requests carry the default headers and `headers`; `token` is the one that stands in them.
    #[must_use]
    pub fn new(
        world: &'a dyn World,
        judge: &'a Judge,
        connection: &'a Connection,
        exchanges: &'a RefCell<Vec<Exchange>>,
        headers: &Headers,
        token: Option<Token>,
    ) -> Self {
        let mut all: Headers = [("user-agent", USER_AGENT)].into_iter().collect();
        overlay(&mut all, headers);
        Self { world, judge, connection, exchanges, headers: all, token }
    }

    /// Now, on the clock of the run.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// Tokens and remembered audience ids.
    #[must_use]
    pub fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// Who judges; for items in the body of an answer.
    #[must_use]
    pub fn judge(&self) -> &'a Judge {
        self.judge
    }

    /// Whether the headers that all requests carry can be sent at all.
    ///
    /// # Errors
    /// The exception that the reference's client throws where it is made: a key or a token has a letter that no header
    /// takes.
    pub fn check_headers(&self) -> Result<(), DeliveryError> {
        let is_legal =
            |letter: char| letter == '\t' || (' '..='~').contains(&letter) || ('\u{80}'..='\u{ff}').contains(&letter);
        match self.headers.iter().find(|(_, value)| !value.chars().all(is_legal)) {
            None => Ok(()),
            Some((_, value)) => {
                Err(DeliveryError::new("TypeError", format!("{value} is not a legal HTTP header value")))
            }
        }
    }

    /// Sends a request and gives the answer if the rules take it.
    ///
    /// # Errors
    /// What the rules throw over the answer, or over there being none.
    pub async fn send(&self, call: Call, request: Request) -> Result<Response, DeliveryError> {
        self.send_judged(call, request, &|_| Facts::default()).await
    }

    /// The same with facts of the destination's own.
    ///
    /// # Errors
    /// What the rules throw over the answer, or over there being none.
    pub async fn send_judged(
        &self,
        call: Call,
        request: Request,
        more: AddFacts<'_>,
    ) -> Result<Response, DeliveryError> {
        let mut request = self.with_headers(request);
        let mut redirects = 0;
        loop {
            let result = self.exchange(call, &request).await;
            let mut facts = self.facts_of(call, &request.method, redirects, &result);
            for (fact, value) in more(result.as_ref()).iter() {
                facts.set(fact, value.clone());
            }
            let rule = self.judge.ask(Stage::Response, facts.clone());
            match (rule.decides, result) {
                (Decide::Throw(thrown), Err(fault)) => return Err(thrown.over_fault(&facts, &request.url, &fault)),
                (Decide::Throw(thrown), Ok(response)) => return Err(thrown.over_answer(&facts, &response)),
                (Decide::Follow, Ok(response)) => request = redirect::follow(&request, &response),
                (Decide::FollowAsGet, Ok(response)) => request = redirect::follow_as_get(&request, &response),
                (_, Ok(response)) => return Ok(response),
                (_, Err(fault)) => return Err(Thrown::Network.over_fault(&facts, &request.url, &fault)),
            }
            redirects += 1;
        }
    }

    fn with_headers(&self, request: Request) -> Request {
        let mut headers = self.headers.clone();
        overlay(&mut headers, &request.headers);
        let url = match wire_url::on_the_wire(&request.url) {
            Cow::Owned(url) => url,
            Cow::Borrowed(_) => request.url,
        };
        Request { url, headers, ..request }
    }

    async fn exchange(&self, call: Call, request: &Request) -> Result<Response, Fault> {
        let started_at = self.world.now();
        let reply = self.world.send(request, call.purpose()).await;
        self.exchanges.borrow_mut().push(Exchange {
            purpose: call.purpose(),
            pass: self.judge.pass(),
            started_at,
            ended_at: self.world.now(),
            token_generation: self.token.as_ref().map(|token| token.generation),
            request: request.clone(),
            sent_to: reply.sent_to,
            result: reply.result.clone(),
        });
        reply.result
    }

    /// What rules may look at: about the attempt, the request and its answer.
    fn facts_of(&self, call: Call, method: &str, redirects: u32, result: &Result<Response, Fault>) -> Facts {
        let facts = answer_facts(self.judge.facts(), Some(call), method, redirects, result);
        let issued_at = self.token.as_ref().and_then(|token| token.issued_at);
        let age = issued_at.and_then(|at| i64::try_from(self.world.now().since(at).as_secs()).ok());
        facts.with_some(Fact::TokenAgeSeconds, age)
    }
}

/// What rules may look at in a request and its answer.
pub(super) fn answer_facts(
    facts: Facts,
    call: Option<Call>,
    method: &str,
    redirects: u32,
    result: &Result<Response, Fault>,
) -> Facts {
    let mut facts = facts.with_some(Fact::Call, call.map(Call::name));
    match result {
        Err(fault) => facts.set(Fact::NetworkCode, network_code(fault.kind)),
        Ok(response) => {
            facts.set(Fact::Status, response.status);
            let body = answer::data(response);
            let field = |key: &str| body.as_deref().and_then(|body| js::member(body, key));
            if let Some(code) = field("serviceErrorCode").as_deref().and_then(FactValue::from_json) {
                facts.set(Fact::ServiceErrorCode, code);
            }
            if let Some(error) = field("error").filter(|_| call == Some(Call::Token)) {
                facts.set(Fact::OauthError, js::text(&error).into_owned());
            }
            if let Some(location) = response.headers.get("location") {
                facts.set(Fact::Method, method.to_owned());
                facts.set(Fact::Location, location.to_owned());
                facts.set(Fact::Redirects, redirects);
            }
            if let Some(retry_after) = response.headers.get("retry-after") {
                facts.set(Fact::RetryAfter, retry_after.to_owned());
            }
        }
    }
    facts
}

fn overlay(headers: &mut Headers, over: &Headers) {
    for (name, value) in over.iter() {
        headers.set(name, value);
    }
}
