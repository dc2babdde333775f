//! Finds a text in a body, capitals or not, and steps through where it was found.

/// More matches than these are not told apart: nobody steps through them.
pub(super) const MAX_MATCHES: usize = 100_000;

/// What people look for in a body, and where it is.
#[derive(Debug, Default)]
pub(super) struct Find {
    /// Whether the search field is shown.
    pub(super) is_open: bool,
    /// Whether the field is to get the focus.
    pub(super) wants_focus: bool,
    /// What to look for.
    pub(super) query: String,
    searched: String,
    matches: Vec<usize>,
    current: usize,
}

impl Find {
    /// Looks again, if the query is another one. True if the match to show changed.
    pub(super) fn refresh(&mut self, haystack: &[u8]) -> bool {
        if self.query == self.searched {
            return false;
        }
        self.searched.clone_from(&self.query);
        self.matches = find_all(haystack, self.query.as_bytes());
        self.current = 0;
        !self.matches.is_empty()
    }

    /// Forgets what was found: the body is another one.
    pub(super) fn forget(&mut self) {
        self.searched.clear();
        self.matches.clear();
        self.current = 0;
    }

    /// Goes to the next match, from the last one to the first.
    pub(super) fn step(&mut self, forward: bool) {
        let n_matches = self.matches.len().max(1);
        self.current = (self.current + if forward { 1 } else { n_matches - 1 }) % n_matches;
    }

    /// Where the match to show begins.
    pub(super) fn current(&self) -> Option<usize> {
        self.matches.get(self.current).copied()
    }

    /// Length of each match, in bytes.
    pub(super) fn length(&self) -> usize {
        self.searched.len()
    }

    /// The matches that touch a part of the body.
    pub(super) fn within(&self, start: usize, end: usize) -> &[usize] {
        let first = self.matches.partition_point(|at| at + self.searched.len() <= start);
        let last = self.matches.partition_point(|at| *at < end);
        self.matches.get(first..last).unwrap_or_default()
    }

    /// How many there are, in words.
    pub(super) fn words(&self) -> String {
        match self.matches.len() {
            _ if self.searched.is_empty() => String::new(),
            0 => "none".to_owned(),
            MAX_MATCHES.. => format!("{} of {MAX_MATCHES}+", self.current + 1),
            n_matches => format!("{} of {n_matches}", self.current + 1),
        }
    }

    /// Whether anything was found.
    pub(super) fn is_found(&self) -> bool {
        !self.matches.is_empty()
    }
}

/// Where the needle begins, without overlap; ASCII capitals count as small letters.
fn find_all(haystack: &[u8], needle: &[u8]) -> Vec<usize> {
    let Some((first, rest)) = needle.split_first() else { return Vec::new() };
    let (small, capital) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut matches = Vec::new();
    let mut end = 0;
    for at in memchr::memchr2_iter(small, capital, haystack) {
        let here = || haystack.get(at + 1..at + needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(rest));
        if at >= end && here() {
            matches.push(at);
            end = at + needle.len();
            if matches.len() == MAX_MATCHES {
                break;
            }
        }
    }
    matches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_do_not_matter_and_matches_do_not_overlap() {
        for (haystack, needle, found) in [
            ("Token token TOKEN", "token", &[0, 6, 12][..]),
            ("aaaa", "aa", &[0, 2]),
            ("ünï", "ï", &[3]),
            ("abc", "", &[]),
            ("abc", "abcd", &[]),
        ] {
            assert_eq!(find_all(haystack.as_bytes(), needle.as_bytes()), found, "{needle}");
        }
    }

    #[test]
    fn after_the_last_match_comes_the_first() {
        let mut find = Find { query: "a".into(), ..Find::default() };
        assert!(find.refresh(b"a a a"));
        assert_eq!((find.current(), find.words().as_str()), (Some(0), "1 of 3"));
        find.step(false);
        assert_eq!((find.current(), find.words().as_str()), (Some(4), "3 of 3"));
        find.step(true);
        assert_eq!(find.current(), Some(0));
        assert_eq!(find.within(1, 4), [2]);
    }

    #[test]
    fn nothing_found_is_said_and_can_be_stepped_through() {
        let mut find = Find { query: "x".into(), ..Find::default() };
        assert!(!find.refresh(b"a a a"));
        find.step(true);
        assert_eq!((find.current(), find.words().as_str()), (None, "none"));
    }
}
