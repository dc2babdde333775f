//! How fast sessions are exported and HAR files imported, and how much memory that takes, beside `serde_json` alone:
//! `to_writer` of a document that has the same bytes as the export, `from_slice` of the file that is imported.
//! `cargo bench --no-default-features --bench files [-- ATTEMPTS [ENTRIES]]`; 50,000 attempts (and four times as many, for the
//! memory) and 100,000 entries unless told otherwise. Each work is a process of its own, so that its memory can be told; they
//! take turns, a few rounds, and the middle one counts.
use std::error::Error;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod generated;

use delivery_inspector::core::names::RuleSetName;
use delivery_inspector::session::export::{Timeline, TimelineFormat};
use delivery_inspector::session::import;
use delivery_inspector::session::loader::{LoadOptions, load};
use delivery_inspector::session::reader;
use delivery_inspector::session::secrets::Secrets;
use delivery_inspector::store::Session;
use generated::generate;
use serde_json::{Value, json};

const N_ROUNDS: usize = 3;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["work", name, input, out] => return work(name, Path::new(input), Path::new(out)),
        ["har", n_entries, out] => return write_har(n_entries.parse()?, Path::new(out)),
        _ => {}
    }
    let number = |nth: usize, default: u64| words.get(nth).map_or(Ok(default), |word| word.parse());
    let (n_attempts, n_entries) = (number(0, 50_000)?, number(1, 100_000)?);
    let folder = tempfile::tempdir()?;
    if n_attempts > 0 {
        exports(n_attempts, folder.path())?;
    }
    if n_entries > 0 {
        imports(n_entries, folder.path())?;
    }
    Ok(())
}

/// What one process did.
#[derive(Clone, Copy, Debug)]
struct Took {
    wall: Duration,
    /// On all processors together.
    processor: Duration,
    peak_bytes: u64,
}

fn exports(n_attempts: u64, folder: &Path) -> Outcome<()> {
    let (session, larger) = (folder.join("s.session.jsonl"), folder.join("larger.session.jsonl"));
    let (json, csv, again) = (folder.join("s.json"), folder.join("s.csv"), folder.join("again.json"));
    generate(n_attempts, &session)?;
    generate(n_attempts * 4, &larger)?;
    let mut rounds = Vec::new();
    for _ in 0..N_ROUNDS {
        let exported = run("export-json", &session, &json)?;
        let table = run("export-csv", &session, &csv)?;
        let written = run("write-json", &session, &again)?;
        let bare = run("to-writer", &json, &again)?;
        rounds.push([exported, table, written, bare]);
    }
    let larger_json = run("export-json", &larger, &folder.join("larger.json"))?;
    let larger_csv = run("export-csv", &larger, &folder.join("larger.csv"))?;
    let [exported, table, written, bare] = middle(&rounds);
    let (n_json, n_csv) = (fs::metadata(&json)?.len(), fs::metadata(&csv)?.len());
    println!("{n_attempts} attempts: {} MB as JSON, {} MB as CSV", n_json >> 20, n_csv >> 20);
    println!("  serde_json::to_writer of the same JSON                 {}", words_of(bare, n_json));
    let ratio = |took: Took| took.processor.as_secs_f64() / bare.processor.as_secs_f64();
    let line = |what: &str, took: Took, n_bytes: u64| {
        println!("  {what:<54} {}, {:.1} times on the processor", words_of(took, n_bytes), ratio(took));
    };
    line("JSON, of a session in memory without secrets", written, n_json);
    line("JSON, of a file, secrets looked for", exported, n_json);
    line("CSV, of a file, secrets looked for", table, n_csv);
    println!(
        "  four times as many attempts: {} MB at the peak for JSON (was {}), {} MB for CSV (was {})",
        larger_json.peak_bytes >> 20,
        exported.peak_bytes >> 20,
        larger_csv.peak_bytes >> 20,
        table.peak_bytes >> 20,
    );
    Ok(())
}

fn imports(n_entries: u64, folder: &Path) -> Outcome<()> {
    let (har, nowhere) = (folder.join("large.har"), folder.join("nowhere"));
    write_har(n_entries, &har)?;
    let n_bytes = fs::metadata(&har)?.len();
    let mut rounds = Vec::new();
    for _ in 0..N_ROUNDS {
        rounds.push([run("import", &har, &nowhere)?, run("from-slice", &har, &nowhere)?]);
    }
    let [imported, bare] = middle(&rounds);
    println!("HAR of {n_entries} entries, {} MB", n_bytes >> 20);
    println!("  serde_json::from_slice::<Value>                        {}", words_of(bare, n_bytes));
    println!(
        "  import, records judged                                 {}, {:.2} times as long, {:.2} times on the processor, \
         {:.2} times the memory",
        words_of(imported, n_bytes),
        imported.wall.as_secs_f64() / bare.wall.as_secs_f64(),
        imported.processor.as_secs_f64() / bare.processor.as_secs_f64(),
        share(imported.peak_bytes, bare.peak_bytes),
    );
    Ok(())
}

