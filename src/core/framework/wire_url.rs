//! URLs as node-fetch 2 puts them on the wire.
use std::borrow::Cow;
use std::fmt::Write as _;

use url::Url;

/// A URL as it is sent: read as browsers read it (letters escaped, `..` resolved, tabs dropped), then once more as Node's
/// older parser does, which escapes a few more. What is no URL stays as it is.
pub(super) fn on_the_wire(url: &str) -> Cow<'_, str> {
    if is_plain(url) {
        return Cow::Borrowed(url);
    }
    Url::parse(url).map_or(Cow::Borrowed(url), |url| Cow::Owned(escaped(url.as_str())))
}

/// Where a `Location` leads from the URL that was asked.
pub(super) fn joined(base: &str, location: &str) -> String {
    let joined = Url::parse(base).and_then(|base| base.join(location));
    joined.map_or_else(|_| location.to_owned(), |url| escaped(url.as_str()))
}

/// Whether a redirect may take along what proves who we are: to the same host or one below it, by the same scheme.
pub(super) fn is_same_or_below(from: &str, to: &str) -> bool {
    let (Ok(from), Ok(to)) = (Url::parse(from), Url::parse(to)) else { return false };
    let hosts = (from.host_str().unwrap_or_default(), to.host_str().unwrap_or_default());
    let is_below = || hosts.1.strip_suffix(hosts.0).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    from.scheme() == to.scheme() && is_below()
}

/// Whether there is nothing to do: true for nearly every URL, which is then not even copied.
fn is_plain(url: &str) -> bool {
    let Some((host, path)) = url.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else { return false };
    host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
        && !path.starts_with('.')
        && !path.contains("/.")
        && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_~:/?=&%+,.".contains(&byte))
}

/// What Node's older parser escapes besides.
fn escaped(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for letter in url.chars() {
        match letter {
            '{' | '}' | '|' | '\\' | '^' | '`' | '<' | '>' | '"' | '\'' | ' ' => {
                _ = write!(out, "%{:02X}", u32::from(letter));
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_in_a_path_are_escaped_as_node_fetch_does() {
        for (id, sent) in [
            ("seg_42", "/segment/seg_42/visitor"),
            ("a b", "/segment/a%20b/visitor"),
            ("\u{fc}", "/segment/%C3%BC/visitor"),
            ("\u{1f600}", "/segment/%F0%9F%98%80/visitor"),
            ("{x}", "/segment/%7Bx%7D/visitor"),
            ("it's", "/segment/it%27s/visitor"),
            ("a\"b", "/segment/a%22b/visitor"),
            ("a<b>", "/segment/a%3Cb%3E/visitor"),
            ("a|b^c`d", "/segment/a%7Cb%5Ec%60d/visitor"),
            ("a\\b", "/segment/a/b/visitor"),
            ("a?b=c d|{e}'\"", "/segment/a?b=c%20d%7C%7Be%7D%27%22/visitor"),
            ("a#b c{", "/segment/a#b%20c%7B/visitor"),
            ("..", "/visitor"),
            (".", "/segment/visitor"),
            ("a/../b", "/segment/b/visitor"),
            ("%zz%20a%2Fb", "/segment/%zz%20a%2Fb/visitor"),
            ("tab\tx\ny", "/segment/tabxy/visitor"),
            ("a;b@c:d[x]~!$()*,+&=", "/segment/a;b@c:d[x]~!$()*,+&=/visitor"),
            ("//x", "/segment///x/visitor"),
            ("", "/segment//visitor"),
            ("\u{0}x", "/segment/%00x/visitor"),
            ("\u{7f}", "/segment/%7F/visitor"),
        ] {
            let url = format!("https://app.pendo.io/segment/{id}/visitor");
            assert_eq!(on_the_wire(&url), format!("https://app.pendo.io{sent}"), "{id:?}");
        }
        for (url, sent) in [
            ("http://EXAMPLE.com:80", "http://example.com/"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("no url", "no url"),
        ] {
            assert_eq!(on_the_wire(url), sent);
        }
    }

    #[test]
    fn locations_are_resolved_against_the_url_that_was_asked() {
        for (location, expected) in [
            ("https://b.example/x", "https://b.example/x"),
            ("//b.example/x", "https://b.example/x"),
            ("/x?y=1", "https://a.example/x?y=1"),
            ("x y", "https://a.example/one/x%20y"),
            ("../x", "https://a.example/x"),
            ("?z", "https://a.example/one/two?z"),
        ] {
            assert_eq!(joined("https://a.example/one/two?q", location), expected);
        }
        assert_eq!(joined("https://a.example", "x"), "https://a.example/x");
    }

    #[test]
    fn credentials_go_along_to_the_same_host_and_below_it() {
        let from = "https://api.example/one";
        for (to, goes) in [
            ("https://api.example:8443/two", true),
            ("https://eu.api.example/", true),
            ("https://example/", false),
            ("https://myapi.example/", false),
            ("http://api.example/", false),
            ("nowhere", false),
        ] {
            assert_eq!(is_same_or_below(from, to), goes, "{to}");
        }
    }
}
