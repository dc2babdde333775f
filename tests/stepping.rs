//! Runs in virtual time that a person goes through step by step: where they stand, what they tell, and that standing
//! changes nothing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends there")]
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use delivery_inspector::core::names::{ClockKind, Decision, Purpose, Trigger};
use delivery_inspector::core::plan::Plan;
use delivery_inspector::core::record::{Attempt, Record};
use delivery_inspector::core::stepping::{
    Asked, Breakpoint, Breakpoints, Happening, Standstill, Step, UnderWay, Upcoming, Why,
};
use delivery_inspector::core::time::Timestamp;
use delivery_inspector::net::engine::{
    Run, RunEvent, RunOptions, RunSummary, Stepper, run_to_end, session_header, start,
};
use delivery_inspector::session::plan_file;
use delivery_inspector::session::secrets::Secrets;
use delivery_inspector::session::writer::SessionWriter;
use delivery_inspector::sim;
use proptest::prelude::*;
use serde_json::{Value, json};

fn plan(fields: &Value) -> Plan {
    let mut plan = json!({
        "format": "delivery-plan", "version": 1, "start_at": "2026-11-22T07:00:00Z", "seed": 7,
        "destination": "destination-function", "action": "onEvent", "mode": "single",
        "settings": { "url": "https://receiver.test/hook" },
        "pipeline": { "base_delay": "1 min", "jitter": 0, "max_attempts": 3 },
    });
    plan.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    plan_file::from_source(plan.as_object().unwrap().clone(), &|_| None).unwrap()
}

fn events(n: usize) -> Vec<Value> {
    let event = |number| json!({ "type": "track", "event": "Form Submitted", "messageId": format!("m{number}") });
    (1..=n).map(event).collect()
}

fn answers(answers: &[(u16, u64)]) -> Value {
    answers.iter().map(|(status, latency)| json!({ "status": status, "delay_ms": latency })).collect()
}

/// What a person does where the run stands; none lets it run on.
type Person<'a> = &'a mut dyn FnMut(&Standstill, &[Record]) -> Option<Step>;

/// A run as it is seen from the window's side.
struct Walk {
    run: Run,
    records: Vec<Record>,
    end: Option<RunSummary>,
}

impl Walk {
    fn begin(plan: Plan) -> Self {
        Self::with(plan, Stepper::standing())
    }

    fn with(plan: Plan, stepper: Stepper) -> Self {
        let options = RunOptions { stepper: Some(stepper), ..RunOptions::new(sim::in_process) };
        Self { run: start(plan, options, Arc::new(|| {})), records: Vec::new(), end: None }
    }

    fn stepper(&self) -> &Stepper {
        self.run.stepper().unwrap()
    }

    /// Where the run stands next; none at its end.
    fn stands(&mut self) -> Option<Standstill> {
        loop {
            match self.run.wait()? {
                RunEvent::Records(records) => self.records.extend(records),
                RunEvent::Stands(standstill) => return Some(*standstill),
                RunEvent::Finished(end) => self.end = Some(end.unwrap()),
                RunEvent::Header(_) | RunEvent::Progress(_) | RunEvent::UnderWay(_) | RunEvent::GoesOn => {}
            }
        }
    }

    fn step(&mut self, step: Step) -> Option<Standstill> {
        self.stepper().step(step);
        self.stands()
    }

    fn until_end(mut self, person: Person<'_>) -> (Vec<Record>, RunSummary) {
        while let Some(standstill) = self.stands() {
            match person(&standstill, &self.records) {
                Some(step) => self.stepper().step(step),
                None => self.stepper().go_on(),
            }
        }
        (self.records, self.end.unwrap())
    }

    /// What was recorded: `a1 d1 1 retry`.
    fn story(&self) -> Vec<String> {
        attempts(&self.records).map(line).collect()
    }
}

fn attempts(records: &[Record]) -> impl Iterator<Item = &Attempt> {
    records.iter().filter_map(|record| match record {
        Record::Attempt(attempt) => Some(&**attempt),
        Record::Event(_) => None,
    })
}

fn line(attempt: &Attempt) -> String {
    format!("{} {} {} {}", attempt.id, attempt.delivery, attempt.number, attempt.verdict.decision.name())
}

/// Milliseconds since the run began.
fn millis(at: Timestamp) -> u128 {
    at.since("2026-11-22T07:00:00Z".parse().unwrap()).as_millis()
}

fn file_of(plan: &Plan, records: &[Record]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = SessionWriter::begin(&mut file, "memory", &session_header(plan), Secrets::Kept).unwrap();
    writer.write(records).unwrap();
    file
}

