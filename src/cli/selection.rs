//! `--where`: the part of a session whose deliveries a filter admits.
use std::io::{self, IsTerminal as _, Write as _};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::interrupt::on_interrupt;

use crate::store::admitted::{Admitted, Extent, admitted};
use crate::store::filter::{Filter, FilterError};
use crate::store::watch::Watch;
use crate::store::{DeliveryIdx, Session};

/// How often somebody at a terminal is told how far it is.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// The part of a session that a filter admits.
#[derive(Debug)]
pub(super) struct Selection {
    /// By the position of the delivery.
    admitted: Vec<bool>,
    extent: Extent,
}

impl Selection {
    /// Asks the filter about each delivery. Where a large file is looked through for it, a terminal is told how far that is,
    /// and the first interrupt ends it with what was found.
    pub(super) fn of(session: &Session, filter: &Filter) -> Self {
        let mut waiting = Waiting::begin(session.is_in_file() && filter.looks_into_records());
        // Nobody gives it up.
        let found = admitted(session, filter, None, &mut waiting).unwrap_or_default();
        waiting.end();
        let mut admitted = vec![false; session.deliveries().len()];
        for delivery_idx in found.deliveries {
            if let Some(is_admitted) = admitted.get_mut(delivery_idx.index()) {
                *is_admitted = true;
            }
        }
        Self { admitted, extent: found.extent }
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

/// Somebody at a terminal.
struct Waiting {
    is_at_terminal: bool,
    told: Option<Instant>,
    is_interrupted: Arc<AtomicBool>,
}

impl Waiting {
    /// Interrupts are only heard where the work may take long.
    fn begin(takes_long: bool) -> Self {
        let is_interrupted = Arc::new(AtomicBool::new(false));
        if takes_long {
            let interrupted = Arc::clone(&is_interrupted);
            on_interrupt(move || interrupted.store(true, Ordering::Relaxed));
        }
        Self { is_at_terminal: takes_long && io::stderr().is_terminal(), told: None, is_interrupted }
    }

    /// Leaves the line to others.
    fn end(&self) {
        if self.told.is_some() {
            Self::write(&" ".repeat(Self::words(1.0).len()));
            Self::write("");
        }
    }

    fn words(share: f32) -> String {
        format!("looking into records for the filter, {:.0} % (Ctrl-C ends it with what was found)", share * 100.0)
    }

    /// There is nothing to do about a standard error that is gone.
    fn write(words: &str) {
        write!(io::stderr(), "\r{words}").unwrap_or_default();
    }
}

impl Watch<Admitted> for Waiting {
    fn done(&mut self, share: f32) -> ControlFlow<()> {
        if self.is_at_terminal && self.told.is_none_or(|told| told.elapsed() >= TOLD_EVERY) {
            self.told = Some(Instant::now());
            Self::write(&Self::words(share));
        }
        ControlFlow::Continue(())
    }

    fn is_enough(&self) -> bool {
        self.is_interrupted.load(Ordering::Relaxed)
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
