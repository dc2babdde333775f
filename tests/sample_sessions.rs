//! The sample sessions are what their plans give: each virtual plan under `sample-sessions/` is run again and must give
//! its session byte for byte. `UPDATE_SAMPLES=1 cargo test --test sample_sessions` writes them anew.
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use delivery_inspector::core::names::{ClockKind, Purpose};
use delivery_inspector::core::record::{Attempt, Outcome, Record};
use delivery_inspector::net::engine::{RunOptions, run_to_end, session_header};
use delivery_inspector::session::plan_file;
use delivery_inspector::session::reader;
use delivery_inspector::session::secrets::{Aliases, Secrets};
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::sim;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions")
}

fn files_ending(ending: &str) -> Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    Ok(paths)
}

fn session_of(plan_path: &Path) -> PathBuf {
    PathBuf::from(plan_path.to_string_lossy().replace(".plan.json", ".session.jsonl"))
}

#[test]
fn every_virtual_plan_gives_its_session_byte_for_byte() -> Result<()> {
    let mut n_compared = 0;
    for plan_path in files_ending(".plan.json")? {
        let plan = plan_file::read_file(&plan_path, &|_| None)?;
        if plan.clock != ClockKind::Virtual {
            continue;
        }
        let header = session_header(&plan);
        let aliases = Aliases::of_plan(&plan);
        let mut records: Vec<Record> = Vec::new();
        run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| records.push(record))?;
        let mut bytes = Vec::new();
        SessionWriter::begin(&mut bytes, Path::new("memory"), &header, Secrets::aliased(aliases))?.write(&records)?;
        let session_path = session_of(&plan_path);
        if env::var_os("UPDATE_SAMPLES").is_some() {
            fs::write(&session_path, &bytes)?;
        }
        let kept = fs::read(&session_path).map_err(|error| format!("{}: {error}", session_path.display()))?;
        assert!(kept == bytes, "{} is not what its plan gives now", session_path.display());
        n_compared += 1;
    }
    assert!(n_compared >= 24, "only {n_compared} virtual plans were found");
    Ok(())
}

#[test]
fn every_session_opens_without_a_problem_and_without_a_secret() -> Result<()> {
    for path in files_ending(".session.jsonl")? {
        let (loaded, problems) = reader::read_file(&path)?;
        assert_eq!(problems, [], "{}", path.display());
        assert!(loaded.records.iter().any(|record| matches!(record, Record::Attempt(_))), "{}", path.display());
        let text = fs::read_to_string(&path)?;
        assert!(!text.contains("of-the-sample") && !text.contains("sample-client-secret"), "{}", path.display());
    }
    Ok(())
}

/// What each story is about: its decisions, attempt by attempt, with what duplicate detection found, then how its first
/// delivery ends.
const STORIES: &[(&str, &str)] = &[
    (
        "idempotency-key-saves",
        "retry first, retry first, retry suppressed, retry suppressed, delivered suppressed, delivered suppressed",
    ),
    ("batch-reformed", "retry ambiguous, delivered delivered-twice, delivered delivered-twice"),
    ("batch-partial", "retry first, delivered first"),
    ("ingest-same-id", "filtered suppressed, filtered wrongly-suppressed, delivered first"),
    ("key-reuse", "discard wrongly-suppressed"),
    ("key-of-the-person", "delivered first, discard wrongly-suppressed, delivered first"),
    ("pendo-item-409", "discard"),
    ("poison-event-batch", "discard"),
    ("poison-event-unsent", "retry, retry, retry, discard"),
    ("refresh-fails", "discard, discard"),
    ("refresh-race", "delivered, delivered, delivered, delivered"),
    ("refresh-race-shared", "delivered, delivered, delivered, delivered"),
    (
        "stale-trait-duplicate",
        "retry first, retry first, retry delivered-twice, retry delivered-twice, discard suppressed, discard suppressed",
    ),
    ("timeout-after-commit", "retry first, retry ambiguous, delivered first, delivered delivered-twice"),
    ("token-propagation", "retry, retry, retry, retry, delivered, delivered, delivered, delivered"),
    ("token-propagation-no-refresh", "retry, retry, retry, retry, delivered, delivered"),
    ("token-propagation-on-main", "discard, discard"),
    ("token-revoked", "delivered, delivered"),
];

#[test]
fn every_story_is_about_what_it_says() -> Result<()> {
    for (name, expected) in STORIES {
        let (loaded, _) = reader::read_file(&folder().join(format!("{name}.session.jsonl")))?;
        let told = loaded.records.iter().filter_map(|record| match record {
            Record::Attempt(attempt) => Some(attempt),
            Record::Event(_) => None,
        });
        let told = told.map(|attempt| match &attempt.duplicate {
            Some(mark) => format!("{} {}", attempt.verdict.decision, mark.outcome),
            None => attempt.verdict.decision.to_string(),
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), *expected, "{name}");
    }
    Ok(())
}

