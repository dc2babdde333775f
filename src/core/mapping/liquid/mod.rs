//! `@liquid` templates, as the reference's engine (liquidjs) renders them.
//!
//! Covered: output with its filters; the tags `assign`, `block`, `capture`, `comment`, `cycle`, `echo`, `if`, `unless`,
//! `increment`, `decrement`, `liquid`, `raw`, `break`, `continue` and inline comments; every operator, ranges, `empty`,
//! `blank` and `nil`; all filters that the reference leaves on. Tags and filters that it disables fail as they do there,
//! and filters that nobody knows pass their value through.
//!
//! Different on purpose (docs/fixtures.md says why): `now` and `today` in dates are refused with a sentence that says so,
//! `sample` takes the first elements, the limit of 500 ms is not applied, while the limit on memory is, and counters of
//! `increment` end with their template.
mod error;
mod evaluate;
mod expression;
mod filters;
mod letters;
mod render;
mod scanner;
mod source;
mod template;
mod value;

pub(super) use template::Template;

#[cfg(test)]
mod tests;
