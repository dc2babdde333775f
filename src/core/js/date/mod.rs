//! `Date.parse`: what JavaScript (V8) takes for a time, in its ISO form and in any older one.
mod civil;
mod parse;
mod parts;
mod token;

pub use civil::Civil;
pub use parse::{is_valid, parse};
