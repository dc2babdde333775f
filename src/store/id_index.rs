//! From the names that a file gives its records to their positions. Most files count them (`e1`, `e2`, …), and then a
//! name costs four bytes or none.
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::column::Column;

/// Stands for a number that no record has.
const NONE: u32 = u32::MAX;
/// A list by number is kept as long as at least about a quarter of it is in use.
const MAX_SPARSENESS: usize = 4;
const MIN_LIST: usize = 4096;

/// The positions of named records.
#[derive(Clone, Debug, Default)]
pub(super) struct IdIndex {
    counted: Vec<Counted>,
    others: Arc<HashMap<Arc<str>, u32, RandomState>>,
}

/// A name, taken apart once for all that is asked of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordName<'a> {
    text: &'a str,
    /// Prefix and number, if it is one of those.
    counted: Option<(&'a str, usize)>,
}

impl<'a> From<&'a str> for RecordName<'a> {
    fn from(text: &'a str) -> Self {
        Self { text, counted: split(text) }
    }
}

/// Names that are a prefix and a number.
#[derive(Clone, Debug)]
struct Counted {
    prefix: Arc<str>,
    numbers: Numbers,
}

#[derive(Clone, Debug)]
enum Numbers {
    /// Each is one more than the one before, and so is its position.
    Run { first_number: usize, first_index: u32, len: usize },
    /// Position by number.
    List(Column<u32>),
}

impl IdIndex {
    /// The position of the record of that name.
    pub(super) fn find<'a>(&self, name: impl Into<RecordName<'a>>) -> Option<usize> {
        let name = name.into();
        if let Some((prefix, number)) = name.counted
            && let Some(counted) = self.counted.iter().find(|counted| counted.is_with(prefix))
            && let Some(index) = counted.numbers.find(number)
        {
            return Some(index as usize);
        }
        // Most indexes have no such names, and then there is nothing to compute.
        if self.others.is_empty() { None } else { self.others.get(name.text).map(|index| *index as usize) }
    }

    /// Says where the record of that name stands, now or again.
    pub(super) fn insert<'a>(&mut self, name: impl Into<RecordName<'a>>, index: usize) {
        const MAX_PREFIXES: usize = 8;
        let name = name.into();
        let index = u32::try_from(index).unwrap_or(NONE);
        if let Some((prefix, number)) = name.counted {
            match self.counted.iter().position(|counted| counted.is_with(prefix)) {
                Some(at) if self.counted[at].numbers.insert(number, index) => return,
                None if self.counted.len() < MAX_PREFIXES => {
                    let numbers = Numbers::Run { first_number: number, first_index: index, len: 1 };
                    return self.counted.push(Counted { prefix: prefix.into(), numbers });
                }
                _ => (),
            }
        }
        Arc::make_mut(&mut self.others).insert(name.text.into(), index);
    }
}

impl Counted {
    /// Whether its names have this prefix. Most prefixes are a letter.
    fn is_with(&self, prefix: &str) -> bool {
        match (self.prefix.as_bytes(), prefix.as_bytes()) {
            ([own], [other]) => own == other,
            (own, other) => own == other,
        }
    }
}

impl Numbers {
    fn find(&self, number: usize) -> Option<u32> {
        match self {
            Self::Run { first_number, first_index, len } => {
                let nth = number.checked_sub(*first_number).filter(|nth| nth < len)?;
                Some(first_index.saturating_add(u32::try_from(nth).unwrap_or(NONE)))
            }
            Self::List(positions) => positions.get(number).copied().filter(|index| *index != NONE),
        }
    }

