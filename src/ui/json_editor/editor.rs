//! The editor itself: colours, line numbers, mistakes underlined where they are, and a list of what may be typed next.
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange};
use egui::{
    Align2, EventFilter, Galley, Id, Key, Modifiers, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Shape,
    Stroke, TextBuffer, TextEdit, Ui, Vec2, pos2, vec2,
};

use super::hints::{About, Hints, Offer, offer};
use super::outline::Outline;
use crate::ui::json_syntax;
use crate::ui::proposals::{self, ListKey};
use crate::ui::theme::{Theme, Tone, size};

/// Longer texts are shown in one colour and without proposals: they would be read anew with every key.
const MAX_READ_BYTES: usize = 200_000;

/// A mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The bytes that are wrong.
    pub range: Range<usize>,
    /// What is wrong, for people.
    pub message: String,
}

impl Mark {
    /// A mistake that a parser found, in a line and a column that count from 1. Without a column the whole line is marked.
    #[must_use]
    pub fn at(text: &str, line: usize, column: Option<usize>, message: impl Into<String>) -> Self {
        let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let whole = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let indent = whole.len() - whole.trim_start().len();
        // The parser counts bytes, and stands somewhere in the word that it could not take.
        let at = column.map_or(indent, |column| column.saturating_sub(1)).min(whole.len());
        let at = (0..=at).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or_default();
        let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '+');
        let (before, after) = whole.split_at(at);
        let letter = after.chars().next();
        let (from, end) = match (column, letter) {
            (None, _) => (at, whole.trim_end().len().max(at)),
            (_, Some(letter)) if is_word(letter) => {
                let end = after.find(|letter| !is_word(letter)).map_or(whole.len(), |length| at + length);
                (before.trim_end_matches(is_word).len(), end)
            }
            (_, letter) => (at, at + letter.map_or(0, char::len_utf8)),
        };
        Self { range: start + from..start + end, message: message.into() }
    }
}

/// What an editor remembers from frame to frame.
#[derive(Debug, Default)]
pub struct EditorState {
    offer: Option<Offer>,
    chosen: usize,
    /// Where the cursor was.
    cursor: Option<usize>,
    /// A byte that the cursor goes to in the next frame, and the keyboard with it.
    go_to: Option<usize>,
}

impl EditorState {
    /// Puts the cursor before a byte of the text, and the keyboard into the editor.
    pub fn go_to(&mut self, at: usize) {
        self.go_to = Some(at);
        self.offer = None;
    }
}

/// A text editor for JSON in the space that is left.
pub struct JsonEditor<'a> {
    /// Name for screen readers.
    pub label: &'a str,
    /// What is wrong with the text.
    pub marks: &'a [Mark],
    /// What may stand where.
    pub hints: Option<&'a dyn Hints>,
    /// Bytes that are shown as dots.
    pub hidden: &'a [Range<usize>],
    /// Colours.
    pub theme: &'a Theme,
}

