//! Values, operators and filters, as they are written.
use super::error::LiquidError;
use super::letters::is_word;
use super::scanner::Scanner;
use super::source::end_of_quoted;
use super::value::{Drop, Val};

/// An expression with the filters behind it.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) expression: Vec<Piece>,
    pub(super) filters: Vec<FilterCall>,
}

/// A piece of an expression in postfix order.
#[derive(Debug)]
pub(super) enum Piece {
    Operand(Operand),
    Operator(Operator),
}

/// A value as it is written.
#[derive(Debug)]
pub(super) enum Operand {
    Constant(Val<'static>),
    /// Keys read one after the other, from a value or from all variables.
    Access {
        base: Option<Box<Operand>>,
        keys: Vec<Operand>,
    },
    /// Whole numbers from one to another.
    Range(Box<Operand>, Box<Operand>),
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Contains,
    Not,
    And,
    Or,
}

/// A filter with its arguments.
#[derive(Debug)]
pub(super) struct FilterCall {
    pub(super) name: String,
    pub(super) arguments: Vec<Argument>,
}

/// An argument of a filter.
#[derive(Debug)]
pub(super) enum Argument {
    Plain(Operand),
    /// `name: value`.
    Named(String, Option<Operand>),
}

const OPERATORS: [(&str, Operator); 10] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("contains", Operator::Contains),
    ("not", Operator::Not),
    ("and", Operator::And),
    ("or", Operator::Or),
];

#[derive(Clone, Copy)]
enum Literal {
    Flag(bool),
    Drop(Drop),
}

const LITERALS: [(&str, Literal); 6] = [
    ("true", Literal::Flag(true)),
    ("false", Literal::Flag(false)),
    ("nil", Literal::Drop(Drop::Nil)),
    ("null", Literal::Drop(Drop::Nil)),
    ("empty", Literal::Drop(Drop::Empty)),
    ("blank", Literal::Drop(Drop::Blank)),
];

impl Operator {
    fn precedence(self) -> u8 {
        match self {
            Self::And | Self::Or => 0,
            Self::Not => 1,
            _ => 2,
        }
    }
}

