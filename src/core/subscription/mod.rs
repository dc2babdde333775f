//! FQL, the language of subscriptions: lexer, parser and evaluation with the reference's quirks. There is no grammar
//! behind it: tokens that mean nothing are skipped, so a malformed text often becomes a different filter in silence.
//! Show people the parsed tree ([`Condition`]'s `Display`) beside what they wrote.
mod condition;
mod evaluate;
mod generate;
mod lexer;
mod oddity;
mod parser;

pub use condition::{Condition, Connective, Expected, Leaf, Operator, Subject};
pub use oddity::Oddity;
pub use parser::{SubscriptionError, oddities, parse};
