//! What the shell tells the bars about itself in one frame: names and counts, never the things themselves.
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use super::filter_bar::FilterLibrary;

use super::examples::Example;
use super::layout::Layout;
use super::verb::Need;
use crate::core::stepping::{Breakpoints, Standstill};

/// One open session, as its tab shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabLabel {
    /// File name, or a title.
    pub title: String,
    /// Whether it has records that are in no file.
    pub unsaved: bool,
    /// Whether records still flow in.
    pub live: bool,
}

/// The capture listener, while it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureState {
    /// Where it listens.
    pub address: SocketAddr,
    /// How many events it has taken.
    pub n_events: usize,
}

/// A run, while it is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunState {
    /// Attempts that are being made.
    pub n_in_flight: usize,
    /// Deliveries that wait for their next attempt.
    pub n_waiting: usize,
}

/// How a run in virtual time is gone through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepState {
    /// Where it stands, or stood when the step began that is being made; none while time passes for longer.
    pub standstill: Option<Arc<Standstill>>,
    /// Whether it stands there and waits for the person.
    pub is_standing: bool,
    /// The decisions at which it stands.
    pub breakpoints: Breakpoints,
}

/// A search through a large file, until it is through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookState {
    /// How much of the file was looked through.
    pub percent: u64,
    /// Whether somebody stopped it.
    pub is_stopped: bool,
}

/// The shell in one frame.
#[derive(Clone, Debug, Default)]
pub struct FrameState {
    /// Open sessions, in order.
    pub tabs: Vec<TabLabel>,
    /// Index of the one in front.
    pub front: usize,
    /// Files opened lately, newest first; false for those that are gone.
    pub recent: Vec<(PathBuf, bool)>,
    /// Filters that people keep.
    pub filters: FilterLibrary,
    /// The listener.
    pub capture: Option<CaptureState>,
    /// What runs in the session in front.
    pub run: Option<RunState>,
    /// How that run is gone through, if it can be.
    pub steps: Option<StepState>,
    /// Long work, in the words of the status bar.
    pub working: Option<String>,
    /// How the search for findings stands in the session in front, if it is not through.
    pub look: Option<LookState>,
    /// How the search through records stands that the filter in front asks for, if it is not through.
    pub filtering: Option<LookState>,
    /// Whether secrets are shown.
    pub secrets_shown: bool,
    /// Problems of the file in front, one sentence each.
    pub n_problems: usize,
    /// The story that the session in front tells, until its note is closed.
    pub story: Option<&'static Example>,
    /// What the run of the session in front has left to be done, in words.
    pub left: Option<String>,
    /// How many recordings were in no file when the program ended.
    pub n_unsaved_before: usize,
    /// The hint of the first run that is shown, by its place.
    pub hint: Option<usize>,
    /// Which panels are shown.
    pub layout: Layout,
    /// Whether things move at once instead of bit by bit.
    pub reduced_motion: bool,
    /// What is there for commands that need it.
    pub met: BTreeSet<Need>,
}
