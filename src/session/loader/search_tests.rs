//! Searching a file finds what searching the same records in memory finds.
use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use serde::Serialize as _;
use serde_json::{Value, json};

use super::tests::{open, open_bytes, sample, written};
use crate::core::record::Record;
use crate::session::generated;
use crate::session::reader::read_bytes;
use crate::store::filter::Filter;
use crate::store::rows::{Arrangement, Grouping, Rows, SortKey};
use crate::store::search::{FindQuery, Found};
use crate::store::watch::Watch;
use crate::store::{AttemptIdx, DeliveryIdx, Session};

fn filtered(filter: &str) -> Arrangement {
    let filter = Filter::parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
    Arrangement { filter, ..Arrangement::default() }
}

/// Which deliveries a filter shows.
fn shown(session: &Session, filter: &str) -> Vec<String> {
    let rows = Rows::make(session, &filtered(filter), &mut |_| ControlFlow::Continue(())).unwrap();
    rows.visible_deliveries().iter().map(|idx| session.delivery_id(*idx).to_string()).collect()
}

/// What Find finds, looking at one attempt after the other.
fn found_one_by_one(session: &Session, query: &FindQuery) -> Vec<AttemptIdx> {
    let mut found = Found::default();
    while found.look_at_next(session, query).is_some() {}
    found.hits().to_vec()
}

fn found(session: &Session, query: &FindQuery) -> Vec<AttemptIdx> {
    let found = Found::default().go_on(session, query, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(found.n_searched(), session.attempts().len());
    found.hits().to_vec()
}

fn in_memory(bytes: &[u8]) -> Session {
    let (whole, _) = read_bytes(bytes).unwrap();
    let mut held = Session::new(whole.header);
    whole.records.into_iter().for_each(|record| held.push(record));
    held
}

/// Every second line as another program might write it: other order, other spaces, letters as escapes.
fn half_foreign(bytes: &[u8]) -> Vec<u8> {
    let mut foreign = Vec::new();
    for (nth, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        match serde_json::from_slice(line) {
            Ok(Value::Object(fields)) if nth % 2 == 1 => {
                let fields: serde_json::Map<_, _> = fields.into_iter().rev().collect();
                fields.serialize(&mut serde_json::Serializer::with_formatter(&mut foreign, Foreign)).unwrap();
            }
            _ => foreign.extend(line),
        }
        foreign.push(b'\n');
    }
    foreign
}

/// Another program's way to write JSON.
struct Foreign;

impl serde_json::ser::Formatter for Foreign {
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" : ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for c in fragment.chars() {
            match c {
                '@' | 'e' | 'ü' => write!(writer, "\\u{:04x}", u32::from(c))?,
                '/' => writer.write_all(b"\\/")?,
                c => write!(writer, "{c}")?,
            }
        }
        Ok(())
    }
}

#[test]
fn records_of_a_file_are_searched_as_those_in_memory_are_whoever_wrote_the_lines() {
    let bytes = std::fs::read(sample("pendo-busy")).unwrap();
    let held = in_memory(&bytes);
    let in_file = open_bytes(&half_foreign(&bytes)).unwrap();
    let mut n_some = 0;
    for filter in [
        "body~\"@example.com\"",
        "body~visitor",
        "body~VISITOR",
        "body~\"no such text\"",
        "not body~visitor",
        "body~visitor or status:429",
        "body~\"{\\\"\" -body~\"no such text\"",
        "status:429 body~\"@\"",
        "user:ada",
        "user=nobody or message:1",
        "user:*@example.com",
        "not user:1",
        "message:*",
        "header:content-type=json",
        "header:retry-after",
        "header:x-nothing",
        "event:audience",
        "1",
        "\"@example\" or header:retry-after",
        "batch:1 or d1",
        "pendo",
    ] {
        let wanted = shown(&held, filter);
        assert_eq!(shown(in_file.session(), filter), wanted, "{filter}");
        n_some += usize::from(!wanted.is_empty() && wanted.len() < held.deliveries().len());
    }
    assert!(n_some >= 6, "the filters tell deliveries apart");
    for text in ["@EXAMPLE.com", "429", "no such text", "nobody", "batch of", "rate", "\"visitor", "a1", "timeout"] {
        let query = FindQuery::new(text).unwrap();
        assert_eq!(found(in_file.session(), &query), found_one_by_one(&held, &query), "{text}");
    }
}

