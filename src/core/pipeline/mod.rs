//! The outer pipeline's retry policy: how long to wait after a failed attempt, and when to give up. What is retried at
//! all is for the rules to say.
mod policy;
mod presets;

pub use policy::{Ends, Limit, Next, Policy};
pub use presets::{PRESETS, Preset, Standing};
