//! The tokens of a time.
use crate::core::js::is_blank;

/// A token. Numbers and words keep their lengths, because forms differ by how many digits they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits: their value, cut to nine significant ones, and how many there were.
    Number { value: i32, length: usize },
    /// One of `: - + . )`.
    Symbol(char),
    /// A word that means something.
    Word(Word),
    /// A word that means nothing.
    Garbage,
    /// A blank.
    Blank,
    /// Anything else, text in parentheses included.
    Other,
    /// Nothing is left.
    End,
}

/// A word that means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A month, 1 to 12.
    Month(i32),
    /// What the half of the day adds to the hour: 0 or 12.
    HalfOfDay(i32),
    /// A time zone's offset in hours.
    Zone(i32),
    /// The zone `Z`.
    Zulu,
    /// `T` between date and time.
    TimeSeparator,
}

const WORDS: [(&str, Word); 27] = [
    ("jan", Word::Month(1)),
    ("feb", Word::Month(2)),
    ("mar", Word::Month(3)),
    ("apr", Word::Month(4)),
    ("may", Word::Month(5)),
    ("jun", Word::Month(6)),
    ("jul", Word::Month(7)),
    ("aug", Word::Month(8)),
    ("sep", Word::Month(9)),
    ("oct", Word::Month(10)),
    ("nov", Word::Month(11)),
    ("dec", Word::Month(12)),
    ("am", Word::HalfOfDay(0)),
    ("pm", Word::HalfOfDay(12)),
    ("ut", Word::Zone(0)),
    ("utc", Word::Zone(0)),
    ("z", Word::Zulu),
    ("gmt", Word::Zone(0)),
    ("cdt", Word::Zone(-5)),
    ("cst", Word::Zone(-6)),
    ("edt", Word::Zone(-4)),
    ("est", Word::Zone(-5)),
    ("mdt", Word::Zone(-6)),
    ("mst", Word::Zone(-7)),
    ("pdt", Word::Zone(-7)),
    ("pst", Word::Zone(-8)),
    ("t", Word::TimeSeparator),
];

impl Token {
    /// Its value, if it is a number of exactly so many digits.
    pub(super) fn of_length(self, n_digits: usize) -> Option<i32> {
        match self {
            Self::Number { value, length } if length == n_digits => Some(value),
            _ => None,
        }
    }

    /// 1 for `+`, −1 for `-`.
    pub(super) fn sign(self) -> Option<i32> {
        match self {
            Self::Symbol('+') => Some(1),
            Self::Symbol('-') => Some(-1),
            _ => None,
        }
    }
}

/// Reads tokens, one ahead.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    ahead: Token,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut tokens = Self { rest: text, ahead: Token::End };
        tokens.next();
        tokens
    }

    pub(super) fn peek(&self) -> Token {
        self.ahead
    }

    pub(super) fn next(&mut self) -> Token {
        let ahead = self.scan();
        std::mem::replace(&mut self.ahead, ahead)
    }

    /// Takes the next token if it is this symbol.
    pub(super) fn skip(&mut self, symbol: char) -> bool {
        let is_next = self.ahead == Token::Symbol(symbol);
        if is_next {
            self.next();
        }
        is_next
    }

    fn scan(&mut self) -> Token {
        let Some(letter) = self.rest.chars().next() else { return Token::End };
        if letter.is_ascii_digit() {
            let digits = self.take(|letter| letter.is_ascii_digit());
            let significant = digits.trim_start_matches('0');
            let value = significant[..significant.len().min(9)].parse().unwrap_or(0);
            return Token::Number { value, length: digits.len() };
        }
        // Everything from `A` upwards makes words, brackets and foreign letters included.
        if letter >= 'A' && !is_blank(letter) {
            return word(self.take(|letter| letter >= 'A' && !is_blank(letter)));
        }
        if letter == '(' {
            self.skip_parentheses();
            return Token::Other;
        }
        self.rest = &self.rest[letter.len_utf8()..];
        match letter {
            ':' | '-' | '+' | '.' | ')' => Token::Symbol(letter),
            blank if is_blank(blank) => Token::Blank,
            _ => Token::Other,
        }
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|letter| !belongs(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// Up to the parenthesis that closes the first one, or to the end.
    fn skip_parentheses(&mut self) {
        let mut depth = 0;
        let end = self.rest.find(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.rest = end.map_or("", |end| &self.rest[end + 1..]);
    }
}

/// Three letters decide; only months may be longer words.
fn word(text: &str) -> Token {
    let prefix: String = text.chars().take(3).collect::<String>().to_ascii_lowercase();
    let is_short = text.chars().nth(3).is_none();
    let known = WORDS.iter().find(|(name, meaning)| *name == prefix && (is_short || matches!(meaning, Word::Month(_))));
    known.map_or(Token::Garbage, |(_, meaning)| Token::Word(*meaning))
}
