//! What a worker makes of a block: what was scanned of its lines, and whole records of the lines that are not ours.
use super::blocks::{Block, Content};
use crate::session::scan::{ScannedChunk, ScannedLine};
use crate::session::wire::{Line, LineError, parse_line};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a block.
#[derive(Debug)]
pub(super) struct ParsedBlock {
    /// Where it begins in the unpacked file.
    pub(super) byte: u64,
    pub(super) content: ParsedContent,
}

/// What a block holds.
#[derive(Debug)]
pub(super) enum ParsedContent {
    /// Lines.
    Lines {
        chunk: ScannedChunk,
        /// For each line that the scan left alone, in order: what it is.
        others: Vec<OtherLine>,
        /// Whether an end of line closes the last one.
        is_closed: bool,
    },
    /// One line that is longer than a line may be.
    TooLong,
}

/// A line that is no record in the form of our writer.
#[derive(Debug)]
pub(super) enum OtherLine {
    /// Nothing stands in it.
    Blank,
    /// A record in another form, or none. Begins behind so many bytes of the line that say nothing.
    Parsed(usize, Box<Result<Line, LineError>>),
}

impl ParsedBlock {
    /// Reads the lines of a block.
    pub(super) fn of(block: Block) -> Self {
        let byte = block.byte;
        let Content::Lines(bytes) = block.content else { return Self { byte, content: ParsedContent::TooLong } };
        let is_closed = bytes.ends_with(b"\n");
        let chunk = ScannedChunk::scan(bytes);
        let others = chunk.lines().iter().filter_map(|line| match line {
            ScannedLine::Other(range) => {
                Some(other_line(text_of(chunk.bytes(range.clone())), byte == 0 && range.start == 0))
            }
            ScannedLine::Event { .. } | ScannedLine::Attempt { .. } => None,
        });
        let others = others.collect();
        Self { byte, content: ParsedContent::Lines { chunk, others, is_closed } }
    }
}

/// A line without its end, whichever kind of end it has.
pub(super) fn text_of(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn other_line(line: &[u8], is_first: bool) -> OtherLine {
    let text = if is_first { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
    if text.trim_ascii().is_empty() {
        return OtherLine::Blank;
    }
    OtherLine::Parsed(line.len() - text.len(), Box::new(parse_line(text)))
}
