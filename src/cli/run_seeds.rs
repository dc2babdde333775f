//! `run --seeds`: a plan under many seeds, and how what comes of it is spread.
use std::fmt::{self, Write as _};
use std::io::{self, IsTerminal as _, Write as _};
use std::num::NonZeroU32;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use super::args::{Format, RunArgs};
use super::failure::Failure;
use super::interrupt::on_interrupt;
use super::output::{self, counted};
use crate::core::distribution::{Distribution, Figure, SeedRun, Spread, Step, steps};
use crate::core::duration_words::in_words;
use crate::core::plan::Plan;
use crate::net::engine::{SeedsError, SeedsOptions, run_seeds as run_all};
use crate::session::secrets::{Aliases, Secrets};
use crate::sim;

pub(super) fn run_seeds(args: &RunArgs, path: &Path, plan: &Plan, n_seeds: u32) -> Result<(), Failure> {
    let mut secrets = Secrets::aliased(Aliases::of_plan(plan));
    let name = path.display();
    let options = SeedsOptions::new(sim::in_process, NonZeroU32::new(n_seeds).unwrap_or(NonZeroU32::MIN));
    let cancel = options.cancel.clone();
    on_interrupt(move || cancel.cancel());
    let mut progress = Progress::new(n_seeds);
    let distribution = run_all(plan, &options, &mut |n_ended| progress.tell(n_ended));
    progress.end();
    let distribution = distribution.map_err(|error| {
        let message = secrets.text(&format!("failed to run {name} under many seeds: {error}")).into_owned();
        if matches!(error, SeedsError::WallClock) { Failure::Usage(message) } else { Failure::Run(message) }
    })?;

    let mut out = output::stdout();
    match args.format {
        Some(Format::Json) => writeln!(out, "{:#}", to_json(plan, n_seeds, &distribution, &mut secrets))?,
        None | Some(Format::Text) => write!(out, "{}", Table { plan, n_seeds, distribution: &distribution })?,
    }
    out.flush()?;
    if options.cancel.is_cancelled() {
        let n_ended = distribution.runs().len();
        return Err(Failure::Run(format!("{name} was stopped after {n_ended} of {n_seeds} seeds")));
    }
    match distribution.failed() {
        [] => Ok(()),
        all @ [first, ..] => {
            let message = format!(
                "{} of {n_seeds} runs of {name} broke off and are not counted; that of seed {}: {}",
                all.len(),
                first.seed,
                first.reason
            );
            Err(Failure::Run(secrets.text(&message).into_owned()))
        }
    }
}

/// How far it is, on standard error: one line that changes where somebody looks at it, one line now and then otherwise.
struct Progress {
    n_seeds: u32,
    is_watched: bool,
    told_at: Instant,
}

impl Progress {
    fn new(n_seeds: u32) -> Self {
        Self { n_seeds, is_watched: io::stderr().is_terminal(), told_at: Instant::now() }
    }

    fn tell(&mut self, n_ended: u32) {
        let every = if self.is_watched { Duration::from_millis(100) } else { Duration::from_secs(5) };
        if self.told_at.elapsed() < every {
            return;
        }
        self.told_at = Instant::now();
        let line = format!("{n_ended} of {} seeds", self.n_seeds);
        if self.is_watched {
            // There is nothing to do about a standard error that is gone.
            write!(io::stderr(), "\r{line}").unwrap_or_default();
        } else {
            output::note(&line);
        }
    }

    fn end(self) {
        if self.is_watched {
            write!(io::stderr(), "\r\x1b[K").unwrap_or_default();
        }
    }
}

/// The percentiles that are told of times.
const PERCENTILES: [u64; 3] = [50, 90, 99];

/// The distribution for people.
struct Table<'a> {
    plan: &'a Plan,
    n_seeds: u32,
    distribution: &'a Distribution,
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (plan, distribution) = (self.plan, self.distribution);
        let n_ended = distribution.runs().len();
        let title = plan.name.clone().unwrap_or_else(|| format!("{} {}", plan.destination, plan.action));
        let events = counted(plan.events.len(), "event");
        let seeds = counted(n_ended, "seed");
        let last = plan.seed.wrapping_add(u64::from(self.n_seeds) - 1);
        writeln!(f, "{title} · {events} · {seeds}, {} to {last} · pipeline {}\n", plan.seed, plan.pipeline.preset)?;
        writeln!(f, "{:<22}{:>10}{:>10}{:>10}{:>10}{:>10}  at seed", "in a run", "least", "p50", "p90", "p99", "most")?;
        for figure in Figure::ALL {
            let Some(spread) = distribution.spread(*figure) else { continue };
            let is_told = spread.most > 0 || matches!(figure, Figure::Delivered | Figure::Dropped);
            if is_told {
                write_spread(f, *figure, spread)?;
            }
        }
        self.write_times(f)
    }
}