/// The middle one of the rounds, each work by itself.
fn middle<const N: usize>(rounds: &[[Took; N]]) -> [Took; N] {
    std::array::from_fn(|nth| {
        let mut of_work: Vec<Took> = rounds.iter().map(|round| round[nth]).collect();
        of_work.sort_by_key(|took| took.processor);
        of_work[of_work.len() / 2]
    })
}

fn words_of(took: Took, n_bytes: u64) -> String {
    let rate = u128::from(n_bytes) / took.processor.as_micros().max(1);
    format!("{:>7.2?} ({:.2?} on the processor, {rate} MB/s), {} MB", took.wall, took.processor, took.peak_bytes >> 20)
}

#[expect(clippy::cast_precision_loss, reason = "a ratio for people to look at")]
fn share(ours: u64, theirs: u64) -> f64 {
    ours as f64 / theirs.max(1) as f64
}

/// Has a process of its own do a work.
fn run(name: &str, input: &Path, out: &Path) -> Outcome<Took> {
    let output = Command::new(std::env::current_exe()?).args(["work", name]).args([input, out]).output()?;
    let said = String::from_utf8(output.stdout)?;
    let numbers: Vec<u64> = said.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    let [wall, processor, peak_bytes] = numbers[..] else {
        return Err(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    };
    Ok(Took { wall: Duration::from_micros(wall), processor: Duration::from_micros(processor), peak_bytes })
}

/// Does a work and prints how long it took, how long on all processors, and the most memory that the process had.
fn work(name: &str, input: &Path, out: &Path) -> Outcome<()> {
    let file = || File::create(out).map(|file| BufWriter::with_capacity(64 << 10, file));
    let (began, before);
    match name {
        "export-json" | "export-csv" => {
            let format = if name == "export-csv" { TimelineFormat::Csv } else { TimelineFormat::Json };
            (began, before) = (Instant::now(), on_processors()?);
            let session = load(input, LoadOptions::default(), &mut |_| ControlFlow::Continue(()))?.into_session();
            Timeline { session: &session, admits: &|_| true, format }.write(
                file()?,
                Secrets::default(),
                &mut lossless,
            )?;
        }
        "write-json" => {
            let (loaded, _) = reader::read_file(input)?;
            let mut session = Session::new(loaded.header);
            loaded.records.into_iter().for_each(|record| session.push(record));
            (began, before) = (Instant::now(), on_processors()?);
            let timeline = Timeline { session: &session, admits: &|_| true, format: TimelineFormat::Json };
            timeline.write(file()?, Secrets::AliasedBefore, &mut lossless)?;
        }
        "to-writer" => {
            let json: Value = serde_json::from_slice(&fs::read(input)?)?;
            (began, before) = (Instant::now(), on_processors()?);
            let mut out = file()?;
            serde_json::to_writer(&mut out, &json)?;
            out.flush()?;
        }
        "import" => {
            (began, before) = (Instant::now(), on_processors()?);
            black_box(import::read_file(input, RuleSetName::default(), &mut |_| ControlFlow::Continue(()))?);
        }
        "from-slice" => {
            (began, before) = (Instant::now(), on_processors()?);
            black_box(serde_json::from_slice::<Value>(&fs::read(input)?)?);
        }
        other => return Err(format!("nobody knows how to {other}").into()),
    }
    let (wall, processor) = (began.elapsed(), on_processors()?.saturating_sub(before));
    println!("{} {} {}", wall.as_micros(), processor.as_micros(), peak_bytes()?);
    Ok(())
}

fn lossless(lost: Option<delivery_inspector::store::Lost>) -> std::io::Result<()> {
    lost.map_or(Ok(()), |lost| Err(std::io::Error::other(lost)))
}

/// Time that this process spent on all processors, to a hundredth of a second.
fn on_processors() -> Outcome<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |nth: usize| fields.get(nth).and_then(|field| field.parse::<u64>().ok()).ok_or("no time in /proc");
    Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
}

/// The most memory that this process had.
fn peak_bytes() -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak in /proc")?;
    Ok(peak.trim().trim_end_matches(" kB").parse::<u64>()? << 10)
}

