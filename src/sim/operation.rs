//! What a request asks of which remote. Routing looks at method and path only, so that one simulator can stand in for
//! all hosts of a destination at one address.
use std::fmt;

use super::form::path_of;
use crate::core::http::Request;

/// An operation of a remote, as `on` of a fault names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Checks an integration key.
    PendoVerify,
    /// Makes a segment.
    PendoUpload,
    /// Reads a segment.
    PendoGet,
    /// Adds and removes visitors of a segment.
    PendoPatch,
    /// Trades a refresh token for an access token.
    LinkedinToken,
    /// Says who the token belongs to.
    LinkedinMe,
    /// Says which role that person has in an ad account.
    LinkedinRole,
    /// Finds a segment by the key of its source.
    LinkedinLookup,
    /// Makes a segment.
    LinkedinCreate,
    /// Adds and removes users of a segment.
    LinkedinUsers,
    /// Adds and removes companies of a segment.
    LinkedinCompanies,
    /// Takes conversions.
    LinkedinConversions,
    /// A path below LinkedIn's `/rest/` that is none of the above.
    LinkedinOther,
    /// Anything else: a destination function's own endpoint.
    Receiver,
}

impl Operation {
    /// Every operation, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::PendoVerify,
        Self::PendoUpload,
        Self::PendoGet,
        Self::PendoPatch,
        Self::LinkedinToken,
        Self::LinkedinMe,
        Self::LinkedinRole,
        Self::LinkedinLookup,
        Self::LinkedinCreate,
        Self::LinkedinUsers,
        Self::LinkedinCompanies,
        Self::LinkedinConversions,
        Self::LinkedinOther,
        Self::Receiver,
    ];

    /// What a request asks for.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let path = path_of(&request.url);
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["api", "v1", "token", "verify"]) => Self::PendoVerify,
            ("POST", ["api", "v1", "segment", "upload"]) => Self::PendoUpload,
            ("GET", ["api", "v1", "segment", _]) => Self::PendoGet,
            ("PATCH", ["api", "v1", "segment", _, "visitor"]) => Self::PendoPatch,
            ("POST", ["oauth", "v2", "accessToken"]) => Self::LinkedinToken,
            ("GET", ["rest", "me"]) => Self::LinkedinMe,
            ("GET", ["rest", "adAccountUsers", _]) => Self::LinkedinRole,
            ("GET", ["rest", "dmpSegments"]) => Self::LinkedinLookup,
            ("POST", ["rest", "dmpSegments"]) => Self::LinkedinCreate,
            ("POST", ["rest", "dmpSegments", _, "users"]) => Self::LinkedinUsers,
            ("POST", ["rest", "dmpSegments", _, "companies"]) => Self::LinkedinCompanies,
            ("POST", ["rest", "conversionEvents"]) => Self::LinkedinConversions,
            (_, ["rest", ..]) => Self::LinkedinOther,
            _ => Self::Receiver,
        }
    }

    /// The operation of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// The name in configurations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PendoVerify => "pendo.verify",
            Self::PendoUpload => "pendo.upload",
            Self::PendoGet => "pendo.get",
            Self::PendoPatch => "pendo.patch",
            Self::LinkedinToken => "linkedin.token",
            Self::LinkedinMe => "linkedin.me",
            Self::LinkedinRole => "linkedin.role",
            Self::LinkedinLookup => "linkedin.lookup",
            Self::LinkedinCreate => "linkedin.create",
            Self::LinkedinUsers => "linkedin.users",
            Self::LinkedinCompanies => "linkedin.companies",
            Self::LinkedinConversions => "linkedin.conversions",
            Self::LinkedinOther => "linkedin.other",
            Self::Receiver => "receiver",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::{Body, Headers};

    #[test]
    fn method_and_path_tell_the_operation() {
        for (method, url, operation) in [
            ("GET", "https://app.pendo.io/api/v1/token/verify", "pendo.verify"),
            ("POST", "https://app.eu.pendo.io/api/v1/segment/upload", "pendo.upload"),
            ("GET", "http://127.0.0.1:1/api/v1/segment/seg-1?x=/y", "pendo.get"),
            ("PATCH", "https://app.pendo.io/api/v1/segment/seg-1/visitor", "pendo.patch"),
            ("POST", "https://www.linkedin.com/oauth/v2/accessToken", "linkedin.token"),
            ("GET", "https://api.linkedin.com/rest/dmpSegments?q=account", "linkedin.lookup"),
            ("POST", "https://api.linkedin.com/rest/dmpSegments/17/users", "linkedin.users"),
            (
                "GET",
                "https://api.linkedin.com/rest/adAccountUsers/account=urn:li:sponsoredAccount:5&user=u",
                "linkedin.role",
            ),
            ("POST", "https://api.linkedin.com/rest/conversionEvents", "linkedin.conversions"),
            ("PUT", "https://api.linkedin.com/rest/campaignConversions?ids=List()", "linkedin.other"),
            ("POST", "https://hooks.test/", "receiver"),
            ("DELETE", "https://app.pendo.io/api/v1/segment/seg-1", "receiver"),
        ] {
            let (headers, body) = (Headers::default(), Body::Empty);
            let request = Request { method: method.into(), url: url.into(), headers, body };
            assert_eq!(Operation::of(&request).name(), operation, "{method} {url}");
            assert_eq!(Operation::from_name(operation), Some(Operation::of(&request)));
        }
    }
}
