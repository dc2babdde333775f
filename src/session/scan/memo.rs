//! What comes again and again in the lines of a file, read once.
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::json::Walker;

/// A text of [`SharedTexts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SharedText(u32);

impl SharedText {
    /// Its position among the texts.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Texts that many lines share, each of them kept once: destinations, actions, rules, errors.
#[derive(Debug, Default)]
pub(super) struct SharedTexts {
    texts: Vec<Arc<str>>,
    places: HashMap<Arc<str>, SharedText, RandomState>,
}

impl SharedTexts {
    /// The text that these bytes are, if they are any.
    pub(super) fn share(&mut self, bytes: &[u8]) -> Option<SharedText> {
        let text = std::str::from_utf8(bytes).ok()?;
        if let Some(known) = self.places.get(text) {
            return Some(*known);
        }
        let fresh = SharedText(u32::try_from(self.texts.len()).ok()?);
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.places.insert(text, fresh);
        Some(fresh)
    }

    /// What it says.
    pub(super) fn text(&self, text: SharedText) -> &str {
        self.texts.get(text.index()).map_or("", |text| text)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }
}

/// Passages that many lines share, byte for byte, and what each of them says. Whoever reads a passage must not look behind
/// its end.
#[derive(Debug)]
pub(super) struct Memo<T>(Vec<(Box<[u8]>, T)>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Memo<T> {
    /// More than that are not tried in turn: reading anew is as quick.
    const MAX_KNOWN: usize = 24;

    /// Goes over a passage that is known, or that `read` goes over; gives what it says.
    pub(super) fn take(
        &mut self,
        walker: &mut Walker<'_>,
        read: impl FnOnce(&mut Walker<'_>) -> Option<T>,
    ) -> Option<T> {
        if let Some(at) = self.0.iter().position(|(passage, _)| walker.passes(passage)) {
            // What is met often comes to be tried early.
            let earlier = at / 2;
            self.0.swap(at, earlier);
            return Some(self.0[earlier].1);
        }
        let start = walker.at();
        let value = read(walker)?;
        let passage = walker.since(start);
        std::str::from_utf8(passage).ok()?;
        if self.0.len() == Self::MAX_KNOWN {
            self.0.pop();
        }
        self.0.push((passage.into(), value));
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_read_once_and_never_mistaken_for_another() {
        let mut memo = Memo::default();
        let mut n_read = 0;
        for text in ["\"a\"1", "\"ab\"2", "\"a\"3", "\"ab\"4", "\"\"5", "\"a\"6"] {
            let mut walker = Walker::new(text.as_bytes(), 0, text.len()).unwrap();
            let length = memo.take(&mut walker, |walker| {
                n_read += 1;
                walker.literal(b"\"")?;
                walker.plain().map(|_| walker.at())
            });
            assert_eq!(length, Some(text.len() - 1));
            assert_eq!(walker.at(), text.len() - 1);
        }
        assert_eq!(n_read, 3);
    }

    #[test]
    fn passages_that_are_no_text_and_very_many_of_them_are_borne() {
        let mut memo = Memo::default();
        let bad = b"\"\xff\"";
        let read = |walker: &mut Walker<'_>| walker.literal(b"\"").and_then(|()| walker.plain()).map(|_| ());
        assert_eq!(memo.take(&mut Walker::new(bad, 0, bad.len()).unwrap(), read), None);
        for number in 0..200 {
            let text = format!("\"{number}\"");
            assert_eq!(memo.take(&mut Walker::new(text.as_bytes(), 0, text.len()).unwrap(), read), Some(()));
        }
        assert_eq!(memo.0.len(), Memo::<()>::MAX_KNOWN);
    }
}
