//! The tree that a subscription is parsed into.
use std::fmt;

use crate::core::js;

/// A node of the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Several nodes on one level, all tied by the same word.
    Group {
        /// The word that ties them: the last one written on the level.
        connective: Connective,
        /// In the order written.
        children: Vec<Self>,
    },
    /// One comparison.
    Leaf(Leaf),
    /// Empty parentheses. Evaluating them throws.
    Nothing,
}

/// How the nodes of a level are tied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connective {
    /// All must hold.
    And,
    /// One must hold.
    Or,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    /// What is compared.
    pub subject: Subject,
    /// How.
    pub operator: Operator,
    /// With what; absent for operators that need nothing, such as `exists`.
    pub expected: Option<Expected>,
}

/// What a comparison looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `type` of the event.
    Type,
    /// `event`, the name of a track event.
    Event,
    /// `name` of a page or screen.
    Name,
    /// `userId`.
    UserId,
    /// A path below `properties`.
    Property(String),
    /// A path below `traits`.
    Trait(String),
    /// A path below `context`.
    Context(String),
}

/// How a comparison is made. Names follow the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The value is exactly the expected text.
    Equals,
    /// It is not: true for missing values and for everything that is no text.
    NotEquals,
    /// The value is a number below the expected one.
    Less,
    /// The value is a number not above the expected one.
    LessOrEqual,
    /// The value is a number above the expected one.
    Greater,
    /// The value is a number not below the expected one.
    GreaterOrEqual,
    /// The value is a text with the expected one in it.
    Contains,
    /// The value is a text without the expected one in it.
    NotContains,
    /// The value is a text that begins with the expected one.
    StartsWith,
    /// The value is a text that does not.
    NotStartsWith,
    /// The value is a text that ends with the expected one.
    EndsWith,
    /// The value is a text that does not.
    NotEndsWith,
    /// There is a value that is not null.
    Exists,
    /// There is none.
    NotExists,
    /// The value is the boolean true.
    IsTrue,
    /// The value is the boolean false.
    IsFalse,
    /// The value is the expected number.
    NumberEquals,
    /// The value is another number.
    NumberNotEquals,
    /// A token that is no operator stands in the operator's place. Never true.
    Unknown(String),
}

impl Operator {
    const NAMES: [(&'static str, Self); 18] = [
        ("=", Self::Equals),
        ("!=", Self::NotEquals),
        ("<", Self::Less),
        ("<=", Self::LessOrEqual),
        (">", Self::Greater),
        (">=", Self::GreaterOrEqual),
        ("contains", Self::Contains),
        ("not_contains", Self::NotContains),
        ("starts_with", Self::StartsWith),
        ("not_starts_with", Self::NotStartsWith),
        ("ends_with", Self::EndsWith),
        ("not_ends_with", Self::NotEndsWith),
        ("exists", Self::Exists),
        ("not_exists", Self::NotExists),
        ("is_true", Self::IsTrue),
        ("is_false", Self::IsFalse),
        ("number_equals", Self::NumberEquals),
        ("number_not_equals", Self::NumberNotEquals),
    ];

    /// The operator that a token means. The reference takes any token here, so the names of functions work as words:
    /// `event starts_with "Audience"`.
    pub(super) fn from_token(token: &str) -> Self {
        let known = Self::NAMES.into_iter().find(|(name, _)| *name == token);
        known.map_or_else(|| Self::Unknown(token.to_owned()), |(_, operator)| operator)
    }

    /// The name that the reference gives it.
    #[must_use]
    pub fn name(&self) -> &str {
        if let Self::Unknown(token) = self {
            return token;
        }
        Self::NAMES.iter().find(|(_, operator)| operator == self).map_or("", |(name, _)| name)
    }
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// A text.
    Text(String),
    /// A number, perhaps NaN.
    Number(f64),
    /// true or false.
    Flag(bool),
}

impl Expected {
    /// As text, the way JavaScript reads it.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => js::number_text(*number),
            Self::Flag(flag) => flag.to_string(),
        }
    }

    /// As number, NaN where it is none.
    #[must_use]
    pub fn to_number(&self) -> f64 {
        match self {
            Self::Text(text) => js::number_from_text(text),
            Self::Number(number) => *number,
            Self::Flag(flag) => f64::from(u8::from(*flag)),
        }
    }
}

impl fmt::Display for Connective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::And => "and",
            Self::Or => "or",
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type => f.write_str("type"),
            Self::Event => f.write_str("event"),
            Self::Name => f.write_str("name"),
            Self::UserId => f.write_str("userId"),
            Self::Property(path) => write!(f, "properties.{path}"),
            Self::Trait(path) => write!(f, "traits.{path}"),
            Self::Context(path) => write!(f, "context.{path}"),
        }
    }
}

/// `properties.price > 5`, texts in quotes.
impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.subject, self.operator.name())?;
        match &self.expected {
            None => Ok(()),
            Some(Expected::Text(text)) => write!(f, " {}", js::quoted(text)),
            Some(other) => write!(f, " {}", other.to_text()),
        }
    }
}

/// The tree, one node a line, children indented by two blanks below their word. This is what is evaluated, which is not
/// always what the text seems to say.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_node(self, 0, f)
    }
}

fn write_node(node: &Condition, depth: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let indent = depth * 2;
    match node {
        Condition::Leaf(leaf) => write!(f, "{:indent$}{leaf}", ""),
        Condition::Nothing => write!(f, "{:indent$}() throws when it is evaluated", ""),
        Condition::Group { connective, children } => {
            write!(f, "{:indent$}{connective}", "")?;
            for child in children {
                f.write_str("\n")?;
                write_node(child, depth + 1, f)?;
            }
            Ok(())
        }
    }
}
