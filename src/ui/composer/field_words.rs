//! Fields in words: their type, and whether they have to be there.
use crate::core::schema::{Field, FieldKind, Required};

/// The type of a field in a word or two.
pub(super) fn type_words(field: &Field) -> String {
    let one = match field.kind {
        FieldKind::String | FieldKind::Text => "text",
        FieldKind::Password => "secret",
        FieldKind::Number { .. } => "number",
        FieldKind::Integer => "whole number",
        FieldKind::Boolean => "true or false",
        FieldKind::Datetime => "time",
        FieldKind::Object => "object",
        FieldKind::Any => "any value",
    };
    if field.multiple { format!("list of {one}") } else { one.to_owned() }
}

/// Whether it must be there; empty where it may be missing.
pub(super) const fn need_words(field: &Field) -> &'static str {
    match field.required {
        Required::No => "",
        Required::Yes => "required",
        Required::If { .. } | Required::When { .. } => "required at times",
    }
}

/// Type, and whether it must be there: `text · required`.
pub(super) fn words(field: &Field) -> String {
    match need_words(field) {
        "" => type_words(field),
        need => format!("{} · {need}", type_words(field)),
    }
}

/// All there is to say of it: title, type, need, default, what it is for.
pub(super) fn all_words(field: &Field) -> String {
    let choices = match field.choices {
        [] => String::new(),
        choices => format!("\nOne of {}", choices.join(", ")),
    };
    let default = if field.default.is_empty() { String::new() } else { format!("\nDefault: {}", field.default) };
    format!("{} ({}) · {}\n{}{choices}{default}", field.label, field.key, words(field), field.description)
}
