//! Tokens to a tree, with the reference's habits: unknown tokens are skipped, the last `and` or `or` counts for its
//! whole level, and a group ends at the first closing parenthesis, be it a function's.
use std::collections::VecDeque;

use super::condition::{Condition, Connective, Expected, Leaf, Operator, Subject};
use super::lexer::{self, Kind, Token};
use super::oddity::Oddity;
use crate::core::js;

/// Why a text is no subscription, in the reference's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionError {
    /// The parser ran out of tokens, or found nothing that makes a filter. Almost every mistake ends here, because a
    /// lexer error leaves no tokens.
    #[error("Cannot read properties of undefined (reading 'type')")]
    Unreadable,
    /// A subject has nothing behind it.
    #[error("Operator token is missing")]
    OperatorMissing,
    /// A subject and an operator have nothing behind them.
    #[error("Value token is missing")]
    ValueMissing,
    /// A function was not given its arguments.
    #[error("{function}() is missing a {argument} argument")]
    ArgumentMissing {
        /// `contains` or `match`.
        function: &'static str,
        /// `1st` or `2nd`.
        argument: &'static str,
    },
}

/// Parses a subscription. The tree is always a group, also around a lone comparison.
///
/// # Errors
/// The message that the reference gives; it seldom says what is wrong.
pub fn parse(text: &str) -> Result<Condition, SubscriptionError> {
    match level(&mut joined(lexer::tokens(text)), &mut Vec::new())? {
        Condition::Nothing => Err(SubscriptionError::Unreadable),
        group @ Condition::Group { .. } => Ok(group),
        leaf @ Condition::Leaf(_) => Ok(Condition::Group { connective: Connective::And, children: vec![leaf] }),
    }
}

/// What of a subscription means something else than it seems to say, in the order of the text. A text that does not
/// parse has what comes before the parser gave up.
#[must_use]
pub fn oddities(text: &str) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    // That it does not parse is for `parse` to say.
    _ = level(&mut joined(lexer::tokens(text)), &mut oddities);
    oddities
}

/// Joins `properties . price` to `properties.price`. A part that begins with a digit is a number, and stays apart.
fn joined(tokens: Vec<Token>) -> VecDeque<Token> {
    let mut joined: VecDeque<Token> = VecDeque::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        if token.kind == Kind::Dot
            && let Some(path) = joined.back_mut().filter(|last| last.kind == Kind::Ident)
            && let Some(part) = tokens.next_if(|next| next.kind == Kind::Ident)
        {
            path.text.push('.');
            path.text.push_str(&part.text);
        } else {
            joined.push_back(token);
        }
    }
    joined
}

/// One level: up to the end of the tokens. `Nothing` if no comparison stands on it.
fn level(tokens: &mut VecDeque<Token>, oddities: &mut Vec<Oddity>) -> Result<Condition, SubscriptionError> {
    let mut nodes = Vec::new();
    let mut connective = None;
    let mut is_mixed = false;
    // An operator and a value that belong to a skipped word are not worth a word of their own.
    let mut after_skipped = false;
    while let Some(token) = tokens.pop_front().filter(|token| token.kind != Kind::End) {
        match token.kind {
            Kind::Ident => {
                if let Some(function) = Function::of(&token) {
                    nodes.extend(call(function, Negated::No, tokens, oddities)?.map(Condition::Leaf));
                } else if takes_operands(&token.text) {
                    let operator = tokens.pop_front().ok_or(SubscriptionError::OperatorMissing)?;
                    let value = tokens.pop_front().ok_or(SubscriptionError::ValueMissing)?;
                    nodes.extend(comparison(&token.text, &operator, &value, oddities).map(Condition::Leaf));
                } else {
                    after_skipped = true;
                    oddities.push(Oddity::SkippedWord(token.text));
                    continue;
                }
            }
            Kind::Operator if token.text == "!" => match tokens.front().and_then(Function::of) {
                Some(function) => {
                    tokens.pop_front();
                    nodes.extend(call(function, Negated::Yes, tokens, oddities)?.map(Condition::Leaf));
                }
                None => oddities.push(Oddity::SkippedNot),
            },
            Kind::ParenLeft => nodes.push(group(tokens, oddities)?),
            Kind::Conditional => {
                let word = if token.text == "or" { Connective::Or } else { Connective::And };
                is_mixed |= connective.is_some_and(|before| before != word);
                connective = Some(word);
            }
            Kind::Operator if after_skipped => continue,
            Kind::String if !after_skipped => oddities.push(Oddity::SkippedText(unquoted(&token.text).to_owned())),
            _ => {}
        }
        after_skipped = false;
    }
    let connective = connective.unwrap_or(Connective::And);
    if is_mixed {
        oddities.push(Oddity::Mixed(connective));
    }
    Ok(match nodes.len() {
        0 | 1 => nodes.pop().unwrap_or(Condition::Nothing),
        _ => Condition::Group { connective, children: nodes },
    })
}

