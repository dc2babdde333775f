//! `docs/findings.md` says what the catalogue says. After a change: `UPDATE_PAGES=1 cargo test --test findings_page`.
use std::env;
use std::fmt::Write as _;
use std::fs;

use delivery_inspector::core::findings::{Entry, Visibility, catalogue};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/findings.md");

const INTRODUCTION: &str = "\
# Findings
What `delivery-inspector check` and the window find in a session although nothing in it says so. `Q-` are quirks of the
reference, Segment's own destination code; `F-` is what else goes wrong between a sender, a pipeline and a receiver. Each
finding names what was seen, with the values and the places; this page says what the kinds mean. It is made from the
program's catalogue by a test, `tests/findings_page.rs`: change the catalogue, not the page.

Detectors read any session, ours, captured or imported. They go by what stands on the wire and in the events. Where a
session has no plan, the default mapping of the action is assumed, and a finding that rests on it needs the wire to agree.

Severe: data is lost, doubled, leaked or wrong, or the session says something else than what happened. Warning: effort is
wasted, or the next step does damage. Note: good to know when reading the session. A finding can be milder or worse than
its kind, where what was seen is.

A session of up to 64 MB is looked through at once, wherever it is opened. In a larger one the window looks behind the
timeline and says how far it is (\"Stop looking\" and \"Go on looking\" in the status bar); `check` looks with `--whole`,
`--where` or `--deny-findings` and otherwise says that it did not; `export --where` looks before it filters, so that
`finding:` means the same everywhere. None of them holds the session in memory.
";

fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (title, letter) in [("Quirks of the reference", 'Q'), ("Everything else", 'F')] {
        _ = write!(page, "\n## {title}\n");
        for entry in catalogue().iter().filter(|entry| entry.id.as_str().starts_with(letter)) {
            write_entry(&mut page, entry);
        }
    }
    page
}

fn write_entry(page: &mut String, entry: &Entry) {
    let seen = match entry.visibility() {
        Visibility::InPlan => "seen in the plan".to_owned(),
        Visibility::InAttempt => "seen in an attempt".to_owned(),
        Visibility::InHistory => "seen in an attempt and what came before it".to_owned(),
        Visibility::NotInSessions { reason } => format!("not seen in sessions: {reason}"),
    };
    let cites: Vec<String> = entry.cites.iter().map(ToString::to_string).collect();
    _ = write!(
        page,
        "\n### {} {}\n{}, {seen}\n\n{}\n\n**What to do.** {}\n\nSources: {}\n",
        entry.id,
        entry.title,
        entry.severity,
        entry.why,
        entry.advice,
        cites.join("; ")
    );
}

#[test]
fn the_page_says_what_the_catalogue_says() {
    let page = page();
    if env::var_os("UPDATE_PAGES").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    let differs = page.lines().zip(written.lines()).position(|(ours, theirs)| ours != theirs);
    assert!(
        page == written,
        "docs/findings.md differs from the catalogue at line {}: run UPDATE_PAGES=1 cargo test --test findings_page",
        differs.unwrap_or_else(|| page.lines().count().min(written.lines().count())) + 1
    );
}
