//! What a worker makes of a block: what was scanned of its lines, and whole records of the lines that are not ours.
use super::blocks::{Block, Content};
use crate::session::scan::{ScannedChunk, ScannedLine};
use crate::session::wire::{Line, LineError, parse_line};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How much of the file is looked at to tell what it is.
const HEAD_BYTES: u64 = 64 << 10;

/// What a block holds.
#[derive(Debug, Default)]
pub(super) struct ParsedBlock {
    /// Where it begins in the unpacked file.
    pub(super) byte: u64,
    /// Whether it is one line that is longer than a line may be, of which nothing is known.
    pub(super) is_too_long: bool,
    /// What it holds of the beginning of the file.
    pub(super) head: Vec<u8>,
    pub(super) chunk: ScannedChunk,
    /// For each line that the scan left alone, in order: what it is.
    pub(super) others: Vec<OtherLine>,
    /// Whether an end of line closes the last one.
    pub(super) is_closed: bool,
}

/// A line that is no record in the form of our writer.
#[derive(Debug)]
pub(super) enum OtherLine {
    /// Nothing stands in it.
    Blank,
    /// A record in another form. Begins behind so many bytes of the line that say nothing.
    Parsed(usize, Box<Line>),
    /// None, and what stands there.
    Broken(usize, Box<(LineError, Vec<u8>)>),
}

impl ParsedBlock {
    /// Reads the lines of a block; `spent` is a block that nobody needs any more.
    pub(super) fn of(block: &Block<'_>, spent: Option<Self>) -> Self {
        let mut parsed = spent.unwrap_or_default();
        parsed.byte = block.byte;
        parsed.head.clear();
        parsed.others.clear();
        let Content::Lines(lines) = block.content else {
            parsed.is_too_long = true;
            return parsed;
        };
        parsed.is_too_long = false;
        parsed.is_closed = lines.ends_with(b"\n");
        let n_head = usize::try_from(HEAD_BYTES.saturating_sub(block.byte)).unwrap_or(0).min(lines.len());
        parsed.head.extend_from_slice(&lines[..n_head]);
        parsed.chunk.scan_again(lines);
        parsed.others.extend(parsed.chunk.lines().iter().filter_map(|line| match line {
            ScannedLine::Other(range) => {
                Some(other_line(text_of(&lines[range.clone()]), block.byte == 0 && range.start == 0))
            }
            ScannedLine::Event { .. } | ScannedLine::Attempt { .. } => None,
        }));
        parsed
    }
}

/// A line without its end, whichever kind of end it has.
fn text_of(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn other_line(line: &[u8], is_first: bool) -> OtherLine {
    let text = if is_first { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
    if text.trim_ascii().is_empty() {
        return OtherLine::Blank;
    }
    let n_before = line.len() - text.len();
    match parse_line(text) {
        Ok(record) => OtherLine::Parsed(n_before, Box::new(record)),
        Err(error) => OtherLine::Broken(n_before, Box::new((error, text.to_vec()))),
    }
}
