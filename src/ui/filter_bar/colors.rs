//! A filter in colours, its mistake underlined.
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Stroke};

use crate::store::filter::{FilterError, Part, parts};
use crate::ui::theme::{Theme, Tone};

/// The text as it is laid out.
pub(super) fn colored(text: &str, error: Option<&FilterError>, font: &FontId, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    let wrong = error.map(|error| visible_span(text, error));
    let mut append = |from: usize, to: usize, color: Color32| {
        // A part may be wrong in the middle only.
        let edges = wrong.clone().map_or([from, to], |wrong| [wrong.start.clamp(from, to), wrong.end.clamp(from, to)]);
        for (start, end, is_wrong) in
            [(from, edges[0], false), (edges[0], edges[1], wrong.is_some()), (edges[1], to, false)]
        {
            let Some(piece) = text.get(start..end).filter(|piece| !piece.is_empty()) else { continue };
            let underline = if is_wrong { Stroke::new(1.5, theme.tone(Tone::Dropped)) } else { Stroke::NONE };
            job.append(piece, 0.0, TextFormat { font_id: font.clone(), color, underline, ..TextFormat::default() });
        }
    };
    let mut end = 0;
    for (span, part) in parts(text) {
        append(end, span.start, theme.text);
        let color = match part {
            Part::Field => theme.accent,
            Part::Joint => theme.weak,
            Part::Value => theme.text,
        };
        append(span.start, span.end, color);
        end = span.end;
    }
    append(end, text.len(), theme.text);
    job
}

/// The bytes to underline: where something is missing at the end, what comes before it.
fn visible_span(text: &str, error: &FilterError) -> std::ops::Range<usize> {
    let span = error.span.clone();
    if span.is_empty() {
        let before = text[..span.start].char_indices().next_back().map_or(0, |(at, _)| at);
        return before..span.end;
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::filter::Filter;
    use crate::ui::theme::ThemeKind;

    #[test]
    fn every_letter_is_laid_out_and_only_the_mistake_is_underlined() {
        let theme = Theme::of(ThemeKind::Dark);
        for (text, underlined) in
            [("verdict:dropped  ada", ""), ("a verdct:dropped ü", "verdct"), ("(a  or", "or"), ("dest:\"x y", "\"x y")]
        {
            let error = Filter::parse(text).err();
            let job = colored(text, error.as_ref(), &Theme::mono(11.0), theme);
            assert_eq!(job.text, text);
            let wrong = job.sections.iter().filter(|section| section.format.underline != Stroke::NONE);
            let wrong: String =
                wrong.map(|section| &job.text[section.byte_range.start.0..section.byte_range.end.0]).collect();
            assert_eq!(wrong, underlined);
        }
    }
}
