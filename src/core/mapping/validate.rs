//! Validation of mappings. Objects are walked, the elements of lists and the arguments of literals are not.
use serde_json::{Map, Value};

use super::error::MappingError;
use crate::core::js;

/// Longest pattern and longest replacement of `@replace`, in UTF-16 units.
pub(super) const LONGEST_REPLACE: usize = 10;

/// Something that is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingProblem {
    /// Keys that lead to it from the root of the mapping.
    pub path: Vec<String>,
    /// What is wrong, in the reference's words, which begin with the path.
    pub message: String,
}

/// What is wrong below one place. Objects collect the problems of their keys; a lone problem that passed no object on
/// its way up stays one, and that decides whether the error has a status.
enum Problem {
    One(MappingProblem),
    Many(Vec<MappingProblem>),
}

impl Problem {
    fn into_all(self) -> Vec<MappingProblem> {
        match self {
            Self::One(problem) => vec![problem],
            Self::Many(problems) => problems,
        }
    }
}

type Checked = Result<(), Problem>;
type Check = fn(&Value, &Path<'_>) -> Checked;

/// Where something stands: a list that is built downwards.
struct Path<'a> {
    parent: Option<&'a Self>,
    key: &'a str,
}

impl Path<'_> {
    const ROOT: Path<'static> = Path { parent: None, key: "" };

    fn child<'a>(&'a self, key: &'a str) -> Path<'a> {
        Path { parent: Some(self), key }
    }

    fn keys(&self) -> Vec<String> {
        let Some(parent) = self.parent else { return Vec::new() };
        let mut keys = parent.keys();
        keys.push(self.key.to_owned());
        keys
    }

    /// `/<path> <what>.`
    fn problem(&self, what: impl AsRef<str>) -> Checked {
        let path = self.keys();
        let message = format!("/{} {}.", path.join("/"), what.as_ref());
        Err(Problem::One(MappingProblem { path, message }))
    }

    fn wrong_type(&self, wanted: &str, found: &str) -> Checked {
        self.problem(format!("should be {wanted} but it is {} {found}", js::article(found)))
    }
}

/// Checks a mapping as the reference does before it resolves it.
pub(super) fn validate(mapping: &Value) -> Result<(), MappingError> {
    any(mapping, &Path::ROOT).map_err(|problem| match problem {
        Problem::One(problem) => MappingError::validation(problem.message),
        Problem::Many(problems) => {
            MappingError::aggregate(&problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>())
        }
    })
}

/// Everything that is wrong with a mapping, each with its place.
#[must_use]
pub fn problems(mapping: &Value) -> Vec<MappingProblem> {
    any(mapping, &Path::ROOT).err().map(Problem::into_all).unwrap_or_default()
}

fn any(value: &Value, path: &Path<'_>) -> Checked {
    match value {
        Value::Object(fields) if is_directive(value) => directive(fields, path),
        Value::Object(fields) => object(fields, path),
        _ => Ok(()),
    }
}

/// Whether an object has to be a directive: it has at least one `@` key.
fn is_directive(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.keys().any(|key| key.starts_with('@')))
}

fn type_name(value: Option<&Value>) -> &'static str {
    if value.is_some_and(is_directive) { "directive" } else { js::real_type_of(value) }
}

fn object(fields: &Map<String, Value>, path: &Path<'_>) -> Checked {
    collected(fields.iter().map(|(key, field)| any(field, &path.child(key))))
}

fn collected(checks: impl Iterator<Item = Checked>) -> Checked {
    let problems: Vec<_> = checks.filter_map(Result::err).flat_map(Problem::into_all).collect();
    if problems.is_empty() { Ok(()) } else { Err(Problem::Many(problems)) }
}

fn directive(fields: &Map<String, Value>, path: &Path<'_>) -> Checked {
    let directives: Vec<_> = fields.iter().filter(|(key, _)| key.starts_with('@')).collect();
    let has_others = fields.keys().any(|key| !key.starts_with('@') && key != "_metadata");
    let n_keys = if directives.len() > 1 { directives.len() } else { fields.len() };
    match directives[..] {
        [(name, options)] if !has_others => match check_of(name) {
            Some(check) => check(options, &path.child(name)),
            None => path.problem(format!("has an invalid directive: {name}")),
        },
        _ => path.problem(format!("should only have one @-prefixed key but it has {n_keys} keys")),
    }
}