/// The level between an opening parenthesis and the first closing one, which is dropped.
fn group(tokens: &mut VecDeque<Token>, oddities: &mut Vec<Oddity>) -> Result<Condition, SubscriptionError> {
    let end = tokens.iter().position(|token| token.kind == Kind::ParenRight).ok_or(SubscriptionError::Unreadable)?;
    let mut inside: VecDeque<Token> = tokens.drain(..end).collect();
    tokens.pop_front();
    if inside.iter().any(|token| Function::of(token).is_some()) {
        oddities.push(Oddity::GroupEndsEarly);
    }
    inside.push_back(Token::end());
    let condition = level(&mut inside, oddities)?;
    if condition == Condition::Nothing {
        oddities.push(Oddity::EmptyGroup);
    }
    Ok(condition)
}

/// Whether an ident swallows the two tokens behind it. The reference looks its first part up in an object that inherits
/// from `Object.prototype`, so the names found there swallow two tokens as well, to no effect.
fn takes_operands(ident: &str) -> bool {
    const INHERITED: [&str; 12] = [
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
    ];
    let first = first_part(ident);
    ["type", "event", "name", "userId", "context", "properties", "traits"].contains(&first)
        || INHERITED.contains(&first)
}

fn first_part(ident: &str) -> &str {
    ident.split('.').next().unwrap_or_default()
}

fn comparison(ident: &str, operator: &Token, value: &Token, oddities: &mut Vec<Oddity>) -> Option<Leaf> {
    let subject = match first_part(ident) {
        "type" => Subject::Type,
        "event" => Subject::Event,
        "name" => Subject::Name,
        "userId" => Subject::UserId,
        "properties" => Subject::Property(below(ident, "properties.")),
        "traits" => Subject::Trait(below(ident, "traits.")),
        "context" => Subject::Context(below(ident, "context.")),
        _ => {
            oddities.push(Oddity::SkippedWord(ident.to_owned()));
            return None;
        }
    };
    let is_path = matches!(subject, Subject::Property(_) | Subject::Trait(_) | Subject::Context(_));
    let knows_null = is_path || matches!(subject, Subject::Name | Subject::UserId);
    let knows_flags = is_path || subject == Subject::UserId;
    let special = match (operator.text.as_str(), value.text.as_str()) {
        ("!=", "null") if knows_null => Some(Operator::Exists),
        ("=", "null") if knows_null => Some(Operator::NotExists),
        ("=", "true") if knows_flags => Some(Operator::IsTrue),
        ("=", "false") if knows_flags => Some(Operator::IsFalse),
        _ => None,
    };
    if let Some(operator) = special {
        return Some(Leaf { subject, operator, expected: None });
    }
    oddities.extend(odd_value(operator, value, is_path));
    let operator = match operator.text.as_str() {
        "=" if is_path && value.kind == Kind::Number => Operator::NumberEquals,
        "!=" if is_path && value.kind == Kind::Number => Operator::NumberNotEquals,
        other => Operator::from_token(other),
    };
    if let Operator::Unknown(token) = &operator {
        oddities.push(Oddity::NeverTrue(token.clone()));
    }
    let expected = if is_path { meaning(value) } else { Expected::Text(meaning(value).to_text()) };
    Some(Leaf { subject, operator, expected: Some(expected) })
}

