//! Reading properties: `value[key]`, and the paths that are made of it.
use std::borrow::Cow;

use serde_json::Value;

use super::text::{array_index, utf16_len};

/// What a lookup gives: a part of the value it was made in, or something computed such as a length; `None` for
/// undefined.
pub type Found<'a> = Option<Cow<'a, Value>>;

/// `value[key]`. Besides fields and elements it knows the length of arrays and texts and the letters of a text; methods
/// and what else JavaScript objects inherit count as undefined. Half of a letter outside the basic plane reads as
/// U+FFFD, because texts here are whole letters.
#[must_use]
pub fn member<'a>(value: &'a Value, key: &str) -> Found<'a> {
    match value {
        Value::Object(fields) => fields.get(key).map(Cow::Borrowed),
        Value::Array(items) if key == "length" => Some(Cow::Owned(items.len().into())),
        Value::Array(items) => items.get(usize::try_from(array_index(key)?).ok()?).map(Cow::Borrowed),
        Value::String(text) if key == "length" => Some(Cow::Owned(utf16_len(text).into())),
        Value::String(text) => {
            let unit = text.encode_utf16().nth(usize::try_from(array_index(key)?).ok()?)?;
            Some(Cow::Owned(String::from_utf16_lossy(&[unit]).into()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Follows keys from a value. A parent that is falsy (null, 0, false, empty text) is the answer itself, whatever keys
/// are left: that is how the reference's `get` ends.
#[must_use]
pub fn lookup(root: &Value, keys: impl IntoIterator<Item = impl AsRef<str>>) -> Found<'_> {
    let mut current = Cow::Borrowed(root);
    for key in keys {
        if !super::truthy(&current) {
            return Some(current);
        }
        current = match current {
            Cow::Borrowed(value) => member(value, key.as_ref())?,
            Cow::Owned(value) => Cow::Owned(member(&value, key.as_ref())?.into_owned()),
        };
    }
    Some(current)
}

/// The keys that a mapping path is made of: split at dots and at brackets that hold a number or a quoted key, quotes
/// taken off. Empty for `''` and `'.'`, which mean the whole value.
#[must_use]
pub fn keys(path: &str) -> Vec<String> {
    let opens = |rest: &str| rest.starts_with(|letter: char| matches!(letter, '"' | '\'') || letter.is_ascii_digit());
    let mut keys = Vec::new();
    let mut key = String::new();
    let mut previous = None;
    for (position, letter) in path.char_indices() {
        let splits = match letter {
            '.' => true,
            '[' => opens(&path[position + 1..]),
            // A run of closing brackets ends together with its first.
            ']' => previous.is_some_and(|(before, split)| {
                matches!(before, '"' | '\'') || char::is_ascii_digit(&before) || (before == ']' && split)
            }),
            _ => false,
        };
        if splits {
            keys.push(std::mem::take(&mut key));
        } else {
            key.push(letter);
        }
        previous = Some((letter, splits));
    }
    keys.push(key);
    keys.retain(|key| !key.is_empty());
    for key in &mut keys {
        key.retain(|letter| !matches!(letter, '"' | '\''));
    }
    keys
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_split_at_dots_and_at_brackets_with_numbers_or_quotes() {
        for (path, expected) in [
            ("", &[][..]),
            (".", &[]),
            ("..", &[]),
            ("a.", &["a"]),
            ("a.b.0", &["a", "b", "0"]),
            ("a[0].b", &["a", "0", "b"]),
            ("a.[0]", &["a", "0"]),
            ("a['x y']", &["a", "x y"]),
            ("a[\"x.y\"]", &["a", "x", "y"]),
            ("a[b].c", &["a[b]", "c"]),
            ("a[0]]].b", &["a", "0", "b"]),
            ("1]]2]", &["1", "2"]),
            ("a[x]]", &["a[x]]"]),
            ("a]0]", &["a]0"]),
            ("a['']", &["a", ""]),
            ("$['a']", &["$", "a"]),
        ] {
            assert_eq!(keys(path), expected, "{path}");
        }
    }

    #[test]
    fn a_falsy_parent_is_the_answer() {
        let event = json!({"null": null, "zero": 0, "empty": "", "text": "h😀y", "list": [{"x": 1}], "yes": true});
        for (path, expected) in [
            ("null.b.c", Some(json!(null))),
            ("zero.b", Some(json!(0))),
            ("empty.b", Some(json!(""))),
            ("text.length", Some(json!(4))),
            ("text.0", Some(json!("h"))),
            ("list.length", Some(json!(1))),
            ("list.length.x", None),
            ("list[0].x", Some(json!(1))),
            ("list.00", None),
            ("yes.b", None),
            ("missing.b", None),
        ] {
            assert_eq!(lookup(&event, keys(path)).map(Cow::into_owned), expected, "{path}");
        }
        assert_eq!(lookup(&event, keys(".")).as_deref(), Some(&event));
    }
}
