//! A script: the n-th request of the run, token requests included, gets the n-th answer.
use std::cell::Cell;
use std::time::Duration;

use super::carry::{REQUEST_TIMEOUT, Sending, Transport, TransportError, arrive};
use super::failure::fault_words;
use crate::core::http::{Fault, FaultKind};
use crate::core::plan::ScriptedReply;
use crate::core::world::{LocalFuture, Reply};
use crate::net::clock::Clock;

/// Answers from a list, in the order in which the requests begin.
///
/// A scripted timeout without a delay takes the ten seconds that the client waits; every other answer without one is
/// there at once, so that in a script with no delays deliveries run one after the other.
#[derive(Debug)]
pub struct Script {
    replies: Vec<ScriptedReply>,
    n_requests: Cell<usize>,
}

impl Script {
    /// A script that nobody has read from yet.
    #[must_use]
    pub fn new(replies: Vec<ScriptedReply>) -> Self {
        Self { replies, n_requests: Cell::new(0) }
    }

    /// The same for a run that goes on: so many answers were given before.
    #[must_use]
    pub fn after(self, n_requests: usize) -> Self {
        self.n_requests.set(n_requests);
        self
    }

    fn next(&self, sending: Sending<'_>) -> Result<ScriptedReply, TransportError> {
        let n = self.n_requests.get();
        let Some(reply) = self.replies.get(n) else {
            return Err(TransportError::ScriptUsedUp {
                n_responses: self.replies.len(),
                request: format!("{} {}", sending.request.method, sending.request.url),
                attempt: sending.attempt,
                delivery: sending.delivery.clone(),
            });
        };
        self.n_requests.set(n + 1);
        Ok(reply.clone())
    }
}

impl Transport for Script {
    fn send<'a>(
        &'a self,
        sending: Sending<'a>,
        clock: &'a dyn Clock,
    ) -> LocalFuture<'a, Result<Reply, TransportError>> {
        Box::pin(async move {
            let scripted = self.next(sending)?;
            let result = scripted.result.map_err(|fault| in_words(fault, &sending.request.url));
            let delay = match &result {
                Err(fault) if fault.kind == FaultKind::Timeout && scripted.delay == Duration::ZERO => REQUEST_TIMEOUT,
                _ => scripted.delay,
            };
            Ok(arrive(result, delay, sending.request, clock).await.into())
        })
    }
}

/// A script names the kind of a fault only; its words depend on the request.
fn in_words(fault: Fault, url: &str) -> Fault {
    if fault.message.is_empty() { Fault { message: fault_words(fault.kind, url), ..fault } } else { fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Body, Headers, Request, Response};
    use crate::core::time::Timestamp;
    use crate::net::virtual_time::VirtualClock;

    fn send(script: &Script, clock: &VirtualClock) -> Result<Reply, TransportError> {
        let (headers, body) = (Headers::default(), Body::Empty);
        let request = Request { method: "GET".into(), url: "https://host.test/a".into(), headers, body };
        let delivery = "d1".into();
        let sending = Sending { request: &request, delivery: &delivery, attempt: 1 };
        clock.drive(script.send(sending, clock)).unwrap()
    }

    #[test]
    fn answers_come_in_order_and_then_none() {
        let clock = VirtualClock::starting_at(Timestamp::EPOCH);
        let ok = |status, millis| ScriptedReply {
            delay: Duration::from_millis(millis),
            result: Ok(Response { status, headers: Headers::default(), body: Body::Empty }),
        };
        let timeout = Fault::new(FaultKind::Timeout, "");
        let script =
            Script::new(vec![ok(409, 0), ok(200, 30), ScriptedReply { delay: Duration::ZERO, result: Err(timeout) }]);
        assert_eq!(send(&script, &clock).unwrap().result.unwrap().status, 409);
        assert_eq!(clock.now().as_millis(), 0);
        assert_eq!(send(&script, &clock).unwrap().result.unwrap().status, 200);
        assert_eq!(clock.now().as_millis(), 30);
        let fault = send(&script, &clock).unwrap().result.unwrap_err();
        assert_eq!((fault.message.as_str(), clock.now().as_millis()), ("Request timed out after 10000ms", 10_030));
        assert!(matches!(send(&script, &clock), Err(TransportError::ScriptUsedUp { n_responses: 3, .. })));
    }
}
