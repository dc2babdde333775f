//! Where secrets stand: the header fields, parameters and members whose values are secrets. The one list for all that
//! masks them on the screen or aliases them in files.
use std::ops::Range;

/// Header fields whose values are secrets.
const HEADERS: &[&str] = &["authorization", "cookie", "set-cookie", "x-pendo-integration-key"];

/// Parameters of URLs and forms, and members of JSON objects, whose values are secrets. Written without `_`, `-` and
/// capitals: `access_token`, `accessToken` and `Access-Token` are the same name.
const KEYS: &[&str] = &["accesstoken", "refreshtoken", "clientsecret"];

/// Whether the value of a parameter or a JSON member of this name is a secret.
#[must_use]
pub fn is_secret_key(key: &str) -> bool {
    let letters = || key.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase());
    KEYS.iter().any(|secret| letters().eq(secret.bytes()))
}

/// Which part of a header field's value is a secret: of `Bearer abc` the token, of a cookie all of it.
#[must_use]
pub fn secret_in_header(name: &str, value: &str) -> Option<Range<usize>> {
    HEADERS.iter().find(|secret| secret.eq_ignore_ascii_case(name))?;
    let scheme = if name.eq_ignore_ascii_case("authorization") { value.find(' ').map_or(0, |at| at + 1) } else { 0 };
    (scheme < value.len()).then_some(scheme..value.len())
}

/// Which parts of a text are secrets, in order and without overlap: values of parameters in URLs and forms, the password
/// of a URL, and values of members in JSON that was cut short or stands amid other text.
#[must_use]
pub fn secrets_in_text(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    if memchr::memchr2(b'=', b':', text.as_bytes()).is_none() {
        return secrets;
    }
    let mut start = 0;
    while let Some(word) = next_word(text, start) {
        start = word.end;
        let secret = if is_secret_key(&text[word.clone()]) {
            value_after_key(text, word.end)
        } else {
            password_after_scheme(text, word.end)
        };
        if let Some(secret) = secret.filter(|secret| !secret.is_empty()) {
            start = secret.end;
            secrets.push(secret);
        }
    }
    secrets
}

fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = text.as_bytes();
    let start = from + bytes.get(from..)?.iter().position(is_word)?;
    let length = bytes[start..].iter().position(|byte| !is_word(byte)).unwrap_or(bytes.len() - start);
    Some(start..start + length)
}

/// The value that follows a key: `=value`, `: value` or `": "value"`.
fn value_after_key(text: &str, key_end: usize) -> Option<Range<usize>> {
    let rest = &text[key_end..];
    let value = match rest.strip_prefix('=') {
        Some(value) => value,
        None => rest.trim_start_matches(['"', '\\']).trim_start().strip_prefix(':')?.trim_start(),
    };
    let unescaped = value.trim_start_matches('\\');
    let (value, length) = match unescaped.strip_prefix('"') {
        Some(quoted) if unescaped.len() < value.len() => (quoted, quoted.find('\\').unwrap_or(quoted.len())),
        Some(quoted) => (quoted, string_length(quoted)),
        None => (value, value.find(|c: char| c.is_whitespace() || "&;,}])<>\"'".contains(c)).unwrap_or(value.len())),
    };
    let start = text.len() - value.len();
    Some(start..start + length)
}

/// Bytes before the quote that ends a JSON string, or before the end of the text.
fn string_length(quoted: &str) -> usize {
    let mut is_escaped = false;
    let ends_string = |byte: u8| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    };
    quoted.bytes().position(ends_string).unwrap_or(quoted.len())
}

/// The password in `://user:password@host`.
fn password_after_scheme(text: &str, scheme_end: usize) -> Option<Range<usize>> {
    let authority = text[scheme_end..].strip_prefix("://")?;
    let authority =
        &authority[..authority.find(|c: char| c.is_whitespace() || "/?#\"".contains(c)).unwrap_or(authority.len())];
    let user_info = &authority[..authority.rfind('@')?];
    let start = scheme_end + "://".len();
    Some(start + user_info.find(':')? + 1..start + user_info.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_a_header_only_the_secret_part_is_one() {
        for (name, value, secret) in [
            ("authorization", "Bearer abc", Some("abc")),
            ("Authorization", "abc", Some("abc")),
            ("authorization", "Bearer ", None),
            ("cookie", "a=1; b=2", Some("a=1; b=2")),
            ("Set-Cookie", "a=1", Some("a=1")),
            ("x-pendo-integration-key", "key", Some("key")),
            ("content-type", "application/json", None),
        ] {
            assert_eq!(secret_in_header(name, value).map(|range| &value[range]), secret, "{name}: {value}");
        }
    }

    #[test]
    fn secrets_are_found_in_urls_forms_and_broken_json() {
        for (text, secrets) in [
            ("refresh_token=r1&client_id=c&client_secret=s%201", &["r1", "s%201"][..]),
            ("https://host/p?access_token=abc#top", &["abc#top"]),
            ("https://ada:pw:1@host/p?x=1", &["pw:1"]),
            ("https://host/p@q:r", &[]),
            (r#"{"access_token":"abc","expires_in":1"#, &["abc"]),
            (r#"{"accessToken" : "abc"#, &["abc"]),
            (r#"{"client_secret":"a\"b\\","next":1"#, &[r#"a\"b\\"#]),
            (r#"got {\"refresh_token\":\"abc\"}"#, &["abc"]),
            ("access_token: abc, more", &["abc"]),
            ("access_token was revoked", &[]),
            ("access_token=&refresh_token=", &[]),
            ("my_access_token=abc", &[]),
        ] {
            let found: Vec<&str> = secrets_in_text(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, secrets, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_searched(text in "(access_token|client_secret|[:=\"\\\\@ /é])*") {
            let mut end = 0;
            for secret in secrets_in_text(&text) {
                prop_assert!(end <= secret.start && text.get(secret.clone()).is_some());
                end = secret.end;
            }
        }
    }
}
