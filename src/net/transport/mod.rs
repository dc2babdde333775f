//! Who answers the requests of a run: the destination's own hosts, a script, or (from outside, see `sim`) the embedded
//! remote. A transport sends each request once. It follows no redirect and repeats nothing, so that an exchange is what
//! was on the wire; a 3xx is a response like any other, and following it, as the reference's client does, is core's.
mod carry;
mod endpoint;
mod failure;
mod hosts;
mod noted_body;
mod script;

pub use carry::{REQUEST_TIMEOUT, Sending, Simulate, Transport, TransportError, arrive};
pub use endpoint::{Endpoint, EndpointError};
pub use failure::fault_words;
pub use hosts::{ClientError, Connections, Hosts};
pub use script::Script;
