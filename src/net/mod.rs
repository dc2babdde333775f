//! What touches the outside: clocks, transports that answer the requests of a run, the engine that drives core through
//! both, and the listener that captures events from Segment SDKs.
pub mod engine;

pub mod transport;

pub mod clock;
pub mod dice;
pub mod virtual_time;
