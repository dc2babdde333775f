//! JSON in colours: cuts a line of JSON, whole or half-written, into pieces of one kind each.
use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId};

use super::theme::{Theme, Tone};

/// What a piece of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A member's name, quotes included.
    Key,
    /// A string value, quotes included.
    Text,
    /// A number.
    Number,
    /// `true`, `false`, `null`.
    Word,
    /// Brackets, commas, colons, white space and whatever is no JSON.
    Other,
}

impl Piece {
    /// Its colour.
    #[must_use]
    pub const fn color(self, theme: &Theme) -> Color32 {
        match self {
            Self::Key => theme.accent,
            Self::Text => theme.tone(Tone::Delivered),
            Self::Number => theme.tone(Tone::Retry),
            Self::Word => theme.tone(Tone::Refresh),
            Self::Other => theme.text,
        }
    }
}

/// The pieces of one line in order, without gaps. A string does not go beyond its line, as JSON has it.
pub fn pieces(line: &str) -> impl Iterator<Item = (Range<usize>, Piece)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = line.get(start..).filter(|rest| !rest.is_empty())?;
        let (length, piece) = first_piece(rest);
        let range = start..start + length;
        start = range.end;
        Some((range, piece))
    })
}

fn first_piece(rest: &str) -> (usize, Piece) {
    let run = |wanted: fn(char) -> bool| rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    match rest.chars().next() {
        Some('"') => {
            let length = string_length(rest);
            let is_key = rest[length..].trim_start().starts_with(':');
            (length, if is_key { Piece::Key } else { Piece::Text })
        }
        Some(c) if c == '-' || c.is_ascii_digit() => {
            (run(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')), Piece::Number)
        }
        Some(c) if c.is_ascii_alphabetic() => {
            let length = run(|c| c.is_ascii_alphanumeric());
            let is_word = matches!(&rest[..length], "true" | "false" | "null");
            (length, if is_word { Piece::Word } else { Piece::Other })
        }
        _ => {
            let starts_piece = |c: char| c == '"' || c == '-' || c.is_ascii_alphanumeric();
            (rest.find(starts_piece).unwrap_or(rest.len()), Piece::Other)
        }
    }
}

/// Length of the string that `rest` begins with, in bytes; the whole rest if it is not closed.
fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => (),
        }
    }
    rest.len()
}

/// Lays out a text of several lines in colours, without wrapping.
#[must_use]
pub fn colored(text: &str, font: &FontId, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    for line in text.split_inclusive('\n') {
        append_line(&mut job, line, font, theme);
    }
    // Without a section a text has no height, and neither has the number of its line.
    job.append("", 0.0, TextFormat::simple(font.clone(), theme.text));
    job.wrap.max_width = f32::INFINITY;
    job
}

/// Adds one line in colours to a layout.
pub fn append_line(job: &mut LayoutJob, line: &str, font: &FontId, theme: &Theme) {
    for (range, piece) in pieces(line) {
        job.append(&line[range], 0.0, TextFormat::simple(font.clone(), piece.color(theme)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pieces_are_told_apart() {
        let line = r#"  "a\"b" : [-1.5e3, true, "x"], nope"#;
        let found: Vec<(&str, Piece)> = pieces(line).map(|(range, piece)| (&line[range], piece)).collect();
        assert_eq!(
            found,
            [
                ("  ", Piece::Other),
                (r#""a\"b""#, Piece::Key),
                (" : [", Piece::Other),
                ("-1.5e3", Piece::Number),
                (", ", Piece::Other),
                ("true", Piece::Word),
                (", ", Piece::Other),
                ("\"x\"", Piece::Text),
                ("], ", Piece::Other),
                ("nope", Piece::Other),
            ]
        );
    }

    proptest! {
        #[test]
        fn pieces_put_together_are_the_line(line in "\\PC*") {
            let together: String = pieces(&line).map(|(range, _)| &line[range]).collect();
            prop_assert_eq!(together, line);
        }
    }
}
