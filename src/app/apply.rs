//! What each command does.
use std::path::PathBuf;

use super::shell::App;
use crate::core::record::Record;
use crate::session::wire::write_record;
use crate::ui::command::{Command, FileRequest, Verb};
use crate::ui::problems;
use crate::ui::view_state::ViewCommand;

/// How much one step of "larger" and "smaller" is.
const ZOOM_STEP: f32 = 0.1;

const SAVE_AS: egui::KeyboardShortcut =
    egui::KeyboardShortcut::new(egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT), egui::Key::S);

impl App {
    pub(super) fn apply(&mut self, command: Command) {
        match command {
            Command::Do(verb) => self.apply_verb(verb),
            Command::View(view) => self.apply_view(view),
            Command::OpenPath(path) => self.files.open(&self.ctx, path),
            Command::ClearRecent => {
                self.settings.recent.clear();
                self.look_for_recent();
            }
            Command::PathTyped(request, path) => self.file_chosen(request, path),
            Command::SelectTab(tab_idx) => self.front = tab_idx.min(self.tabs.len().saturating_sub(1)),
            Command::CloseTab(tab_idx) => self.close_tab(tab_idx),
            Command::Compose(events) => {
                self.composer.draft.events = events;
                self.shown.composer = true;
            }
            Command::SetTheme(theme) => {
                self.theme = theme;
                theme.map_or("system", |kind| kind.name()).clone_into(&mut self.settings.theme);
            }
            Command::Copy(text, what) => {
                self.ctx.copy_text(text);
                self.notices.done(format!("Copied {what}"));
            }
            Command::OpenExample(name) => self.open_example(name),
            Command::CloseStory => {
                if let Some(tab) = self.tabs.get_mut(self.front) {
                    tab.story = None;
                }
            }
            Command::ConfirmHost(host) => {
                self.confirmed_hosts.insert(host);
                self.fire();
            }
        }
    }

    fn apply_view(&mut self, command: ViewCommand) {
        if let ViewCommand::ShowTimesAs(mode) = command {
            mode.name().clone_into(&mut self.settings.times);
        }
        if let Some(tab) = self.tabs.get_mut(self.front) {
            tab.view.apply(&tab.session, command);
        }
    }

    fn apply_verb(&mut self, verb: Verb) {
        match verb {
            Verb::Open => self.ask(FileRequest::Open),
            Verb::OpenSample => self.open_sample(),
            Verb::Save => match self.tabs.get(self.front).and_then(|tab| tab.path.clone()) {
                Some(path) => self.file_chosen(FileRequest::SaveSession, path),
                None => self.ask(FileRequest::SaveSession),
            },
            Verb::SaveAs => self.ask(FileRequest::SaveSession),
            Verb::ExportCsv => self.ask(FileRequest::ExportCsv),
            Verb::ExportJson => self.ask(FileRequest::ExportJson),
            Verb::SavePlan => self.ask(FileRequest::SavePlan),
            Verb::CloseTab => self.close_tab(self.front),
            Verb::Quit => self.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Verb::CopyAttempt => self.copy_attempt(),
            Verb::ToggleComposer => self.shown.composer = !self.shown.composer,
            Verb::Fire => self.fire(),
            Verb::CancelRun => self.cancel_run(),
            Verb::GiveUp => self.give_up_delivery(),
            Verb::ToggleCapture => self.toggle_capture(),
            Verb::FitAll => self.apply_view(ViewCommand::FitAll),
            Verb::FitSelection => self.apply_view(ViewCommand::FitSelection),
            Verb::NextProblem => self.step_to_problem(Step::Next),
            Verb::PreviousProblem => self.step_to_problem(Step::Previous),
            Verb::ZoomIn => self.zoom(ZOOM_STEP),
            Verb::ZoomOut => self.zoom(-ZOOM_STEP),
            Verb::ZoomReset => self.ctx.set_zoom_factor(1.0),
            Verb::ToggleSecrets => self.shown.secrets = !self.shown.secrets,
            Verb::About => self.shown.about = true,
        }
    }

