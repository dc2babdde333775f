//! The line itself: typing, keys, and what came of it.
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange};
use egui::{
    Button, EventFilter, Galley, Id, Key, Modifiers, Popup, PopupCloseBehavior, Response, RichText, TextBuffer,
    TextEdit, Ui, WidgetInfo,
};

use super::colors::colored;
use super::state::{FilterBar, FilterLibrary};
use crate::store::Session;
use crate::store::filter::FilterError;
use crate::store::label::{counted, thousands};
use crate::store::rows::Rows;
use crate::ui::beginnings::Beginnings;
use crate::ui::command::{Command, Commands};
use crate::ui::icon::{Icon, icon_button, icon_ui};
use crate::ui::proposals::{self, ListKey};
use crate::ui::theme::{Theme, Tone, size};
use crate::ui::view_state::ViewState;

/// Name for screen readers.
const NAME: &str = "Filter";
/// Room right of the field for the count, and the two buttons.
const RIGHT: f32 = 240.0;
/// The same where the count says what is under way and hidden.
const RIGHT_OF_LIVE: f32 = 340.0;
/// Why a filter hides what is under way.
const WHY_HIDDEN: &str = "The filter asks for something that is known only when an attempt has ended. Those are shown then, if it admits them.";

/// Shows the bar; what is typed takes effect as soon as it makes sense.
pub fn filter_bar_ui(
    ui: &mut Ui,
    session: &Session,
    view: &mut ViewState,
    library: &FilterLibrary,
    theme: &Theme,
    commands: &mut Commands,
) {
    let ViewState { filter_bar: bar, arrangement, rows, beginnings, .. } = view;
    bar.follow(&arrangement.filter);
    let room = if beginnings.n_hidden() > 0 { RIGHT_OF_LIVE } else { RIGHT };
    let width = (ui.available_width() - room).max(160.0);
    let field = Field { id: ui.make_persistent_id("filter field"), width, session, library, theme };
    let before = bar.text.clone();
    let ended = field.show(ui, bar);
    if bar.text != before || ended {
        bar.typed(&mut arrangement.filter, ended);
    }
    if ended {
        bar.close();
        // Escape has left the field, and means nothing more.
        ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
        if bar.error.is_none() && !arrangement.filter.is_empty() {
            commands.push(Command::RememberFilter(bar.text.trim().to_owned()));
        }
    }
    keep_ui(ui, bar, library, theme, commands);
    count_ui(ui, session.deliveries().len(), arrangement.filter.is_empty(), rows, beginnings, theme);
}

/// How many deliveries are shown, and how many that have only begun are shown or hidden.
fn count_ui(ui: &mut Ui, n_deliveries: usize, shows_all: bool, rows: &Rows, beginnings: &Beginnings, theme: &Theme) {
    let n_visible = rows.visible_deliveries().len();
    let (n_begun, n_hidden) = (beginnings.shown().len(), beginnings.n_hidden());
    let deliveries = match n_visible {
        _ if shows_all => counted(n_deliveries, "delivery", "deliveries"),
        // No match and still searching are different words.
        n_visible if rows.extent().grows() => format!("{} so far", thousands(n_visible)),
        n_visible if let Some(percent) = rows.extent().percent() => {
            format!("{} in {percent} % of the session", thousands(n_visible))
        }
        0 => format!("none of {}", thousands(n_deliveries)),
        n_visible => format!("{} of {}", thousands(n_visible), counted(n_deliveries, "delivery", "deliveries")),
    };
    let also =
        |count: usize, word: &str| if count > 0 { format!(" · {} {word}", thousands(count)) } else { String::new() };
    let words = format!("{deliveries}{}{}", also(n_begun, "under way"), also(n_hidden, "under way hidden"));
    let is_empty = !shows_all && n_visible + n_begun == 0 && !rows.extent().grows();
    let color = if is_empty { theme.tone(Tone::Retry) } else { theme.weak };
    let label = RichText::new(words).font(Theme::font(size::TABLE_TEXT)).color(color);
    let response = ui.add(egui::Label::new(label).truncate());
    if n_hidden > 0 {
        response.on_hover_text(WHY_HIDDEN);
    }
}

/// What is wrong with the filter, whole, on as many lines as it takes.
pub fn filter_error_ui(ui: &mut Ui, error: &FilterError, is_other_in_force: bool, theme: &Theme) {
    ui.horizontal_top(|ui| {
        ui.add_space(2.0 * size::STEP);
        icon_ui(ui, Icon::Cross, 14.0, theme.tone(Tone::Dropped));
        let so_far = if is_other_in_force { "The last filter that was right stays in force." } else { "" };
        ui.vertical(|ui| {
            let words = RichText::new(error.to_string()).font(Theme::font(size::TABLE_TEXT));
            ui.add(egui::Label::new(words.color(theme.tone(Tone::Dropped))).wrap());
            if !so_far.is_empty() {
                let words = RichText::new(so_far).font(Theme::font(size::TABLE_TEXT)).color(theme.weak);
                ui.add(egui::Label::new(words).wrap());
            }
        });
    });
}

