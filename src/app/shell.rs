//! The program behind the window. Between two frames it takes in what other threads have ready and applies what the
//! person asked for; drawing only reads it.
use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::answering::answer_schemas;
use super::capturing::Capturing;
use super::caret::Caret;
use super::dialogs::{FileChoice, FileDialogs};
use super::files::Files;
use super::journals::Journals;
use super::opening::Opening;
use super::previewing::Previewing;
use super::remembering::Remembering;
use super::running::{Going, Running, ToFire};
use super::seeding::Seeding;
use super::settings::Settings;
use super::tab::Tab;
use super::typing::Typing;
use crate::core::stepping::Breakpoints;
use crate::ui::command::{Commands, FileRequest, TimeMode};
use crate::ui::composer::draft::Draft;
use crate::ui::composer::panel::ComposerState;
use crate::ui::dock::Place;
use crate::ui::focus_ring::FocusRing;
use crate::ui::fonts;
use crate::ui::frame_state::{CaptureState, FrameState, TabLabel};
use crate::ui::history::History;
use crate::ui::layout::Part;
use crate::ui::modals;
use crate::ui::notices::{Notices, notices_ui};
use crate::ui::opening::opening_ui;
use crate::ui::palette::{PaletteState, palette_ui};
use crate::ui::seeds::seeds_ui;
use crate::ui::theme::{Theme, ThemeKind};
use crate::ui::verb::Need;
use crate::ui::view_state::Step;
use crate::ui::window::{Panes, window_ui};

/// Work that takes longer than this is told about when it ends while the person looks elsewhere.
const LONG_WORK: Duration = Duration::from_secs(5);

/// How the shell starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Sessions and plans to open; the built-in sample if there are none.
    pub open: Vec<PathBuf>,
    /// Where settings are remembered; none remembers nothing.
    pub settings_path: Option<PathBuf>,
    /// Where what is recorded in real time is kept until it is saved; none keeps nothing.
    pub journals: Option<PathBuf>,
    /// A theme for this start only.
    pub theme: Option<ThemeKind>,
    /// Shows the composer at once.
    pub compose: bool,
    /// An attempt to select in the first session that is opened: a link, or the message id of its event.
    pub select: Option<String>,
    /// What stands in the filter bar of the first session that is opened, right or wrong.
    pub filter: Option<String>,
    /// Points to pixels for this start only.
    pub zoom: Option<f32>,
    /// Fires what the composer holds at once: the plan that is opened, or the first draft.
    pub fire: bool,
    /// Asks for typed paths instead of showing the desktop's file dialogs.
    pub typed_paths: bool,
}

impl Start {
    /// As a person starts it: settings and recordings are kept in the user's folders.
    #[must_use]
    pub fn for_person(open: Vec<PathBuf>) -> Self {
        Self { open, settings_path: Settings::default_path(), journals: Settings::journals_path(), ..Self::default() }
    }
}

/// Everything that the window shows and does.
pub struct App {
    pub(super) ctx: egui::Context,
    pub(super) tabs: Vec<Tab>,
    pub(super) front: usize,
    pub(super) composer: ComposerState,
    pub(super) shown: Shown,
    pub(super) notices: Notices,
    pub(super) dialogs: FileDialogs,
    pub(super) files: Files,
    pub(super) capturing: Option<Capturing>,
    pub(super) settings: Settings,
    pub(super) theme: Option<ThemeKind>,
    pub(super) path_prompt: Option<(FileRequest, String)>,
    pub(super) host_to_confirm: Option<String>,
    /// What waits for that answer.
    pub(super) to_fire: Option<ToFire>,
    pub(super) previewing: Previewing,
    pub(super) palette: Option<PaletteState>,
    /// The hint of the first run that is shown.
    pub(super) hint: Option<usize>,
    pub(super) drafts: History<Draft>,
    pub(super) to_select: Option<String>,
    pub(super) to_filter: Option<String>,
    pub(super) confirmed_hosts: HashSet<String>,
    pub(super) n_fired: usize,
    /// The decisions at which the next run in steps stands.
    pub(super) breakpoints: Breakpoints,
    pub(super) seeding: Seeding,
    pub(super) journals: Journals,
    pub(super) typed_paths: bool,
    quit_warned: bool,
    recent: Vec<(PathBuf, bool)>,
    pub(super) commands: Commands,
    remembering: Remembering,
    pub(super) applied_theme: Option<ThemeKind>,
    caret: Caret,
    busy_since: Option<Instant>,
    focus_ring: FocusRing,
    typing: Typing,
    pub(super) fires_at_start: bool,
}

