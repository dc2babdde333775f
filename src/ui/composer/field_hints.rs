//! Hints for JSON that is described by fields: settings, events.
use serde_json::Value;

use super::field_words::words;
use crate::core::schema::{Field, FieldKind};
use crate::ui::json_editor::{About, Hints, Proposal, Step};

/// The fields of an object, or of each object in a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldHints(pub(super) &'static [Field]);

/// The field that a way leads to, and the fields inside it. Steps into lists do not count.
pub(super) fn field_at(fields: &'static [Field], path: &[Step]) -> Option<&'static Field> {
    let (last, before) = path.split_last()?;
    match last.key() {
        None => field_at(fields, before),
        Some(key) => fields_at(fields, before)?.iter().find(|field| field.key == key),
    }
}

/// The fields of the object that a way leads to.
pub(super) fn fields_at(fields: &'static [Field], path: &[Step]) -> Option<&'static [Field]> {
    if path.iter().all(|step| step.key().is_none()) {
        return Some(fields);
    }
    field_at(fields, path).map(|field| field.properties)
}

/// A field as the key that may be typed next.
pub(super) fn member(field: &Field) -> Proposal {
    let what = format!("{} · {}", field.label, words(field));
    Proposal { label: field.key.to_owned(), what, insert: format!("{}: ", Value::from(field.key)) }
}

/// The values that a field allows, as far as they can be counted.
pub(super) fn choices(field: &Field) -> Vec<Proposal> {
    let proposal = |value: Value| {
        let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Proposal { label, what: field.label.to_owned(), insert: value.to_string() }
    };
    match field.kind {
        FieldKind::Boolean => vec![proposal(true.into()), proposal(false.into())],
        _ => field.choices.iter().map(|choice| proposal((*choice).into())).collect(),
    }
}

/// What is told of a field below the pointer.
pub(super) fn about(field: &Field) -> About {
    About { title: format!("{} · {}", field.label, words(field)), description: field.description.to_owned() }
}

impl Hints for FieldHints {
    fn members(&self, path: &[Step]) -> Vec<Proposal> {
        fields_at(self.0, path).into_iter().flatten().map(member).collect()
    }

    fn values(&self, path: &[Step]) -> Vec<Proposal> {
        field_at(self.0, path).map(choices).unwrap_or_default()
    }

    fn about(&self, path: &[Step]) -> Option<About> {
        field_at(self.0, path).map(about)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::composer::event_fields::EVENT;

    fn key(key: &str) -> Step {
        Step::Key(key.to_owned())
    }

    #[test]
    fn fields_are_found_inside_objects_and_lists() {
        let hints = FieldHints(EVENT);
        let labels = |path: &[Step]| hints.members(path).into_iter().map(|member| member.label).collect::<Vec<_>>();
        assert!(labels(&[]).contains(&"messageId".to_owned()));
        assert_eq!(labels(&[]), labels(&[Step::Item(3)]), "an event in a list is an event");
        assert!(labels(&[Step::Item(0), key("context"), key("personas")]).contains(&"computation_key".to_owned()));
        assert_eq!(labels(&[key("nobody")]), [""; 0]);
        let types: Vec<_> = hints.values(&[key("type")]).into_iter().map(|value| value.insert).collect();
        assert!(types.contains(&"\"track\"".to_owned()), "{types:?}");
        assert!(hints.about(&[key("context"), key("personas")]).is_some());
    }
}
