//! The composer's preview: its draft run for one attempt in virtual time, on a thread of its own, with the simulator in
//! place of real hosts. Nothing leaves this machine.
use serde_json::{Map, Value, json};

use super::jobs::{Job, JobEnd};
use super::shell::App;
use crate::core::names::{ClockKind, Mode};
use crate::core::pipeline::Policy;
use crate::core::plan::{Plan, Remote};
use crate::core::record::{Attempt, Record};
use crate::net::engine::{RunOptions, run_to_end};
use crate::net::transport::Endpoint;
use crate::session::plan_file;
use crate::sim;
use crate::ui::composer::panel::Page;
use crate::ui::composer::preview::Previewed;

/// The job that works it out.
pub(super) type Previewing = Job<Result<Previewed, String>>;

impl App {
    /// Asks for a preview of a draft that has none yet, and takes in what was worked out.
    pub(super) fn keep_preview(&mut self) {
        match self.previewing.poll() {
            Some(JobEnd::Done(outcome)) => self.composer.preview.answer(outcome),
            Some(JobEnd::Panicked) => {
                self.composer
                    .preview
                    .answer(Err("The preview broke off. Please report this with the plan.".to_owned()));
            }
            None => (),
        }
        let is_shown = self.shows_composer() && self.composer.page == Page::Preview;
        if !is_shown || self.composer.preview.asked.as_ref() == Some(&self.composer.draft) {
            return;
        }
        self.composer.preview.asked = Some(self.composer.draft.clone());
        match self.composer.draft.to_plan() {
            Ok(source) => self.previewing.start(&self.ctx, "previewing", move |_| preview(source)),
            Err(problem) => self.composer.preview.answer(Err(problem.to_string())),
        }
    }
}

/// The first attempt of a plan.
fn preview(source: Map<String, Value>) -> Result<Previewed, String> {
    let environment = |name: &str| std::env::var(name).ok();
    let plan = plan_file::from_source(source, &environment).map_err(|error| error.to_string())?;
    let endpoint = match &plan.remote {
        Remote::Real { endpoint } => Some(endpoint.as_deref().and_then(|url| url.parse::<Endpoint>().ok())),
        Remote::Script(_) | Remote::Simulator(_) => None,
    };
    let stands_in = endpoint.is_some();
    let mut first: Option<Attempt> = None;
    let run = run_to_end(one_attempt_of(plan), &RunOptions::new(sim::in_process), &mut |record| {
        if let (Record::Attempt(attempt), None) = (record, &first) {
            first = Some((*attempt).clone());
        }
    });
    let Some(attempt) = first else { return Err(run.err().map(|error| error.to_string()).unwrap_or_default()) };
    let mut exchanges = attempt.exchanges;
    if let Some(Some(endpoint)) = endpoint {
        for exchange in &mut exchanges {
            exchange.sent_to = Some(endpoint.redirect(&exchange.request.url));
        }
    }
    Ok(Previewed { exchanges, reason: attempt.verdict.reason, stands_in })
}

/// The plan in virtual time, answered on this machine, for one attempt at its first delivery.
fn one_attempt_of(plan: Plan) -> Plan {
    let remote = match plan.remote {
        Remote::Real { .. } => Remote::Simulator(json!({"preset": "happy-path"})),
        answered => answered,
    };
    let n_events = if plan.mode == Mode::Single { 1 } else { plan.events.len() };
    Plan {
        remote,
        clock: ClockKind::Virtual,
        pipeline: Policy::preset("no-retries").unwrap_or_default(),
        spread: std::time::Duration::ZERO,
        events: plan.events.into_iter().take(n_events).collect(),
        ..plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::composer::draft::{Answerer, Draft};
    use crate::ui::composer::templates::first_draft;

    #[test]
    fn a_preview_of_real_hosts_sends_nothing_and_shows_where_it_would_go() -> Result<(), String> {
        let draft = Draft {
            answerer: Answerer::Endpoint,
            clock: ClockKind::Wall,
            endpoint: "http://127.0.0.1:1".to_owned(),
            ..first_draft()
        };
        let previewed = preview(draft.to_plan().map_err(|problem| problem.to_string())?)?;
        assert!(previewed.stands_in);
        let urls: Vec<&str> = previewed.exchanges.iter().filter_map(|exchange| exchange.sent_to.as_deref()).collect();
        assert!(urls.len() > 1 && urls.iter().all(|url| url.starts_with("http://127.0.0.1:1/")), "{urls:?}");
        Ok(())
    }

    #[test]
    fn what_is_not_subscribed_says_why_nothing_is_sent() -> Result<(), String> {
        let draft = Draft { subscription: "type = \"page\"".to_owned(), ..first_draft() };
        let previewed = preview(draft.to_plan().map_err(|problem| problem.to_string())?)?;
        assert!(previewed.exchanges.is_empty() && !previewed.reason.is_empty());
        Ok(())
    }
}
