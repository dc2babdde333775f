//! Whether a text is what a filter asks for: case does not count.
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::store::search::{Spellings, in_string};

/// What a text has to be.
#[derive(Clone, Debug)]
pub(super) enum TextMatch {
    /// It contains another one.
    Contains(Finder),
    /// It is that one, in lower case.
    Equals(String),
    /// It has these pieces in lower case in this order, with anything between, the first at its beginning and the last
    /// at its end.
    Pattern(Vec<String>),
}

impl TextMatch {
    /// It contains `text`; `*` stands for anything at all.
    pub(super) fn contains(text: &str) -> Self {
        Self::Contains(Finder::new(text))
    }

    /// It equals `text`.
    pub(super) fn equals(text: &str) -> Self {
        Self::Equals(text.to_lowercase())
    }

    /// It is like `pattern`, in which stars stand for anything.
    pub(super) fn pattern(pattern: &str) -> Self {
        Self::Pattern(pattern.to_lowercase().split('*').map(str::to_owned).collect())
    }

    /// Whether a text is so.
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Contains(finder) => finder.is_in(text.as_bytes()),
            Self::Equals(wanted) => *wanted == text.to_lowercase(),
            Self::Pattern(pieces) => !text.is_empty() && has_pieces(&text.to_lowercase(), pieces),
        }
    }

    /// What a line holds at least in which such a text stands inside a string.
    pub(super) fn spellings(&self) -> Spellings {
        Spellings::in_strings(match self {
            Self::Contains(finder) => Some(finder.patterns.clone()),
            Self::Equals(wanted) => lower_case_of(longest_plain([wanted.as_str()])),
            Self::Pattern(pieces) => lower_case_of(longest_plain(pieces.iter().map(String::as_str))),
        })
    }
}

/// The longest piece of some texts that is ASCII.
fn longest_plain<'a>(texts: impl IntoIterator<Item = &'a str>) -> &'a str {
    let pieces = texts.into_iter().flat_map(|text| text.split(|c: char| !c.is_ascii()));
    pieces.max_by_key(|piece| piece.len()).unwrap_or_default()
}

/// One of what a text has, in ASCII letters of either case, that has this piece in lower case; none where it may be any text.
fn lower_case_of(piece: &str) -> Option<Vec<String>> {
    // The only letters beyond ASCII whose lower case has letters of ASCII.
    const ODD: [(char, char); 2] = [('k', '\u{212a}'), ('i', '\u{130}')];
    let odd = ODD.iter().filter(|(letter, _)| piece.contains(*letter)).map(|(_, odd)| odd.to_string());
    (!piece.is_empty()).then(|| std::iter::once(piece.to_owned()).chain(odd).collect())
}

fn has_pieces(text: &str, pieces: &[String]) -> bool {
    let Some((first, others)) = pieces.split_first() else { return true };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, middle)) = others.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last.as_str())
}

/// Finds a text in others without copying them.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    patterns: Vec<String>,
    /// Made when it is asked for first: a filter is read anew with every letter that is typed. None where there is nothing
    /// that could not be found.
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl Finder {
    /// Looks for a text as it is, all in lower and all in upper case. Letters beyond ASCII that mix both are not found
    /// in another mixture.
    pub(super) fn new(text: &str) -> Self {
        Self::of(vec![text.to_owned(), text.to_lowercase(), text.to_uppercase()])
    }

    fn of(mut patterns: Vec<String>) -> Self {
        patterns.sort_unstable();
        patterns.dedup();
        Self { patterns, automaton: OnceLock::new() }
    }

    fn automaton(&self) -> Option<&AhoCorasick> {
        let make = || {
            let is_narrow = !self.patterns.iter().any(String::is_empty);
            let automaton = || AhoCorasick::builder().ascii_case_insensitive(true).build(&self.patterns).ok();
            is_narrow.then(automaton).flatten()
        };
        self.automaton.get_or_init(make).as_ref()
    }

    /// Whether the text is in there.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        if bytes.is_empty() {
            return self.patterns.iter().any(String::is_empty);
        }
        self.automaton().is_none_or(|automaton| automaton.is_match(bytes))
    }
}

