//! Texts that many rows share, kept once: destinations, actions, event names, rules, errors.
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

/// A text of [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u16);

impl NameId {
    /// The empty text.
    pub const EMPTY: Self = Self(0);
    /// What stands for every text that came after the table was full.
    const OTHER: Self = Self(u16::MAX);
}

/// Some texts of [`Names`]; it knows nothing of those that came later.
#[derive(Clone, Debug)]
pub struct NameSet(Vec<bool>);

impl NameSet {
    /// Whether a text is one of them.
    #[must_use]
    pub fn has(&self, name: NameId) -> bool {
        self.0.get(usize::from(name.0)).copied().unwrap_or_default()
    }
}

/// The table of texts. A file may hold any number of them, so it takes 65,534 and calls the rest "…".
#[derive(Clone, Debug)]
pub struct Names {
    texts: Vec<Arc<str>>,
    ids: HashMap<Arc<str>, NameId, RandomState>,
}

impl Default for Names {
    fn default() -> Self {
        let empty: Arc<str> = "".into();
        Self { texts: vec![Arc::clone(&empty)], ids: HashMap::from_iter([(empty, NameId::EMPTY)]) }
    }
}

impl Names {
    /// The id of a text, new or known.
    pub fn intern(&mut self, text: &str) -> NameId {
        if let Some(known) = self.ids.get(text) {
            return *known;
        }
        let Some(fresh) = u16::try_from(self.texts.len()).ok().map(NameId).filter(|id| *id != NameId::OTHER) else {
            return NameId::OTHER;
        };
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, fresh);
        fresh
    }

    /// The names whose text is so.
    pub fn that(&self, is_so: impl Fn(&str) -> bool) -> NameSet {
        NameSet(self.texts.iter().map(|text| is_so(text)).collect())
    }

    /// The text of an id.
    #[must_use]
    pub fn text(&self, name: NameId) -> &str {
        self.texts.get(usize::from(name.0)).map_or("…", |text| text)
    }
}

/// The names of errors, as in `RetryableError 503`, by class and status: a few that come again and again.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors(Vec<(Box<str>, Option<u16>, NameId)>);

impl Errors {
    /// How many are looked through.
    const MAX_KNOWN: usize = 32;

    /// The name of an error.
    pub(super) fn intern(&mut self, (class, status): (&str, Option<u16>), names: &mut Names) -> NameId {
        if let Some((.., known)) = self.0.iter().find(|known| known.1 == status && *known.0 == *class) {
            return *known;
        }
        let text = status.map_or_else(|| class.to_owned(), |status| format!("{class} {status}"));
        let name = names.intern(&text);
        if self.0.len() < Self::MAX_KNOWN {
            self.0.push((class.into(), status, name));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_id() {
        let mut names = Names::default();
        assert_eq!(names.intern(""), NameId::EMPTY);
        let pendo = names.intern("pendo-audiences");
        assert_ne!(names.intern("linkedin-audiences"), pendo);
        assert_eq!(names.intern("pendo-audiences"), pendo);
        assert_eq!(names.text(pendo), "pendo-audiences");
    }

    #[test]
    fn a_full_table_calls_the_rest_by_one_name() {
        let mut names = Names::default();
        let mut last = NameId::EMPTY;
        for number in 0..70_000 {
            last = names.intern(&number.to_string());
        }
        assert_eq!(names.text(last), "…");
        assert_eq!(names.intern("70001"), last);
        let first = names.intern("0");
        assert_eq!(names.text(first), "0");
    }
}
