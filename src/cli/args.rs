//! What can be typed behind the program's name.
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::selection;
use crate::core::findings::Severity;
use crate::core::names::RuleSetName;
use crate::store::filter::Filter;

/// See every delivery attempt of an event: what was sent, which rule decided, which token was used, and whether the
/// event arrived twice.
#[derive(Debug, Parser)]
#[command(
    name = "delivery-inspector",
    version,
    args_conflicts_with_subcommands = true,
    after_help = "Without a verb the window opens, on the sessions or plans that are named.\n\n\
                  Examples:\n  \
                  delivery-inspector incident.session.jsonl\n  \
                  delivery-inspector run refresh.plan.json\n  \
                  delivery-inspector run refresh.plan.json --out refresh.session.jsonl --format json\n  \
                  delivery-inspector export refresh.session.jsonl --to csv --out refresh.csv\n\n\
                  Exit codes: 0 fine, 1 wrong usage, 2 unreadable input, 3 the run failed, 4 an expectation was not met."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
    #[command(flatten)]
    pub(super) window: WindowArgs,
}

/// How the window opens
#[derive(Args, Clone, Debug)]
pub struct WindowArgs {
    /// Sessions or plans to open in the window, or a link that was copied there
    pub files: Vec<PathBuf>,
    /// Write a picture of the window to this PNG, then end
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Width and height of that picture in points
    #[arg(long, value_name = "WxH", default_value = "1400x900", value_parser = size)]
    pub size: (u16, u16),
    /// Colours, for this time only
    #[arg(long, value_parser = ["dark", "light", "high-contrast"])]
    pub theme: Option<String>,
    /// Attempt to select: a link that was copied in the window, or the message id of an event, with or without /ATTEMPT
    #[arg(long, value_name = "LINK")]
    pub select: Option<String>,
    /// Size of type and everything else, for this time only: 2 is twice as large
    #[arg(long, value_name = "FACTOR", value_parser = zoom)]
    pub zoom: Option<f32>,
    /// Fire at once: the plan that is named, or the first draft of the composer
    #[arg(long)]
    pub fire: bool,
    /// Take the picture so many seconds after the start, whatever goes on then
    #[arg(long, value_name = "SECONDS", requires = "picture")]
    pub after: Option<u16>,
    /// Begin with this in the filter bar
    #[arg(long, value_name = "FILTER")]
    pub filter: Option<String>,
    /// Begin with the composer shown
    #[arg(long)]
    pub compose: bool,
}

fn zoom(text: &str) -> Result<f32, String> {
    let factor = text.parse().ok().filter(|factor| (0.5..=3.0).contains(factor));
    factor.ok_or("write a number from 0.5 to 3".to_owned())
}

fn size(text: &str) -> Result<(u16, u16), String> {
    let sides = text.split_once('x').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
    sides.filter(|(width, height)| *width >= 320 && *height >= 240).ok_or("write it as 1400x900".to_owned())
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Run(RunArgs),
    Export(ExportArgs),
    Capture(CaptureArgs),
    Check(CheckArgs),
    Import(ImportArgs),
    Generate(GenerateArgs),
    Simulate(SimulateArgs),
    Conformance(ConformanceArgs),
}

/// Run a plan and tell what happened to each delivery
///
/// In virtual time (a plan with `responses` or a `simulator`) waits cost nothing, and the same plan and seed give the
/// same session. Otherwise the requests are sent for real. Ctrl-C ends a run; what happened until then is kept.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector run pendo.plan.json\n  \
    delivery-inspector run pendo.plan.json --events captured.ndjson --out pendo.session.jsonl\n  \
    delivery-inspector run - --format json < pendo.plan.json | jq '.attempts[].verdict.decision'\n  \
    delivery-inspector run outage.plan.json --seeds 1000\n  \
    delivery-inspector run pendo.plan.json --resume pendo.session.jsonl\n  \
    delivery-inspector run --resume pendo.session.jsonl --give-up")]
