//! `@liquid` templates, as the reference's engine (liquidjs) renders them.
//!
//! Covered: output with its filters; the tags `assign`, `capture`, `comment`, `echo`, `if`, `unless`, `increment`,
//! `decrement`, `liquid`, `raw`, `break`, `continue` and inline comments; every operator, ranges, `empty`, `blank` and
//! `nil`; all filters that the reference leaves on. Tags and filters that it disables fail as they do there, and filters
//! that nobody knows pass their value through.
//!
//! Not covered, and refused with a sentence that says so: the tags `block` and `cycle`, the filters `sample` (dice) and
//! `slugify`, indentation in `json` and `inspect`, and in dates `now`, `today` (a clock), named time zones and the formats
//! of a locale (`%c`, `%x`, `%X`). The limit of 500 ms is not applied, because the core has no clock; templates are short
//! and without loops, and the limit on memory is. Counters of `increment` end with their template here, where the
//! reference writes them into the event.
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
