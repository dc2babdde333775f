//! Text from outside on a terminal: one line, and nothing in it that moves the cursor or turns the reading direction.
use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with control characters and direction marks made visible.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_invisible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push('⏎'),
            '\t' => shown.push(' '),
            '\r' => {}
            // Unicode has a picture of each C0 control at U+2400.
            '\0'..' ' => shown.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')),
            // Writing to a string cannot fail.
            c if is_invisible(c) => write!(shown, "<U+{:04X}>", u32::from(c)).unwrap_or_default(),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_text() {
        for (text, shown) in [
            ("plain ünï 💥", "plain ünï 💥"),
            ("two\r\nlines\tand", "two⏎lines and"),
            ("\u{1b}[31mred\u{7}", "␛[31mred␇"),
            ("a\u{202e}b\u{2066}c\u{9b}d", "a<U+202E>b<U+2066>c<U+009B>d"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
