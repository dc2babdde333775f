//! Paths, queries and form bodies, as far as the remotes look at them.

/// The path of an absolute URL, without query and fragment.
pub(super) fn path_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let rest = &url[after_scheme..];
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split(['?', '#']).next().unwrap_or(path)
}

/// The first value of a name in the query of a URL.
pub(super) fn query_value(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?')?.1;
    form_value(query.split('#').next().unwrap_or(query), name)
}

/// The first value of a name in a form.
pub(super) fn form_value(form: &str, name: &str) -> Option<String> {
    form.split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find_map(|(key, value)| (decode(key) == name).then(|| decode(value)))
}

/// Undoes form encoding: `+` is a space, `%XX` a byte. What is no valid escape stands for itself.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => match after.get(..2).and_then(hex_byte) {
                Some(escaped) => {
                    bytes.push(escaped);
                    rest = &after[2..];
                }
                None => bytes.push(byte),
            },
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(text, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_decoded() {
        let url = "https://h/rest/dmpSegments?q=account&account=urn%3Ali%3AsponsoredAccount%3A5&key=a+b%zz%2#frag";
        assert_eq!(path_of(url), "/rest/dmpSegments");
        assert_eq!(path_of("https://h"), "/");
        assert_eq!(query_value(url, "account").as_deref(), Some("urn:li:sponsoredAccount:5"));
        assert_eq!(query_value(url, "key").as_deref(), Some("a b%zz%2"));
        assert_eq!(query_value(url, "missing"), None);
        assert_eq!(form_value("grant_type=refresh_token&x", "x").as_deref(), Some(""));
    }
}
