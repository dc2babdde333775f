//! What a form shows of a value: a mapping by its directive, any other text by its fields, and the rest as JSON.
use serde_json::{Map, Value, json};

use super::Language;
use crate::core::mapping::{DIRECTIVES, Takes, directive_about};
use crate::core::schema::{Field, FieldKind};

/// How a field gets its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// It gets none.
    Nothing,
    /// A value that is written in the text: a text, a number, true or false.
    Literal(Value),
    /// What stands at a path of the event.
    Path(String),
    /// One of two, by whether a third is there.
    Branch(Branch),
    /// A text with paths in it.
    Template(String),
    /// An object whose members stand on their own.
    Members,
    /// A list whose items stand on their own.
    List,
    /// Another directive, by its name, with its options below each other.
    Directive(&'static str),
    /// Something that a form has no room for, and why.
    Other(&'static str),
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
    List,
    Directive(&'static str),
    Other,
}

/// Directives that have a kind of their own.
const OF_THEIR_OWN: [&str; 3] = ["@path", "@template", "@if"];

impl Kind {
    /// What can be chosen for a field, that which is used most first.
    pub(super) fn offered(field: &Field) -> impl Iterator<Item = Self> {
        let first: &[Self] = match field.kind {
            _ if field.multiple => &[Self::Nothing, Self::Path, Self::List],
            FieldKind::Object => &[Self::Nothing, Self::Path, Self::Members],
            FieldKind::Any => {
                &[Self::Nothing, Self::Path, Self::Literal, Self::Template, Self::Branch, Self::Members, Self::List]
            }
            _ => &[Self::Nothing, Self::Path, Self::Literal, Self::Template, Self::Branch],
        };
        let then = DIRECTIVES.iter().map(|directive| directive.name).filter(|name| !OF_THEIR_OWN.contains(name));
        first.iter().copied().chain(then.map(Self::Directive))
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
            Self::List => "a list",
            Self::Directive(name) => name,
            Self::Other => "JSON",
        }
    }

    /// What it gives, where the word does not say it.
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Directive(name) => directive_about(name).map_or("", |about| about.description),
            _ => "",
        }
    }
}

impl Shape {
    /// The shape of a value; `is_field` is whether it is a field's as a whole, of which null says that it gets none.
    pub(super) fn of(value: Option<&Value>, field: &Field, language: Language, is_field: bool) -> Self {
        match value {
            None => Self::Nothing,
            Some(Value::Null) if is_field => Self::Nothing,
            // What may be anything is one text, if there are no directives to tell it apart by.
            Some(any) if language == Language::Plain && field.kind == FieldKind::Any => Self::Literal(any.clone()),
            Some(Value::Object(_)) if language == Language::Plain => Self::Members,
            Some(Value::Object(members)) => Self::of_object(members),
            Some(Value::Array(_)) => Self::List,
            Some(literal) => Self::Literal(literal.clone()),
        }
    }

    fn of_object(members: &Map<String, Value>) -> Self {
        let (name, given) = match directive(members) {
            Some(directive) => directive,
            None if members.keys().all(|key| !key.starts_with('@')) => return Self::Members,
            None => return Self::Other("More stands beside the directive than a form shows."),
        };
        match (name, given) {
            ("@path", Value::String(path)) => return Self::Path(path.clone()),
            ("@template", Value::String(template)) => return Self::Template(template.clone()),
            ("@if", Value::Object(options)) => {
                if let Some(branch) = Branch::of(options) {
                    return Self::Branch(branch);
                }
            }
            _ => (),
        }
        let Some(about) = directive_about(name) else { return Self::Other("There is no directive of that name.") };
        let is_known = match (about.takes, given) {
            (Takes::One(_), _) => true,
            (Takes::Options(options), Value::Object(given)) => {
                given.keys().all(|key| options.iter().any(|option| option.key == key.as_str()))
            }
            (Takes::Places(places), Value::Array(given)) => given.len() <= places.len(),
            (Takes::Options(_) | Takes::Places(_), _) => false,
        };
        if is_known {
            Self::Directive(about.name)
        } else {
            Self::Other("The directive is given something that it does not know.")
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
            Self::List => Kind::List,
            Self::Directive(name) => Kind::Directive(name),
            Self::Other(_) => Kind::Other,
        }
    }

    /// The value that has this shape; none where nothing is written or other parts of the text say it.
    pub(super) fn to_value(&self) -> Option<Value> {
        match self {
            Self::Nothing | Self::Members | Self::List | Self::Directive(_) | Self::Other(_) => None,
            Self::Literal(value) => Some(value.clone()),
            Self::Path(path) => Some(json!({"@path": path})),
            Self::Template(template) => Some(json!({"@template": template})),
            Self::Branch(branch) => Some(branch.to_value()),
        }
    }