impl Scanner<'_> {
    /// An expression and its filters.
    pub(super) fn chain(&mut self) -> Result<Chain, LiquidError> {
        let expression = self.expression()?;
        if expression.is_empty() {
            return Err(self.error(format!("invalid value expression: {}", self.snapshot())));
        }
        let mut filters = Vec::new();
        while let Some(filter) = self.filter()? {
            filters.push(filter);
        }
        Ok(Chain { expression, filters })
    }

    /// Operands and operators as long as there are any, put into postfix order. Operators of one rank bind to the right.
    fn expression(&mut self) -> Result<Vec<Piece>, LiquidError> {
        let mut pieces = Vec::new();
        let mut waiting: Vec<Operator> = Vec::new();
        while !self.is_at_end() {
            if let Some(operator) = self.one_of(&OPERATORS) {
                while let Some(before) = waiting.pop_if(|before| before.precedence() > operator.precedence()) {
                    pieces.push(Piece::Operator(before));
                }
                waiting.push(operator);
            } else if let Some(operand) = self.value()? {
                pieces.push(Piece::Operand(operand));
            } else {
                break;
            }
        }
        pieces.extend(waiting.into_iter().rev().map(Piece::Operator));
        Ok(pieces)
    }

    /// A literal, a text, a number, a range or a variable, with the properties behind it.
    pub(super) fn value(&mut self) -> Result<Option<Operand>, LiquidError> {
        self.skip_blanks();
        let base = match self.literal().or_else(|| self.quoted()).or_else(|| self.number()) {
            Some(constant) => Some(Operand::Constant(constant)),
            None if self.peek(0) == Some('(') => Some(self.range()?),
            None => None,
        };
        let keys = self.properties(base.is_none())?;
        if keys.is_empty() {
            return Ok(base);
        }
        Ok(Some(Operand::Access { base: base.map(Box::new), keys }))
    }

    fn literal(&mut self) -> Option<Val<'static>> {
        Some(match self.one_of(&LITERALS)? {
            Literal::Flag(flag) => Val::from_json(flag.into()),
            Literal::Drop(drop) => Val::Drop(drop),
        })
    }

    /// A quoted text, its escapes resolved.
    pub(super) fn quoted(&mut self) -> Option<Val<'static>> {
        self.skip_blanks();
        self.peek(0).filter(|quote| matches!(quote, '"' | '\''))?;
        let begin = self.at;
        self.at = end_of_quoted(self.source, begin, self.end);
        Some(Val::text(unescaped(self.source.get(begin + 1..self.at - 1).unwrap_or_default())))
    }

    fn number(&mut self) -> Option<Val<'static>> {
        self.skip_blanks();
        let mut length = usize::from(matches!(self.peek(0), Some('+' | '-')));
        let (mut has_digit, mut has_point) = (false, false);
        loop {
            match self.peek(length) {
                Some(digit) if digit.is_ascii_digit() => has_digit = true,
                Some('.') if self.peek(length + 1) != Some('.') => {
                    if has_point || !has_digit {
                        return None;
                    }
                    has_point = true;
                }
                _ => break,
            }
            length += 1;
        }
        if !has_digit || self.peek(length).is_some_and(is_word) {
            return None;
        }
        let begin = self.at;
        self.at += length;
        Some(Val::Number(crate::core::js::number_from_text(&self.text_from(begin))))
    }

    fn range(&mut self) -> Result<Operand, LiquidError> {
        self.skip('(');
        let low = self.value_or_error()?;
        self.skip_blanks();
        if self.peek(0) != Some('.') || self.peek(1) != Some('.') {
            return Err(self.error("invalid range syntax"));
        }
        self.at += 2;
        let high = self.value_or_error()?;
        self.skip_blanks();
        if self.skip(')') {
            return Ok(Operand::Range(Box::new(low), Box::new(high)));
        }
        Err(self.error("invalid range syntax"))
    }

    fn value_or_error(&mut self) -> Result<Operand, LiquidError> {
        let value = self.value()?;
        value.ok_or_else(|| self.error(format!("unexpected token {}, value expected", self.snapshot())))
    }

    /// `name`, `.name` and `[value]`, as many as there are.
    pub(super) fn properties(&mut self, may_begin: bool) -> Result<Vec<Operand>, LiquidError> {
        let mut keys = Vec::new();
        loop {
            if self.skip('[') {
                let key = self.value()?.unwrap_or(Operand::Constant(Val::text(String::new())));
                let close = (self.at + 1..=self.end).find(|at| self.source[at - 1] == ']');
                self.at = close.ok_or_else(|| self.error("[ not closed"))?;
                keys.push(key);
                continue;
            }
            if may_begin && keys.is_empty() {
                let name = self.identifier();
                if !name.is_empty() {
                    keys.push(Operand::Constant(Val::text(name)));
                    continue;
                }
            }
            if self.peek(0) == Some('.') && self.peek(1) != Some('.') {
                self.at += 1;
                let name = self.identifier();
                if !name.is_empty() {
                    keys.push(Operand::Constant(Val::text(name)));
                    continue;
                }
            }
            return Ok(keys);
        }
    }

    fn filter(&mut self) -> Result<Option<FilterCall>, LiquidError> {
        self.skip_blanks();
        if matches!(self.peek(0), None | Some(')' | ',')) {
            return Ok(None);
        }
        if !self.skip('|') {
            self.at += 1;
            return Err(self.error("expected \"|\" before filter"));
        }
        let name = self.identifier();
        if name.is_empty() {
            return if self.is_at_end() { Ok(None) } else { Err(self.error("expected filter name")) };
        }
        let mut arguments = Vec::new();
        self.skip_blanks();
        match self.peek(0) {
            Some(':') => loop {
                self.at += 1;
                arguments.extend(self.argument()?);
                self.skip_blanks();
                match self.peek(0) {
                    Some(',') => {}
                    None | Some('|' | ')') => break,
                    Some(_) => return Err(self.error(format!("unexpected character {}", self.snapshot()))),
                }
            },
            None | Some('|' | ')' | ',') => {}
            Some(_) => return Err(self.error("expected \":\" after filter name")),
        }
        Ok(Some(FilterCall { name, arguments }))
    }

    fn argument(&mut self) -> Result<Option<Argument>, LiquidError> {
        self.skip_blanks();
        let begin = self.at;
        let Some(value) = self.value()? else { return Ok(None) };
        let name = self.text_from(begin);
        self.skip_blanks();
        if self.skip(':') {
            return Ok(Some(Argument::Named(name, self.value()?)));
        }
        Ok(Some(Argument::Plain(value)))
    }
}

/// A quoted text without its escapes: `\n` and its like, `\u` with up to four digits, up to three octal digits.
fn unescaped(quoted: &[char]) -> String {
    let mut units: Vec<u16> = Vec::with_capacity(quoted.len());
    let push = |letter: char, units: &mut Vec<u16>| units.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    let mut at = 0;
    while let Some(letter) = quoted.get(at).copied() {
        at += 1;
        if letter != '\\' {
            push(letter, &mut units);
            continue;
        }
        let Some(escaped) = quoted.get(at).copied() else { break };
        at += 1;
        match escaped {
            'b' => push('\u{8}', &mut units),
            'f' => push('\u{c}', &mut units),
            'n' => push('\n', &mut units),
            'r' => push('\r', &mut units),
            't' => push('\t', &mut units),
            'v' => push('\u{b}', &mut units),
            'u' => units.push(code(quoted, &mut at, 16, 4)),
            '0'..='7' => {
                at -= 1;
                units.push(code(quoted, &mut at, 8, 3));
            }
            other => push(other, &mut units),
        }
    }
    String::from_utf16_lossy(&units)
}

/// Up to so many digits as a number.
fn code(quoted: &[char], at: &mut usize, radix: u32, most: usize) -> u16 {
    let digits = quoted[*at..].iter().take(most).map_while(|letter| letter.to_digit(radix));
    let (count, value) = digits.fold((0, 0), |(count, value), digit| (count + 1, value * radix + digit));
    *at += count;
    u16::try_from(value).unwrap_or(0)
}
