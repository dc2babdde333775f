//! What each command does.
use std::path::PathBuf;

use super::running::Going;
use super::shell::App;
use super::tab::Tab;
use crate::core::stepping::Step;
use crate::session::export::{markdown, tsv};
use crate::store::filter::Filter;
use crate::ui::command::{Command, FileRequest, Verb};
use crate::ui::composer::draft::Draft;
use crate::ui::dock::Place;
use crate::ui::find::FindView;
use crate::ui::history::History;
use crate::ui::layout::Part;
use crate::ui::palette::PaletteState;
use crate::ui::problems;
use crate::ui::view_state::{Step as Direction, ViewCommand};

/// How much one step of "larger" and "smaller" is.
const ZOOM_STEP: f32 = 0.1;

const SAVE_AS: egui::KeyboardShortcut =
    egui::KeyboardShortcut::new(egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT), egui::Key::S);

impl App {
    pub(super) fn apply(&mut self, command: Command) {
        match command {
            Command::Do(verb) => self.apply_verb(verb),
            Command::View(view) => self.apply_view(view),
            Command::OpenPath(path) => self.open_path(path),
            Command::ClearRecent => {
                self.settings.recent.clear();
                self.look_for_recent();
            }
            Command::RememberFilter(filter) => self.settings.remember_filter(filter),
            Command::KeepFilter(filter, keep) => self.settings.keep_filter(filter, keep),
            Command::PathTyped(request, path) => self.file_chosen(request, path),
            Command::SelectTab(tab_idx) => self.front = tab_idx.min(self.tabs.len().saturating_sub(1)),
            Command::CloseTab(tab_idx) => self.close_tab(tab_idx),
            Command::Compose(events) => {
                self.composer.draft.events = events;
                self.show_composer();
            }
            Command::Arrange(part, place) => self.settings.layout.place(part, place),
            Command::SetTheme(theme) => {
                self.theme = theme;
                theme.map_or("system", |kind| kind.name()).clone_into(&mut self.settings.theme);
            }
            Command::Copy(text, what) => {
                self.ctx.copy_text(text);
                self.notices.done(format!("Copied {what}"));
            }
            Command::ShowHint(hint) => self.show_hint(hint),
            Command::OpenExample(name) => self.open_example(name),
            Command::CloseStory => self.in_front(|tab| tab.story = None),
            Command::FireSeed(seed) => self.fire_seed(seed),
            Command::BreakAt(kind) => self.break_at(kind),
            Command::LetPass(length) => self.let_pass(length),
            Command::ConfirmHost(host) => self.confirm_host(host),
            Command::LeaveForLater => self.leave_for_later(),
            Command::OpenUnsaved => self.open_unsaved(),
            Command::DeleteUnsaved => self.delete_unsaved(),
        }
    }