/// Finds a text in bodies: as it is, and where it stands inside a string of a JSON document.
#[derive(Clone, Debug)]
pub(super) struct BodyFinder {
    in_body: Finder,
    in_line: Spellings,
}

impl BodyFinder {
    /// Case does not count.
    pub(super) fn new(text: &str) -> Self {
        let texts = vec![text.to_owned(), text.to_lowercase(), text.to_uppercase(), in_string(text)];
        Self { in_line: Spellings::in_bodies(&texts), in_body: Finder::of(texts) }
    }

    /// Whether the text is in a body.
    pub(super) fn is_in(&self, body: &[u8]) -> bool {
        self.in_body.is_in(body)
    }

    /// What a line holds at least in a body of which the text is.
    pub(super) const fn spellings(&self) -> &Spellings {
        &self.in_line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_and_stars_stand_for_anything() {
        for (wanted, text, matches) in [
            (TextMatch::contains("linked"), "LinkedIn-audiences", true),
            (TextMatch::contains("über"), "ein Überblick", true),
            (TextMatch::contains(""), "", true),
            (TextMatch::contains("pendo"), "linkedin", false),
            (TextMatch::equals("Pendo"), "pENDO", true),
            (TextMatch::equals("pendo"), "pendo-audiences", false),
            (TextMatch::pattern("LINKEDIN-*"), "linkedin-audiences", true),
            (TextMatch::pattern("*-audiences"), "pendo-audiences", true),
            (TextMatch::pattern("*"), "anything", true),
            (TextMatch::pattern("*"), "", false),
            (TextMatch::pattern("a*b*a"), "ab-a", true),
            (TextMatch::pattern("ab*ba"), "aba", false),
            (TextMatch::pattern("a*"), "ba", false),
        ] {
            assert_eq!(wanted.matches(text), matches, "{wanted:?} {text}");
        }
    }

    #[test]
    fn a_quote_is_found_in_json_where_it_is_escaped() {
        let finder = BodyFinder::new("say \"hi\"");
        assert!(finder.is_in(br#"{"text":"they SAY \"Hi\""}"#));
        assert!(finder.is_in(b"say \"hi\""));
        assert!(!finder.is_in(b"say hi"));
        assert!(BodyFinder::new("\"").is_in(b"a\""));
    }

    #[test]
    fn a_line_is_told_from_others_by_what_every_such_text_has() {
        for (wanted, line, may_be) in [
            (TextMatch::contains("say \"hi\""), r#""They SAY \"Hi\"""#, true),
            (TextMatch::contains("say \"hi\""), r#""they say "hi"""#, false),
            (TextMatch::contains("Über"), "\"ÜBER\"", true),
            (TextMatch::equals("Übermorgen"), "\"ÜBERMORGEN\"", true),
            (TextMatch::equals("Übermorgen"), "\"ÜBERGESTERN\"", false),
            (TextMatch::equals("kelvin"), "\"\u{212a}elvin\"", true),
            (TextMatch::equals("日本"), "\"anything\"", true),
            (TextMatch::pattern("a*\"bc\"*d"), r#""A \"BC\" D""#, true),
            (TextMatch::pattern("a*bc*d"), r#""A B D""#, false),
            (TextMatch::pattern("*"), "\"\"", true),
        ] {
            assert_eq!(wanted.spellings().may_be_in(line.as_bytes()), may_be, "{wanted:?} {line}");
        }
    }

    #[test]
    fn no_other_letter_has_a_lower_case_in_ascii() {
        let odd: Vec<char> = (char::MIN..=char::MAX)
            .filter(|c| !c.is_ascii() && c.to_lowercase().any(|lower| lower.is_ascii()))
            .collect();
        assert_eq!(odd, ['\u{130}', '\u{212a}']);
    }
}
