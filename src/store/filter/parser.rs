//! Tokens to a tree: `or` binds loosest, then `and`, which may be left out, then `not`.
use std::ops::Range;

use super::condition::Condition;
use super::error::{FilterError, MAX_DEPTH, Mistake};
use super::field::{Field, Operator};
use super::lexer::{Kind, Token, tokens};
use super::text_match::TextMatch;
use crate::core::spelling::nearest;

/// A filter, understood.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// All of them hold; all of none always do.
    All(Vec<Node>),
    /// Any of them holds.
    Any(Vec<Node>),
    /// It does not hold.
    Not(Box<Node>),
    /// A comparison with one value or several.
    Term(Term),
}

impl Node {
    /// Whether it asks for what stands in records.
    pub(super) fn looks_into_records(&self) -> bool {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().any(Self::looks_into_records),
            Self::Not(node) => node.looks_into_records(),
            Self::Term(term) => term.conditions.iter().any(Condition::looks_into_records),
        }
    }
}

/// A comparison with one value or several: any of them will do.
#[derive(Clone, Debug)]
pub(super) struct Term {
    /// Bytes of all of it.
    pub(super) span: Range<usize>,
    /// What is compared, and how; none for free text.
    pub(super) about: Option<(Field, Operator)>,
    /// Each value as a text, with its bytes.
    pub(super) values: Vec<(String, Range<usize>)>,
    /// Each value, understood.
    pub(super) conditions: Vec<Condition>,
}

/// Understands a filter; an empty one admits everything.
pub(super) fn parse(text: &str) -> Result<Node, FilterError> {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0, end: text.len(), depth: 0 };
    if tokens.is_empty() {
        return Ok(Node::All(Vec::new()));
    }
    let node = parser.any()?;
    match parser.peek() {
        Some(token) => Err(FilterError { span: token.span.clone(), mistake: Mistake::NoParenthesis }),
        None => Ok(node),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    /// Length of the text.
    end: usize,
    depth: usize,
}

/// Words that join terms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
    Not,
}

