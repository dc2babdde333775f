//! A stream in blocks of whole lines. No block is longer than a line may be, and then some.
use std::io::{self, Read, Write as _};

use memchr::{memchr, memrchr};

/// How much is asked of the system at once: little enough to be looked at while it is still in the processor's cache.
const READ_BYTES: usize = 512 << 10;
/// A buffer that a long line made larger than this is made small again.
const MAX_SPARE_BYTES: usize = 8 << 20;

/// Whole lines, and where they stand.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    /// Where it begins in the unpacked file.
    pub(super) byte: u64,
    pub(super) content: Content<'a>,
}

/// What a block holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// Lines. Only the last block of a file may end without an end of line.
    Lines(&'a [u8]),
    /// One line that is longer than a line may be; it was skipped.
    TooLong,
}

/// Where a worker has its block: used again for the next one, so that the system need not give fresh pages.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

/// Blocks of a stream.
pub(super) struct Blocks<R> {
    input: R,
    max_line: usize,
    carry: Vec<u8>,
    byte: u64,
    has_ended: bool,
    /// Why the stream gives no more, until that is told.
    failure: Option<io::Error>,
    /// Where everything that is read goes as well.
    copy: Option<std::fs::File>,
}

impl Buffer {
    fn filled(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Room for so much more.
    fn room(&mut self, n_bytes: usize) -> &mut [u8] {
        let end = self.len + n_bytes;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[self.len..end]
    }

    /// Holds nothing but `bytes`.
    fn begin_with(&mut self, bytes: &[u8]) {
        if self.bytes.len() > MAX_SPARE_BYTES {
            self.bytes = Vec::new();
        }
        self.len = 0;
        self.room(bytes.len()).copy_from_slice(bytes);
        self.len = bytes.len();
    }
}

impl<R: Read> Blocks<R> {
    /// Blocks of a stream whose first byte is the `byte`-th of the file.
    pub(super) fn new(input: R, byte: u64, max_line: usize, copy: Option<std::fs::File>) -> Self {
        Self { input, max_line, carry: Vec::new(), byte, has_ended: false, failure: None, copy }
    }

    /// The next block, which is in `buffer` then, or none at the end. Lines before the place where the stream fails come
    /// ahead of its error; what is left of the line that is torn there does not come.
    pub(super) fn next<'a>(&mut self, buffer: &'a mut Buffer) -> io::Result<Option<Block<'a>>> {
        let byte = self.byte;
        buffer.begin_with(&self.carry);
        self.carry.clear();
        while !self.has_ended {
            let n_before = buffer.len;
            self.fill(buffer)?;
            if let Some(end) = memrchr(b'\n', &buffer.filled()[n_before..]) {
                self.carry.extend_from_slice(&buffer.filled()[n_before + end + 1..]);
                buffer.len = n_before + end + 1;
                break;
            }
            if buffer.len > self.max_line {
                return self.skip_line(byte, buffer).map(Some);
            }
        }
        if self.failure.is_some() {
            buffer.len = memrchr(b'\n', buffer.filled()).map_or(0, |end| end + 1);
            if let Some(failure) = self.failure.take_if(|_| buffer.len == 0) {
                return Err(failure);
            }
        }
        self.byte += buffer.len as u64;
        Ok((buffer.len > 0).then(|| Block { byte, content: Content::Lines(buffer.filled()) }))
    }

    /// Where the next block begins.
    pub(super) fn byte(&self) -> u64 {
        self.byte
    }

    /// Reads [`READ_BYTES`] more; a pipe gives less at once.
    fn fill(&mut self, buffer: &mut Buffer) -> io::Result<()> {
        let n_before = buffer.len;
        while !self.has_ended && buffer.len < n_before + READ_BYTES {
            let n_wanted = n_before + READ_BYTES - buffer.len;
            match self.input.read(buffer.room(n_wanted)) {
                Ok(n_read) => {
                    self.has_ended = n_read == 0;
                    buffer.len += n_read;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.has_ended = true;
                    self.failure = Some(error);
                }
            }
        }
        self.copy.as_mut().map_or(Ok(()), |copy| copy.write_all(&buffer.filled()[n_before..]))
    }

    fn skip_line<'a>(&mut self, byte: u64, buffer: &mut Buffer) -> io::Result<Block<'a>> {
        self.byte += buffer.len as u64;
        while !self.has_ended {
            buffer.begin_with(&[]);
            self.fill(buffer)?;
            if let Some(end) = memchr(b'\n', buffer.filled()) {
                self.byte += end as u64 + 1;
                self.carry.extend_from_slice(&buffer.filled()[end + 1..]);
                break;
            }
            self.byte += buffer.len as u64;
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
        let (mut together, mut buffer) = (Vec::<u8>::new(), Buffer::default());
        while let Some(block) = blocks.next(&mut buffer).unwrap() {
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
        let mut buffer = Buffer::default();
        let first = blocks.next(&mut buffer).unwrap().unwrap();
        assert_eq!(first.content, Content::Lines(b"first\n"));
        assert_eq!(blocks.next(&mut buffer).unwrap().unwrap(), Block { byte: 6, content: Content::TooLong });
        assert!(blocks.carry.capacity() < 8 << 20 && buffer.bytes.len() < 8 << 20);
        let last = blocks.next(&mut buffer).unwrap().unwrap();
        assert_eq!(last, Block { byte: 7 + (100 << 20), content: Content::Lines(b"last") });
        assert_eq!(blocks.next(&mut buffer).unwrap(), None);
    }

    proptest! {
        #[test]
        fn short_streams_come_whole(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut blocks = Blocks::new(&bytes[..], 0, 1 << 20, None);
            let (mut together, mut buffer) = (Vec::<u8>::new(), Buffer::default());
            while let Some(block) = blocks.next(&mut buffer).unwrap() {
                let Content::Lines(lines) = block.content else { panic!("nothing is too long") };
                together.extend(lines);
            }
            prop_assert_eq!(together, bytes);
        }
    }
}
