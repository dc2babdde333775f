//! Text to tokens. It never fails: what is wrong is for the parser to say, and completion reads half-typed filters.
use std::ops::Range;

use super::field::{Field, Operator};

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of letters: a field, `and`, `or`, `not`, or a text to look for.
    Word(String),
    /// A text in quotes, without them.
    Quoted {
        /// What it says.
        text: String,
        /// Whether the closing quote is there.
        is_closed: bool,
    },
    /// Between field and value.
    Operator(Operator),
    /// Between two values.
    Comma,
    /// `-` or `!` ahead of a term.
    Minus,
    /// `(`.
    Open,
    /// `)`.
    Close,
}

/// A token and the bytes that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// Whether it is compared with: it stands behind an operator.
    pub(super) is_value: bool,
}

/// The tokens of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, expects_value: false, tokens: Vec::new() };
    while lexer.token() {}
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// An operator, or a comma behind a value, was last: commas and operators are parts of values.
    expects_value: bool,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    /// Reads one token; false at the end.
    fn token(&mut self) -> bool {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let is_value = std::mem::take(&mut self.expects_value);
        let Some(first) = self.rest().chars().next() else { return false };
        match first {
            '(' => self.push(Kind::Open, 1, false),
            ')' => self.push(Kind::Close, 1, false),
            '"' => self.quoted(is_value),
            _ if is_value => self.word(is_value, |c| matches!(c, ',' | '"' | '(' | ')')),
            '-' | '!' if self.is_minus() => self.push(Kind::Minus, 1, false),
            _ => match operator(self.rest()) {
                Some(operator) => {
                    self.push(Kind::Operator(operator), operator.name().len(), false);
                    self.expects_value = true;
                    return true;
                }
                None => self.word(is_value, |c| matches!(c, '"' | '(' | ')' | ':' | '=' | '~' | '<' | '>')),
            },
        }
        if is_value && self.rest().starts_with(',') {
            self.push(Kind::Comma, 1, false);
            self.expects_value = true;
        }
        true
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, n_bytes: usize, is_value: bool) {
        self.tokens.push(Token { kind, span: self.at..self.at + n_bytes, is_value });
        self.at += n_bytes;
    }

    /// Whether a minus or exclamation mark stands ahead of something that it can be about.
    fn is_minus(&self) -> bool {
        let next = self.rest().chars().nth(1);
        next.is_some_and(|next| next == '(' || next == '"' || next.is_alphabetic())
    }

    fn word(&mut self, is_value: bool, ends: impl Fn(char) -> bool) {
        let rest = self.rest();
        let is_end = |(at, c): &(usize, char)| {
            c.is_whitespace() || ends(*c) || (!is_value && *c == '!' && rest[*at..].starts_with("!="))
        };
        // The first letter is a part of it whatever it is, or this would never end.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end =
            rest[first..].char_indices().map(|(at, c)| (first + at, c)).find(is_end).map_or(rest.len(), |(at, _)| at);
        let end = if is_value && rest.starts_with(',') { 0 } else { end };
        let word = rest[..end].to_owned();
        if end > 0 {
            self.push(Kind::Word(word), end, is_value);
        }
    }

    fn quoted(&mut self, is_value: bool) {
        let rest = self.rest();
        let (mut text, mut escaped) = (String::new(), false);
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => return self.push(Kind::Quoted { text, is_closed: true }, at + 1, is_value),
                '\\' if !escaped => escaped = true,
                c => {
                    // Only quotes and backslashes are escaped; `\d` is what it says.
                    if escaped && !matches!(c, '"' | '\\') {
                        text.push('\\');
                    }
                    text.push(c);
                    escaped = false;
                }
            }
        }
        if escaped {
            text.push('\\');
        }
        let n_bytes = rest.len();
        self.push(Kind::Quoted { text, is_closed: false }, n_bytes, is_value);
    }
}

/// The operator that a text begins with, the longest one.
fn operator(text: &str) -> Option<Operator> {
    let all = Operator::ALL.iter().copied().filter(|operator| text.starts_with(operator.name()));
    all.max_by_key(|operator| operator.name().len())
}

/// A value as it is typed: in quotes where it would not be read as one otherwise.
pub(super) fn written(value: &str) -> String {
    let is_plain = |c: char| !(c.is_whitespace() || c.is_control() || matches!(c, '"' | '(' | ')' | ',' | '*'));
    if !value.is_empty() && value.chars().all(is_plain) {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The field that the tokens before `token_idx` name, if that one is a value.
pub(super) fn field_before(tokens: &[Token]) -> Option<(Field, Operator)> {
    let operator_idx = tokens.iter().rposition(|token| !token.is_value && token.kind != Kind::Comma)?;
    let Kind::Operator(operator) = tokens[operator_idx].kind else { return None };
    match &tokens.get(operator_idx.checked_sub(1)?)?.kind {
        Kind::Word(name) => Some((Field::from_typed(name)?, operator)),
        _ => None,
    }
}
