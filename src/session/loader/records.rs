//! Every record of a file, whole and in order: one thread at a time reads, all cores parse.
use std::io::{self, Read};
use std::ops::ControlFlow;

use memchr::memchr;

use super::blocks::{Block, Blocks, Content};
use super::load::LoadOptions;
use super::pump::pump;
use crate::core::record::Record;
use crate::session::reader::ReadError;
use crate::session::wire::{Line, parse_line};

/// Gives the records of a stream whose first byte is the `byte`-th of its file, each with the byte at which its line
/// begins, until there are no more or `take` wants none.
pub(super) fn records(
    stream: impl Read + Send,
    byte: u64,
    max_line: usize,
    take: &mut dyn FnMut(u64, Record) -> ControlFlow<()>,
) {
    let blocks = Blocks::new(stream, byte, max_line, None);
    let ended = pump(blocks, LoadOptions::default().n_threads, parsed, |block: io::Result<Vec<(u64, Record)>>| {
        let mut block = block.map_err(ReadError::Read)?;
        for (byte, record) in block.drain(..) {
            if take(byte, record).is_break() {
                return Err(ReadError::Stopped);
            }
        }
        Ok(Some(block))
    });
    // Where the file gives no more, its records are lost, and whoever looks for them is told so.
    drop(ended);
}

fn parsed(block: &Block<'_>, spent: Option<Vec<(u64, Record)>>) -> Vec<(u64, Record)> {
    let mut records = spent.unwrap_or_default();
    let Content::Lines(lines) = block.content else { return records };
    let mut start = 0;
    while start < lines.len() {
        let end = memchr(b'\n', &lines[start..]).map_or(lines.len(), |n_bytes| start + n_bytes);
        let byte = block.byte + start as u64;
        match parse_line(&lines[start..end]) {
            Ok(Line::Event(event)) => records.push((byte, Record::Event(event))),
            Ok(Line::Attempt(attempt)) => records.push((byte, Record::Attempt(attempt))),
            Ok(Line::Header(_) | Line::Other(_)) | Err(_) => {}
        }
        start = end + 1;
    }
    records
}
