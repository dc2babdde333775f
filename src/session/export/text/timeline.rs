//! Deliveries as they come to their end, each as one block of lines.
use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::lines::write_attempt;
use super::paint::{Paint, Role};
use super::visible::visible;
use crate::core::batching::{Members, decisions};
use crate::core::duration_words::in_words;
use crate::core::names::{Decision, DeliveryId, EventId};
use crate::core::record::{Attempt, EventRecord, Outcome, Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::session::secrets::Secrets;

/// In which order deliveries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Each as soon as its last attempt is known: for people who watch a run in real time.
    AsTheyEnd,
    /// All at the end, the first that began first, those that began at once in the order of their events.
    AsTheyBegan,
}

/// Writes deliveries; those that never ended come at the end.
#[derive(Debug)]
pub struct TextExport<W> {
    out: W,
    secrets: Secrets,
    paint: Paint,
    order: Order,
    /// What people call an event, and the how manieth it is.
    events: HashMap<EventId, (usize, String)>,
    open: HashMap<DeliveryId, Vec<Arc<Attempt>>>,
    /// What is written at the end, by beginning and event.
    finished: Vec<(Timestamp, usize, Vec<u8>)>,
}

impl<W: Write> TextExport<W> {
    /// Writes nothing yet. Secrets of the plan in the session's header are known from here on.
    pub fn begin(out: W, header: &SessionHeader, mut secrets: Secrets, paint: Paint, order: Order) -> Self {
        drop(secrets.header(header));
        Self { out, secrets, paint, order, events: HashMap::new(), open: HashMap::new(), finished: Vec::new() }
    }

    /// Remembers a record, and writes what can be written now.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn add(&mut self, record: &Record) -> io::Result<()> {
        let attempt = match self.secrets.record(record).into_owned() {
            Record::Event(event) => {
                let event_idx = self.events.len();
                self.events.insert(event.id.clone(), (event_idx, event_title(&event)));
                return Ok(());
            }
            Record::Attempt(attempt) => attempt,
        };
        let is_over = attempt.verdict.decision != Decision::Retry || attempt.verdict.next_attempt_at.is_none();
        let delivery = attempt.delivery.clone();
        let attempts = self.open.entry(delivery.clone()).or_default();
        attempts.push(attempt);
        if is_over && let Some(attempts) = self.open.remove(&delivery) {
            self.end(&attempts)?;
        }
        Ok(())
    }

    /// Writes the deliveries that are left.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn finish(mut self) -> io::Result<W> {
        self.order = Order::AsTheyBegan;
        for attempts in std::mem::take(&mut self.open).into_values() {
            self.end(&attempts)?;
        }
        self.finished.sort_by_key(|(began_at, event_idx, _)| (*began_at, *event_idx));
        for (_, _, block) in &self.finished {
            self.out.write_all(block)?;
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn end(&mut self, attempts: &[Arc<Attempt>]) -> io::Result<()> {
        let mut block = Vec::new();
        self.write_delivery(&mut block, attempts)?;
        match self.order {
            Order::AsTheyEnd => {
                self.out.write_all(&block)?;
                self.out.flush()
            }
            Order::AsTheyBegan => {
                let first = attempts.first();
                let began_at = first.map_or(Timestamp::EPOCH, |first| first.started_at);
                let first_event = first.and_then(|first| self.events.get(first.events.first()?));
                self.finished.push((began_at, first_event.map_or(usize::MAX, |(event_idx, _)| *event_idx), block));
                Ok(())
            }
        }
    }

    fn write_delivery(&self, out: &mut Vec<u8>, attempts: &[Arc<Attempt>]) -> io::Result<()> {
        let (Some(first), Some(last)) = (attempts.first(), attempts.last()) else { return Ok(()) };
        let title = format!("delivery {}", visible(first.delivery.as_str()));
        let target = format!("{} {}", visible(&first.destination), visible(&first.action));
        writeln!(out, "{} · {target} · {}", self.paint.of(Role::Title, title), self.events_title(first))?;
        for (idx, attempt) in attempts.iter().enumerate() {
            write_attempt(out, self.paint, attempt)?;
            if let Some(next_at) = attempt.verdict.next_attempt_at {
                let number = attempts.get(idx + 1).map_or(attempt.number.saturating_add(1), |next| next.number);
                let wait = in_words(next_at.since(attempt.ended_at));
                let line = format!("waits {wait} → attempt {number} at {}", next_at.cut_to_millis());
                writeln!(out, "  {}", self.paint.of(Role::Aside, line))?;
            }
        }
        let n_attempts = match attempts.len() {
            1 => "1 attempt".to_owned(),
            n_attempts => format!("{n_attempts} attempts"),
        };
        let length = in_words(last.ended_at.since(first.started_at));
        let (role, fate) = fate(attempts, last);
        writeln!(out, "  {} · {n_attempts}, {length}\n", self.paint.of(role, fate))
    }

    fn events_title(&self, attempt: &Attempt) -> String {
        const MOST: usize = 5;
        match attempt.events.as_slice() {
            [] => "no event".to_owned(),
            [event] => match self.events.get(event) {
                Some((_, title)) => format!("{} {title}", visible(event.as_str())),
                None => visible(event.as_str()).into_owned(),
            },
            events => {
                let ids: Vec<_> = events.iter().take(MOST).map(|event| visible(event.as_str())).collect();
                let more = if events.len() > MOST { " …" } else { "" };
                format!("{} events: {}{more}", events.len(), ids.join(" "))
            }
        }
    }
}

