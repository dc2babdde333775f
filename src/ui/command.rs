//! What a person can ask for, as data. Drawing pushes commands, the shell applies them between two frames.
use std::path::PathBuf;
use std::time::Duration;

use super::dock::Place;
use super::layout::Part;
use super::theme::ThemeKind;
pub use super::verb::Verb;
use super::view_state::ViewCommand;
use crate::core::stepping::Breakpoint;

/// What a file is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRequest {
    /// A session, a plan or something to import.
    Open,
    /// Where to save the session.
    SaveSession,
    /// Where to write the timeline as CSV.
    ExportCsv,
    /// Where to write the timeline as JSON.
    ExportJson,
    /// Where to save the composer's plan.
    SavePlan,
}

impl FileRequest {
    /// Title of the dialog.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Open => "Open a session, a plan, a HAR, events or logs",
            Self::SaveSession => "Save session as",
            Self::ExportCsv => "Export timeline as CSV",
            Self::ExportJson => "Export timeline as JSON",
            Self::SavePlan => "Save plan as",
        }
    }

    /// Whether the file will be written.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Open)
    }

    /// Ending of a new file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Open | Self::SaveSession => "session.jsonl",
            Self::ExportCsv => "csv",
            Self::ExportJson => "json",
            Self::SavePlan => "plan.json",
        }
    }
}

/// How instants are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeMode {
    /// Since the first record of the session.
    #[default]
    Relative,
    /// As UTC.
    Utc,
    /// In the zone of this machine.
    Local,
}

impl TimeMode {
    /// Every value, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Relative, Self::Utc, Self::Local];

    /// The name in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relative => "relative",
            Self::Utc => "utc",
            Self::Local => "local",
        }
    }

    /// The mode of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// Word on the switch.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Relative => "Relative",
            Self::Utc => "UTC",
            Self::Local => "Local",
        }
    }
}

/// One thing that a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// A verb from a menu, a shortcut or a button.
    Do(Verb),
    /// Changes how the session in front is looked at.
    View(ViewCommand),
    /// Opens a file: a session in a tab, a plan in the composer.
    OpenPath(PathBuf),
    /// Opens a story that comes with the program, by its name.
    OpenExample(&'static str),
    /// Closes the note on the story in front.
    CloseStory,
    /// Leaves what the session in front has left to be done for later.
    LeaveForLater,
    /// Opens the recordings that were in no file when the program ended.
    OpenUnsaved,
    /// Deletes them, when asked twice.
    DeleteUnsaved,
    /// Shows a hint of the first run by its place; none hides them for good.
    ShowHint(Option<usize>),
    /// Forgets the recent files.
    ClearRecent,
    /// The person typed a path because no dialog could be shown.
    PathTyped(FileRequest, PathBuf),
    /// Brings a tab to the front.
    SelectTab(usize),
    /// Closes a tab.
    CloseTab(usize),
    /// Puts an event of the session into the composer, as JSON text.
    Compose(String),
    /// Puts a panel somewhere.
    Arrange(Part, Place),
    /// Takes a theme; none follows the system.
    SetTheme(Option<ThemeKind>),
    /// Copies a text; the string names it in the notice.
    Copy(String, &'static str),
    /// Fires what the composer holds under this seed.
    FireSeed(u64),
    /// Has the run in front stand at decisions of a kind, or no longer.
    BreakAt(Breakpoint),
    /// Lets so much time pass for the run in front.
    LetPass(Duration),
    /// Remembers a filter that was used.
    RememberFilter(String),
    /// Keeps a filter for good, or no longer.
    KeepFilter(String, bool),
    /// Fires although the plan's requests leave this machine, to this host.
    ConfirmHost(String),
}

/// Commands of one frame, in the order they were given.
#[derive(Debug, Default)]
pub struct Commands(Vec<Command>);

impl Commands {
    /// Adds one.
    pub fn push(&mut self, command: Command) {
        self.0.push(command);
    }

    /// Adds a verb.
    pub fn verb(&mut self, verb: Verb) {
        self.push(Command::Do(verb));
    }

    /// Adds a change of view.
    pub fn view(&mut self, command: ViewCommand) {
        self.push(Command::View(command));
    }

    /// Drops those that are so.
    pub fn drop_where(&mut self, is_so: impl Fn(&Command) -> bool) {
        self.0.retain(|command| !is_so(command));
    }

    /// Takes them all.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}
