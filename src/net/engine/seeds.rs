//! One plan under many seeds, on all cores. What comes out does not depend on their number.
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use serde_json::Map;

use super::cancel::Cancel;
use super::start::{RunOptions, run_to_end};
use crate::core::distribution::{Distribution, FailedRun, Histogram, RunMeter, SeedRun};
use crate::core::names::ClockKind;
use crate::core::plan::Plan;
use crate::net::transport::Simulate;

/// What a plan does not say about its runs.
#[derive(Clone)]
pub struct SeedsOptions {
    /// Makes the embedded remote: `sim::in_process`.
    pub simulate: Simulate,
    /// How many seeds: the plan's own and those that follow it.
    pub n_seeds: NonZeroU32,
    /// How many runs go on at once.
    pub n_threads: NonZeroUsize,
    /// Stops all runs. Those that had ended count.
    pub cancel: Cancel,
}

impl SeedsOptions {
    /// So many seeds on every core that there is.
    #[must_use]
    pub fn new(simulate: Simulate, n_seeds: NonZeroU32) -> Self {
        let n_threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { simulate, n_seeds, n_threads, cancel: Cancel::default() }
    }
}

/// Why a plan cannot be run under many seeds.
#[derive(Debug, thiserror::Error)]
pub enum SeedsError {
    /// Every run would take as long as it takes, and send for real.
    #[error(
        "the plan runs in real time, and many runs of it would send everything as many times: give it `responses` or a \
         `simulator`, and no `clock` \"wall\""
    )]
    WallClock,
    /// No run came to its end.
    #[error("every run broke off; that of seed {seed}: {reason}")]
    AllFailed {
        /// The first seed.
        seed: u64,
        /// Why its run broke off.
        reason: String,
    },
}

/// Runs a virtual plan once under each seed and measures the runs. `progress` is told, on this thread, how many runs have
/// ended.
///
/// A run whose deliveries ask for more answers than a script has fails alone: it is in [`Distribution::failed`]. When the
/// runs are stopped, those that had ended are there.
///
/// # Errors
/// [`SeedsError`] if there is nothing to measure.
pub fn run_seeds(
    plan: &Plan,
    options: &SeedsOptions,
    progress: &mut dyn FnMut(u32),
) -> Result<Distribution, SeedsError> {
    if plan.clock == ClockKind::Wall {
        return Err(SeedsError::WallClock);
    }
    // Its text is not needed, and holds every event once more.
    let plan = &Plan { source: Map::new(), ..plan.clone() };
    let next = AtomicU64::new(0);
    let mut distribution = Distribution::default();
    let mut take = |run: Ended| {
        match run {
            Ok((run, times)) => distribution.add(run, &times),
            Err(failed) => distribution.add_failed(failed),
        }
        progress(u32::try_from(distribution.runs().len() + distribution.failed().len()).unwrap_or(u32::MAX));
    };
    let n_threads = options.n_threads.get().min(usize::try_from(options.n_seeds.get()).unwrap_or(usize::MAX));
    let (sender, ended) = sync_channel(n_threads);
    thread::scope(|scope| {
        for number in 1..=n_threads {
            let (sender, next) = (sender.clone(), &next);
            let send_all = move || {
                while let Some(run) = next_run(plan, options, next)
                    && sender.send(run).is_ok()
                {}
            };
            // Where the system gives no thread, those that there are do the work.
            drop(thread::Builder::new().name(format!("seeds {number}")).spawn_scoped(scope, send_all));
        }
        drop(sender);
        ended.iter().for_each(&mut take);
        while let Some(run) = next_run(plan, options, &next) {
            take(run);
        }
    });
    match (distribution.runs(), distribution.failed()) {
        ([], [first, ..]) => Err(SeedsError::AllFailed { seed: first.seed, reason: first.reason.clone() }),
        _ => Ok(distribution),
    }
}

type Ended = Result<(SeedRun, Histogram), FailedRun>;

/// Runs the next seed that nobody has taken; none if there is none, or if it was stopped.
fn next_run(plan: &Plan, options: &SeedsOptions, next: &AtomicU64) -> Option<Ended> {
    let idx = next.fetch_add(1, Ordering::Relaxed);
    let is_left = idx < options.n_seeds.get().into() && !options.cancel.is_cancelled();
    is_left.then(|| run_seed(plan.clone(), plan.seed.wrapping_add(idx), options).transpose())?
}

/// None if the run was stopped.
fn run_seed(mut plan: Plan, seed: u64, options: &SeedsOptions) -> Result<Option<(SeedRun, Histogram)>, FailedRun> {
    plan.seed = seed;
    let mut meter = RunMeter::new(seed);
    let run_options = RunOptions { cancel: options.cancel.clone(), ..RunOptions::new(options.simulate) };
    let ended = run_to_end(plan, &run_options, &mut |record| meter.take(&record));
    match ended {
        Ok(summary) => Ok((!summary.was_cancelled).then(|| meter.finish())),
        Err(error) => Err(FailedRun { seed, reason: error.to_string() }),
    }
}
