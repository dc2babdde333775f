//! Where the lines of a text begin and how they are broken to a width: indexed once for a text and a width, so that a
//! frame asks only for the lines that it shows.
use std::ops::Range;

use crate::ui::visible;

/// A line that is not broken to the width is broken here all the same: nothing lays out a line without end.
const MAX_COLUMNS: usize = 4_000;

/// A line is not broken to less than this.
const MIN_COLUMNS: usize = 8;

/// Share of the width that a broken line may give away to end between words.
const MAX_RAGGED_SHARE: usize = 3;

/// How lines are broken that are too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapping {
    /// After so many columns.
    At(usize),
    /// Not at all, as long as that can be laid out.
    Never,
}

/// One line on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it begins in the text, in bytes.
    start: usize,
    /// Its line in the text, from 1.
    pub(super) line: usize,
    /// How many columns it is indented by, beyond what is in the text.
    pub(super) indent: usize,
    /// Whether it goes on with the line of the row before.
    pub(super) is_continued: bool,
    /// Whether it begins inside a JSON string.
    pub(super) in_string: bool,
}

/// The rows of a text.
#[derive(Debug, Default)]
pub(super) struct Rows {
    index: Vec<Row>,
    text_len: usize,
    n_lines: usize,
    max_columns: usize,
}

impl Rows {
    /// Indexes a text.
    pub(super) fn index(text: &str, wrapping: Wrapping) -> Self {
        let mut rows = Self { text_len: text.len(), ..Self::default() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            rows.n_lines += 1;
            rows.add_line(text, start..start + line.len(), wrapping);
            start += line.len();
        }
        rows
    }

    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// Columns of the widest row, where rows are not broken to a width.
    pub(super) fn max_columns(&self) -> usize {
        self.max_columns
    }

    pub(super) fn get(&self, row_idx: usize) -> Option<Row> {
        self.index.get(row_idx).copied()
    }

    /// Which part of the text a row shows, the line break left out.
    pub(super) fn range(&self, text: &str, row_idx: usize) -> Range<usize> {
        let Some(row) = self.index.get(row_idx) else { return 0..0 };
        let end = self.index.get(row_idx + 1).map_or(self.text_len, |next| next.start);
        let shown = text[row.start..end].trim_end_matches('\n');
        row.start..row.start + shown.strip_suffix('\r').unwrap_or(shown).len()
    }

    /// The row that shows a byte of the text.
    pub(super) fn row_at(&self, offset: usize) -> usize {
        self.index.partition_point(|row| row.start <= offset).saturating_sub(1)
    }

    fn add_line(&mut self, text: &str, line: Range<usize>, wrapping: Wrapping) {
        let shown = text[line.clone()].trim_end_matches(['\n', '\r']);
        self.index.push(Row {
            start: line.start,
            line: self.n_lines,
            indent: 0,
            is_continued: false,
            in_string: false,
        });
        let limits = Limits::of(shown, wrapping);
        match is_plain(shown.as_bytes()) {
            true if shown.len() <= limits.columns => self.max_columns = self.max_columns.max(shown.len()),
            true => self.break_plain_line(shown, line.start, &limits),
            false => self.break_line(shown, line.start, &limits),
        }
    }

    fn continue_at(&mut self, start: usize, indent: usize, in_string: bool) {
        self.index.push(Row { start, line: self.n_lines, indent, is_continued: true, in_string });
    }

    fn break_line(&mut self, shown: &str, line_start: usize, limits: &Limits) {
        let mut row = RowEnd { columns: 0, is_empty: true, break_at: None };
        let mut string = StringState::default();
        for (at, c) in shown.char_indices() {
            let width = visible::columns(c);
            if row.columns + width > limits.columns && !row.is_empty {
                self.max_columns = self.max_columns.max(row.columns);
                let carried = |word: &Break| row.columns - word.columns;
                let is_good = |word: &Break| {
                    carried(word) <= limits.ragged && limits.indent + carried(word) + width <= limits.columns
                };
                let here = Break { at, columns: row.columns, in_string: string.is_inside };
                let word = row.break_at.filter(is_good).unwrap_or(here);
                self.continue_at(line_start + word.at, limits.indent, word.in_string);
                row = RowEnd { columns: limits.indent + carried(&word), is_empty: word.at == at, break_at: None };
            }
            row.is_empty = false;
            row.columns += width;
            // What is no byte is neither a quote nor a backslash, and ends an escape just as well.
            string.step(u8::try_from(c).unwrap_or(0));
            if ends_word(c) && at + 1 >= limits.own_indent {
                row.break_at = Some(Break { at: at + 1, columns: row.columns, in_string: string.is_inside });
            }
        }
        self.max_columns = self.max_columns.max(row.columns);
    }

    /// The same for a line of printable ASCII only, many times faster.
    fn break_plain_line(&mut self, shown: &str, line_start: usize, limits: &Limits) {
        let bytes = shown.as_bytes();
        let mut string = StringState::default();
        let (mut start, mut columns) = (0, limits.columns);
        self.max_columns = self.max_columns.max(columns.min(shown.len()));
        while bytes.len() - start > columns {
            let end = start + columns;
            let first_break = (end - limits.ragged).max(start + 1).max(limits.own_indent);
            let tail = bytes.get(first_break - 1..end).unwrap_or_default();
            let word = tail.iter().rposition(|byte| ends_word(char::from(*byte)));
            let next = word.map_or(end, |word_end| first_break + word_end);
            bytes[start..next].iter().for_each(|byte| string.step(*byte));
            self.continue_at(line_start + next, limits.indent, string.is_inside);
            (start, columns) = (next, limits.columns - limits.indent);
        }
    }
}

