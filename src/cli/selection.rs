//! `--where`: the part of a session whose deliveries a filter admits.
use std::ops::ControlFlow;

use super::progress::Progress;
use crate::store::admitted::{Admitted, Extent, admitted};
use crate::store::filter::{Filter, FilterError};
use crate::store::watch::Watch;
use crate::store::{DeliveryIdx, Session};

/// The part of a session that a filter admits.
#[derive(Debug)]
pub(super) struct Selection {
    /// By the position of the delivery.
    admitted: Vec<bool>,
    extent: Extent,
}

impl Selection {
    /// Asks the filter about each delivery; none once `watch` does not want it any more.
    pub(super) fn of(session: &Session, filter: &Filter, watch: &mut dyn Watch<Admitted>) -> Option<Self> {
        let found = admitted(session, filter, None, watch)?;
        let mut admitted = vec![false; session.deliveries().len()];
        for delivery_idx in found.deliveries {
            if let Some(is_admitted) = admitted.get_mut(delivery_idx.index()) {
                *is_admitted = true;
            }
        }
        Some(Self { admitted, extent: found.extent })
    }

    /// How much of the session was looked through.
    pub(super) const fn extent(&self) -> Extent {
        self.extent
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

/// Somebody for whom the first interrupt means that what was found is enough.
pub(super) struct UntilInterrupted<'a>(pub(super) &'a mut Progress);

impl Watch<Admitted> for UntilInterrupted<'_> {
    fn done(&mut self, share: f32) -> ControlFlow<()> {
        // Whether it was interrupted, is asked below.
        _ = self.0.tell_share("looking into records (Ctrl-C ends it with what was found)", share);
        ControlFlow::Continue(())
    }

    fn is_enough(&self) -> bool {
        self.0.is_over()
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
