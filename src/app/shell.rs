//! The program behind the window. Between two frames it takes in what other threads have ready and applies what the
//! person asked for; drawing only reads it.
use std::collections::HashSet;
use std::path::PathBuf;

use super::capturing::Capturing;
use super::dialogs::{FileChoice, FileDialogs};
use super::files::Files;
use super::running::Running;
use super::settings::Settings;
use super::tab::Tab;
use crate::ui::command::{Command, Commands, FileRequest, TimeMode, Verb};
use crate::ui::composer::panel::ComposerState;
use crate::ui::fonts;
use crate::ui::frame_state::{CaptureState, FrameState, TabLabel};
use crate::ui::modals;
use crate::ui::notices::{Notices, notices_ui};
use crate::ui::theme::{Theme, ThemeKind};
use crate::ui::window::{Panes, window_ui};

/// How the shell starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Sessions and plans to open; the built-in sample if there are none.
    pub open: Vec<PathBuf>,
    /// Where settings are remembered; none remembers nothing.
    pub settings_path: Option<PathBuf>,
    /// A theme for this start only.
    pub theme: Option<ThemeKind>,
    /// Shows the composer at once.
    pub compose: bool,
    /// Asks for typed paths instead of showing the desktop's file dialogs.
    pub typed_paths: bool,
}

