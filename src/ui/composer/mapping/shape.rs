//! What a form shows of a mapping: the few shapes that most mappings have, and all others as JSON.
use serde_json::{Map, Value, json};

use crate::core::schema::{Field, FieldKind};

/// How a field gets its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// It gets none.
    Nothing,
    /// A value that is written in the mapping: a text, a number, true or false.
    Literal(Value),
    /// What stands at a path of the event.
    Path(String),
    /// One of two, by whether a third is there.
    Branch(Branch),
    /// A text with paths in it.
    Template(String),
    /// An object whose members are mapped on their own.
    Members,
    /// Something that a form has no room for.
    Other,
}

/// `@if`, as far as a form shows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Branch {
    /// `exists` or `blank`.
    pub(super) test: &'static str,
    pub(super) tested: Operand,
    pub(super) then: Operand,
    pub(super) otherwise: Operand,
}

/// A value inside of `@if`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Operand {
    /// None is written.
    Absent,
    /// A path of the event.
    Path(String),
    /// A text.
    Text(String),
}

/// The kinds of shapes that people choose among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nothing,
    Literal,
    Path,
    Branch,
    Template,
    Members,
    Other,
}

impl Kind {
    /// What can be chosen for a field.
    pub(super) fn offered(field: &Field) -> &'static [Self] {
        match field.kind {
            FieldKind::Object if field.properties.is_empty() => &[Self::Nothing, Self::Path],
            FieldKind::Object => &[Self::Nothing, Self::Path, Self::Members],
            _ if field.multiple => &[Self::Nothing, Self::Path],
            _ => &[Self::Nothing, Self::Path, Self::Literal, Self::Template, Self::Branch],
        }
    }

    /// Its word in the chooser.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Literal => "a value",
            Self::Path => "event path",
            Self::Branch => "if … else",
            Self::Template => "template",
            Self::Members => "its parts",
            Self::Other => "JSON",
        }
    }
}

impl Shape {
    /// The shape of a mapping.
    pub(super) fn of(mapping: Option<&Value>, field: &Field) -> Self {
        let Some(mapping) = mapping.filter(|mapping| !mapping.is_null()) else { return Self::Nothing };
        match mapping {
            Value::Object(members) => match directive(members) {
                Some(("@path", Value::String(path))) => Self::Path(path.clone()),
                Some(("@template", Value::String(template))) => Self::Template(template.clone()),
                Some(("@if", Value::Object(options))) => Branch::of(options).map_or(Self::Other, Self::Branch),
                None if !field.properties.is_empty() && !members.keys().any(|key| key.starts_with('@')) => {
                    Self::Members
                }
                _ => Self::Other,
            },
            Value::Array(_) => Self::Other,
            literal => Self::Literal(literal.clone()),
        }
    }

    pub(super) const fn kind(&self) -> Kind {
        match self {
            Self::Nothing => Kind::Nothing,
            Self::Literal(_) => Kind::Literal,
            Self::Path(_) => Kind::Path,
            Self::Branch(_) => Kind::Branch,
            Self::Template(_) => Kind::Template,
            Self::Members => Kind::Members,
            Self::Other => Kind::Other,
        }
    }

    /// The mapping that has this shape; none where nothing is mapped or a form cannot say it.
    pub(super) fn to_mapping(&self) -> Option<Value> {
        match self {
            Self::Nothing | Self::Members | Self::Other => None,
            Self::Literal(value) => Some(value.clone()),
            Self::Path(path) => Some(json!({"@path": path})),
            Self::Template(template) => Some(json!({"@template": template})),
            Self::Branch(branch) => Some(branch.to_mapping()),
        }
    }

    /// What comes of choosing another kind: as much of what was there as the new one can hold.
    pub(super) fn turned_into(&self, kind: Kind, field: &Field) -> Self {
        let path = self.path().unwrap_or("$.").to_owned();
        let bare = path.trim_start_matches("$.").to_owned();
        match kind {
            Kind::Nothing | Kind::Other => Self::Nothing,
            Kind::Path => Self::Path(path),
            Kind::Template => Self::Template(format!("{{{{{bare}}}}}")),
            Kind::Branch => Self::Branch(Branch {
                test: "exists",
                tested: Operand::Path(path.clone()),
                then: Operand::Path(path),
                otherwise: Operand::Text(String::new()),
            }),
            Kind::Members => Self::Members,
            Kind::Literal => Self::Literal(match (field.kind, field.choices.first()) {
                (FieldKind::Boolean, _) => json!(true),
                (FieldKind::Number { .. } | FieldKind::Integer, _) => json!(0),
                (_, Some(choice)) => json!(choice),
                _ => json!(""),
            }),
        }
    }

    fn path(&self) -> Option<&str> {
        match self {
            Self::Path(path) => Some(path),
            Self::Branch(Branch { then: Operand::Path(path), .. } | Branch { tested: Operand::Path(path), .. }) => {
                Some(path)
            }
            _ => None,
        }
    }
}

