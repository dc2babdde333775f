//! CSV as RFC 4180 has it: UTF-8, CRLF, a header row, a row an attempt.
//!
//! Text that a spreadsheet would take for a formula gets a `'` ahead of it. Columns of numbers are exempt: nothing but
//! digits, a sign and a point is ever written to them.
use std::io::{self, Write};

use super::row::{Row, Rows};
use crate::core::names::{Decision, EventId};
use crate::core::record::{Attempt, Item, Outcome, Record, SessionHeader};
use crate::session::secrets::Secrets;

/// The columns and what they hold, in order. Times are RFC 3339 in UTC, `_ms` are milliseconds.
pub const COLUMNS: &[(&str, &str)] = &[
    ("attempt", "id of the attempt"),
    ("delivery", "id of its delivery"),
    ("number", "1 for the first attempt of the delivery"),
    ("trigger", "first, retry or replay"),
    ("destination", "who got it"),
    ("action", "which action of the destination"),
    ("rules", "name of the rule set that judged it"),
    ("started_at", "when it began"),
    ("ended_at", "when its verdict was known"),
    ("start_ms", "when it began, from the start of the first attempt of the session"),
    ("duration_ms", "how long it took"),
    ("waited_ms", "how long after the end of the attempt before it, in the same delivery"),
    ("decision", "delivered, retry, discard or filtered"),
    ("rule", "id of the rule that decided"),
    ("reason", "the rule's sentence"),
    ("next_attempt_at", "when the next attempt starts"),
    ("next_wait_ms", "how long that is after its end"),
    ("outcome", "delivered, error, multistatus, not_subscribed or rejected"),
    ("error_name", "class of the error that was thrown"),
    ("error_status", "status that it carries"),
    ("error_code", "its code"),
    ("error_message", "its message"),
    ("exchanges", "how many requests were sent, token requests included"),
    ("statuses", "status of each response in order, or the kind of the fault"),
    ("items", "how many items the batch has"),
    ("items_delivered", "how many of them are delivered"),
    ("items_retry", "how many are tried again"),
    ("items_discard", "how many are given up"),
    ("items_filtered", "how many were not for this action"),
    ("token_before", "generation of the access token when it began"),
    ("token_after", "generation when it ended"),
    ("refresh", "none, succeeded or failed"),
    ("duplicate_strategy", "how duplicates were looked for"),
    ("duplicate_outcome", "what was found"),
    ("duplicate_of", "id of the attempt that was there first"),
    ("events", "how many events it carried"),
    ("event_ids", "their ids"),
    ("message_ids", "their message ids"),
];

/// Writes a CSV file attempt by attempt.
#[derive(Debug)]
pub struct CsvExport<W> {
    out: W,
    secrets: Secrets,
    rows: Rows,
    line: String,
}

impl<W: Write> CsvExport<W> {
    /// Writes the header row. Secrets of the plan in the session's header are known from here on.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn begin(out: W, header: &SessionHeader, mut secrets: Secrets) -> io::Result<Self> {
        drop(secrets.header(header));
        let mut export = Self { out, secrets, rows: Rows::default(), line: String::new() };
        let mut cells = Cells::of(&mut export.line);
        for (name, _) in COLUMNS {
            cells.text(name);
        }
        export.end_line()?;
        Ok(export)
    }

    /// Writes the row of an attempt; remembers an event.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn add(&mut self, record: &Record) -> io::Result<()> {
        match &*self.secrets.record(record) {
            Record::Event(event) => {
                self.rows.add_event(event);
                Ok(())
            }
            Record::Attempt(attempt) => {
                let row = self.rows.add_attempt(attempt);
                write_row(&mut Cells::of(&mut self.line), &row);
                self.end_line()
            }
        }
    }

    /// Writes the row of an attempt whose secrets are treated already.
    pub(super) fn add_row(&mut self, row: &Row<'_>) -> io::Result<()> {
        write_row(&mut Cells::of(&mut self.line), row);
        self.end_line()
    }

    /// Hands everything to the system.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.line.push_str("\r\n");
        let written = self.out.write_all(self.line.as_bytes());
        self.line.clear();
        written
    }
}

