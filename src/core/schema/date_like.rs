//! Texts that pass as a time: whatever the reference's date library makes a valid date of.
use crate::core::js;

/// Whether a text is a time: a number (of seconds), a date in figures with or without a time, or anything that
/// JavaScript's `Date` understands. Months and days past their end roll over, so `2024-13-45` counts.
pub(super) fn is_date_like(text: &str) -> bool {
    let seconds = js::number_from_text(text);
    if js::number_text(seconds) == text {
        return js::is_date(seconds * 1000.0);
    }
    (!text.ends_with(['Z', 'z']) && is_in_figures(text)) || js::parse_date(text).is_some()
}

/// `YYYY[-/]?M[-/]?D` with an optional time behind it, of which every part may be missing.
fn is_in_figures(text: &str) -> bool {
    let mut rest = text;
    if digits(&mut rest, 4) != 4 {
        return false;
    }
    skip_one(&mut rest, &['-', '/']);
    digits(&mut rest, 2);
    skip_one(&mut rest, &['-', '/']);
    digits(&mut rest, 2);
    rest = rest.trim_start_matches(|letter: char| matches!(letter, 'T' | 't') || js::is_blank(letter));
    for _ in 0..2 {
        digits(&mut rest, 2);
        skip_one(&mut rest, &[':']);
    }
    digits(&mut rest, 2);
    skip_one(&mut rest, &['.', ':']);
    rest.bytes().all(|byte| byte.is_ascii_digit())
}

/// Takes at most `limit` digits and says how many.
fn digits(rest: &mut &str, limit: usize) -> usize {
    let count = rest.bytes().take(limit).take_while(u8::is_ascii_digit).count();
    *rest = &rest[count..];
    count
}

fn skip_one(rest: &mut &str, letters: &[char]) {
    *rest = rest.strip_prefix(letters).unwrap_or(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_what_the_reference_s_date_library_takes() {
        for text in [
            "2024-01-15",
            "2024-13-45",
            "2024/1/5",
            "20240115",
            "2024",
            "2024-01-15T10:00:00.123456",
            "2024-01-15 10:00",
            "2024-01-15T10:00:00Z",
            "2024-01-15T10:00:00+02:00",
            "1700000000",
            "1700000000000",
            "-5",
            "1.5",
            "5",
            "99999999999999999",
        ] {
            assert!(is_date_like(text), "{text}");
        }
        for text in ["", "true", "hello", "NaN", "Infinity", "1e300", "2024-13-45T00:00:00Z"] {
            assert!(!is_date_like(text), "{text}");
        }
    }
}
