//! What a detector saw: the part of a finding that is not in the catalogue.
use super::finding::{At, Evidence, Severity};
use crate::core::names::EventId;

/// How many places a finding names; a batch can have thousands.
const MAX_PLACES: usize = 5;

/// One occurrence of a quirk.
#[derive(Debug)]
pub(super) struct Sighting {
    pub(super) seen: String,
    pub(super) title: Option<&'static str>,
    pub(super) severity: Option<Severity>,
    pub(super) event: Option<EventId>,
    pub(super) evidence: Vec<Evidence>,
}

impl Sighting {
    /// Says what was seen, with the values.
    pub(super) fn new(seen: impl Into<String>) -> Self {
        Self { seen: seen.into(), title: None, severity: None, event: None, evidence: Vec::new() }
    }

    /// A place to look at.
    pub(super) fn at(mut self, at: At, path: impl Into<String>) -> Self {
        if self.evidence.len() < MAX_PLACES {
            self.evidence.push(Evidence { at, path: path.into() });
        }
        self
    }

    /// Several places to look at.
    pub(super) fn at_each(self, places: impl IntoIterator<Item = (At, String)>) -> Self {
        places.into_iter().fold(self, |sighting, (at, path)| sighting.at(at, path))
    }

    /// It is better or worse than the catalogue says of its kind.
    pub(super) fn of_severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// It has a better name than the catalogue's.
    pub(super) fn titled(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    /// It is about one event.
    pub(super) fn about(mut self, event: &EventId) -> Self {
        self.event = Some(event.clone());
        self
    }
}

/// `1 item`, `2 items`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The first few of a list, in words: `a, b and 3 more`.
pub(super) fn listed<T: std::fmt::Display>(names: &[T]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = names.iter().take(SHOWN).map(ToString::to_string).collect();
    let rest = names.len().saturating_sub(SHOWN);
    if rest > 0 {
        return format!("{} and {rest} more", shown.join(", "));
    }
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut_short() {
        for (names, text) in [
            (&[][..], ""),
            (&["a"], "a"),
            (&["a", "b"], "a and b"),
            (&["a", "b", "c"], "a, b and c"),
            (&["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
        ] {
            assert_eq!(listed(names), text);
        }
        assert_eq!((count(1, "item"), count(0, "item")), ("1 item".to_owned(), "0 items".to_owned()));
    }

    #[test]
    fn only_the_first_places_are_kept() {
        let sighting = Sighting::new("").at_each((0..100).map(|item_idx| (At::Item(item_idx), String::new())));
        assert_eq!(sighting.evidence.iter().filter_map(Evidence::item_idx).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    }
}
