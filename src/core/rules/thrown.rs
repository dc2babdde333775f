//! The errors that rules throw, as data: class, status, code and message of the reference's own.
use super::fact::{Fact, Facts};
use super::sentence::fill;
use crate::core::error::DeliveryError;
use crate::core::http::{Fault, FaultKind, Response};
use crate::core::http_status::{code_name, reason_phrase};

/// Which error a rule throws. Messages are filled by [`fill`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thrown {
    /// `HTTPError` of the answer, with its reason phrase and no status or code of its own.
    Http,
    /// The network error or timeout that stands where the answer should.
    Network,
    /// `RetryableError`.
    Retryable {
        /// Its status.
        status: StatusOf,
        /// Its message.
        message: &'static str,
    },
    /// `IntegrationError`.
    Integration {
        /// Its status; the code is the status's name unless another one is given.
        status: StatusOf,
        /// Its code, if it is not the status's name.
        code: Option<&'static str>,
        /// Its message.
        message: &'static str,
    },
    /// `APIError` with the status of the answer, and that number as its code.
    Api {
        /// Its message.
        message: &'static str,
    },
    /// `InvalidAuthenticationError`, always 401.
    InvalidAuthentication {
        /// Its message.
        message: &'static str,
    },
    /// `TokenPropagationRetryError` of pull request #3708; the framework turns it into something else.
    TokenPropagation {
        /// Its message.
        message: &'static str,
    },
    /// An error of some class that carries neither status nor code.
    Bare {
        /// Its class.
        class: &'static str,
        /// Its message.
        message: &'static str,
    },
}

/// Where an error's status comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusOf {
    /// It is always this one.
    Given(u16),
    /// It is the answer's.
    Answer,
}

impl StatusOf {
    fn of(self, facts: &Facts) -> u16 {
        match self {
            Self::Given(status) => status,
            Self::Answer => facts.status(Fact::Status).unwrap_or(500),
        }
    }
}

impl Thrown {
    /// The error as far as facts tell it: everything but the answer or fault that it is about.
    #[must_use]
    pub fn error(self, facts: &Facts) -> DeliveryError {
        match self {
            Self::Http => DeliveryError::new("HTTPError", reason_phrase(facts.status(Fact::Status).unwrap_or(0))),
            Self::Network => DeliveryError::new("FetchError", ""),
            Self::Retryable { status, message } => DeliveryError::retryable(fill(message, facts), status.of(facts)),
            Self::Integration { status, code, message } => {
                let status = status.of(facts);
                DeliveryError::integration(fill(message, facts), code.unwrap_or_else(|| code_name(status)), status)
            }
            Self::Api { message } => {
                let status = StatusOf::Answer.of(facts);
                DeliveryError::new("APIError", fill(message, facts)).with_code(status.to_string()).with_status(status)
            }
            Self::InvalidAuthentication { message } => {
                DeliveryError::new("InvalidAuthenticationError", fill(message, facts))
                    .with_code("INVALID_AUTHENTICATION")
                    .with_status(401)
            }
            Self::TokenPropagation { message } => DeliveryError::new(TOKEN_PROPAGATION_ERROR, fill(message, facts))
                .with_code("TOKEN_PROPAGATION_RETRY")
                .with_status(503),
            Self::Bare { class, message } => DeliveryError::new(class, fill(message, facts)),
        }
    }

    /// The error that is thrown over an answer.
    #[must_use]
    pub fn over_answer(self, facts: &Facts, response: &Response) -> DeliveryError {
        let mut error = self.error(facts);
        if self == Self::Http {
            error.response = Some(Box::new(response.clone()));
        }
        error
    }

    /// The error that is thrown where no answer came.
    #[must_use]
    pub fn over_fault(self, facts: &Facts, url: &str, fault: &Fault) -> DeliveryError {
        match self {
            Self::Network => network_error(url, fault),
            other => other.error(facts),
        }
    }

