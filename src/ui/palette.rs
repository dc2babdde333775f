//! The command palette: everything that can be asked for, found by a few letters of its name.
use egui::{Button, Id, Key, KeyboardShortcut, Modal, Modifiers, RichText, ScrollArea, TextEdit, Ui, vec2};

use super::command::{Command, Commands, TimeMode, Verb};
use super::dock::places_for;
use super::examples::CHAPTERS;
use super::frame_state::FrameState;
use super::layout::Part;
use super::modals::set_width;
use super::theme::{Theme, ThemeKind, size};
use super::view_state::ViewCommand;
use crate::store::rows::Grouping;

/// What was typed, and which line is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaletteState {
    /// What was typed.
    pub query: String,
    /// The chosen line, counted from the first match.
    pub chosen: usize,
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub text: String,
    /// What it does, or why it cannot be done now.
    pub detail: String,
    /// Its key.
    pub shortcut: Option<KeyboardShortcut>,
    /// What it asks for.
    pub command: Command,
    /// Whether it can be done now.
    pub enabled: bool,
}

impl Entry {
    fn new(text: impl Into<String>, detail: impl Into<String>, command: Command) -> Self {
        Self { text: text.into(), detail: detail.into(), shortcut: None, command, enabled: true }
    }

    fn of_verb(verb: Verb, state: &FrameState) -> Self {
        let info = verb.info();
        let blocked = verb.blocked(state);
        let entry = Self::new(info.text, blocked.unwrap_or(info.tooltip), Command::Do(verb));
        Self { shortcut: info.shortcut(), enabled: blocked.is_none(), ..entry }
    }
}

/// Everything that can be asked for now.
#[must_use]
pub fn entries(state: &FrameState) -> Vec<Entry> {
    let verbs = Verb::ALL.iter().filter(|verb| **verb != Verb::Palette).map(|verb| Entry::of_verb(*verb, state));
    let tabs = state.tabs.iter().enumerate().map(|(tab_idx, tab)| {
        Entry::new(format!("Go to: {}", tab.title), "Bring this session to the front", Command::SelectTab(tab_idx))
    });
    let examples = CHAPTERS.iter().flat_map(|chapter| {
        let entry = |title: &str| format!("Example: {} · {title}", chapter.title);
        chapter
            .examples
            .iter()
            .map(move |example| Entry::new(entry(example.title), example.story, Command::OpenExample(example.name)))
    });
    let recent = state.recent.iter().map(|(path, exists)| {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let detail = if *exists { path.display().to_string() } else { "This file is gone".to_owned() };
        let entry = Entry::new(format!("Open recent: {name}"), detail, Command::OpenPath(path.clone()));
        Entry { enabled: *exists, ..entry }
    });
    let themes = [
        ("Theme: dark", Some(ThemeKind::Dark)),
        ("Theme: light", Some(ThemeKind::Light)),
        ("Theme: high contrast", Some(ThemeKind::HighContrast)),
        ("Theme: as the system", None),
    ]
    .map(|(text, kind)| Entry::new(text, "Colours of the window", Command::SetTheme(kind)));
    let times = TimeMode::ALL.map(|mode| {
        let command = Command::View(ViewCommand::ShowTimesAs(mode));
        Entry::new(format!("Times: {}", mode.word()), "How instants are written", command)
    });
    let groupings = Grouping::ALL.into_iter().map(|grouping| {
        Entry::new(format!("Group: {grouping}"), "Rows of the timeline", Command::View(ViewCommand::GroupBy(grouping)))
    });
    let moves = Part::DOCKED.into_iter().flat_map(|part| {
        places_for(part).map(move |place| {
            Entry::new(format!("Move {part} {place}"), "Where this panel stands", Command::Arrange(part, place))
        })
    });
    verbs.chain(tabs).chain(recent).chain(themes).chain(times).chain(groupings).chain(examples).chain(moves).collect()
}

/// The lines that have every word of the query, the best first.
#[must_use]
pub fn matching<'a>(entries: &'a [Entry], query: &str) -> Vec<&'a Entry> {
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut found: Vec<(u32, &Entry)> =
        entries.iter().filter_map(|entry| Some((distance(&entry.text.to_lowercase(), &words)?, entry))).collect();
    found.sort_by_key(|(distance, entry)| (*distance, !entry.enabled));
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// How far a text is from the words: 0 where one begins it, more where letters are only somewhere in it.
fn distance(text: &str, words: &[String]) -> Option<u32> {
    words.iter().map(|word| word_distance(text, word)).sum()
}

fn word_distance(text: &str, word: &str) -> Option<u32> {
    if text.starts_with(word) {
        return Some(0);
    }
    if let Some(at) = text.find(word) {
        let begins_word = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        return Some(if begins_word { 1 } else { 4 });
    }
    let mut letters = text.chars();
    word.chars().all(|wanted| letters.any(|letter| letter == wanted)).then_some(20)
}