    /// What comes of choosing another kind: as much of `before` as the new one can hold. None takes it away.
    pub(super) fn turned_into(&self, kind: Kind, field: &Field, before: Option<&Value>) -> Option<Value> {
        let path = self.path().unwrap_or("$.").to_owned();
        let bare = path.trim_start_matches("$.").to_owned();
        let before = before.filter(|before| !before.is_null());
        Some(match kind {
            Kind::Nothing | Kind::Other => return None,
            Kind::Path => json!({"@path": path}),
            Kind::Template => json!({"@template": format!("{{{{{bare}}}}}")}),
            Kind::Branch => Branch {
                test: "exists",
                tested: Operand::Path(path.clone()),
                then: Operand::Path(path),
                otherwise: Operand::Text(String::new()),
            }
            .to_value(),
            Kind::Members => json!({}),
            Kind::List => before.map_or_else(|| json!([]), |before| json!([before])),
            Kind::Directive(name) => directive_around(name, before, &path),
            Kind::Literal => first_literal(field),
        })
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

/// What a field holds that was just given a value.
pub(super) fn first_literal(field: &Field) -> Value {
    match (field.kind, field.choices.first()) {
        (FieldKind::Boolean, _) => json!(true),
        (FieldKind::Number { .. } | FieldKind::Integer, _) => json!(0),
        (FieldKind::Object, _) => json!({}),
        (_, Some(choice)) => json!(choice),
        _ => json!(""),
    }
}

/// The directive to begin with, around what stood there before.
fn directive_around(name: &str, before: Option<&Value>, path: &str) -> Value {
    let example = directive_about(name).and_then(|about| serde_json::from_str(about.example).ok());
    let mut given: Value = example.unwrap_or_default();
    match (name, before) {
        ("@liquid", _) => given = json!(format!("{{{{ {} }}}}", path.trim_start_matches("$."))),
        ("@arrayPath", _) => given[0] = json!(path),
        ("@merge", Some(before)) => given["objects"] = json!([before]),
        (_, Some(before)) if given.is_object() && directive_is(&given, "@path") => given = before.clone(),
        (_, Some(before)) => {
            if let Some(hole) = given.as_object_mut().and_then(|options| options.get_mut("value")) {
                *hole = before.clone();
            } else if given.is_string() {
                given = before.clone();
            }
        }
        (_, None) => (),
    }
    json!({name: given})
}

fn directive_is(value: &Value, name: &str) -> bool {
    value.as_object().and_then(directive).is_some_and(|(found, _)| found == name)
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

    fn to_value(&self) -> Value {
        let options = [(self.test, &self.tested), ("then", &self.then), ("else", &self.otherwise)];
        let options = options.into_iter().filter_map(|(key, operand)| Some((key.to_owned(), operand.to_value()?)));
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

    fn to_value(&self) -> Option<Value> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::destinations::DESTINATIONS;
    use crate::core::mapping::problems;

    const FIELD: Field = Field::new("f", "F", FieldKind::String);

    fn shape(mapping: &Value) -> Shape {
        Shape::of(Some(mapping), &FIELD, Language::Mapping, true)
    }

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
            assert_eq!(shape(&mapping).to_value(), Some(mapping));
        }
    }

    #[test]
    fn every_directive_can_be_edited_in_the_form() {
        for directive in DIRECTIVES {
            let given: Value = serde_json::from_str(directive.example).unwrap_or_default();
            let mapping = json!({directive.name: given});
            assert!(!matches!(shape(&mapping), Shape::Other(_)), "{mapping}");
        }
        for (mapping, kind) in [
            (json!({"@if": {"exists": {"@path": "$.a"}, "then": {"@template": "x"}}}), Kind::Directive("@if")),
            (json!({"@path": {"@path": "$.a"}}), Kind::Directive("@path")),
            (json!([1, {"@path": "$.a"}]), Kind::List),
            (json!({"any": "object"}), Kind::Members),
        ] {
            assert_eq!(shape(&mapping).kind(), kind, "{mapping}");
        }
    }

    #[test]
    fn what_a_form_cannot_hold_stays_json_and_says_why() {
        for mapping in [
            json!({"@path": "$.a", "_metadata": {"label": "x"}}),
            json!({"@path": "$.a", "@case": {}}),
            json!({"@pth": "$.a"}),
            json!({"@if": "x"}),
            json!({"@case": {"operator": "lower", "vale": "x"}}),
            json!({"@arrayPath": ["$.a", {}, 1]}),
        ] {
            assert!(matches!(shape(&mapping), Shape::Other(why) if why.ends_with('.')), "{mapping}");
        }
    }

    #[test]
    fn every_default_mapping_has_a_shape_that_the_form_shows() {
        for action in DESTINATIONS.iter().flat_map(|destination| destination.actions()) {
            for field in action.fields().iter().filter(|field| !field.default.is_empty()) {
                let default: Option<Value> = serde_json::from_str(field.default).ok();
                let shape = Shape::of(default.as_ref(), field, Language::Mapping, true);
                assert!(!matches!(shape, Shape::Other(_)), "{}", field.key);
            }
        }
    }

    #[test]
    fn another_kind_keeps_what_it_can_hold_and_is_a_valid_mapping() {
        let before = json!({"@path": "$.userId"});
        let into = |kind| shape(&before).turned_into(kind, &FIELD, Some(&before)).unwrap_or_default();
        assert_eq!(into(Kind::Template), json!({"@template": "{{userId}}"}));
        assert_eq!(into(Kind::List), json!([before]));
        assert_eq!(into(Kind::Directive("@case")), json!({"@case": {"operator": "lower", "value": before}}));
        assert_eq!(into(Kind::Directive("@literal")), json!({"@literal": before}));
        assert_eq!(into(Kind::Directive("@arrayPath")), json!({"@arrayPath": ["$.userId", {}]}));
        let branch = into(Kind::Branch);
        assert_eq!(shape(&branch).turned_into(Kind::Path, &FIELD, Some(&branch)), Some(before.clone()));
        for kind in Kind::offered(&Field { kind: FieldKind::Any, ..FIELD }).filter(|kind| *kind != Kind::Nothing) {
            let mapping = into(kind);
            // A pattern to look for is for the person to write.
            let is_unfinished = kind == Kind::Directive("@replace");
            assert_eq!(problems(&json!({"f": mapping})).is_empty(), !is_unfinished, "{mapping}");
            let is_literal = kind == Kind::Literal;
            assert!(is_literal || shape(&mapping).kind() == kind, "{mapping}");
        }
    }
}