/// Keeps all that it is offered, and stops where it is told to.
#[derive(Default)]
struct Watching<T> {
    offered: Vec<T>,
    shares: Vec<f32>,
    is_enough_after: Option<usize>,
    is_unwanted: bool,
}

impl<T> Watch<T> for Watching<T> {
    fn done(&mut self, share: f32) -> ControlFlow<()> {
        self.shares.push(share);
        if self.is_unwanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn offer(&mut self, make: &mut dyn FnMut() -> T) {
        self.offered.push(make());
    }

    fn is_enough(&self) -> bool {
        self.is_enough_after.is_some_and(|n_looks| self.shares.len() >= n_looks)
    }
}

/// A file of several pieces.
fn many() -> super::LoadedInFile {
    let records = crate::store::demo::many(6_000).records().map(Result::unwrap).collect::<Vec<_>>();
    open_bytes(&written(&records)).unwrap()
}

/// Every third message.
const SOME: &str = "message:0 or not message:1";

#[test]
fn what_is_certain_is_shown_before_all_of_a_file_was_read_and_stays() {
    let opened = many();
    for filter in ["message:7", "not message:7", "message:7 or verdict:dropped", "7 -header:no-such-header", SOME] {
        let mut watching = Watching::default();
        let rows = Rows::make(opened.session(), &filtered(filter), &mut watching).unwrap();
        let whole = rows.visible_deliveries();
        assert_eq!(rows.extent().percent(), None);
        assert!(watching.shares.is_sorted() && watching.offered.len() >= 3, "{filter}: {:?}", watching.shares);
        let mut n_before = 0;
        for rows in &watching.offered {
            assert!(rows.extent().percent().is_some());
            let so_far = rows.visible_deliveries();
            assert!(so_far.len() >= n_before && so_far.iter().all(|idx| whole.contains(idx)), "{filter}");
            n_before = so_far.len();
        }
        assert!(n_before > 0 && watching.offered[0].visible_deliveries().len() < whole.len(), "{filter}");
    }
}

#[test]
fn a_search_that_is_stopped_keeps_what_it_found_and_goes_on_where_it_stood() {
    let (opened, arrangement) = (many(), filtered(SOME));
    let whole: Vec<DeliveryIdx> = Rows::make(opened.session(), &arrangement, &mut |_| ControlFlow::Continue(()))
        .unwrap()
        .visible_deliveries()
        .to_vec();
    let mut stopping = Watching { is_enough_after: Some(1), ..Watching::default() };
    let rows = Rows::make(opened.session(), &arrangement, &mut stopping).unwrap();
    let percent = rows.extent().percent().unwrap();
    let n_found = rows.visible_deliveries().len();
    assert!(percent > 0 && percent < 90 && n_found > 0 && n_found < whole.len(), "{percent} % {n_found}");
    let mut again = Watching { is_enough_after: Some(0), ..Watching::default() };
    let sorted = Rows::make_again(opened.session(), &arrangement, rows.before(), &mut again).unwrap();
    assert_eq!(sorted.visible_deliveries(), rows.visible_deliveries(), "without reading on");
    let mut going_on = Watching::default();
    let all = Rows::make_again(opened.session(), &arrangement, sorted.before(), &mut going_on).unwrap();
    assert_eq!((all.visible_deliveries(), all.extent().percent()), (&whole[..], None));
    assert!(going_on.shares[0] > stopping.shares[0], "it goes on behind what was read");
    let mut unread = Watching::default();
    let again = Rows::make_again(opened.session(), &arrangement, all.before(), &mut unread).unwrap();
    assert_eq!(again.visible_deliveries(), whole);
    assert!(unread.offered.is_empty(), "nothing is read twice");
    let mut unwanted = Watching { is_unwanted: true, ..Watching::default() };
    assert!(Rows::make(opened.session(), &arrangement, &mut unwanted).is_none() && unwanted.shares.len() == 1);
}

#[test]
fn threads_of_a_file_are_followed_once() {
    let opened = many();
    let by_thread = Arrangement { grouping: Grouping::Thread, ..Arrangement::default() };
    let mut reading = Watching::default();
    let rows = Rows::make(opened.session(), &by_thread, &mut reading).unwrap();
    let (mut unread, other_order) = (Watching::default(), Arrangement { sort_by: SortKey::Fate, ..by_thread });
    let again = Rows::make_again(opened.session(), &other_order, rows.before(), &mut unread).unwrap();
    assert_eq!(again.visible_deliveries().len(), rows.visible_deliveries().len());
    assert!(unread.shares.len() < reading.shares.len(), "{:?} {:?}", unread.shares, reading.shares);
}

#[test]
fn find_tells_what_it_found_so_far_and_goes_on_where_it_was_stopped() {
    let opened = many();
    let (session, query) = (opened.session(), FindQuery::new("7").unwrap());
    let whole = found(session, &query);
    let mut watching = Watching::default();
    Found::default().go_on(session, &query, &mut watching).unwrap();
    assert!(watching.offered.len() >= 3);
    assert!(watching.offered.iter().all(|found| whole.starts_with(found.hits())));
    let mut stopping = Watching { is_enough_after: Some(1), ..Watching::default() };
    let stopped = Found::default().go_on(session, &query, &mut stopping).unwrap();
    assert!(!stopped.hits().is_empty() && stopped.n_searched() < session.attempts().len());
    let all = stopped.go_on(session, &query, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((all.hits(), all.n_searched()), (&whole[..], session.attempts().len()));
    let mut unwanted = Watching { is_unwanted: true, ..Watching::default() };
    assert!(Found::default().go_on(session, &query, &mut unwanted).is_none());
}

#[test]
fn what_a_file_grew_by_is_searched_alone() {
    let records = crate::store::demo::many(6_000).records().map(Result::unwrap).collect::<Vec<_>>();
    let bytes = written(&records);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    // The last line is cut off.
    let half = bytes.len() / 2;
    file.write_all(&bytes[..half]).unwrap();
    let mut opened = open(file.path()).unwrap();
    let (arrangement, query) = (filtered(SOME), FindQuery::new("7").unwrap());
    let rows = Rows::make(opened.session(), &arrangement, &mut |_| ControlFlow::Continue(())).unwrap();
    let hits = Found::default().go_on(opened.session(), &query, &mut |_| ControlFlow::Continue(())).unwrap();
    file.write_all(&bytes[half..]).unwrap();
    assert!(opened.read_on(&mut |_| ControlFlow::Continue(())).unwrap());
    let session = opened.session();
    let mut watching = Watching::default();
    let grown = Rows::make_again(session, &arrangement, rows.before(), &mut watching).unwrap();
    assert!(watching.shares[0] > 0.4, "{:?}", watching.shares);
    let anew = Rows::make(session, &arrangement, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(grown.visible_deliveries(), anew.visible_deliveries());
    let grown = hits.go_on(session, &query, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(grown.hits(), found(session, &query));
}

#[test]
fn attempts_that_stand_before_their_events_are_found_by_them() {
    let mut records = crate::store::demo::session().records().map(Result::unwrap).collect::<Vec<_>>();
    records.reverse();
    let bytes = written(&records);
    let (held, opened) = (in_memory(&bytes), open_bytes(&bytes).unwrap());
    for filter in ["user:ada", "not user:ada", "message:m-7f21", "ada or grace"] {
        let wanted = shown(&held, filter);
        assert!(!wanted.is_empty(), "{filter}");
        assert_eq!(shown(opened.session(), filter), wanted, "{filter}");
    }
    for text in ["ada@", "m-7f21", "nobody"] {
        let query = FindQuery::new(text).unwrap();
        assert_eq!(found(opened.session(), &query), found_one_by_one(&held, &query), "{text}");
    }
}

/// Records whose events are about somebody, in words that break careless readers.
fn records() -> impl Strategy<Value = Vec<Record>> {
    let names = || (generated::text(), generated::text(), generated::text());
    let about = (names(), names(), prop::option::of(generated::text()));
    let about = about.prop_map(|((email, user, event), (external, anonymous, other), message_id)| {
        let payload = json!({
            "type": "track", "event": event, "userId": user, "anonymousId": anonymous, "traits": {"email": email},
            "context": {"externalIds": [{"id": external}, {"id": other}]},
        });
        (payload, message_id)
    });
    (generated::records(), prop::collection::vec(about, 6)).prop_map(|(mut records, about)| {
        for (record, (payload, message_id)) in records.iter_mut().zip(about) {
            if let Record::Event(event) = record {
                let event = Arc::make_mut(event);
                (event.payload, event.message_id) = (payload, message_id);
            }
        }
        records
    })
}

/// Every text of some lines of JSON.
fn texts(bytes: &[u8]) -> Vec<String> {
    fn collect(value: Value, texts: &mut Vec<String>) {
        match value {
            Value::String(text) => texts.push(text),
            Value::Array(values) => values.into_iter().for_each(|value| collect(value, texts)),
            Value::Object(fields) => fields.into_iter().for_each(|(key, value)| {
                texts.push(key);
                collect(value, texts);
            }),
            other => texts.push(other.to_string()),
        }
    }
    let mut texts = Vec::new();
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).for_each(|line: Value| {
        texts.push(line.to_string());
        collect(line, &mut texts);
    });
    texts.retain(|text| !text.is_empty());
    texts
}

/// A piece of a text.
fn piece_of(text: &str, from: Index, length: usize) -> String {
    let from = from.index(text.chars().count());
    text.chars().skip(from).take(length).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_found_in_a_file_where_it_is_found_in_memory(
        records in records(),
        is_foreign in any::<bool>(),
        (which, from, length) in (any::<Index>(), any::<Index>(), 1..12_usize),
        case in 0..3,
    ) {
        let bytes = written(&records);
        let texts = texts(&bytes);
        let chosen: &String = which.get(&texts);
        let text = piece_of(chosen, from, length);
        let text = match case {
            0 => text,
            1 => text.to_uppercase(),
            _ => text.to_lowercase(),
        };
        let held = in_memory(&bytes);
        let bytes = if is_foreign { half_foreign(&bytes) } else { bytes };
        let opened = open_bytes(&bytes).unwrap();
        let quoted = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
        for filter in [
            quoted.clone(),
            format!("body~{quoted}"),
            format!("user:{quoted}"),
            format!("user={quoted}"),
            format!("user:{bare}*"),
            format!("message:{quoted}"),
            format!("message=*{bare}"),
            format!("event:{quoted}"),
            format!("event!={quoted}"),
            format!("batch:{quoted}"),
            format!("header:retry-after={quoted}"),
            "header:set-cookie".to_owned(),
            format!("not (user:{quoted} or body~{quoted}) or header:content-type={quoted}"),
        ] {
            // Nothing is left of some texts.
            if Filter::parse(&filter).is_ok() {
                prop_assert_eq!(shown(opened.session(), &filter), shown(&held, &filter), "{}", filter);
            }
        }
        if let Some(query) = FindQuery::new(&text) {
            prop_assert_eq!(found(opened.session(), &query), found_one_by_one(&held, &query), "{:?}", text);
        }
    }
}
