//! A field for a path of the event, or a text with paths in it, that offers the paths there are.
use egui::{Id, Popup, PopupCloseBehavior, TextEdit, Ui, WidgetInfo};

use crate::core::mapping::EventPath;
use crate::ui::json_editor::one_line;
use crate::ui::proposals::{self, ListKey};
use crate::ui::theme::{Theme, size};

/// The list of paths below one of the form's fields, while it is open.
#[derive(Debug, Default)]
pub(super) struct PathList {
    open_for: Option<Id>,
    chosen: usize,
}

/// How paths are written in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A path, `$.` in front.
    Path,
    /// A path if `$.` stands in front, else a text.
    PathOrText,
    /// A text with paths in braces.
    Template,
}

/// A text field that offers the paths of the event.
pub(super) struct PathField<'a> {
    pub(super) name: String,
    pub(super) style: Style,
    pub(super) paths: &'a [EventPath],
    pub(super) theme: &'a Theme,
}

impl PathField<'_> {
    /// Shows the field; gives the text if it was changed.
    pub(super) fn show(&self, ui: &mut Ui, text: &str, list: &mut PathList) -> Option<String> {
        let id = ui.make_persistent_id(&self.name);
        let mut typed = text.to_owned();
        let found = if list.open_for == Some(id) { self.proposals(text) } else { Vec::new() };
        let mut taken = None;
        if !found.is_empty() && ui.memory(|memory| memory.has_focus(id)) {
            match proposals::list_key(ui, true) {
                Some(ListKey::Close) => list.open_for = None,
                Some(ListKey::Step(forward)) => {
                    list.chosen = proposals::stepped(Some(list.chosen), found.len(), forward).unwrap_or_default();
                }
                Some(ListKey::Take) => taken = found.get(list.chosen),
                None => (),
            }
        }
        let is_open = list.open_for == Some(id);
        let filter =
            egui::EventFilter { horizontal_arrows: true, vertical_arrows: is_open, tab: is_open, escape: is_open };
        let edit = TextEdit::singleline(&mut typed).id(id).desired_width(f32::INFINITY).font(Theme::mono(size::MONO));
        let response = ui.add(edit.event_filter(filter));
        response.widget_info(|| {
            let info = WidgetInfo::text_edit(true, "", typed.clone(), "");
            WidgetInfo { label: Some(self.name.clone()), ..info }
        });
        let asks =
            response.has_focus() && ui.input_mut(|input| input.consume_key(egui::Modifiers::CTRL, egui::Key::Space));
        if response.changed() || asks || (response.gained_focus() && matches!(text, "" | "$." | "{{}}")) {
            *list = PathList { open_for: Some(id), chosen: 0 };
        }
        if is_open && !found.is_empty() {
            let popup = Popup::from_response(&response).id(id.with("paths")).open(true);
            let popup = popup.close_behavior(PopupCloseBehavior::IgnoreClicks);
            let rows = found.iter().map(|(path, value)| (path.as_str(), value.as_str()));
            if let Some(clicked) = proposals::list_ui(popup, rows, Some(list.chosen), self.theme) {
                taken = found.get(clicked);
                response.request_focus();
            } else if response.lost_focus() && taken.is_none() {
                list.open_for = None;
            }
        }
        if let Some((path, _)) = taken {
            list.open_for = None;
            typed = self.completed(text, path);
            put_cursor_at_end(ui, id, &typed);
        }
        (typed != text).then_some(typed)
    }

    /// Paths that what is typed may become, each with what stands there; none where it is a whole path already.
    fn proposals(&self, text: &str) -> Vec<(String, String)> {
        const MOST: usize = 60;
        let typed = match self.style {
            Style::Path => text.trim_start_matches('$').trim_start_matches('.'),
            Style::PathOrText => match text.strip_prefix('$') {
                Some(typed) => typed.trim_start_matches('.'),
                None if text.is_empty() => "",
                None => return Vec::new(),
            },
            Style::Template => match open_braces(text.strip_suffix("}}").unwrap_or(text)) {
                Some(typed) => typed,
                None => return Vec::new(),
            },
        };
        let prefix = if self.style == Style::Template { "" } else { "$." };
        let wanted = typed.to_lowercase();
        let holds = |place: &&EventPath| place.path.to_lowercase().contains(&wanted) && place.path != typed;
        let told = |place: &EventPath| (format!("{prefix}{}", place.path), one_line(&place.value));
        self.paths.iter().filter(holds).take(MOST).map(told).collect()
    }

    fn completed(&self, text: &str, path: &str) -> String {
        if self.style != Style::Template {
            return path.to_owned();
        }
        let text = text.strip_suffix("}}").unwrap_or(text);
        let n_typed = open_braces(text).map_or(0, str::len);
        format!("{}{path}}}}}", &text[..text.len() - n_typed])
    }
}

fn put_cursor_at_end(ui: &Ui, id: Id, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = egui::text::CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(egui::text::CCursorRange::one(end)));
    TextEdit::store_state(ui.ctx(), id, state);
}

/// What is typed behind the last `{{` that is not closed yet.
pub(in crate::ui::composer) fn open_braces(before: &str) -> Option<&str> {
    let open = before.rfind("{{")? + 2;
    let typed = &before[open..];
    (!typed.contains("}}")).then(|| typed.trim_start_matches('{').trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_open_until_they_are_closed() {
        for (before, typed) in
            [("a {{ us", Some("us")), ("{{{us", Some("us")), ("{{a}} b", None), ("{", None), ("{{a}}{{", Some(""))]
        {
            assert_eq!(open_braces(before), typed, "{before}");
        }
    }
}
