//! A tree back to text.
use std::fmt::Write as _;

use super::condition::{Condition, Expected, Leaf, Operator, Subject};

impl Condition {
    /// The text that the reference writes for this tree: groups in parentheses, odd letters of paths behind a
    /// backslash, quotes inside texts left as they are. It need not parse back to the same tree.
    #[must_use]
    pub fn generate(&self) -> String {
        let text = self.inner_text();
        let inside = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        inside.filter(|inside| !inside.contains(['(', ')'])).map_or(text.clone(), str::to_owned)
    }

    fn inner_text(&self) -> String {
        match self {
            Self::Nothing => "()".to_owned(),
            Self::Leaf(leaf) => leaf.generate(),
            Self::Group { connective, children } => {
                let texts = children.iter().map(|child| match child {
                    Self::Leaf(leaf) => leaf.generate(),
                    Self::Nothing => "()".to_owned(),
                    group @ Self::Group { .. } => format!("({})", group.inner_text()),
                });
                texts.collect::<Vec<_>>().join(&format!(" {connective} "))
            }
        }
    }
}

impl Leaf {
    fn generate(&self) -> String {
        let subject = self.subject.generate();
        let text = self.expected.as_ref().map_or_else(|| "undefined".to_owned(), Expected::to_text);
        let quoted = match &self.expected {
            Some(Expected::Number(_) | Expected::Flag(_)) => text.clone(),
            _ => format!("\"{text}\""),
        };
        match &self.operator {
            Operator::Contains => format!("contains({subject}, {quoted})"),
            Operator::NotContains => format!("!contains({subject}, {quoted})"),
            Operator::Exists => format!("{subject} != null"),
            Operator::NotExists => format!("{subject} = null"),
            Operator::IsTrue => format!("{subject} = true"),
            Operator::IsFalse => format!("{subject} = false"),
            Operator::StartsWith => format!("match({subject}, \"{text}*\")"),
            Operator::NotStartsWith => format!("!match({subject}, \"{text}*\")"),
            Operator::EndsWith => format!("match({subject}, \"*{text}\")"),
            Operator::NotEndsWith => format!("!match({subject}, \"*{text}\")"),
            Operator::NumberEquals => format!("{subject} = {text}"),
            Operator::NumberNotEquals => format!("{subject} != {text}"),
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                let number = self.expected.as_ref().map_or(f64::NAN, Expected::to_number);
                format!("{subject} {} {}", self.operator.name(), crate::core::js::number_text(number))
            }
            Operator::Equals | Operator::NotEquals | Operator::Unknown(_) => {
                format!("{subject} {} {quoted}", self.operator.name())
            }
        }
    }
}

impl Subject {
    fn generate(&self) -> String {
        let (word, path) = match self {
            Self::Property(path) => ("properties", path),
            Self::Trait(path) => ("traits", path),
            Self::Context(path) => ("context", path),
            plain => return plain.to_string(),
        };
        let mut text = format!("{word}.");
        for letter in path.chars() {
            let is_plain = letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
            _ = write!(text, "{}{letter}", if is_plain { "" } else { "\\" });
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn trees_are_written_as_the_reference_writes_them() {
        for (text, expected) in [
            ("type=\"track\"", "type = \"track\""),
            (
                "(event = a or event = b) and !contains(properties.x, \"y\")",
                "(event = \"a\" or event = \"b\") and !contains(properties.x, \"y\")",
            ),
            ("match(traits.a, \"x*\")", "match(traits.a, \"x*\")"),
            ("!match(traits.a, \"*x\")", "!match(traits.a, \"*x\")"),
            (r"traits.first\ name != null", r"traits.first\ name != null"),
            ("properties.a = true", "properties.a = true"),
            ("context.a != 5.0", "context.a != 5"),
            ("properties.a >= \"10\"", "properties.a >= 10"),
            ("userId = null", "userId = null"),
            ("event = 'say'", "event = \"'say'\""),
            ("(type = \"x\" or event = \"y\")", "type = \"x\" or event = \"y\""),
        ] {
            assert_eq!(parse(text).map(|tree| tree.generate()), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn the_tree_shows_what_the_text_hides() {
        let tree = parse("type = \"track\" and (contains(event,\"x\") or event = \"y\")").map(|tree| tree.to_string());
        let expected = "or\n  type = \"track\"\n  event contains \"x\"\n  event = \"y\"";
        assert_eq!(tree, Ok(expected.to_owned()));
    }
}