impl Branch {
    /// None where an option is more than a path or a text, or is none that a form shows.
    fn of(options: &Map<String, Value>) -> Option<Self> {
        let test = match (options.get("exists"), options.get("blank")) {
            (Some(_), None) => "exists",
            (None, Some(_)) => "blank",
            _ => return None,
        };
        if options.keys().any(|key| !["exists", "blank", "then", "else"].contains(&key.as_str())) {
            return None;
        }
        let operand = |key: &str| Operand::of(options.get(key));
        Some(Self { test, tested: operand(test)?, then: operand("then")?, otherwise: operand("else")? })
    }

    fn to_mapping(&self) -> Value {
        let options = [(self.test, &self.tested), ("then", &self.then), ("else", &self.otherwise)];
        let options = options.into_iter().filter_map(|(key, operand)| Some((key.to_owned(), operand.to_mapping()?)));
        json!({"@if": options.collect::<Map<_, _>>()})
    }
}

impl Operand {
    fn of(value: Option<&Value>) -> Option<Self> {
        match value {
            None => Some(Self::Absent),
            Some(Value::String(text)) if !text.starts_with("$.") => Some(Self::Text(text.clone())),
            Some(Value::Object(members)) => match directive(members)? {
                ("@path", Value::String(path)) if path.starts_with("$.") => Some(Self::Path(path.clone())),
                _ => None,
            },
            Some(_) => None,
        }
    }

    fn to_mapping(&self) -> Option<Value> {
        match self {
            Self::Absent => None,
            Self::Path(path) => Some(json!({"@path": path})),
            Self::Text(text) => Some(json!(text)),
        }
    }

    /// As it is typed: a path begins with `$.`, anything else is a text.
    pub(super) fn typed(&self) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Path(text) | Self::Text(text) => text.clone(),
        }
    }

    pub(super) fn from_typed(text: String) -> Self {
        if text.starts_with("$.") { Self::Path(text) } else { Self::Text(text) }
    }
}

/// The one directive that an object is, if it is nothing else. What stands in `_metadata` would be lost in a form.
fn directive(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut members = members.iter();
    match (members.next(), members.next()) {
        (Some((name, options)), None) if name.starts_with('@') => Some((name, options)),
        _ => None,
    }
}

/// A literal as it is typed, and back: a text field takes letters as they are, all others JSON where it is JSON.
pub(super) fn literal_from_typed(text: &str, field: &Field) -> Value {
    match field.kind {
        FieldKind::Number { .. } | FieldKind::Integer | FieldKind::Boolean => {
            let value = serde_json::from_str::<Value>(text).ok();
            value.filter(|value| value.is_number() || value.is_boolean()).unwrap_or_else(|| json!(text))
        }
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::destinations::DESTINATIONS;

    const FIELD: Field = Field::new("f", "F", FieldKind::String);

    #[test]
    fn a_shape_is_its_mapping_and_the_other_way_round() {
        for mapping in [
            json!("text"),
            json!(7),
            json!(true),
            json!({"@path": "$.a"}),
            json!({"@template": "Hi {{a}}"}),
            json!({"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}, "else": "none"}}),
            json!({"@if": {"blank": {"@path": "$.a"}, "then": "x"}}),
        ] {
            assert_eq!(Shape::of(Some(&mapping), &FIELD).to_mapping(), Some(mapping));
        }
    }

    #[test]
    fn what_a_form_cannot_hold_stays_json() {
        for mapping in [
            json!({"@case": {"operator": "lower", "value": {"@path": "$.a"}}}),
            json!({"@path": "$.a", "_metadata": {"label": "x"}}),
            json!({"@path": {"@path": "$.a"}}),
            json!({"@if": {"exists": {"@path": "$.a"}, "then": {"@template": "x"}}}),
            json!({"@if": {"exists": {"@path": "$.a"}, "blank": "x"}}),
            json!([1]),
            json!({"any": "object"}),
        ] {
            assert_eq!(Shape::of(Some(&mapping), &FIELD), Shape::Other, "{mapping}");
        }
    }

    #[test]
    fn every_default_mapping_has_a_shape_that_the_form_shows() {
        for action in DESTINATIONS.iter().flat_map(|destination| destination.actions()) {
            for field in action.fields().iter().filter(|field| !field.default.is_empty() && !field.multiple) {
                let default: Option<Value> = serde_json::from_str(field.default).ok();
                assert_ne!(Shape::of(default.as_ref(), field), Shape::Other, "{}", field.key);
            }
        }
    }

    #[test]
    fn another_kind_keeps_the_path() {
        let path = Shape::Path("$.userId".to_owned());
        assert_eq!(path.turned_into(Kind::Template, &FIELD), Shape::Template("{{userId}}".to_owned()));
        let branch = path.turned_into(Kind::Branch, &FIELD);
        assert_eq!(branch.turned_into(Kind::Path, &FIELD), path);
    }
}
