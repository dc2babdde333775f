//! What is done with bytes from outside, one function a kind of text. None may panic, hang or lose its own promises.
//! The targets of cargo-fuzz under `fuzz/` call the same functions.
use std::ops::ControlFlow;
use std::path::Path;

use delivery_inspector::core::mapping::CompiledMapping;
use delivery_inspector::core::names::RuleSetName;
use delivery_inspector::core::record::SessionHeader;
use delivery_inspector::core::subscription;
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::session::secrets::Secrets;
use delivery_inspector::session::{import, plan_file, reader, writer};
use delivery_inspector::store::Session;
use delivery_inspector::store::filter::{Filter, complete, parts};
use serde_json::{Value, json};

/// A kind of text: its name, and what is done with it.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every kind.
pub(crate) const TARGETS: &[Target] = &[
    ("session", session),
    ("plan", plan),
    ("import", imported),
    ("filter", filter),
    ("fql", fql),
    ("mapping", mapping),
];

/// Reads a session; what was read is written and read again as the same.
pub(crate) fn session(bytes: &[u8]) {
    if let Ok((loaded, _)) = reader::read_bytes(bytes) {
        written_and_read(&loaded);
    }
}

/// Imports a file; what came of it is a session like any other.
pub(crate) fn imported(bytes: &[u8]) {
    if let Ok(imported) =
        import::read_bytes(bytes, Path::new("fuzzed"), RuleSetName::default(), &mut |_| ControlFlow::Continue(()))
    {
        written_and_read(&imported.session);
    }
}

fn written_and_read(loaded: &reader::LoadedSession) {
    let mut store = Session::new(loaded.header.clone());
    for record in &loaded.records {
        store.push(record.clone());
    }
    let mut bytes = Vec::new();
    let begun = writer::SessionWriter::begin(&mut bytes, Path::new("fuzzed"), &loaded.header, Secrets::Kept);
    let written = begun.and_then(|mut writer| writer.write(&loaded.records));
    assert!(written.is_ok(), "what was read can be written");
    match reader::read_bytes(&bytes) {
        Ok((again, _)) => assert_eq!(again.records, loaded.records, "what was written is read as it was"),
        Err(error) => panic!("what was written cannot be read: {error}"),
    }
}

/// Reads a plan.
pub(crate) fn plan(bytes: &[u8]) {
    drop(plan_file::read(bytes, &|_| Some("from the environment".to_owned())));
}

/// Understands a filter; an error stands inside the text, and what is proposed takes the place of a part of it.
pub(crate) fn filter(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let session = Session::new(SessionHeader::new("s", "s", Timestamp::EPOCH, "imported"));
    match Filter::parse(text) {
        Ok(filter) => drop(filter.bind(&session)),
        Err(error) => assert!(text.get(error.span).is_some(), "an error stands inside the text"),
    }
    for (span, _) in parts(text) {
        assert!(text.get(span).is_some(), "a part is a part of the text");
    }
    for cursor in [0, text.len() / 2, text.len()] {
        assert!(text.get(complete(text, cursor, &session).replace).is_some(), "a place is inside the text");
    }
}

/// Parses a subscription and asks it about an event.
pub(crate) fn fql(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(condition) = subscription::parse(text) {
        drop(condition.matches(&event()));
    }
}

/// Runs a mapping over an event.
pub(crate) fn mapping(bytes: &[u8]) {
    let Ok(Value::Object(mapping)) = serde_json::from_slice(bytes) else { return };
    if let Ok(mapping) = CompiledMapping::new(&mapping) {
        drop(mapping.transform(&event()));
    }
}

fn event() -> Value {
    json!({
        "type": "track", "event": "Order Completed", "userId": "u-1", "timestamp": "2026-11-25T07:31:02Z",
        "properties": {"total": 12.5, "list": [1, 2, {"a": "b"}], "text": "x", "nothing": null},
        "context": {"traits": {"email": "ada@example.com"}},
    })
}
