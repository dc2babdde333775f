//! Long work with files that somebody stops: what was there before stays, and nothing is left beside it.
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use delivery_inspector::app::Start;
use delivery_inspector::core::record::Record;
use delivery_inspector::session::reader;
use delivery_inspector::session::secrets::Secrets;
use delivery_inspector::session::writer;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::Result;
use crate::harness::{Window, sample_session};

/// A session of so many attempts: those of a sample again and again.
fn write_many(path: &Path, n_attempts: usize) -> Result<()> {
    let (sample, _) = reader::read_file(&sample_session("pendo-busy"))?;
    let attempts = sample.records.iter().filter_map(|record| match record {
        Record::Attempt(attempt) => Some(attempt),
        Record::Event(_) => None,
    });
    let attempts: Vec<_> = attempts.collect();
    let many = attempts.iter().cycle().take(n_attempts).enumerate().map(|(nth, attempt)| {
        let mut attempt = (***attempt).clone();
        attempt.id = format!("again-{nth}").into();
        attempt.delivery = format!("d-again-{nth}").into();
        Record::Attempt(Arc::new(attempt))
    });
    Ok(writer::save(path, &sample.header, &many.collect::<Vec<_>>(), &[], Secrets::Kept)?)
}

/// Presses the button in the status bar while something is still under way.
fn stop(window: &mut Window) {
    window.0.run_steps(2);
    window.0.get_by_label("Stop").click();
    window.0.run_steps(2);
}

#[test]
fn writing_that_is_stopped_leaves_the_older_file_and_nothing_beside_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (large, target) = (folder.path().join("large.session.jsonl"), folder.path().join("saved.session.jsonl"));
    write_many(&large, 4_000)?;
    fs::write(&target, "older")?;
    let mut window = Window::open(Start { open: vec![large], ..Start::default() });
    assert_eq!(window.session().attempts().len(), 4_000);
    let shifted = Modifiers::COMMAND | Modifiers::SHIFT;
    for (ask, modifiers, key) in [("save as", shifted, Key::S), ("export", Modifiers::COMMAND, Key::E)] {
        window.press_with(modifiers, key);
        window.type_over("Path", &target.display().to_string());
        window.0.get_by_label("Save").click();
        stop(&mut window);
        assert!(window.has_told("Writing was stopped."), "{ask}: {:?}", window.app().notices());
        // The worker sees it at its next record.
        let n_files = || fs::read_dir(folder.path()).map(Iterator::count);
        for _ in 0..1_000 {
            if n_files()? == 2 {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(n_files()?, 2, "{ask}: the file that was half written is gone");
        assert_eq!(fs::read_to_string(&target)?, "older", "{ask}");
        window.settle();
        assert!(!window.has_told("Wrote"), "{:?}", window.app().notices());
    }
    Ok(())
}

#[test]
fn opening_that_is_stopped_opens_nothing_and_the_file_opens_the_next_time() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let har = folder.path().join("large.har");
    let entry = r#"{"startedDateTime":"2026-11-25T07:31:00.000Z","time":40,"request":{"method":"POST","url":"https://hooks.example.com/orders","headers":[{"name":"content-type","value":"application/json"}],"postData":{"mimeType":"application/json","text":"{\"event\":\"Order Completed\"}"}},"response":{"status":200,"headers":[],"content":{"text":"{}"}}}"#;
    let entries = vec![entry; 15_000].join(",\n");
    fs::write(&har, format!("{{\"log\":{{\"version\":\"1.2\",\"entries\":[{entries}]}}}}"))?;
    let mut window = Window::sample();
    let before = window.session().header().id.clone();
    let open = |window: &mut Window| {
        window.press_with(Modifiers::COMMAND, Key::O);
        window.type_over("Path", &har.display().to_string());
        window.0.get_by_label("Open").click();
    };
    open(&mut window);
    stop(&mut window);
    assert!(window.has_told("Opening was stopped."), "{:?}", window.app().notices());
    window.settle();
    assert_eq!(window.session().header().id, before);
    open(&mut window);
    window.settle();
    assert_eq!(window.session().attempts().len(), 15_000);
    Ok(())
}

/// A pipe into which nobody writes is read for as long as the test wants.
#[cfg(unix)]
#[test]
fn a_program_that_starts_with_a_file_says_that_it_is_read_and_stops_when_asked() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let pipe = folder.path().join("slow.har");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status()?.success());
    let mut window = Window::open_busy(Start { open: vec![pipe.clone()], ..Start::default() });
    for _ in 0..100 {
        window.0.run_steps(2);
        if window.shows("slow.har, 0 %") {
            break;
        }
    }
    assert!(window.shows("opening ") && window.app().session().is_none());
    window.0.get_by_label("Stop").click();
    window.settle();
    assert!(window.has_told("Opening was stopped."));
    assert!(window.shows("LinkedIn token propagation"), "the sample is there instead");
    // Lets the reader end.
    drop(fs::OpenOptions::new().read(true).write(true).open(&pipe)?);
    Ok(())
}
