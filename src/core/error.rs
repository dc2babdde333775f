//! Errors as the reference throws them: a class name, perhaps a status, perhaps a code, a message.
use std::borrow::Cow;

use serde_json::Value;

use super::http::{Fault, Response};
use super::js::TypeError;
use super::record::ErrorOutcome;

/// An error that an action, the framework or the HTTP client threw. Class names, codes and messages are behaviour:
/// they are the reference's own, to the letter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct DeliveryError {
    /// Class, `IntegrationError` for instance.
    pub name: Cow<'static, str>,
    /// For people.
    pub message: String,
    /// The status that the error itself carries.
    pub status: Option<u16>,
    /// Machine-readable code.
    pub code: Option<Cow<'static, str>>,
    /// The response that it is about; only `HTTPError` has one.
    pub response: Option<Box<Response>>,
    /// The fault that it is about; only network errors have one.
    pub fault: Option<Fault>,
}

impl DeliveryError {
    /// An error of a class, with no status, code or cause.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let (name, message) = (name.into(), message.into());
        Self { name, message, status: None, code: None, response: None, fault: None }
    }

    /// The same with a status of its own.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same with a code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// `IntegrationError(message, code, status)`.
    #[must_use]
    pub fn integration(message: impl Into<String>, code: impl Into<Cow<'static, str>>, status: u16) -> Self {
        Self::new("IntegrationError", message).with_code(code).with_status(status)
    }

    /// `RetryableError(message, status)`.
    #[must_use]
    pub fn retryable(message: impl Into<String>, status: u16) -> Self {
        Self::new("RetryableError", message).with_code("RETRYABLE_ERROR").with_status(status)
    }

    /// `PayloadValidationError(message)`, named as the reference cases name everything that finds fault with a payload.
    #[must_use]
    pub fn payload_validation(message: impl Into<String>) -> Self {
        Self::new("ValidationError", message).with_code("PAYLOAD_VALIDATION_FAILED").with_status(400)
    }

    /// The status that the framework and the pipeline see: the error's own, else its response's.
    #[must_use]
    pub fn known_status(&self) -> Option<u16> {
        self.status.or_else(|| self.response.as_ref().map(|response| response.status))
    }

    /// What a session records of it.
    #[must_use]
    pub fn to_outcome(&self) -> ErrorOutcome {
        ErrorOutcome {
            name: self.name.to_string(),
            status: self.known_status(),
            code: self.code.as_ref().map(ToString::to_string),
            message: self.message.clone(),
        }
    }

    /// The body of the response that it is about, as JSON.
    #[must_use]
    pub fn response_body(&self) -> Option<Value> {
        self.response.as_ref().map(|response| response.body.to_json())
    }
}

/// A `TypeError`: no status, no code.
impl From<TypeError> for DeliveryError {
    fn from(error: TypeError) -> Self {
        Self::new("TypeError", error.to_string())
    }
}