    fn zoom(&self, step: f32) {
        self.ctx.set_zoom_factor((self.ctx.zoom_factor() + step).clamp(0.5, 3.0));
    }

    fn ask(&mut self, request: FileRequest) {
        if self.typed_paths {
            return self.ask_for_path(request);
        }
        let name = self.tabs.get(self.front).map(|tab| tab.suggested_name(request.ending())).unwrap_or_default();
        self.dialogs.ask(&self.ctx, request, &name);
    }

    pub(super) fn ask_for_path(&mut self, request: FileRequest) {
        let name = self.tabs.get(self.front).map(|tab| tab.suggested_name(request.ending())).unwrap_or_default();
        self.path_prompt = Some((request, if request.writes() { name } else { String::new() }));
    }

    pub(super) fn file_chosen(&mut self, request: FileRequest, path: PathBuf) {
        let tab = self.tabs.get(self.front);
        match (request, tab) {
            (FileRequest::Open, _) => self.files.open(&self.ctx, path),
            (FileRequest::SavePlan, _) => match self.composer.draft.to_plan() {
                Ok(plan) => self.files.save_plan(&self.ctx, path, plan),
                Err(problem) => self.composer.problem = Some(problem.into()),
            },
            (FileRequest::SaveSession, Some(tab)) => self.files.save(&self.ctx, path, tab),
            (FileRequest::ExportCsv | FileRequest::ExportJson, Some(tab)) => {
                self.files.export(&self.ctx, request, path, tab);
            }
            (_, None) => (),
        }
    }

    /// Closes a tab; one with records that are in no file only when asked twice.
    fn close_tab(&mut self, tab_idx: usize) {
        let Some(tab) = self.tabs.get_mut(tab_idx) else { return };
        if tab.unsaved && !tab.close_warned {
            tab.close_warned = true;
            let title = tab.title().to_owned();
            return self.notices.error(format!(
                "{title} is in no file. Close it again to lose it, or keep it with Save as ({}).",
                self.ctx.format_shortcut(&SAVE_AS)
            ));
        }
        let tab = self.tabs.remove(tab_idx);
        if self.capturing.as_ref().is_some_and(|capturing| capturing.fills(&tab)) {
            self.toggle_capture();
        }
        if self.front > 0 && self.front >= tab_idx {
            self.front -= 1;
        }
        if self.tabs.is_empty() {
            self.open_sample();
        }
    }

    fn copy_attempt(&mut self) {
        let Some((tab, selection)) = self.tabs.get(self.front).and_then(|tab| Some((tab, tab.view.selection?))) else {
            return self.notices.error("Select an attempt to copy it.");
        };
        let record = Record::Attempt(tab.session.details(selection.attempt));
        let json = attempt_json(&tab.aliases().record(&record));
        self.apply(Command::Copy(json, "the attempt, secrets aliased"));
    }

    fn step_to_problem(&mut self, step: Step) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        let from = tab.view.selection.map(|selection| selection.attempt);
        let found = match step {
            Step::Next => problems::after(&tab.session, from),
            Step::Previous => problems::before(&tab.session, from),
        };
        match found {
            Some(attempt) => tab.view.apply(&tab.session, ViewCommand::SelectAttempt(attempt)),
            None => self.notices.done("There is no problem in that direction."),
        }
    }
}

/// A direction along the attempts.
#[derive(Clone, Copy)]
enum Step {
    Next,
    Previous,
}

/// A record as it stands in a session file.
fn attempt_json(record: &Record) -> String {
    let mut line = Vec::new();
    match write_record(&mut line, record) {
        Ok(()) => String::from_utf8_lossy(&line).trim_end().to_owned(),
        Err(error) => error.to_string(),
    }
}