/// What is odd about a value, seen from its operator.
fn odd_value(operator: &Token, value: &Token, is_path: bool) -> Option<Oddity> {
    match value.kind {
        Kind::End => Some(Oddity::NoValue),
        Kind::Operator => Some(Oddity::OperatorAsValue(value.text.clone())),
        Kind::Null if !is_path => Some(Oddity::NullIsAWord),
        Kind::String if value.text.starts_with('\'') => Some(Oddity::SingleQuotes(value.text.clone())),
        Kind::Ident if is_path && operator.text == "!=" && matches!(value.text.as_str(), "true" | "false") => {
            Some(Oddity::NotABoolean(value.text.clone()))
        }
        _ => None,
    }
}

/// A path without the word before its first dot; a lone `traits` is the path `traits` itself.
fn below(ident: &str, prefix: &str) -> String {
    ident.strip_prefix(prefix).unwrap_or(ident).to_owned()
}

/// What a token stands for as a value. Double quotes are taken off, single ones stay.
fn meaning(token: &Token) -> Expected {
    match token.kind {
        Kind::String => Expected::Text(unquoted(&token.text).to_owned()),
        Kind::Number => Expected::Number(js::number_from_text(&token.text)),
        Kind::Ident if token.text == "true" => Expected::Flag(true),
        Kind::Ident if token.text == "false" => Expected::Flag(false),
        _ => Expected::Text(token.text.clone()),
    }
}

/// A text without its double quotes.
fn unquoted(text: &str) -> &str {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Function {
    Contains,
    Match,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Negated {
    No,
    Yes,
}

impl Function {
    fn of(token: &Token) -> Option<Self> {
        match token.text.as_str() {
            "contains" if token.kind == Kind::Ident => Some(Self::Contains),
            "match" if token.kind == Kind::Ident => Some(Self::Match),
            _ => None,
        }
    }
}

/// Reads `(subject, value)` behind a function's name, without looking at the punctuation that it skips. `None` if the
/// subject is one that functions do not know, `type` for instance.
fn call(
    function: Function,
    negated: Negated,
    tokens: &mut VecDeque<Token>,
    oddities: &mut Vec<Oddity>,
) -> Result<Option<Leaf>, SubscriptionError> {
    let name = if function == Function::Contains { "contains" } else { "match" };
    let missing = |argument| SubscriptionError::ArgumentMissing { function: name, argument };
    tokens.pop_front();
    let subject = tokens.pop_front().ok_or_else(|| missing("1st"))?;
    if tokens.pop_front().is_some_and(|between| between.kind != Kind::Comma) {
        oddities.push(Oddity::ArgumentMisread(name));
    }
    let value = tokens.pop_front().ok_or_else(|| missing("2nd"))?;
    tokens.pop_front();
    let text = meaning(&value).to_text();
    let (plain, opposite, text) = match function {
        Function::Contains => (Operator::Contains, Operator::NotContains, text),
        Function::Match if value.text.ends_with("*\"") => {
            (Operator::StartsWith, Operator::NotStartsWith, without_last(&text))
        }
        // The first letter is dropped, whether it is the asterisk that belongs there or not.
        Function::Match => (Operator::EndsWith, Operator::NotEndsWith, without_first(&text)),
    };
    if function == Function::Match && !value.text.ends_with("*\"") && !value.text.starts_with("\"*") {
        oddities.push(Oddity::PatternLosesLetter(unquoted(&value.text).to_owned()));
    }
    let operator = if negated == Negated::Yes { opposite } else { plain };
    let Some(target) = target(&subject.text) else {
        oddities.push(Oddity::NoTarget { function: name, subject: subject.text });
        return Ok(None);
    };
    Ok(Some(Leaf { subject: target, operator, expected: Some(Expected::Text(text)) }))
}

/// The subject that a function's first argument names. Words that only begin like `properties` count as well.
fn target(word: &str) -> Option<Subject> {
    match word {
        "event" => Some(Subject::Event),
        "name" => Some(Subject::Name),
        "userId" => Some(Subject::UserId),
        path if path.starts_with("properties") => Some(Subject::Property(below(path, "properties."))),
        path if path.starts_with("traits") => Some(Subject::Trait(below(path, "traits."))),
        path if path.starts_with("context") => Some(Subject::Context(below(path, "context."))),
        _ => None,
    }
}

fn without_last(text: &str) -> String {
    let mut letters = text.chars();
    letters.next_back();
    letters.as_str().to_owned()
}

fn without_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next();
    letters.as_str().to_owned()
}
