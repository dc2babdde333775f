//! Runs a case, and counts how many agree.
use std::collections::BTreeMap;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use serde_json::{Map, Value};

use super::case::Case;
use super::compare::{Difference, compare};
use super::script::Script;
use crate::core::connection::Connection;
use crate::core::framework::{Attempted, Prepared, Turn, attempt_prepared};
use crate::core::names::Mode;
use crate::core::record::EventRecord;
use crate::core::rules::RuleSet;
use crate::core::time::Timestamp;

/// What became of one case.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub id: String,
    /// What it shares its name with.
    pub family: String,
    /// Destination, action, mode and rule set, in words.
    pub input: String,
    /// Where we differ from the reference; empty if we agree.
    pub differences: Vec<Difference>,
    /// What we did.
    pub attempted: Attempted,
}

/// Runs the one attempt of a case and compares it.
#[must_use]
pub fn run(case: &Case) -> Report {
    run_under(case, RuleSet::named(case.plan.rules))
}

/// The same, judged by other rules than those that the case's plan names.
#[must_use]
pub fn run_under(case: &Case, rules: &'static RuleSet) -> Report {
    let plan = &case.plan;
    let now = plan.start_at.unwrap_or_default();
    let events: Vec<_> =
        plan.events.iter().enumerate().map(|(event_idx, event)| record(event_idx, event, now)).collect();
    let events = match plan.mode {
        Mode::Single => events.get(..1).unwrap_or_default(),
        Mode::Batch => &events,
    };
    let connection = Connection::new(plan.auth.clone().unwrap_or_default());
    let prepared = Prepared { rules, ..Prepared::of_plan(plan) };
    let script = Script::of(plan);
    let attempted = finish(attempt_prepared(&prepared, Turn { plan, events, connection: &connection }, &script));
    Report {
        id: case.id.clone(),
        family: case.family().to_owned(),
        input: format!("{} {} {} under {}", plan.destination, plan.action, plan.mode, plan.rules),
        differences: compare(&case.expect, &attempted),
        attempted,
    }
}

fn record(event_idx: usize, event: &Value, now: Timestamp) -> Arc<EventRecord> {
    Arc::new(EventRecord {
        id: format!("e{}", event_idx + 1).into(),
        received_at: now,
        message_id: event.get("messageId").and_then(Value::as_str).map(str::to_owned),
        payload: event.clone(),
        extra: Map::new(),
    })
}

/// Drives a future that never has to wait: a script answers at once.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// The three-way difference: what was run, what the reference did, what we do.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.differences.is_empty() { "agrees" } else { "differs" };
        write!(f, "{} {verdict}: {}", self.id, self.input)?;
        for difference in &self.differences {
            write!(f, "\n  {difference}")?;
        }
        Ok(())
    }
}

/// How many cases agree, by family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreement {
    by_family: BTreeMap<String, (usize, usize)>,
}

impl Agreement {
    /// Counts one more case.
    pub fn add(&mut self, report: &Report) {
        let (agreeing, all) = self.by_family.entry(report.family.clone()).or_default();
        *agreeing += usize::from(report.differences.is_empty());
        *all += 1;
    }

    /// Cases that agree, and all cases.
    #[must_use]
    pub fn total(&self) -> (usize, usize) {
        self.by_family.values().fold((0, 0), |sum, family| (sum.0 + family.0, sum.1 + family.1))
    }

    /// Family, cases that agree, all cases.
    pub fn families(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        self.by_family.iter().map(|(family, (agreeing, all))| (family.as_str(), *agreeing, *all))
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (family, agreeing, all) in self.families() {
            writeln!(f, "{family:8} {agreeing:5} of {all}")?;
        }
        let (agreeing, all) = self.total();
        write!(f, "{:8} {agreeing:5} of {all}", "all")
    }
}