/// Buttons that empty the field and keep what is in it.
fn keep_ui(ui: &mut Ui, bar: &mut FilterBar, library: &FilterLibrary, theme: &Theme, commands: &mut Commands) {
    let text = bar.text.trim().to_owned();
    if text.is_empty() {
        return;
    }
    if icon_button(ui, Icon::Close, "Clear the filter", theme).clicked() {
        commands.view(crate::ui::view_state::ViewCommand::ClearFacets);
        bar.text.clear();
        bar.error = None;
    }
    if bar.error.is_none() {
        let is_saved = library.saved.contains(&text);
        let (words, tip) = if is_saved {
            ("Saved", "Take it out of the saved filters")
        } else {
            ("Save", "Keep this filter; an empty line offers it")
        };
        let button = ui.add(Button::new(RichText::new(words).font(Theme::font(size::TABLE_TEXT))).selected(is_saved));
        button.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, is_saved, format!("{words} filter")));
        if button.on_hover_text(tip).clicked() {
            commands.push(Command::KeepFilter(text, !is_saved));
        }
    }
}

/// The field with what it needs to complete what is typed.
struct Field<'a> {
    id: Id,
    width: f32,
    session: &'a Session,
    library: &'a FilterLibrary,
    theme: &'a Theme,
}

impl Field<'_> {
    /// Shows the field; true when the person has left it.
    fn show(&self, ui: &mut Ui, bar: &mut FilterBar) -> bool {
        if std::mem::take(&mut bar.wants_focus) {
            ui.memory_mut(|memory| memory.request_focus(self.id));
        }
        let is_focused = ui.memory(|memory| memory.has_focus(self.id));
        let accepted = if is_focused { keys(ui, bar) } else { None };
        if let Some(cursor) = accepted.and_then(|proposal_idx| bar.accept(proposal_idx)) {
            self.go_on_at(ui, bar, cursor);
        }
        let text_before = bar.text.clone();
        let output = self.edit_ui(ui, bar);
        let cursor = output.cursor_range.map(|range| byte_of(&bar.text, range.primary.index.0));
        let response = output.response.response;
        if response.gained_focus() || bar.text != text_before {
            bar.propose(cursor.unwrap_or(bar.text.len()), self.session, self.library);
        }
        if let Some(error) = bar.shown_error() {
            let error = error.to_string();
            response.clone().on_hover_text(error);
        }
        let clicked = self.popup_ui(&response, bar);
        if let Some(cursor) = clicked.and_then(|proposal_idx| bar.accept(proposal_idx)) {
            response.request_focus();
            self.go_on_at(ui, bar, cursor);
            return false;
        }
        response.lost_focus()
    }

    /// Shows the proposals below the field; gives the one that was clicked.
    fn popup_ui(&self, field: &Response, bar: &FilterBar) -> Option<usize> {
        let completion = bar.completion.as_ref()?;
        let popup = Popup::from_response(field)
            .id(field.id.with("proposals"))
            .open(true)
            .close_behavior(PopupCloseBehavior::IgnoreClicks);
        let rows = completion.proposals.iter().map(|proposal| (proposal.text.as_str(), proposal.what.as_str()));
        proposals::list_ui(popup, rows, bar.chosen, self.theme)
    }

    fn edit_ui(&self, ui: &mut Ui, bar: &mut FilterBar) -> egui::text_edit::TextEditOutput {
        let error = bar.shown_error().cloned();
        let FilterBar { text, completion, .. } = bar;
        let font = Theme::mono(size::MONO);
        let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _width: f32| -> Arc<Galley> {
            let error = error.as_ref().filter(|error| text.as_str().get(error.span.clone()).is_some());
            let job = colored(text.as_str(), error, &font, self.theme);
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let is_open = completion.is_some();
        let output = TextEdit::singleline(text)
            .id(self.id)
            .desired_width(self.width)
            .font(Theme::mono(size::MONO))
            .hint_text("Filter: verdict:dropped attempt>1 status:409 …")
            .event_filter(EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: is_open, escape: is_open })
            .layouter(&mut layouter)
            .show(ui);
        let typed = output.galley.text().to_owned();
        output.response.widget_info(|| {
            let info = WidgetInfo::text_edit(true, "", typed.clone(), "");
            WidgetInfo { label: Some(NAME.to_owned()), ..info }
        });
        output
    }

    /// Puts the cursor behind what was accepted, and offers what may follow.
    fn go_on_at(&self, ui: &Ui, bar: &mut FilterBar, cursor: usize) {
        let mut state = TextEdit::load_state(ui.ctx(), self.id).unwrap_or_default();
        let letter = bar.text.get(..cursor).map_or(0, |before| before.chars().count());
        state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(letter))));
        TextEdit::store_state(ui.ctx(), self.id, state);
        let is_open_end = bar.text[..cursor].ends_with([':', '=', '~', '<', '>', ' ']);
        if is_open_end {
            bar.propose(cursor, self.session, self.library);
        }
    }
}

/// Reads the keys that the field must not get: those that choose and take a proposal.
fn keys(ui: &Ui, bar: &mut FilterBar) -> Option<usize> {
    let n_proposals = bar.completion.as_ref()?.proposals.len();
    // Nobody means a word that is wrong as it stands, where only one can come of it.
    let is_meant = bar.error.is_some() && n_proposals == 1;
    match proposals::list_key(ui, bar.chosen.is_some() || is_meant)? {
        ListKey::Close => bar.close(),
        ListKey::Step(forward) => bar.choose(forward),
        ListKey::Take => return Some(bar.chosen.unwrap_or(0)),
    }
    None
}

/// The byte at which the letter of that index begins.
fn byte_of(text: &str, letter_idx: usize) -> usize {
    text.char_indices().nth(letter_idx).map_or(text.len(), |(at, _)| at)
}
