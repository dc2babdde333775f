//! A line of a session with holes: the same record over and over, each time with names and times of its own.
use std::io::{self, Write as _};
use std::sync::Arc;

use crate::core::names::{AttemptId, DeliveryId, EventId};
use crate::core::record::Record;
use crate::core::time::Timestamp;
use crate::session::wire::write_record;

/// When the plans of all stories start.
pub(super) const EPOCH: &str = "2026-01-01T00:00:00.000Z";
/// 2026-01-01T00:00:00Z.
const EPOCH_NANOS: i64 = 1_767_225_600_000_000_000;
/// Stands around names while the line is looked through; no engine writes it.
const MARK: char = '\u{1}';
const WRITTEN_MARK: &[u8] = b"\\u0001";

/// What the holes of a scene are filled with.
#[derive(Clone, Debug)]
pub(super) struct Filling {
    /// When the scene begins.
    pub(super) begins_at: Timestamp,
    /// What its attempts are called, in order; those of other scenes stand between them.
    pub(super) attempts: Vec<u64>,
    /// How many events and deliveries there were before it.
    pub(super) n_events: u64,
    pub(super) n_deliveries: u64,
    /// How many tokens its destination had used up.
    pub(super) n_generations: u64,
}

/// A line with holes.
#[derive(Debug)]
pub(super) struct Template {
    /// How long after the start of its scene the record becomes known.
    pub(super) known_after_nanos: i64,
    pub(super) is_attempt: bool,
    pieces: Vec<Piece>,
}

#[derive(Debug, PartialEq)]
enum Piece {
    Text(Vec<u8>),
    Event(u64),
    Attempt(u64),
    Delivery(u64),
    Generation(u64),
    Message(u64),
    /// Nanoseconds after the start of the scene.
    Time(i64),
}

impl Template {
    /// The line of a record of a scene that starts at [`EPOCH`].
    pub(super) fn of(record: &Record) -> io::Result<Self> {
        let (known_at, is_attempt) = match record {
            Record::Event(event) => (event.received_at, false),
            Record::Attempt(attempt) => (attempt.ended_at, true),
        };
        let mut line = Vec::new();
        write_record(&mut line, &marked(record))?;
        Ok(Self { known_after_nanos: known_at.as_nanos() - EPOCH_NANOS, is_attempt, pieces: pieces(&line) })
    }

    /// Writes the line with its holes filled.
    pub(super) fn write(&self, line: &mut Vec<u8>, filling: &Filling) -> io::Result<()> {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => line.extend_from_slice(text),
                Piece::Event(number) => write!(line, "e{}", number + filling.n_events)?,
                Piece::Attempt(number) => {
                    let nth = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
                    write!(line, "a{}", filling.attempts.get(nth).copied().unwrap_or_default())?;
                }
                Piece::Delivery(number) => write!(line, "d{}", number + filling.n_deliveries)?,
                Piece::Generation(number) => write!(line, "{}", number + filling.n_generations)?,
                Piece::Message(number) => write!(line, "m-{:08}", number + filling.n_events)?,
                Piece::Time(after_nanos) => {
                    let at = filling.begins_at.as_nanos().saturating_add(*after_nanos);
                    write!(line, "{}", Timestamp::from_nanos(at))?;
                }
            }
        }
        Ok(())
    }
}

/// The record with marks around its names.
fn marked(record: &Record) -> Record {
    let mark = |name: &str| format!("{MARK}{name}{MARK}");
    match record {
        Record::Event(event) => {
            let mut event = event.as_ref().clone();
            event.id = EventId::from(mark(event.id.as_str()));
            Record::Event(Arc::new(event))
        }
        Record::Attempt(attempt) => {
            let mut attempt = attempt.as_ref().clone();
            attempt.id = AttemptId::from(mark(attempt.id.as_str()));
            attempt.delivery = DeliveryId::from(mark(attempt.delivery.as_str()));
            attempt.events = attempt.events.iter().map(|id| EventId::from(mark(id.as_str()))).collect();
            if let Some(duplicate) = &mut attempt.duplicate {
                duplicate.of = duplicate.of.take().map(|of| AttemptId::from(mark(of.as_str())));
            }
            Record::Attempt(Arc::new(attempt))
        }
    }
}

