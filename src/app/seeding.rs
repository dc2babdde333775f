//! Runs of the composer's plan under many seeds, on threads of their own.
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::jobs::{Job, JobEnd};
use super::running::Going;
use super::shell::App;
use crate::core::distribution::{Distribution, FailedRun};
use crate::core::plan::Plan;
use crate::net::engine::{Cancel, SeedsOptions, run_seeds};
use crate::sim;
use crate::ui::seeds::SeedsView;

/// How many seeds.
const N_SEEDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(999);

/// The runs, and what is shown of them.
#[derive(Default)]
pub(super) struct Seeding {
    pub(super) view: SeedsView,
    pub(super) shown: bool,
    job: Job<Result<Distribution, String>>,
    n_ended: Arc<AtomicU32>,
    cancel: Cancel,
    plan: Option<Plan>,
}

impl Seeding {
    /// What is being worked on.
    pub(super) fn working(&self) -> Option<&str> {
        self.job.running()
    }

    /// Stops the runs and forgets them.
    pub(super) fn close(&mut self) {
        self.cancel.cancel();
        self.job.cancel();
        self.view.progress = None;
        self.shown = false;
    }

    /// Takes in how far the runs are.
    pub(super) fn poll(&mut self) {
        if self.job.running().is_none() {
            return;
        }
        self.view.progress = Some((self.n_ended.load(Ordering::Relaxed), N_SEEDS.get()));
        let Some(end) = self.job.poll() else { return };
        self.view.progress = None;
        match end {
            JobEnd::Done(Ok(distribution)) => {
                let problem = |first: &FailedRun| {
                    format!(
                        "{} runs broke off and are not counted; seed {}: {}",
                        distribution.failed().len(),
                        first.seed,
                        first.reason
                    )
                };
                self.view.problem = distribution.failed().first().map(problem);
                self.view.distribution = Some(distribution);
            }
            JobEnd::Done(Err(problem)) => self.view.problem = Some(problem),
            JobEnd::Panicked => {
                self.view.problem = Some("The runs broke off. Please report this with the plan.".to_owned());
            }
        }
    }
}

impl App {
    /// Runs what the composer holds under many seeds, unless something is wrong with it; then the composer says what.
    pub(super) fn run_seeds(&mut self) {
        let plan = match self.plan_of_draft() {
            Ok(plan) => plan,
            Err(problem) => return self.show_problem(problem),
        };
        self.seeding.close();
        let seeding = &mut self.seeding;
        let name = plan.name.clone().unwrap_or_else(|| format!("{} {}", plan.destination, plan.action));
        let title = format!("{name} · seeds {} to {}", plan.seed, plan.seed.wrapping_add(u64::from(N_SEEDS.get()) - 1));
        seeding.view = SeedsView::new(title);
        seeding.shown = true;
        seeding.plan = Some(plan.clone());
        seeding.n_ended = Arc::default();
        let options = SeedsOptions::new(sim::in_process, N_SEEDS);
        seeding.cancel = options.cancel.clone();
        let (n_ended, ctx) = (Arc::clone(&seeding.n_ended), self.ctx.clone());
        seeding.job.start(&self.ctx, "running under many seeds", move |_| {
            let mut progress = |so_far| {
                n_ended.store(so_far, Ordering::Relaxed);
                ctx.request_repaint();
            };
            run_seeds(&plan, &options, &mut progress).map_err(|error| error.to_string())
        });
    }

    /// Runs the same plan under one of the seeds, to be looked at.
    pub(super) fn fire_seed(&mut self, seed: u64) {
        self.seeding.close();
        if let Some(mut plan) = self.seeding.plan.take() {
            plan.seed = seed;
            plan.source.insert("seed".to_owned(), seed.into());
            self.start(plan, Going::On);
        }
    }
}
