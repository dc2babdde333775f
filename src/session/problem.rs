//! What was wrong with a file that opened all the same.
use std::fmt;

/// One thing in a file that could not be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line, from 1.
    pub line: u64,
    /// Byte of the (unpacked) file, from 0, as near to the trouble as is known.
    pub byte: u64,
    /// What is wrong and what became of it, to be read on from the line: `is cut off; the record in it is lost`.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} (byte {}) {}", self.line, self.byte, self.what)
    }
}

/// Problems as they are found. A file of garbage has as many as it has lines, so only the first are listed.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    listed: Vec<Problem>,
    last_place: (u64, u64),
    n_more: u64,
}

impl Problems {
    /// How many are listed one by one.
    pub(crate) const MAX_LISTED: usize = 1000;

    pub(crate) fn add(&mut self, line: u64, byte: u64, what: impl Into<String>) {
        if self.listed.len() < Self::MAX_LISTED {
            self.listed.push(Problem { line, byte, what: what.into() });
        } else {
            self.n_more += 1;
            self.last_place = (line, byte);
        }
    }

    /// Takes the last problem back if it is about that line.
    pub(crate) fn forget(&mut self, line: u64) {
        if self.n_more == 0 && self.listed.last().is_some_and(|last| last.line == line) {
            self.listed.pop();
        }
    }

    /// Takes in problems that somebody else found, each where its line stands.
    pub(crate) fn join(&mut self, others: Self) {
        for Problem { line, byte, what } in others.listed {
            self.add(line, byte, what);
        }
        self.n_more += others.n_more;
        self.last_place = self.last_place.max(others.last_place);
        self.listed.sort_by_key(|problem| (problem.line, problem.byte));
    }

    /// The list as it stands now.
    pub(crate) fn list(&self) -> Vec<Problem> {
        let (listed, last_place, n_more) = (self.listed.clone(), self.last_place, self.n_more);
        Self { listed, last_place, n_more }.into_list()
    }

    /// The list, and where it is too long one last entry that counts the rest.
    pub(crate) fn into_list(mut self) -> Vec<Problem> {
        if self.n_more > 0 {
            let (line, byte) = self.last_place;
            let what = format!("is the last of {} more problems that are not listed", self.n_more);
            self.listed.push(Problem { line, byte, what });
        }
        self.listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_problems_are_a_thousand_and_a_count() {
        let mut problems = Problems::default();
        for line in 1..=1_000_000 {
            problems.add(line, line * 10, "is not JSON");
        }
        let list = problems.into_list();
        assert_eq!(list.len(), 1001);
        assert_eq!(
            list[1000].to_string(),
            "line 1000000 (byte 10000000) is the last of 999000 more problems that are not listed"
        );
    }
}