/// What can be shown and hidden.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    /// Secrets, in place of what stands for them.
    pub(super) secrets: bool,
    /// The About panel.
    pub(super) about: bool,
}

impl App {
    /// Starts with what is to be opened, or with the built-in sample.
    #[must_use]
    pub fn new(ctx: &egui::Context, start: Start) -> Self {
        fonts::install(ctx);
        let (remembering, settings) = Remembering::load(start.settings_path);
        ctx.set_zoom_factor(start.zoom.unwrap_or(settings.zoom).clamp(0.5, 3.0));
        let theme = start.theme.or_else(|| ThemeKind::from_name(&settings.theme));
        let is_first_run = start.open.is_empty() && !start.compose && !settings.hints_dismissed;
        let hint = is_first_run.then_some(0);
        let mut app = Self {
            ctx: ctx.clone(),
            tabs: Vec::new(),
            front: 0,
            composer: ComposerState::new(answer_schemas()),
            shown: Shown::default(),
            notices: Notices::default(),
            dialogs: FileDialogs::default(),
            files: Files::default(),
            capturing: None,
            settings,
            theme,
            path_prompt: None,
            host_to_confirm: None,
            to_fire: None,
            previewing: Previewing::default(),
            palette: None,
            hint,
            drafts: History::new(ComposerState::default().draft),
            to_select: start.select,
            to_filter: start.filter,
            confirmed_hosts: HashSet::new(),
            n_fired: 0,
            breakpoints: Breakpoints::default(),
            seeding: Seeding::default(),
            journals: Journals::at(start.journals),
            typed_paths: start.typed_paths,
            quit_warned: false,
            recent: Vec::new(),
            commands: Commands::default(),
            remembering,
            applied_theme: None,
            caret: Caret::default(),
            busy_since: None,
            focus_ring: FocusRing::default(),
            typing: Typing::default(),
            fires_at_start: start.fire,
        };
        if start.compose {
            app.show_composer();
        }
        app.look_for_recent();
        match app.linked_file().filter(|_| start.open.is_empty()) {
            Some(path) => app.open_path(path),
            None if start.open.is_empty() => app.open_sample(),
            None => (),
        }
        if start.open.is_empty() && std::mem::take(&mut app.fires_at_start) {
            app.fire(Going::On);
        }
        for path in start.open {
            app.open_path(path);
        }
        app
    }

    /// Takes in what is ready, then applies what was asked for. Runs while the window is hidden, too.
    pub fn tick(&mut self, ctx: &egui::Context) {
        self.take_files();
        self.take_openings();
        self.take_runs();
        self.keep_time();
        self.take_captured();
        self.take_leftovers();
        self.take_journals();
        self.seeding.poll();
        match self.dialogs.poll() {
            Some(FileChoice::Chosen(request, path)) => self.file_chosen(request, path),
            Some(FileChoice::Unavailable(request)) => self.ask_for_path(request),
            Some(FileChoice::Cancelled) | None => (),
        }
        for command in self.commands.take() {
            self.apply(command);
        }
        self.keep_preview();
        self.keep_differences();
        self.note_changes(ctx);
        self.go_on_finding(ctx);
        self.guard_unsaved(ctx);
        if self.applied_theme != Some(self.theme_kind()) {
            self.applied_theme = Some(self.theme_kind());
            Theme::of(self.theme_kind()).apply(ctx);
            if self.settings.reduced_motion {
                ctx.all_styles_mut(|style| {
                    style.animation_time = 0.0;
                    style.scroll_animation = egui::style::ScrollAnimation::none();
                });
            }
        }
        self.settings.zoom = ctx.zoom_factor();
        self.remembering.keep(ctx, &self.settings, Instant::now());
        self.caret.keep(ctx, self.settings.reduced_motion);
        self.call_when_done(ctx);
        if let Some(tab) = self.tabs.get_mut(self.front) {
            tab.arrange(ctx);
            tab.keep_chronicle(ctx);
        }
    }