impl JsonEditor<'_> {
    /// Shows the editor. True if the text was changed.
    pub fn show(&self, ui: &mut Ui, text: &mut String, state: &mut EditorState) -> bool {
        let id = ui.make_persistent_id(self.label);
        let was_taken = self.take_keys(ui, id, text, state);
        let theme = self.theme;
        let frame = egui::Frame::NONE
            .fill(theme.background)
            .stroke(theme.line())
            .corner_radius(size::CONTROL_RADIUS)
            .inner_margin(size::STEP);
        let was_typed = frame.show(ui, |ui| {
            let room = ui.available_size();
            let area =
                ScrollArea::both().id_salt(self.label).auto_shrink(false).max_height(room.y).min_scrolled_height(0.0);
            area.show(ui, |ui| self.text_ui(ui, id, text, state, room)).inner
        });
        was_taken || was_typed.inner
    }

    fn text_ui(&self, ui: &mut Ui, id: Id, text: &mut String, state: &mut EditorState, room: Vec2) -> bool {
        let theme = self.theme;
        let font = Theme::mono(size::MONO);
        let n_lines = text.lines().count().max(1);
        let gutter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0')) * digits(n_lines) + 3.0 * size::STEP;
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _wrap_width: f32| -> Arc<Galley> {
            let text = masked(text.as_str(), self.hidden);
            let job = if text.len() <= MAX_READ_BYTES {
                json_syntax::colored(&text, &font, theme)
            } else {
                egui::text::LayoutJob::simple(text.into_owned(), font.clone(), theme.text, f32::INFINITY)
            };
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let behind = ui.painter().add(Shape::Noop);
        let is_open = state.offer.is_some();
        let output = ui
            .horizontal_top(|ui| {
                ui.add_space(gutter);
                let width = (room.x - gutter).max(0.0);
                TextEdit::multiline(text)
                    .id(id)
                    .frame(egui::Frame::NONE)
                    .margin(0.0)
                    .code_editor()
                    .event_filter(EventFilter {
                        horizontal_arrows: true,
                        vertical_arrows: true,
                        tab: true,
                        escape: is_open,
                    })
                    .desired_width(width)
                    .min_size(vec2(width, room.y - 2.0 * size::STEP))
                    .layouter(&mut layouter)
                    .show(ui)
            })
            .inner;
        output.response.widget_info(|| {
            let info = egui::WidgetInfo::text_edit(true, "", output.galley.text(), "");
            egui::WidgetInfo { label: Some(self.label.to_owned()), ..info }
        });
        let shown = Shown { text, galley: &output.galley, origin: output.galley_pos };
        let tint = self.line_numbers_ui(ui, &shown, gutter);
        ui.painter().set(behind, Shape::Vec(tint));
        for mark in self.marks {
            for line in shown.rects(mark.range.clone()) {
                ui.painter().add(squiggle(line, theme.tone(Tone::Dropped)));
            }
        }
        self.hover_ui(&output.response, &shown);
        let cursor = output.cursor_range.map(|range| shown.byte_of(range.primary));
        let caret = cursor.or(state.cursor).map(|cursor| shown.rect_of(cursor));
        let was_typed = output.response.changed();
        let has_letters = ui.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Text(_))));
        let change = match (was_typed, has_letters) {
            (false, _) => Change::None,
            (true, true) => Change::Typed,
            (true, false) => Change::Edited,
        };
        self.follow_typing(text, change, cursor, state);
        // The click that takes a proposal also takes the keyboard away from the text.
        let clicked = caret.and_then(|caret| self.offer_ui(ui, id, caret, state));
        if clicked.is_none() && !output.response.has_focus() {
            state.offer = None;
        }
        was_typed | clicked.is_some_and(|clicked| self.accept(ui, id, text, state, clicked))
    }

    /// Paints the number of each line, and gives what stands behind the lines with mistakes.
    fn line_numbers_ui(&self, ui: &Ui, shown: &Shown<'_>, gutter: f32) -> Vec<Shape> {
        let theme = self.theme;
        let wrong: Vec<usize> = self.marks.iter().map(|mark| line_of(shown.text, mark.range.start)).collect();
        let mut tint = Vec::new();
        let mut line = 0;
        let mut is_line_start = true;
        for row in &shown.galley.rows {
            let top = shown.origin.y + row.pos.y;
            let rect = Rect::from_min_size(pos2(ui.min_rect().left(), top), vec2(gutter, row.size.y));
            if is_line_start {
                let is_wrong = wrong.contains(&line);
                line += 1;
                if ui.is_rect_visible(rect) {
                    let ink = if is_wrong { theme.tone(Tone::Dropped) } else { theme.faint };
                    let at = pos2(rect.right() - 2.0 * size::STEP, rect.center().y);
                    let number = line.to_string();
                    ui.painter().text(at, Align2::RIGHT_CENTER, number, Theme::mono(size::TIMELINE_TEXT), ink);
                }
                if is_wrong {
                    let whole = Rect::from_x_y_ranges(ui.clip_rect().x_range(), rect.y_range());
                    tint.push(Shape::rect_filled(whole, 0.0, theme.tone(Tone::Dropped).gamma_multiply(0.18)));
                }
            }
            is_line_start = row.ends_with_newline;
        }
        tint
    }

    /// Tells what is wrong below the pointer, or else what stands there.
    fn hover_ui(&self, response: &Response, shown: &Shown<'_>) {
        let Some(pointer) = response.hover_pos().filter(|_| shown.text.len() <= MAX_READ_BYTES) else { return };
        let at = shown.byte_of(shown.galley.cursor_from_pos(pointer - shown.origin));
        let touches =
            |range: &Range<usize>| shown.rects(range.clone()).iter().any(|line| line.expand(1.0).contains(pointer));
        let wrong: Vec<&str> =
            self.marks.iter().filter(|mark| touches(&mark.range)).map(|mark| mark.message.as_str()).collect();
        let about = self.hints.and_then(|hints| about_key(hints, shown.text, at)).filter(|(key, _)| touches(key));
        if wrong.is_empty() && about.is_none() {
            return;
        }
        let theme = self.theme;
        response.clone().on_hover_ui_at_pointer(|ui| {
            for message in wrong {
                ui.colored_label(theme.tone(Tone::Dropped), message);
            }
            if let Some((_, about)) = about {
                ui.label(egui::RichText::new(&about.title).font(Theme::semibold(size::TABLE_TEXT)));
                if !about.description.is_empty() {
                    ui.label(&about.description);
                }
            }
        });
    }

    /// Reads the keys that the text must not get: those of the list, and the one that opens it.
    fn take_keys(&self, ui: &Ui, id: Id, text: &mut String, state: &mut EditorState) -> bool {
        if let Some(at) = state.go_to.take() {
            put_cursor(ui, id, text, at);
            ui.memory_mut(|memory| memory.request_focus(id));
            state.cursor = Some(at);
        }
        if !ui.memory(|memory| memory.has_focus(id)) {
            return false;
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::CTRL, Key::Space)) {
            let cursor = state.cursor.unwrap_or_default().min(text.len());
            self.propose(text, cursor, state);
            return false;
        }
        let Some(offer) = &state.offer else { return false };
        let n_proposals = offer.proposals.len();
        match proposals::list_key(ui, true) {
            Some(ListKey::Close) => state.offer = None,
            Some(ListKey::Step(forward)) => {
                state.chosen = proposals::stepped(Some(state.chosen), n_proposals, forward).unwrap_or_default();
            }
            Some(ListKey::Take) => return self.accept(ui, id, text, state, state.chosen),
            None => (),
        }
        false
    }

    fn propose(&self, text: &str, cursor: usize, state: &mut EditorState) {
        let hints = self.hints.filter(|_| text.len() <= MAX_READ_BYTES);
        state.offer = hints.and_then(|hints| offer(hints, text, cursor));
        state.chosen = 0;
    }

    /// Offers what may be typed next while a word is typed, and stops when the cursor goes elsewhere.
    fn follow_typing(&self, text: &str, change: Change, cursor: Option<usize>, state: &mut EditorState) {
        let Some(cursor) = cursor else { return };
        if change != Change::None {
            let typed = text.get(..cursor).and_then(|text| text.chars().next_back());
            let is_word = typed
                .is_some_and(|typed| typed.is_alphanumeric() || matches!(typed, '"' | '@' | '$' | '.' | '_' | '{'));
            if (is_word && change == Change::Typed) || state.offer.is_some() {
                self.propose(text, cursor, state);
                let is_done = state.offer.as_ref().is_some_and(|offer| {
                    matches!(&offer.proposals[..], [only] if text.get(offer.replace.clone()) == Some(&only.insert))
                });
                if is_done {
                    state.offer = None;
                }
            }
        } else if state.cursor.is_some_and(|was| was != cursor) {
            state.offer = None;
        }
        state.cursor = Some(cursor);
    }

    /// Writes a proposal. True if that was possible.
    fn accept(&self, ui: &Ui, id: Id, text: &mut String, state: &mut EditorState, chosen: usize) -> bool {
        let Some(Offer { replace, proposals }) = state.offer.take() else { return false };
        let Some(proposal) = proposals.into_iter().nth(chosen) else { return false };
        if text.get(replace.clone()).is_none() {
            return false;
        }
        let within = cursor_within(&proposal.insert);
        let cursor = replace.start + within;
        text.replace_range(replace, &proposal.insert);
        put_cursor(ui, id, text, cursor);
        ui.memory_mut(|memory| memory.request_focus(id));
        state.cursor = Some(cursor);
        // A key is followed by its value, and an empty path wants to become one.
        if proposal.insert.ends_with(": ") || within < proposal.insert.len() {
            self.propose(text, cursor, state);
        }
        true
    }

    fn offer_ui(&self, ui: &Ui, id: Id, caret: Rect, state: &EditorState) -> Option<usize> {
        let offer = state.offer.as_ref()?;
        let popup = Popup::new(id.with("proposals"), ui.ctx().clone(), caret, ui.layer_id())
            .open(true)
            .close_behavior(PopupCloseBehavior::IgnoreClicks);
        let rows = offer.proposals.iter().map(|proposal| (proposal.label.as_str(), proposal.what.as_str()));
        proposals::list_ui(popup, rows, Some(state.chosen), self.theme)
    }
}