fn write_spread(f: &mut fmt::Formatter<'_>, figure: Figure, spread: Spread) -> fmt::Result {
    write!(f, "{:<22}", figure.words())?;
    for value in [spread.least, spread.p50, spread.p90, spread.p99, spread.most] {
        let words = if figure.is_time() { in_words(Duration::from_millis(value)) } else { value.to_string() };
        write!(f, "{words:>10}")?;
    }
    if spread.least == spread.most { writeln!(f) } else { writeln!(f, "  {}", spread.most_at_seed) }
}

impl Table<'_> {
    fn write_times(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let times = self.distribution.time_to_delivery();
        if times.count() == 0 {
            return writeln!(f, "\nno event was delivered in any run");
        }
        let mut line = String::from("time to delivery");
        for percent in PERCENTILES {
            let time = in_words(times.percentile(percent).unwrap_or_default());
            write!(line, "  p{percent} {time}")?;
        }
        writeln!(f, "\n{line}  most {}", in_words(times.most()))?;
        self.write_bars(f)
    }

    /// How many of the deliveries took how long, as bars over steps that people count in.
    fn write_bars(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WIDTH: u64 = 40;
        let times = self.distribution.time_to_delivery();
        let steps = steps(times);
        let most = steps.iter().map(|step| step.count).max().unwrap_or(1).max(1);
        for Step { label, count } in steps {
            let length = (u128::from(count) * u128::from(WIDTH)).div_ceil(u128::from(most));
            let bar = "█".repeat(usize::try_from(length).unwrap_or_default());
            let share = u128::from(count) * 1000 / u128::from(times.count());
            writeln!(f, "  {label:<8}{:>3}.{} % {bar}", share / 10, share % 10)?;
        }
        Ok(())
    }
}

/// The distribution for programs.
fn to_json(plan: &Plan, n_seeds: u32, distribution: &Distribution, secrets: &mut Secrets) -> Value {
    let spread = |figure: &Figure| {
        let spread = distribution.spread(*figure)?;
        let value = json!({
            "least": spread.least, "p50": spread.p50, "p90": spread.p90, "p99": spread.p99, "most": spread.most,
            "least_at_seed": spread.least_at_seed, "most_at_seed": spread.most_at_seed,
        });
        Some((figure.name().to_owned(), value))
    };
    let run = |run: &SeedRun| {
        let figures = Figure::ALL.iter().map(|figure| (figure.name().to_owned(), run.get(*figure).into()));
        let mut fields = Map::from_iter([("seed".to_owned(), run.seed.into())]);
        fields.extend(figures);
        Value::Object(fields)
    };
    let failed = distribution.failed().iter();
    let failed =
        failed.map(|failed| json!({ "seed": failed.seed, "error": secrets.text(&failed.reason).into_owned() }));
    json!({
        "name": plan.name,
        "destination": plan.destination.name(),
        "action": plan.action,
        "pipeline": plan.pipeline.preset,
        "events": plan.events.len(),
        "first_seed": plan.seed,
        "seeds": n_seeds,
        "finished": distribution.runs().len(),
        "failed": failed.collect::<Vec<_>>(),
        "time_to_delivery_ms": times_to_json(distribution),
        "spread": Figure::ALL.iter().filter_map(spread).collect::<Map<_, _>>(),
        "runs": distribution.runs().iter().map(run).collect::<Vec<_>>(),
    })
}

fn times_to_json(distribution: &Distribution) -> Value {
    let times = distribution.time_to_delivery();
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    let histogram = times
        .buckets()
        .map(|bucket| json!({ "from": millis(bucket.from), "to": millis(bucket.to), "count": bucket.count }));
    let mut fields =
        json!({ "count": times.count(), "most": millis(times.most()), "histogram": histogram.collect::<Vec<_>>() });
    for percent in PERCENTILES {
        fields[&format!("p{percent}")] = times.percentile(percent).map(millis).into();
    }
    fields
}
