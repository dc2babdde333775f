//! The session that a verb writes: a file, or standard output.
use std::fs::File;
use std::io::{BufWriter, Stdout};
use std::path::Path;

use super::failure::Failure;
use super::output;
use crate::core::record::{Record, SessionHeader};
use crate::session::secrets::Secrets;
use crate::session::writer::SessionWriter;

pub(super) enum SessionOut {
    File(SessionWriter<File>),
    Stdout(SessionWriter<BufWriter<Stdout>>),
}

impl SessionOut {
    /// Begins the session; a dash is standard output.
    pub(super) fn open(path: &Path, header: &SessionHeader, secrets: Secrets) -> Result<Self, Failure> {
        Ok(if output::is_dash(path) {
            Self::Stdout(SessionWriter::begin(output::stdout(), path, header, secrets)?)
        } else {
            Self::File(SessionWriter::create(path, header, secrets)?)
        })
    }

    /// Goes on with a session that is there.
    pub(super) fn append(path: &Path, secrets: Secrets) -> Result<Self, Failure> {
        Ok(Self::File(SessionWriter::append(path, secrets)?))
    }

    /// Appends records.
    pub(super) fn write(&mut self, records: &[Record]) -> Result<(), Failure> {
        match self {
            Self::File(writer) => writer.write(records)?,
            Self::Stdout(writer) => writer.write(records)?,
        }
        Ok(())
    }

    /// Makes sure that a file is on the disk.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::File(writer) => Ok(writer.finish()?),
            Self::Stdout(_) => Ok(()),
        }
    }
}
