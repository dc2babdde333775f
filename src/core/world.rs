//! What core needs from outside and never has itself: a network and a clock. In wall time `net` answers with reqwest,
//! in virtual time the simulator or a script answers at instants of a clock that costs nothing.
use std::future::Future;
use std::pin::Pin;

use super::deduplication::Acts;
use super::http::{Fault, Request, Response};
use super::names::Purpose;
use super::time::Timestamp;

/// A future that lives on one thread: the engine runs all deliveries of a plan on one.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The outside of one attempt.
pub trait World {
    /// Now, on the clock of the run.
    fn now(&self) -> Timestamp;

    /// Sends one request and waits for the whole response. Never retries and never follows a redirect.
    fn send<'a>(&'a self, request: &'a Request, purpose: Purpose) -> LocalFuture<'a, Reply>;
}

/// What came of sending a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Where it really went, if not to the URL of the request.
    pub sent_to: Option<String>,
    /// The response, or why there is none.
    pub result: Result<Response, Fault>,
    /// What the receiver did, where it can be asked: the simulator tells, other people's servers do not.
    pub acted: Option<Acts>,
}

impl From<Result<Response, Fault>> for Reply {
    fn from(result: Result<Response, Fault>) -> Self {
        Self { sent_to: None, result, acted: None }
    }
}
