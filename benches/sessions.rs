//! How large sessions are opened and looked at, beside the simplest programs that touch the same bytes: `wc -l`, `dd` and a
//! loop over `serde_json`. Everything is taken in one run, in turns, so that ratios count and not the machine.
//! `cargo bench --no-default-features --bench sessions [-- ATTEMPTS]`; 200,000 attempts unless told otherwise.
//! `-- open FILE` and `-- typed FILE` do one thing once, for counting instructions.
use std::borrow::Cow;
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod generated;

use delivery_inspector::session::loader::{LoadOptions, LoadedInFile, load};
use delivery_inspector::store::Session;
use delivery_inspector::store::activity::Span;
use delivery_inspector::store::filter::Filter;
use delivery_inspector::store::rows::{Arrangement, Rows, SortKey};
use generated::generate;
use serde::Deserialize;
use serde_json::{Map, Value};

const N_ROUNDS: usize = 5;
const N_COLUMNS: usize = 1_400;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["open", path, ..] => return open(Path::new(path)).map(drop),
        ["typed", path, ..] => return read_typed(Path::new(path)),
        _ => {}
    }
    let n_attempts = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(200_000);
    let folder = tempfile::tempdir()?;
    let own = folder.path().join("own.session.jsonl");
    generate(n_attempts, &own)?;
    let n_bytes = fs::metadata(&own)?.len();
    println!("{n_attempts} attempts, {} MB, {} threads", n_bytes >> 20, LoadOptions::default().n_threads);

    let before = anonymous_bytes()?;
    let loaded = open(&own)?;
    let held = anonymous_bytes()?.saturating_sub(before);
    report_memory(held, loaded.session());
    look(loaded.session());
    drop(loaded);

    against(&own, "wc -l", &mut || program("wc", &["-l", text(&own)?]), &mut || open(&own).map(drop))?;
    against(&own, "serde_json, typed, one thread", &mut || read_typed(&own), &mut || open(&own).map(drop))?;
    let other = folder.path().join("other-order.session.jsonl");
    reorder(&own, &other)?;
    against(&other, "serde_json, typed, one thread, other field order", &mut || read_typed(&other), &mut || {
        open(&other).map(drop)
    })?;
    first_rows(&own)?;
    cold(&own)
}

fn open(path: &Path) -> Outcome<LoadedInFile> {
    Ok(load(path, LoadOptions::default(), &mut |_| ControlFlow::Continue(()))?)
}

/// Both in turns; the middle one of the ratios counts.
fn against(
    path: &Path,
    name: &str,
    theirs: &mut dyn FnMut() -> Outcome<()>,
    ours: &mut dyn FnMut() -> Outcome<()>,
) -> Outcome<()> {
    let n_bytes = fs::metadata(path)?.len();
    let mut rounds = Vec::new();
    for _ in 0..N_ROUNDS {
        let (their_time, our_time) = (timed(theirs)?, timed(ours)?);
        rounds.push((our_time.as_secs_f64() / their_time.as_secs_f64(), their_time, our_time));
    }
    rounds.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (ratio, their_time, our_time) = rounds[N_ROUNDS / 2];
    let megabytes_a_second = u128::from(n_bytes) / our_time.as_micros().max(1);
    println!("open: {our_time:.2?} ({megabytes_a_second} MB/s), {ratio:.2} times {name} ({their_time:.2?})");
    Ok(())
}

fn timed(work: &mut dyn FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// What a timeline needs of a line, in the usual way: every line is checked, what nobody asked for is passed over, and
/// instants stay text.
#[derive(Deserialize)]
#[expect(dead_code, reason = "nobody looks at what was read")]
struct TypedLine<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    delivery: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    events: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    destination: Option<Cow<'a, str>>,
    #[serde(borrow)]
    action: Option<Cow<'a, str>>,
    number: Option<u32>,
    #[serde(borrow)]
    started_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    ended_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    verdict: Option<TypedVerdict<'a>>,
    #[serde(borrow, default)]
    exchanges: Vec<TypedExchange<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "nobody looks at what was read")]
struct TypedVerdict<'a> {
    #[serde(borrow)]
    decision: Cow<'a, str>,
    #[serde(borrow)]
    rule: Option<Cow<'a, str>>,
    #[serde(borrow)]
    next_attempt_at: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "nobody looks at what was read")]
struct TypedExchange<'a> {
    #[serde(borrow)]
    purpose: Cow<'a, str>,
    #[serde(borrow)]
    started_at: Cow<'a, str>,
    #[serde(borrow)]
    ended_at: Option<Cow<'a, str>>,
    token_generation: Option<u32>,
    response: Option<TypedResponse>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "nobody looks at what was read")]
struct TypedResponse {
    status: u16,
}