fn pieces(line: &[u8]) -> Vec<Piece> {
    let (mut pieces, mut text_from, mut at) = (Vec::new(), 0, 0);
    while at < line.len() {
        let Some((before, piece, behind)) = hole(&line[at..]) else {
            at += 1;
            continue;
        };
        pieces.push(Piece::Text(line[text_from..at + before].to_vec()));
        pieces.push(piece);
        at += behind;
        text_from = at;
    }
    pieces.push(Piece::Text(line[text_from..].to_vec()));
    pieces
}

/// The hole that begins here: how much text stands before it, what it is, and where the text goes on.
fn hole(rest: &[u8]) -> Option<(usize, Piece, usize)> {
    match rest.first()? {
        b'\\' => {
            let name = rest.strip_prefix(WRITTEN_MARK)?;
            let (number, n_digits) = digits(name.get(1..)?)?;
            let piece = match name.first()? {
                b'e' => Piece::Event(number),
                b'a' => Piece::Attempt(number),
                b'd' => Piece::Delivery(number),
                _ => return None,
            };
            Some((0, piece, 2 * WRITTEN_MARK.len() + 1 + n_digits))
        }
        b'm' => {
            let (number, n_digits) = digits(rest.strip_prefix(b"m-")?)?;
            (n_digits == 6).then_some((0, Piece::Message(number), 8))
        }
        b'"' => {
            for key in ["\"token_generation\":", "\"generation_before\":", "\"generation_after\":"] {
                if let Some((number, n_digits)) = rest.strip_prefix(key.as_bytes()).and_then(digits) {
                    return Some((key.len(), Piece::Generation(number), key.len() + n_digits));
                }
            }
            let time = rest[1..].split(|byte| *byte == b'"').next().filter(|text| (20..=30).contains(&text.len()))?;
            let time = std::str::from_utf8(time).ok().filter(|text| text.ends_with('Z') && text.starts_with("20"))?;
            let after_nanos = time.parse::<Timestamp>().ok()?.as_nanos() - EPOCH_NANOS;
            Some((1, Piece::Time(after_nanos), 1 + time.len()))
        }
        // The aliases of tokens: equal where the tokens are.
        _ => {
            const ALIAS: &str = "‹token#";
            let (number, n_digits) = rest.strip_prefix(ALIAS.as_bytes()).and_then(digits)?;
            Some((ALIAS.len(), Piece::Generation(number), ALIAS.len() + n_digits))
        }
    }
}

fn digits(text: &[u8]) -> Option<(u64, usize)> {
    let n_digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = std::str::from_utf8(text.get(..n_digits)?).ok()?.parse().ok()?;
    Some((number, n_digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::record::EventRecord;
    use serde_json::{Map, json};

    #[test]
    fn names_and_times_are_filled_in_and_the_rest_stays() {
        let received_at = EPOCH.parse().unwrap();
        let payload = json!({"messageId": "m-000007", "n": 7, "at": "2026-01-01T00:00:01.500Z", "x": "‹token#2›"});
        let message_id = Some("m-000007".to_owned());
        let event = EventRecord { id: "e3".into(), received_at, message_id, payload, extra: Map::new() };
        let template = Template::of(&Record::Event(event.into())).unwrap();
        let begins_at = Timestamp::from_millis(1_000);
        let filling = Filling { begins_at, attempts: vec![], n_events: 100, n_deliveries: 0, n_generations: 5 };
        let mut line = Vec::new();
        template.write(&mut line, &filling).unwrap();
        assert_eq!(
            String::from_utf8(line).unwrap(),
            "{\"type\":\"event\",\"id\":\"e103\",\"received_at\":\"1970-01-01T00:00:01.000Z\",\"message_id\":\"m-00000107\",\
             \"brief\":{\"name\":\"\"},\"payload\":{\"messageId\":\"m-00000107\",\"n\":7,\"at\":\"1970-01-01T00:00:02.500Z\",\"x\":\"‹token#7›\"}}\n"
        );
    }
}
