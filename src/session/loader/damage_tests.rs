//! What is damaged where it hurts a large file most: archives that break off, a line without end, a torn end that somebody
//! writes on behind.
use std::fs;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use super::*;
use crate::core::record::{EventRecord, Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::reader::{Limits, read_file};
use crate::session::secrets::Secrets;
use crate::session::writer::SessionWriter;
use crate::store::demo;

fn open(path: &Path) -> LoadedInFile {
    load(path, LoadOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap()
}

fn header() -> SessionHeader {
    SessionHeader::new("s", "n", Timestamp::EPOCH, "fired")
}

fn event(id: &str) -> Record {
    let payload = serde_json::json!({"type": "track", "event": id});
    let (received_at, extra) = (Timestamp::EPOCH, serde_json::Map::new());
    Record::Event(EventRecord { id: id.into(), received_at, message_id: None, payload, extra }.into())
}

fn written(records: &[Record]) -> Vec<u8> {
    let mut bytes = Vec::new();
    SessionWriter::begin(&mut bytes, "s", &header(), Secrets::Kept).unwrap().write(records).unwrap();
    bytes
}

/// What can be read of it.
fn records(opened: &LoadedInFile) -> Vec<Record> {
    opened.session().records().filter_map(Result::ok).collect()
}

#[test]
fn an_archive_that_breaks_off_opens_up_to_the_tear_with_one_problem() {
    let wanted: Vec<Record> = demo::many(2_000).records().map(Result::unwrap).collect();
    let bytes = written(&wanted);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&bytes[..], ruzstd::encoding::CompressionLevel::Fastest);
    for (name, packed) in [("gz", gzip.finish().unwrap()), ("zst", zstd)] {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut n_before = 0;
        for part in [2, 5, 8] {
            let cut = packed.len() * part / 10;
            fs::write(file.path(), &packed[..cut]).unwrap();
            let mut opened = open(file.path());
            opened.check(&mut |_| ControlFlow::Continue(())).unwrap();
            let (read, problems) = (records(&opened), opened.problems());
            let (whole, _) = read_file(file.path()).unwrap();
            assert_eq!(read, whole.records, "{name}, {part}: not a record before the tear is lost");
            assert!(read.len() > n_before && read.len() < wanted.len(), "{name}, {part}: {}", read.len());
            assert_eq!(read, wanted[..read.len()], "{name}, {part}");
            assert_eq!(problems.len(), 1, "{name}, {part}: {problems:?}");
            assert!(!opened.read_on(&mut |_| ControlFlow::Continue(())).unwrap(), "a packed file is not followed");
            n_before = read.len();
        }
        fs::write(file.path(), &packed).unwrap();
        assert_eq!((records(&open(file.path())), open(file.path()).problems()), (wanted.clone(), vec![]), "{name}");
    }
}

/// How much memory this program has had at once.
#[cfg(target_os = "linux")]
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() << 10
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_of_a_quarter_gigabyte_is_one_problem_and_costs_no_memory() {
    const LINE_BYTES: u64 = 256 << 20;
    let bytes = written(&[event("e1")]);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    // A hole: it takes no room on the disk, and is read as zeros without an end of line.
    file.as_file().set_len(bytes.len() as u64 + LINE_BYTES).unwrap();
    file.seek(SeekFrom::End(0)).unwrap();
    file.write_all(b"\n").unwrap();
    let last = written(&[event("e2")]);
    let last_line = last.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    file.write_all(&last[last_line..]).unwrap();
    let before = peak_bytes();
    let mut opened = open(file.path());
    opened.check(&mut |_| ControlFlow::Continue(())).unwrap();
    let grown = peak_bytes().saturating_sub(before);
    // Although other tests run beside this one.
    assert!(grown < LINE_BYTES, "{grown} bytes");
    assert_eq!(records(&opened), [event("e1"), event("e2")]);
    let problems = opened.problems();
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3], "{problems:?}");
    assert_eq!(problems[0].byte, bytes.len() as u64);
}

#[test]
fn a_line_that_is_too_long_in_a_stream_is_one_problem_wherever_it_ends() {
    let (head, tail) = (written(&[event("e1")]), written(&[event("e2")]));
    let tail = &tail[tail.iter().position(|byte| *byte == b'\n').unwrap()..];
    let limits = Limits { line_bytes: 1 << 20, ..Limits::default() };
    let options = LoadOptions { limits, ..LoadOptions::default() };
    let endless = || io::repeat(b'x').take((24 << 20) + 5);
    for (rest, wanted) in [(tail, vec![event("e1"), event("e2")]), (&b""[..], vec![event("e1")])] {
        let stream = head.chain(endless()).chain(rest);
        let mut seen = 0;
        let opened = load_stream(stream, options, &mut |progress| {
            seen = progress.n_bytes;
            ControlFlow::Continue(())
        });
        let opened = opened.unwrap();
        assert_eq!(records(&opened), wanted);
        assert_eq!(opened.problems().len(), 1, "{:?}", opened.problems());
        assert_eq!(seen, (head.len() + (24 << 20) + 5 + rest.len()) as u64);
    }
}

#[test]
fn what_is_appended_behind_a_torn_line_is_read_on_and_the_torn_line_stays_a_problem() {
    let bytes = written(&[event("e1"), event("e2")]);
    let file = tempfile::NamedTempFile::new().unwrap();
    for n_torn in [1, 20] {
        fs::write(file.path(), &bytes[..bytes.len() - 1 - n_torn]).unwrap();
        let mut opened = open(file.path());
        assert_eq!((records(&opened), opened.problems().len()), (vec![event("e1")], 1));
        for (nth, id) in ["e3", "e4"].into_iter().enumerate() {
            // As a run does that goes on with a session after a crash.
            let mut writer = SessionWriter::append(file.path(), Secrets::Kept).unwrap();
            writer.write(&[event(id)]).unwrap();
            writer.finish().unwrap();
            assert!(opened.read_on(&mut |_| ControlFlow::Continue(())).unwrap());
            opened.check(&mut |_| ControlFlow::Continue(())).unwrap();
            let wanted = [event("e1"), event("e3"), event("e4")];
            assert_eq!(records(&opened), wanted[..nth + 2]);
            let lines: Vec<u64> = opened.problems().iter().map(|problem| problem.line).collect();
            assert_eq!(lines, [3], "{:?}", opened.problems());
        }
        let mut again = open(file.path());
        again.check(&mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((records(&again), again.problems()), (records(&opened), opened.problems()));
    }
}

#[test]
fn a_stream_that_fails_in_the_middle_keeps_what_came_before() {
    struct Torn;
    impl Read for Torn {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the line went dead"))
        }
    }
    let bytes = written(&[event("e1"), event("e2")]);
    let opened = load_stream(bytes.chain(Torn), LoadOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(records(&opened), [event("e1"), event("e2")]);
    let problems = opened.problems();
    assert!(problems.len() == 1 && problems[0].to_string().contains("the line went dead"), "{problems:?}");
    let nothing = load_stream(Torn, LoadOptions::default(), &mut |_| ControlFlow::Continue(()));
    assert!(nothing.is_err());
}
