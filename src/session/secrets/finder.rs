//! Finds many words in a text at once. New words come while the search goes on, so they are sought one by one until
//! there are enough of them to be worth a new automaton.
use std::ops::Range;

use aho_corasick::AhoCorasick;
use memchr::memmem;

const MAX_RECENT: usize = 64;

/// Words, and a number that belongs to each.
#[derive(Clone, Debug, Default)]
pub(super) struct Finder {
    words: Vec<(String, usize)>,
    /// Finds the first `n_settled` words.
    automaton: Option<AhoCorasick>,
    n_settled: usize,
}

impl Finder {
    pub(super) fn add(&mut self, word: String, number: usize) {
        self.words.push((word, number));
        if self.words.len() - self.n_settled > MAX_RECENT
            && let Ok(automaton) = AhoCorasick::new(self.words.iter().map(|(word, _)| word))
        {
            self.automaton = Some(automaton);
            self.n_settled = self.words.len();
        }
    }

    /// Every place of every word, in no order, overlaps included.
    pub(super) fn find_all(&self, text: &[u8]) -> Vec<(Range<usize>, usize)> {
        let mut found = Vec::new();
        if let Some(automaton) = &self.automaton {
            let hits = automaton.find_overlapping_iter(text);
            found.extend(hits.map(|hit| (hit.range(), self.words[hit.pattern().as_usize()].1)));
        }
        for (word, number) in &self.words[self.n_settled..] {
            found.extend(memmem::find_iter(text, word).map(|start| (start..start + word.len(), *number)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_many_there_are() {
        let mut finder = Finder::default();
        for number in 0..500 {
            finder.add(format!("word-{number}!"), number);
            let text = format!("a word-{number}! and word-0! here");
            let mut found: Vec<usize> =
                finder.find_all(text.as_bytes()).into_iter().map(|(_, number)| number).collect();
            found.sort_unstable();
            assert_eq!(found, if number == 0 { vec![0, 0] } else { vec![0, number] });
        }
    }
}