impl Start {
    /// As a person starts it: settings are kept in the user's configuration folder.
    #[must_use]
    pub fn for_person(open: Vec<PathBuf>) -> Self {
        Self { open, settings_path: Settings::default_path(), ..Self::default() }
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
    pub(super) confirmed_hosts: HashSet<String>,
    pub(super) n_fired: usize,
    pub(super) typed_paths: bool,
    quit_warned: bool,
    recent: Vec<(PathBuf, bool)>,
    commands: Commands,
    settings_path: Option<PathBuf>,
    applied_theme: Option<ThemeKind>,
}

/// What can be shown and hidden.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    /// The composer, in place of the table.
    pub(super) composer: bool,
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
        let settings = start.settings_path.as_deref().map(Settings::load).unwrap_or_default();
        ctx.set_zoom_factor(settings.zoom.clamp(0.5, 3.0));
        let theme = start.theme.or_else(|| ThemeKind::from_name(&settings.theme));
        let mut app = Self {
            ctx: ctx.clone(),
            tabs: Vec::new(),
            front: 0,
            composer: ComposerState::default(),
            shown: Shown { composer: start.compose, ..Shown::default() },
            notices: Notices::default(),
            dialogs: FileDialogs::default(),
            files: Files::default(),
            capturing: None,
            settings,
            theme,
            path_prompt: None,
            host_to_confirm: None,
            confirmed_hosts: HashSet::new(),
            n_fired: 0,
            typed_paths: start.typed_paths,
            quit_warned: false,
            recent: Vec::new(),
            commands: Commands::default(),
            settings_path: start.settings_path,
            applied_theme: None,
        };
        app.look_for_recent();
        if start.open.is_empty() {
            app.open_sample();
        }
        for path in start.open {
            app.files.open(ctx, path);
        }
        app
    }

    /// Takes in what is ready, then applies what was asked for. Runs while the window is hidden, too.
    pub fn tick(&mut self, ctx: &egui::Context) {
        self.take_files();
        self.take_runs();
        self.take_captured();
        match self.dialogs.poll() {
            Some(FileChoice::Chosen(request, path)) => self.file_chosen(request, path),
            Some(FileChoice::Unavailable(request)) => self.ask_for_path(request),
            Some(FileChoice::Cancelled) | None => (),
        }
        for command in self.commands.take() {
            self.apply(command);
        }
        self.guard_unsaved(ctx);
        if self.applied_theme != Some(self.theme_kind()) {
            self.applied_theme = Some(self.theme_kind());
            Theme::of(self.theme_kind()).apply(ctx);
        }
        if let Some(tab) = self.tabs.get_mut(self.front) {
            tab.view.refresh(&tab.session);
        }
    }

    /// Draws one frame. Changes how things are looked at, nothing else.
    pub fn show(&mut self, ui: &mut egui::Ui) {
        let theme = Theme::of(self.theme_kind());
        let state = self.frame_state();
        self.shortcuts(ui);
        self.take_drops(ui);
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        let mut panes = Panes {
            view: &mut tab.view,
            inspector: &mut tab.inspector,
            composer: &mut self.composer,
            aliases: &tab.shown_aliases,
        };
        window_ui(ui, &tab.session, &mut panes, &state, theme, &mut self.commands);
        self.modals_ui(ui, theme);
        notices_ui(ui, &mut self.notices, theme);
    }

    /// Whether something is still being read, written or run.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.files.working().is_some() || self.tabs.iter().any(|tab| tab.running.is_some())
    }

    /// The theme in force.
    #[must_use]
    pub fn theme_kind(&self) -> ThemeKind {
        self.theme.unwrap_or_else(|| match self.ctx.system_theme() {
            Some(egui::Theme::Light) => ThemeKind::Light,
            Some(egui::Theme::Dark) | None => ThemeKind::Dark,
        })
    }

    /// Writes the settings; called when the window closes.
    pub fn remember(&mut self) {
        self.settings.zoom = self.ctx.zoom_factor();
        if let Some(path) = &self.settings_path
            && let Err(error) = self.settings.save(path)
        {
            eprintln!("failed to remember the settings in {}: {error}", path.display());
        }
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
        let n_unsaved = self.tabs.iter().filter(|tab| tab.unsaved).count();
        let closing = ctx.input(|input| input.viewport().close_requested());
        if closing && n_unsaved > 0 && !self.quit_warned {
            self.quit_warned = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            let what = if n_unsaved == 1 { "One session is".to_owned() } else { format!("{n_unsaved} sessions are") };
            self.notices.error(format!("{what} in no file. Close the window again to lose what was recorded."));
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
            capture: self
                .capturing
                .as_ref()
                .map(|capturing| CaptureState { address: capturing.address(), n_events: capturing.n_events() }),
            run: front.and_then(|tab| tab.running.as_ref()).map(Running::state),
            working: self.files.working().map(str::to_owned),
            composer_shown: self.shown.composer,
            secrets_shown: self.shown.secrets,
            n_problems: front.map_or(0, |tab| tab.problems.len()),
            story: front.and_then(|tab| tab.story),
        }
    }

    /// Turns keys into commands. Plain keys belong to a text field that has the focus.
    fn shortcuts(&mut self, ui: &egui::Ui) {
        let typing = ui.ctx().text_edit_focused();
        for verb in Verb::ALL {
            let Some(shortcut) = verb.info().shortcut else { continue };
            if (!typing || shortcut.modifiers.any()) && ui.input_mut(|input| input.consume_shortcut(&shortcut)) {
                self.commands.verb(*verb);
            }
        }
    }

    fn take_drops(&mut self, ui: &egui::Ui) {
        let dropped = ui.input(|input| input.raw.dropped_files.clone());
        for file in dropped {
            self.commands.push(Command::OpenPath(file.path().to_owned()));
        }
        if ui.input(|input| !input.raw.hovered_files.is_empty()) {
            modals::drop_overlay_ui(ui, Theme::of(self.theme_kind()));
        }
    }

    fn modals_ui(&mut self, ui: &mut egui::Ui, theme: &Theme) {
        if let Some((request, text)) = &mut self.path_prompt
            && modals::path_prompt_ui(ui, *request, text, &mut self.commands)
        {
            self.path_prompt = None;
        }
        if self.shown.about && modals::about_ui(ui, theme) {
            self.shown.about = false;
        }
        if let Some(host) = &self.host_to_confirm
            && modals::confirm_host_ui(ui, host, theme, &mut self.commands)
        {
            self.host_to_confirm = None;
        }
    }
}
