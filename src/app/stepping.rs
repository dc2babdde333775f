//! Going through runs in virtual time step by step: what the verbs and the strip above the timeline do.
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::running::{Going, Running};
use super::shell::App;
use super::tab::Tab;
use crate::core::stepping::{Breakpoint, Breakpoints, Standstill, Step, Why};
use crate::net::engine::Stepper;
use crate::ui::frame_state::StepState;
use crate::ui::view_state::ViewCommand;

/// A run that goes freely and is over before this shows no strip; one that goes for longer says that time passes.
const SHOWN_AFTER: Duration = Duration::from_millis(400);

/// How a run in virtual time is gone through.
pub(super) struct Stepping {
    stepper: Stepper,
    breakpoints: Breakpoints,
    /// Where it stood last.
    standstill: Option<Arc<Standstill>>,
    is_standing: bool,
    /// When it was told to go, or began.
    went: Instant,
}

impl Stepping {
    pub(super) fn new(going: Going, breakpoints: Breakpoints) -> Self {
        let (stepper, breakpoints) = match going {
            Going::On => (Stepper::default(), Breakpoints::default()),
            Going::InSteps => (Stepper::standing(), breakpoints),
        };
        stepper.break_at(breakpoints);
        Self { stepper, breakpoints, standstill: None, is_standing: false, went: Instant::now() }
    }

    /// What the run heeds.
    pub(super) fn stepper(&self) -> &Stepper {
        &self.stepper
    }

    /// Whether the run waits for the person.
    pub(super) fn is_standing(&self) -> bool {
        self.is_standing && self.standstill.is_some()
    }

    /// The person has told it to go.
    pub(super) fn goes(&mut self) {
        self.is_standing = false;
        self.went = Instant::now();
    }

    /// What the strip shows of it; none while it is not worth one.
    pub(super) fn state(&self) -> Option<StepState> {
        let is_slow = self.went.elapsed() >= SHOWN_AFTER;
        // Most steps take less than a frame: where it stood stays on the strip meanwhile.
        let standstill = self.standstill.clone().filter(|_| self.is_standing || !is_slow);
        let is_shown = self.standstill.is_some() || is_slow;
        is_shown.then_some(StepState { standstill, is_standing: self.is_standing, breakpoints: self.breakpoints })
    }
}

impl Tab {
    /// The run of this session stands.
    pub(super) fn stands(&mut self, stepping: &mut Stepping, standstill: Standstill) {
        if let Why::Ended(id) | Why::Decided(id, _) = &standstill.why
            && let Some(attempt) = self.session.find_attempt(id)
        {
            self.view.apply(&self.session, ViewCommand::SelectAttempt(attempt));
        }
        let standstill = Arc::new(standstill);
        self.view.timeline.stand_at(Some(Arc::clone(&standstill)));
        stepping.standstill = Some(standstill);
        stepping.is_standing = true;
    }
}

impl App {
    /// Lets the run in front go so far.
    pub(super) fn step(&mut self, step: Step) {
        if let Some(stepping) = self.stepping_in_front().filter(|stepping| stepping.is_standing()) {
            stepping.goes();
            stepping.stepper.step(step);
        }
    }

    /// Lets time pass for the run in front.
    pub(super) fn let_pass(&mut self, length: Duration) {
        let now = self.stepping_in_front().and_then(|stepping| stepping.standstill.as_ref()).map(|it| it.now);
        if let Some(now) = now {
            self.step(Step::Until(now.saturating_add(length)));
        }
    }

    /// Has the run in front stand, or go on where it stands.
    pub(super) fn pause_or_go(&mut self) {
        let Some(stepping) = self.stepping_in_front() else { return };
        if stepping.is_standing() {
            stepping.goes();
            stepping.stepper.go_on();
        } else {
            stepping.stepper.stand();
        }
    }

    /// Has the run in front stand at decisions of a kind, or no longer; the next run in steps does the same.
    pub(super) fn break_at(&mut self, kind: Breakpoint) {
        let Some(stepping) = self.stepping_in_front() else { return };
        stepping.breakpoints = stepping.breakpoints.toggled(kind);
        stepping.stepper.break_at(stepping.breakpoints);
        self.breakpoints = stepping.breakpoints;
    }

    fn stepping_in_front(&mut self) -> Option<&mut Stepping> {
        self.tabs.get_mut(self.front)?.running.as_mut().and_then(Running::stepping)
    }
}