fn check_of(directive: &str) -> Option<Check> {
    Some(match directive {
        "@if" => |value, path| with_options(value, path, &[]),
        "@case" => |value, path| {
            with_options(
                value,
                path,
                &[("operator", Need::Optional, string), ("value", Need::Optional, string_or_directive)],
            )
        },
        "@replace" => |value, path| {
            let fields: [(&str, Need, Check); 5] = [
                ("pattern", Need::Required, pattern),
                ("replacement", Need::Optional, replacement),
                ("value", Need::Required, string_or_directive),
                ("ignorecase", Need::Optional, boolean),
                ("global", Need::Optional, boolean),
            ];
            with_options(value, path, &fields)
        },
        "@arrayPath" => array_path,
        "@path" | "@template" => string_or_directive,
        "@literal" | "@excludeWhenNull" => directive_or_data,
        "@flatten" => |value, path| {
            let fields: [(&str, Need, Check); 2] =
                [("separator", Need::Optional, string), ("value", Need::Required, directive_or_data)];
            with_options(value, path, &fields)
        },
        "@json" => |value, path| {
            with_options(
                value,
                path,
                &[("value", Need::Required, directive_or_data), ("mode", Need::Required, json_mode)],
            )
        },
        "@merge" => merge,
        "@transform" => |value, path| {
            let fields: [(&str, Need, Check); 2] =
                [("apply", Need::Required, object_or_directive), ("mapping", Need::Required, object_or_directive)];
            with_options(value, path, &fields)
        },
        "@liquid" => string,
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

/// An object of options: all of its keys are walked first, and only if they are sound the named ones are looked at.
fn with_options(value: &Value, path: &Path<'_>, options: &[(&str, Need, Check)]) -> Checked {
    let Some(fields) = value.as_object().filter(|_| !is_directive(value)) else {
        return path.wrong_type("an object", type_name(Some(value)));
    };
    object(fields, path)?;
    collected(options.iter().map(|(key, need, check)| match fields.get(*key) {
        Some(option) => check(option, &path.child(key)),
        None if *need == Need::Required => {
            path.problem(format!("should have field {} but it doesn't", js::quoted(key)))
        }
        None => Ok(()),
    }))
}

fn directive_or_data(value: &Value, path: &Path<'_>) -> Checked {
    if is_directive(value) { any(value, path) } else { Ok(()) }
}

fn string_or_directive(value: &Value, path: &Path<'_>) -> Checked {
    if is_directive(value) {
        return any(value, path);
    }
    if value.is_string() { Ok(()) } else { path.wrong_type("a string or a mapping directive", type_name(Some(value))) }
}

fn object_or_directive(value: &Value, path: &Path<'_>) -> Checked {
    if value.is_object() {
        return any(value, path);
    }
    path.wrong_type("a object or a mapping directive", js::real_type_of(Some(value)))
}

fn string(value: &Value, path: &Path<'_>) -> Checked {
    if value.is_string() { Ok(()) } else { path.wrong_type("a string", type_name(Some(value))) }
}

fn boolean(value: &Value, path: &Path<'_>) -> Checked {
    if value.is_boolean() { Ok(()) } else { path.wrong_type("a boolean", type_name(Some(value))) }
}

fn array(value: &Value, path: &Path<'_>) -> Checked {
    if value.is_array() { Ok(()) } else { path.wrong_type("an array", js::real_type_of(Some(value))) }
}

fn array_path(value: &Value, path: &Path<'_>) -> Checked {
    array(value, path)?;
    match value.get(0) {
        Some(source) => string_or_directive(source, path)?,
        None => path.wrong_type("a string or a mapping directive", "undefined")?,
    }
    value.get(1).map_or(Ok(()), |shape| any(shape, path))
}

/// The elements are looked at as well, and their problems are told as if they stood at the root.
fn merge(value: &Value, path: &Path<'_>) -> Checked {
    with_options(value, path, &[("direction", Need::Optional, direction), ("objects", Need::Required, array)])?;
    let objects = value.get("objects").and_then(Value::as_array);
    objects.into_iter().flatten().try_for_each(|object| object_or_directive(object, &Path::ROOT))
}

fn pattern(value: &Value, path: &Path<'_>) -> Checked {
    string(value, path)?;
    if value.as_str().is_some_and(str::is_empty) {
        return path.problem("should be a string of length 1 or greater");
    }
    replacement(value, path)
}

fn replacement(value: &Value, path: &Path<'_>) -> Checked {
    string(value, path)?;
    if value.as_str().is_some_and(|text| js::utf16_len(text) > LONGEST_REPLACE) {
        return path.problem(format!("should be a string of length {LONGEST_REPLACE} or less"));
    }
    Ok(())
}

fn json_mode(value: &Value, path: &Path<'_>) -> Checked {
    one_of(["encode", "decode"], value, path)
}

fn direction(value: &Value, path: &Path<'_>) -> Checked {
    one_of(["left", "right"], value, path)
}

/// One of two words, in any case; the directives themselves know them in lower case only.
fn one_of(words: [&str; 2], value: &Value, path: &Path<'_>) -> Checked {
    string(value, path)?;
    let text = value.as_str().unwrap_or_default();
    if words.contains(&text.to_lowercase().as_str()) {
        return Ok(());
    }
    path.problem(format!("should be one of {} but it is {}", words.join(", "), js::quoted(text)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::core::mapping::MappingErrorKind;

    #[test]
    fn one_problem_at_the_root_is_a_validation_error_and_more_are_an_aggregate() {
        for (mapping, message) in [
            (json!({"@path": 5}), "/@path should be a string or a mapping directive but it is a number."),
            (
                json!({"@path": {"@path": []}}),
                "/@path/@path should be a string or a mapping directive but it is an array.",
            ),
            (json!({"@path": "a", "b": 1}), "/ should only have one @-prefixed key but it has 2 keys."),
            (json!({"@path": "a", "@if": {}}), "/ should only have one @-prefixed key but it has 2 keys."),
            (json!({"@nope": 1}), "/ has an invalid directive: @nope."),
            (json!({"@if": []}), "/@if should be an object but it is an array."),
            (json!({"@if": {"@path": "a"}}), "/@if should be an object but it is a directive."),
            (
                json!({"@merge": {"direction": "left", "objects": [{}, "x"]}}),
                "/ should be a object or a mapping directive but it is a string.",
            ),
            (json!({"@arrayPath": {}}), "/@arrayPath should be an array but it is an object."),
            (
                json!({"@arrayPath": []}),
                "/@arrayPath should be a string or a mapping directive but it is an undefined.",
            ),
        ] {
            let error = validate(&mapping).map_err(|error| (error.kind(), error.to_string()));
            assert_eq!(error, Err((MappingErrorKind::Validation, message.to_owned())), "{mapping}");
        }
        let indent = "\n    ValidationError: ";
        for (mapping, messages) in [
            (
                json!({"v": {"@path": 5}}),
                &["/v/@path should be a string or a mapping directive but it is a number."][..],
            ),
            (
                json!({"v": {"@path": 5}, "w": {"@nope": 1}}),
                &[
                    "/v/@path should be a string or a mapping directive but it is a number.",
                    "/w has an invalid directive: @nope.",
                ],
            ),
            (
                json!({"@replace": {}}),
                &[
                    "/@replace should have field \"pattern\" but it doesn't.",
                    "/@replace should have field \"value\" but it doesn't.",
                ],
            ),
            (
                json!({"@replace": {"pattern": "", "value": "a"}}),
                &["/@replace/pattern should be a string of length 1 or greater."],
            ),
            (
                json!({"@replace": {"pattern": "12345678901", "value": "a", "replacement": null, "global": 1}}),
                &[
                    "/@replace/pattern should be a string of length 10 or less.",
                    "/@replace/replacement should be a string but it is a null.",
                    "/@replace/global should be a boolean but it is a number.",
                ],
            ),
            (
                json!({"@case": {"operator": {"@path": "a"}, "value": 5}}),
                &[
                    "/@case/operator should be a string but it is a directive.",
                    "/@case/value should be a string or a mapping directive but it is a number.",
                ],
            ),
            (
                json!({"@json": {"mode": "up"}}),
                &[
                    "/@json should have field \"value\" but it doesn't.",
                    "/@json/mode should be one of encode, decode but it is \"up\".",
                ],
            ),
            (
                json!({"@merge": {"direction": "up", "objects": []}}),
                &["/@merge/direction should be one of left, right but it is \"up\"."],
            ),
            (
                json!({"@transform": {"apply": 5}}),
                &[
                    "/@transform/apply should be a object or a mapping directive but it is a number.",
                    "/@transform should have field \"mapping\" but it doesn't.",
                ],
            ),
            (json!({"@flatten": {"separator": "_"}}), &["/@flatten should have field \"value\" but it doesn't."]),
            (json!({"@if": {"exists": {"@nope": 1}}}), &["/@if/exists has an invalid directive: @nope."]),
        ] {
            let error = validate(&mapping).map_err(|error| (error.kind(), error.to_string()));
            let message = messages.iter().map(|message| format!("{indent}{message}")).collect::<Vec<_>>().concat();
            assert_eq!(error, Err((MappingErrorKind::Aggregate, message)), "{mapping}");
        }
    }

    #[test]
    fn every_problem_has_its_place() {
        let mapping = json!({"v": {"@path": 5}, "w": {"@if": {"exists": {"@nope": 1}}}});
        let places: Vec<_> = problems(&mapping).into_iter().map(|problem| problem.path.join(".")).collect();
        assert_eq!(places, ["v.@path", "w.@if.exists"]);
        assert_eq!(problems(&json!({"v": {"@path": "$.a"}})), []);
    }

    #[test]
    fn lists_and_literals_are_not_looked_into() {
        for mapping in [
            json!({"a": [{"@nope": 1}]}),
            json!({"@literal": {"x": {"@nope": 1}}}),
            json!({"@merge": {"direction": "LEFT", "objects": [{"a": [{"@nope": 1}]}]}}),
            json!({"@json": {"mode": "ENCODE", "value": 1}}),
            json!({"a": {"@path": "x", "_metadata": 1}}),
        ] {
            assert_eq!(validate(&mapping), Ok(()), "{mapping}");
        }
    }
}
