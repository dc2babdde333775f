//! Commands that need no data: what menus, shortcuts and the palette offer, each with its words and its keys.
use egui::{Key, KeyboardShortcut, Modifiers};

use super::frame_state::FrameState;

/// Words and keys of a verb.
#[derive(Clone, Copy, Debug)]
pub struct VerbInfo {
    /// In menus and in the palette.
    pub text: &'static str,
    /// On hover.
    pub tooltip: &'static str,
    /// Keys; menus show the first.
    pub shortcuts: &'static [KeyboardShortcut],
}

impl VerbInfo {
    /// The key that menus show.
    #[must_use]
    pub fn shortcut(&self) -> Option<KeyboardShortcut> {
        self.shortcuts.first().copied()
    }
}

/// One line a verb: what it does; its name, text, tooltip and keys. The order is that of the palette.
macro_rules! verbs {
    ($($(#[$doc:meta])+ $verb:ident: $text:literal, $tooltip:literal, [$($shortcut:expr),*];)+) => {
        /// A command that needs no data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Verb {
            $($(#[$doc])+ $verb,)+
        }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Self] = &[$(Self::$verb),+];

            /// Its words and keys.
            #[must_use]
            pub const fn info(self) -> VerbInfo {
                match self {
                    $(Self::$verb => VerbInfo { text: $text, tooltip: $tooltip, shortcuts: const { &[$($shortcut),*] } },)+
                }
            }
        }
    };
}

const fn plain(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

verbs! {
    /// Lists all commands.
    Palette: "Commands…", "Find any command by its name", [ctrl_shift(Key::P), ctrl(Key::K)];
    /// Asks for a file and opens it.
    Open: "Open…", "Open a session or a plan, or import a HAR, events or logs", [ctrl(Key::O)];
    /// Opens the built-in sample.
    OpenSample: "Open sample", "The LinkedIn token propagation story", [];
    /// Saves the session where it came from, or asks.
    Save: "Save", "Save the session, secrets aliased", [ctrl(Key::S)];
    /// Asks where to save the session.
    SaveAs: "Save as…", "Save the session under a name, secrets aliased", [ctrl_shift(Key::S)];
    /// Asks where to export to.
    ExportCsv: "Export timeline as CSV…", "One row an attempt", [ctrl(Key::E)];
    /// Asks where to export to.
    ExportJson: "Export timeline as JSON…", "Every attempt with its exchanges, secrets aliased", [ctrl_shift(Key::E)];
    /// Asks where to save the composer's plan.
    SavePlan: "Save plan…", "Save what the composer holds", [];
    /// Closes the session in front.
    CloseTab: "Close", "Close the session in front", [ctrl(Key::W)];
    /// Brings the next session to the front.
    NextTab: "Next session", "Bring the next open session to the front", [ctrl(Key::PageDown)];
    /// Brings the session before to the front.
    PreviousTab: "Previous session", "Bring the open session before to the front", [ctrl(Key::PageUp)];
    /// Ends the program.
    Quit: "Quit", "End the program", [ctrl(Key::Q)];
    /// Takes the last edit or filter back.
    Undo: "Undo", "Take back the last change of the composer or of the filter; what was sent stays sent", [ctrl(Key::Z)];
    /// Makes it again.
    Redo: "Redo", "Make the change again", [ctrl_shift(Key::Z), ctrl(Key::Y)];
    /// Gives the keyboard to the filter bar.
    Filter: "Filter…", "Show only deliveries that meet a condition; the empty line offers saved ones", [plain(Key::Slash), ctrl_shift(Key::F)];
    /// Opens the search.
    Find: "Find…", "Find a text in attempts, bodies included", [ctrl(Key::F)];
    /// Next match of the search.
    FindNext: "Find next", "Next attempt with the text", [plain(Key::F3)];
    /// The match before.
    FindPrevious: "Find previous", "Last attempt with the text", [shift(Key::F3)];
    /// Copies the selected attempt.
    CopyAttempt: "Copy attempt as JSON", "The selected attempt, secrets aliased", [ctrl_shift(Key::C)];
    /// Copies the selected attempt's request for a shell.
    CopyCurl: "Copy request as cURL", "The request that decided, for a shell; secrets as variables", [ctrl_shift(Key::U)];
    /// Copies the rows that are shown.
    CopyTsv: "Copy rows as TSV", "All rows that are shown, for a spreadsheet", [];
    /// Copies the rows that are shown.
    CopyMarkdown: "Copy rows as Markdown", "All rows that are shown, for an issue or a chat", [];
    /// Copies where the session's file is.
    CopyPath: "Copy path of file", "Where the session in front is kept", [];
    /// Copies a link to the selected attempt.
    CopyLink: "Copy link to attempt", "A link that --select finds the attempt by, in any copy of the session", [ctrl_shift(Key::L)];
    /// Shows or hides the composer.
    ToggleComposer: "Composer", "Compose an event and fire it", [ctrl(Key::N)];
    /// Fires what the composer holds.
    Fire: "Fire", "Send what the composer holds", [ctrl(Key::Enter)];
    /// Fires the plan of the session in front once more.
    FireAgain: "Fire again", "Run the plan of the session in front once more, in a tab of its own", [ctrl_shift(Key::Enter)];
    /// Takes the plan of the session in front into the composer.
    EditAndFire: "Edit and fire…", "Take the plan of the session in front into the composer; the session stays as it is", [ctrl_shift(Key::N)];
    /// Fires what the composer holds in steps.
    StepThrough: "Step through", "Fire what the composer holds in virtual time, and stand before the first attempt", [plain(Key::F9)];
    /// Runs the plan of the session in front once more, in steps.
    StepThroughAgain: "Step through again", "Run the plan of the session in front once more, step by step", [shift(Key::F9)];
    /// Has the run in virtual time stand, or go on.
    PauseOrGo: "Pause or run on", "Have the run in virtual time stand where it is, or go on to its end", [plain(Key::F8)];
    /// To the end of the next attempt.
    NextAttempt: "Next attempt", "Go on until one more attempt has ended", [plain(Key::F10)];
    /// To the beginning of the next retry.
    NextRetry: "Next retry", "Let time pass until a retry begins", [plain(Key::F11)];
    /// To the next decision.
    NextDecision: "Next decision", "Go on until an attempt has ended in something else than plain success", [plain(Key::F12)];
    /// Runs what the composer holds under many seeds.
    RunSeeds: "Run under many seeds…", "How what comes of the composer's plan is spread over a thousand seeds", [ctrl_shift(Key::R)];
    /// Stops what runs.
    CancelRun: "Cancel run", "Stop sending; what ended stays", [ctrl(Key::Period)];
    /// Reads no more of the files that are being opened.
    StopReading: "Stop opening", "Read no more of the file that is being opened", [];
    /// Stops what is being written.
    StopWriting: "Stop writing", "Write no more of the file; one that was there before stays as it was", [];
    /// Looks for no more findings in a large file.
    StopLooking: "Stop looking for findings", "Look for no more findings in this large file; what was found stays", [];
    /// Goes on to look for them.
    LookOn: "Go on looking for findings", "Look for findings in the rest of this large file", [];
    /// Looks into no more records for the filter.
    StopFiltering: "Stop filtering", "Look into no more records for the filter; what was found stays", [];
    /// Goes on to look into them.
    FilterOn: "Go on filtering", "Look into the rest of the records for the filter", [];
    /// Ends the selected delivery for good.
    GiveUp: "Give up delivery", "End the selected delivery for good, in the middle of a wait or a request", [];
    /// Goes on with what the session in front has left to be done.
    GoOn: "Go on with this run", "Make the attempts that were still due when the run of this session ended", [];
    /// Gives it up for good.
    GiveUpRest: "Give up what is left", "End what was still due when the run of this session ended; nothing is sent", [];
    /// Switches the capture listener on or off.
    ToggleCapture: "Capture", "Listen for Segment SDKs on this machine", [ctrl(Key::L)];
    /// Whole session in view.
    FitAll: "Fit all", "Whole session in view", [plain(Key::Num0)];
    /// The selection in view.
    FitSelection: "Fit selection", "The selected delivery in view", [plain(Key::F)];
    /// Next attempt that is no plain success.
    NextProblem: "Next problem", "Next attempt that is no plain success", [plain(Key::N)];
    /// The one before.
    PreviousProblem: "Previous problem", "Last attempt that was no plain success", [plain(Key::P)];
    /// Begins to measure, or ends.
    Measure: "Measure", "From the selected attempt to the one that is selected when you ask again", [plain(Key::M)];
    /// Selects the attempt that did the same.
    FindTwin: "Go to twin", "The attempt that delivered the same before, or again", [plain(Key::T)];
    /// Brings what changed between two attempts into sight.
    Compare: "Compare with attempt before", "What changed in verdict, request and response, or against the attempt kept for comparison", [plain(Key::C)];
    /// Keeps the selected attempt, to compare others with it.
    KeepForComparison: "Keep for comparison", "Compare every attempt that is looked at with this one", [shift(Key::C)];
    /// Selects what was selected before.
    Back: "Back", "Select the attempt that was looked at before", [alt(Key::ArrowLeft)];
    /// Undoes that.
    Forward: "Forward", "Select the attempt that was looked at before going back", [alt(Key::ArrowRight)];
    /// Hides the rows of all groups.
    FoldGroups: "Fold groups", "Only the heads of the timeline's groups", [plain(Key::OpenBracket)];
    /// Shows them again.
    UnfoldGroups: "Unfold groups", "The rows of all groups of the timeline", [plain(Key::CloseBracket)];
    /// Looks at the next instant at which something happened.
    NextEvent: "Next event", "Move the playhead to the next start or end of an attempt", [plain(Key::Period)];
    /// Looks at the one before.
    PreviousEvent: "Previous event", "Move the playhead to the last start or end of an attempt", [plain(Key::Comma)];
    /// Shows or hides the counts.
    ToggleFacets: "Counts", "Show or hide the counts of verdicts, destinations and errors", [ctrl(Key::Num1)];
    /// Shows or hides the overview.
    ToggleOverview: "Overview", "Show or hide the overview of the whole session", [ctrl(Key::Num2)];
    /// Shows or hides the inspector.
    ToggleInspector: "Inspector", "Show or hide the verdict and its reasons", [ctrl(Key::Num3)];
    /// Shows or hides the table.
    ToggleTable: "Table", "Show or hide the rows with columns", [ctrl(Key::Num4)];
    /// Shows or hides the events.
    ToggleEvents: "Events", "Show or hide the events that came in, fired or not", [ctrl(Key::Num5)];
    /// Gives the keyboard to the next panel.
    NextPanel: "Next panel", "Give the keyboard to the next panel; arrow keys walk through its rows", [plain(Key::F6)];
    /// Gives it to the one before.
    PreviousPanel: "Previous panel", "Give the keyboard to the panel before", [shift(Key::F6)];
    /// Puts all panels where they were at the first start.
    ResetLayout: "Reset layout", "All panels where and as large as at the first start", [];
    /// Moves less, or as usual again.
    ToggleMotion: "Less motion", "Open, scroll and fade at once instead of bit by bit, or as usual again", [];
    /// Larger type.
    ZoomIn: "Larger", "Larger type", [ctrl(Key::Plus), ctrl(Key::Equals)];
    /// Smaller type.
    ZoomOut: "Smaller", "Smaller type", [ctrl(Key::Minus)];
    /// Type as the screen asks for.
    ZoomReset: "Normal size", "Type as the screen asks for", [ctrl(Key::Num0)];
    /// Shows secrets on the screen, or masks them again.
    ToggleSecrets: "Show secrets", "Show tokens and keys on the screen", [];
    /// Shows the hints of the first run again.
    ShowHints: "Show hints", "The four hints of the first start, on the sample", [];
    /// Shows what this program is.
    About: "About", "Version, reference, licence", [];
}

impl Verb {
    /// What has to be there for it.
    #[must_use]
    pub const fn need(self) -> Option<Need> {
        Some(match self {
            Self::CancelRun | Self::GiveUp => Need::Run,
            Self::PauseOrGo => Need::VirtualRun,
            Self::NextAttempt | Self::NextRetry | Self::NextDecision => Need::Standing,
            Self::StopReading => Need::Reading,
            Self::StopWriting => Need::Writing,
            Self::StopLooking => Need::Looking,
            Self::LookOn => Need::NotLooked,
            Self::StopFiltering => Need::Filtering,
            Self::FilterOn => Need::NotFiltered,
            Self::CopyAttempt
            | Self::CopyCurl
            | Self::CopyLink
            | Self::FitSelection
            | Self::Measure
            | Self::Compare
            | Self::KeepForComparison
            | Self::FindTwin => Need::Selection,
            Self::GoOn | Self::GiveUpRest => Need::Left,
            Self::CopyPath => Need::File,
            Self::CopyTsv | Self::CopyMarkdown => Need::Rows,
            Self::Undo => Need::Change,
            Self::Redo => Need::Undone,
            Self::Back => Need::Before,
            Self::Forward => Need::After,
            Self::FindNext | Self::FindPrevious => Need::Search,
            Self::NextTab | Self::PreviousTab => Need::OtherTab,
            Self::FireAgain | Self::EditAndFire | Self::StepThroughAgain => Need::Plan,
            Self::NextProblem | Self::PreviousProblem | Self::NextEvent | Self::PreviousEvent => Need::Attempts,
            _ => return None,
        })
    }

    /// Why it cannot be done now.
    #[must_use]
    pub fn blocked(self, state: &FrameState) -> Option<&'static str> {
        self.need().filter(|need| !state.met.contains(need)).map(Need::why_not)
    }

    /// Verbs with their keys, those with most modifiers first: egui takes Ctrl+Shift+S for Ctrl+S, too, if asked.
    pub fn by_shortcut() -> impl Iterator<Item = (KeyboardShortcut, Self)> {
        let with_modifiers = |n_modifiers: u8| {
            let keys = Self::ALL.iter().flat_map(|verb| verb.info().shortcuts.iter().map(|keys| (*keys, *verb)));
            keys.filter(move |(keys, _)| {
                let Modifiers { alt, shift, command, .. } = keys.modifiers;
                [alt, shift, command].into_iter().map(u8::from).sum::<u8>() == n_modifiers
            })
        };
        (0..=2).rev().flat_map(with_modifiers)
    }
}

/// Something that has to be there for some verbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A file that is being read whole.
    Reading,
    /// A file that is being written.
    Writing,
    /// A search for findings in the session in front.
    Looking,
    /// One that was stopped.
    NotLooked,
    /// A search through records for the filter.
    Filtering,
    /// One that was stopped.
    NotFiltered,
    /// A run in the session in front.
    Run,
    /// One in virtual time.
    VirtualRun,
    /// One that stands.
    Standing,
    /// A selected attempt.
    Selection,
    /// Any attempt in the session in front.
    Attempts,
    /// A delivery that is shown.
    Rows,
    /// A file that the session is kept in.
    File,
    /// The plan that the session came from.
    Plan,
    /// Something that the run of the session in front has left to be done.
    Left,
    /// An open search.
    Search,
    /// An attempt that was looked at before.
    Before,
    /// One that was left by going back.
    After,
    /// A change that can be taken back.
    Change,
    /// A change that was taken back.
    Undone,
    /// Another open session.
    OtherTab,
}

