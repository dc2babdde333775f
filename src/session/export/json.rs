//! JSON for other programs: every attempt as a session has it, with its place on the timeline beside.
use std::io::{self, Write};

use serde::ser::SerializeMap;

use super::row::{Row, Rows};
use crate::core::record::{Record, SessionHeader};
use crate::session::secrets::Secrets;
use crate::session::wire::{AttemptLine, HeaderLine, Json, Object};

/// What the attempts stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A list of attempts and nothing else.
    List,
    /// `{"header", "attempts", "summary"}`.
    Document,
}

/// Writes one JSON document attempt by attempt, each on a line of its own.
#[derive(Debug)]
pub struct JsonExport<W> {
    out: W,
    secrets: Secrets,
    shape: Shape,
    rows: Rows,
    n_attempts: u64,
}

impl<W: Write> JsonExport<W> {
    /// Writes what stands ahead of the attempts.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn begin(mut out: W, header: &SessionHeader, mut secrets: Secrets, shape: Shape) -> io::Result<Self> {
        // Secrets of the plan in the header are known from here on, whatever the shape.
        let header = secrets.header(header);
        match shape {
            Shape::List => out.write_all(b"[")?,
            Shape::Document => {
                out.write_all(b"{\"header\":")?;
                serde_json::to_writer(&mut out, &Json(HeaderLine { header: &header, secrets: secrets.name() }))?;
                out.write_all(b",\n\"attempts\":[")?;
            }
        }
        Ok(Self { out, secrets, shape, rows: Rows::default(), n_attempts: 0 })
    }

    /// Writes an attempt; remembers an event.
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
                write_row(&mut self.out, &mut self.n_attempts, row)
            }
        }
    }

    /// Writes an attempt whose secrets are treated already.
    pub(super) fn add_row(&mut self, row: Row<'_>) -> io::Result<()> {
        write_row(&mut self.out, &mut self.n_attempts, row)
    }

    /// Closes the document; `summary` is written where the shape has one.
    ///
    /// # Errors
    /// Those of the stream.
    pub fn finish(mut self, summary: &serde_json::Value) -> io::Result<()> {
        self.out.write_all(b"\n]")?;
        if self.shape == Shape::Document {
            self.out.write_all(b",\n\"summary\":")?;
            serde_json::to_writer(&mut self.out, &self.secrets.json(summary))?;
            self.out.write_all(b"}")?;
        }
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn write_row(out: &mut impl Write, n_attempts: &mut u64, row: Row<'_>) -> io::Result<()> {
    out.write_all(if *n_attempts == 0 { b"\n" } else { b",\n" })?;
    *n_attempts += 1;
    Ok(serde_json::to_writer(out, &Json(PlacedAttempt(row)))?)
}

struct PlacedAttempt<'a>(Row<'a>);

impl Object for PlacedAttempt<'_> {
    fn write_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let row = &self.0;
        let line = AttemptLine(row.attempt);
        line.write_head(map)?;
        map.serialize_entry("start_ms", &row.start)?;
        map.serialize_entry("duration_ms", &row.duration)?;
        map.serialize_entry("waited_ms", &row.waited)?;
        map.serialize_entry("next_wait_ms", &row.next_wait)?;
        map.serialize_entry("message_ids", &row.message_ids.iter().map(|id| &**id).collect::<Vec<&str>>())?;
        line.write_tail(map)
    }
}