/// What people call an event: `track "Audience Entered" msg_1`.
#[must_use]
pub fn event_title(event: &EventRecord) -> String {
    let text = |key: &str| event.payload.get(key).and_then(serde_json::Value::as_str);
    let mut words = vec![text("type").unwrap_or("event").to_owned()];
    words.extend(text("event").or_else(|| text("name")).map(|name| format!("\"{name}\"")));
    words.extend(event.message_id.clone());
    visible(&words.join(" ")).into_owned()
}

/// What became of a delivery, and the colour of that.
fn fate(attempts: &[Arc<Attempt>], last: &Attempt) -> (Role, String) {
    let decision = last.verdict.decision;
    if decision == Decision::Retry && last.verdict.next_attempt_at.is_some() {
        return (Role::Decision(decision), "unfinished".to_owned());
    }
    let is_split = |attempt: &Arc<Attempt>| {
        matches!(attempt.outcome, Outcome::Multistatus(_)) || !Members::of(attempt).goes_on.is_empty()
    };
    let is_batch = attempts.iter().any(is_split);
    if is_batch {
        return (Role::Decision(decision), events_fate(attempts));
    }
    let words = match decision {
        Decision::Delivered => "delivered",
        Decision::Retry | Decision::Discard => "given up",
        Decision::Filtered => "not for this action",
    };
    (Role::Decision(decision), words.to_owned())
}

/// `2 delivered, 1 given up`: what became of each event of a batch at its last attempt.
fn events_fate(attempts: &[Arc<Attempt>]) -> String {
    let mut last: HashMap<&EventId, &str> = HashMap::new();
    for attempt in attempts {
        let (decisions, goes_on) = (decisions(attempt), Members::of(attempt).goes_on);
        for (idx, event) in attempt.events.iter().enumerate() {
            let fate = if goes_on.contains_key(event) {
                GOES_ON
            } else {
                words_of(decisions.get(idx).copied().unwrap_or(attempt.verdict.decision))
            };
            last.insert(event, fate);
        }
    }
    let counted = FATES.iter().filter_map(|words| {
        let count = last.values().filter(|have| *have == words).count();
        (count > 0).then(|| format!("{count} {words}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// What can become of an event of a batch, in the order in which it is told.
const FATES: [&str; 5] = ["delivered", "given up", STILL_TO_TRY, GOES_ON, "not for this action"];
const STILL_TO_TRY: &str = "given up while still to be tried again";
const GOES_ON: &str = "on to another batch";

const fn words_of(decision: Decision) -> &'static str {
    match decision {
        Decision::Delivered => FATES[0],
        Decision::Discard => FATES[1],
        Decision::Retry => STILL_TO_TRY,
        Decision::Filtered => FATES[4],
    }
}
