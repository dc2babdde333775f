//! LinkedIn: its API and its token endpoint, which share the tokens that are in force.
mod api;
mod quota;
mod segments;
mod tokens;

pub use api::Linkedin;
