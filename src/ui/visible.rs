//! Text from outside made fit to look at: characters that do not show, or that turn the direction of others, are
//! written out as `‹U+202E›`, and what is too long for a label is cut.
use std::borrow::Cow;
use std::fmt::Write as _;

/// A label longer than this is cut: laying it out would cost more than anyone reads.
const MAX_LABEL_CHARS: usize = 2_000;

/// Whether a character would not show, or would change how others show.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// How many columns of fixed-width type a character takes, written out where it is hidden. A mark that combines with
/// the letter before it counts as one, so that no line of them is endless.
#[must_use]
pub fn columns(c: char) -> usize {
    match c {
        ' '..='~' => 1,
        '\t' => TAB.len(),
        c if is_hidden(c) && u32::from(c) > 0xffff => "‹U+e0001›".chars().count(),
        c if is_hidden(c) => "‹U+202E›".chars().count(),
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1f9ff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// What a tab is shown as.
const TAB: &str = "    ";

/// The text with hidden characters written out and tabs as spaces.
#[must_use]
pub fn written_out(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => shown.push_str(TAB),
            c if is_hidden(c) => write_out(&mut shown, c),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// The text as a label for people: hidden characters written out, line breaks as spaces, cut where it is too long.
#[must_use]
pub fn label(text: &str) -> Cow<'_, str> {
    let end = text.char_indices().nth(MAX_LABEL_CHARS).map_or(text.len(), |(end, _)| end);
    if end == text.len() && !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(end + 16);
    for c in text[..end].chars() {
        match c {
            '\n' | '\t' => shown.push(' '),
            '\r' => (),
            c if is_hidden(c) => write_out(&mut shown, c),
            c => shown.push(c),
        }
    }
    if end < text.len() {
        shown.push('…');
    }
    Cow::Owned(shown)
}

fn write_out(shown: &mut String, c: char) {
    // Writing to a String cannot fail.
    write!(shown, "‹U+{:04X}›", u32::from(c)).unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_turns_or_hides_text_is_written_out() {
        for (text, shown) in [
            ("plain ünï", "plain ünï"),
            ("a\u{202e}b", "a‹U+202E›b"),
            ("\u{1b}[31m", "‹U+001B›[31m"),
            ("nul\0", "nul‹U+0000›"),
            ("zero\u{200b}width", "zero‹U+200B›width"),
            ("a\tb", "a    b"),
        ] {
            assert_eq!(written_out(text), shown);
            let n_columns: usize = text.chars().map(columns).sum();
            assert_eq!(n_columns, shown.chars().count(), "{shown}");
        }
    }

    #[test]
    fn a_label_is_one_line_and_ends_somewhere() {
        assert_eq!(label("two\r\nlines"), "two lines");
        assert_eq!(label(&"x".repeat(MAX_LABEL_CHARS)).chars().count(), MAX_LABEL_CHARS);
        assert_eq!(label(&"x".repeat(MAX_LABEL_CHARS + 1)).chars().last(), Some('…'));
    }
}
