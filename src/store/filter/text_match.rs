//! Whether a text is what a filter asks for: case does not count.
use aho_corasick::AhoCorasick;

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
    /// None where there is nothing that could not be found.
    automaton: Option<AhoCorasick>,
}

impl Finder {
    /// Looks for a text as it is, all in lower and all in upper case. Letters beyond ASCII that mix both are not found
    /// in another mixture.
    pub(super) fn new(text: &str) -> Self {
        Self::of(vec![text.to_owned(), text.to_lowercase(), text.to_uppercase()])
    }

    /// Looks for a text where it may stand inside a string of a JSON document as well.
    pub(super) fn in_json(text: &str) -> Self {
        let escaped = serde_json::Value::from(text).to_string();
        let inside = escaped.get(1..escaped.len() - 1).unwrap_or(text).to_owned();
        Self::of(vec![text.to_owned(), text.to_lowercase(), text.to_uppercase(), inside])
    }

    fn of(mut patterns: Vec<String>) -> Self {
        patterns.sort_unstable();
        patterns.dedup();
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(&patterns).ok();
        Self { automaton: automaton.filter(|_| !patterns.iter().any(String::is_empty)) }
    }

    /// Whether the text is in there.
    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        self.automaton.as_ref().is_none_or(|automaton| automaton.is_match(bytes))
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
        let finder = Finder::in_json("say \"hi\"");
        assert!(finder.is_in(br#"{"text":"they SAY \"Hi\""}"#));
        assert!(finder.is_in(b"say \"hi\""));
        assert!(!finder.is_in(b"say hi"));
        assert!(Finder::in_json("\"").is_in(b"a\""));
    }
}
