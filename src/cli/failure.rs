//! How a verb fails: the exit code, and one sentence.
use std::io;

use crate::session::events_file::EventsError;
use crate::session::import::ImportError;
use crate::session::reader::ReadError;
use crate::session::writer::WriteError;

/// Why a verb did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// What was typed makes no sense.
    #[error("{0}")]
    Usage(String),
    /// What was to be read cannot be.
    #[error("{0}")]
    Input(String),
    /// The work itself failed.
    #[error("{0}")]
    Run(String),
    /// It worked, and the answer is no.
    #[error("{0}")]
    Expectation(String),
    /// Whoever read the output has seen enough.
    #[error("nobody reads the output any more")]
    NoReader,
}

impl Failure {
    /// Exit code of the program.
    pub(super) const fn exit_code(&self) -> u8 {
        match self {
            Self::NoReader => 0,
            Self::Usage(_) => 1,
            Self::Input(_) => 2,
            Self::Run(_) => 3,
            Self::Expectation(_) => 4,
        }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<EventsError> for Failure {
    fn from(error: EventsError) -> Self {
        Self::Input(error.to_string())
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        if error.is_broken_pipe() { Self::NoReader } else { Self::Run(error.to_string()) }
    }
}

/// Errors of standard output; files have errors that name them.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::NoReader
        } else {
            Self::Run(format!("failed to write the output: {error}"))
        }
    }
}
