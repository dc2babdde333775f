//! Whole records, bodies included: in memory while a session is being made, in its file once there is one.
use std::fmt;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::column::Column;
use crate::core::record::{Attempt, EventRecord, Record};

/// A file that records can be read from again. Only what is selected, hovered, searched or exported is.
pub trait RecordSource: Send + Sync + fmt::Debug {
    /// The attempt whose line begins at that byte.
    ///
    /// # Errors
    /// A sentence that reads on from "it", if the file does not give it any more.
    fn attempt(&self, byte: u64) -> Result<Arc<Attempt>, String>;

    /// The event whose line begins at that byte.
    ///
    /// # Errors
    /// A sentence that reads on from "it", if the file does not give it any more.
    fn event(&self, byte: u64) -> Result<Arc<EventRecord>, String>;

    /// The line that begins at that byte as it stands, if it is there.
    fn line(&self, byte: u64) -> Option<Vec<u8>>;

    /// Every record from the line on that begins at that byte, in order, each with where its line begins. Lines that are no
    /// records are left out. Ends with the file, where it gives no more bytes, or when `take` says so.
    fn records(&self, byte: u64, take: &mut dyn FnMut(u64, Record) -> ControlFlow<()>);

    /// Reads all of the file from its beginning, on all cores, and gives where the lines of the attempts begin that are
    /// searched for, in order. `watch` is told how far it is, from 0 to 1, and can stop it.
    fn search(&self, search: &dyn LineSearch, watch: &mut dyn FnMut(f32) -> ControlFlow<()>) -> Searched;
}

/// What is searched for in a whole file.
pub trait LineSearch: Sync {
    /// Names the lines, of a few whole ones, that may hold it, by where they stand; all others do not.
    fn lines(&self, lines: &[u8], take: &mut dyn FnMut(Range<usize>));

    /// Whether an attempt of such a line does hold it.
    fn is_in(&self, attempt: &Attempt) -> bool;
}

/// How a search through a file ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Searched {
    /// With the first bytes of the lines that hold it.
    Found(Vec<u64>),
    /// It was stopped.
    Stopped,
    /// The file does not let itself be read through.
    Failed,
}

/// Where a whole record is.
#[derive(Clone, Debug)]
pub enum Place<T> {
    /// In memory.
    Held(Arc<T>),
    /// In the file, its line beginning at this byte.
    InFile(u64),
}

impl<T> Place<T> {
    /// Where its line begins, if it is in the file.
    pub(super) fn byte(&self) -> Option<u64> {
        match self {
            Self::Held(_) => None,
            Self::InFile(byte) => Some(*byte),
        }
    }
}

/// The places of all records of a kind. Those in the file come before those in memory.
#[derive(Clone, Debug)]
pub(super) struct Archive<T> {
    bytes_low: Column<u32>,
    bytes_high: Column<u8>,
    held: Column<Arc<T>>,
}

impl<T> Default for Archive<T> {
    fn default() -> Self {
        Self { bytes_low: Column::default(), bytes_high: Column::default(), held: Column::default() }
    }
}

impl<T> Archive<T> {
    pub(super) fn len(&self) -> usize {
        self.bytes_low.len() + self.held.len()
    }

    pub(super) fn push(&mut self, place: Place<T>) {
        match place {
            Place::Held(record) => self.held.push(record),
            Place::InFile(byte) => {
                #[expect(clippy::cast_possible_truncation, reason = "low and high part; no file has a tebibyte")]
                self.bytes_low.push(byte as u32);
                self.bytes_high.push(u8::try_from(byte >> 32).unwrap_or(u8::MAX));
            }
        }
    }

    /// Which one begins at that byte of the file. Those in the file are in its order.
    pub(super) fn find(&self, byte: u64) -> Option<usize> {
        let (mut low, mut high) = (0, self.bytes_low.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.get(middle)? {
                Place::InFile(at) if at < byte => low = middle + 1,
                _ => high = middle,
            }
        }
        matches!(self.get(low), Some(Place::InFile(at)) if at == byte).then_some(low)
    }

    /// How many are in the file.
    pub(super) fn n_in_file(&self) -> usize {
        self.bytes_low.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<Place<T>> {
        if let (Some(low), Some(high)) = (self.bytes_low.get(index), self.bytes_high.get(index)) {
            return Some(Place::InFile((u64::from(*high) << 32) | u64::from(*low)));
        }
        self.held.get(index.checked_sub(self.bytes_low.len())?).cloned().map(Place::Held)
    }
}
