//! HTTP servers on this machine, for this machine: the capture listener and the simulator. Nobody from outside can reach
//! them, no web page can reach them under another name, and no request can make them hold more than they agreed to.
mod guard;
mod listening;
mod serve;

pub use guard::is_local_name;
pub use listening::{ListenError, Listening};
pub(in crate::net) use serve::refusal;
pub use serve::{Handler, Limits, Received, Reply};
