//! Errors of mappings. Whether one counts as a client's mistake or as something to retry hangs on its kind alone.
use crate::core::error::DeliveryError;
use crate::core::js::TypeError;

/// A mapping that is wrong, or a directive that could not run on an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MappingError {
    kind: MappingErrorKind,
    message: String,
}

/// What the reference throws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingErrorKind {
    /// A `ValidationError`: one problem at the root of the mapping. The framework gives it status 400.
    Validation,
    /// An `AggregateError`: problems inside an object. No status, so the pipeline takes a permanent mistake for a
    /// passing one.
    Aggregate,
    /// An `Error` or `TypeError` from a directive that was run. No status either.
    Runtime,
}

impl MappingError {
    pub(super) fn validation(message: String) -> Self {
        Self { kind: MappingErrorKind::Validation, message }
    }

    /// Several problems, one a line as the reference lists them, without its stack frames.
    pub(super) fn aggregate(messages: &[String]) -> Self {
        const INDENT: &str = "\n    ValidationError: ";
        let message = format!("{INDENT}{}", messages.join(INDENT));
        Self { kind: MappingErrorKind::Aggregate, message }
    }

    pub(super) fn runtime(message: impl Into<String>) -> Self {
        Self { kind: MappingErrorKind::Runtime, message: message.into() }
    }

    /// What the reference throws.
    #[must_use]
    pub fn kind(&self) -> MappingErrorKind {
        self.kind
    }

    /// The status that the framework sees.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        (self.kind == MappingErrorKind::Validation).then_some(400)
    }
}

impl From<TypeError> for MappingError {
    fn from(error: TypeError) -> Self {
        Self::runtime(error.to_string())
    }
}

/// Named as the reference cases name it: `ValidationError` with status 400, or `MappingError` without one.
impl From<MappingError> for DeliveryError {
    fn from(error: MappingError) -> Self {
        match error.status() {
            Some(status) => Self::new("ValidationError", error.message).with_status(status),
            None => Self::new("MappingError", error.message),
        }
    }
}
