//! Opening in brief tells what opening whole tells.
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::core::findings::{Finding, detect};
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::generated;
use crate::session::problem::Problem;
use crate::session::reader::{KeptLine, ReadError, read_bytes};
use crate::session::wire::{write_header, write_record};
use crate::store::Session;
use crate::store::facets::Highlight;
use crate::store::look::Look;

/// Opens a file and looks at all of it.
pub(super) fn open(path: &Path) -> Result<LoadedInFile, ReadError> {
    let mut opened = load(path, LoadOptions::default(), &mut |_| ControlFlow::Continue(()))?;
    opened.check(&mut |_| ControlFlow::Continue(()))?;
    Ok(opened)
}

pub(super) fn open_bytes(bytes: &[u8]) -> Result<LoadedInFile, ReadError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    open(file.path())
}

pub(super) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sample-sessions/{name}.session.jsonl"))
}

pub(super) fn written(records: &[Record]) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_header(&mut bytes, &SessionHeader::new("s", "n", Timestamp::EPOCH, "fired"), "kept").unwrap();
    for record in records {
        write_record(&mut bytes, record).unwrap();
    }
    bytes
}

fn places(problems: &[Problem]) -> Vec<(u64, u64)> {
    problems.iter().map(|problem| (problem.line, problem.byte)).collect()
}

/// Looks for findings in the file.
fn looked_for(opened: &LoadedInFile) -> Session {
    let mut session = opened.session().snapshot();
    let looked = Look::new(opened.session().header()).go_on(opened.session(), &mut |attempt_idx, _, found| {
        session.add_findings(attempt_idx, found);
        ControlFlow::Continue(())
    });
    assert!(looked.is_continue());
    assert_eq!(session.n_looked_at(), session.attempts().len());
    session
}

/// Both ways of opening give the same rows, records, kept lines and places of problems.
fn assert_same(bytes: &[u8]) {
    let (whole, in_file) = (read_bytes(bytes), open_bytes(bytes));
    let (Ok((whole, whole_problems)), Ok(in_file)) = (&whole, &in_file) else {
        let (whole, in_file) = (whole.map(drop), in_file.map(drop));
        assert_eq!(format!("{whole:?}"), format!("{in_file:?}"));
        return;
    };
    assert_eq!(places(&in_file.problems()), places(whole_problems), "{:?}\n{whole_problems:?}", in_file.problems());
    let kept: &[KeptLine] = in_file.kept();
    assert_eq!(kept, whole.kept);
    let mut held = Session::new(whole.header.clone());
    whole.records.iter().cloned().for_each(|record| held.push(record));
    let session = in_file.session();
    assert_eq!(session.records().collect::<Result<Vec<_>, _>>().unwrap(), whole.records);
    assert_eq!(
        (session.attempts().len(), session.deliveries().len()),
        (held.attempts().len(), held.deliveries().len())
    );
    for idx in held.attempts().indices() {
        let (row, wanted) = (session.attempt(idx), held.attempt(idx));
        assert_eq!(
            (row.delivery, row.number, row.decision, row.status),
            (wanted.delivery, wanted.number, wanted.decision, wanted.status)
        );
        assert_eq!(
            (row.started_at, row.ended_at, row.next_attempt_at),
            (wanted.started_at, wanted.ended_at, wanted.next_attempt_at)
        );
        assert_eq!(
            (session.name(row.rule), session.name(row.error)),
            (held.name(wanted.rule), held.name(wanted.error))
        );
        assert_eq!(session.twin_of(idx), held.twin_of(idx));
    }
    for idx in held.deliveries().indices() {
        let (delivery, wanted) = (session.delivery(idx), held.delivery(idx));
        assert_eq!((delivery.fate, delivery.tokens, delivery.n_events), (wanted.fate, wanted.tokens, wanted.n_events));
        assert_eq!((delivery.n_delivered, delivery.n_dropped), (wanted.n_delivered, wanted.n_dropped));
        assert_eq!(session.name(delivery.event_name), held.name(wanted.event_name));
        assert_eq!(session.delivery_id(idx), held.delivery_id(idx));
    }
    let looked = looked_for(in_file);
    let found: Vec<Finding> = looked.findings().all().cloned().collect();
    assert_eq!(found, detect(&whole.header, &whole.records));
    assert!(looked.findings().counts().eq(held.findings().counts()));
    for idx in held.attempts().indices() {
        assert_eq!(looked.findings_of(idx), held.findings_of(idx));
        assert_eq!(looked.attempts().marks(idx), held.attempts().marks(idx));
    }
    for highlight in Highlight::ALL {
        assert_eq!(looked.facets().n_highlighted(highlight), held.facets().n_highlighted(highlight), "{highlight}");
    }
    let lanes = |session: &Session| {
        let lanes = session.tokens().iter().map(|lane| lane.generations().to_vec());
        lanes.collect::<Vec<_>>()
    };
    assert_eq!(lanes(session), lanes(&held));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn written_sessions_open_the_same(records in generated::records()) {
        assert_same(&written(&records));
    }

    #[test]
    fn truncated_sessions_lose_only_the_torn_record(records in generated::records(), cut in any::<prop::sample::Index>()) {
        let bytes = written(&records);
        assert_same(&bytes[..cut.index(bytes.len() + 1)]);
    }

    #[test]
    fn bytes_that_are_no_session_open_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assert_same(&bytes);
    }
}

