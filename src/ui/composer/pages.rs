//! What the composer's columns can show, and how people choose among it.
use egui::{ComboBox, Ui};

use super::panel::ComposerState;
use crate::ui::theme::size;

/// A page of the right column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Who answers.
    #[default]
    Answers,
    /// Which events are delivered at all.
    Trigger,
    /// What becomes of an event.
    Mapping,
    /// What the destination knows of the account.
    Settings,
    /// What keeps duplicates out.
    Duplicates,
    /// What would be sent.
    Preview,
}

/// What stands left of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum First {
    /// Who gets the events.
    Target,
    /// The events.
    #[default]
    Events,
}

/// Those, each with its word.
pub(super) const FIRSTS: [(First, &str); 2] = [(First::Target, "Deliver to"), (First::Events, "Events")];

/// Pages of the right column, each with its word.
const PAGES: [(Page, &str); 6] = [
    (Page::Answers, "Answered by"),
    (Page::Trigger, "Trigger"),
    (Page::Mapping, "Mapping"),
    (Page::Settings, "Settings"),
    (Page::Duplicates, "Duplicates"),
    (Page::Preview, "Preview"),
];

/// A column narrower than this, in points, has its pages in one chooser: in several lines they would leave no room for the
/// page, nor for what fires.
const ROOM_FOR_PAGES: f32 = 380.0;

/// A row of the pages, or one chooser.
pub(super) fn pages_ui(ui: &mut Ui, chosen: &mut Page) {
    let word = PAGES.iter().find(|(page, _)| page == chosen).map_or("", |(_, word)| word);
    let mut entries = |ui: &mut Ui| {
        for (page, word) in PAGES {
            if ui.selectable_label(*chosen == page, word).clicked() {
                *chosen = page;
            }
        }
    };
    if ui.available_width() < ROOM_FOR_PAGES {
        let combo = ComboBox::from_id_salt("page").selected_text(word).show_ui(ui, entries);
        combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Page"));
        return;
    }
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = size::STEP;
        entries(ui);
    });
}

/// One chooser of everything that the composer can show.
pub(super) fn all_pages_ui(ui: &mut Ui, state: &mut ComposerState) {
    let first = FIRSTS.iter().find(|(first, _)| state.is_first_in_front && *first == state.first);
    let page = PAGES.iter().find(|(page, _)| !state.is_first_in_front && *page == state.page);
    let word = first.map(|(_, word)| *word).or(page.map(|(_, word)| *word)).unwrap_or_default();
    let combo = ComboBox::from_id_salt("all pages").selected_text(word).show_ui(ui, |ui| {
        for (first, word) in FIRSTS {
            if ui.selectable_label(state.is_first_in_front && state.first == first, word).clicked() {
                (state.first, state.is_first_in_front) = (first, true);
            }
        }
        for (page, word) in PAGES {
            if ui.selectable_label(!state.is_first_in_front && state.page == page, word).clicked() {
                (state.page, state.is_first_in_front) = (page, false);
            }
        }
    });
    combo.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Page"));
}
