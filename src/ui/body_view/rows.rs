//! Where the lines of a text begin and how they are broken to a width: indexed once for a text and a width, so that a
//! frame asks only for the lines that it shows.
use std::ops::Range;

use crate::ui::visible;

/// A line that is not broken to the width is broken here all the same: nothing lays out a line without end.
const MAX_COLUMNS: usize = 4_000;

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
        let (limit, may_indent) = match wrapping {
            Wrapping::At(columns) => (columns.max(8), true),
            Wrapping::Never => (MAX_COLUMNS, false),
        };
        let first = Row { start: line.start, line: self.n_lines, indent: 0, is_continued: false, in_string: false };
        self.index.push(first);
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~');
        if shown.len() <= limit && shown.bytes().all(is_plain) {
            self.max_columns = self.max_columns.max(shown.len());
            return;
        }
        let own_indent = shown.len() - shown.trim_start_matches(' ').len();
        let indent = if may_indent && own_indent + 2 <= limit / 2 { own_indent + 2 } else { 0 };
        let mut row = RowEnd { columns: 0, is_empty: true, break_at: None };
        let (mut in_string, mut is_escaped) = (false, false);
        for (at, c) in shown.char_indices() {
            let width = visible::columns(c);
            if row.columns + width > limit && !row.is_empty {
                self.max_columns = self.max_columns.max(row.columns);
                let carried = |word: &Break| row.columns - word.columns;
                let is_good = |word: &Break| {
                    may_indent && carried(word) * MAX_RAGGED_SHARE <= limit && indent + carried(word) + width <= limit
                };
                let here = Break { at, columns: row.columns, in_string };
                let word = row.break_at.filter(is_good).unwrap_or(here);
                self.index.push(Row {
                    start: line.start + word.at,
                    line: self.n_lines,
                    indent,
                    is_continued: true,
                    in_string: word.in_string,
                });
                row = RowEnd { columns: indent + carried(&word), is_empty: word.at == at, break_at: None };
            }
            row.is_empty = false;
            row.columns += width;
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = in_string,
                '"' => in_string = !in_string,
                _ => (),
            }
            if matches!(c, ' ' | ',' | '&' | ';') && at + 1 >= own_indent {
                row.break_at = Some(Break { at: at + 1, columns: row.columns, in_string });
            }
        }
        self.max_columns = self.max_columns.max(row.columns);
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
