//! The simulator as a transport of the engine: no sockets, the latency passes on the clock of the run.
use std::cell::RefCell;
use std::error::Error;

use serde_json::Value;

use super::config::Config;
use super::simulator::Simulator;
use crate::core::world::{LocalFuture, Reply};
use crate::net::clock::Clock;
use crate::net::transport::{Sending, Transport, TransportError, arrive};

/// A transport to the remotes that a plan's `simulator` value describes, for the engine's options.
///
/// # Errors
/// [`super::ConfigError`] if the value describes none.
pub fn in_process(simulator: &Value, seed: u64) -> Result<Box<dyn Transport>, Box<dyn Error + Send + Sync>> {
    Ok(Box::new(InProcess(RefCell::new(Simulator::new(Config::from_json(simulator)?, seed)))))
}

struct InProcess(RefCell<Simulator>);

impl Transport for InProcess {
    fn send<'a>(
        &'a self,
        sending: Sending<'a>,
        clock: &'a dyn Clock,
    ) -> LocalFuture<'a, Result<Reply, TransportError>> {
        Box::pin(async move {
            let answer = self.0.borrow_mut().answer(sending.request, clock.now());
            let result = arrive(answer.result, answer.latency, sending.request, clock).await;
            Ok(Reply { acted: Some(answer.acted), ..result.into() })
        })
    }
}