fn write_row(cells: &mut Cells<'_>, row: &Row<'_>) {
    let attempt = row.attempt;
    cells.text(attempt.id.as_str());
    cells.text(attempt.delivery.as_str());
    cells.number(Some(attempt.number));
    cells.text(attempt.trigger.name());
    cells.text(&attempt.destination);
    cells.text(&attempt.action);
    cells.text(&attempt.rules);
    cells.text(&attempt.started_at.to_string());
    cells.text(&attempt.ended_at.to_string());
    cells.number(Some(row.start));
    cells.number(Some(row.duration));
    cells.number(row.waited);
    cells.text(attempt.verdict.decision.name());
    cells.text(&attempt.verdict.rule);
    cells.text(&attempt.verdict.reason);
    cells.text(&attempt.verdict.next_attempt_at.map(|at| at.to_string()).unwrap_or_default());
    cells.number(row.next_wait);
    write_outcome(cells, &attempt.outcome);
    cells.number(Some(attempt.exchanges.len()));
    cells.text(&statuses(attempt));
    write_items(cells, &attempt.outcome);
    cells.number(attempt.token.map(|token| token.generation_before));
    cells.number(attempt.token.map(|token| token.generation_after));
    cells.text(attempt.token.map_or("", |token| token.refresh.name()));
    let duplicate = attempt.duplicate.as_ref();
    cells.text(duplicate.map_or("", |mark| &mark.strategy));
    cells.text(duplicate.map_or("", |mark| mark.outcome.name()));
    cells.text(duplicate.and_then(|mark| mark.of.as_ref()).map_or("", |of| of.as_str()));
    cells.number(Some(attempt.events.len()));
    cells.text(&joined(attempt.events.iter().map(EventId::as_str)));
    cells.text(&joined(row.message_ids.iter().map(|id| &**id)));
}

fn write_outcome(cells: &mut Cells<'_>, outcome: &Outcome) {
    let error = match outcome {
        Outcome::Error(error) => Some(error),
        _ => None,
    };
    let message = match outcome {
        Outcome::Error(error) => &error.message,
        Outcome::Rejected { message } => message,
        _ => "",
    };
    cells.text(outcome.kind());
    cells.text(error.map_or("", |error| &error.name));
    cells.number(error.and_then(|error| error.status));
    cells.text(error.and_then(|error| error.code.as_deref()).unwrap_or_default());
    cells.text(message);
}

fn write_items(cells: &mut Cells<'_>, outcome: &Outcome) {
    let items: Option<&[Item]> = match outcome {
        Outcome::Multistatus(items) => Some(items),
        _ => None,
    };
    cells.number(items.map(<[Item]>::len));
    for decision in [Decision::Delivered, Decision::Retry, Decision::Discard, Decision::Filtered] {
        cells.number(items.map(|items| items.iter().filter(|item| item.decision == decision).count()));
    }
}

/// `401 200 timeout`.
fn statuses(attempt: &Attempt) -> String {
    let words: Vec<String> = attempt
        .exchanges
        .iter()
        .map(|exchange| match &exchange.result {
            Ok(response) => response.status.to_string(),
            Err(fault) => fault.kind.to_string(),
        })
        .collect();
    words.join(" ")
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// The cells of one line, separated by commas.
struct Cells<'a> {
    line: &'a mut String,
    n_cells: usize,
}

impl<'a> Cells<'a> {
    fn of(line: &'a mut String) -> Self {
        Self { line, n_cells: 0 }
    }

    fn text(&mut self, text: &str) {
        let is_formula = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        let guard = if is_formula { "'" } else { "" };
        if text.contains([',', '"', '\r', '\n']) {
            self.cell(&format!("\"{guard}{}\"", text.replace('"', "\"\"")));
        } else {
            self.cell(&format!("{guard}{text}"));
        }
    }

    fn number(&mut self, number: Option<impl ToString>) {
        self.cell(&number.map(|number| number.to_string()).unwrap_or_default());
    }

    fn cell(&mut self, written: &str) {
        if self.n_cells > 0 {
            self.line.push(',');
        }
        self.n_cells += 1;
        self.line.push_str(written);
    }
}
