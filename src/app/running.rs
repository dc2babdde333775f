//! Firing: from the composer's draft to a run whose records flow into a tab of their own.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::shell::App;
use super::stepping::Stepping;
use super::tab::Tab;
use crate::core::duration_words::in_words;
use crate::core::names::ClockKind;
use crate::core::pending::Unfinished;
use crate::core::plan::{Plan, Remote};
use crate::core::time::Timestamp;
use crate::net::engine::{self, Run, RunEvent, RunOptions, RunSummary, session_header};
use crate::net::transport::Endpoint;
use crate::session::plan_file;
use crate::sim;
use crate::ui::composer::draft::Draft;
use crate::ui::composer::problem::ComposerProblem;
use crate::ui::frame_state::{RunState, StepState};

/// A run whose records go into the tab that holds it. Dropping it stops the run.
pub(super) struct Running {
    run: Run,
    state: RunState,
    /// Whether the session was there before the run.
    goes_on: bool,
    /// How it is gone through, if it is in virtual time.
    stepping: Option<Stepping>,
}

/// How long a frame of a run in real time is shown while something is under way, and while nothing is.
const LIVE: Duration = Duration::from_millis(100);
const LIVE_AT_REST: Duration = Duration::from_secs(1);

/// How a run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Going {
    /// It goes to its end.
    On,
    /// It stands before its first attempt.
    InSteps,
}

/// What waits for the person's word that requests may leave this machine.
pub(super) enum ToFire {
    /// A plan, as it was written.
    Plan(Map<String, Value>),
    /// What the session in front has left to be done.
    Rest,
}

impl Running {
    /// How it stands.
    pub(super) fn state(&self) -> RunState {
        self.state
    }

    /// Whether it stands and waits for the person.
    pub(super) fn is_standing(&self) -> bool {
        self.stepping.as_ref().is_some_and(Stepping::is_standing)
    }

    /// How it is gone through, if it is in virtual time.
    pub(super) fn stepping(&mut self) -> Option<&mut Stepping> {
        self.stepping.as_mut()
    }

    /// What the strip above the timeline shows of that.
    pub(super) fn step_state(&self) -> Option<StepState> {
        self.stepping.as_ref()?.state()
    }

    /// Whether it is in virtual time.
    pub(super) fn is_virtual(&self) -> bool {
        self.stepping.is_some()
    }
}

impl App {
    /// Fires what the composer holds, unless something is wrong with it; then the composer says what.
    pub(super) fn fire(&mut self, going: Going) {
        match self.composer.draft.to_plan() {
            Ok(source) => self.fire_plan(source, going),
            Err(problem) => self.show_problem(problem.into()),
        }
    }

    /// Runs the plan of the session in front once more.
    pub(super) fn fire_again(&mut self, going: Going) {
        match self.tabs.get(self.front).and_then(Tab::plan_source).cloned() {
            Some(source) => self.fire_plan(source, going),
            None => self.notices.error("This session holds no plan that could be run again."),
        }
    }

    /// Takes the plan of the session in front into the composer.
    pub(super) fn edit_and_fire(&mut self) {
        match self.tabs.get(self.front).and_then(Tab::plan_source) {
            Some(source) => self.composer.draft = Draft::from_plan(source, &self.composer.draft),
            None => return self.notices.error("This session holds no plan that could be edited."),
        }
        self.composer.problem = None;
        self.show_composer();
    }

    /// Fires a plan, after asking where that reaches beyond this machine. One that cannot be run goes into the composer,
    /// which says why.
    pub(super) fn fire_plan(&mut self, source: Map<String, Value>, going: Going) {
        let environment = |name: &str| std::env::var(name).ok();
        let plan = match plan_file::from_source(source.clone(), &environment) {
            Ok(plan) => plan,
            Err(error) => {
                self.composer.draft = Draft::from_plan(&source, &self.composer.draft);
                return self.show_problem(ComposerProblem { at: None, message: error.to_string() });
            }
        };
        if going == Going::InSteps && plan.clock == ClockKind::Wall {
            self.composer.draft = Draft::from_plan(&source, &self.composer.draft);
            return self.show_problem(ComposerProblem { at: None, message: NO_STEPS.to_owned() });
        }
        if self.asks_about_host(&plan, || ToFire::Plan(source)) {
            return;
        }
        self.composer.problem = None;
        self.start(plan, going);
    }

