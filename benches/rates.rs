//! How fast the rows of a large session are sorted and filtered and its records searched, as jobs of the window do it; beside
//! that, reading the same file from beginning to end and forgetting it. `cargo bench --no-default-features --bench rates
//! [-- ATTEMPTS|FILE…]`; 200,000 attempts unless told otherwise, or sessions that are there. In turns, a few rounds; the
//! middle one counts.
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod generated;

use delivery_inspector::session::loader::{LoadOptions, load};
use delivery_inspector::store::Session;
use delivery_inspector::store::filter::Filter;
use delivery_inspector::store::rows::{Arrangement, Rows, SortKey};
use delivery_inspector::store::search::{FindQuery, Found};
use delivery_inspector::store::watch::Watch;
use generated::generate;

const N_ROUNDS: usize = 3;
/// Sorting by message reads every event's record, so it is not here.
const SORTED_BY: [SortKey; 8] = [
    SortKey::Started,
    SortKey::Destination,
    SortKey::Event,
    SortKey::Tries,
    SortKey::Took,
    SortKey::Token,
    SortKey::Rule,
    SortKey::Fate,
];
/// Of columns alone.
const FILTERS: [&str; 6] =
    ["verdict:dropped", "status:503", "attempt>2", "waited>1m", "dest:pendo rule:token", "error:*"];
/// Of what stands in the file: nowhere, here and there, everywhere, and where other conditions leave little to read.
const RECORDS: [&str; 9] = [
    "body~\"no such text anywhere\"",
    "body~\"65601\"",
    "body~\"email\"",
    "attempt>4 body~\"65601\"",
    "header:retry-after",
    "user:person-8740",
    "message:m-00000003",
    "person-8740",
    "not person-8740 -body~\"65601\"",
];
/// What Find searches for.
const FOUND: [&str; 2] = ["no such text anywhere", "person-8740"];

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if asked.is_empty() {
        asked.push("200000".to_owned());
    }
    let folder = tempfile::tempdir()?;
    for of in asked {
        let mut path = PathBuf::from(&of);
        if let Ok(n_attempts) = of.parse::<u64>() {
            path = folder.path().join("large.session.jsonl");
            generate(n_attempts, &path)?;
        }
        let loaded = load(&path, LoadOptions::default(), &mut |_| ControlFlow::Continue(()))?;
        let session = loaded.session();
        let n_deliveries = session.deliveries().len();
        println!("{} attempts, {n_deliveries} deliveries", session.attempts().len());
        columns(session)?;
        records(session, &path)?;
    }
    Ok(())
}

/// What needs no record.
fn columns(session: &Session) -> Outcome<()> {
    for sort_by in SORTED_BY {
        let (took, n_rows) = middle(session, &Arrangement { sort_by, ..Arrangement::default() })?;
        println!("  sorted by {sort_by:<34} {took:>9.1?} {:>8.1} million rows a second", millions(n_rows, took));
    }
    for text in FILTERS {
        let (took, n_rows) = middle(session, &filtered(text)?)?;
        let rate = millions(session.deliveries().len(), took);
        println!("  {text:<44} {took:>9.1?} {rate:>8.1} million rows a second, {n_rows} shown");
    }
    Ok(())
}

