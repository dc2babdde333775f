//! The scanner against the slow road: whatever it takes, the slow road takes with the same meaning.
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{ScannedChunk, ScannedLine};
use crate::core::record::Record;
use crate::session::generated;
use crate::session::wire::{Line, parse_line, write_record};
use crate::store::brief::{AttemptBrief, ExchangeBrief};
use crate::store::label::event_name;

fn line_of(record: &Record) -> Vec<u8> {
    let mut line = Vec::new();
    write_record(&mut line, record).unwrap();
    line.pop();
    line
}

/// Whether the scanner takes the line; fails if the slow road sees it otherwise.
fn is_scanned(line: &[u8]) -> bool {
    let chunk = ScannedChunk::scan(line.to_vec());
    assert_eq!(chunk.lines().len(), 1, "{}", String::from_utf8_lossy(line));
    let said = String::from_utf8_lossy(line);
    match (&chunk.lines()[0], parse_line(line)) {
        (ScannedLine::Other(range), _) => {
            assert_eq!(chunk.bytes(range.clone()), line, "{said}");
            false
        }
        (ScannedLine::Event { id, event_name: name, .. }, Ok(Line::Event(event))) => {
            assert_eq!((chunk.text(*id), chunk.text(*name)), (event.id.as_str(), event_name(&event.payload)), "{said}");
            true
        }
        (ScannedLine::Attempt { attempt, .. }, Ok(Line::Attempt(parsed))) => {
            let exchanges = ExchangeBrief::all_of(&parsed);
            assert_eq!(chunk.brief(attempt), AttemptBrief::of(&parsed, &exchanges), "{said}");
            let events: Vec<&str> = parsed.events.iter().map(crate::core::names::EventId::as_str).collect();
            assert_eq!(chunk.events(attempt).collect::<Vec<_>>(), events, "{said}");
            true
        }
        (scanned, parsed) => panic!("{said}\nscanned as {scanned:?}\nparsed as {parsed:?}"),
    }
}

/// The same object with its fields in another order, at every depth.
fn shuffled(value: &Value, seed: usize) -> Value {
    match value {
        Value::Object(map) => {
            let mut fields: Vec<_> = map.iter().collect();
            fields.sort_by_key(|(key, _)| key.bytes().fold(seed, |sum, byte| sum.wrapping_mul(31) ^ usize::from(byte)));
            Value::Object(
                fields.into_iter().map(|(key, value)| (key.clone(), shuffled(value, seed))).collect::<Map<_, _>>(),
            )
        }
        Value::Array(list) => list.iter().map(|value| shuffled(value, seed)).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_scanned_means_what_the_slow_road_says(
        records in generated::records(),
        seed in any::<usize>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        for record in &records {
            let line = line_of(record);
            is_scanned(&line);
            let json: Value = serde_json::from_slice(&line).unwrap();
            let other_order = shuffled(&json, seed);
            is_scanned(other_order.to_string().as_bytes());
            let pretty = serde_json::to_string_pretty(&other_order).unwrap().replace('\n', "\r");
            is_scanned(pretty.as_bytes());
            let mut damaged = line;
            for (at, byte) in &damage {
                let at = at.index(damaged.len());
                damaged[at] = if *byte == b'\n' { b' ' } else { *byte };
            }
            is_scanned(&damaged);
        }
    }

    #[test]
    fn json_of_any_shape_is_checked_no_less_than_by_serde(text in "[\\[\\]{}:,\"\\\\ a0-9.eE+\\-truefalsn]{0,24}") {
        let line = format!("{{\"type\":\"event\",\"id\":\"e\",\"received_at\":\"2026-11-22T00:00:00Z\",\"payload\":{text}}}");
        is_scanned(line.as_bytes());
    }
}

#[test]
fn every_line_of_the_samples_is_scanned() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions");
    let mut n_lines = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".session.jsonl") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().skip(1) {
            assert!(is_scanned(line.as_bytes()), "{}: {line}", path.display());
            n_lines += 1;
        }
    }
    assert!(n_lines > 40, "{n_lines}");
}

#[test]
fn a_bad_line_spoils_no_other() {
    let good = r#"{"type":"event","id":"e1","received_at":"2026-11-22T00:00:00.000Z","payload":{"type":"track"}}"#;
    let mut bytes = Vec::new();
    for line in [good.as_bytes(), b"", b"{\"type\":\"event\"", good.as_bytes(), b"\xff\xfe", good.as_bytes()] {
        bytes.extend_from_slice(line);
        bytes.push(b'\n');
    }
    let ascii = bytes.iter().copied().filter(u8::is_ascii).collect();
    let scanned: Vec<bool> =
        ScannedChunk::scan(ascii).lines().iter().map(|line| !matches!(line, ScannedLine::Other(_))).collect();
    assert_eq!(scanned, [true, false, false, true, false, true]);
    let chunk = ScannedChunk::scan(bytes);
    assert_eq!(chunk.lines().len(), 6);
    assert!(
        chunk.lines().iter().all(|line| matches!(line, ScannedLine::Other(_))),
        "the whole chunk is for the slow road"
    );
}