    /// Whether the person has to be asked first, since the plan's requests leave this machine. What waits for the answer is
    /// kept.
    pub(super) fn asks_about_host(&mut self, plan: &Plan, what: impl FnOnce() -> ToFire) -> bool {
        let Some(host) = host_outside(plan).filter(|host| !self.confirmed_hosts.contains(host)) else { return false };
        self.host_to_confirm = Some(host);
        self.to_fire = Some(what());
        true
    }

    /// The person lets requests go to a host: what waited for that goes on.
    pub(super) fn confirm_host(&mut self, host: String) {
        self.confirmed_hosts.insert(host);
        match self.to_fire.take() {
            Some(ToFire::Plan(source)) => self.fire_plan(source, Going::On),
            Some(ToFire::Rest) => self.go_on(),
            None => (),
        }
    }

    /// Begins the run of a plan in a tab of its own.
    pub(super) fn start(&mut self, plan: Plan, going: Going) {
        self.n_fired += 1;
        let title = format!("Run {} · {}", self.n_fired, plan.name.as_deref().unwrap_or(plan.destination.name()));
        let header = session_header(&plan);
        let mut tab = Tab::live(header, title, Some(Arc::new(plan.clone())));
        tab.running = Some(self.run(plan, None, going));
        self.show_tab(tab);
    }

    /// Begins the run of what the session in front has left to be done; its records go behind those that are there.
    pub(super) fn start_rest(&mut self, plan: Plan, unfinished: Arc<Unfinished>) {
        let running = self.run(plan.clone(), Some(unfinished), Going::On);
        if let Some(tab) = self.tabs.get_mut(self.front) {
            tab.take_plan(Arc::new(plan));
            tab.leftover.forget();
            tab.running = Some(running);
            self.journals.begin(tab);
        }
    }

    fn run(&self, plan: Plan, going_on: Option<Arc<Unfinished>>, going: Going) -> Running {
        let ctx = self.ctx.clone();
        let goes_on = going_on.is_some();
        let stepping = (plan.clock == ClockKind::Virtual).then(|| Stepping::new(going, self.breakpoints));
        let stepper = stepping.as_ref().map(|stepping| stepping.stepper().clone());
        let usual = RunOptions::new(sim::in_process);
        let options = RunOptions { concurrency: self.composer.at_once, going_on, stepper, ..usual };
        let run = engine::start(plan, options, Arc::new(move || ctx.request_repaint()));
        Running { run, state: RunState::default(), goes_on, stepping }
    }

    /// What the composer holds, ready to be run.
    pub(super) fn plan_of_draft(&self) -> Result<Plan, ComposerProblem> {
        let source = self.composer.draft.to_plan()?;
        let environment = |name: &str| std::env::var(name).ok();
        plan_file::from_source(source, &environment)
            .map_err(|error| ComposerProblem { at: None, message: error.to_string() })
    }

    pub(super) fn show_problem(&mut self, problem: ComposerProblem) {
        self.composer.problem = Some(problem);
        self.show_composer();
    }

