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

/// `JSON.stringify(text)`.
#[must_use]
pub fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `JSON.stringify(value)`: no blanks, numbers as JavaScript writes them, keys that are array indices first.
#[must_use]
pub fn json_text(value: &Value) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

fn write_json(value: &Value, out: &mut String) {
    match value {
        Value::Number(number) => {
            let number = number::double(number);
            out.push_str(&if number.is_finite() { number::text(number) } else { "null".to_owned() });
        }
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (position, (key, field)) in in_javascript_order(fields).into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                out.push_str(&quoted(key));
                out.push(':');
                write_json(field, out);
            }
            out.push('}');
        }
        // Writing to a text cannot fail.
        simple => _ = write!(out, "{simple}"),
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
    fn length_and_trim_follow_utf_16() {
        assert_eq!(utf16_len("a😀é"), 4);
        assert_eq!(trim("\u{feff} a b\n"), "a b");
        assert_eq!(trim("\u{85}a"), "\u{85}a");
    }

    #[test]
    fn the_article_goes_by_the_first_letter() {
        assert_eq!([article("object"), article("string"), article("undefined")], ["an", "a", "an"]);
    }
}
