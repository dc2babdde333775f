//! Whole records, bodies included: in memory while a session is being made, in its file once there is one.
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::column::Column;
use super::ids::{AttemptIdx, EventIdx};
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

    /// The line that begins at that byte as it stands, where this program wrote it: then it is known how it spells what is
    /// in it. None for any other line.
    fn line(&self, byte: u64) -> Option<Vec<u8>>;

    /// Every record from the line on that begins at that byte, in order, each with where its line begins. Lines that are no
    /// records are left out. Ends with the file, where it gives no more bytes, or when `take` says so.
    fn records(&self, byte: u64, take: &mut dyn FnMut(u64, Record) -> ControlFlow<()>);

    /// Reads the file from the line on that begins at that byte, on all cores, and gives what a search finds in it, piece by
    /// piece and in order, until `take` wants no more.
    fn search(&self, byte: u64, search: &dyn LineSearch, take: &mut dyn FnMut(Piece) -> ControlFlow<()>) -> Searched;
}

/// A search through the lines of a file. Of lines that this program wrote it says which are worth making records of; all
/// others are made records of.
pub trait LineSearch: Sync {
    /// Whether an event may hold what is searched for, going by its line.
    fn wants_event(&self, line: &[u8]) -> bool;

    /// Whether an attempt may hold it, going by its line.
    fn wants_attempt(&self, line: &[u8]) -> bool;

    /// Whether every attempt is to be [named](Self::name).
    fn wants_names(&self) -> bool;

    /// Looks at the event whose line begins at that byte.
    fn event(&self, byte: u64, event: &EventRecord, seen: &mut Seen);

    /// Looks at the attempt whose line begins at that byte.
    fn attempt(&self, byte: u64, attempt: &Attempt, seen: &mut Seen);

    /// Is told of such an attempt which delivery and which events it is about.
    fn name(&self, byte: u64, delivery: &str, events: &[&str], seen: &mut Seen);
}

/// What a search has seen in a piece of a file.
#[derive(Debug, Default)]
pub struct Seen {
    /// Events that hold something, and what.
    pub events: Vec<(EventIdx, Hits)>,
    /// Attempts that hold something, and what.
    pub attempts: Vec<(AttemptIdx, Hits)>,
    /// Attempts with events that they carry, and what they are to be found by if the event holds it.
    pub carried: Vec<(AttemptIdx, EventIdx, Hits)>,
}

/// A piece of a file that was searched.
#[derive(Debug)]
pub struct Piece {
    /// Where the line behind it begins.
    pub end: u64,
    /// How long the whole file is.
    pub n_total_bytes: u64,
    /// What is in it.
    pub seen: Seen,
}

/// Which of several things that are searched for at once were found: one bit for each.
pub type Hits = u64;

/// How a search through a file ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Searched {
    /// With the file.
    Whole,
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

    /// Which one begins at that byte of the file.
    pub(super) fn find(&self, byte: u64) -> Option<usize> {
        let at = self.n_before(byte);
        (self.get(at)?.byte() == Some(byte)).then_some(at)
    }

    /// How many begin before that byte of the file. Those in the file are in its order.
    pub(super) fn n_before(&self, byte: u64) -> usize {
        let (mut low, mut high) = (0, self.bytes_low.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.get(middle).and_then(|place| place.byte()) {
                Some(at) if at < byte => low = middle + 1,
                _ => high = middle,
            }
        }
        low
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
