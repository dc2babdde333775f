//! What an import could not carry over, or had to guess.
use std::fmt;

/// One thing that happened at one place or at several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is, as a sentence without its full stop.
    pub what: String,
    /// How many places.
    pub count: usize,
    /// The first place; empty where it is about the file as a whole.
    pub first: String,
}

/// `17 ×: the body of a response was left out by the exporting program (first at entry 3)`.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.count, self.first.as_str()) {
            (_, "") => f.write_str(&self.what),
            (1, first) => write!(f, "{first}: {}", self.what),
            (count, first) => write!(f, "{count} times, first at {first}: {}", self.what),
        }
    }
}

/// Notes as they come, the same ones counted.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Note>);

impl Notes {
    /// Something about one place.
    pub(super) fn add(&mut self, what: &str, place: impl fmt::Display) {
        match self.0.iter_mut().find(|note| note.what == what) {
            Some(note) => note.count += 1,
            None => self.0.push(Note { what: what.to_owned(), count: 1, first: place.to_string() }),
        }
    }

    /// Something about the file as a whole.
    pub(super) fn add_whole(&mut self, what: impl Into<String>) {
        self.0.push(Note { what: what.into(), count: 1, first: String::new() });
    }

    /// Takes in those that were taken down behind these.
    pub(super) fn join(&mut self, others: Self) {
        for other in others.0 {
            match self.0.iter_mut().find(|note| note.what == other.what) {
                Some(note) => note.count += other.count,
                None => self.0.push(other),
            }
        }
    }

    pub(super) fn into_list(self) -> Vec<Note> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_thing_is_said_once_with_its_count() {
        let mut notes = Notes::default();
        for entry in [3, 5, 9] {
            notes.add("the body is missing", format_args!("entry {entry}"));
        }
        let mut others = Notes::default();
        others.add("the body is missing", "entry 12");
        others.add("the time is missing", "entry 14");
        notes.join(others);
        notes.add_whole("Chrome leaves out cookies");
        let said: Vec<String> = notes.into_list().iter().map(ToString::to_string).collect();
        let wanted = [
            "4 times, first at entry 3: the body is missing",
            "entry 14: the time is missing",
            "Chrome leaves out cookies",
        ];
        assert_eq!(said, wanted);
    }
}
