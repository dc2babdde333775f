//! What an attempt that is under way waits for, for people.
use crate::core::names::Purpose;
use crate::core::stepping::Asked;

/// What a request is for, to be read on from "answer to".
pub(super) const fn asked(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Lookup => "the look-up",
        Purpose::Create => "the creation",
        Purpose::Deliver => "the delivery",
        Purpose::Refresh => "the token refresh",
        Purpose::Authenticate => "the check of credentials",
    }
}

/// What an attempt waits for, in a sentence.
pub(super) fn waiting(request: Option<&Asked>) -> String {
    match request {
        Some(Asked { purpose, host, .. }) => format!("It waits for the answer to {} by {host}.", asked(*purpose)),
        None => "It waits for no answer just now: it prepares a request, or another delivery has the token refreshed."
            .to_owned(),
    }
}
