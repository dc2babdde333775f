//! Why a run ended before its deliveries did.
use std::error::Error;
use std::io;

use crate::net::transport::{ClientError, EndpointError, TransportError};
use crate::net::virtual_time::Stalled;

/// What kept a run from its end. What was recorded before stays.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A request could not be answered or sent at all.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The plan's `endpoint` is no base URL.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The plan's `simulator` value is wrong.
    #[error("{0}")]
    Simulator(Box<dyn Error + Send + Sync>),
    /// Real hosts cannot answer in virtual time.
    #[error(
        "the plan runs in virtual time, but nobody is there to answer in it: give it `responses` or a `simulator`, or \
         set `clock` to \"wall\" to send to real hosts"
    )]
    NobodyInVirtualTime,
    /// The HTTP client could not be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The system gave no thread or no timer.
    #[error("failed to begin the run: {0}")]
    System(#[from] io::Error),
    /// A mistake of this program.
    #[error("{0}; this is a mistake of the program, please report it with the plan")]
    Stalled(#[from] Stalled),
    /// Another mistake of this program.
    #[error("the run broke off ({0}); this is a mistake of the program, please report it with the plan")]
    Panicked(String),
}
