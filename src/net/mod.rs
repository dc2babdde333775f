//! What touches the outside: the engine that drives core, transports that answer its requests, the clocks that both live
//! by, and the listener that captures events from Segment SDKs.
pub mod capture;
pub mod engine;

pub mod loopback;
pub mod transport;

pub mod clock;
pub mod dice;
pub mod virtual_time;

mod random;
mod wake;

pub use wake::Wake;
