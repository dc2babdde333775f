//! `--where`: the part of a session whose deliveries a filter admits.
use std::collections::HashSet;

use crate::core::names::{DeliveryId, EventId};
use crate::core::record::Record;
use crate::session::reader::LoadedSession;
use crate::store::filter::{Filter, FilterError};
use crate::store::{DeliveryIdx, Session};

/// The part of a session that a filter admits.
#[derive(Debug)]
pub(super) struct Selection {
    /// By the position of the delivery.
    admitted: Vec<bool>,
}

impl Selection {
    /// Asks the filter about each delivery.
    pub(super) fn of(session: &Session, filter: &Filter) -> Self {
        let bound = filter.bind(session);
        Self { admitted: session.deliveries().indices().map(|idx| bound.admits(idx)).collect() }
    }

    /// Whether a delivery belongs to it.
    pub(super) fn admits(&self, delivery_idx: DeliveryIdx) -> bool {
        self.admitted.get(delivery_idx.index()).copied().unwrap_or(false)
    }

    /// How many deliveries belong to it.
    pub(super) fn n_admitted(&self) -> usize {
        self.admitted.iter().filter(|is_admitted| **is_admitted).count()
    }
}

/// Reads a filter from the command line; what is wrong with it is underlined.
pub(super) fn filter(text: &str) -> Result<Filter, String> {
    Filter::parse(text).map_err(|error| underlined(text, &error))
}

fn underlined(text: &str, error: &FilterError) -> String {
    // One column a letter: what is typed on a command line is rarely wider.
    let columns = |text: &str| text.chars().count();
    let before = " ".repeat(columns(&text[..error.span.start]));
    let marks = "^".repeat(columns(&text[error.span.clone()]).max(1));
    format!("{error}\n  {}\n  {before}{marks}", text.replace(char::is_control, " "))
}

/// Leaves of a session the attempts of deliveries that the filter admits, and the events that they carry.
pub(super) fn select(session: &mut LoadedSession, filter: &Filter) {
    let mut store = Session::new(session.header.clone());
    session.records.iter().cloned().for_each(|record| store.push(record));
    let selection = Selection::of(&store, filter);
    let admitted = store.deliveries().indices().filter(|idx| selection.admits(*idx));
    let deliveries: HashSet<DeliveryId> = admitted.map(|idx| store.delivery_id(idx)).collect();
    let mut events: HashSet<EventId> = HashSet::new();
    for record in &session.records {
        if let Record::Attempt(attempt) = record
            && deliveries.contains(&attempt.delivery)
        {
            events.extend(attempt.events.iter().cloned());
        }
    }
    session.records.retain(|record| match record {
        Record::Event(event) => events.contains(&event.id),
        Record::Attempt(attempt) => deliveries.contains(&attempt.delivery),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wrong_part_is_underlined_letter_by_letter() {
        let said = filter("ü and verdct:dropped").unwrap_err();
        let lines: Vec<&str> = said.lines().skip(1).collect();
        assert_eq!(lines, ["  ü and verdct:dropped", "        ^^^^^^"]);
        assert!(filter("(a").unwrap_err().ends_with("  (a\n  ^"));
    }
}
