//! Embedded remotes: Pendo, LinkedIn (API and token endpoint) and a receiver of any event, with state and with faults
//! that follow from a seed. The same code answers inside the program, in virtual or wall time, and over HTTP on
//! loopback. `docs/simulator.md` says what can be configured and which of its behaviour is documented by the remotes.
mod simulator;

mod linkedin;
mod operation;
mod pendo;
mod receiver;

mod config;
mod faults;
mod fields;
mod millis;
mod preset;

mod described;

mod form;
mod in_process;
mod server;

pub use config::{Config, ConfigError};
pub use in_process::in_process;
pub use linkedin::Linkedin;
pub use operation::Operation;
pub use pendo::Pendo;
pub use preset::Preset;
pub use receiver::Receiver;
pub use server::{Answered, Server};
pub use simulator::{Answer, Simulator};
