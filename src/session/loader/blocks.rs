//! A stream in blocks of whole lines. No block is longer than a line may be, and then some.
use std::io::{self, Read, Write as _};

use memchr::{memchr, memrchr};

/// How much is asked of the system at once.
const READ_BYTES: usize = 1 << 20;

/// Whole lines, and where they stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Where it begins in the unpacked file.
    pub(super) byte: u64,
    pub(super) content: Content,
}

/// What a block holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Lines. Only the last block of a file may end without an end of line.
    Lines(Vec<u8>),
    /// One line that is longer than a line may be; it was skipped.
    TooLong,
}

/// Blocks of a stream.
pub(super) struct Blocks<R> {
    input: R,
    max_line: usize,
    carry: Vec<u8>,
    byte: u64,
    has_ended: bool,
    /// Where everything that is read goes as well.
    copy: Option<std::fs::File>,
}

impl<R: Read> Blocks<R> {
    /// Blocks of a stream whose first byte is the `byte`-th of the file.
    pub(super) fn new(input: R, byte: u64, max_line: usize, copy: Option<std::fs::File>) -> Self {
        Self { input, max_line, carry: Vec::new(), byte, has_ended: false, copy }
    }

    /// The next block, or none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        let byte = self.byte;
        let mut lines = std::mem::take(&mut self.carry);
        while !self.has_ended {
            let n_before = lines.len();
            lines.reserve(READ_BYTES + 1);
            self.fill(&mut lines)?;
            if let Some(end) = memrchr(b'\n', &lines[n_before..]) {
                self.carry.extend_from_slice(&lines[n_before + end + 1..]);
                lines.truncate(n_before + end + 1);
                break;
            }
            if lines.len() > self.max_line {
                return self.skip_line(byte, lines.len()).map(Some);
            }
        }
        self.byte += lines.len() as u64;
        Ok((!lines.is_empty()).then_some(Block { byte, content: Content::Lines(lines) }))
    }

    /// Where the next block begins.
    pub(super) fn byte(&self) -> u64 {
        self.byte
    }

    /// Reads about [`READ_BYTES`] more; a pipe gives less at once.
    fn fill(&mut self, lines: &mut Vec<u8>) -> io::Result<()> {
        let n_before = lines.len();
        let read = (&mut self.input).take(READ_BYTES as u64).read_to_end(lines);
        self.has_ended = read.as_ref().map_or(true, |n_read| *n_read < READ_BYTES);
        read?;
        self.copy.as_mut().map_or(Ok(()), |copy| copy.write_all(&lines[n_before..]))
    }

    fn skip_line(&mut self, byte: u64, n_read: usize) -> io::Result<Block> {
        self.byte += n_read as u64;
        let mut piece = Vec::new();
        while !self.has_ended {
            piece.clear();
            self.fill(&mut piece)?;
            if let Some(end) = memchr(b'\n', &piece) {
                self.byte += end as u64 + 1;
                self.carry.extend_from_slice(&piece[end + 1..]);
                return Ok(Block { byte, content: Content::TooLong });
            }
            self.byte += piece.len() as u64;
        }
        Ok(Block { byte, content: Content::TooLong })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn blocks_together_are_the_stream_and_each_ends_with_a_line() {
        let text: Vec<u8> = (0..300_000_u32).flat_map(|number| format!("line {number}\n").into_bytes()).collect();
        let mut blocks = Blocks::new(&text[..text.len() - 1], 0, 1 << 20, None);
        let mut together = Vec::new();
        while let Some(block) = blocks.next().unwrap() {
            assert_eq!(block.byte, together.len() as u64);
            let Content::Lines(lines) = block.content else { panic!("nothing is too long") };
            assert!(lines.ends_with(b"\n") || together.len() + lines.len() == text.len() - 1);
            together.extend(lines);
        }
        assert_eq!(together, &text[..text.len() - 1]);
    }

    #[test]
    fn a_line_that_is_too_long_costs_no_memory_and_the_next_one_is_found() {
        let long = io::repeat(b'x').take(100 << 20);
        let stream = (&b"first\n"[..]).chain(long).chain(&b"\nlast"[..]);
        let mut blocks = Blocks::new(stream, 0, 4 << 20, None);
        let first = blocks.next().unwrap().unwrap();
        assert_eq!(first.content, Content::Lines(b"first\n".to_vec()));
        assert_eq!(blocks.next().unwrap().unwrap(), Block { byte: 6, content: Content::TooLong });
        assert!(blocks.carry.capacity() < 8 << 20);
        let last = blocks.next().unwrap().unwrap();
        assert_eq!(last, Block { byte: 7 + (100 << 20), content: Content::Lines(b"last".to_vec()) });
        assert_eq!(blocks.next().unwrap(), None);
    }

    proptest! {
        #[test]
        fn short_streams_come_whole(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut blocks = Blocks::new(&bytes[..], 0, 1 << 20, None);
            let mut together = Vec::new();
            while let Some(block) = blocks.next().unwrap() {
                let Content::Lines(lines) = block.content else { panic!("nothing is too long") };
                together.extend(lines);
            }
            prop_assert_eq!(together, bytes);
        }
    }
}