/// Shows the palette. True when it is closed.
pub fn palette_ui(
    ui: &mut Ui,
    palette: &mut PaletteState,
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) -> bool {
    let entries = entries(state);
    let mut is_answered = false;
    let modal = Modal::new(Id::unique("palette")).show(ui.ctx(), |ui| {
        set_width(ui, 560.0);
        let keys = [Key::ArrowDown, Key::ArrowUp, Key::PageDown, Key::PageUp, Key::Enter, Key::Escape];
        let [down, up, page_down, page_up, enter, escape] =
            keys.map(|key| ui.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key)));
        is_answered = escape > 0;
        let field = TextEdit::singleline(&mut palette.query).desired_width(f32::INFINITY).hint_text("Type a command");
        let response = ui.add(field);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Command"));
        response.request_focus();
        if response.changed() {
            palette.chosen = 0;
        }
        let found = matching(&entries, &palette.query);
        palette.chosen = (palette.chosen + down + PAGE * page_down).saturating_sub(up + PAGE * page_up);
        palette.chosen = palette.chosen.min(found.len().saturating_sub(1));
        ui.add_space(size::STEP);
        let has_moved = down + up + page_down + page_up > 0 || response.changed();
        let pressed = list_ui(ui, &found, palette.chosen, has_moved, theme);
        let asked = pressed.or_else(|| (enter > 0).then(|| found.get(palette.chosen).copied()).flatten());
        if let Some(entry) = asked.filter(|entry| entry.enabled) {
            commands.push(entry.command.clone());
            is_answered = true;
        }
    });
    is_answered || modal.should_close()
}

/// Lines that Page Up and Page Down go over.
const PAGE: usize = 8;

/// Height of the list, in points, and of what stands around it.
const MIN_LIST: f32 = 100.0;
const MAX_LIST: f32 = 360.0;
const AROUND: f32 = 120.0;

/// Shows the lines, and gives the one that was pressed.
fn list_ui<'a>(ui: &mut Ui, found: &[&'a Entry], chosen: usize, has_moved: bool, theme: &Theme) -> Option<&'a Entry> {
    if found.is_empty() {
        ui.label(RichText::new("No command has these letters in its name.").color(theme.weak));
    }
    let mut pressed = None;
    let height = (ui.ctx().content_rect().height() - AROUND).clamp(MIN_LIST, MAX_LIST);
    ScrollArea::vertical().id_salt("palette").max_height(height).min_scrolled_height(height).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        for (entry_idx, entry) in found.iter().enumerate() {
            let is_chosen = entry_idx == chosen;
            let response = entry_ui(ui, entry, is_chosen, theme);
            if is_chosen && has_moved {
                response.scroll_to_me(None);
            }
            if response.clicked() {
                pressed = Some(*entry);
            }
        }
    });
    pressed
}

fn entry_ui(ui: &mut Ui, entry: &Entry, is_chosen: bool, theme: &Theme) -> egui::Response {
    let ink = if entry.enabled { theme.text } else { theme.faint };
    let fill = if is_chosen { theme.selection } else { theme.panel };
    let mut button = Button::new(RichText::new(&entry.text).color(ink))
        .fill(fill)
        .stroke(egui::Stroke::NONE)
        .truncate()
        .min_size(vec2(ui.available_width(), size::ROW));
    button = match (&entry.shortcut, entry.enabled) {
        (_, false) => button.shortcut_text(RichText::new(&entry.detail).color(theme.weak)),
        (Some(shortcut), true) => button.shortcut_text(ui.ctx().format_shortcut(shortcut)),
        (None, true) => button.right_text(""),
    };
    let response = ui.add(button);
    let name = if entry.enabled { entry.text.clone() } else { format!("{}: {}", entry.text, entry.detail) };
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListBoxOption, entry.enabled, is_chosen, &name));
    response.on_hover_text(&entry.detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(query: &str) -> Option<String> {
        let entries = entries(&FrameState::default());
        matching(&entries, query).first().map(|entry| entry.text.clone())
    }

    #[test]
    fn a_few_letters_find_the_command() {
        assert_eq!(first("save").as_deref(), Some("Save"));
        assert_eq!(first("high").as_deref(), Some("Theme: high contrast"));
        assert_eq!(first("json export").as_deref(), Some("Export timeline as JSON…"));
        assert_eq!(first("expcsv").as_deref(), Some("Export timeline as CSV…"));
        assert_eq!(first("stale trait").as_deref(), Some("Example: Duplicates · Stale trait lets the retry through"));
        assert_eq!(first("qqq"), None);
    }

    #[test]
    fn what_cannot_be_done_says_why() {
        let entries = entries(&FrameState::default());
        let cancel = entries.iter().find(|entry| entry.command == Command::Do(Verb::CancelRun));
        let cancel = cancel.map(|entry| (entry.enabled, entry.detail.as_str()));
        assert_eq!(cancel, Some((false, "Nothing runs in this session")));
    }
}