#[test]
fn samples_open_the_same_whole_and_cut_anywhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions");
    let mut n_samples = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with(".session.jsonl") {
            continue;
        }
        n_samples += 1;
        let bytes = std::fs::read(&path).unwrap();
        assert_same(&bytes);
        for cut in (0..bytes.len()).step_by(bytes.len() / 12 + 1) {
            assert_same(&bytes[..cut]);
            if let Ok(opened) = open_bytes(&bytes[..cut]) {
                assert!(opened.problems().len() <= 1, "{cut}: {:?}", opened.problems());
            }
        }
        let (_, problems) = read_bytes(&bytes).unwrap();
        assert_eq!(problems, []);
    }
    assert!(n_samples >= 4);
}

#[test]
fn damage_in_the_middle_is_listed_or_told_when_the_record_is_read() {
    let event = r#"{"type":"event","id":"e1","received_at":"2026-11-22T00:00:00.000Z","payload":{}}"#;
    let header = r#"{"type":"session","version":1,"id":"s","created_at":"2026-11-22T00:00:00.000Z"}"#;
    let deep = "[".repeat(100_000);
    for line in
        ["{\"type\":}", "[1]", "\u{0}", "{\"type\":\"event\",\"id\":7}", event, &deep, "{\"type\":\"note\"}", header]
    {
        assert_same(format!("{header}\n{event}\n{line}\n\n").as_bytes());
    }
    assert_same(&[header.as_bytes(), b"\n", event.as_bytes(), b"\n{\"type\":\"event\",\"id\":\"\xff\"}\n"].concat());
    assert_same(format!("{event}\n{header}\n").as_bytes());
    assert_same(format!("\u{feff}{header}\r\n{event}\r\n").as_bytes());
    assert_same(b"");
}

#[test]
fn a_body_that_is_damaged_behind_a_sound_head_is_found_at_the_second_look() {
    let bytes = std::fs::read(sample("pendo-busy")).unwrap();
    let body = memchr::memmem::find(&bytes, b"\"exchanges\":[{").unwrap();
    for (from, to, what) in [
        (&b"\"request\":{"[..], &b"\"request\":{,"[..], "is not JSON"),
        (b"\"url\":\"", b"\"url\":\"\xff", "is not JSON"),
        (b"\"request\":{", b"\"request\":7,\"x\":{", "wrong field"),
        (b"\"purpose\":\"deliver\"", b"\"purpose\":\"refresh\"", "says something else in `brief`"),
    ] {
        let at = body + memchr::memmem::find(&bytes[body..], from).unwrap();
        let damaged = [&bytes[..at], to, &bytes[at + from.len()..]].concat();
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&damaged).unwrap();
        let mut opened = load(file.path(), LoadOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap();
        let n_attempts = opened.session().attempts().len();
        assert_eq!((opened.problems(), opened.n_skimmed() > 0), (vec![], true));
        let mut seen = 0;
        let progress = |progress: CheckProgress| {
            seen = progress.n_bytes;
            ControlFlow::Continue(())
        };
        opened.check(&mut { progress }).unwrap();
        let (problems, (whole, whole_problems)) = (opened.problems(), read_bytes(&damaged).unwrap());
        assert!(problems.len() == 1 && problems[0].what.contains(what), "{problems:?}");
        let is_lost = !whole_problems.is_empty();
        assert_eq!(is_lost, what != "says something else in `brief`");
        assert!(!is_lost || places(&problems) == places(&whole_problems), "{problems:?} {whole_problems:?}");
        assert_eq!(opened.session().attempts().len(), n_attempts);
        assert_eq!(whole.records.len() + usize::from(is_lost), n_attempts + opened.session().n_events());
        assert_eq!(opened.session().records().filter(Result::is_err).count(), usize::from(is_lost));
        opened.check(&mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(opened.problems(), problems, "nothing is looked at twice");
        assert_eq!(seen, damaged.len() as u64);
    }
}

#[test]
fn a_record_that_has_changed_in_the_file_says_so() {
    let bytes = std::fs::read(sample("pendo-busy")).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let opened = open(file.path()).unwrap();
    file.as_file().set_len(200).unwrap();
    let attempt = opened.session().details(opened.session().attempts().indices().next().unwrap());
    assert!(
        attempt.verdict.reason.starts_with("The record cannot be read: its line, at byte "),
        "{}",
        attempt.verdict.reason
    );
    let event = opened.session().records().next().unwrap();
    let lost = event.unwrap_err().to_string();
    assert!(lost.starts_with("a record of the session cannot be read: its line, at byte "), "{lost}");
}

#[test]
fn packed_sessions_open_like_plain_ones() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(sample("pendo-busy")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&bytes[..], ruzstd::encoding::CompressionLevel::Fastest);
    let wanted: Vec<Record> = open_bytes(&bytes).unwrap().session().records().collect::<Result<_, _>>().unwrap();
    for packed in [gzip.finish().unwrap(), zstd] {
        let path = folder.path().join("packed");
        std::fs::write(&path, packed).unwrap();
        assert_eq!(open(&path).unwrap().session().records().collect::<Result<Vec<_>, _>>().unwrap(), wanted);
    }
}