    /// The status that the error carries or points to, told from facts alone.
    #[must_use]
    pub fn known_status(self, facts: &Facts) -> Option<u16> {
        match self {
            Self::Http => facts.status(Fact::Status),
            other => other.error(facts).status,
        }
    }
}

/// Class name of the error by which pull request #3708 tells that a token is not yet known everywhere.
pub const TOKEN_PROPAGATION_ERROR: &str = "TokenPropagationRetryError";

/// How long the reference's client waits for an answer, in milliseconds.
pub const REQUEST_TIMEOUT_MILLIS: u64 = 10_000;

/// The error that node-fetch, or the reference's timeout around it, throws for a fault.
fn network_error(url: &str, fault: &Fault) -> DeliveryError {
    let host = url.split("://").nth(1).and_then(|rest| rest.split(['/', '?', ':']).next()).unwrap_or(url);
    let reason = match fault.kind {
        FaultKind::Timeout => {
            let message = format!("Request timed out after {REQUEST_TIMEOUT_MILLIS}ms");
            return with_fault(DeliveryError::new("TimeoutError", message), fault);
        }
        FaultKind::TruncatedBody => {
            let message = format!("Invalid response body while trying to fetch {url}: Premature close");
            return with_fault(DeliveryError::new("FetchError", message), fault);
        }
        FaultKind::ConnectRefused => "connect ECONNREFUSED".to_owned(),
        FaultKind::ConnectionReset => "read ECONNRESET".to_owned(),
        FaultKind::Dns => format!("getaddrinfo ENOTFOUND {host}"),
        FaultKind::Tls => fault.message.clone(),
    };
    with_fault(DeliveryError::new("FetchError", format!("request to {url} failed, reason: {reason}")), fault)
}

fn with_fault(error: DeliveryError, fault: &Fault) -> DeliveryError {
    let code = network_code(fault.kind);
    let mut error = if code == UNKNOWN_NETWORK_CODE { error } else { error.with_code(code) };
    error.fault = Some(fault.clone());
    error
}

/// What [`Fact::NetworkCode`] says where the failure has no code.
pub const UNKNOWN_NETWORK_CODE: &str = "unknown";

/// The code that the reference's network error carries for a kind of fault, or `unknown`.
#[must_use]
pub const fn network_code(kind: FaultKind) -> &'static str {
    match kind.node_code() {
        Some(code) => code,
        None if matches!(kind, FaultKind::TruncatedBody) => "ERR_STREAM_PREMATURE_CLOSE",
        None => UNKNOWN_NETWORK_CODE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn network_errors_read_as_in_the_reference() {
        let url = "https://app.pendo.io/api/v1/segment/s/visitor";
        for (kind, name, code, message) in [
            (FaultKind::Timeout, "TimeoutError", Some("ETIMEDOUT"), "Request timed out after 10000ms"),
            (
                FaultKind::ConnectRefused,
                "FetchError",
                Some("ECONNREFUSED"),
                "request to https://app.pendo.io/api/v1/segment/s/visitor failed, reason: connect ECONNREFUSED",
            ),
            (
                FaultKind::Dns,
                "FetchError",
                Some("ENOTFOUND"),
                "request to https://app.pendo.io/api/v1/segment/s/visitor failed, reason: getaddrinfo ENOTFOUND app.pendo.io",
            ),
        ] {
            let error = network_error(url, &Fault::new(kind, ""));
            assert_eq!((error.name.as_ref(), error.code.as_deref(), error.message.as_str()), (name, code, message));
            assert_eq!(error.known_status(), None);
        }
    }

    #[test]
    fn an_http_error_has_no_status_of_its_own() {
        let facts = Facts::default().with(Fact::Status, 404_u16);
        let response = Response {
            status: 404,
            headers: crate::core::http::Headers::default(),
            body: crate::core::http::Body::Empty,
        };
        let error = Thrown::Http.over_answer(&facts, &response);
        assert_eq!((error.message.as_str(), error.status, error.known_status()), ("Not Found", None, Some(404)));
    }
}
