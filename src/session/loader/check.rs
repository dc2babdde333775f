//! The second look: of every line of which only the head was looked at, the rest.
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::blocks::{Block, Blocks, Content};
use super::pump::pump;
use super::source::SessionFile;
use crate::session::problem::Problems;
use crate::session::reader::{Limits, ReadError};
use crate::session::scan::{LineCheck, Trouble};
use crate::session::wire::LineError;

/// How far the second look has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckProgress {
    /// Bytes of the unpacked file that were looked at.
    pub n_bytes: u64,
    /// All that there are to look at.
    pub n_total_bytes: u64,
}

/// Up to where lines were looked at as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) byte: u64,
    /// How many lines stand before.
    pub(super) n_lines: u64,
}

/// The lines of a file of which only the heads were looked at, for any thread to look at the rest of them while the file goes
/// on to be read.
#[derive(Debug)]
pub struct SecondLook {
    pub(super) source: Arc<SessionFile>,
    pub(super) from: Checked,
    pub(super) to: Checked,
    pub(super) limits: Limits,
    pub(super) n_threads: NonZeroUsize,
}

/// What a second look saw.
#[derive(Debug)]
pub struct LookedAt {
    pub(super) to: Checked,
    pub(super) problems: Problems,
}

impl SecondLook {
    /// Whether nothing is left to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.from == self.to
    }

    /// Looks at bodies, reasons, facts. `watch` can stop it.
    ///
    /// # Errors
    /// If the file cannot be read any more, or `watch` stopped it.
    pub fn look(&self, watch: &mut dyn FnMut(CheckProgress) -> ControlFlow<()>) -> Result<LookedAt, ReadError> {
        let Self { source, from, to, .. } = self;
        let stream = source.stream(from.byte).take(to.byte.saturating_sub(from.byte));
        let (mut n_lines, mut n_bytes, mut problems) = (from.n_lines, from.byte, Problems::default());
        let blocks = Blocks::new(stream, from.byte, self.limits.line_bytes, None);
        pump(blocks, self.n_threads, look, |found: io::Result<Found>| {
            let found = found.map_err(ReadError::Read)?;
            for (nth, byte, trouble) in found.troubles {
                add(&mut problems, n_lines + nth + 1, byte, &trouble);
            }
            n_lines += found.n_lines;
            n_bytes += found.n_bytes;
            let progress = CheckProgress { n_bytes, n_total_bytes: to.byte };
            if watch(progress).is_break() { Err(ReadError::Stopped) } else { Ok(None) }
        })?;
        Ok(LookedAt { to: *to, problems })
    }
}

/// What a worker found in a block.
#[derive(Default)]
struct Found {
    n_bytes: u64,
    n_lines: u64,
    /// By the number of the line in the block, from 0, and the byte of the file.
    troubles: Vec<(u64, u64, Trouble)>,
}

fn look(block: &Block<'_>, _: Option<Found>) -> Found {
    let Content::Lines(lines) = block.content else { return Found { n_lines: 1, ..Found::default() } };
    let mut found = Found { n_bytes: lines.len() as u64, ..Found::default() };
    let (mut check, mut start) = (LineCheck::default(), 0);
    while start < lines.len() {
        let (next, trouble) = check.check(lines, start);
        if let Some(trouble) = trouble {
            found.troubles.push((found.n_lines, block.byte + start as u64, trouble));
        }
        found.n_lines += 1;
        start = next;
    }
    found
}

fn add(problems: &mut Problems, line: u64, mut byte: u64, trouble: &Trouble) {
    let what = match trouble {
        Trouble::Line(error) => {
            if let LineError::Json(error) = error {
                byte += error.column().saturating_sub(1) as u64;
            }
            format!("{error}; what its head says is shown all the same")
        }
        Trouble::Brief => "says something else in `brief` than in the rest of it; `brief` is what is shown".to_owned(),
    };
    problems.add(line, byte, what);
}
