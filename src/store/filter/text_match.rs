//! Whether a text is what a filter asks for: case does not count.
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use memchr::{memchr, memmem};

/// What stands before a body that is no text.
const BASE64: &[u8] = b"\"base64\":";
/// How the line of an event begins that this program wrote. It has no body.
const OUR_EVENT: &[u8] = b"{\"type\":\"event\",\"id\":\"";

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
    /// What a line holds that this program wrote, if the text is in a body of it.
    in_line: Finder,
}

impl BodyFinder {
    /// Case does not count.
    pub(super) fn new(text: &str) -> Self {
        let bare = vec![text.to_owned(), text.to_lowercase(), text.to_uppercase(), in_string(text)];
        let escaped = bare.iter().map(|text| in_string(text));
        let in_line = Finder::of(bare.iter().cloned().chain(escaped).collect());
        Self { in_body: Finder::of(bare), in_line }
    }

    /// Names the lines, of whole ones, in a body of which the text may be.
    pub(super) fn lines_with(&self, lines: &[u8], take: &mut dyn FnMut(Range<usize>)) {
        let may_be_anywhere = self.in_line.is_in(lines) || memmem::find(lines, BASE64).is_some();
        let mut start = 0;
        while start < lines.len() {
            let end = memchr(b'\n', &lines[start..]).map_or(lines.len(), |length| start + length);
            let line = &lines[start..end];
            let may_be = if may_be_anywhere { self.may_be_in_line(line) } else { !is_ours(line) };
            if may_be && !line.starts_with(OUR_EVENT) {
                take(start..end);
            }
            start = end + 1;
        }
    }

    /// Whether the text is in a body.
    pub(super) fn is_in(&self, body: &[u8]) -> bool {
        self.in_body.is_in(body)
    }

    /// Whether a body of a record may hold the text, going by its line as it stands in a file. Only of a line in our own
    /// form is it known how it spells what is in it.
    pub(super) fn may_be_in_line(&self, line: &[u8]) -> bool {
        !is_ours(line) || self.in_line.is_in(line) || memmem::find(line, BASE64).is_some()
    }
}

/// Whether a line begins as this program writes attempts, with what it says in brief; who writes that writes the rest as
/// `serde_json` does.
fn is_ours(line: &[u8]) -> bool {
    line.starts_with(b"{\"type\":\"attempt\",\"id\":\"") && memmem::find(line, b",\"brief\":{\"decision\":\"").is_some()
}

/// A text as it stands inside a string of a JSON document.
fn in_string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or(text).to_owned()
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
    fn a_line_of_ours_that_lacks_the_text_need_not_be_read() {
        let line = |body: &str| {
            let head = r#"{"type":"attempt","id":"a1","brief":{"decision":"retry"},"exchanges":[{"request":{"body":"#;
            format!("{head}{body}}}}}]}}").into_bytes()
        };
        for (text, body, may_be) in [
            ("hi", r#"{"a":"HI"}"#, true),
            ("ho", r#"{"a":"hi"}"#, false),
            ("say \"hi\"", r#""they say \"hi\"""#, true),
            ("a\\b", r#""a\\b""#, true),
            ("\"a\":1", r#"{"a":1}"#, true),
            ("\"a\":1", r#""{\"a\":1}""#, true),
            ("ho", r#"{"base64":"aG8="}"#, true),
        ] {
            assert_eq!(BodyFinder::new(text).may_be_in_line(&line(body)), may_be, "{text} {body}");
        }
        assert!(BodyFinder::new("ho").may_be_in_line(b"{\"type\": \"attempt\"}"), "spelled in another way");
    }
}