pub(super) struct RunArgs {
    /// Plan to run; - for standard input
    #[arg(required_unless_present = "resume")]
    pub(super) plan: Option<PathBuf>,
    /// Go on with what this session has left to be done after its run was stopped or the program closed: deliveries that
    /// wait for their next attempt, and events that never came to one. What happens is written behind it, or with --out
    /// into a new session that holds both. Name the plan as well where it has secrets that are not in the environment
    #[arg(long, value_name = "SESSION", conflicts_with_all = ["events", "seed", "seeds"])]
    pub(super) resume: Option<PathBuf>,
    /// Give up what the session has left to be done instead: each such delivery ends as one that a person gave up
    #[arg(long, requires = "resume", conflicts_with_all = ["plan", "format"])]
    pub(super) give_up: bool,
    /// More events, behind those of the plan: one on each line (NDJSON), a JSON list or a /v1/batch body; - for standard
    /// input
    #[arg(long, value_name = "FILE")]
    pub(super) events: Option<PathBuf>,
    /// Seed in place of the plan's
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Run the plan so many times in virtual time, under its seed and those that follow, and tell how what comes of it is
    /// spread: delivered, dropped, time to delivery, attempts, requests, token refreshes, peak load on the remote
    #[arg(long, value_name = "COUNT", conflicts_with = "out", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) seeds: Option<u32>,
    /// How many attempts may be under way at once in real time; in virtual time there is no limit
    #[arg(long, value_name = "N", conflicts_with = "seeds", default_value = "16")]
    pub(super) concurrency: NonZeroUsize,
    /// Keep connections to real hosts for the next request. Without it each request makes one of its own, as Segment's
    /// client does
    #[arg(long, conflicts_with = "seeds")]
    pub(super) keep_connections: bool,
    /// Session to write while the run goes on; - for standard output
    #[arg(long, value_name = "SESSION")]
    pub(super) out: Option<PathBuf>,
    /// What to print: a timeline for people, or one JSON document with header, attempts and summary [default: text]
    #[arg(long)]
    pub(super) format: Option<Format>,
    /// Whether tokens and keys are replaced by aliases such as ‹token#1› in all that is written, or written as they are
    #[arg(long, default_value = "alias", value_name = "alias|keep")]
    pub(super) secrets: SecretsChoice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SecretsChoice {
    Alias,
    Keep,
}

/// Write the timeline of a session as a table or as JSON, one row an attempt, secrets aliased
#[derive(Args, Debug)]
#[command(after_help = super::export::columns_help())]
pub(super) struct ExportArgs {
    /// Session to read (.gz and .zst as well); - for standard input
    pub(super) session: PathBuf,
    /// What to write
    #[arg(long)]
    pub(super) to: ExportFormat,
    /// File to write; - for standard output
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(super) out: PathBuf,
    /// Only deliveries that this filter admits, as in the window: "verdict:dropped attempt>1"; docs/filter.md describes it
    #[arg(long = "where", value_name = "FILTER", value_parser = selection::filter)]
    pub(super) filter: Option<Filter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    Csv,
    Json,
}

/// Listen for events of Segment SDKs on this machine
///
/// Point an SDK at the address that is printed (`host` in Node and Python, `apiHost` in the browser). Only this machine is
/// listened to. Ctrl-C ends it; the session is complete then.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector capture\n  \
    delivery-inspector capture --port 8765 --out captured.session.jsonl\n  \
    delivery-inspector capture --origin https://shop.example")]
pub(super) struct CaptureArgs {
    /// Port on this machine; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = crate::net::capture::DEFAULT_PORT)]
    pub(super) port: u16,
    /// Session to write while events arrive; - for standard output
    #[arg(long, value_name = "SESSION")]
    pub(super) out: Option<PathBuf>,
    /// Origin of web pages that may post, besides those that this machine serves; can be repeated
    #[arg(long, value_name = "ORIGIN")]
    pub(super) origin: Vec<String>,
}

/// Serve Pendo and LinkedIn on this machine, with state and with faults
///
/// A plan reaches them with `"endpoint": "http://127.0.0.1:PORT"`. Ctrl-C ends it.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector simulate\n  \
    delivery-inspector simulate --port 9009 --preset linkedin-token-propagation\n  \
    delivery-inspector simulate --config busy.json --seed 7\n\n\
    docs/simulator.md says what can be configured.")]
pub(super) struct SimulateArgs {
    /// Port on this machine; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 9009)]
    pub(super) port: u16,
    /// Configuration: the value of a plan's `simulator`, or a plan that has one; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Configuration that has a name
    #[arg(long, value_name = "NAME", conflicts_with = "config")]
    pub(super) preset: Option<String>,
    /// Where everything random comes from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,
}

/// Make a session of a file of another program
///
/// HAR files of browsers and proxies, Segment events (a JSON list, one on each line, or a /v1/batch body), and the attempts
/// that Svix, Hookdeck and Convoy list. What a file is is told by what it holds. Requests with the same method, URL and
/// idempotency key or body become attempts of one delivery, and the rules judge each answer. What cannot be carried over is
/// listed; docs/import.md says more.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector import checkout.har --out checkout.session.jsonl\n  \
    delivery-inspector import events.ndjson --out events.session.jsonl\n  \
    svix message-attempt list-by-msg app_1 msg_1 | delivery-inspector import - --out msg.session.jsonl")]
pub(super) struct ImportArgs {
    /// File to import (.gz and .zst as well); - for standard input
    pub(super) file: PathBuf,
    /// Session to write; - for standard output
    #[arg(long, value_name = "SESSION")]
    pub(super) out: PathBuf,
    /// Rule set that judges the answers
    #[arg(long, value_name = "NAME", default_value = RuleSetName::default().name(), value_parser = rule_set)]
    pub(super) rules: RuleSetName,
    /// Whether tokens and keys are replaced by aliases such as ‹token#1› in all that is written, or written as they are
    #[arg(long, default_value = "alias", value_name = "alias|keep")]
    pub(super) secrets: SecretsChoice,
}

fn rule_set(name: &str) -> Result<RuleSetName, String> {
    let names: Vec<&str> = RuleSetName::ALL.iter().map(|name| name.name()).collect();
    RuleSetName::from_name(name).ok_or_else(|| format!("it has to be one of {}", names.join(", ")))
}

/// Read a session as the window does and print counts, problems and findings
///
/// Every line that cannot be taken as it stands is listed with its place; the rest is counted. A file of more than 64 MB, or
/// of more than 4 MB where it is packed, is not looked through for findings, unless --whole, --where or --deny-findings asks
/// for it. Findings are what a person should know of although nothing in the session says so, such as a permanent error that
/// is retried; docs/findings.md tells what each means.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector check incident.session.jsonl\n  \
    delivery-inspector check incident.session.jsonl --where \"dest:linkedin status:401\"\n  \
    delivery-inspector check --deny-problems incident.session.jsonl.gz || echo damaged\n  \
    delivery-inspector check --deny-findings=severe nightly.session.jsonl")]
