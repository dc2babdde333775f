//! Sessions that were cut off, damaged, mixed up or made to harm.
use std::io::Write as _;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::generated;
use super::reader::{Limits, LoadedSession, ReadError, read, read_bytes, read_file};
use super::sniff::Seems;
use super::wire::{write_header, write_record};
use crate::core::record::{Record, SessionHeader};

const HEADER: &str = r#"{"type":"session","version":1,"id":"s","name":"n","created_at":"2026-11-22T00:00:00.000Z"}"#;
const EVENT: &str = r#"{"type":"event","id":"e1","received_at":"2026-11-22T00:00:00.000Z","payload":{}}"#;
const ATTEMPT: &str = r#"{"type":"attempt","id":"a1","delivery":"d1","events":["e1"],"destination":"x","started_at":"2026-11-22T00:00:01.000Z","verdict":{"decision":"delivered"},"outcome":{"kind":"delivered"}}"#;

fn problems_of(lines: &[&str]) -> (LoadedSession, Vec<String>) {
    let text: String = lines.iter().flat_map(|line| [*line, "\n"]).collect();
    let (session, problems) = read_bytes(text.as_bytes()).unwrap();
    (session, problems.iter().map(ToString::to_string).collect())
}

fn written(header: &SessionHeader, records: &[Record]) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_header(&mut bytes, header, "kept").unwrap();
    for record in records {
        write_record(&mut bytes, record).unwrap();
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_session_reads_as_itself(header in generated::header(), records in generated::records()) {
        let (session, problems) = read_bytes(&written(&header, &records)).unwrap();
        prop_assert_eq!(problems, []);
        prop_assert_eq!(session.records, records);
        prop_assert_eq!(session.kept, []);
        prop_assert_eq!(session.header.plan, header.plan);
    }

    #[test]
    fn a_truncated_session_loses_only_the_torn_record(
        header in generated::header(),
        records in generated::records(),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = written(&header, &records);
        let cut = cut.index(bytes.len() + 1);
        let n_whole_lines = memchr::memchr_iter(b'\n', &bytes[..cut]).count();
        // Only the end of line is missing: the record is whole.
        let is_whole = bytes.get(cut) == Some(&b'\n');
        let (session, problems) = read_bytes(&bytes[..cut]).unwrap();
        let n_records = (n_whole_lines + usize::from(is_whole)).saturating_sub(1);
        prop_assert_eq!(&session.records[..], &records[..n_records]);
        let is_torn = !is_whole && (cut == 0 || bytes[cut - 1] != b'\n');
        prop_assert_eq!(problems.len(), usize::from(is_torn), "{:?}", problems);
    }

    #[test]
    fn any_bytes_open_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok((_, problems)) = read_bytes(&bytes) {
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn damage_in_a_session_stays_in_its_line(records in generated::records(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let header = SessionHeader::new("s", "n", crate::core::time::Timestamp::EPOCH, "simulated");
        let mut bytes = written(&header, &records);
        let at = at.index(bytes.len());
        prop_assume!(byte != b'\n' && bytes[at] != b'\n' && !records.is_empty());
        bytes[at] = byte;
        let line = memchr::memchr_iter(b'\n', &bytes[..at]).count();
        let (session, _) = read_bytes(&bytes).unwrap();
        let n_lost = records.len() - session.records.len();
        prop_assert!(n_lost <= 1);
        prop_assert_eq!(&session.records[..line.saturating_sub(1)], &records[..line.saturating_sub(1)]);
    }
}

#[test]
fn each_kind_of_trouble_is_listed_with_its_place_and_the_rest_opens() {
    let other_header = r#"{"type":"session","id":"t","created_at":"2026-11-22T00:00:00.000Z"}"#;
    for (lines, n_records, said) in [
        (&[HEADER, EVENT, ATTEMPT][..], 2, &[][..]),
        (&[HEADER, "", "  ", EVENT], 1, &[]),
        (&[HEADER, "{\"type\":}", EVENT], 1, &["line 2 (byte 99) is not JSON: expected value"]),
        (&[HEADER, "[1]", EVENT], 1, &["line 2 (byte 91) is no record: it must be a JSON object with a `type`"]),
        (
            &[HEADER, EVENT, EVENT],
            1,
            &["line 3 (byte 172) is event \"e1\", a name that line 2 has used; it was left out"],
        ),
        (
            &[HEADER, EVENT, ATTEMPT, ATTEMPT],
            2,
            &["line 4 (byte 357) is attempt \"a1\", a name that line 3 has used; it was left out"],
        ),
        (&[HEADER, ATTEMPT], 1, &["line 2 (byte 91) is attempt \"a1\" of event \"e1\", which no line above has"]),
        (&[HEADER, other_header], 0, &["line 2 (byte 91) is a second session header; the first one counts"]),
        (&[EVENT, HEADER], 1, &["line 2 (byte 81) is the session header, which should be the first line"]),
        (&[EVENT, ATTEMPT], 2, &["line 1 (byte 0) is no session header; what it would say is not known"]),
        (
            &[HEADER, r#"{"type":"event","id":7,"received_at":"2026-11-22T00:00:00.000Z"}"#, EVENT],
            1,
            &["line 2 (byte 91) is event with a wrong field: `id` is 7; it must be text"],
        ),
    ] {
        let (session, problems) = problems_of(lines);
        assert_eq!(problems, said, "{lines:?}");
        assert_eq!(session.records.len(), n_records, "{lines:?}");
    }
}

#[test]
fn unknown_records_and_wrong_ones_are_kept_with_their_place() {
    let (session, _) =
        problems_of(&[HEADER, "{\"type\":\"note\",\"text\":1}", EVENT, "{\"type\":\"event\"}", "no json"]);
    let kept: Vec<(usize, String)> =
        session.kept.iter().map(|line| (line.before_record, line.json.to_string())).collect();
    assert_eq!(kept, [(0, "{\"type\":\"note\",\"text\":1}".to_owned()), (1, "{\"type\":\"event\"}".to_owned())]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_problem() {
    let text = format!("\u{feff}{HEADER}\r\n{EVENT}\r\n{ATTEMPT}");
    let (session, problems) = read_bytes(text.as_bytes()).unwrap();
    assert_eq!(problems, []);
    assert_eq!((session.header.id.as_str(), session.records.len()), ("s", 2));
}

#[test]
fn a_file_that_is_no_session_is_refused_with_what_it_seems_to_be() {
    for (bytes, expected) in [
        ("{\n  \"format\": \"delivery-plan\",\n  \"version\": 1\n}\n", Seems::Plan),
        ("{\"format\":\"delivery-plan\",\"version\":1}", Seems::Plan),
        ("{\"type\":\"track\",\"messageId\":\"m1\"}\n", Seems::Events),
        ("hello\nworld\n", Seems::Text),
        ("{\"a\":", Seems::Text),
    ] {
        match read_bytes(bytes.as_bytes()) {
            Err(ReadError::NotASession(seems)) => assert_eq!(seems, expected, "{bytes}"),
            other => panic!("{bytes}: {other:?}"),
        }
    }
}

#[test]
fn an_empty_file_is_an_empty_session() {
    let (session, problems) = read_bytes(b"").unwrap();
    assert_eq!(session.records, []);
    assert_eq!(problems[0].to_string(), "line 1 (byte 0) is missing: the file is empty");
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_line_past_the_limit_is_skipped_and_a_first_one_refused() {
    let limits = Limits { line_bytes: 200, ..Limits::default() };
    let mut go_on = |_| ControlFlow::Continue(());
    let long = format!("{HEADER}\n{{\"type\":\"event\",\"x\":\"{}\"}}\n{EVENT}\n", "x".repeat(200));
    let (session, problems) = read(long.as_bytes(), limits, &mut go_on).unwrap();
    assert_eq!(problems[0].to_string(), "line 2 (byte 91) is longer than 200 bytes; it was skipped");
    assert_eq!(session.records.len(), 1);
    let refused = read(&[0; 1000][..], limits, &mut go_on);
    assert!(matches!(refused, Err(ReadError::NotASession(_))), "{refused:?}");
}

#[test]
fn a_packed_session_that_was_cut_off_gives_what_came_before() {
    let events: String = (0..5000).map(|idx| EVENT.replace("e1", &format!("e{idx}")) + "\n").collect();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(format!("{HEADER}\n{events}").as_bytes()).unwrap();
    let archive = packer.finish().unwrap();
    let (whole, problems) = read_bytes(&archive).unwrap();
    assert_eq!((whole.records.len(), problems.len()), (5000, 0));
    let (cut, problems) = read_bytes(&archive[..archive.len() / 2]).unwrap();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].what.contains("what follows is lost"), "{problems:?}");
    assert_eq!(cut.records[..], whole.records[..cut.records.len()]);
}

#[test]
fn reading_can_be_watched_and_stopped() {
    let text = format!("{HEADER}\n{}", format!("{:1023}\n", "").repeat(9 << 10));
    let mut seen = Vec::new();
    let stopped = read(text.as_bytes(), Limits::default(), &mut |progress| {
        seen.push(progress.n_bytes);
        if seen.len() == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(matches!(stopped, Err(ReadError::Stopped)));
    assert!(seen.is_sorted() && seen.len() == 2, "{seen:?}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read_file(std::path::Path::new("no/such/file")).unwrap_err().to_string();
    assert!(error.starts_with("failed to open no/such/file: "), "{error}");
}
