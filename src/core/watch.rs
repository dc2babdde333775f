//! Whoever waits for work that takes long.
use std::ops::ControlFlow;

/// Told the share of the work that is done, from 0 to 1; says whether to go on.
pub type Watch<'a> = dyn FnMut(f32) -> ControlFlow<()> + 'a;
