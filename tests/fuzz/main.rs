//! Samples of every kind of text that comes from outside, damaged at random: a little in every run of the tests, and for
//! as many seconds a kind as `FUZZ_SECONDS` says. What was found once is in `tests/fuzz/found`, and what reached far into the
//! code in `fuzz/seeds`; docs/fuzzing.md tells more.
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

mod targets;

/// Texts that mean something somewhere: put in at random, they get further than letters do.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\n",
    "null",
    "-1",
    "1e999",
    "18446744073709551616",
    "\u{feff}",
    "\u{202e}",
    "and",
    "or",
    "not",
    "(",
    ")",
    "type",
    "=",
    "!=",
    ">",
    "~",
    "verdict:",
    "dest=",
    "attempt>",
    "after:+1:00",
    "body~",
    "contains(",
    "match(",
    "@path",
    "@template",
    "@if",
    "@arrayPath",
    "@liquid",
    "{{",
    "}}",
    "$.",
    "\"@case\"",
    "\"operator\"",
];

/// What each kind of text begins with.
fn samples(kind: &str) -> Vec<Vec<u8>> {
    let texts: &[&str] = match kind {
        "session" => return files("sample-sessions", "token-propagation.session.jsonl"),
        "plan" => return files("sample-sessions", ".plan.json"),
        "import" => return files("tests/imports", ""),
        "filter" => &[
            "verdict:dropped attempt>1 or (dest:\"linked in\" and not status:4xx,timeout)",
            "after:2026-11-25T07:31:02Z before:+10m -body~\"rate limit\" header:content-type=json token:gen2",
        ],
        "fql" => &[
            "type = \"track\" and event = \"Order Completed\" or not contains(properties.text, \"x\")",
            "(properties.total > 10 and match(event, \"Order*\")) or length(userId, 3) != null",
        ],
        _ => &[
            "{\"a\":{\"@path\":\"$.properties.total\"},\"b\":{\"@template\":\"{{userId}} {{event}}\"},\"c\":{\"@if\":{\"exists\":{\"@path\":\"$.x\"},\"then\":1,\"else\":2}}}",
            "{\"a\":{\"@arrayPath\":[\"$.properties.list\",{\"n\":{\"@path\":\"$.a\"}}]},\"b\":{\"@liquid\":\"{{ event | upcase }}\"},\"c\":{\"@case\":{\"operator\":\"lower\",\"value\":{\"@path\":\"$.event\"}}}}",
        ],
    };
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    paths.sort();
    paths.iter().filter_map(|path| fs::read(path).ok()).collect()
}

/// A number below `end`.
fn below(dice: &mut ChaCha8Rng, end: usize) -> usize {
    usize::try_from(dice.next_u64() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
}

/// Damages a text in one to four places.
fn damage(text: &mut Vec<u8>, dice: &mut ChaCha8Rng) {
    for _ in 0..=below(dice, 4) {
        let (at, to) = (below(dice, text.len() + 1), below(dice, text.len() + 1));
        let (start, end) = (at.min(to), at.max(to));
        let near = start..end.min(start + 40);
        match below(dice, 7) {
            0 => text.truncate(start),
            1 => drop(text.drain(near)),
            2 => {
                let word = WORDS[below(dice, WORDS.len())].as_bytes();
                drop(text.splice(start..start, word.iter().copied()));
            }
            3 => {
                let piece = text[near].to_vec();
                let place = below(dice, text.len() + 1);
                drop(text.splice(place..place, piece));
            }
            4 => {
                let piece = text[near].repeat(1 + below(dice, 60));
                drop(text.splice(start..start, piece));
            }
            _ => {
                if let Some(byte) = text.get_mut(start) {
                    *byte = u8::try_from(dice.next_u64() % 256).unwrap_or(0);
                }
            }
        }
    }
}

/// Damages samples of a kind until the time is over. What goes wrong is left in a file of its own.
fn fuzz((kind, run): targets::Target, time: Duration) -> usize {
    const LONGEST: usize = 64 << 10;
    let samples = samples(kind);
    assert!(!samples.is_empty(), "{kind} has samples");
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let began = Instant::now();
    let mut n_runs = 0;
    while began.elapsed() < time {
        let mut text = samples[below(&mut dice, samples.len())].clone();
        text.truncate(LONGEST);
        damage(&mut text, &mut dice);
        n_runs += 1;
        let before = Instant::now();
        let failed = catch_unwind(AssertUnwindSafe(|| run(&text))).is_err();
        if failed || before.elapsed() > Duration::from_secs(10) {
            let left = std::env::temp_dir().join(format!("delivery-inspector-{kind}.found"));
            let kept = fs::write(&left, &text);
            panic!("{kind} went wrong after {n_runs} texts; the text is in {} ({kept:?})", left.display());
        }
    }
    n_runs
}

#[test]
fn what_was_found_once_does_no_harm_any_more() {
    for (kind, run) in targets::TARGETS {
        for text in files("tests/fuzz/found", &format!(".{kind}")) {
            run(&text);
        }
    }
}

#[test]
fn seeds_do_no_harm() {
    for (kind, run) in targets::TARGETS {
        let seeds = files(&format!("fuzz/seeds/{kind}"), "");
        assert!(seeds.len() >= 10, "{kind} has seeds");
        for seed in &seeds {
            run(seed);
        }
    }
}

#[test]
fn damaged_texts_do_no_harm() {
    let seconds = std::env::var("FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(0.3);
    for target in targets::TARGETS {
        let n_runs = fuzz(*target, Duration::from_secs_f64(seconds));
        println!("{}: {n_runs} texts", target.0);
    }
}
