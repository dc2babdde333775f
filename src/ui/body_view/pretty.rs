//! JSON with one value a line, secrets masked on the way.
use std::fmt::Write as _;

use serde_json::Value;

use crate::ui::mask::Mask;

/// The document as indented text.
pub(super) fn pretty(value: &Value, mask: &Mask<'_>) -> String {
    let mut text = String::new();
    write_value(&mut text, value, 0, mask);
    text
}

fn write_value(text: &mut String, value: &Value, depth: usize, mask: &Mask<'_>) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let mut first = true;
            text.push('[');
            for item in items {
                next_line(text, depth + 1, !std::mem::take(&mut first));
                write_value(text, item, depth + 1, mask);
            }
            next_line(text, depth, false);
            text.push(']');
        }
        Value::Object(members) if !members.is_empty() => {
            let mut first = true;
            text.push('{');
            for (key, value) in members {
                next_line(text, depth + 1, !std::mem::take(&mut first));
                write_string(text, key);
                text.push_str(": ");
                match mask.member(key, value) {
                    Some(alias) => write_string(text, &alias),
                    None => write_value(text, value, depth + 1, mask),
                }
            }
            next_line(text, depth, false);
            text.push('}');
        }
        Value::String(string) => write_string(text, &mask.text(string)),
        Value::Array(_) => text.push_str("[]"),
        Value::Object(_) => text.push_str("{}"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Null => text.push_str("null"),
        Value::Number(number) => text.push_str(&number.to_string()),
    }
}

fn next_line(text: &mut String, depth: usize, comma: bool) {
    text.push_str(if comma { ",\n" } else { "\n" });
    text.extend(std::iter::repeat_n("  ", depth));
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    let mut start = 0;
    for (at, c) in string.char_indices().filter(|(_, c)| *c < ' ' || matches!(c, '"' | '\\')) {
        text.push_str(&string[start..at]);
        start = at + c.len_utf8();
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // Writing to a String cannot fail.
            c => write!(text, "\\u{:04x}", u32::from(c)).unwrap_or_default(),
        }
    }
    text.push_str(&string[start..]);
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn one_value_a_line_and_secrets_hidden() {
        let value = json!({"status": 401, "none": [], "deep": [{"a": null}, true], "access_token": "abc"});
        let text = pretty(&value, &Mask::HIDE_ALL);
        let expected = r#"{
  "status": 401,
  "none": [],
  "deep": [
    {
      "a": null
    },
    true
  ],
  "access_token": "‹hidden›"
}"#;
        assert_eq!(text, expected);
    }

    proptest! {
        #[test]
        fn strings_read_back_as_they_were(key in ".*", string in ".*") {
            let value = json!({ key: string });
            let revealed = Mask { revealed: true, ..Mask::HIDE_ALL };
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&pretty(&value, &revealed)).ok(), Some(value));
        }
    }
}