/// What typing did to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    None,
    /// Letters were put in.
    Typed,
    /// Something was taken out, pasted or broken into lines.
    Edited,
}

/// A text on the screen.
struct Shown<'a> {
    text: &'a str,
    galley: &'a Galley,
    origin: egui::Pos2,
}

impl Shown<'_> {
    fn byte_of(&self, cursor: CCursor) -> usize {
        self.text.char_indices().nth(cursor.index.0).map_or(self.text.len(), |(at, _)| at)
    }

    fn cursor_of(&self, at: usize) -> CCursor {
        CCursor::new(self.text.get(..at).map_or(0, |before| before.chars().count()))
    }

    /// The thin place before a byte.
    fn rect_of(&self, at: usize) -> Rect {
        self.galley.pos_from_cursor(self.cursor_of(at)).translate(self.origin.to_vec2())
    }

    /// Where bytes stand, a piece for each line; at least a letter wide.
    fn rects(&self, range: Range<usize>) -> Vec<Rect> {
        const LETTER: f32 = 7.0;
        let Some(text) = self.text.get(range.clone()) else { return Vec::new() };
        let mut rects = Vec::new();
        let mut at = range.start;
        for line in text.split_inclusive('\n') {
            let (left, right) = (self.rect_of(at), self.rect_of(at + line.trim_end().len()));
            rects.push(Rect::from_min_max(left.min, pos2(right.max.x.max(left.min.x + LETTER), right.max.y)));
            at += line.len();
        }
        if rects.is_empty() {
            rects.push(Rect::from_min_size(self.rect_of(at).min, vec2(LETTER, self.rect_of(at).height())));
        }
        rects
    }
}