    /// Draws one frame. Changes how things are looked at, nothing else.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        let theme = Theme::of(self.theme_kind());
        let state = self.frame_state();
        self.typing.begin(ui.ctx());
        self.shortcuts(ui);
        self.take_drops(ui);
        self.focus_ring.begin(ui.ctx());
        let Some(tab) = self.tabs.get_mut(self.front) else {
            opening_ui(ui, &state, theme, &mut self.commands);
            return notices_ui(ui, &mut self.notices, theme);
        };
        let mut panes = Panes {
            view: &mut tab.view,
            inspector: &mut tab.inspector,
            composer: &mut self.composer,
            aliases: &tab.shown_aliases,
            find: &mut tab.find,
            layout: &mut self.settings.layout,
        };
        window_ui(ui, &tab.session, &mut panes, &state, theme, &mut self.commands);
        self.modals_ui(ui, &state, theme);
        notices_ui(ui, &mut self.notices, theme);
        self.focus_ring.show(ui.ctx(), theme);
        self.typing.end(ui.ctx(), &mut self.commands);
    }

    /// Whether the session in front is being looked through for findings, while people go on.
    #[must_use]
    pub fn is_looking(&self) -> bool {
        let opening = self.tabs.get(self.front).and_then(|tab| tab.opening.as_ref());
        opening.and_then(Opening::look_state).is_some_and(|look| !look.is_stopped)
    }

    /// Whether something is still being read, written or run.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let is_arranging = self.tabs.get(self.front).is_some_and(|tab| tab.arranging.job.percent().is_some());
        let is_chronicling = self.tabs.iter().any(|tab| tab.chronicling.words().is_some());
        is_arranging
            || is_chronicling
            || self.files.working().is_some()
            || self.tabs.iter().any(|tab| tab.opening.as_ref().is_some_and(|opening| opening.words().is_some()))
            || self.tabs.iter().any(|tab| tab.leftover.is_looking())
            || self.seeding.working().is_some()
            || self.previewing.running().is_some()
            || self.tabs.iter().any(|tab| tab.finding.percent().is_some())
            || self.tabs.iter().any(|tab| tab.comparing.percent().is_some())
            || self.tabs.iter().any(|tab| tab.running.as_ref().is_some_and(|running| !running.is_standing()))
    }

    /// The theme in force.
    #[must_use]
    pub fn theme_kind(&self) -> ThemeKind {
        self.theme.unwrap_or_else(|| match self.ctx.system_theme() {
            Some(egui::Theme::Light) => ThemeKind::Light,
            Some(egui::Theme::Dark) | None => ThemeKind::Dark,
        })
    }

    /// The colour behind everything, red, green, blue and alpha. Panels have it too, and are not filled for it: where the
    /// processor paints, every point that is filled once more costs.
    #[must_use]
    pub fn ground(&self) -> [f32; 4] {
        Theme::of(self.theme_kind()).panel.to_normalized_gamma_f32()
    }

    /// Lets the window close without a word about records that are in no file: nobody is there to read it.
    pub fn end_without_asking(&mut self) {
        self.quit_warned = true;
    }

    /// Writes the settings at once; called when the window closes.
    pub fn remember(&mut self) {
        self.settings.zoom = self.ctx.zoom_factor();
        self.remembering.end(&self.settings);
    }

    /// What the corner messages say now.
    #[must_use]
    pub fn notices(&self) -> Vec<&str> {
        self.notices.texts()
    }

    /// The session in front.
    #[must_use]
    pub fn session(&self) -> Option<&crate::store::Session> {
        self.tabs.get(self.front).map(|tab| &tab.session)
    }

    /// Looks which of the recent files are still there; not in the frame, since it asks the disk.
    pub(super) fn look_for_recent(&mut self) {
        self.recent = self.settings.recent.iter().map(|path| (path.clone(), path.exists())).collect();
    }

    /// How instants are written when a session is opened.
    pub(super) fn times(&self) -> TimeMode {
        TimeMode::from_name(&self.settings.times).unwrap_or_default()
    }

    /// Keeps the window open once when closing it would lose records, and says so.
    fn guard_unsaved(&mut self, ctx: &egui::Context) {
        let n_unsaved = self.tabs.iter().filter(|tab| tab.unsaved && tab.journal.is_none()).count();
        let closing = ctx.input(|input| input.viewport().close_requested());
        if closing && n_unsaved > 0 && !self.quit_warned {
            self.quit_warned = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            let what = if n_unsaved == 1 { "One session is".to_owned() } else { format!("{n_unsaved} sessions are") };
            self.notices.error(format!("{what} in no file. Close the window again to lose what was recorded."));
        }
    }

    /// Asks for the person's attention when work that took long has ended while they were elsewhere. Runs while the window
    /// is hidden, too.
    fn call_when_done(&mut self, ctx: &egui::Context) {
        match (self.is_busy(), self.busy_since) {
            (true, None) => self.busy_since = Some(Instant::now()),
            (false, Some(since)) => {
                self.busy_since = None;
                if since.elapsed() >= LONG_WORK && !ctx.input(|input| input.focused) {
                    let attention = egui::UserAttentionType::Informational;
                    ctx.send_viewport_cmd(egui::ViewportCommand::RequestUserAttention(attention));
                }
            }
            _ => (),
        }
    }

    /// Keeps what can be taken back.
    fn note_changes(&mut self, ctx: &egui::Context) {
        let now = ctx.input(|input| input.time);
        self.drafts.note(now, &self.composer.draft);
        if let Some(tab) = self.tabs.get_mut(self.front) {
            tab.filters.note(now, &tab.view.arrangement.filter);
        }
    }

    fn frame_state(&self) -> FrameState {
        let labels = self.tabs.iter().map(|tab| TabLabel {
            title: tab.title().to_owned(),
            unsaved: tab.unsaved,
            live: tab.running.is_some(),
        });
        let front = self.tabs.get(self.front);
        FrameState {
            tabs: labels.collect(),
            front: self.front,
            recent: self.recent.clone(),
            filters: self.settings.filters(),
            capture: self
                .capturing
                .as_ref()
                .map(|capturing| CaptureState { address: capturing.address(), n_events: capturing.n_events() }),
            run: front.and_then(|tab| tab.running.as_ref()).map(Running::state),
            steps: front.and_then(|tab| tab.running.as_ref()).and_then(Running::step_state),
            working: self
                .files
                .working()
                .or_else(|| front?.opening.as_ref()?.words())
                .or_else(|| front.filter(|tab| tab.filter_state().is_none())?.arranging.job.words())
                .or_else(|| front?.comparing.words())
                .or_else(|| front?.chronicling.words()),
            look: front.and_then(Tab::look_state),
            filtering: front.and_then(Tab::filter_state),
            secrets_shown: self.shown.secrets,
            n_problems: front.map_or(0, |tab| tab.problems.len()),
            story: front.and_then(|tab| tab.story),
            left: front.and_then(|tab| tab.leftover.words()).map(str::to_owned),
            n_unsaved_before: self.journals.n_before(),
            hint: self.hint.filter(|_| front.is_some_and(|tab| tab.is_first_story)),
            layout: self.settings.layout.clone(),
            reduced_motion: self.settings.reduced_motion,
            met: self.needs_met(),
        }
    }

    /// Brings the composer into sight.
    pub(super) fn show_composer(&mut self) {
        self.settings.layout.place(Part::Composer, Place::Front);
    }

    /// Whether the composer can be seen.
    pub(super) fn shows_composer(&self) -> bool {
        self.settings.layout.shows(Part::Composer)
    }

    /// What is there for verbs that need it.
    fn needs_met(&self) -> BTreeSet<Need> {
        let front = self.tabs.get(self.front);
        let of_tab = |is_met: fn(&Tab) -> bool| front.is_some_and(is_met);
        let of_drafts = |is_met: fn(&History<Draft>) -> bool| self.shows_composer() && is_met(&self.drafts);
        let needs = [
            (Need::Reading, self.files.is_reading()),
            (Need::Writing, self.files.is_writing()),
            (Need::Looking, of_tab(|tab| tab.look_state().is_some_and(|look| !look.is_stopped))),
            (Need::NotLooked, of_tab(|tab| tab.look_state().is_some_and(|look| look.is_stopped))),
            (Need::Filtering, of_tab(|tab| tab.filter_state().is_some_and(|filtering| !filtering.is_stopped))),
            (Need::NotFiltered, of_tab(|tab| tab.filter_state().is_some_and(|filtering| filtering.is_stopped))),
            (Need::Run, of_tab(|tab| tab.running.is_some())),
            (Need::VirtualRun, of_tab(|tab| tab.running.as_ref().is_some_and(Running::is_virtual))),
            (Need::Standing, of_tab(|tab| tab.running.as_ref().is_some_and(Running::is_standing))),
            (Need::Selection, of_tab(|tab| tab.view.selection.is_some())),
            (Need::Attempts, of_tab(|tab| !tab.session.attempts().is_empty())),
            (Need::Rows, of_tab(|tab| !tab.view.rows.visible_deliveries().is_empty())),
            (Need::File, of_tab(|tab| tab.path.is_some())),
            (Need::Plan, of_tab(|tab| tab.plan_source().is_some())),
            (Need::Left, of_tab(|tab| tab.leftover.words().is_some())),
            (Need::Search, of_tab(|tab| tab.find.is_some())),
            (Need::Change, of_drafts(History::can_undo) || of_tab(|tab| tab.filters.can_undo())),
            (Need::Undone, of_drafts(History::can_redo) || of_tab(|tab| tab.filters.can_redo())),
            (Need::Before, of_tab(|tab| tab.view.trail.can_go(Step::Previous))),
            (Need::After, of_tab(|tab| tab.view.trail.can_go(Step::Next))),
            (Need::OtherTab, self.tabs.len() > 1),
        ];
        needs.into_iter().filter(|(_, is_met)| *is_met).map(|(need, _)| need).collect()
    }

    fn modals_ui(&mut self, ui: &mut egui::Ui, state: &FrameState, theme: &Theme) {
        if let Some(palette) = &mut self.palette
            && palette_ui(ui, palette, state, theme, &mut self.commands)
        {
            self.palette = None;
        }
        if let Some((request, text)) = &mut self.path_prompt
            && modals::path_prompt_ui(ui, *request, text, theme, &mut self.commands)
        {
            self.path_prompt = None;
        }
        if self.shown.about && modals::about_ui(ui, theme) {
            self.shown.about = false;
        }
        if self.seeding.shown && seeds_ui(ui, &mut self.seeding.view, theme, &mut self.commands) {
            self.seeding.close();
        }
        if let Some(host) = &self.host_to_confirm
            && modals::confirm_host_ui(ui, host, theme, &mut self.commands)
        {
            self.host_to_confirm = None;
        }
    }
}
