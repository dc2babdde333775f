//! The directives, by what they work on.
mod array_path;
mod branch;
mod case;
mod catalogue;
mod flatten;
mod json;
mod liquid;
mod literal;
mod merge;
mod path;
mod registry;
mod replace;
mod template;
mod transform;

pub use catalogue::{DIRECTIVES, DirectiveAbout, Takes, directive_about};
pub(super) use registry::compile;

#[cfg(test)]
mod tests;