fn unstepped(plan: &Plan) -> (Vec<u8>, RunSummary) {
    let mut records = Vec::new();
    let options = RunOptions::new(sim::in_process);
    let summary = run_to_end(plan.clone(), &options, &mut |record| records.push(record)).unwrap();
    (file_of(plan, &records), summary)
}

/// Two deliveries that overlap: d1 takes long and is retried, d2 is quick and is retried as well.
fn overlapping() -> Plan {
    let script = answers(&[(503, 4_000), (503, 1_000), (200, 500), (200, 500)]);
    plan(&json!({ "events": events(2), "responses": script }))
}

#[test]
fn a_run_stands_before_its_first_attempt_and_after_each() {
    let mut walk = Walk::begin(overlapping());
    let standstill = walk.stands().unwrap();
    assert_eq!((standstill.why, standstill.n_to_begin, walk.story().len()), (Why::Asked, 2, 0));
    assert_eq!(walk.records.len(), 2, "its events are there");

    let standstill = walk.step(Step::Attempt).unwrap();
    assert_eq!(walk.story(), ["a1 d2 1 retry"]);
    assert_eq!((millis(standstill.now), &standstill.why), (1_000, &Why::Ended("a1".into())));
    let under_way = UnderWay {
        delivery: "d1".into(),
        number: 1,
        started_at: "2026-11-22T07:00:00Z".parse().unwrap(),
        first_event: Some("e1".into()),
        n_events: 1,
        asked: Some(Asked {
            purpose: Purpose::Deliver,
            host: "receiver.test".to_owned(),
            sent_at: "2026-11-22T07:00:00Z".parse().unwrap(),
        }),
    };
    let at = |text: &str| Some(text.parse().unwrap());
    let upcoming = [
        Upcoming { at: at("2026-11-22T07:00:04Z"), what: Happening::Answer(under_way) },
        Upcoming { at: at("2026-11-22T07:01:01Z"), what: Happening::Attempt("d2".into()) },
    ];
    assert_eq!(standstill.upcoming, upcoming);
    assert_eq!((standstill.n_in_flight, standstill.n_waiting, standstill.n_to_begin), (1, 1, 0));

    assert_eq!(millis(walk.step(Step::Attempt).unwrap().now), 4_000);
    assert_eq!(millis(walk.step(Step::Attempt).unwrap().now), 61_500);
    assert_eq!(walk.step(Step::Attempt), None, "the last attempt is the end");
    assert_eq!(walk.story(), ["a1 d2 1 retry", "a2 d1 1 retry", "a3 d2 2 delivered", "a4 d1 2 delivered"]);
}

#[test]
fn the_next_retry_stands_at_its_beginning() {
    let mut walk = Walk::begin(overlapping());
    walk.stands();
    let standstill = walk.step(Step::Retry).unwrap();
    assert_eq!((millis(standstill.now), standstill.why), (61_000, Why::Begun("d2".into(), 2)));
    assert_eq!(walk.story().len(), 2, "and what came before it has ended");
    let standstill = walk.step(Step::Retry).unwrap();
    assert_eq!((millis(standstill.now), standstill.why), (64_000, Why::Begun("d1".into(), 2)));
}

#[test]
fn attempts_that_take_no_time_are_stepped_through_one_by_one() {
    let script = answers(&[(200, 0); 3]);
    let mut walk = Walk::begin(plan(&json!({ "events": events(3), "responses": script })));
    walk.stands();
    for (n_ended, n_to_begin) in [(1, 2), (2, 1)] {
        let standstill = walk.step(Step::Attempt).unwrap();
        assert_eq!((walk.story().len(), millis(standstill.now)), (n_ended, 0));
        assert_eq!((standstill.n_to_begin, standstill.n_in_flight), (n_to_begin, 0));
    }
    assert_eq!(walk.step(Step::Attempt), None);
}

#[test]
fn time_passes_up_to_the_instant_that_was_asked_for_and_no_further() {
    let mut walk = Walk::begin(overlapping());
    let begin = walk.stands().unwrap().now;
    let until = |secs| Step::Until(begin.saturating_add(Duration::from_secs(secs)));
    for (secs, n_ended) in [(0, 0), (1, 1), (3, 1), (60, 2), (61, 2), (62, 3)] {
        let standstill = walk.step(until(secs)).unwrap();
        assert_eq!((standstill.why, standstill.now), (Why::Instant, begin.saturating_add(Duration::from_secs(secs))));
        assert_eq!(walk.story().len(), n_ended, "after {secs} s");
    }
    assert_eq!(walk.step(until(3_600)), None);
    assert_eq!(walk.story().len(), 4);
}