    /// Takes in what the runs have to tell.
    pub(super) fn take_runs(&mut self) {
        for tab in &mut self.tabs {
            let Some(mut running) = tab.running.take() else { continue };
            let news: Vec<RunEvent> = running.run.news().collect();
            let mut has_ended = false;
            for event in news {
                match event {
                    RunEvent::Header(_) if running.goes_on => (),
                    RunEvent::Header(header) => {
                        tab.begin(*header);
                        self.journals.begin(tab);
                    }
                    RunEvent::Records(records) => tab.push(records),
                    RunEvent::UnderWay(attempts) => tab.view.timeline.goes_on_with(attempts),
                    RunEvent::Progress(progress) => {
                        running.state = RunState {
                            n_in_flight: usize::try_from(progress.n_in_flight).unwrap_or(usize::MAX),
                            n_waiting: usize::try_from(progress.n_waiting).unwrap_or(usize::MAX),
                        };
                    }
                    RunEvent::Stands(standstill) => {
                        if let Some(stepping) = running.stepping() {
                            tab.stands(stepping, *standstill);
                        }
                    }
                    // The person told it to.
                    RunEvent::GoesOn => (),
                    RunEvent::Finished(Ok(summary)) => {
                        has_ended = true;
                        self.notices.done(format!("{}: {}", tab.title(), summary_words(&summary)));
                        if summary.n_unfinished > 0 {
                            tab.look_for_leftover(&self.ctx);
                        }
                    }
                    RunEvent::Finished(Err(error)) => {
                        has_ended = true;
                        self.notices.error(format!("{} stopped: {error}", tab.title()));
                    }
                }
            }
            if has_ended {
                tab.view.timeline.run_is_over();
            } else if !running.is_virtual() {
                tab.view.timeline.time_passes(Timestamp::from_system_clock());
            }
            tab.running = (!has_ended).then_some(running);
            tab.select_first();
        }
    }

    /// Sees to it that the next frame comes while time passes in the session in front: soon while an attempt is under way,
    /// now and then while all of them wait.
    pub(super) fn keep_time(&self) {
        let timeline = self.tabs.get(self.front).map(|tab| &tab.view.timeline);
        let Some(timeline) = timeline.filter(|timeline| timeline.is_live()) else { return };
        let is_still = timeline.n_under_way() == 0 || self.settings.reduced_motion;
        self.ctx.request_repaint_after(if is_still { LIVE_AT_REST } else { LIVE });
    }

    /// Stops the run of the tab in front; its end is told like any other.
    pub(super) fn cancel_run(&mut self) {
        match self.tabs.get_mut(self.front).and_then(|tab| tab.running.as_mut()) {
            Some(running) => {
                running.stepping().into_iter().for_each(Stepping::goes);
                running.run.cancel();
            }
            None => self.notices.done("Nothing runs in this session."),
        }
    }

    /// Ends the selected delivery of the run in front; the others go on.
    pub(super) fn give_up_delivery(&mut self) {
        let Some(tab) = self.tabs.get(self.front) else { return };
        let selected = tab.view.selection.map(|selection| tab.session.delivery_id(selection.delivery));
        match (&tab.running, selected.or_else(|| tab.view.beginnings.chosen().cloned())) {
            (Some(running), Some(delivery)) => running.run.give_up(delivery),
            (Some(_), None) => self.notices.error("Select the delivery that is to be given up."),
            (None, _) => self.notices.done("Nothing runs in this session."),
        }
    }
}

/// What a plan in real time gets instead of steps.
const NO_STEPS: &str =
    "Real time cannot be stepped through: untick \"real time\", and let the simulator or scripted responses answer.";

/// The host outside this machine that the plan would send to, if any.
fn host_outside(plan: &Plan) -> Option<String> {
    match &plan.remote {
        Remote::Real { endpoint: None } => Some(format!("the real hosts of {}", plan.destination)),
        Remote::Real { endpoint: Some(endpoint) } => endpoint.parse::<Endpoint>().ok()?.outside_host(),
        Remote::Script(_) | Remote::Simulator(_) => None,
    }
}

fn summary_words(summary: &RunSummary) -> String {
    let parts = [
        (summary.n_delivered, "delivered"),
        (summary.n_discarded, "dropped"),
        (summary.n_filtered, "filtered"),
        (summary.n_unfinished, "unfinished"),
    ];
    let counts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let attempts = if summary.n_attempts == 1 { "attempt" } else { "attempts" };
    let slept = match summary.slept {
        Duration::ZERO => String::new(),
        slept => format!("; the computer slept for {}", in_words(slept)),
    };
    format!("{} after {} {attempts}{slept}", counts.join(", "), summary.n_attempts)
}