fn read_typed(path: &Path) -> Outcome<()> {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        black_box(serde_json::from_slice::<TypedLine<'_>>(&line)?);
        line.clear();
    }
    Ok(())
}

/// The same session with the fields of every record the other way round, `type` last.
fn reorder(from: &Path, to: &Path) -> Outcome<()> {
    let mut out = BufWriter::new(File::create(to)?);
    for line in BufReader::new(File::open(from)?).lines() {
        let Value::Object(fields) = serde_json::from_str(&line?)? else { return Err("a line is no record".into()) };
        let fields: Map<String, Value> = fields.into_iter().rev().collect();
        serde_json::to_writer(&mut out, &fields)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn first_rows(path: &Path) -> Outcome<()> {
    let start = Instant::now();
    let mut first = None;
    load(path, LoadOptions::default(), &mut |progress| {
        if first.is_none() && !progress.session.attempts().is_empty() {
            first = Some((start.elapsed(), progress.session.attempts().len()));
        }
        ControlFlow::Continue(())
    })?;
    if let Some((after, n_rows)) = first {
        println!("first rows: {n_rows} after {after:.2?}; all after {:.2?}", start.elapsed());
    }
    Ok(())
}

/// From the disk, where the system lets a file be dropped from its cache.
fn cold(path: &Path) -> Outcome<()> {
    let (of, direct) = (format!("if={}", text(path)?), ["of=/dev/null", "bs=4M", "iflag=direct"]);
    let read = |own: &mut dyn FnMut() -> Outcome<()>| -> Outcome<Duration> {
        program("dd", &[&of, "iflag=nocache", "count=0"])?;
        timed(own)
    };
    let theirs = read(&mut || program("dd", &[&of, direct[0], direct[1], direct[2]]))?;
    let ours = read(&mut || open(path).map(drop))?;
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!("open, cold: {ours:.2?}, {ratio:.2} times dd iflag=direct ({theirs:.2?})");
    Ok(())
}

fn report_memory(held: u64, session: &Session) {
    let n_attempts = session.attempts().len() as u64;
    let (n_events, n_deliveries) = (session.n_events(), session.deliveries().len());
    println!(
        "memory: {} MB, {} bytes an attempt, {n_events} events and {n_deliveries} deliveries included",
        held >> 20,
        held / n_attempts.max(1)
    );
}

/// What the window asks of a session in a frame, and what jobs ask.
fn look(session: &Session) {
    let Some(whole) = session.activity().range() else { return };
    let length = whole.end.since(whole.start);
    for parts in [1_u32, 10, 100, 1_000, 10_000] {
        let mut times: Vec<Duration> = (0..20)
            .map(|place| {
                let start = whole.start.saturating_add(length * place / 20);
                let span = Span { start, end: start.saturating_add(length / parts) };
                let begin = Instant::now();
                black_box(session.columns(None, span, N_COLUMNS));
                begin.elapsed()
            })
            .collect();
        times.sort();
        println!("overview of 1/{parts}: {:.2?} in the middle, {:.2?} at most", times[10], times[19]);
    }
    let n_attempts = session.attempts().len();
    let begin = Instant::now();
    let n_looked = 1_000.min(n_attempts);
    for nth in 0..n_looked {
        let attempt_idx = session.attempts().indices().nth(nth * 7_919 % n_attempts);
        black_box(attempt_idx.map(|attempt_idx| session.details(attempt_idx)));
    }
    println!("a whole record from the file: {:.2?}", begin.elapsed() / u32::try_from(n_looked).unwrap_or(1).max(1));
    for sort_by in [SortKey::Started, SortKey::Took, SortKey::Rule] {
        let begin = Instant::now();
        let arrangement = Arrangement { sort_by, ..Arrangement::default() };
        black_box(Rows::make(session, &arrangement, &mut |_| ControlFlow::Continue(())));
        println!("{} rows sorted by {sort_by:?}: {:.2?}", session.deliveries().len(), begin.elapsed());
    }
    for filter in ["status:503", "attempt>2", "body~\"65601\""] {
        let Ok(parsed) = Filter::parse(filter) else { continue };
        let begin = Instant::now();
        let bound = parsed.bind(session);
        let n_found = session.deliveries().indices().filter(|idx| bound.admits(*idx)).count();
        println!("{filter}: {n_found} of {} in {:.2?}", session.deliveries().len(), begin.elapsed());
    }
}

/// Memory of this process that is in no file.
fn anonymous_bytes() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).unwrap_or("0");
    Ok(kilobytes.parse::<u64>()? << 10)
}

fn program(name: impl Into<PathBuf>, arguments: &[&str]) -> Outcome<()> {
    let name = name.into();
    let status = Command::new(&name).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{} {arguments:?} failed", name.display()).into()) }
}

fn text(path: &Path) -> Outcome<&str> {
    path.to_str().ok_or_else(|| "the temporary folder has an odd name".into())
}