#[test]
fn a_run_stands_at_the_decisions_that_were_chosen() {
    let token = |refresh: &str| {
        json!({
            "destination": "linkedin-audiences", "action": "updateAudience", "pipeline": {},
            "settings": { "ad_account_id": "512345", "send_email": true, "send_google_advertising_id": true },
            "auth": { "access_token": "old", "refresh_token": "r", "client_id": "c", "client_secret": "s" },
            "simulator": { "linkedin": { "access_token": "revoked", "refresh": refresh, "propagation_ms": 1_500 } },
            "events": [{
                "type": "track", "event": "Audience Entered", "messageId": "m-1", "userId": "u1",
                "properties": { "audience_key": "vip", "vip": true },
                "context": {
                    "traits": { "email": "ada@example.test" },
                    "personas": { "computation_class": "audience", "computation_key": "vip" },
                },
            }],
        })
    };
    let same = [events(1), events(1)].concat();
    let twice = json!({ "events": same, "simulator": {} });
    let refused = json!({ "events": events(1), "responses": answers(&[(503, 10), (400, 10)]) });
    for (fields, kind, expected) in [
        (token("succeeds"), Breakpoint::Refresh, vec!["a1 d1 1 retry"]),
        (token("succeeds"), Breakpoint::Retry, vec!["a1 d1 1 retry"]),
        (token("invalid_grant"), Breakpoint::Dropped, vec!["a1 d1 1 discard"]),
        (twice.clone(), Breakpoint::Duplicate, vec!["a2 d2 1 delivered"]),
        (twice, Breakpoint::Retry, vec![]),
        (refused, Breakpoint::Dropped, vec!["a2 d1 2 discard"]),
    ] {
        let stepper = Stepper::standing();
        stepper.break_at(Breakpoints::default().toggled(kind));
        let mut stood = Vec::new();
        // The last attempt of a run is followed by its end, not by a standstill: there is one more event to wait for.
        let mut walk = Walk::with(plan(&fields), stepper);
        while let Some(standstill) = walk.stands() {
            if let Why::Decided(id, decided) = &standstill.why {
                assert_eq!(*decided, kind);
                stood.extend(attempts(&walk.records).filter(|it| it.id == *id).map(line));
            }
            walk.stepper().go_on();
        }
        let decided = |attempt: &&Attempt| Breakpoints::of(attempt).has(kind);
        assert_eq!(attempts(&walk.records).filter(decided).map(line).collect::<Vec<_>>()[..expected.len()], expected);
        let last = attempts(&walk.records).last().map(line);
        let expected: Vec<_> = attempts(&walk.records).filter(decided).map(line).collect();
        assert!(expected.iter().filter(|line| Some(*line) != last.as_ref()).eq(&stood), "{kind:?}: {stood:?}");
    }
}

#[test]
fn a_run_that_goes_freely_stands_when_it_is_told_to_and_is_stopped_there() {
    let stepper = Stepper::default();
    let endless = json!({ "events": events(40), "simulator": { "faults": [{ "status": 503 }] }, "pipeline": {
        "base_delay": "1 s", "max_delay": "1 s", "jitter": 0, "max_elapsed": "400 h" } });
    let mut walk = Walk::with(plan(&endless), stepper.clone());
    stepper.stand();
    let standstill = walk.stands().unwrap();
    assert_eq!(standstill.why, Why::Asked);
    let n_ended = walk.story().len();
    let next = walk.step(Step::Attempt).unwrap();
    assert_eq!(walk.story().len(), n_ended + 1);
    assert!(next.n_in_flight + next.n_waiting + next.n_to_begin >= 39);
    walk.run.cancel();
    assert_eq!(walk.stands(), None);
    let summary = walk.end.unwrap();
    assert!(summary.was_cancelled);
    assert_eq!(walk.story().len(), n_ended + 1, "nothing more happens once it is stopped");
}

#[test]
fn a_run_that_nobody_looks_at_any_more_ends() {
    let (told, ended) = std::sync::mpsc::sync_channel(64);
    let options = RunOptions { stepper: Some(Stepper::standing()), ..RunOptions::new(sim::in_process) };
    // The wake is dropped with the thread of the run.
    let run = start(overlapping(), options, Arc::new(move || _ = told.send(())));
    ended.recv().unwrap();
    drop(run);
    while ended.recv_timeout(Duration::from_secs(20)).is_ok() {}
    assert_eq!(ended.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
}

/// Plans of the library of examples that run in virtual time.
fn library() -> Vec<Plan> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions");
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let plans = paths.iter().filter(|path| path.to_string_lossy().ends_with(".plan.json"));
    let plans = plans.map(|path| plan_file::read_file(path, &|_| None).unwrap());
    plans.filter(|plan| plan.clock == ClockKind::Virtual).collect()
}

