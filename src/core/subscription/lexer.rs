//! Text to tokens. Any error here leaves no tokens at all, which the parser then stumbles over.
use crate::core::js;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Ident,
    Dot,
    Operator,
    Conditional,
    String,
    Number,
    Null,
    BracketLeft,
    BracketRight,
    ParenLeft,
    ParenRight,
    Comma,
    End,
}

/// A token with its text; strings keep their quotes, an ident has lost its backslashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) text: String,
}

impl Token {
    pub(super) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    /// What stands at the end of every level.
    pub(super) fn end() -> Self {
        Self::new(Kind::End, "eos")
    }
}

/// Longest string, number or ident, in UTF-16 units.
const LONGEST: usize = 100_000;

/// The tokens of a text, the last one being the end; none at all if something in it is no token.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    Lexer { rest: text }.all().unwrap_or_default()
}

/// Something in the text is no token. The reference swallows which.
struct NoToken;

struct Lexer<'a> {
    rest: &'a str,
}

impl Lexer<'_> {
    fn all(mut self) -> Result<Vec<Token>, NoToken> {
        let mut tokens = Vec::new();
        while let Some(letter) = self.next() {
            let token = match letter {
                ' ' | '\t' | '\n' => continue,
                '!' if self.peek().is_some_and(|next| next.is_ascii_alphabetic() || next == '(') => {
                    Token::new(Kind::Operator, "!")
                }
                '!' => {
                    if !self.accept("=") {
                        return Err(NoToken);
                    }
                    Token::new(Kind::Operator, "!=")
                }
                '=' => Token::new(Kind::Operator, "="),
                '<' | '>' => {
                    let or_equal = if self.accept("=") { "=" } else { "" };
                    Token::new(Kind::Operator, format!("{letter}{or_equal}"))
                }
                // What these do not accept goes on as an ident, perhaps with the rest of the text lost.
                'a' if self.accept("nd") => Token::new(Kind::Conditional, "and"),
                'o' if self.accept("r") => Token::new(Kind::Conditional, "or"),
                'n' if self.accept("ull") => Token::new(Kind::Null, "null"),
                '\\' | '_' | 'a'..='z' | 'A'..='Z' => self.ident(letter)?,
                '-' | '+' | '0'..='9' => self.number(letter)?,
                '"' | '\'' => self.string(letter)?,
                '.' => Token::new(Kind::Dot, "."),
                '[' => Token::new(Kind::BracketLeft, "["),
                ']' => Token::new(Kind::BracketRight, "]"),
                ',' => Token::new(Kind::Comma, ","),
                '(' => Token::new(Kind::ParenLeft, "("),
                ')' => Token::new(Kind::ParenRight, ")"),
                _ => return Err(NoToken),
            };
            tokens.push(token);
        }
        tokens.push(Token::end());
        Ok(tokens)
    }

    fn string(&mut self, quote: char) -> Result<Token, NoToken> {
        let end = self.rest.find(quote).ok_or(NoToken)?;
        let content = &self.rest[..end];
        if js::utf16_len(content) >= LONGEST {
            return Err(NoToken);
        }
        let token = Token::new(Kind::String, format!("{quote}{content}{quote}"));
        self.rest = &self.rest[end..];
        // The closing quote stays, and opens another string, unless something ends the token behind it.
        let after = &self.rest[quote.len_utf8()..];
        if ends_token(after.chars().next()) {
            self.rest = after;
        }
        Ok(token)
    }

    fn number(&mut self, first: char) -> Result<Token, NoToken> {
        let mut text = String::from(first);
        let mut has_point = false;
        while let Some(letter) = self.peek().filter(|next| next.is_ascii_digit() || *next == '.') {
            self.next();
            text.push(letter);
            if letter == '.' {
                if has_point || ends_token(self.peek()) {
                    return Err(NoToken);
                }
                has_point = true;
            }
            if text.len() > LONGEST {
                return Err(NoToken);
            }
        }
        Ok(Token::new(Kind::Number, text))
    }

    fn ident(&mut self, first: char) -> Result<Token, NoToken> {
        let mut text = String::new();
        let mut length = 0;
        let mut letter = first;
        loop {
            if letter == '\\' {
                // The reference escapes one UTF-16 unit, and half a letter is no token.
                letter = self.next().filter(|escaped| escaped.len_utf16() == 1).ok_or(NoToken)?;
            }
            text.push(letter);
            length += 1;
            if length >= LONGEST {
                return Err(NoToken);
            }
            match self.peek() {
                Some(next) if next.is_ascii_alphanumeric() || matches!(next, '_' | '-' | '\\') => letter = next,
                next if ends_token(next) || matches!(next, Some('.' | '(' | '=' | '!')) => break,
                _ => return Err(NoToken),
            }
            self.next();
        }
        Ok(Token::new(Kind::Ident, text))
    }

    /// Takes `word` if it is next and a token ends behind it. At the end of the text a word that is not whole is taken
    /// all the same and lost, as in the reference: `an` reads as `a`.
    fn accept(&mut self, word: &str) -> bool {
        if let Some(after) = self.rest.strip_prefix(word)
            && ends_token(after.chars().next())
        {
            self.rest = after;
            return true;
        }
        let has_terminator = self.rest.chars().any(|letter| ends_token(Some(letter)));
        if js::utf16_len(self.rest) < word.len() && !has_terminator {
            self.rest = "";
        }
        false
    }

    fn next(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next();
        self.rest = letters.as_str();
        letter
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }
}

/// Whether a token ends before this letter, or before the end of the text.
fn ends_token(next: Option<char>) -> bool {
    matches!(next, None | Some(' ' | '\t' | '\n' | ',' | ']' | ')'))
}
