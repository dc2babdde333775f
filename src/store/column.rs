//! A growing list in sealed pieces. A clone shares the pieces, so that a snapshot of ten million rows costs next to
//! nothing, and whoever goes on writing copies only the pieces that it touches.
use std::sync::Arc;

/// How many entries a piece has. A power of two, so that finding one is a shift and a mask.
const PIECE: usize = 1 << 13;

/// A list of small values, or of shared ones.
#[derive(Clone, Debug)]
pub(super) struct Column<T> {
    pieces: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self { pieces: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Column<T> {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The entry at a position, if the column is that long.
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.pieces.get(index / PIECE)?.get(index % PIECE)
    }

    /// Appends an entry.
    pub(super) fn push(&mut self, value: T) {
        if self.len.is_multiple_of(PIECE) {
            // The first piece grows as it fills, for most sessions are small.
            let capacity = if self.len == 0 { 0 } else { PIECE };
            self.pieces.push(Arc::new(Vec::with_capacity(capacity)));
        }
        if let Some(last) = self.pieces.last_mut() {
            Arc::make_mut(last).push(value);
            self.len += 1;
        }
    }

    /// Replaces an entry; one that is not there stays away.
    pub(super) fn set(&mut self, index: usize, value: T) {
        if let Some(entry) =
            self.pieces.get_mut(index / PIECE).and_then(|piece| Arc::make_mut(piece).get_mut(index % PIECE))
        {
            *entry = value;
        }
    }

    /// The first position whose entry does not hold, where entries that hold all come before those that do not.
    pub(super) fn partition_point(&self, mut holds: impl FnMut(&T) -> bool) -> usize {
        let piece_idx = self.pieces.partition_point(|piece| piece.first().is_some_and(&mut holds)).saturating_sub(1);
        let within = self.pieces.get(piece_idx).map_or(0, |piece| piece.partition_point(holds));
        piece_idx * PIECE + within
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