impl Joint {
    const fn name(self) -> &'static str {
        match self {
            Self::And => "and",
            Self::Or => "or",
            Self::Not => "not",
        }
    }
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// The joint that stands here.
    fn joint(&self) -> Option<Joint> {
        let Kind::Word(word) = &self.peek()?.kind else { return None };
        [Joint::And, Joint::Or, Joint::Not].into_iter().find(|joint| word.eq_ignore_ascii_case(joint.name()))
    }

    fn any(&mut self) -> Result<Node, FilterError> {
        let mut nodes = vec![self.all()?];
        while self.joint() == Some(Joint::Or) {
            let or = self.at;
            self.at += 1;
            self.must_go_on(or, Joint::Or)?;
            nodes.push(self.all()?);
        }
        Ok(if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::Any(nodes) })
    }

    fn all(&mut self) -> Result<Node, FilterError> {
        let mut nodes = vec![self.not()?];
        loop {
            match self.joint() {
                Some(Joint::And) => {
                    let and = self.at;
                    self.at += 1;
                    self.must_go_on(and, Joint::And)?;
                }
                Some(Joint::Or) => break,
                None if self.peek().is_none_or(|token| token.kind == Kind::Close) => break,
                Some(Joint::Not) | None => (),
            }
            nodes.push(self.not()?);
        }
        Ok(if nodes.len() == 1 { nodes.swap_remove(0) } else { Node::All(nodes) })
    }

    /// Fails where nothing follows the joint at `joint_idx`.
    fn must_go_on(&self, joint_idx: usize, joint: Joint) -> Result<(), FilterError> {
        let is_over = self.peek().is_none_or(|token| token.kind == Kind::Close);
        match self.tokens.get(joint_idx) {
            Some(token) if is_over => {
                Err(FilterError { span: token.span.clone(), mistake: Mistake::Incomplete(joint.name()) })
            }
            _ => Ok(()),
        }
    }

    fn not(&mut self) -> Result<Node, FilterError> {
        let is_not = self.joint() == Some(Joint::Not) || self.peek().is_some_and(|token| token.kind == Kind::Minus);
        if !is_not {
            return self.one();
        }
        let not = self.at;
        self.at += 1;
        self.must_go_on(not, Joint::Not)?;
        let inner = self.deeper(not, Self::not)?;
        Ok(Node::Not(Box::new(inner)))
    }

    fn deeper(
        &mut self,
        token_idx: usize,
        inner: impl FnOnce(&mut Self) -> Result<Node, FilterError>,
    ) -> Result<Node, FilterError> {
        if self.depth == MAX_DEPTH {
            return Err(FilterError { span: self.span_from(token_idx), mistake: Mistake::TooDeep });
        }
        self.depth += 1;
        let node = inner(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn span_from(&self, token_idx: usize) -> Range<usize> {
        self.tokens.get(token_idx).map_or(self.end..self.end, |token| token.span.start..self.end)
    }

    fn one(&mut self) -> Result<Node, FilterError> {
        let token_idx = self.at;
        if let Some(joint @ (Joint::And | Joint::Or)) = self.joint() {
            let span = self.tokens.get(self.at).map_or(0..0, |token| token.span.clone());
            return Err(FilterError { span, mistake: Mistake::Incomplete(joint.name()) });
        }
        let Some(token) = self.next() else {
            return Err(FilterError { span: self.end..self.end, mistake: Mistake::Empty });
        };
        let fail = |mistake| Err(FilterError { span: token.span.clone(), mistake });
        match &token.kind {
            Kind::Open => self.parenthesis(token_idx),
            Kind::Close => fail(Mistake::NoParenthesis),
            Kind::Operator(operator) => fail(Mistake::NoField(*operator)),
            // Neither can stand here: each follows what takes it.
            Kind::Comma | Kind::Minus => fail(Mistake::Empty),
            Kind::Quoted { is_closed: false, .. } => fail(Mistake::OpenQuote),
            Kind::Quoted { text, .. } => Ok(free_text(text, &token.span)),
            Kind::Word(word) => match self.peek().map(|token| (&token.kind, &token.span)) {
                Some((Kind::Operator(operator), span)) => {
                    self.at += 1;
                    self.term(word, &token.span, *operator, span)
                }
                _ => Ok(free_text(word, &token.span)),
            },
        }
    }

    fn parenthesis(&mut self, open_idx: usize) -> Result<Node, FilterError> {
        let open = self.tokens.get(open_idx).map_or(0..0, |token| token.span.clone());
        match self.peek() {
            Some(close) if close.kind == Kind::Close => {
                return Err(FilterError { span: open.start..close.span.end, mistake: Mistake::Empty });
            }
            None => return Err(FilterError { span: open, mistake: Mistake::OpenParenthesis }),
            Some(_) => (),
        }
        let inner = self.deeper(open_idx, Self::any)?;
        match self.next() {
            Some(close) if close.kind == Kind::Close => Ok(inner),
            _ => Err(FilterError { span: open, mistake: Mistake::OpenParenthesis }),
        }
    }

    fn term(
        &mut self,
        name: &str,
        name_span: &Range<usize>,
        operator: Operator,
        operator_span: &Range<usize>,
    ) -> Result<Node, FilterError> {
        let Some(field) = Field::from_typed(name) else {
            let nearest = nearest(&name.to_ascii_lowercase(), Field::ALL.iter().map(|field| field.name()));
            let mistake = Mistake::NoSuchField { name: name.to_owned(), nearest };
            return Err(FilterError { span: name_span.clone(), mistake });
        };
        let (mut values, mut conditions) = (Vec::new(), Vec::new());
        // `a != b` is `not a = b`.
        let positive = if operator == Operator::IsNot { Operator::Is } else { operator };
        loop {
            let (text, span, is_quoted) = match self.peek() {
                Some(Token { kind: Kind::Word(text), span, is_value: true }) => (text, span, false),
                Some(Token { kind: Kind::Quoted { text, is_closed: true }, span, is_value: true }) => {
                    (text, span, true)
                }
                Some(Token { kind: Kind::Quoted { .. }, span, is_value: true }) => {
                    return Err(FilterError { span: span.clone(), mistake: Mistake::OpenQuote });
                }
                _ => {
                    let end = values.last().map_or(operator_span.end, |(_, span): &(_, Range<usize>)| span.end);
                    return Err(FilterError { span: name_span.start..end, mistake: Mistake::NoValue(field) });
                }
            };
            self.at += 1;
            let condition = Condition::new(field, positive, text, is_quoted).map_err(|mistake| {
                let span = match mistake {
                    Mistake::NoSuchComparison { .. } => operator_span.clone(),
                    _ => span.clone(),
                };
                FilterError { span, mistake }
            })?;
            conditions.push(condition);
            values.push((text.clone(), span.clone()));
            if self.peek().is_none_or(|token| token.kind != Kind::Comma) {
                break;
            }
            self.at += 1;
        }
        let end = values.last().map_or(operator_span.end, |(_, span)| span.end);
        let term = Term { span: name_span.start..end, about: Some((field, operator)), values, conditions };
        let node = Node::Term(term);
        Ok(if operator == Operator::IsNot { Node::Not(Box::new(node)) } else { node })
    }
}

fn free_text(text: &str, span: &Range<usize>) -> Node {
    Node::Term(Term {
        span: span.clone(),
        about: None,
        values: vec![(text.to_owned(), span.clone())],
        conditions: vec![Condition::Anywhere(TextMatch::contains(text))],
    })
}
