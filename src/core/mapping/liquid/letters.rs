//! Which letters are blanks and which make words.

/// Whether a letter is a blank to the template language, which knows fewer than JavaScript does.
pub(super) fn is_blank(letter: char) -> bool {
    matches!(
        letter,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
            | '\u{202f}' | '\u{205f}' | '\u{3000}'
    )
}

/// Whether a letter can stand in a name: ASCII letters and digits, `_`, `-`, `?`, and every foreign letter that is
/// neither a blank nor a curly quote.
pub(super) fn is_word(letter: char) -> bool {
    match letter {
        '0'..='9' | 'a'..='z' | 'A'..='Z' | '_' | '-' | '?' => true,
        '\u{201c}' | '\u{201d}' => false,
        foreign => !foreign.is_ascii() && !is_blank(foreign),
    }
}
