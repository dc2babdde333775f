//! What is typed in the filter bar, and what may be typed next.
use crate::store::Session;
use crate::store::filter::{Completion, Field, Filter, FilterError, Part, Proposal, complete, parts};
use crate::ui::proposals::stepped;

/// Filters that people keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterLibrary {
    /// Those that were saved, oldest first.
    pub saved: Vec<String>,
    /// Those that were used, newest first.
    pub recent: Vec<String>,
}

/// The filter bar of one session.
#[derive(Debug, Default)]
pub struct FilterBar {
    /// What is typed.
    pub(super) text: String,
    /// What is wrong with it; the last filter that was right stays in force.
    pub(super) error: Option<FilterError>,
    /// Whether the field is to get the keyboard.
    pub wants_focus: bool,
    /// The filter that the text was last in step with.
    followed: Filter,
    /// What may be typed next, while it is shown.
    pub(super) completion: Option<Completion>,
    /// The proposal that Enter takes.
    pub(super) chosen: Option<usize>,
}

impl FilterBar {
    /// Takes over a filter that was changed elsewhere: by a click on a count, or by undo.
    pub(super) fn follow(&mut self, filter: &Filter) {
        if *filter != self.followed {
            self.set_text(filter.text().to_owned());
            self.followed = filter.clone();
            self.error = None;
        }
    }

    fn set_text(&mut self, text: String) {
        self.text = text;
        self.close();
    }

    /// Puts the text into force if it is right. The beginning of a field's name is not looked for as a text before the
    /// person is done with it.
    pub(super) fn typed(&mut self, filter: &mut Filter, is_done: bool) {
        match Filter::parse(&self.text) {
            Ok(_) if !is_done && ends_like_a_field(&self.text) => self.error = None,
            Ok(parsed) => {
                self.error = None;
                self.followed = parsed.clone();
                *filter = parsed;
            }
            Err(error) => self.error = Some(error),
        }
    }

    /// Types a whole filter and ends with Enter.
    pub fn type_all(&mut self, text: String, filter: &mut Filter) {
        self.set_text(text);
        self.typed(filter, true);
    }

    /// What is wrong, once nothing is proposed that would make it right.
    pub(in crate::ui) fn shown_error(&self) -> Option<&FilterError> {
        self.error.as_ref().filter(|_| self.completion.is_none())
    }

    /// Looks for what may be typed at `cursor`, a byte of the text. An empty line offers filters that people keep.
    pub(super) fn propose(&mut self, cursor: usize, session: &Session, library: &FilterLibrary) {
        let mut completion = complete(&self.text, cursor, session);
        if self.text.trim().is_empty() {
            const MOST_RECENT: usize = 5;
            let kept = |text: &String, what: &str| Proposal { text: text.clone(), what: what.to_owned() };
            let recent = library.recent.iter().filter(|text| !library.saved.contains(text)).take(MOST_RECENT);
            let saved = library.saved.iter().map(|text| kept(text, "saved"));
            let kept: Vec<_> = saved.chain(recent.map(|text| kept(text, "used lately"))).collect();
            completion.proposals.splice(0..0, kept);
        }
        let typed = self.text.get(completion.replace.clone()).unwrap_or_default();
        let is_done = matches!(&completion.proposals[..], [only] if only.text == typed);
        self.chosen = None;
        self.completion = Some(completion).filter(|completion| !is_done && !completion.proposals.is_empty());
    }

    /// Puts a proposal into the text and gives the byte where typing goes on.
    pub(super) fn accept(&mut self, proposal_idx: usize) -> Option<usize> {
        let completion = self.completion.take()?;
        let proposal = completion.proposals.into_iter().nth(proposal_idx)?;
        let cursor = completion.replace.start + proposal.text.len();
        self.text.get(completion.replace.clone())?;
        self.text.replace_range(completion.replace, &proposal.text);
        self.chosen = None;
        Some(cursor)
    }

    /// Chooses the next proposal, or the one before.
    pub(super) fn choose(&mut self, forward: bool) {
        let n_proposals = self.completion.as_ref().map_or(0, |completion| completion.proposals.len());
        self.chosen = stepped(self.chosen, n_proposals, forward);
    }

    /// Offers nothing any more.
    pub(super) fn close(&mut self) {
        self.completion = None;
        self.chosen = None;
    }
}

/// Whether the last word may become the name of a field.
fn ends_like_a_field(text: &str) -> bool {
    let parts = parts(text);
    let Some(((span, Part::Value), before)) = parts.split_last() else { return false };
    let is_value = before.last().is_some_and(|(before, part)| *part == Part::Field || text[before.clone()] == *",");
    let word = text.get(span.clone()).unwrap_or_default().to_ascii_lowercase();
    !is_value && text.ends_with(char::is_alphabetic) && Field::ALL.iter().any(|field| field.name().starts_with(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_field_is_not_looked_for_before_it_is_meant() {
        for (text, is_field) in
            [("ver", true), ("a status", true), ("ver ", false), ("verdict:d", false), ("ada", false)]
        {
            assert_eq!(ends_like_a_field(text), is_field, "{text}");
        }
        let (mut bar, mut filter) = (FilterBar::default(), Filter::default());
        bar.text = "even".to_owned();
        bar.typed(&mut filter, false);
        assert!(filter.is_empty());
        bar.typed(&mut filter, true);
        assert_eq!(filter.text(), "even");
    }
}
