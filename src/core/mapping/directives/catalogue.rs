//! What there is to say of each directive, for people who write mappings.

/// A directive in words.
#[derive(Clone, Copy, Debug)]
pub struct DirectiveAbout {
    /// Its key, `@` included.
    pub name: &'static str,
    /// What it gives, in a sentence.
    pub description: &'static str,
    /// Its options, if it takes an object of them.
    pub options: &'static [OptionAbout],
    /// What to begin with, as JSON text.
    pub example: &'static str,
}

/// An option of a directive.
#[derive(Clone, Copy, Debug)]
pub struct OptionAbout {
    /// Its key.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub description: &'static str,
    /// The only texts allowed; empty for any value.
    pub choices: &'static [&'static str],
}

const fn option(name: &'static str, description: &'static str) -> OptionAbout {
    OptionAbout { name, description, choices: &[] }
}

const VALUE: OptionAbout = option("value", "What it works on.");

/// Every directive, those that are used most first.
pub const DIRECTIVES: &[DirectiveAbout] = &[
    DirectiveAbout {
        name: "@path",
        description: "A part of the event, by its path.",
        options: &[],
        example: r#""$.""#,
    },
    DirectiveAbout {
        name: "@template",
        description: "A text in which {{paths}}, written without $., are replaced by what stands in the event.",
        options: &[],
        example: r#""{{}}""#,
    },
    DirectiveAbout {
        name: "@if",
        description: "One of two values, by whether a third is there.",
        options: &[
            option("exists", "What must be there: neither missing nor null."),
            option("blank", "Named the wrong way round: holds for what is there and is no empty text."),
            option("then", "The value if the test holds."),
            option("else", "The value if it does not."),
        ],
        example: r#"{"exists": {"@path": "$."}, "then": {"@path": "$."}, "else": ""}"#,
    },
    DirectiveAbout {
        name: "@literal",
        description: "What it is given, even empty text or null; directives in it still run.",
        options: &[],
        example: r#""""#,
    },
    DirectiveAbout {
        name: "@case",
        description: "A text in lower or upper case.",
        options: &[OptionAbout { name: "operator", description: "Which case.", choices: &["lower", "upper"] }, VALUE],
        example: r#"{"operator": "lower", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@replace",
        description: "A text with a part replaced.",
        options: &[
            option("pattern", "What is looked for, 1 to 10 letters; not a regular expression."),
            option("replacement", "What takes its place, up to 10 letters."),
            option("pattern2", "What is looked for after that."),
            option("replacement2", "What takes its place."),
            VALUE,
            option("ignorecase", "Whether capitals and small letters are the same."),
            option("global", "Whether every place is replaced, or the first alone."),
        ],
        example: r#"{"pattern": "", "replacement": "", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@arrayPath",
        description: "A list, each element mapped on its own: the path of the list, then the shape of an element.",
        options: &[],
        example: r#"["$.", {}]"#,
    },
    DirectiveAbout {
        name: "@flatten",
        description: "An object without nesting: keys joined by a separator.",
        options: &[
            option("separator", "What stands between the joined keys."),
            option("omitArrays", "Whether lists stay as they are."),
            VALUE,
        ],
        example: r#"{"separator": ".", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@json",
        description: "A value as JSON text, or JSON text as a value.",
        options: &[OptionAbout { name: "mode", description: "Which way.", choices: &["encode", "decode"] }, VALUE],
        example: r#"{"mode": "encode", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@merge",
        description: "Several objects as one.",
        options: &[
            OptionAbout {
                name: "direction",
                description: "Whose keys win where several objects have them.",
                choices: &["left", "right"],
            },
            option("objects", "The list of objects."),
        ],
        example: r#"{"direction": "right", "objects": []}"#,
    },
    DirectiveAbout {
        name: "@transform",
        description: "A mapping that reads what another one made of the event.",
        options: &[option("apply", "What comes first."), option("mapping", "What reads the result.")],
        example: r#"{"apply": {}, "mapping": {}}"#,
    },
    DirectiveAbout {
        name: "@liquid",
        description: "A text made by a Liquid template.",
        options: &[],
        example: r#""{{ }}""#,
    },
    DirectiveAbout {
        name: "@excludeWhenNull",
        description: "The value as it stands, left out where it is null.",
        options: &[],
        example: r#"{"@path": "$."}"#,
    },
];

/// The directive of that name.
#[must_use]
pub fn directive_about(name: &str) -> Option<&'static DirectiveAbout> {
    DIRECTIVES.iter().find(|directive| directive.name == name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::core::mapping::{CompiledMapping, problems};

    /// A slip of the pen in a name or an example would be offered to everybody who writes a mapping.
    #[test]
    fn every_directive_is_one_and_its_example_begins_a_valid_mapping() -> serde_json::Result<()> {
        for directive in DIRECTIVES {
            let example: Value = serde_json::from_str(directive.example)?;
            for option in directive.options {
                assert!(!option.description.is_empty(), "{}", directive.name);
            }
            let is_unfinished = directive.name == "@replace";
            let found = problems(&json!({"field": {directive.name: example.clone()}}));
            assert_eq!(found.is_empty(), !is_unfinished, "{found:?}");
            for (key, value) in example.as_object().into_iter().flatten() {
                let option = directive.options.iter().find(|option| option.name == key);
                let may_be_it = |choices: &[&str]| choices.is_empty() || choices.iter().any(|choice| value == choice);
                let is_known = directive.options.is_empty() || option.is_some_and(|known| may_be_it(known.choices));
                assert!(is_known, "{} {key}", directive.name);
            }
            if !is_unfinished {
                let mapping = json!({"field": {directive.name: example}});
                assert!(mapping.as_object().is_some_and(|mapping| CompiledMapping::new(mapping).is_ok()));
            }
        }
        Ok(())
    }
}
