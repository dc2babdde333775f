//! Texts: blanks, lengths, JSON.
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::number;

/// Whether JavaScript counts a letter as blank or as the end of a line: the byte order mark too, but not U+0085.
#[must_use]
pub fn is_blank(letter: char) -> bool {
    (letter.is_whitespace() && letter != '\u{85}') || letter == '\u{feff}'
}

/// `text.trim()`: blanks at both ends taken off.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// `text.length`: UTF-16 units, so that letters outside the basic plane count twice.
#[must_use]
pub fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// `a` or `an`, as the reference chooses it: by the first letter alone.
#[must_use]
pub fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// What the engine says of a text that is no JSON. Of texts that go wrong inside a list, an object or a quoted text it
/// says more than this, which then tells of the end.
#[must_use]
pub fn json_error(text: &str) -> String {
    const CONTEXT: usize = 10;
    let letters: Vec<char> = text.chars().collect();
    let begin = letters.iter().take_while(|letter| matches!(letter, ' ' | '\t' | '\n' | '\r')).count();
    let wrong = match letters.get(begin) {
        Some('{' | '[' | '"' | '-' | '0'..='9') | None => None,
        Some(first) => {
            let word = ["true", "false", "null"].into_iter().find(|word| word.starts_with(*first)).unwrap_or_default();
            let n_right =
                letters[begin..].iter().zip(word.chars()).take_while(|(letter, right)| *letter == right).count();
            letters.get(begin + n_right).map(|letter| (begin + n_right, letter))
        }
    };
    let Some((place, letter)) = wrong else { return "Unexpected end of JSON input".to_owned() };
    let shown: String = letters.iter().take(place + CONTEXT).collect();
    let (shown, rest) = if utf16_len(text) > 2 * CONTEXT { (shown.as_str(), "...") } else { (text, "") };
    format!("Unexpected token '{letter}', \"{shown}\"{rest} is not valid JSON")
}

/// `JSON.stringify(text)`.
#[must_use]
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `JSON.stringify(value)`: no blanks, numbers as JavaScript writes them, keys that are array indices first.
#[must_use]
pub fn json_text(value: &Value) -> String {
    indented_json_text(value, None)
}

/// `JSON.stringify(value, null, gap)`: with a gap every element and every field has a line of its own, with the gap
/// before it as often as it is deep.
#[must_use]
pub fn indented_json_text(value: &Value, gap: Option<&str>) -> String {
    let mut writer = JsonWriter { out: String::new(), gap, depth: 0 };
    writer.value(value);
    writer.out
}

struct JsonWriter<'g> {
    out: String,
    gap: Option<&'g str>,
    depth: usize,
}

impl JsonWriter<'_> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Number(number) => {
                let number = number::double(number);
                self.out.push_str(&if number.is_finite() { number::text(number) } else { "null".to_owned() });
            }
            Value::Array(items) => self.list(['[', ']'], items, Self::value),
            Value::Object(fields) => {
                self.list(['{', '}'], in_javascript_order(fields), |writer, (key, field)| {
                    writer.out.push_str(&quoted(key));
                    writer.out.push_str(if writer.gap.is_some() { ": " } else { ":" });
                    writer.value(field);
                });
            }
            // Writing to a text cannot fail.
            simple => _ = write!(self.out, "{simple}"),
        }
    }

    fn list<T>(&mut self, [open, close]: [char; 2], items: impl IntoIterator<Item = T>, write: impl Fn(&mut Self, T)) {
        self.out.push(open);
        self.depth += 1;
        let mut is_first = true;
        for item in items {
            if !is_first {
                self.out.push(',');
            }
            is_first = false;
            self.line();
            write(self, item);
        }
        self.depth -= 1;
        if !is_first {
            self.line();
        }
        self.out.push(close);
    }

    /// Begins a line, if there are lines.
    fn line(&mut self) {
        if let Some(gap) = self.gap {
            self.out.push('\n');
            (0..self.depth).for_each(|_| self.out.push_str(gap));
        }
    }
}

/// The order in which JavaScript walks an object: array indices by size, then the other keys as they were added.
fn in_javascript_order(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut entries: Vec<_> = fields.iter().collect();
    entries.sort_by_key(|(key, _)| array_index(key).unwrap_or(u32::MAX));
    entries
}

/// The array index that a key is: digits without a leading zero, below 2³² − 1.
pub(super) fn array_index(key: &str) -> Option<u32> {
    let is_plain = key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit()));
    if is_plain { key.parse().ok().filter(|index| *index != u32::MAX) } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_written_as_javascript_does() {
        for (value, expected) in [
            (json!({"b": 1.0, "a": [null, true, "x\"y\n"]}), r#"{"b":1,"a":[null,true,"x\"y\n"]}"#),
            (json!({"b": 0, "10": 1, "2": 2, "02": 3}), r#"{"2":2,"10":1,"b":0,"02":3}"#),
            (json!(1e21), "1e+21"),
            (json!(12_345_678_901_234_567_890_u64), "12345678901234567000"),
            (json!([]), "[]"),
        ] {
            assert_eq!(json_text(&value), expected);
        }
    }

    #[test]
    fn a_gap_puts_every_element_on_a_line_of_its_own() {
        let value = json!({"b": {}, "c": [], "d": [{"e": 1}]});
        let expected = "{\n--\"b\": {},\n--\"c\": [],\n--\"d\": [\n----{\n------\"e\": 1\n----}\n--]\n}";
        assert_eq!(indented_json_text(&value, Some("--")), expected);
        assert_eq!(indented_json_text(&json!([1, 2]), Some("")), "[\n1,\n2\n]");
    }

    #[test]
    fn length_and_trim_follow_utf_16() {
        assert_eq!(utf16_len("a😀é"), 4);
        assert_eq!(trim("\u{feff} a b\n"), "a b");
        assert_eq!(trim("\u{85}a"), "\u{85}a");
    }

    #[test]
    fn text_that_is_no_json_is_refused_in_the_engine_s_words() {
        for (text, expected) in [
            ("", "Unexpected end of JSON input"),
            ("  ", "Unexpected end of JSON input"),
            ("tru", "Unexpected end of JSON input"),
            ("not json", "Unexpected token 'o', \"not json\" is not valid JSON"),
            ("plain", "Unexpected token 'p', \"plain\" is not valid JSON"),
            ("plain text failure here", "Unexpected token 'p', \"plain text\"... is not valid JSON"),
            ("<html><body>x</body></html>", "Unexpected token '<', \"<html><bod\"... is not valid JSON"),
            ("  plain text failure here", "Unexpected token 'p', \"  plain text\"... is not valid JSON"),
        ] {
            assert_eq!(json_error(text), expected);
        }
    }

    #[test]
    fn the_article_goes_by_the_first_letter() {
        assert_eq!([article("object"), article("string"), article("undefined")], ["an", "a", "an"]);
    }
}