pub(super) struct CheckArgs {
    /// Session or file to import (.gz and .zst as well); - for a session on standard input
    pub(super) session: PathBuf,
    /// Only deliveries that this filter admits, as in the window: "verdict:dropped attempt>1"; docs/filter.md describes it
    #[arg(long = "where", value_name = "FILTER", value_parser = selection::filter)]
    pub(super) filter: Option<Filter>,
    /// Look at every byte and for findings whatever the size of the file; its records are not held in memory
    #[arg(long)]
    pub(super) whole: bool,
    /// Count without looking for findings whatever the size of the file
    #[arg(long, conflicts_with_all = ["whole", "deny_findings", "filter"])]
    pub(super) quick: bool,
    /// End with exit code 4 if there is any problem
    #[arg(long)]
    pub(super) deny_problems: bool,
    /// End with exit code 4 if anything is found; with a severity, if anything at least so severe is found
    #[arg(long, value_name = "SEVERITY", num_args = 0..=1, require_equals = true, default_missing_value = "note")]
    pub(super) deny_findings: Option<Severity>,
}

/// Make a large session for load tests
///
/// Deliveries to four destinations, with retries, token refreshes, duplicates, outages and bodies. Every record is one that the
/// engine wrote against the simulator, with names and times of its own. The same number and seed give the same file.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector generate --attempts 1000000 --out large.session.jsonl\n  \
    delivery-inspector generate --attempts 10000 --seed 7 --out - | gzip > small.session.jsonl.gz")]
pub(super) struct GenerateArgs {
    /// How many attempts the session has
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(super) attempts: u64,
    /// Where everything random comes from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) seed: u64,
    /// Session to write; - for standard output
    #[arg(long, value_name = "SESSION")]
    pub(super) out: PathBuf,
}

/// Run recorded cases and show where the core differs from them
///
/// Each line is a case: {"id", "plan", "expect"}, `expect` being what the reference did with the plan: its requests, its
/// outcome and how often it refreshed the token. Exit code 4 if any case differs.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    delivery-inspector conformance cases.jsonl\n  \
    delivery-inspector conformance cases.jsonl --show 100")]
pub(super) struct ConformanceArgs {
    /// Cases, one a line; - for standard input
    pub(super) cases: PathBuf,
    /// How many differing cases to show
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub(super) show: usize,
}
