//! Letters of a tag or an output, read one after the other.
use super::error::LiquidError;
use super::letters::{is_blank, is_word};
use crate::core::js;

/// A place between two letters, and an end that is not passed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanner<'a> {
    pub(super) source: &'a [char],
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a [char], begin: usize, end: usize) -> Self {
        Self { source, at: begin, end: end.min(source.len()) }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    /// The letter so many places ahead.
    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        if self.at + ahead >= self.end { None } else { self.source.get(self.at + ahead).copied() }
    }

    pub(super) fn skip_blanks(&mut self) {
        while self.peek(0).is_some_and(is_blank) {
            self.at += 1;
        }
    }

    /// Takes the next letter if it is this one.
    pub(super) fn skip(&mut self, letter: char) -> bool {
        let is_next = self.peek(0) == Some(letter);
        self.at += usize::from(is_next);
        is_next
    }

    /// A name, perhaps empty, behind any blanks.
    pub(super) fn identifier(&mut self) -> String {
        self.skip_blanks();
        let begin = self.at;
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        self.text_from(begin)
    }

    /// Takes the longest of these words that stands here as a word of its own.
    pub(super) fn one_of<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        self.skip_blanks();
        let is_here = |word: &str| word.chars().enumerate().all(|(ahead, letter)| self.peek(ahead) == Some(letter));
        let (word, meaning) = words.iter().filter(|(word, _)| is_here(word)).max_by_key(|(word, _)| word.len())?;
        let runs_on = word.ends_with(is_word) && self.peek(word.len()).is_some_and(is_word);
        if runs_on {
            return None;
        }
        self.at += word.len();
        Some(*meaning)
    }

    /// Everything from a place up to here.
    pub(super) fn text_from(&self, begin: usize) -> String {
        self.source[begin.min(self.at)..self.at].iter().collect()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> LiquidError {
        LiquidError::new(message).at(self.source, self.at)
    }

    /// What comes next, quoted for a message.
    pub(super) fn snapshot(&self) -> String {
        snapshot(self.source, self.at, self.end)
    }
}

/// A piece of a template for a message: at most 32 letters, in quotes.
pub(super) fn snapshot(source: &[char], begin: usize, end: usize) -> String {
    let piece = &source[begin.min(end)..end];
    if piece.len() > 32 {
        return js::quoted(&piece[..29].iter().chain(&['.'; 3]).collect::<String>());
    }
    js::quoted(&piece.iter().collect::<String>())
}
