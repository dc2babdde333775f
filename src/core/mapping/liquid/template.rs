//! Parts to a tree of nodes.
use std::collections::VecDeque;

use super::error::LiquidError;
use super::expression::{Chain, Operand};
use super::letters::is_blank;
use super::scanner::Scanner;
use super::source::{self, Token, TokenKind};

/// A template that was parsed.
#[derive(Debug)]
pub(in crate::core::mapping) struct Template {
    pub(super) source: Vec<char>,
    pub(super) nodes: Vec<Placed>,
}

/// A node and where its first part begins.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) node: Node,
    pub(super) at: usize,
}

/// What a template does at one place.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    Output(Chain),
    Assign(String, Chain),
    Capture(String, Vec<Placed>),
    Branches {
        branches: Vec<Branch>,
        otherwise: Vec<Placed>,
    },
    Increment(String),
    Decrement(String),
    Cycle(Cycle),
    Block(Vec<Placed>),
    /// A tag that contains others and does nothing itself.
    Sequence(Vec<Placed>),
    Stop,
    Nothing,
}

/// A condition and what stands under it.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) condition: Chain,
    /// What the condition has to come to.
    pub(super) wanted: bool,
    pub(super) nodes: Vec<Placed>,
}

/// Values that a tag writes in turn.
#[derive(Debug)]
pub(super) struct Cycle {
    /// Tags of one group with the same candidates take turns together.
    pub(super) group: Option<Operand>,
    pub(super) candidates: Vec<Chain>,
    /// The candidates as they are written.
    pub(super) written: String,
}

/// Tags that the reference turns off.
const DISABLED: [&str; 6] = ["case", "for", "include", "layout", "render", "tablerow"];

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// The template is wrong, or uses what is turned off or not supported here.
    pub(in crate::core::mapping) fn parse(text: &str) -> Result<Self, LiquidError> {
        let source: Vec<char> = text.chars().collect();
        let tokens = source::tokens(&source)?;
        let mut parser = Parser { source: &source, tokens: tokens.into() };
        let nodes = parser.all()?;
        Ok(Self { source, nodes })
    }
}

struct Parser<'a> {
    source: &'a [char],
    tokens: VecDeque<Token>,
}

