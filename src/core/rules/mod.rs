//! Rules are data: who looks at a status code looks at it here. A rule names facts, what they must be, what follows,
//! the sentence that people read and the source that it is from; a rule set is an ordered selection of them.
mod call;
mod catalogue;
mod consequence;
mod fact;
mod proof;
mod rule;
mod rule_set;
mod sentence;
mod thrown;

#[cfg(test)]
mod reached_tests;

pub use call::Call;
pub use consequence::Consequence;
pub use fact::{Fact, FactValue, Facts};
pub use proof::{Flip, Otherwise, Proof, prove};
pub use rule::{Citation, Decide, Is, Rule, Stage, Test, Weight};
pub use rule_set::{Fired, RuleSet};
pub use sentence::fill;
pub use thrown::{
    REQUEST_TIMEOUT_MILLIS, StatusOf, TOKEN_PROPAGATION_ERROR, Thrown, UNKNOWN_NETWORK_CODE, network_code,
};
