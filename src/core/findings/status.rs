//! The only file of the findings that looks at status codes. What a status means to the pipeline is asked of the rules;
//! the few numbers that stand here are what a quirk itself is about.
use crate::core::names::{Decision, RuleSetName};
use crate::core::rules::{Decide, Fact, Facts, RuleSet, Stage};

/// LinkedIn's service errors for a token that is not known everywhere yet, or no more: Q-20 is about them.
const NOT_PROPAGATED: [i64; 2] = [65601, 65602];

/// Whether a status is 200 to 299.
pub(super) const fn is_success(status: u16) -> bool {
    matches!(status, 200..=299)
}

/// Whether a status says that the token was rejected, which is what makes the framework refresh it.
pub(super) const fn is_unauthorized(status: u16) -> bool {
    status == 401
}

/// Whether a status asks to slow down.
pub(super) const fn is_slow_down(status: u16) -> bool {
    status == 429
}

/// Whether a status says that the same operation is still running: idempotency keys and Pendo segments.
pub(super) const fn is_in_flight(status: u16) -> bool {
    status == 409
}

/// Whether a status says that the request makes no sense, which is how key reuse with another payload is answered.
pub(super) const fn is_unprocessable(status: u16) -> bool {
    status == 422
}

/// Whether the framework's default for an error without a status is what this is.
pub(super) const fn is_default_error(status: u16) -> bool {
    status == 500
}

/// The only answer to a list of people that the reference takes for a success.
pub(super) const fn is_users_success(status: u16) -> bool {
    status == 200
}

/// Whether a service error is one of those that a new token shows for a while.
pub(super) fn is_not_propagated(service_error_code: i64) -> bool {
    NOT_PROPAGATED.contains(&service_error_code)
}

/// What the pipeline does with an error of this status.
pub(super) fn decision_on(status: u16) -> Decision {
    let facts = Facts::default().with(Fact::Outcome, "error").with(Fact::Status, status);
    match RuleSet::named(RuleSetName::default()).first(Stage::Pipeline, &facts).decides {
        Decide::Conclude(decision) => decision,
        _ => Decision::Discard,
    }
}

/// Whether sending the same again after this status would change nothing.
pub(super) fn is_permanent(status: u16) -> bool {
    !is_success(status) && decision_on(status) == Decision::Discard
}

/// Whether a failure with this status passes.
pub(super) fn is_passing(status: u16) -> bool {
    !is_success(status) && decision_on(status) == Decision::Retry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_say_what_passes() {
        for (status, permanent, passing) in [
            (200, false, false),
            (204, false, false),
            (400, true, false),
            (401, true, false),
            (408, false, true),
            (409, true, false),
            (429, false, true),
            (500, false, true),
            (501, true, false),
            (503, false, true),
        ] {
            assert_eq!((is_permanent(status), is_passing(status)), (permanent, passing), "{status}");
        }
    }
}
