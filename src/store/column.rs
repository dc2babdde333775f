//! A growing list in sealed pieces. A clone shares the pieces, so that a snapshot of ten million rows costs next to
//! nothing, and whoever goes on writing copies only the pieces that it touches.
use std::sync::Arc;

/// How many entries a piece has. A power of two, so that finding one is a shift and a mask.
const PIECE: usize = 1 << 13;

/// A list of small values, or of shared ones.
#[derive(Clone, Debug)]
pub(super) struct Column<T> {
    /// All of them full.
    pieces: Vec<Arc<Vec<T>>>,
    /// What no piece was made of yet: nobody shares it, so that appending asks nobody.
    tail: Vec<T>,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), tail: Vec::new() }
    }
}

impl<T: Clone> Column<T> {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.pieces.len() * PIECE + self.tail.len()
    }

    /// The entry at a position, if the column is that long.
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        match self.pieces.get(index / PIECE) {
            Some(piece) => piece.get(index % PIECE),
            None => self.tail.get(index.checked_sub(self.pieces.len() * PIECE)?),
        }
    }

    /// Appends an entry.
    #[inline]
    pub(super) fn push(&mut self, value: T) {
        self.tail.push(value);
        if self.tail.len() == PIECE {
            self.seal();
        }
    }

    /// Makes a piece of the tail. It is no part of `push`, which is small enough to stand wherever it is called.
    #[cold]
    fn seal(&mut self) {
        // The next one will be as long; only the first grew as it filled, for most sessions are small.
        let sealed = std::mem::replace(&mut self.tail, Vec::with_capacity(PIECE));
        self.pieces.push(Arc::new(sealed));
    }

    /// Replaces an entry; one that is not there stays away.
    pub(super) fn set(&mut self, index: usize, value: T) {
        let entry = match self.pieces.get_mut(index / PIECE) {
            Some(piece) => Arc::make_mut(piece).get_mut(index % PIECE),
            None => index.checked_sub(self.pieces.len() * PIECE).and_then(|within| self.tail.get_mut(within)),
        };
        if let Some(entry) = entry {
            *entry = value;
        }
    }

    /// The first position whose entry does not hold, where entries that hold all come before those that do not.
    pub(super) fn partition_point(&self, mut holds: impl FnMut(&T) -> bool) -> usize {
        let n_pieces = self.pieces.partition_point(|piece| piece.last().is_some_and(&mut holds));
        let piece = self.pieces.get(n_pieces).map_or(&self.tail, |piece| &**piece);
        n_pieces * PIECE + piece.partition_point(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_keeps_what_was_while_the_original_goes_on() {
        let mut column = Column::default();
        (0..3 * PIECE + 5).for_each(|number| column.push(number));
        let before = column.clone();
        column.set(1, 77);
        column.push(99);
        column.set(usize::MAX, 0);
        assert_eq!((before.len(), before.get(1), before.get(3 * PIECE + 5)), (3 * PIECE + 5, Some(&1), None));
        assert_eq!((column.get(1), column.get(3 * PIECE + 5)), (Some(&77), Some(&99)));
        assert_eq!(column.pieces.iter().zip(&before.pieces).filter(|(one, other)| Arc::ptr_eq(one, other)).count(), 2);
        assert_eq!(
            (0..before.len()).map(|at| *before.get(at).unwrap()).collect::<Vec<_>>(),
            (0..3 * PIECE + 5).collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_first_that_does_not_hold_is_found_in_any_piece() {
        let mut column = Column::default();
        assert_eq!(column.partition_point(|number: &usize| *number < 5), 0);
        (0..3 * PIECE).for_each(|number| column.push(number));
        for bound in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE - 1, 3 * PIECE, 4 * PIECE] {
            assert_eq!(column.partition_point(|number| *number < bound), bound.min(3 * PIECE), "{bound}");
        }
    }
}