impl<'a> Parser<'a> {
    fn all(&mut self) -> Result<Vec<Placed>, LiquidError> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.pop_front() {
            nodes.push(self.node(&token)?);
        }
        Ok(nodes)
    }

    fn node(&mut self, token: &Token) -> Result<Placed, LiquidError> {
        let at = token.begin;
        let node = match &token.kind {
            TokenKind::Text { begin, end } => Ok(Node::Text(self.source[*begin..*end].iter().collect())),
            TokenKind::Output { begin, end } => Scanner::new(self.source, *begin, *end).chain().map(Node::Output),
            TokenKind::Tag { name, begin, end } => self.tag(name, Scanner::new(self.source, *begin, *end), token),
        };
        node.map(|node| Placed { node, at }).map_err(|error| error.at(self.source, at))
    }

    fn tag(&mut self, name: &str, mut arguments: Scanner<'a>, token: &Token) -> Result<Node, LiquidError> {
        match name {
            "assign" => {
                let variable = arguments.identifier();
                if variable.is_empty() {
                    return Err(arguments.error("expected variable name"));
                }
                arguments.skip_blanks();
                if !arguments.skip('=') {
                    return Err(arguments.error("expected \"=\""));
                }
                Ok(Node::Assign(variable, arguments.chain()?))
            }
            "capture" => {
                let variable = match arguments.identifier() {
                    name if name.is_empty() => match arguments.quoted() {
                        Some(text) => text.to_text().into_owned(),
                        None => return Err(arguments.error("invalid capture name")),
                    },
                    name => name,
                };
                let nodes = self.until("endcapture", token)?;
                Ok(Node::Capture(variable, nodes))
            }
            "if" => self.branches(arguments, token),
            "unless" => self.unless(arguments, token),
            "echo" => {
                arguments.skip_blanks();
                if arguments.is_at_end() { Ok(Node::Nothing) } else { arguments.chain().map(Node::Output) }
            }
            "increment" => Ok(Node::Increment(arguments.identifier())),
            "decrement" => Ok(Node::Decrement(arguments.identifier())),
            "liquid" => {
                let tokens = source::lines(self.source, arguments.at, arguments.end)?;
                let mut parser = Parser { source: self.source, tokens: tokens.into() };
                parser.all().map(Node::Sequence)
            }
            "comment" => self.skip_to("endcomment", token).map(|_| Node::Nothing),
            "raw" => {
                let inside = self.skip_to("endraw", token)?;
                Ok(Node::Text(inside.iter().flat_map(|token| &self.source[token.begin..token.end]).collect()))
            }
            "break" | "continue" => Ok(Node::Stop),
            "#" => inline_comment(arguments),
            "cycle" => self.cycle(arguments, token).map(Node::Cycle),
            "block" => self.until("endblock", token).map(Node::Block),
            name if DISABLED.contains(&name) => Err(LiquidError::new(format!("tag \"{name}\" is disabled"))),
            name => Err(LiquidError::new(format!("tag \"{name}\" not found"))),
        }
    }

    fn cycle(&self, mut arguments: Scanner<'a>, token: &Token) -> Result<Cycle, LiquidError> {
        let begin = arguments.at;
        let mut group = arguments.value()?;
        arguments.skip_blanks();
        if group.is_some() && !arguments.skip(':') {
            group = None;
            arguments.at = begin;
        }
        let (mut candidates, mut texts) = (Vec::new(), Vec::new());
        while !arguments.is_at_end() {
            let begin = arguments.at;
            candidates.push(arguments.chain()?);
            texts.push(arguments.text_from(begin));
            while !arguments.is_at_end() && !arguments.skip(',') {
                arguments.at += 1;
            }
        }
        if candidates.is_empty() {
            return Err(arguments.error(format!("empty candidates: \"{}\"", self.text_of(token))));
        }
        Ok(Cycle { group, candidates, written: texts.join(",") })
    }

    /// Nodes up to a closing tag.
    fn until(&mut self, closing: &str, opened_by: &Token) -> Result<Vec<Placed>, LiquidError> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.pop_front() {
            if is_tag(&token, closing) {
                return Ok(nodes);
            }
            nodes.push(self.node(&token)?);
        }
        Err(self.not_closed(opened_by))
    }

    /// Parts up to a closing tag, unread.
    fn skip_to(&mut self, closing: &str, opened_by: &Token) -> Result<Vec<Token>, LiquidError> {
        let mut inside = Vec::new();
        while let Some(token) = self.tokens.pop_front() {
            if is_tag(&token, closing) {
                return Ok(inside);
            }
            inside.push(token);
        }
        Err(self.not_closed(opened_by))
    }

    fn branches(&mut self, mut arguments: Scanner<'a>, opened_by: &Token) -> Result<Node, LiquidError> {
        let mut branches = vec![Branch { condition: arguments.chain()?, wanted: true, nodes: Vec::new() }];
        let mut otherwise: Option<Vec<Placed>> = None;
        while let Some(token) = self.tokens.pop_front() {
            match &token.kind {
                TokenKind::Tag { name, begin, end } if name == "elsif" => {
                    if otherwise.is_some() {
                        return Err(LiquidError::new("unexpected elsif after else"));
                    }
                    let condition = Scanner::new(self.source, *begin, *end).chain()?;
                    branches.push(Branch { condition, wanted: true, nodes: Vec::new() });
                }
                TokenKind::Tag { name, begin, end } if name == "else" || name == "endif" => {
                    if begin < end {
                        let rest: String = self.source[*begin..*end].iter().collect();
                        return Err(LiquidError::new(format!("unexpected {}", crate::core::js::quoted(&rest))));
                    }
                    if name == "endif" {
                        return Ok(Node::Branches { branches, otherwise: otherwise.unwrap_or_default() });
                    }
                    if otherwise.is_some() {
                        return Err(LiquidError::new("duplicated else"));
                    }
                    otherwise = Some(Vec::new());
                }
                _ => {
                    let node = self.node(&token)?;
                    match (&mut otherwise, branches.last_mut()) {
                        (Some(nodes), _) => nodes.push(node),
                        (None, Some(branch)) => branch.nodes.push(node),
                        (None, None) => {}
                    }
                }
            }
        }
        Err(self.not_closed(opened_by))
    }

    /// Like `if`, but what comes behind a second `else` is read and dropped.
    fn unless(&mut self, mut arguments: Scanner<'a>, opened_by: &Token) -> Result<Node, LiquidError> {
        let mut branches = vec![Branch { condition: arguments.chain()?, wanted: false, nodes: Vec::new() }];
        let mut otherwise = Vec::new();
        let mut n_elses = 0;
        let mut is_dropped = false;
        while let Some(token) = self.tokens.pop_front() {
            match &token.kind {
                TokenKind::Tag { name, .. } if name == "endunless" => {
                    return Ok(Node::Branches { branches, otherwise });
                }
                TokenKind::Tag { name, .. } if name == "else" => {
                    n_elses += 1;
                    is_dropped = n_elses > 1;
                }
                TokenKind::Tag { name, .. } if name == "elsif" && n_elses > 0 => is_dropped = true,
                TokenKind::Tag { name, begin, end } if name == "elsif" => {
                    let condition = Scanner::new(self.source, *begin, *end).chain()?;
                    branches.push(Branch { condition, wanted: true, nodes: Vec::new() });
                }
                _ => {
                    let node = self.node(&token)?;
                    match branches.last_mut() {
                        _ if is_dropped => {}
                        Some(branch) if n_elses == 0 => branch.nodes.push(node),
                        _ => otherwise.push(node),
                    }
                }
            }
        }
        Err(self.not_closed(opened_by))
    }

    fn not_closed(&self, token: &Token) -> LiquidError {
        LiquidError::new(format!("tag {} not closed", self.text_of(token)))
    }

    fn text_of(&self, token: &Token) -> String {
        self.source[token.begin..token.end].iter().collect()
    }
}

fn is_tag(token: &Token, wanted: &str) -> bool {
    matches!(&token.kind, TokenKind::Tag { name, .. } if name == wanted)
}

/// Every further line of such a comment begins with `#` too.
fn inline_comment(arguments: Scanner<'_>) -> Result<Node, LiquidError> {
    let text: String = arguments.source[arguments.at..arguments.end.max(arguments.at)].iter().collect();
    let mut lines = text.split('\n').skip(1).map(|line| line.trim_start_matches(is_blank));
    if lines.any(|line| !line.is_empty() && !line.starts_with('#')) {
        return Err(LiquidError::new("every line of an inline comment must start with a '#' character"));
    }
    Ok(Node::Nothing)
}