/// The text with letters in the place of which dots are shown.
fn masked<'t>(text: &'t str, hidden: &[Range<usize>]) -> Cow<'t, str> {
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_hidden = |at: usize| hidden.iter().any(|range| range.contains(&at));
    text.char_indices().map(|(at, letter)| if is_hidden(at) { '•' } else { letter }).collect()
}

/// The key at a byte, and what there is to say of it.
fn about_key(hints: &dyn Hints, text: &str, at: usize) -> Option<(Range<usize>, About)> {
    let outline = Outline::of(text);
    let holds = |key: &Range<usize>| key.start <= at && at <= key.end;
    let (node_idx, key) =
        outline.nodes().iter().enumerate().find_map(|(idx, node)| Some((idx, node.key.clone().filter(holds)?)))?;
    Some((key, hints.about(&outline.path(node_idx))?))
}

/// Where typing goes on in what was written: in the first empty text, path, object or list in it, else behind it.
fn cursor_within(insert: &str) -> usize {
    [("\"\"", 1), ("\"$.\"", 3), ("\"{{}}\"", 3), ("{}", 1), ("[]", 1)]
        .iter()
        .filter_map(|(hole, inside)| insert.find(hole).map(|at| at + inside))
        .min()
        .unwrap_or(insert.len())
}

fn put_cursor(ui: &Ui, id: Id, text: &str, at: usize) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let letter = text.get(..at).map_or(0, |before| before.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(letter))));
    TextEdit::store_state(ui.ctx(), id, state);
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.matches('\n').count())
}

/// A waved line under a word.
fn squiggle(under: Rect, color: egui::Color32) -> Shape {
    const WAVE: f32 = 2.0;
    let mut points = Vec::new();
    let mut x = under.left();
    while x <= under.right() {
        let up = points.len() % 2 == 0;
        points.push(pos2(x, under.bottom() - if up { 0.0 } else { WAVE }));
        x += WAVE;
    }
    Shape::line(points, Stroke::new(1.0, color))
}

#[expect(clippy::cast_precision_loss, reason = "a count of digits")]
fn digits(n_lines: usize) -> f32 {
    n_lines.to_string().len().max(2) as f32
}
