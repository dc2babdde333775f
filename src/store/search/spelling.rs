//! How a line that this program wrote spells what is in it, so that lines which do not hold a text need not be made records
//! of.
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use memchr::memmem;

/// What stands before a body that is no text.
const BASE64: &[u8] = b"\"base64\":";

/// What a line holds at least, if a record of it holds one of some texts.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Spellings {
    patterns: Vec<String>,
    /// Whether nothing tells lines apart.
    is_any: bool,
    /// Whether a body that is no text may hold it, which does not show.
    is_in_bytes: bool,
    /// Made when it is asked for first: a filter is read anew with every letter that is typed.
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl Spellings {
    /// Of a text inside a string of the record, one of `texts` whatever the case; none where that is not known.
    pub(in crate::store) fn in_strings(texts: Option<Vec<String>>) -> Self {
        match texts {
            Some(texts) => Self::of(texts.iter().map(|text| in_string(text))),
            None => Self { is_any: true, ..Self::default() },
        }
    }

    /// Of a text anywhere in the record: in strings, or in a body, which stands there as it is, as a string, or as bytes.
    pub(in crate::store) fn in_bodies(texts: &[String]) -> Self {
        let inside = texts.iter().map(|text| in_string(text));
        Self { is_in_bytes: true, ..Self::of(texts.iter().cloned().chain(inside)) }
    }

    /// Of records that have no bodies.
    pub(in crate::store) fn without_bytes(self) -> Self {
        Self { is_in_bytes: false, ..self }
    }

    fn of(patterns: impl Iterator<Item = String>) -> Self {
        let mut spellings = Self::default();
        patterns.for_each(|pattern| spellings.add_pattern(pattern));
        spellings
    }

    /// Whatever these or those have.
    pub(in crate::store) fn or(mut self, others: Self) -> Self {
        others.patterns.into_iter().for_each(|pattern| self.add_pattern(pattern));
        self.is_any |= others.is_any;
        self.is_in_bytes |= others.is_in_bytes;
        self
    }

    fn add_pattern(&mut self, pattern: String) {
        self.is_any |= pattern.is_empty();
        if !self.patterns.iter().any(|known| known.eq_ignore_ascii_case(&pattern)) {
            self.patterns.push(pattern);
            self.automaton = OnceLock::new();
        }
    }

    /// Whether a line may hold it.
    pub(in crate::store) fn may_be_in(&self, line: &[u8]) -> bool {
        if self.is_any {
            return true;
        }
        if self.patterns.is_empty() {
            return false;
        }
        let automaton = self
            .automaton
            .get_or_init(|| AhoCorasick::builder().ascii_case_insensitive(true).build(&self.patterns).ok());
        automaton.as_ref().is_none_or(|automaton| automaton.is_match(line))
            || (self.is_in_bytes && memmem::find(line, BASE64).is_some())
    }
}

/// A text as it stands inside a string of a JSON document.
pub(in crate::store) fn in_string(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_lacks_a_text_in_every_spelling_does_not_hold_it() {
        for (text, body, may_be) in [
            ("hi", r#"{"a":"HI"}"#, true),
            ("ho", r#"{"a":"hi"}"#, false),
            ("say \"hi\"", r#""they say \"hi\"""#, true),
            ("a\\b", r#""a\\b""#, true),
            ("\"a\":1", r#"{"a":1}"#, true),
            ("\"a\":1", r#""{\"a\":1}""#, true),
            ("ho", r#"{"base64":"aG8="}"#, true),
        ] {
            let spellings = Spellings::in_bodies(&[text.to_owned()]);
            assert_eq!(spellings.may_be_in(body.as_bytes()), may_be, "{text} {body}");
        }
    }

    #[test]
    fn where_nothing_is_known_any_line_may_hold_it_and_where_nothing_is_wanted_none() {
        assert!(Spellings::in_strings(None).may_be_in(b"{}"));
        assert!(Spellings::in_strings(Some(vec![String::new()])).may_be_in(b"{}"));
        assert!(!Spellings::default().may_be_in(b"{}"));
        let both = Spellings::in_strings(Some(vec!["a\"b".to_owned()])).or(Spellings::in_bodies(&["c".to_owned()]));
        for (line, may_be) in
            [(&br#"["A\"B"]"#[..], true), (br#"["ab"]"#, false), (b"C", true), (b"{\"base64\":", true)]
        {
            assert_eq!(both.may_be_in(line), may_be, "{line:?}");
        }
    }
}
