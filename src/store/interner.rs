//! Combinations that many rows share, kept once: a row holds four bytes in place of all of them.
use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

/// The combinations, numbered in the order in which they became known.
#[derive(Clone, Debug)]
pub(super) struct Interner<T> {
    values: Vec<T>,
    ids: HashMap<T, u32, RandomState>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), ids: HashMap::default() }
    }
}

impl<T: Copy + Eq + Hash> Interner<T> {
    /// The number of a combination, new or known.
    pub(super) fn intern(&mut self, value: T) -> u32 {
        if let Some(known) = self.ids.get(&value) {
            return *known;
        }
        let fresh = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(value);
        self.ids.insert(value, fresh);
        fresh
    }

    /// The combination of a number that [`Self::intern`] gave.
    pub(super) fn get(&self, id: u32) -> Option<T> {
        self.values.get(id as usize).copied()
    }
}
