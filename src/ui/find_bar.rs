//! The strip with the search field: what is searched for, how many matches, and the way through them.
use egui::{Button, Frame, Key, Margin, RichText, Role, TextEdit, Ui, WidgetInfo};

use super::command::{Commands, Verb};
use super::find::FindView;
use super::icon::{Icon, icon_button};
use super::theme::{Theme, size};
use super::view_state::Selection;
use crate::store::label::{counted, thousands};

/// Shows the strip over `n_attempts` attempts. True when it is closed.
pub fn find_bar_ui(
    ui: &mut Ui,
    find: &mut FindView,
    selection: Option<Selection>,
    n_attempts: usize,
    theme: &Theme,
    commands: &mut Commands,
) -> bool {
    let mut is_closed = false;
    Frame::NONE.fill(theme.raised).inner_margin(Margin::symmetric(12, 4)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let label = ui.label("Find").id;
            let field = TextEdit::singleline(&mut find.query).desired_width(280.0).font(Theme::mono(size::MONO));
            let response = ui.add(field.hint_text("id, name, status, rule, body …")).labelled_by(label);
            if std::mem::take(&mut find.wants_focus) {
                response.request_focus();
            }
            if response.lost_focus() {
                let (entered, back, escaped) = ui.input(|input| {
                    (input.key_pressed(Key::Enter), input.modifiers.shift, input.key_pressed(Key::Escape))
                });
                is_closed |= escaped;
                if entered {
                    commands.verb(if back { Verb::FindPrevious } else { Verb::FindNext });
                    find.wants_focus = true;
                }
            }
            if icon_button(ui, Icon::Up, "Find previous (Shift+F3)", theme).clicked() {
                commands.verb(Verb::FindPrevious);
            }
            if icon_button(ui, Icon::Down, "Find next (F3)", theme).clicked() {
                commands.verb(Verb::FindNext);
            }
            let small = |text: String| RichText::new(text).font(Theme::font(size::TABLE_TEXT));
            ui.label(small(words(find, selection, n_attempts)).color(theme.weak));
            if !find.query.trim().is_empty() && find.n_searched() < n_attempts {
                let (word, tip) = if find.is_stopped {
                    ("Go on", "Search the rest of the session")
                } else {
                    ("Stop", "Search no further; what was found stays")
                };
                let button = ui.add(Button::new(small(word.to_owned())).small());
                button.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{word} searching")));
                if button.on_hover_text(tip).clicked() {
                    find.is_stopped = !find.is_stopped;
                }
            }
            is_closed |= icon_button(ui, Icon::Close, "Close search", theme).clicked();
        });
    });
    is_closed
}

/// `3 of 12 matches`, `12 matches · still searching, 43 %`, `no match`, `12 matches · stopped, 43 % searched`.
fn words(find: &FindView, selection: Option<Selection>, n_attempts: usize) -> String {
    if find.query.trim().is_empty() {
        return String::new();
    }
    let (n_hits, n_searched) = (find.hits().len(), find.n_searched());
    let matches = match find.place_of(selection.map(|selection| selection.attempt)) {
        Some(place) => format!("{} of {}", thousands(place), counted(n_hits, "match", "matches")),
        None if n_hits == 0 => "no match".to_owned(),
        None => counted(n_hits, "match", "matches"),
    };
    let percent = n_searched * 100 / n_attempts.max(1);
    match n_searched {
        n_searched if n_searched >= n_attempts => matches,
        _ if find.is_stopped => format!("{matches} · stopped, {percent} % searched"),
        _ if n_hits == 0 => format!("still searching, {percent} %"),
        _ => format!("{matches} · still searching, {percent} %"),
    }
}
