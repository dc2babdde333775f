//! Redaction: aliases such as `‹token#1›` in place of secrets, equal where the secrets were equal.
mod aliases;

pub use alias::is_alias;
pub use aliases::Aliases;
pub use treatment::Secrets;

mod alias;
mod finder;
mod known;
mod spelling;
mod treatment;
mod visit;

#[cfg(test)]
mod tests;