    /// Whether there is room for that number.
    fn insert(&mut self, number: usize, index: u32) -> bool {
        match self {
            Self::Run { first_number, first_index, len } => {
                let next = (first_number.saturating_add(*len), *first_index as usize + *len);
                if (number, index as usize) == next {
                    *len += 1;
                    return true;
                }
                if first_number.saturating_add(*len).max(number) > MAX_SPARSENESS * *len + MIN_LIST {
                    return false;
                }
                let mut positions = Column::default();
                (0..*first_number).for_each(|_| positions.push(NONE));
                (0..*len)
                    .for_each(|nth| positions.push(first_index.saturating_add(u32::try_from(nth).unwrap_or(NONE))));
                *self = Self::List(positions);
                self.insert(number, index)
            }
            Self::List(positions) => {
                if number >= MAX_SPARSENESS * positions.len() + MIN_LIST {
                    return false;
                }
                while positions.len() <= number {
                    positions.push(NONE);
                }
                positions.set(number, index);
                true
            }
        }
    }
}

/// The prefix and the number of a name that is a prefix and a number, written as people write numbers.
fn split(name: &str) -> Option<(&str, usize)> {
    const MAX_DIGITS: usize = 10;
    let bytes = name.as_bytes();
    let (mut at, mut number, mut unit) = (bytes.len(), 0_u64, 1);
    while let Some(digit) = at.checked_sub(1).map(|before| bytes[before].wrapping_sub(b'0')).filter(|digit| *digit < 10)
    {
        number += u64::from(digit) * unit;
        unit *= 10;
        at -= 1;
        if bytes.len() - at > MAX_DIGITS {
            return None;
        }
    }
    let n_digits = bytes.len() - at;
    let is_canonical = n_digits == 1 || n_digits > 1 && bytes[at] != b'0';
    let number = u32::try_from(number).ok().filter(|_| is_canonical)?;
    Some((name.get(..at)?, number as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_that_are_counted_cost_nothing() {
        let mut index = IdIndex::default();
        (1..=100_000).for_each(|number| index.insert(format!("e{number}").as_str(), number - 1));
        assert!(matches!(index.counted[0].numbers, Numbers::Run { len: 100_000, .. }) && index.others.is_empty());
        assert_eq!((index.find("e1"), index.find("e100000"), index.find("e0")), (Some(0), Some(99_999), None));
        assert_eq!((index.find("e01"), index.find("x1"), index.find("e")), (None, None, None));
    }

    #[test]
    fn names_out_of_order_are_a_list_and_far_ones_are_kept_apart() {
        let mut index = IdIndex::default();
        for (position, number) in [5_u32, 3, 4_000_000_000, 7].into_iter().enumerate() {
            index.insert(format!("d{number}").as_str(), position);
        }
        assert_eq!(index.find("d4000000000"), Some(2));
        assert_eq!(index.others.len(), 1);
        assert_eq!(["d5", "d3", "d7", "d4"].map(|name| index.find(name)), [Some(0), Some(1), Some(3), None]);
    }

    #[test]
    fn a_name_is_split_where_its_number_begins() {
        for (name, wanted) in [
            ("e1", Some(("e", 1))),
            ("d4294967295", Some(("d", 4_294_967_295))),
            ("d4294967296", None),
            ("d12345678901", None),
            ("7", Some(("", 7))),
            ("e0", Some(("e", 0))),
            ("e00", None),
            ("e01", None),
            ("é3", Some(("é", 3))),
            ("e", None),
            ("", None),
        ] {
            assert_eq!(split(name), wanted, "{name}");
        }
    }

    proptest! {
        #[test]
        fn every_name_leads_to_where_it_was_put_last(
            names in prop::collection::vec(prop_oneof!["[ed]{0,2}[0-9]{0,5}", "[ed][0-9]{1,2}", "\\PC{0,4}"], 0..200),
        ) {
            let (mut index, mut model) = (IdIndex::default(), HashMap::new());
            for (position, name) in names.iter().enumerate() {
                index.insert(name.as_str(), position);
                model.insert(name.as_str(), position);
            }
            for name in names.iter().map(String::as_str).chain(["e1", "d0", "nobody"]) {
                prop_assert_eq!(index.find(name), model.get(name).copied(), "{}", name);
            }
        }
    }
}
