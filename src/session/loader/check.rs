//! The second look: of every line of which only the head was looked at, the rest.
use std::io::{self, Read as _};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

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

/// What a worker found in a block.
#[derive(Default)]
struct Found {
    n_bytes: u64,
    n_lines: u64,
    /// By the number of the line in the block, from 0, and the byte of the file.
    troubles: Vec<(u64, u64, Trouble)>,
}

/// Looks at lines up to a byte, and says what is wrong with them.
pub(super) fn check(
    source: &SessionFile,
    from: Checked,
    end: u64,
    (limits, n_threads): (Limits, NonZeroUsize),
    problems: &mut Problems,
    watch: &mut dyn FnMut(CheckProgress) -> ControlFlow<()>,
) -> Result<(), ReadError> {
    let stream = source.stream(from.byte).take(end.saturating_sub(from.byte));
    let (mut n_lines, mut n_bytes) = (from.n_lines, from.byte);
    let blocks = Blocks::new(stream, from.byte, limits.line_bytes, None);
    pump(blocks, n_threads, look, |found: io::Result<Found>| {
        let found = found.map_err(ReadError::Read)?;
        for (nth, byte, trouble) in found.troubles {
            add(problems, n_lines + nth + 1, byte, &trouble);
        }
        n_lines += found.n_lines;
        n_bytes += found.n_bytes;
        let progress = CheckProgress { n_bytes, n_total_bytes: end };
        if watch(progress).is_break() { Err(ReadError::Stopped) } else { Ok(None) }
    })?;
    problems.sort();
    Ok(())
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
