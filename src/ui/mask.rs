//! Hides secrets on the screen: header values, parameters and members that `core::secret_names` lists, unless people
//! asked to see them.
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use serde_json::Value;

use crate::core::secret_names;

/// Numbers secrets in the order in which they are shown, so that equal ones are seen to be equal.
#[derive(Debug, Default)]
pub struct AliasBook(RefCell<HashMap<String, usize>>);

impl AliasBook {
    /// What stands for a secret on the screen.
    #[must_use]
    pub fn alias(&self, secret: &str) -> Cow<'static, str> {
        let mut book = self.0.borrow_mut();
        let number = book.len() + 1;
        Cow::Owned(format!("‹hidden#{}›", *book.entry(secret.to_owned()).or_insert(number)))
    }
}

/// How secrets are shown.
#[derive(Clone, Copy)]
pub struct Mask<'a> {
    /// Whether people asked to see secrets.
    pub revealed: bool,
    /// What to show in place of a secret: the same for the same secret, where equality is to be seen.
    pub alias: &'a dyn Fn(&str) -> Cow<'static, str>,
}

impl std::fmt::Debug for Mask<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mask").field("revealed", &self.revealed).finish_non_exhaustive()
    }
}

impl Mask<'static> {
    /// Every secret is `‹hidden›`.
    pub const HIDE_ALL: Self = Self { revealed: false, alias: &|_| Cow::Borrowed("‹hidden›") };
}

impl Mask<'_> {
    /// A header's value.
    #[must_use]
    pub fn header<'t>(&self, name: &str, value: &'t str) -> Cow<'t, str> {
        match secret_names::secret_in_header(name, value) {
            Some(secret) if !self.revealed => self.replaced(value, vec![secret]),
            _ => Cow::Borrowed(value),
        }
    }

    /// A URL, a form, or any other text.
    #[must_use]
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.revealed {
            return Cow::Borrowed(text);
        }
        self.replaced(text, secret_names::secrets_in_text(text))
    }

    /// What to show in place of the value of a JSON member, if that is a secret.
    #[must_use]
    pub fn member(&self, key: &str, value: &Value) -> Option<Cow<'static, str>> {
        if self.revealed || !secret_names::is_secret_key(key) {
            return None;
        }
        match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() || is_alias(text) => None,
            Value::String(text) => Some((self.alias)(text)),
            other => Some((self.alias)(&other.to_string())),
        }
    }

    /// A JSON document, for copying.
    #[must_use]
    pub fn json(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => {
                let masked = members.iter().map(|(key, value)| {
                    let masked = self.member(key, value).map(Value::from);
                    (key.clone(), masked.unwrap_or_else(|| self.json(value)))
                });
                Value::Object(masked.collect())
            }
            value => value.clone(),
        }
    }

    fn replaced<'t>(&self, text: &'t str, mut secrets: Vec<Range<usize>>) -> Cow<'t, str> {
        secrets.retain(|secret| !is_alias(&text[secret.clone()]));
        if secrets.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        for secret in secrets {
            masked.push_str(&text[end..secret.start]);
            masked.push_str(&(self.alias)(&text[secret.clone()]));
            end = secret.end;
        }
        masked.push_str(&text[end..]);
        Cow::Owned(masked)
    }
}

/// Whether a file that holds no secrets put this in the place of one.
fn is_alias(text: &str) -> bool {
    text.starts_with('‹') && text.ends_with('›')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn equal_secrets_have_equal_aliases() {
        let book = AliasBook::default();
        let shown = ["a", "b", "a"].map(|secret| book.alias(secret));
        assert_eq!(shown, ["‹hidden#1›", "‹hidden#2›", "‹hidden#1›"]);
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let mask = Mask::HIDE_ALL;
        assert_eq!(mask.header("authorization", "Bearer abc"), "Bearer ‹hidden›");
        assert_eq!(mask.header("content-type", "text/plain"), "text/plain");
        assert_eq!(mask.text("https://host/p?access_token=abc&x=1"), "https://host/p?access_token=‹hidden›&x=1");
        let body = json!({"access_token": "abc", "deep": [{"client_secret": "s"}], "expires_in": 1, "note": "x"});
        let masked =
            json!({"access_token": "‹hidden›", "deep": [{"client_secret": "‹hidden›"}], "expires_in": 1, "note": "x"});
        assert_eq!(mask.json(&body), masked);
    }

    #[test]
    fn equal_secrets_stay_equal_where_the_alias_tells() {
        let alias = |secret: &str| Cow::Owned(format!("‹token#{}›", if secret == "one" { 1 } else { 2 }));
        let mask = Mask { revealed: false, alias: &alias };
        assert_eq!(mask.header("authorization", "Bearer one"), "Bearer ‹token#1›");
        assert_eq!(mask.member("access_token", &json!("one")).as_deref(), Some("‹token#1›"));
        assert_eq!(mask.member("access_token", &json!("two")).as_deref(), Some("‹token#2›"));
    }

    #[test]
    fn the_aliases_of_a_file_are_shown_as_they_are() {
        let mask = Mask::HIDE_ALL;
        assert_eq!(mask.header("authorization", "Bearer ‹token#1›"), "Bearer ‹token#1›");
        assert_eq!(mask.text("refresh_token=‹token#2›&x=1"), "refresh_token=‹token#2›&x=1");
        assert_eq!(mask.member("access_token", &json!("‹token#1›")), None);
    }

    #[test]
    fn nothing_is_hidden_from_people_who_ask() {
        let mask = Mask { revealed: true, ..Mask::HIDE_ALL };
        assert_eq!(mask.header("cookie", "a=1"), "a=1");
        assert_eq!(mask.text("client_secret=s"), "client_secret=s");
        assert_eq!(mask.json(&json!({"access_token": "abc"})), json!({"access_token": "abc"}));
    }
}