/// What the rows of one line must keep to, in columns.
struct Limits {
    /// How wide a row may be.
    columns: usize,
    /// How much of that a row may give away to end between words.
    ragged: usize,
    /// Indentation of the rows after the first.
    indent: usize,
    /// Spaces that the line begins with; it is not broken in them.
    own_indent: usize,
}

impl Limits {
    fn of(shown: &str, wrapping: Wrapping) -> Self {
        let own_indent = shown.len() - shown.trim_start_matches(' ').len();
        match wrapping {
            Wrapping::Never => Self { columns: MAX_COLUMNS, ragged: 0, indent: 0, own_indent },
            Wrapping::At(columns) => {
                let columns = columns.max(MIN_COLUMNS);
                let indent = if own_indent + 2 <= columns / 2 { own_indent + 2 } else { 0 };
                Self { columns, ragged: columns / MAX_RAGGED_SHARE, indent, own_indent }
            }
        }
    }
}

/// Whether every byte is a printable ASCII character. Looks at all of them, which is faster than stopping early.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().fold(true, |is_plain, byte| is_plain & (b' '..=b'~').contains(byte))
}

fn ends_word(c: char) -> bool {
    matches!(c, ' ' | ',' | '&' | ';')
}

/// Whether a place is inside a JSON string.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct StringState {
    is_inside: bool,
    is_escaped: bool,
}

impl StringState {
    fn step(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = self.is_inside,
            b'"' => self.is_inside = !self.is_inside,
            _ => (),
        }
    }
}

/// How far a row has come.
struct RowEnd {
    columns: usize,
    is_empty: bool,
    break_at: Option<Break>,
}

/// A place between two words.
#[derive(Clone, Copy)]
struct Break {
    at: usize,
    columns: usize,
    in_string: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str, wrapping: Wrapping) -> Vec<(usize, usize, &str)> {
        let rows = Rows::index(text, wrapping);
        let row = |row_idx: usize| {
            let row = rows.get(row_idx).unwrap();
            (row.line, row.indent, &text[rows.range(text, row_idx)])
        };
        (0..rows.len()).map(row).collect()
    }

    #[test]
    fn lines_end_where_the_text_says_so() {
        assert_eq!(shown("", Wrapping::Never), []);
        assert_eq!(shown("a\r\n\nb", Wrapping::Never), [(1, 0, "a"), (2, 0, ""), (3, 0, "b")]);
        assert_eq!(shown("a\n", Wrapping::Never), [(1, 0, "a")]);
    }

    #[test]
    fn long_lines_are_broken_between_words_and_indented() {
        let text = "  \"message\": \"the token used has been revoked\"\nend";
        let rows =
            [(1, 0, "  \"message\": \"the "), (1, 4, "token used has "), (1, 4, "been revoked\""), (2, 0, "end")];
        assert_eq!(shown(text, Wrapping::At(20)), rows);
        let rows = Rows::index(text, Wrapping::At(20));
        let in_string: Vec<bool> = (0..4).filter_map(|row_idx| rows.get(row_idx)).map(|row| row.in_string).collect();
        assert_eq!(in_string, [false, true, true, false]);
    }

    #[test]
    fn a_word_without_end_is_broken_at_the_width() {
        assert_eq!(shown("aaaaaaaaaaaa", Wrapping::At(8)), [(1, 0, "aaaaaaaa"), (1, 2, "aaaa")]);
        let endless = "x".repeat(3 * MAX_COLUMNS);
        assert_eq!(shown(&endless, Wrapping::Never).len(), 3);
    }

    #[test]
    fn a_byte_is_found_in_its_row() {
        let text = "one\ntwo\nthree";
        let rows = Rows::index(text, Wrapping::Never);
        for (offset, row_idx) in [(0, 0), (3, 0), (4, 1), (8, 2), (12, 2)] {
            assert_eq!(rows.row_at(offset), row_idx, "{offset}");
        }
    }

    proptest! {
        #[test]
        fn a_line_of_ascii_is_broken_like_any_other(line in "[ -~]{0,200}", width in 8_usize..40) {
            let limits = Limits::of(&line, Wrapping::At(width));
            let (mut plain, mut any) = (Rows::default(), Rows::default());
            plain.break_plain_line(&line, 0, &limits);
            any.break_line(&line, 0, &limits);
            prop_assert_eq!(plain.index, any.index);
        }

        #[test]
        fn no_character_is_lost_and_no_row_is_wider_than_asked(text in "([ -~]|ü|漢|\u{202e}|\t|\n|\\PC)*", width in 8_usize..40) {
            let rows = Rows::index(&text, Wrapping::At(width));
            let mut together = String::new();
            for row_idx in 0..rows.len() {
                let (row, range) = (rows.get(row_idx).unwrap(), rows.range(&text, row_idx));
                let n_columns: usize = text[range.clone()].chars().map(visible::columns).sum();
                prop_assert!(row.indent + n_columns <= width || text[range.clone()].chars().count() == 1);
                if row_idx > 0 && !row.is_continued {
                    together.push('\n');
                }
                together.push_str(&text[range]);
            }
            let expected = text.strip_suffix('\n').unwrap_or(&text);
            prop_assert_eq!(together, expected);
        }
    }
}
