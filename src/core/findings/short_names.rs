//! Names of attempts in eight bytes: of the millions that a session may have most are a letter and a number, as in `a7`.
use crate::core::names::AttemptId;

/// Numbers below this fit beside their letter.
const MAX_NUMBER: u64 = 1 << 48;
/// Says that a name is one of the others.
const OTHER: u64 = 1 << 63;

/// A name that [`ShortNames`] keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShortName(u64);

/// The names that are no letter and number.
#[derive(Debug, Default)]
pub(super) struct ShortNames(Vec<AttemptId>);

impl ShortNames {
    /// Keeps a name.
    pub(super) fn keep(&mut self, id: &AttemptId) -> ShortName {
        counted(id.as_str()).unwrap_or_else(|| {
            self.0.push(id.clone());
            ShortName(OTHER | (self.0.len() as u64 - 1))
        })
    }

    /// The name in full.
    pub(super) fn in_full(&self, ShortName(bits): ShortName) -> Option<AttemptId> {
        if bits & OTHER != 0 {
            return self.0.get(usize::try_from(bits & !OTHER).ok()?).cloned();
        }
        let letter = u8::try_from(bits / MAX_NUMBER).ok()?;
        Some(format!("{}{}", char::from(letter), bits % MAX_NUMBER).into())
    }
}

/// A letter and a number that is written as numbers are.
fn counted(name: &str) -> Option<ShortName> {
    let (letter, digits) = name.split_at_checked(1)?;
    let letter = letter.bytes().next().filter(u8::is_ascii_alphabetic)?;
    let number: u64 = digits.parse().ok().filter(|number| *number < MAX_NUMBER)?;
    // As in `a07` and `a+7`.
    let is_plain =
        digits.bytes().all(|digit| digit.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    is_plain.then(|| ShortName(u64::from(letter) * MAX_NUMBER + number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_letter_and_a_number_cost_nothing_else() {
        for (name, n_others) in [("a1", 0), ("z0", 0), ("A281474976710655", 0), ("a281474976710656", 1), ("a07", 1)] {
            let mut names = ShortNames::default();
            let short = names.keep(&name.into());
            assert_eq!((names.in_full(short), names.0.len()), (Some(name.into()), n_others), "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(all in prop::collection::vec("[a-zA-Z]?[+0]?[0-9]{0,20}|\\PC{0,4}", 0..8)) {
            let mut names = ShortNames::default();
            let short: Vec<ShortName> = all.iter().map(|name| names.keep(&name.as_str().into())).collect();
            for (name, short) in all.iter().zip(short) {
                prop_assert_eq!(names.in_full(short), Some(AttemptId::from(name.as_str())));
            }
        }
    }
}
