//! Which bytes of a filter are what, for whoever shows it in colours.
use std::ops::Range;

use super::lexer::{Kind, tokens};

/// What a part of a filter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A field and its operator.
    Field,
    /// A word or sign that joins terms or turns them round.
    Joint,
    /// A value or a text to look for.
    Value,
}

/// The parts of a filter, whether it is right or wrong; what lies between them is blank.
#[must_use]
pub fn parts(text: &str) -> Vec<(Range<usize>, Part)> {
    let tokens = tokens(text);
    let is_joint = |word: &str| ["and", "or", "not"].iter().any(|joint| word.eq_ignore_ascii_case(joint));
    let part = |idx: usize| match &tokens[idx].kind {
        Kind::Operator(_) => Part::Field,
        Kind::Word(_) if matches!(tokens.get(idx + 1).map(|next| &next.kind), Some(Kind::Operator(_))) => Part::Field,
        Kind::Word(word) if !tokens[idx].is_value && is_joint(word) => Part::Joint,
        Kind::Word(_) | Kind::Quoted { .. } => Part::Value,
        Kind::Comma | Kind::Minus | Kind::Open | Kind::Close => Part::Joint,
    };
    tokens.iter().enumerate().map(|(idx, token)| (token.span.clone(), part(idx))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_joints_and_values_are_told_apart() {
        let text = "not dest:a,\"b c\" or (x";
        let told: Vec<(&str, Part)> = parts(text).into_iter().map(|(span, part)| (&text[span], part)).collect();
        let (field, joint, value) = (Part::Field, Part::Joint, Part::Value);
        assert_eq!(
            told,
            [
                ("not", joint),
                ("dest", field),
                (":", field),
                ("a", value),
                (",", joint),
                ("\"b c\"", value),
                ("or", joint),
                ("(", joint),
                ("x", value),
            ]
        );
    }
}
