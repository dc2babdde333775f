//! Form text, as `URLSearchParams` writes it: in query strings and in the bodies of token requests.

/// `name=value&name=value`, in the order given.
#[must_use]
pub fn form_text<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        push_escaped(&mut text, name);
        text.push('=');
        push_escaped(&mut text, value);
    }
    text
}

/// Letters, digits and `*-._` stay, a space becomes a plus, every other byte of UTF-8 is escaped.
fn push_escaped(text: &mut String, part: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            b' ' => text.push('+'),
            _ => {
                text.push('%');
                text.push(char::from(HEX[usize::from(byte >> 4)]));
                text.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_as_in_a_form() {
        for (value, escaped) in [
            ("urn:li:sponsoredAccount:5123", "urn%3Ali%3AsponsoredAccount%3A5123"),
            ("a b+c", "a+b%2Bc"),
            ("ü~*-._", "%C3%BC%7E*-._"),
        ] {
            assert_eq!(form_text([("q", value)]), format!("q={escaped}"));
        }
        assert_eq!(form_text([("a", "1"), ("b", "")]), "a=1&b=");
    }
}
