//! What a run has left to be done when it was stopped or the program closed: looked for when a session is opened, gone on
//! with or given up when the person says so.
use std::sync::Arc;

use super::jobs::{Job, JobEnd};
use super::running::ToFire;
use super::shell::App;
use super::tab::Tab;
use crate::core::abandoned::abandon;
use crate::core::names::ClockKind;
use crate::core::pending::Unfinished;
use crate::core::plan::Plan;
use crate::core::time::Timestamp;
use crate::session::plan_file;
use crate::store::Session;
use crate::store::deliveries::Fate;
use crate::store::label::counted;
use crate::ui::composer::draft::Draft;
use crate::ui::composer::problem::ComposerProblem;

/// What is left to be done in a session, once it was looked for.
#[derive(Default)]
pub(super) struct Leftover {
    job: Job<Option<Unfinished>>,
    found: Option<Arc<Unfinished>>,
    words: Option<String>,
    /// The session's own plan cannot be run, since it holds no secrets; the composer has it.
    is_plan_in_composer: bool,
}

impl Leftover {
    /// What is left, in words for the bar.
    pub(super) fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    /// Whether it is being looked for.
    pub(super) fn is_looking(&self) -> bool {
        self.job.running().is_some()
    }

    /// Nothing is left, or nobody wants to be asked.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Looks for it in the background, where there can be any: in a session that was run in wall time.
    pub(super) fn look(&mut self, ctx: &egui::Context, session: &Session) {
        self.forget();
        let header = session.header();
        let was_run = header.plan.get("destination").is_some() && header.clock == ClockKind::Wall.name();
        if !was_run {
            return;
        }
        if session.is_in_file() {
            // The records stay in their file; going on needs them all.
            let n_pending = session.facets().n_of(Fate::Pending);
            self.words = (n_pending > 0).then(|| in_large_file(n_pending));
            return;
        }
        let session = session.snapshot();
        self.job.start(ctx, "looking for what is left to be done", move |_| {
            let records: Result<Vec<_>, _> = session.records().collect();
            records.ok().map(Unfinished::of)
        });
    }

    fn poll(&mut self) {
        if let Some(JobEnd::Done(Some(unfinished))) = self.job.poll()
            && !unfinished.is_empty()
        {
            self.words = Some(words(&unfinished));
            self.found = Some(Arc::new(unfinished));
        }
    }
}

impl App {
    /// Takes in what was found.
    pub(super) fn take_leftovers(&mut self) {
        for tab in &mut self.tabs {
            tab.leftover.poll();
        }
    }

    /// Goes on with the session in front, after asking where that reaches beyond this machine.
    pub(super) fn go_on(&mut self) {
        let Some(tab) = self.tabs.get(self.front) else { return };
        let Some(unfinished) = tab.leftover.found.clone() else {
            return self.notices.error(match tab.leftover.words() {
                Some(_) => "This session is too large to go on with here; `delivery-inspector run --resume FILE` does.",
                None => "Nothing is left to be done in this session.",
            });
        };
        let plan = match self.plan_to_go_on_with() {
            Ok(plan) => plan,
            Err(problem) => return self.show_problem(problem),
        };
        if self.asks_about_host(&plan, || ToFire::Rest) {
            return;
        }
        self.composer.problem = None;
        self.start_rest(plan, unfinished);
    }

    /// The session's plan; where that cannot be run, it goes into the composer to be mended, and comes from there the next
    /// time.
    fn plan_to_go_on_with(&mut self) -> Result<Plan, ComposerProblem> {
        let problem = |message: String| ComposerProblem { at: None, message };
        let Some(tab) = self.tabs.get_mut(self.front) else { return Err(problem("No session is open.".to_owned())) };
        let Some(source) = tab.plan_source().cloned() else {
            return Err(problem("This session holds no plan.".to_owned()));
        };
        if tab.leftover.is_plan_in_composer {
            let plan = self.plan_of_draft()?;
            let is_of_session = |key: &str, name: &str| source.get(key).is_some_and(|value| value == name);
            if !is_of_session("destination", plan.destination.name()) || !is_of_session("action", &plan.action) {
                return Err(problem(
                    "The composer delivers to another destination or action than this session.".to_owned(),
                ));
            }
            return Ok(Plan { clock: ClockKind::Wall, ..plan });
        }
        let environment = |name: &str| std::env::var(name).ok();
        plan_file::from_source(source.clone(), &environment).map_err(|error| {
            tab.leftover.is_plan_in_composer = true;
            self.composer.draft = Draft::from_plan(&source, &self.composer.draft);
            problem(format!(
                "{error}. A session keeps no secrets: fill them in here, then choose Go on (not Fire) again."
            ))
        })
    }

    /// Gives up what the session in front has left to be done, and says so in the session.
    pub(super) fn give_up_rest(&mut self) {
        let Some(tab) = self.tabs.get_mut(self.front) else { return };
        let Some(unfinished) = tab.leftover.found.clone() else {
            return self.notices.error("Nothing that could be given up here is left to be done in this session.");
        };
        let ends = abandon(&unfinished, tab.session.header(), Timestamp::from_system_clock());
        tab.push(ends);
        tab.leftover.forget();
        self.notices.done(format!("{}: {} given up; nothing was sent", tab.title(), events(unfinished.n_events())));
    }

    /// Asks no more, until the session is opened again.
    pub(super) fn leave_for_later(&mut self) {
        if let Some(tab) = self.tabs.get_mut(self.front) {
            tab.leftover.forget();
        }
    }
}

impl Tab {
    /// Looks whether its run has left something to be done.
    pub(super) fn look_for_leftover(&mut self, ctx: &egui::Context) {
        self.leftover.look(ctx, &self.session);
    }
}

fn events(count: usize) -> String {
    counted(count, "event", "events")
}

fn words(unfinished: &Unfinished) -> String {
    let (deliveries, queued) = (&unfinished.deliveries, &unfinished.queued);
    let due = deliveries.iter().map(|it| it.due_at).chain(queued.iter().map(|it| it.due_at)).min();
    let due = due.map(|due| format!(", the first due at {}", due.cut_to_millis())).unwrap_or_default();
    let parts = [
        (deliveries.len(), "delivery waits for its next attempt", "deliveries wait for their next attempt"),
        (queued.len(), "event waits for a batch", "events wait for a batch"),
        (unfinished.untried.len(), "event was never tried", "events were never tried"),
    ];
    let there = parts.into_iter().filter(|(count, ..)| *count > 0);
    let parts: Vec<String> = there.map(|(count, one, many)| counted(count, one, many)).collect();
    format!("{}{due}.", parts.join(", "))
}

fn in_large_file(n_pending: usize) -> String {
    let waiting = counted(n_pending, "delivery waits", "deliveries wait");
    format!("{waiting} for another attempt; `delivery-inspector run --resume FILE` goes on with a file of this size.")
}
