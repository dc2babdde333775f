//! The lines of one attempt: its requests, what came of it, who decided and why.
use std::io::{self, Write};

use serde_json::Value;

use super::paint::{Paint, Role};
use super::visible::visible;
use crate::core::batching::Members;
use crate::core::duration_words::in_words;
use crate::core::names::{Decision, Refresh};
use crate::core::record::{Attempt, Exchange, Item, Outcome};

pub(super) fn write_attempt(out: &mut impl Write, paint: Paint, attempt: &Attempt) -> io::Result<()> {
    let head = format!("attempt {}", attempt.number);
    let took = in_words(attempt.ended_at.since(attempt.started_at));
    writeln!(out, "  {} · {} · took {took}", paint.of(Role::Title, head), attempt.started_at.cut_to_millis())?;
    let came_from = Members::of(attempt).came_from;
    if !came_from.is_empty() {
        let each = came_from
            .iter()
            .map(|(event, from)| format!("{} after {}", visible(event.as_str()), visible(from.as_str())));
        let line = format!("joined by {}", each.collect::<Vec<_>>().join(", "));
        writeln!(out, "    {}", paint.of(Role::Aside, line))?;
    }
    write_exchanges(out, paint, &attempt.exchanges)?;
    if let Some(token) = attempt.token.filter(|token| token.refresh != Refresh::None) {
        let (before, after) = (token.generation_before, token.generation_after);
        writeln!(out, "    token refresh {}: generation {before} → {after}", token.refresh)?;
    }
    if let Some(mark) = &attempt.duplicate {
        let of = mark.of.as_ref().map(|of| format!(" of {}", visible(of.as_str()))).unwrap_or_default();
        let label = mark.evidence.get("label").and_then(Value::as_str);
        let label = label.map(|label| format!(": {}", visible(label))).unwrap_or_default();
        writeln!(out, "    duplicate check ({}): {}{of}{label}", visible(&mark.strategy), mark.outcome)?;
    }
    write_outcome(out, paint, attempt)?;
    let verdict = &attempt.verdict;
    let decision = paint.of(Role::Decision(verdict.decision), verdict.decision);
    writeln!(out, "    {decision} by {}: {}", visible(&verdict.rule), visible(&verdict.reason))
}

/// One line each, in columns: purpose, status or fault, time, token generation, method, URL.
fn write_exchanges(out: &mut impl Write, paint: Paint, exchanges: &[Exchange]) -> io::Result<()> {
    let rows: Vec<[String; 5]> = exchanges.iter().map(columns).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut pass = 1;
    for (exchange, row) in exchanges.iter().zip(&rows) {
        if exchange.pass != pass {
            pass = exchange.pass;
            writeln!(out, "    {}", paint.of(Role::Aside, format!("pass {pass}")))?;
        }
        let mut padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let purpose = padded.next().unwrap_or_default();
        let status = padded.next().unwrap_or_default();
        let is_success = exchange.result.as_ref().is_ok_and(|response| response.status < 300);
        let role = if is_success { Role::Decision(Decision::Delivered) } else { Role::Failure };
        // A column that is empty in every row takes no room.
        let rest: Vec<String> = padded.filter(|cell| !cell.is_empty()).collect();
        let url = visible(&exchange.request.url);
        writeln!(out, "    {purpose}  {}  {}  {url}", paint.of(role, status), rest.join("  "))?;
        if let Some(sent_to) = &exchange.sent_to {
            writeln!(out, "      {}", paint.of(Role::Aside, format!("sent to {}", visible(sent_to))))?;
        }
        if let Err(fault) = &exchange.result
            && !fault.message.is_empty()
        {
            writeln!(out, "      {}", paint.of(Role::Failure, visible(&fault.message)))?;
        }
    }
    Ok(())
}

fn columns(exchange: &Exchange) -> [String; 5] {
    let status = match &exchange.result {
        Ok(response) => response.status.to_string(),
        Err(fault) => fault.kind.to_string(),
    };
    let generation = exchange.token_generation.map(|generation| format!("token {generation}")).unwrap_or_default();
    [
        exchange.purpose.to_string(),
        status,
        in_words(exchange.ended_at.since(exchange.started_at)),
        generation,
        visible(&exchange.request.method).into_owned(),
    ]
}

fn write_outcome(out: &mut impl Write, paint: Paint, attempt: &Attempt) -> io::Result<()> {
    match &attempt.outcome {
        Outcome::Delivered | Outcome::NotSubscribed => Ok(()),
        Outcome::Rejected { message } => writeln!(out, "    rejected: {}", visible(message)),
        Outcome::Error(error) => {
            let mut words = vec![visible(&error.name).into_owned()];
            words.extend(error.status.map(|status| status.to_string()));
            words.extend(error.code.as_deref().map(|code| visible(code).into_owned()));
            writeln!(out, "    {}: {}", paint.of(Role::Failure, words.join(" ")), visible(&error.message))
        }
        Outcome::Multistatus(items) => write_items(out, paint, attempt, items),
    }
}

/// All items of a small batch; of a large one the counts, and the first that were not delivered.
fn write_items(out: &mut impl Write, paint: Paint, attempt: &Attempt, items: &[Item]) -> io::Result<()> {
    const MOST: usize = 20;
    let counts = Decision::ALL.iter().filter_map(|decision| {
        let count = items.iter().filter(|item| item.decision == *decision).count();
        (count > 0).then(|| format!("{count} {decision}"))
    });
    writeln!(out, "    {} items: {}", items.len(), counts.collect::<Vec<_>>().join(", "))?;
    let is_shown = |item: &Item| items.len() <= MOST || item.decision != Decision::Delivered;
    let shown: Vec<(usize, &Item)> = items.iter().enumerate().filter(|(_, item)| is_shown(item)).collect();
    for (idx, item) in shown.iter().take(MOST) {
        let event = attempt.events.get(*idx).map_or("?", |event| event.as_str());
        let decision = paint.of(Role::Decision(item.decision), format!("{:<9}", item.decision.name()));
        let error = [&item.errortype, &item.errormessage].into_iter().flatten().map(|words| visible(words));
        let error = error.collect::<Vec<_>>().join(": ");
        let line = format!("      {:<6} {:<4} {decision} {error}", visible(event), item.status);
        writeln!(out, "{}", line.trim_end())?;
    }
    match shown.len().saturating_sub(MOST) {
        0 => Ok(()),
        n_more => writeln!(out, "      … and {n_more} more"),
    }
}
