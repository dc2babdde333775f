//! Which of a destination's requests an answer belongs to.
use crate::core::names::{Purpose, closed_names};

closed_names! {
    /// A request of some destination, as rules name it.
    Call {
        /// Pendo: changes the visitors of a segment.
        Visitors = "visitors",
        /// LinkedIn: adds people to a segment or removes them.
        Users = "users",
        /// LinkedIn: adds companies to a segment or removes them.
        Companies = "companies",
        /// LinkedIn: reports conversions.
        Conversions = "conversions",
        /// People's own endpoint.
        Endpoint = "endpoint",
        /// Finds the remote's audience.
        Lookup = "lookup",
        /// Makes the remote's audience.
        Create = "create",
        /// Asks for a new access token.
        Token = "token",
        /// Asks whether the credentials work, or who they belong to.
        Profile = "profile",
        /// LinkedIn: asks for the person's role in the ad account.
        AdAccountUser = "ad_account_user",
    }
}

impl Call {
    /// Why such a request is sent.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Visitors | Self::Users | Self::Companies | Self::Conversions | Self::Endpoint => Purpose::Deliver,
            Self::Lookup => Purpose::Lookup,
            Self::Create => Purpose::Create,
            Self::Token => Purpose::Refresh,
            Self::Profile | Self::AdAccountUser => Purpose::Authenticate,
        }
    }
}