#[test]
fn a_file_that_grows_is_read_on_and_a_torn_line_is_taken_back() {
    let bytes = std::fs::read(sample("pendo-busy")).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut written = 0;
    let mut opened: Option<LoadedInFile> = None;
    for cut in [bytes.len() / 5, bytes.len() / 2, bytes.len() * 3 / 4, bytes.len()] {
        file.write_all(&bytes[written..cut]).unwrap();
        written = cut;
        match &mut opened {
            None => opened = Some(open(file.path()).unwrap()),
            Some(opened) => assert!(opened.read_on(&mut |_| ControlFlow::Continue(())).unwrap()),
        }
    }
    let mut opened = opened.unwrap();
    assert_eq!(opened.problems(), []);
    let (whole, _) = read_bytes(&bytes).unwrap();
    assert_eq!(opened.session().records().collect::<Result<Vec<_>, _>>().unwrap(), whole.records);
    assert!(!opened.read_on(&mut |_| ControlFlow::Continue(())).unwrap());
}

#[test]
fn a_file_is_read_on_while_another_thread_looks_at_its_bodies() {
    let bytes = std::fs::read(sample("pendo-busy")).unwrap();
    let body = memchr::memmem::find(&bytes, b"\"exchanges\":[{").unwrap();
    let wrong = |bytes: &mut Vec<u8>, from: usize| {
        let at = from + memchr::memmem::find(&bytes[from..], b"\"request\":{").unwrap();
        bytes.splice(at..at + 11, *b"\"request\":7,\"x\":{");
        at
    };
    let mut damaged = bytes;
    let first = wrong(&mut damaged, body);
    let second = first + memchr::memmem::rfind(&damaged[first..], b"\"exchanges\":[{").unwrap();
    wrong(&mut damaged, second);
    let cut = first + (second - first) / 2;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&damaged[..cut]).unwrap();
    let mut opened = load(file.path(), LoadOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap();
    let (second_look, n_before) = (opened.second_look(), opened.session().attempts().len());
    let (go, may_go) = std::sync::mpsc::sync_channel::<()>(1);
    let look = move || {
        second_look.look(&mut |_| {
            may_go.recv().unwrap();
            ControlFlow::Continue(())
        })
    };
    let looking = std::thread::Builder::new().name("second look".to_owned()).spawn(look).unwrap();
    file.write_all(&damaged[cut..]).unwrap();
    assert!(opened.read_on(&mut |_| ControlFlow::Continue(())).unwrap());
    assert!(
        opened.session().attempts().len() > n_before && opened.problems().is_empty(),
        "rows are there, bodies unseen"
    );
    go.send(()).unwrap();
    drop(go);
    opened.take_looked_at(looking.join().unwrap().unwrap());
    assert_eq!(opened.problems().len(), 1);
    assert!(!opened.second_look().is_empty(), "what came meanwhile is looked at next");
    opened.check(&mut |_| ControlFlow::Continue(())).unwrap();
    assert!(opened.second_look().is_empty());
    assert_eq!(places(&opened.problems()), places(&read_bytes(&damaged).unwrap().1));
    assert_eq!(opened.problems().len(), 2);
}

#[test]
fn whoever_watches_can_stop_it_and_has_seen_what_was_there() {
    let mut n_seen = 0;
    let stopped = load(&sample("pendo-busy"), LoadOptions::default(), &mut |progress| {
        n_seen = progress.session.attempts().len();
        ControlFlow::Break(())
    });
    assert!(matches!(stopped, Err(ReadError::Stopped)) && n_seen > 0);
}

#[test]
fn a_large_session_is_told_by_its_size_and_its_first_bytes_packed_or_not() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"{\"type\":\"session\",\"id\":\"s\"}\n").unwrap();
    assert!(!is_large_session(file.path()));
    file.as_file().set_len(MAX_WHOLE_BYTES + 1).unwrap();
    assert!(is_large_session(file.path()));
    assert!(!is_large_session(Path::new("/no/such/file")));
    let mut noise = 1_u32;
    let header = b"{\"type\":\"session\",\"id\":\"s\"}\n".iter().copied();
    let dense: Vec<u8> = header
        .chain(std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise.to_be_bytes()[0]
        }))
        .take(5 << 20)
        .collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&dense).unwrap();
    let packed = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(packed.path(), gzip.finish().unwrap()).unwrap();
    assert!(is_large_session(packed.path()));
    std::fs::write(packed.path(), &dense).unwrap();
    assert!(!is_large_session(packed.path()), "five megabytes are read whole");
}
