//! Delivery Inspector: every delivery attempt of an event, the rule that decided, the token that was used, and
//! whether the event arrived twice. `core` judges, `net` sends, `sim` answers, `store` remembers, `session` reads and
//! writes files, `ui` draws, `app` is the window's shell and `cli` the headless verbs.
pub mod cli;
pub mod core;
pub mod net;
pub mod session;
pub mod sim;
pub mod store;

#[cfg(feature = "gui")]
pub mod app;
#[cfg(feature = "gui")]
pub mod ui;