/// Writes a HAR file as a browser would of a page that delivers: Pendo and LinkedIn in turns, every eighth entry a repetition of
/// one that was turned down, every twentieth a request that delivers nothing.
fn write_har(n_entries: u64, path: &Path) -> Outcome<()> {
    let mut out = BufWriter::new(File::create(path)?);
    let creator = json!({"name": "WebInspector", "version": "537.36"});
    write!(out, "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"pages\":[],\"entries\":[")?;
    for nth in 0..n_entries {
        out.write_all(if nth == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut out, &entry(nth))?;
    }
    out.write_all(b"\n]}}\n")?;
    Ok(out.flush()?)
}

fn entry(nth: u64) -> Value {
    let is_again = nth % 8 == 7;
    let number = if is_again { nth - 1 } else { nth };
    let is_turned_down = nth % 8 == 6;
    let (method, url, headers, body) = match number {
        _ if nth % 20 == 19 && !is_again => ("GET", format!("https://shop.example/cart/{nth}"), json!([]), Value::Null),
        number if number % 2 == 0 => pendo(number),
        number => linkedin(number),
    };
    let status = if is_turned_down { 503 } else { 200 };
    let answer = json!({"multistatus": [{"status": status, "message": "visitor was taken", "operation": "add"}],
        "requestId": format!("{:032x}", nth.wrapping_mul(0x9e37_79b9_7f4a_7c15))});
    let common =
        ["accept", "accept-encoding", "accept-language", "origin", "referer", "sec-fetch-dest", "sec-fetch-mode"];
    let mut sent: Vec<Value> =
        common.iter().map(|name| json!({"name": name, "value": format!("{name} of the browser, as it is")})).collect();
    sent.extend(headers.as_array().into_iter().flatten().cloned());
    let received: Vec<Value> = ["content-type", "date", "server", "x-request-id", "cache-control"]
        .iter()
        .map(|name| json!({"name": name, "value": format!("{name} of the server")}))
        .collect();
    let (second, millis) = (nth / 10, nth % 10 * 100);
    let began =
        format!("2026-11-25T{:02}:{:02}:{:02}.{millis:03}Z", second / 3_600 % 24, second / 60 % 60, second % 60);
    json!({
        "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "send", "url": "https://shop.example/app.js"}]}},
        "_priority": "High", "_resourceType": "fetch", "cache": {}, "connection": "443", "pageref": "page_1",
        "request": {
            "method": method, "url": url, "httpVersion": "http/2.0", "headers": sent, "queryString": [], "cookies": [],
            "headersSize": -1, "bodySize": body.as_str().map_or(0, str::len),
            "postData": {"mimeType": "application/json", "text": body},
        },
        "response": {
            "status": status, "statusText": "", "httpVersion": "http/2.0", "headers": received, "cookies": [],
            "content": {"size": 180, "mimeType": "application/json", "text": answer.to_string()},
            "redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 512,
        },
        "serverIPAddress": "203.0.113.7", "startedDateTime": began, "time": 40 + nth % 60,
        "timings": {"blocked": 1.5, "dns": -1, "ssl": -1, "connect": -1, "send": 0.2, "wait": 38.3 , "receive": 1},
    })
}

fn pendo(number: u64) -> (&'static str, String, Value, Value) {
    let visitors: Vec<Value> = (0..4).map(|nth| json!({"visitorId": format!("visitor-{number}-{nth}")})).collect();
    let body =
        json!({"patch": [{"op": "add", "path": "/visitors", "value": visitors}], "messageId": format!("m{number}")});
    let headers = json!([{"name": "x-pendo-integration-key", "value": "key-of-the-benchmark"}]);
    let url = format!("https://app.pendo.io/api/v1/segment/seg-{}/visitor", number % 40);
    ("PATCH", url, headers, Value::String(body.to_string()))
}

fn linkedin(number: u64) -> (&'static str, String, Value, Value) {
    let user = json!({
        "action": "ADD", "userIds": [
            {"idType": "SHA256_EMAIL", "idValue": format!("{:064x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15))},
            {"idType": "GOOGLE_AID", "idValue": format!("aid-{number}")},
        ],
        "firstName": "Ada", "lastName": format!("Lovelace {number}"), "title": "Engineer", "country": "GB",
    });
    let headers = json!([
        {"name": "linkedin-version", "value": "202511"}, {"name": "x-restli-protocol-version", "value": "2.0.0"},
        {"name": "authorization", "value": format!("Bearer token-of-the-benchmark-{}", number / 5_000)},
    ]);
    let body = json!({"elements": [user]});
    let url = format!("https://api.linkedin.com/rest/dmpSegments/{}/users", number % 40);
    ("POST", url, headers, Value::String(body.to_string()))
}