#[test]
fn every_example_is_recorded_byte_for_byte_whether_stepped_through_or_not() {
    for plan in library() {
        let name = plan.name.clone().unwrap_or_default();
        let expected = unstepped(&plan);
        for step in [Step::Attempt, Step::Retry, Step::Decision] {
            let (records, summary) = Walk::begin(plan.clone()).until_end(&mut |_, _| Some(step));
            assert!(file_of(&plan, &records) == expected.0, "{name}, {step:?}");
            assert_eq!(summary, expected.1, "{name}, {step:?}");
        }
    }
}

#[test]
fn a_step_to_the_next_attempt_stands_at_each_of_them() {
    for plan in library() {
        let name = plan.name.clone().unwrap_or_default();
        let mut stood_after = Vec::new();
        let (records, summary) = Walk::begin(plan).until_end(&mut |standstill, records| {
            if let Why::Ended(id) = &standstill.why {
                assert_eq!(attempts(records).last().map(|it| &it.id), Some(id), "{name}");
                stood_after.push(id.clone());
            }
            assert!(standstill.upcoming.iter().all(|it| it.at.is_none_or(|at| at >= standstill.now)), "{name}");
            Some(Step::Attempt)
        });
        let all: Vec<_> = attempts(&records).map(|attempt| attempt.id.clone()).collect();
        assert_eq!(stood_after[..], all[..all.len() - 1], "{name}: the last is followed by the end");
        assert_eq!(all.len() as u64, summary.n_attempts);
    }
}

#[test]
fn what_is_said_to_come_next_comes_next() {
    for plan in library() {
        let name = plan.name.clone().unwrap_or_default();
        let mut promised: Option<(Timestamp, Vec<Upcoming>)> = None;
        Walk::begin(plan).until_end(&mut |standstill, records| {
            let last = attempts(records).last();
            if let (Some((now, upcoming)), Some(last)) = (promised.take(), last)
                && upcoming.first().is_some_and(|next| next.at > Some(now))
            {
                assert!(upcoming.iter().any(|next| next.at == Some(last.ended_at) || next.at <= Some(standstill.now)));
                if last.trigger == Trigger::Retry && last.started_at > now {
                    let due = |next: &Upcoming| next.at == Some(last.started_at);
                    assert!(
                        upcoming.iter().any(due) || last.verdict.decision == Decision::Filtered,
                        "{name}: {last:?}"
                    );
                }
            }
            promised = (standstill.n_to_begin == 0).then(|| (standstill.now, standstill.upcoming.clone()));
            Some(Step::Attempt)
        });
    }
}

fn orders() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0_u8..12, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 256 } else { 2_000 }))]

    /// Any plan of the library with any seed, deliveries at once or spread, whatever a person does on the way.
    #[test]
    fn standing_changes_nothing(
        plan_idx in 0_usize..64, seed in 0_u64..1_000, is_spread: bool, orders in orders(), breakpoints in 0_usize..16,
    ) {
        let library = library();
        let mut plan = library[plan_idx % library.len()].clone();
        plan.seed = seed;
        plan.spread = if is_spread { Duration::from_mins(3) } else { Duration::ZERO };
        let mut expected = Vec::new();
        let options = RunOptions::new(sim::in_process);
        let summary = run_to_end(plan.clone(), &options, &mut |record| expected.push(record));
        // A script may have too few answers for a seed that it was not written for.
        prop_assume!(summary.is_ok());

        let stepper = Stepper::standing();
        let chosen = Breakpoint::ALL.into_iter().enumerate().filter(|(bit, _)| breakpoints & (1 << bit) != 0);
        stepper.break_at(chosen.fold(Breakpoints::default(), |all, (_, kind)| all.toggled(kind)));
        let mut orders = orders.into_iter().cycle().take(500);
        let (records, stepped) = Walk::with(plan.clone(), stepper).until_end(&mut |standstill, _| match orders.next()? {
            0..=3 => Some(Step::Attempt),
            4 | 5 => Some(Step::Retry),
            6 | 7 => Some(Step::Decision),
            8 | 9 => Some(Step::Until(standstill.now.saturating_add(Duration::from_millis(700)))),
            10 => Some(Step::Until(standstill.now.saturating_add(Duration::from_mins(7)))),
            _ => None,
        });
        prop_assert!(file_of(&plan, &records) == file_of(&plan, &expected));
        prop_assert_eq!(stepped, summary.unwrap());
    }
}