/// What has to look into records.
fn records(session: &Session, path: &Path) -> Outcome<()> {
    let n_bytes = usize::try_from(fs::metadata(path)?.len())?;
    let gigabytes = |took: Duration| millions(n_bytes, took) / 1e3;
    let mut read: Vec<Duration> = (0..N_ROUNDS).map(|_| read_through(path)).collect::<Outcome<_>>()?;
    read.sort();
    let read = read[N_ROUNDS / 2];
    println!("  {:<44} {read:>9.1?} {:>8.2} GB/s", "reading the file and forgetting it", gigabytes(read));
    let write = |what: &str, took: Duration, n_found: usize, first: Duration| {
        let (rate, ratio) = (gigabytes(took), took.as_secs_f64() / read.as_secs_f64());
        println!(
            "  {what:<44} {took:>9.1?} {rate:>8.2} GB/s, {ratio:.1} times reading, {n_found} found, the first after {first:.1?}"
        );
    };
    for text in RECORDS {
        let arrangement = filtered(text)?;
        let (took, n_rows, first) = middle_of(|watch| {
            let rows = Rows::make(session, &arrangement, watch)?;
            Some(rows.visible_deliveries().len())
        })?;
        write(text, took, n_rows, first);
    }
    for text in FOUND {
        let query = FindQuery::new(text).ok_or("there is nothing to find")?;
        let (took, n_hits, first) = middle_of(|watch| {
            let found = Found::default().go_on(session, &query, watch)?;
            Some(found.hits().len())
        })?;
        write(&format!("Find {text}"), took, n_hits, first);
    }
    Ok(())
}

/// Notes when anything could be shown first, and has what was found so far put together as often as the window does.
struct Noting {
    start: Instant,
    next: Instant,
    first: Option<Duration>,
}

impl Noting {
    /// The pace of the window's jobs.
    const FIRST_NEWS: Duration = Duration::from_millis(150);
    const NEWS_ARE_WORTH: u32 = 8;

    fn start() -> Self {
        let start = Instant::now();
        Self { start, next: start + Self::FIRST_NEWS, first: None }
    }

    fn is_offered<T>(&mut self, make: &mut dyn FnMut() -> T, is_empty: impl Fn(&T) -> bool) {
        let began = Instant::now();
        if began < self.next {
            return;
        }
        if !is_empty(&make()) {
            self.first.get_or_insert_with(|| self.start.elapsed());
        }
        self.next = Instant::now() + Self::FIRST_NEWS.max(began.elapsed() * Self::NEWS_ARE_WORTH);
    }
}

impl Watch<Rows> for Noting {
    fn done(&mut self, _: f32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn offer(&mut self, make: &mut dyn FnMut() -> Rows) {
        self.is_offered(make, |rows| rows.visible_deliveries().is_empty());
    }
}

impl Watch<Found> for Noting {
    fn done(&mut self, _: f32) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn offer(&mut self, make: &mut dyn FnMut() -> Found) {
        self.is_offered(make, |found| found.hits().is_empty());
    }
}

/// How long a search takes, how much it finds, and after how long it could show the first of it.
fn middle_of(mut search: impl FnMut(&mut Noting) -> Option<usize>) -> Outcome<(Duration, usize, Duration)> {
    let mut rounds = Vec::new();
    for _ in 0..N_ROUNDS {
        let mut noting = Noting::start();
        let n_found = search(&mut noting).ok_or("it was stopped")?;
        let took = noting.start.elapsed();
        rounds.push((took, n_found, noting.first.unwrap_or(took)));
    }
    rounds.sort();
    Ok(rounds[N_ROUNDS / 2])
}

fn filtered(text: &str) -> Outcome<Arrangement> {
    let filter = Filter::parse(text).map_err(|error| format!("{text}: {error}"))?;
    Ok(Arrangement { filter, ..Arrangement::default() })
}

/// How long making the rows takes, and how many there are.
fn middle(session: &Session, arrangement: &Arrangement) -> Outcome<(Duration, usize)> {
    let mut rounds = Vec::new();
    for _ in 0..N_ROUNDS {
        let start = Instant::now();
        let rows = Rows::make(session, arrangement, &mut |_| ControlFlow::Continue(())).ok_or("it was stopped")?;
        rounds.push((start.elapsed(), rows.visible_deliveries().len()));
    }
    rounds.sort();
    Ok(rounds[N_ROUNDS / 2])
}

fn read_through(path: &Path) -> Outcome<Duration> {
    let start = Instant::now();
    let (mut file, mut buffer) = (File::open(path)?, vec![0; 4 << 20]);
    while file.read(&mut buffer)? > 0 {
        black_box(&buffer);
    }
    Ok(start.elapsed())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to look at")]
fn millions(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64() / 1e6
}
