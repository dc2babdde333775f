//! The timeline of a whole session, written record by record: of one whose records stay in its file, there are never many in
//! memory.
use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::Arc;

use super::csv::CsvExport;
use super::json::{JsonExport, Shape};
use super::row::Row;
use crate::core::names::EventId;
use crate::core::record::{Attempt, EventRecord, Record};
use crate::core::time::Timestamp;
use crate::session::secrets::Secrets;
use crate::store::walk::Position;
use crate::store::{AttemptIdx, DeliveryIdx, EventIdx, Lost, Session};

/// What a timeline is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineFormat {
    /// A table, a row an attempt.
    Csv,
    /// A list of attempts.
    Json,
}

/// Told of each record that is passed, or which one the file of the session does not give any more; an error ends the
/// writing.
pub(super) type Watch<'a> = dyn FnMut(Option<Lost>) -> io::Result<()> + 'a;

/// The attempts of a session, for another program.
#[derive(Clone, Copy)]
pub struct Timeline<'a> {
    /// Whose attempts.
    pub session: &'a Session,
    /// Which deliveries.
    pub admits: &'a dyn Fn(DeliveryIdx) -> bool,
    /// What they are written as.
    pub format: TimelineFormat,
}

impl Timeline<'_> {
    /// Writes it. Secrets of the plan in the session's header are known from the beginning.
    ///
    /// # Errors
    /// Those of the stream and of `watch`.
    pub fn write(&self, out: impl Write, mut secrets: Secrets, watch: &mut Watch<'_>) -> io::Result<()> {
        let Self { session, admits, format } = *self;
        let header = secrets.header(session.header()).into_owned();
        let mut export = match format {
            TimelineFormat::Csv => Export::Csv(CsvExport::begin(out, &header, Secrets::AliasedBefore)?),
            TimelineFormat::Json => Export::Json(JsonExport::begin(out, &header, Secrets::AliasedBefore, Shape::List)?),
        };
        let mut placing = Placing::in_session(session);
        session.try_walk(&mut |position, record| {
            let record = match record {
                Ok(record) => record,
                Err(lost) => return watch(Some(lost)),
            };
            watch(None)?;
            match position {
                Position::Event(event_idx) => {
                    if let Record::Event(event) = secrets.owned(record) {
                        placing.add_event(event_idx, &event);
                    }
                }
                Position::Attempt(attempt_idx) if admits(session.attempt(attempt_idx).delivery) => {
                    if let Record::Attempt(attempt) = secrets.owned(record) {
                        export.add(placing.place(attempt_idx, &attempt, &mut secrets))?;
                    }
                }
                Position::Attempt(_) => {}
            }
            Ok(())
        })?;
        match export {
            Export::Csv(csv) => csv.finish(),
            Export::Json(json) => json.finish(&serde_json::Value::Null),
        }
    }
}

enum Export<W> {
    Csv(CsvExport<W>),
    Json(JsonExport<W>),
}

impl<W: Write> Export<W> {
    fn add(&mut self, row: Row<'_>) -> io::Result<()> {
        match self {
            Self::Csv(csv) => csv.add_row(&row),
            Self::Json(json) => json.add_row(row),
        }
    }
}

/// Where attempts stand on the timeline of their session. What was written of it is not remembered but for eight bytes a
/// delivery and the message ids of the events that came last.
struct Placing<'a> {
    session: &'a Session,
    first_start: Option<Timestamp>,
    /// When the latest attempt of each delivery ended.
    last_ends: Vec<Timestamp>,
    n_events: usize,
    /// Message ids of the events that came last; others are read from the file again.
    recent: VecDeque<Arc<str>>,
}

impl<'a> Placing<'a> {
    /// Some twenty megabytes.
    const MAX_RECENT: usize = 1 << 18;
    /// No attempt has ended yet.
    const NEVER: Timestamp = Timestamp::from_nanos(i64::MIN);

    fn in_session(session: &'a Session) -> Self {
        let last_ends = vec![Self::NEVER; session.deliveries().len()];
        Self { session, first_start: None, last_ends, n_events: 0, recent: VecDeque::new() }
    }

    /// Takes in an event whose secrets are treated.
    fn add_event(&mut self, event_idx: EventIdx, event: &EventRecord) {
        // Those that are lost have none.
        while self.n_events <= event_idx.index() {
            let is_it = self.n_events == event_idx.index();
            let message_id = event.message_id.as_deref().filter(|_| is_it).unwrap_or_default();
            self.recent.push_back(message_id.into());
            self.n_events += 1;
        }
        while self.recent.len() > Self::MAX_RECENT {
            self.recent.pop_front();
        }
    }

    fn place<'b>(&mut self, attempt_idx: AttemptIdx, attempt: &'b Attempt, secrets: &mut Secrets) -> Row<'b> {
        let first_start = *self.first_start.get_or_insert(attempt.started_at);
        let message_ids = attempt.events.iter().map(|id| self.message_id(id, secrets)).collect();
        let mut last_end = None;
        if let Some(end) = self.last_ends.get_mut(self.session.attempt(attempt_idx).delivery.index()) {
            last_end = Some(std::mem::replace(end, attempt.ended_at)).filter(|end| *end != Self::NEVER);
        }
        Row::of(attempt, first_start, last_end, message_ids)
    }

    /// The message id of an event that came already, empty if it has none.
    fn message_id(&self, id: &EventId, secrets: &mut Secrets) -> Arc<str> {
        let came = |event_idx: &EventIdx| event_idx.index() < self.n_events;
        let Some(event_idx) = self.session.find_event(id).filter(came) else { return "".into() };
        let n_forgotten = self.n_events - self.recent.len();
        if let Some(nth) = event_idx.index().checked_sub(n_forgotten) {
            return self.recent.get(nth).cloned().unwrap_or_default();
        }
        let event = Record::Event(self.session.event(event_idx));
        match secrets.owned(event) {
            Record::Event(event) => event.message_id.as_deref().unwrap_or_default().into(),
            Record::Attempt(_) => "".into(),
        }
    }
}
