//! Why a plan cannot be read.
use std::io;
use std::path::PathBuf;

use crate::session::fields::FieldError;
use crate::session::sniff::Seems;

/// Reads on from "failed to read the plan: ".
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The system gives no bytes.
    #[error("{}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is no JSON, or no UTF-8.
    #[error("it is not JSON: {reason} at line {line}, column {column}")]
    Json {
        /// What the parser says.
        reason: String,
        /// Line, from 1.
        line: usize,
        /// Column in bytes, from 1.
        column: usize,
    },
    /// It is JSON, or nearly, but something else than a plan.
    #[error("it is no delivery plan: {0}")]
    NotAPlan(String),
    /// A field is missing or wrong.
    #[error(transparent)]
    Field(#[from] FieldError),
}

impl PlanError {
    /// The field that is wrong, as a path: `responses[2].status`.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Field(error) => Some(&error.field),
            Self::Open { .. } | Self::Json { .. } | Self::NotAPlan(_) => None,
        }
    }

    pub(super) fn not_a_plan(seems: Seems) -> Self {
        Self::NotAPlan(format!("it {seems}"))
    }
}
