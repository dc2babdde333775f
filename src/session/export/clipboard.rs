//! Deliveries as rows to paste: tab-separated for a spreadsheet, Markdown for an issue or a chat.
use crate::store::label::Label;
use crate::store::{DeliveryIdx, Session, Status};

/// Heads of the columns.
const HEADS: [&str; 10] =
    ["Started", "Destination", "Action", "Event", "Who", "Message", "Statuses", "Took (ms)", "Deciding rule", "Fate"];

/// The rows with a head, cells separated by tabs. Texts that a spreadsheet would take for a formula are quoted.
#[must_use]
pub fn tsv(session: &Session, deliveries: &[DeliveryIdx]) -> String {
    let cell = |text: String| {
        let plain = text.replace(['\t', '\n', '\r'], " ");
        if plain.trim_start().starts_with(['=', '+', '-', '@']) { format!("'{plain}") } else { plain }
    };
    lines(session, deliveries, |cells| cells.map(cell).join("\t"), None)
}

/// The rows as a Markdown table.
#[must_use]
pub fn markdown(session: &Session, deliveries: &[DeliveryIdx]) -> String {
    let cell = |text: String| {
        let text = text.replace(['\n', '\r'], " ");
        text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('`', "\\`")
    };
    let rule = format!("|{}", " --- |".repeat(HEADS.len()));
    lines(session, deliveries, |cells| format!("| {} |", cells.map(cell).join(" | ")), Some(rule))
}

fn lines(
    session: &Session,
    deliveries: &[DeliveryIdx],
    line: impl Fn([String; HEADS.len()]) -> String,
    rule: Option<String>,
) -> String {
    let head = line(HEADS.map(str::to_owned));
    let rows = deliveries.iter().map(|delivery| line(cells(session, *delivery)));
    let lines: Vec<String> = std::iter::once(head).chain(rule).chain(rows).collect();
    lines.join("\n") + "\n"
}

fn cells(session: &Session, delivery_idx: DeliveryIdx) -> [String; HEADS.len()] {
    let delivery = session.delivery(delivery_idx);
    let label = Label::of(session, delivery_idx);
    let statuses: Vec<String> = session
        .attempts_of(delivery_idx)
        .map(|attempt| session.attempt(attempt).status)
        .filter(|status| Status::is_from_wire(*status))
        .map(|status| status.to_string())
        .collect();
    [
        delivery.started_at.to_string(),
        session.name(delivery.destination).to_owned(),
        session.name(delivery.action).to_owned(),
        label.what,
        label.who,
        label.message_id,
        statuses.join(" "),
        delivery.ended_at.since(delivery.started_at).as_millis().to_string(),
        session.name(delivery.rule).to_owned(),
        delivery.fate.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;

    #[test]
    fn rows_have_as_many_cells_as_the_head() {
        let session = demo::session();
        let all: Vec<DeliveryIdx> = session.deliveries().indices().collect();
        let tsv = tsv(&session, &all);
        assert_eq!(tsv.lines().count(), all.len() + 1);
        assert!(tsv.lines().all(|line| line.split('\t').count() == HEADS.len()), "{tsv}");
        assert!(tsv.contains("ada@example.com\tm-7f21\t401 200\t"), "{tsv}");
        let markdown = markdown(&session, &all);
        assert_eq!(markdown.lines().count(), all.len() + 2);
        assert!(markdown.lines().all(|line| line.matches(" |").count() == HEADS.len()), "{markdown}");
    }
}
