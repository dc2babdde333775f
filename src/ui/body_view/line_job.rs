//! One row of a body as egui lays it out: colours of JSON, matches of a search, hidden characters written out.
use std::ops::Range;

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId};

use super::find::Find;
use crate::ui::json_syntax::{self, Piece};
use crate::ui::theme::{Theme, size};
use crate::ui::visible;

/// What a row shows of the body.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Where it begins in the body, in bytes.
    pub(super) start: usize,
    /// Whether it is coloured as JSON, and if so whether it begins inside a string.
    pub(super) json: Option<InString>,
}

/// Whether a row begins inside a JSON string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InString(pub(super) bool);

/// Lays out a row.
pub(super) fn line_job(line: &Line<'_>, find: &Find, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    job.wrap.max_width = f32::INFINITY;
    let font = Theme::mono(size::MONO);
    let matches = find.within(line.start, line.start + line.text.len());
    for (piece, color) in colored_pieces(line, theme) {
        let mut at = piece.start;
        let first = matches.partition_point(|found| found + find.length() <= line.start + at);
        for found in &matches[first..] {
            let start = found.saturating_sub(line.start).clamp(at, piece.end);
            let end = (found + find.length()).saturating_sub(line.start).clamp(start, piece.end);
            append(&mut job, line.text, at..start, &font, color, None);
            let ground = if find.current() == Some(*found) { theme.accent } else { theme.selection };
            append(&mut job, line.text, start..end, &font, color, Some((ground, theme)));
            at = end;
            if at == piece.end {
                break;
            }
        }
        append(&mut job, line.text, at..piece.end, &font, color, None);
    }
    job
}

fn append(
    job: &mut LayoutJob,
    text: &str,
    range: Range<usize>,
    font: &FontId,
    color: Color32,
    ground: Option<(Color32, &Theme)>,
) {
    // A match found among bytes may begin inside a letter, where ASCII capitals were taken for the same.
    let Some(text) = text.get(range).filter(|text| !text.is_empty()) else { return };
    let mut format = TextFormat::simple(font.clone(), color);
    if let Some((ground, theme)) = ground {
        format.background = ground;
        format.color = if ground == theme.accent { theme.on_color } else { theme.text };
    }
    job.append(&visible::written_out(text), 0.0, format);
}

fn colored_pieces(line: &Line<'_>, theme: &Theme) -> Vec<(Range<usize>, Color32)> {
    let Some(InString(in_string)) = line.json else { return vec![(0..line.text.len(), theme.text)] };
    let string_end = if in_string { end_of_string(line.text) } else { 0 };
    let mut pieces = vec![(0..string_end, Piece::Text.color(theme))];
    let rest = json_syntax::pieces(&line.text[string_end..]);
    pieces.extend(rest.map(|(range, piece)| (string_end + range.start..string_end + range.end, piece.color(theme))));
    pieces
}

/// Where the string ends that the text begins in, its quote included.
fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    let ends = |byte: u8| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    };
    text.bytes().position(ends).map_or(text.len(), |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{ThemeKind, Tone};

    fn parts(line: &Line<'_>, find: &Find) -> Vec<(String, Color32, Color32)> {
        let job = line_job(line, find, Theme::of(ThemeKind::Dark));
        let part = |section: &egui::text::LayoutSection| {
            let text = job.text[section.byte_range.start.0..section.byte_range.end.0].to_owned();
            (text, section.format.color, section.format.background)
        };
        job.sections.iter().map(part).collect()
    }

    #[test]
    fn a_row_that_begins_in_a_string_is_one_until_its_end() {
        let theme = Theme::of(ThemeKind::Dark);
        let line = Line { text: r#"was \"revoked\"": 1"#, start: 0, json: Some(InString(true)) };
        let parts = parts(&line, &Find::default());
        assert_eq!(parts[0].0, r#"was \"revoked\"""#);
        assert_eq!(parts[0].1, theme.tone(Tone::Delivered));
        assert_eq!(parts[1].0, ": ");
    }

    #[test]
    fn matches_have_a_ground_and_the_one_shown_another() {
        let theme = Theme::of(ThemeKind::Dark);
        let mut find = Find::default();
        find.query.push_str("ab");
        find.refresh(b"ab \"ab\" ab");
        let line = Line { text: "\"ab\" ab", start: 3, json: Some(InString(false)) };
        find.step(true);
        let grounds: Vec<(String, Color32)> =
            parts(&line, &find).into_iter().map(|(text, _, ground)| (text, ground)).collect();
        let none = Color32::TRANSPARENT;
        let expected = [("\"", none), ("ab", theme.accent), ("\"", none), (" ", none), ("ab", theme.selection)];
        assert_eq!(grounds, expected.map(|(text, ground)| (text.to_owned(), ground)));
    }
}
