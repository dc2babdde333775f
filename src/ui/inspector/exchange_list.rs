//! Every request of the attempt in order, one row each, token requests marked with a diamond.
use egui::text::LayoutJob;
use egui::{Color32, FontId, Rect, TextFormat, Ui, pos2, vec2};

use super::row::{paint_line, row_response};
use super::section;
use super::state::{Detail, InspectorView};
use super::words;
use crate::core::names::Purpose;
use crate::core::record::{Attempt, Exchange};
use crate::ui::icon::Icon;
use crate::ui::mask::Mask;
use crate::ui::row_list::RowList;
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::visible;

/// Rows in sight before the list scrolls on its own.
const MAX_ROWS: u8 = 8;

const LOW_ROW: f32 = 6.0 * size::STEP;
const HIGH_ROW: f32 = 10.0 * size::STEP;
const MARGIN: f32 = 2.0 * size::STEP;

/// Whether all rows have what they say on one line, or all on two.
#[derive(Clone, Copy)]
enum Lines {
    One,
    Two,
}

/// What a row says.
struct RowWords {
    result: String,
    tone: Tone,
    call: String,
    about: String,
    /// Generation of the token that this exchange brought.
    brought: Option<u32>,
}

impl RowWords {
    fn of(exchange: &Exchange, attempt: &Attempt, mask: &Mask<'_>) -> Self {
        let (result, tone) = words::result(exchange);
        let url = mask.text(&exchange.request.url);
        let call = format!("{} {}", exchange.request.method, words::path(&url));
        let is_refreshed = exchange.purpose == Purpose::Refresh && tone == Tone::Delivered;
        let brought = attempt
            .token
            .filter(|token| is_refreshed && token.generation_after > token.generation_before)
            .map(|token| token.generation_after);
        Self { result, tone, call: visible::label(&call).into_owned(), about: words::about(exchange), brought }
    }

    fn name(&self) -> String {
        let brought = self.brought.map(|generation| format!(", brought token generation {generation}"));
        format!("{} {}, {}{}", self.result, self.call, self.about, brought.unwrap_or_default())
    }
}

pub(super) fn exchange_list_ui(
    ui: &mut Ui,
    attempt: &Attempt,
    mask: &Mask<'_>,
    view: &mut InspectorView,
    theme: &Theme,
) {
    section::heading_ui(ui, "Exchanges", theme, |_| ());
    if attempt.exchanges.is_empty() {
        ui.label(egui::RichText::new("Nothing was sent.").color(theme.weak));
        return;
    }
    let detail = view.detail(attempt);
    let width = ui.available_width() - 2.0 * MARGIN;
    let few = attempt.exchanges.iter().take(usize::from(MAX_ROWS));
    let fits =
        few.map(|exchange| RowWords::of(exchange, attempt, mask)).all(|words| one_line_width(ui, &words) <= width);
    let (lines, row_height) = if fits { (Lines::One, LOW_ROW) } else { (Lines::Two, HIGH_ROW) };
    let list = RowList {
        name: "Exchanges",
        n_rows: attempt.exchanges.len(),
        row_height,
        max_height: f32::from(MAX_ROWS) * row_height,
    };
    let mut anchor = view.exchanges;
    list.show(ui, &mut anchor, theme, |ui, exchange_idx| {
        let Some(exchange) = attempt.exchanges.get(exchange_idx) else { return };
        let words = RowWords::of(exchange, attempt, mask);
        let is_selected = detail == Detail::Exchange(exchange_idx);
        if row_ui(ui, &words, lines, is_selected, theme) {
            view.choose(attempt, Detail::Exchange(exchange_idx));
        }
    });
    view.exchanges = anchor;
}

fn row_ui(ui: &Ui, words: &RowWords, lines: Lines, is_selected: bool, theme: &Theme) -> bool {
    let response = row_response(ui, ui.max_rect(), ui.scope_id(), is_selected, || words.name(), theme);
    let inner = ui.max_rect().shrink2(vec2(MARGIN, 0.0));
    let text = |text: &str, font: FontId, color: Color32, left: f32, middle: f32| {
        let job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, color));
        paint_line(ui, job, left, middle, inner.right() - left)
    };
    let first_line = match lines {
        Lines::One => inner.center().y,
        Lines::Two => inner.top() + 13.0,
    };
    let color = theme.tone(words.tone);
    let result = text(&words.result, Theme::semibold(size::TEXT), color, inner.left(), first_line);
    let call_left = result.right() + 1.5 * size::STEP;
    let call = text(&words.call, Theme::font(size::TEXT), theme.text, call_left, first_line);
    let (about_left, about_line) = match lines {
        Lines::One => (call.right() + 2.0 * size::STEP, first_line),
        Lines::Two => (inner.left(), inner.top() + 28.0),
    };
    let about = text(&words.about, Theme::font(size::TABLE_TEXT), theme.weak, about_left, about_line);
    if let Some(generation) = words.brought {
        let color = theme.tone(Tone::Refresh);
        let diamond = Rect::from_center_size(pos2(about.right() + 3.0 * size::STEP, about_line), vec2(11.0, 11.0));
        Icon::Diamond.paint(ui.painter(), diamond, color);
        let font = Theme::semibold(size::TABLE_TEXT);
        text(&format!("gen {generation}"), font, color, diamond.right() + size::STEP, about_line);
    }
    response.clicked()
}

fn one_line_width(ui: &Ui, words: &RowWords) -> f32 {
    let width =
        |text: &str, font: FontId| ui.painter().layout_no_wrap(text.to_owned(), font, Color32::PLACEHOLDER).size().x;
    let brought = words.brought.map_or(0.0, |generation| {
        7.0 * size::STEP + width(&format!("gen {generation}"), Theme::semibold(size::TABLE_TEXT))
    });
    let result = width(&words.result, Theme::semibold(size::TEXT));
    let call = width(&words.call, Theme::font(size::TEXT));
    result + call + width(&words.about, Theme::font(size::TABLE_TEXT)) + brought + 3.5 * size::STEP
}
