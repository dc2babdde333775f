//! What there is to say of each directive, for people who write mappings.

use crate::core::schema::{Field, FieldKind};

/// A directive in words.
#[derive(Clone, Copy, Debug)]
pub struct DirectiveAbout {
    /// Its key, `@` included.
    pub name: &'static str,
    /// What it gives, in a sentence.
    pub description: &'static str,
    /// What it is given.
    pub takes: Takes,
    /// What to begin with, as JSON text.
    pub example: &'static str,
}

/// What a directive is given.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// One value.
    One(Field),
    /// An object of options.
    Options(&'static [Field]),
    /// A list in which each place has a meaning.
    Places(&'static [Field]),
}

impl DirectiveAbout {
    /// Its options, if it takes an object of them.
    #[must_use]
    pub const fn options(&self) -> &'static [Field] {
        match self.takes {
            Takes::Options(options) => options,
            Takes::One(_) | Takes::Places(_) => &[],
        }
    }
}

/// An option that takes any mapping.
const fn option(name: &'static str, description: &'static str) -> Field {
    Field { description, ..Field::new(name, name, FieldKind::Any) }
}

const fn text(name: &'static str, description: &'static str) -> Field {
    Field { kind: FieldKind::String, ..option(name, description) }
}

const fn choice(name: &'static str, description: &'static str, choices: &'static [&'static str]) -> Field {
    Field { choices, ..text(name, description) }
}

const fn flag(name: &'static str, description: &'static str) -> Field {
    Field { kind: FieldKind::Boolean, ..option(name, description) }
}

const VALUE: Field = option("value", "What it works on.");

/// Every directive, those that are used most first.
pub const DIRECTIVES: &[DirectiveAbout] = &[
    DirectiveAbout {
        name: "@path",
        description: "A part of the event, by its path.",
        takes: Takes::One(VALUE),
        example: r#""$.""#,
    },
    DirectiveAbout {
        name: "@template",
        description: "A text in which {{paths}}, written without $., are replaced by what stands in the event.",
        takes: Takes::One(text("text", "The text.")),
        example: r#""{{}}""#,
    },
    DirectiveAbout {
        name: "@if",
        description: "One of two values, by whether a third is there.",
        takes: Takes::Options(&[
            option("exists", "What must be there: neither missing nor null."),
            option("blank", "Named the wrong way round: holds for what is there and is no empty text."),
            option("then", "The value if the test holds."),
            option("else", "The value if it does not."),
        ]),
        example: r#"{"exists": {"@path": "$."}, "then": {"@path": "$."}, "else": ""}"#,
    },
    DirectiveAbout {
        name: "@literal",
        description: "What it is given, even empty text or null; directives in it still run.",
        takes: Takes::One(VALUE),
        example: r#""""#,
    },
    DirectiveAbout {
        name: "@case",
        description: "A text in lower or upper case.",
        takes: Takes::Options(&[choice("operator", "Which case.", &["lower", "upper"]), VALUE]),
        example: r#"{"operator": "lower", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@replace",
        description: "A text with a part replaced.",
        takes: Takes::Options(&[
            text("pattern", "What is looked for, 1 to 10 letters; not a regular expression."),
            text("replacement", "What takes its place, up to 10 letters."),
            text("pattern2", "What is looked for after that."),
            text("replacement2", "What takes its place."),
            VALUE,
            flag("ignorecase", "Whether capitals and small letters are the same."),
            flag("global", "Whether every place is replaced, or the first alone."),
        ]),
        example: r#"{"pattern": "", "replacement": "", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@arrayPath",
        description: "A list, each element mapped on its own: the path of the list, then the shape of an element.",
        takes: Takes::Places(&[option("list", "The path of the list."), option("each", "The shape of an element.")]),
        example: r#"["$.", {}]"#,
    },
    DirectiveAbout {
        name: "@flatten",
        description: "An object without nesting: keys joined by a separator.",
        takes: Takes::Options(&[
            text("separator", "What stands between the joined keys."),
            flag("omitArrays", "Whether lists stay as they are."),
            VALUE,
        ]),
        example: r#"{"separator": ".", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@json",
        description: "A value as JSON text, or JSON text as a value.",
        takes: Takes::Options(&[choice("mode", "Which way.", &["encode", "decode"]), VALUE]),
        example: r#"{"mode": "encode", "value": {"@path": "$."}}"#,
    },
    DirectiveAbout {
        name: "@merge",
        description: "Several objects as one.",
        takes: Takes::Options(&[
            choice("direction", "Whose keys win where several objects have them.", &["left", "right"]),
            Field { multiple: true, ..option("objects", "The list of objects.") },
        ]),
        example: r#"{"direction": "right", "objects": []}"#,
    },
    DirectiveAbout {
        name: "@transform",
        description: "A mapping that reads what another one made of the event.",
        takes: Takes::Options(&[option("apply", "What comes first."), option("mapping", "What reads the result.")]),
        example: r#"{"apply": {}, "mapping": {}}"#,
    },
    DirectiveAbout {
        name: "@liquid",
        description: "A text made by a Liquid template.",
        takes: Takes::One(text("text", "The text.")),
        example: r#""{{ }}""#,
    },
    DirectiveAbout {
        name: "@excludeWhenNull",
        description: "The value as it stands, left out where it is null.",
        takes: Takes::One(VALUE),
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
            for option in directive.options() {
                assert!(option.description.ends_with('.'), "{}", directive.name);
            }
            let is_unfinished = directive.name == "@replace";
            let found = problems(&json!({"field": {directive.name: example.clone()}}));
            assert_eq!(found.is_empty(), !is_unfinished, "{found:?}");
            for (key, value) in example.as_object().into_iter().flatten() {
                let option = directive.options().iter().find(|option| option.key == key);
                let may_be_it = |choices: &[&str]| choices.is_empty() || choices.iter().any(|choice| value == choice);
                let is_known = directive.options().is_empty() || option.is_some_and(|known| may_be_it(known.choices));
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
