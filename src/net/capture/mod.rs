//! The capture listener: takes what Segment's SDKs and its HTTP API would send to `api.segment.io`, answers as they
//! expect, and hands the events over as the platform would deliver them. It only ever listens on this machine, and never
//! gives out what it captured.
mod listener;

mod answer;
mod route;

mod body;
mod cors;
mod envelope;
mod event;
mod normalise;
mod write_key;

pub use answer::Refusal;
pub use event::{CapturedEvent, Origin};
pub use listener::{Capture, CaptureNews, CaptureOptions, DEFAULT_PORT};
