//! How a thread that has news tells the window.
use std::sync::Arc;

/// Called after something was sent, so that the window looks at it. Must not block.
pub type Wake = Arc<dyn Fn() + Send + Sync>;
