//! A duration in milliseconds: one number, or two between which each is drawn.
use std::fmt;
use std::time::Duration;

use serde::de::{Error as _, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::described::Described;
use crate::core::schema::{Field, FieldKind};
use crate::net::dice::Dice;

const MUST_BE: &str = "milliseconds, as a whole number or as [least, most]";

/// One number of milliseconds, or the least and the most of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Millis {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Millis {
    pub(super) const ZERO: Self = Self { least: 0, most: 0 };

    /// Draws one, in whole milliseconds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "milliseconds of a latency are far below 2^53, and neither bound is negative"
    )]
    pub(super) fn draw(self, dice: &mut Dice) -> Duration {
        let span = (self.most - self.least) as f64;
        Duration::from_millis(self.least + (dice.unit() * (span + 1.0)) as u64)
    }
}

impl Default for Millis {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Described for Millis {
    const FIELD: Field = Field::new("", "", FieldKind::Any);

    fn must_be() -> String {
        MUST_BE.to_owned()
    }
}

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrTwo;

        impl<'de> Visitor<'de> for OneOrTwo {
            type Value = Millis;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(MUST_BE)
            }

            fn visit_u64<E: serde::de::Error>(self, millis: u64) -> Result<Millis, E> {
                Ok(Millis { least: millis, most: millis })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut two: A) -> Result<Millis, A::Error> {
                let bounds = (two.next_element::<u64>()?, two.next_element::<u64>()?, two.next_element::<u64>()?);
                match bounds {
                    (Some(least), Some(most), None) if least <= most => Ok(Millis { least, most }),
                    _ => Err(A::Error::invalid_value(Unexpected::Seq, &self)),
                }
            }
        }

        deserializer.deserialize_any(OneOrTwo)
    }
}
