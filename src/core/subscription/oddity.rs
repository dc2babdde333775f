//! What the parser took differently from how it reads.
use std::fmt;

use super::condition::Connective;
use crate::core::js;

/// A place of a subscription that means something else than it seems to say, in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// `and` and `or` stand on one level; the last one counts for all of it.
    Mixed(Connective),
    /// A word that is no subject, no function and no connective is skipped, with what it is compared with.
    SkippedWord(String),
    /// A text stands where no comparison is, mostly because a quote before it was not followed by a blank.
    SkippedText(String),
    /// A group ends at the closing parenthesis of a function in it.
    GroupEndsEarly,
    /// Parentheses around nothing, which throw when they are evaluated.
    EmptyGroup,
    /// `!` before something else than a function.
    SkippedNot,
    /// Single quotes are a part of the text that is compared with.
    SingleQuotes(String),
    /// An operator stands where the value should, as the second sign of `==`.
    OperatorAsValue(String),
    /// Nothing follows the operator, so the word `eos` is compared with.
    NoValue,
    /// No such operator: the comparison is never true.
    NeverTrue(String),
    /// `type` and `event` know no null: the word is compared with.
    NullIsAWord,
    /// A boolean is never equal to the text that `!= true` and `!= false` compare with, so this holds for every boolean.
    NotABoolean(String),
    /// A pattern with no asterisk at its end matches as if its first letter were one.
    PatternLosesLetter(String),
    /// A function's arguments are not apart by a comma, so something else is taken for the second.
    ArgumentMisread(&'static str),
    /// A function cannot look at this subject, so it is left out.
    NoTarget {
        /// `contains` or `match`.
        function: &'static str,
        /// What it was to look at.
        subject: String,
    },
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mixed(last) => {
                write!(f, "`and` and `or` stand on one level, and the last one, `{last}`, counts for all")
            }
            Self::SkippedWord(word) => write!(f, "`{word}` means nothing here and is skipped"),
            Self::SkippedText(text) => write!(f, "the text {} means nothing here and is skipped", js::quoted(text)),
            Self::GroupEndsEarly => f.write_str("a function in parentheses ends them with its own `)`"),
            Self::EmptyGroup => f.write_str("`()` throws when it is evaluated"),
            Self::SkippedNot => f.write_str("`!` works only right before a function and is skipped"),
            Self::SingleQuotes(text) => write!(f, "the single quotes of {text} are compared as well"),
            Self::OperatorAsValue(operator) => write!(f, "the second sign of the operator, `{operator}`, is the value"),
            Self::NoValue => f.write_str("a value is missing, and the word eos is compared with instead"),
            Self::NeverTrue(operator) => write!(f, "`{operator}` is no operator, and the comparison never true"),
            Self::NullIsAWord => f.write_str("`type` and `event` are compared with the word null"),
            Self::NotABoolean(value) => write!(f, "`!= {value}` holds for true and for false"),
            Self::PatternLosesLetter(text) => write!(f, "the pattern {} loses its first letter", js::quoted(text)),
            Self::ArgumentMisread(function) => write!(f, "the arguments of `{function}` are not apart by a comma"),
            Self::NoTarget { function, subject } => {
                write!(f, "`{function}` cannot look at `{subject}`, and is left out")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::oddities;

    #[test]
    fn every_slip_is_told() {
        for (text, told) in [
            (r#"type = "a" or type = "b" and event = "c""#, "the last one, `and`, counts"),
            (r#"type = "track" OR type = "identify""#, "`OR` means nothing"),
            (r#"type = "track" and messageId = "x""#, "`messageId` means nothing"),
            (r#"type = "track" and (contains(event,"x") or event = "y")"#, "ends them with its own `)`"),
            (r#"!(type = "track")"#, "`!` works only right before a function"),
            ("event = 'Order'", "the single quotes of 'Order'"),
            (r#"type == "track""#, "`=`, is the value"),
            (r#"type in ["track"]"#, "`in` is no operator"),
            ("properties.price >=5", "`=`, is the value"),
            ("properties.flag != false", "`!= false` holds for true and for false"),
            ("event != null", "compared with the word null"),
            (r#"match(event,"abc")"#, "\"abc\" loses its first letter"),
            (r#"type = "track" and ()"#, "`()` throws"),
            ("type = ", "the word eos"),
            (r#"contains(event "x")"#, "not apart by a comma"),
            (r#"contains(type, "x") and event = "y""#, "`contains` cannot look at `type`"),
            (r#"properties.a="x"and event="y""#, "\"and event=\" means nothing"),
            ("type = \"track\"\r\nand event = \"x\"", "means nothing here"),
            (r#"event = "x" and or type = "track""#, "the last one, `or`, counts"),
        ] {
            let said: Vec<String> = oddities(text).iter().map(ToString::to_string).collect();
            assert!(said.iter().any(|said| said.contains(told)), "{text}: {said:?}");
        }
    }

    #[test]
    fn what_means_what_it_says_is_no_oddity() {
        for text in [
            r#"type = "identify" or type = "track""#,
            r#"event = "Audience Entered" or event = "Audience Exited""#,
            r#"(type = "identify") or (type = "track" and event = "A")"#,
            r#"type = "track" and !contains(event, "x") and match(properties.a, "x*") and match(event, "*x")"#,
            "properties.price > 5 and traits.first\\ name != null and userId = true",
            "event = Order and properties.a = null and properties.b != 5",
            r#"event starts_with "Audience""#,
        ] {
            assert_eq!(oddities(text), [], "{text}");
        }
    }
}
