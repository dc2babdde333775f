//! Randomness that can be repeated: every draw follows from the plan's seed and from what it is drawn for, never from
//! the order in which deliveries happen to run or from the number of threads.
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Draws for one purpose of one run, one after the other.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The draws of a stream. Two streams of one seed have nothing to do with each other.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// The `draw`-th draw of a stream, counted from 0, without making those before it.
    #[must_use]
    pub fn nth_unit(seed: u64, stream: u64, draw: u32) -> f64 {
        let mut dice = Self::new(seed, stream);
        dice.0.set_word_pos(u128::from(draw) * 2);
        dice.unit()
    }

    /// A number from 0 up to, not including, 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from 0 up to, not including, `end`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "it is not negative, and less than the end, which is small"
    )]
    pub fn below(&mut self, end: usize) -> usize {
        ((self.unit() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// Whether something of that probability, 0 to 1, happens. Draws in any case, so that what comes later does not
    /// depend on the probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_follows_from_seed_stream_and_number_alone() {
        let mut dice = Dice::new(7, 3);
        let in_order: Vec<u64> = (0..5).map(|_| dice.unit().to_bits()).collect();
        let by_number: Vec<u64> = (0..5).map(|draw| Dice::nth_unit(7, 3, draw).to_bits()).collect();
        assert_eq!(in_order, by_number);
        assert_ne!(in_order[0], Dice::nth_unit(7, 4, 0).to_bits());
        assert_ne!(in_order[0], Dice::nth_unit(8, 3, 0).to_bits());
        assert!((0..1_000).all(|_| (0.0..1.0).contains(&dice.unit())));
    }
}