impl Need {
    /// What is wrong without it.
    #[must_use]
    pub const fn why_not(self) -> &'static str {
        match self {
            Self::Run => "Nothing runs in this session",
            Self::VirtualRun => "Nothing runs in virtual time in this session",
            Self::Standing => "No run stands in this session; Step through begins one that does",
            Self::Reading => "No file is being opened",
            Self::Writing => "No file is being written",
            Self::Looking => "Nobody looks for findings in this session now",
            Self::NotLooked => "No search for findings was stopped in this session",
            Self::Filtering => "No records are looked into for the filter now",
            Self::NotFiltered => "No filter was stopped in this session",
            Self::Selection => "Select an attempt first",
            Self::Attempts => "Nothing was delivered here yet",
            Self::Rows => "No delivery is shown",
            Self::File => "This session is in no file yet",
            Self::Plan => "This session holds no plan",
            Self::Left => "Nothing is left to be done in this session",
            Self::Search => "Nothing is searched for; Find opens the field",
            Self::Before => "No other attempt was looked at before",
            Self::After => "Nobody went back",
            Self::Change => "There is nothing to take back",
            Self::Undone => "Nothing was taken back",
            Self::OtherTab => "No other session is open",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::navigation;

    #[test]
    fn no_key_is_given_twice_and_all_verbs_have_words() {
        let verbs: Vec<(KeyboardShortcut, String)> =
            Verb::by_shortcut().map(|(keys, verb)| (keys, format!("{verb:?}"))).collect();
        let walking = navigation::KEYS.iter().map(|(key, command)| (plain(*key), format!("{command:?}")));
        let panning = [Key::W, Key::A, Key::S, Key::D].map(|key| (plain(key), "moving the timeline".to_owned()));
        let all: Vec<_> = verbs.into_iter().chain(walking).chain(panning).collect();
        for (idx, (keys, what)) in all.iter().enumerate() {
            for (other_keys, other) in &all[idx + 1..] {
                assert_ne!(keys, other_keys, "{what} and {other}");
            }
        }
        for verb in Verb::ALL {
            let info = verb.info();
            assert!(!info.text.is_empty() && !info.tooltip.is_empty(), "{verb:?}");
        }
    }

    #[test]
    fn every_key_is_looked_for_and_the_longer_ones_first() {
        let keys: Vec<(KeyboardShortcut, Verb)> = Verb::by_shortcut().collect();
        assert_eq!(keys.len(), Verb::ALL.iter().map(|verb| verb.info().shortcuts.len()).sum::<usize>());
        let at = |wanted: Verb| keys.iter().position(|(_, verb)| *verb == wanted);
        assert!(at(Verb::SaveAs) < at(Verb::Save) && at(Verb::ExportJson) < at(Verb::ExportCsv));
        assert!(at(Verb::FindPrevious) < at(Verb::FindNext));
    }

    /// Keys as menus write them.
    fn written(keys: KeyboardShortcut) -> String {
        keys.format(&egui::ModifierNames::NAMES, false)
    }

    #[test]
    fn the_page_on_the_composer_names_keys_as_they_are() {
        /// Keys of text fields and lists, which are no verbs.
        const OF_EDITORS: [&str; 1] = ["Ctrl+Space"];
        let page = include_str!("../../docs/composer.md");
        let rows: Vec<Vec<&str>> = page
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |").map(|row| row.split(" | ").collect()))
            .collect();
        let mut n_keys = 0;
        for row in rows.iter().filter(|row| row.len() == 3 && row[1].starts_with('`')) {
            let verb = Verb::ALL.iter().find(|verb| verb.info().text == row[0]);
            let verb = verb.unwrap_or_else(|| panic!("docs/composer.md: no command is called \"{}\"", row[0]));
            let keys: Vec<String> = verb.info().shortcuts.iter().map(|keys| format!("`{}`", written(*keys))).collect();
            assert_eq!(row[1], keys.join(" "), "docs/composer.md, keys of \"{}\"", row[0]);
            n_keys += keys.len();
        }
        assert!(n_keys > 10, "the table of keys is gone");
        let known: Vec<String> = Verb::ALL
            .iter()
            .flat_map(|verb| verb.info().shortcuts)
            .map(|keys| written(*keys))
            .chain(OF_EDITORS.map(str::to_owned))
            .collect();
        let is_key = |word: &&str| word.starts_with("Ctrl+") || word.starts_with("Shift+") || is_function_key(word);
        for key in page.split('`').skip(1).step_by(2).filter(is_key) {
            assert!(known.iter().any(|known| known == key), "docs/composer.md: nothing listens to {key}");
        }
    }

    fn is_function_key(word: &str) -> bool {
        word.strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok())
    }
}
