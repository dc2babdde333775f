//! Who answers the requests of a run: the destination's own hosts, a script, or (from outside, see `sim`) the embedded
//! remote. A transport sends each request once. It follows no redirect and repeats nothing, so that an exchange is what
//! was on the wire; a 3xx is therefore a response like any other, where the reference's client would have followed it.
mod carry;
mod endpoint;
mod failure;
mod hosts;
mod script;

pub use carry::{REQUEST_TIMEOUT, Sending, Transport, TransportError, arrive};
pub use endpoint::{Endpoint, EndpointError};
pub use failure::fault_words;
pub use hosts::{ClientError, Hosts};
pub use script::Script;
