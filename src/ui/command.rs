//! What a person can ask for, as data. Drawing pushes commands, the shell applies them between two frames. Text,
//! tooltip and shortcut of the ones in menus stand beside them.
use std::path::PathBuf;

use egui::{Key, KeyboardShortcut, Modifiers};

use super::theme::ThemeKind;
use super::view_state::ViewCommand;

/// What a file is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRequest {
    /// A session or a plan to open.
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
            Self::Open => "Open a session or a plan",
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

/// A command that needs no data: what menus, shortcuts and the palette offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Asks for a file and opens it.
    Open,
    /// Opens the built-in sample.
    OpenSample,
    /// Saves the session where it came from, or asks.
    Save,
    /// Asks where to save the session.
    SaveAs,
    /// Asks where to export to.
    ExportCsv,
    /// Asks where to export to.
    ExportJson,
    /// Asks where to save the composer's plan.
    SavePlan,
    /// Closes the session in front.
    CloseTab,
    /// Ends the program.
    Quit,
    /// Copies the selected attempt.
    CopyAttempt,
    /// Shows or hides the composer.
    ToggleComposer,
    /// Fires what the composer holds.
    Fire,
    /// Stops what runs.
    CancelRun,
    /// Switches the capture listener on or off.
    ToggleCapture,
    /// Whole session in view.
    FitAll,
    /// The selection in view.
    FitSelection,
    /// Next attempt that is no plain success.
    NextProblem,
    /// The one before.
    PreviousProblem,
    /// Larger type.
    ZoomIn,
    /// Smaller type.
    ZoomOut,
    /// Type as the screen asks for.
    ZoomReset,
    /// Ends the selected delivery for good.
    GiveUp,
    /// Shows secrets on the screen, or masks them again.
    ToggleSecrets,
    /// Shows what this program is.
    About,
}

/// Text, tooltip and shortcut of a verb.
#[derive(Clone, Copy, Debug)]
pub struct VerbInfo {
    /// In menus.
    pub text: &'static str,
    /// On hover.
    pub tooltip: &'static str,
    /// Key, if it has one.
    pub shortcut: Option<KeyboardShortcut>,
}

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl Verb {
    /// Every verb, in the order of the menus.
    pub const ALL: &'static [Self] = &[
        Self::Open,
        Self::OpenSample,
        Self::Save,
        Self::SaveAs,
        Self::ExportCsv,
        Self::ExportJson,
        Self::SavePlan,
        Self::CloseTab,
        Self::Quit,
        Self::CopyAttempt,
        Self::ToggleComposer,
        Self::Fire,
        Self::CancelRun,
        Self::GiveUp,
        Self::ToggleCapture,
        Self::FitAll,
        Self::FitSelection,
        Self::NextProblem,
        Self::PreviousProblem,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::ToggleSecrets,
        Self::About,
    ];

    /// Its text, tooltip and shortcut.
    #[must_use]
    pub const fn info(self) -> VerbInfo {
        const fn on(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(modifiers, key)
        }
        let (text, tooltip, shortcut) = match self {
            Self::Open => ("Open…", "Open a session or a plan", Some(on(Modifiers::COMMAND, Key::O))),
            Self::OpenSample => ("Open sample", "The LinkedIn token propagation story", None),
            Self::Save => ("Save", "Save the session, secrets aliased", Some(on(Modifiers::COMMAND, Key::S))),
            Self::SaveAs => {
                ("Save as…", "Save the session under a name, secrets aliased", Some(on(CTRL_SHIFT, Key::S)))
            }
            Self::ExportCsv => ("Export timeline as CSV…", "One row an attempt", Some(on(Modifiers::COMMAND, Key::E))),
            Self::ExportJson => (
                "Export timeline as JSON…",
                "Every attempt with its exchanges, secrets aliased",
                Some(on(CTRL_SHIFT, Key::E)),
            ),
            Self::SavePlan => ("Save plan…", "Save what the composer holds", None),
            Self::CloseTab => ("Close", "Close the session in front", Some(on(Modifiers::COMMAND, Key::W))),
            Self::Quit => ("Quit", "End the program", Some(on(Modifiers::COMMAND, Key::Q))),
            Self::CopyAttempt => {
                ("Copy attempt as JSON", "The selected attempt, secrets aliased", Some(on(CTRL_SHIFT, Key::C)))
            }
            Self::ToggleComposer => ("Composer", "Compose an event and fire it", Some(on(Modifiers::COMMAND, Key::N))),
            Self::Fire => ("Fire", "Send what the composer holds", Some(on(Modifiers::COMMAND, Key::Enter))),
            Self::CancelRun => {
                ("Cancel run", "Stop sending; what ended stays", Some(on(Modifiers::COMMAND, Key::Period)))
            }
            Self::GiveUp => {
                ("Give up delivery", "End the selected delivery for good, in the middle of a wait or a request", None)
            }
            Self::ToggleCapture => {
                ("Capture", "Listen for Segment SDKs on this machine", Some(on(Modifiers::COMMAND, Key::L)))
            }
            Self::FitAll => ("Fit all", "Whole session in view", Some(on(Modifiers::NONE, Key::Num0))),
            Self::FitSelection => ("Fit selection", "The selected delivery in view", Some(on(Modifiers::NONE, Key::F))),
            Self::NextProblem => {
                ("Next problem", "Next attempt that is no plain success", Some(on(Modifiers::NONE, Key::N)))
            }
            Self::PreviousProblem => {
                ("Previous problem", "Last attempt that was no plain success", Some(on(Modifiers::NONE, Key::P)))
            }
            Self::ZoomIn => ("Larger", "Larger type", Some(on(Modifiers::COMMAND, Key::Plus))),
            Self::ZoomOut => ("Smaller", "Smaller type", Some(on(Modifiers::COMMAND, Key::Minus))),
            Self::ZoomReset => ("Normal size", "Type as the screen asks for", Some(on(Modifiers::COMMAND, Key::Num0))),
            Self::ToggleSecrets => ("Show secrets", "Show tokens and keys on the screen", None),
            Self::About => ("About", "Version, reference, licence", None),
        };
        VerbInfo { text, tooltip, shortcut }
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
    /// Takes a theme; none follows the system.
    SetTheme(Option<ThemeKind>),
    /// Copies a text; the string names it in the notice.
    Copy(String, &'static str),
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

    /// Takes them all.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_verbs_share_a_shortcut_and_all_have_words() {
        for (verb_idx, verb) in Verb::ALL.iter().enumerate() {
            let info = verb.info();
            assert!(!info.text.is_empty() && !info.tooltip.is_empty(), "{verb:?}");
            for other in &Verb::ALL[verb_idx + 1..] {
                let clash = info.shortcut.is_some() && info.shortcut == other.info().shortcut;
                assert!(!clash, "{verb:?} and {other:?}");
            }
        }
    }
}
