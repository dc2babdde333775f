//! The simulator over HTTP on loopback, for programs other than this one and for runs over real sockets.
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use super::config::Config;
use super::operation::Operation;
use super::simulator::{Answer, Simulator};
use crate::core::http::{Body, Fault, FaultKind, Request, Response};
use crate::core::time::Timestamp;
use crate::core::world::LocalFuture;
use crate::net::clock::{Clock as _, WallClock};
use crate::net::loopback::{Handler, Limits, ListenError, Listening, Received, Reply};

/// Room for the largest batches that destinations send.
const LIMITS: Limits = Limits { max_body_bytes: 16 << 20, max_connections: 256 };

/// A simulator that listens. Dropping it stops it.
#[derive(Debug)]
pub struct Server(Listening);

/// A request that was answered, for whoever watches.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// When it arrived.
    pub at: Timestamp,
    /// Method and path, query included.
    pub request: String,
    /// What it asked for.
    pub operation: Operation,
    /// How long the answer takes.
    pub latency: Duration,
    /// Status of the answer, or the fault that stands in its place.
    pub result: Result<u16, FaultKind>,
}

impl Server {
    /// Listens on 127.0.0.1 and `[::1]`, on `port` or, if that is 0, on any that is free. `watch` is told of each request
    /// on the server's thread, and must not block.
    ///
    /// # Errors
    /// [`ListenError`] if the port cannot be had.
    pub fn start(
        config: Config,
        seed: u64,
        port: u16,
        watch: impl Fn(&Answered) + Send + 'static,
    ) -> Result<Self, ListenError> {
        let make_handler = move || {
            let remotes = Rc::new(Remotes {
                simulator: RefCell::new(Simulator::new(config, seed)),
                clock: WallClock::start(),
                watch,
            });
            let handle = move |received| -> LocalFuture<'static, Reply> {
                let remotes = Rc::clone(&remotes);
                Box::pin(async move { remotes.answer(received).await })
            };
            Rc::new(handle) as Handler
        };
        Ok(Self(Listening::start(port, "simulator", LIMITS, make_handler)?))
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// Stops it and waits until it has stopped.
    pub fn stop(self) {
        self.0.stop();
    }
}

struct Remotes<W> {
    simulator: RefCell<Simulator>,
    clock: WallClock,
    watch: W,
}

impl<W: Fn(&Answered)> Remotes<W> {
    async fn answer(&self, received: Received) -> Reply {
        let target = received.target;
        let request = Request {
            url: format!("http://127.0.0.1{target}"),
            method: received.method,
            headers: received.headers,
            body: Body::from_bytes(received.body),
        };
        let at = self.clock.now();
        let Answer { operation, latency, result, .. } = self.simulator.borrow_mut().answer(&request, at);
        (self.watch)(&Answered {
            at,
            request: format!("{} {target}", request.method),
            operation,
            latency,
            result: result.as_ref().map(|response| response.status).map_err(|fault| fault.kind),
        });
        self.clock.sleep_until(at.saturating_add(latency)).await;
        as_a_server_can(result)
    }
}

/// What a server can do to have its client meet a fault. One that has accepted a connection can no longer refuse it, be
/// unknown or fail to encrypt; it closes the connection instead.
fn as_a_server_can(result: Result<Response, Fault>) -> Reply {
    match result.map_err(|fault| fault.kind) {
        Ok(response) => Reply::Respond(response),
        Err(FaultKind::Timeout) => Reply::Silence,
        Err(FaultKind::TruncatedBody) => {
            let headers = [("content-type", "application/json")].into_iter().collect();
            let body = Body::Text("{\"simulated\": \"this answer is not whole\"}".to_owned());
            Reply::Truncate(Response { status: 200, headers, body })
        }
        Err(FaultKind::ConnectionReset | FaultKind::ConnectRefused | FaultKind::Dns | FaultKind::Tls) => Reply::Close,
    }
}
