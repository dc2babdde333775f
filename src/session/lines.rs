//! Splits a stream into lines of bounded length and knows where each stands. This is the one place that holds a chunk
//! of the file; a reader on several cores would hand its whole lines to parsers from here.
use std::io::{self, BufRead};

use memchr::memchr;

/// A line without its end of line, and its place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RawLine<'a> {
    /// From 1.
    pub(crate) number: u64,
    /// Where it begins.
    pub(crate) byte: u64,
    /// What it holds.
    pub(crate) content: Content<'a>,
    /// Whether an end of line closes it; the last line of a file that was cut off has none.
    pub(crate) is_closed: bool,
}

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content<'a> {
    /// All of it.
    Whole(&'a [u8]),
    /// More than the limit allows; it was skipped.
    TooLong,
}

/// Lines of a stream. A byte order mark ahead of the first is skipped.
pub(crate) struct Lines<R> {
    input: R,
    max_len: usize,
    line: Vec<u8>,
    number: u64,
    byte: u64,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `max_len` bytes.
    pub(crate) fn new(input: R, max_len: usize) -> Self {
        Self { input, max_len, line: Vec::new(), number: 0, byte: 0 }
    }

    /// The next line, or none at the end.
    ///
    /// After an error of the stream [`Self::place`] tells where the line began that could not be read to its end.
    pub(crate) fn next(&mut self) -> io::Result<Option<RawLine<'_>>> {
        let start = self.byte;
        self.line.clear();
        let (mut is_closed, mut is_too_long) = (false, false);
        while !is_closed {
            let chunk = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            if chunk.is_empty() {
                break;
            }
            let end = memchr(b'\n', chunk);
            let (part, consumed) = end.map_or((chunk, chunk.len()), |end| (&chunk[..end], end + 1));
            is_too_long |= self.line.len() + part.len() > self.max_len;
            if !is_too_long {
                self.line.extend_from_slice(part);
            }
            is_closed = end.is_some();
            self.byte += consumed as u64;
            self.input.consume(consumed);
        }
        if self.byte == start {
            return Ok(None);
        }
        self.number += 1;
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        let text = if start == 0 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        let byte = start + (line.len() - text.len()) as u64;
        let content = if is_too_long { Content::TooLong } else { Content::Whole(text) };
        Ok(Some(RawLine { number: self.number, byte, content, is_closed }))
    }

    /// Number of the line that was read last, and where reading stands.
    pub(crate) fn place(&self) -> (u64, u64) {
        (self.number, self.byte)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen = (u64, u64, Option<Vec<u8>>, bool);

    fn lines_of(bytes: &[u8], chunk: usize, max_len: usize) -> Vec<Seen> {
        let mut lines = Lines::new(io::BufReader::with_capacity(chunk, bytes), max_len);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            let text = match line.content {
                Content::Whole(text) => Some(text.to_vec()),
                Content::TooLong => None,
            };
            seen.push((line.number, line.byte, text, line.is_closed));
        }
        seen
    }

    #[test]
    fn lines_know_their_place_whatever_the_chunks() {
        let bytes = b"\xef\xbb\xbfone\r\n\nthree\nfour";
        for chunk in [1, 2, 3, 7, 100] {
            assert_eq!(
                lines_of(bytes, chunk, 100),
                [
                    (1, 3, Some(b"one".to_vec()), true),
                    (2, 8, Some(b"".to_vec()), true),
                    (3, 9, Some(b"three".to_vec()), true),
                    (4, 15, Some(b"four".to_vec()), false),
                ]
            );
        }
    }

    #[test]
    fn a_line_past_the_limit_is_skipped_and_the_next_one_read() {
        for chunk in [1, 4, 100] {
            assert_eq!(
                lines_of(b"123456\n12345\n", chunk, 5),
                [(1, 0, None, true), (2, 7, Some(b"12345".to_vec()), true)]
            );
        }
    }
}
