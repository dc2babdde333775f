//! The scanner against the slow road: whatever it takes, the slow road takes with the same meaning.
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{LineCheck, Looked, ScannedChunk, ScannedLine, Trouble};
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

fn scan(piece: &[u8]) -> ScannedChunk {
    let mut chunk = ScannedChunk::default();
    chunk.scan_again(piece);
    chunk
}

/// How the scanner takes the line, if it does; fails if the slow road sees it otherwise.
fn looked_at(line: &[u8]) -> Option<Looked> {
    let chunk = scan(line);
    assert_eq!(chunk.lines().len(), 1, "{}", String::from_utf8_lossy(line));
    let said = String::from_utf8_lossy(line);
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    match (&chunk.lines()[0], parse_line(text)) {
        (ScannedLine::Other(range), _) => {
            assert_eq!(&line[range.clone()], text, "{said}");
            None
        }
        (ScannedLine::Event { id, looked, event_name: name, .. }, Ok(Line::Event(event))) => {
            assert_eq!(
                (chunk.text(*id), chunk.shared(*name)),
                (event.id.as_str(), event_name(&event.payload)),
                "{said}"
            );
            Some(*looked)
        }
        (ScannedLine::Attempt { looked, .. }, Ok(Line::Attempt(parsed))) => {
            let exchanges = ExchangeBrief::all_of(&parsed);
            let attempt = &chunk.attempts()[0];
            assert_eq!(chunk.brief(attempt), AttemptBrief::of(&parsed, &exchanges), "{said}");
            let events: Vec<&str> = parsed.events.iter().map(crate::core::names::EventId::as_str).collect();
            assert_eq!(chunk.events(attempt).collect::<Vec<_>>(), events, "{said}");
            Some(*looked)
        }
        (
            ScannedLine::Attempt { looked: Looked::Partly, .. } | ScannedLine::Event { looked: Looked::Partly, .. },
            Err(_),
        ) => {
            let (_, trouble) = LineCheck::default().check(line, 0);
            assert!(matches!(trouble, Some(Trouble::Line(_))), "{said}");
            Some(Looked::Partly)
        }
        (scanned, parsed) => panic!("{said}\nscanned as {scanned:?}\nparsed as {parsed:?}"),
    }
}

/// Whether the scanner takes the line.
fn is_scanned(line: &[u8]) -> bool {
    looked_at(line).is_some()
}

/// What the second look says of a line that ends, after what the slow road says of it.
fn check(line: &[u8]) -> Option<Trouble> {
    let (next, trouble) = LineCheck::default().check(line, 0);
    assert_eq!(next, line.len());
    trouble
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
    fn what_is_damaged_behind_its_head_is_found_at_the_second_look(
        records in generated::records(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        for record in &records {
            let mut line = line_of(record);
            line.push(b'\n');
            prop_assert!(check(&line).is_none());
            looked_at(&line);
            let at = at.index(line.len() - 1);
            line[at] = if byte == b'\n' { b' ' } else { byte };
            let is_skimmed = ScannedChunk::default().scan_needs(&line, 0).is_some();
            let is_sound = parse_line(&line[..line.len() - 1]).is_ok();
            if !is_skimmed {
                prop_assert!(check(&line).is_none(), "the first look has seen all of it");
            } else if !is_sound {
                prop_assert!(matches!(check(&line), Some(Trouble::Line(_))));
            } else if check(&line).is_none() {
                looked_at(&line);
            }
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
        for line in text.split_inclusive('\n').skip(1) {
            assert!(is_scanned(line.trim_end().as_bytes()), "{}: {line}", path.display());
            // One sample was recorded before lines began with what they say in brief.
            let is_in_brief = ScannedChunk::default().scan_in_brief(line.as_bytes(), 0).is_some();
            assert_eq!(is_in_brief, line.contains("\"brief\":{"), "{}: {line}", path.display());
            assert_eq!(looked_at(line.as_bytes()), Some(Looked::Partly), "{}: {line}", path.display());
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
    let scanned: Vec<bool> = scan(&bytes).lines().iter().map(|line| !matches!(line, ScannedLine::Other(_))).collect();
    assert_eq!(scanned, [true, false, false, true, false, true]);
}

#[test]
fn a_brief_that_says_something_else_than_its_record_is_found() {
    let line = br#"{"type":"event","id":"e1","received_at":"2026-11-22T00:00:00.000Z","brief":{"name":"A"},"payload":{"event":"B"}}
"#;
    assert!(matches!(check(line), Some(Trouble::Brief)));
}