    fn apply_view(&mut self, command: ViewCommand) {
        if let ViewCommand::ShowTimesAs(mode) = command {
            mode.name().clone_into(&mut self.settings.times);
        }
        self.in_front(|tab| tab.view.apply(&tab.session, command));
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
            Verb::ToggleComposer => self.settings.layout.toggle(Part::Composer),
            Verb::Fire => self.fire(Going::On),
            Verb::StepThrough => self.fire(Going::InSteps),
            Verb::StepThroughAgain => self.fire_again(Going::InSteps),
            Verb::NextEvent => self.apply_view(ViewCommand::MoveEvent(Direction::Next)),
            Verb::PreviousEvent => self.apply_view(ViewCommand::MoveEvent(Direction::Previous)),
            Verb::PauseOrGo => self.pause_or_go(),
            Verb::NextAttempt => self.step(Step::Attempt),
            Verb::NextRetry => self.step(Step::Retry),
            Verb::NextDecision => self.step(Step::Decision),
            Verb::RunSeeds => self.run_seeds(),
            Verb::CancelRun => self.cancel_run(),
            Verb::StopReading => self.stop_reading(),
            Verb::StopWriting => self.stop_writing(),
            Verb::StopLooking => self.stop_looking(true),
            Verb::LookOn => self.stop_looking(false),
            Verb::StopFiltering => self.stop_filtering(true),
            Verb::FilterOn => self.stop_filtering(false),
            Verb::GiveUp => self.give_up_delivery(),
            Verb::GoOn => self.go_on(),
            Verb::GiveUpRest => self.give_up_rest(),
            Verb::ToggleCapture => self.toggle_capture(),
            Verb::FitAll => self.apply_view(ViewCommand::FitAll),
            Verb::FitSelection => self.apply_view(ViewCommand::FitSelection),
            Verb::Measure => self.apply_view(ViewCommand::Measure),
            Verb::FindTwin => self.go_to_twin(),
            Verb::NextProblem => self.step_to_problem(Direction::Next),
            Verb::PreviousProblem => self.step_to_problem(Direction::Previous),
            Verb::ZoomIn => self.zoom(ZOOM_STEP),
            Verb::ZoomOut => self.zoom(-ZOOM_STEP),
            Verb::ZoomReset => self.ctx.set_zoom_factor(1.0),
            Verb::ToggleSecrets => self.shown.secrets = !self.shown.secrets,
            Verb::About => self.shown.about = true,
            Verb::ToggleFacets => self.settings.layout.toggle(Part::Facets),
            Verb::ToggleOverview => self.settings.layout.toggle(Part::Overview),
            Verb::ToggleInspector => self.settings.layout.toggle(Part::Inspector),
            Verb::ToggleTable => self.settings.layout.toggle(Part::Table),
            Verb::ToggleEvents => self.settings.layout.toggle(Part::Events),
            Verb::NextPanel => self.settings.layout.dock.step_focus(&self.ctx, 1),
            Verb::PreviousPanel => self.settings.layout.dock.step_focus(&self.ctx, -1),
            Verb::ResetLayout => self.settings.layout.reset(),
            Verb::ToggleMotion => {
                self.settings.reduced_motion = !self.settings.reduced_motion;
                self.applied_theme = None;
            }
            Verb::Palette => self.palette = Some(PaletteState::default()),
            Verb::ShowHints => {
                self.open_sample();
                self.show_hint(Some(0));
            }
            Verb::NextTab => self.front = (self.front + 1) % self.tabs.len().max(1),
            Verb::PreviousTab => self.front = self.front.checked_sub(1).unwrap_or(self.tabs.len().saturating_sub(1)),
            Verb::FireAgain => self.fire_again(Going::On),
            Verb::EditAndFire => self.edit_and_fire(),
            Verb::Undo => self.take_back(),
            Verb::Redo => self.make_again(),
            Verb::Filter => self.in_front(|tab| tab.view.filter_bar.wants_focus = true),
            Verb::Compare => {
                self.settings.layout.place(Part::Inspector, Place::Front);
                self.in_front(|tab| tab.inspector.reveal_difference());
            }
            Verb::KeepForComparison => {
                self.settings.layout.place(Part::Inspector, Place::Front);
                self.in_front(|tab| tab.inspector.keep_for_comparison());
                self.notices.done("Kept: other attempts are compared with this one");
            }
            Verb::Back => self.apply_view(ViewCommand::GoBack(Direction::Previous)),
            Verb::Forward => self.apply_view(ViewCommand::GoBack(Direction::Next)),
            Verb::FoldGroups => self.apply_view(ViewCommand::FoldGroups(true)),
            Verb::UnfoldGroups => self.apply_view(ViewCommand::FoldGroups(false)),
            Verb::Find => self.open_search(),
            Verb::FindNext => self.step_to_match(Direction::Next),
            Verb::FindPrevious => self.step_to_match(Direction::Previous),
            Verb::CopyCurl => self.copy_curl(),
            Verb::CopyTsv => self.copy_rows(tsv, "rows as TSV"),
            Verb::CopyMarkdown => self.copy_rows(markdown, "rows as Markdown"),
            Verb::CopyPath => self.copy_path(),
            Verb::CopyLink => self.copy_link(),
        }
    }

    fn in_front(&mut self, change: impl FnOnce(&mut Tab)) {
        if let Some(tab) = self.tabs.get_mut(self.front) {
            change(tab);
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
            (FileRequest::Open, _) => self.open_path(path),
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
        let mut tab = self.tabs.remove(tab_idx);
        tab.forget_journal();
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

    fn show_hint(&mut self, hint: Option<usize>) {
        self.hint = hint;
        self.settings.hints_dismissed = hint.is_none();
        self.remember();
    }

    fn take_back(&mut self) {
        let draft = self.shows_composer().then(|| self.drafts.undo()).flatten();
        self.take_changed(draft, History::undo);
    }

    fn make_again(&mut self) {
        let draft = self.shows_composer().then(|| self.drafts.redo()).flatten();
        self.take_changed(draft, History::redo);
    }

    /// Takes a draft from the history, or where it had none, a filter.
    fn take_changed(&mut self, draft: Option<Draft>, filter: fn(&mut History<Filter>) -> Option<Filter>) {
        if let Some(draft) = draft {
            self.composer.draft = draft;
            self.composer.problem = None;
        } else if let Some(tab) = self.tabs.get_mut(self.front)
            && let Some(filter) = filter(&mut tab.filters)
        {
            tab.view.arrangement.filter = filter;
        }
    }

    fn open_search(&mut self) {
        self.in_front(|tab| match &mut tab.find {
            Some(search) => search.wants_focus = true,
            None => tab.find = Some(FindView::open()),
        });
    }

    fn step_to_match(&mut self, step: Direction) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        let Some(search) = &tab.find else { return self.open_search() };
        let from = tab.view.selection.map(|selection| selection.attempt);
        if let Some((hit, is_round)) = search.step(from, step) {
            tab.view.apply(&tab.session, ViewCommand::SelectAttempt(hit));
            if is_round {
                self.notices.done("The search went on from the other end.");
            }
        }
    }

    fn go_to_twin(&mut self) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        let Some(selection) = tab.view.selection else { return };
        match tab.session.other_twin(selection.attempt) {
            Some(twin) => tab.view.apply(&tab.session, ViewCommand::SelectAttempt(twin)),
            None => self.notices.done("No other attempt delivered the same."),
        }
    }

    fn step_to_problem(&mut self, step: Direction) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        let from = tab.view.selection.map(|selection| selection.attempt);
        let found = match step {
            Direction::Next => problems::after(&tab.session, from),
            Direction::Previous => problems::before(&tab.session, from),
        };
        match found {
            Some(attempt) => tab.view.apply(&tab.session, ViewCommand::SelectAttempt(attempt)),
            None => self.notices.done("There is no problem in that direction."),
        }
    }
}