#[test]
fn a_retry_storm_comes_in_waves() -> Result<()> {
    let (loaded, _) = reader::read_file(&folder().join("retry-storm.session.jsonl"))?;
    let mut waves = std::collections::BTreeMap::<u32, Vec<_>>::new();
    for record in &loaded.records {
        if let Record::Attempt(attempt) = record {
            waves.entry(attempt.number).or_default().push(attempt.started_at);
        }
    }
    assert_eq!(waves.len(), 5);
    for (number, starts) in waves {
        assert_eq!(starts.len(), 24, "wave {number}");
        let (first, last) = (starts.iter().min(), starts.iter().max());
        let span = last.zip(first).map(|(last, first)| last.since(*first));
        assert!(span.is_some_and(|span| span.as_secs() < 1), "wave {number} takes {span:?}");
    }
    Ok(())
}

#[test]
fn the_page_lists_every_sample() -> Result<()> {
    let page = fs::read_to_string(folder().join("README.md"))?;
    for path in files_ending(".plan.json")? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().replace(".plan.json", "");
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
    Ok(())
}

/// Every attempt of a sample.
fn attempts(name: &str) -> Result<Vec<Arc<Attempt>>> {
    let (loaded, _) = reader::read_file(&folder().join(format!("{name}.session.jsonl")))?;
    let attempt = |record| match record {
        Record::Attempt(attempt) => Some(attempt),
        Record::Event(_) => None,
    };
    Ok(loaded.records.into_iter().filter_map(attempt).collect())
}

fn statuses(attempt: &Attempt) -> Vec<u16> {
    attempt.exchanges.iter().map(|it| it.result.as_ref().map_or(0, |response| response.status)).collect()
}

#[test]
fn a_race_refreshes_once_for_each_delivery() -> Result<()> {
    let attempts = attempts("refresh-race")?;
    assert!(attempts.iter().all(|attempt| statuses(attempt) == [401, 200, 201]), "all in their second pass");
    let mut used: Vec<Option<u32>> = attempts.iter().map(|attempt| attempt.exchanges[2].token_generation).collect();
    used.sort_unstable();
    assert_eq!(used, [2, 3, 4, 5].map(Some));
    Ok(())
}

#[test]
fn a_hook_that_shares_makes_one_refresh_of_a_race() -> Result<()> {
    let attempts = attempts("refresh-race-shared")?;
    let refreshes = attempts.iter().flat_map(|attempt| &attempt.exchanges).filter(|it| it.purpose == Purpose::Refresh);
    assert_eq!(refreshes.count(), 1);
    for attempt in &attempts {
        let token = attempt.token.ok_or("no token")?;
        assert_eq!((token.generation_before, token.generation_after), (1, 2));
        assert_eq!(attempt.exchanges.last().and_then(|it| it.token_generation), Some(2));
    }
    Ok(())
}

#[test]
fn a_race_for_a_refresh_token_that_rotates_is_lost_by_all_but_one() -> Result<()> {
    let attempts = attempts("refresh-race-rotated")?;
    let mut codes: Vec<_> = attempts.iter().map(|attempt| attempt.verdict.decision.name()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["delivered", "discard", "discard", "discard"]);
    let is_invalid_grant = |attempt: &&Arc<Attempt>| matches!(&attempt.outcome, Outcome::Error(error) if error.code.as_deref() == Some("REFRESH_TOKEN_EXPIRED"));
    assert_eq!(attempts.iter().filter(is_invalid_grant).count(), 3);
    Ok(())
}

#[test]
fn a_token_is_taken_by_one_node_while_another_turns_it_down() -> Result<()> {
    let attempts = attempts("token-nodes")?;
    assert!(attempts.iter().all(|it| it.token.is_some_and(|token| token.generation_after == 1)), "no refresh");
    let when = |status: u16| {
        let all = attempts.iter().flat_map(|attempt| &attempt.exchanges);
        all.filter(move |it| it.result.as_ref().is_ok_and(|response| response.status == status)).map(|it| it.ended_at)
    };
    assert!(when(201).min() < when(401).max(), "accepted before it was rejected last");
    Ok(())
}

#[test]
fn a_revoked_token_is_waited_for_until_the_window_is_over() -> Result<()> {
    let attempts = attempts("token-revoked-for-good")?;
    assert!(attempts.len() > 10 && attempts.iter().all(|attempt| statuses(attempt) == [401]));
    assert_eq!(attempts.last().map(|attempt| &*attempt.verdict.rule), Some("POLICY-WINDOW-OVER"));
    Ok(())
}

#[test]
fn of_a_batch_the_later_attempt_carries_what_is_worth_it_and_a_poison_event_stops_all() -> Result<()> {
    let carried = |attempts: &[Arc<Attempt>]| -> Vec<Vec<String>> {
        attempts.iter().map(|attempt| attempt.events.iter().map(ToString::to_string).collect()).collect()
    };
    assert_eq!(carried(&attempts("batch-partial")?), [vec!["e1", "e2", "e3", "e4", "e5", "e6"], vec!["e4", "e5"]]);
    let poisoned = attempts("poison-event-unsent")?;
    assert!(poisoned.iter().all(|attempt| attempt.exchanges.is_empty() && attempt.events.len() == 4));
    Ok(())
}
