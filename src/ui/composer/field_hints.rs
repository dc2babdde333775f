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
    field_at(fields, path).map(Field::parts)
}

/// A field as the key that may be typed next.
pub(super) fn member(field: &Field) -> Proposal {
    // A field without a title of its own says what it is for.
    let title = if field.label == field.key { field.description } else { field.label };
    let what = format!("{} · {}", title.trim_end_matches('.'), words(field));
    Proposal { label: field.key.to_owned(), what, insert: format!("{}: ", Value::from(field.key)) }
}

/// The values that a field allows, as far as they can be counted. `is_item` is whether the value is one of the field's list.
pub(super) fn choices(field: &Field, is_item: bool) -> Vec<Proposal> {
    let proposal = |value: Value| {
        let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        Proposal { label, what: field.label.to_owned(), insert: value.to_string() }
    };
    let empty = |insert: &str, what: &str| Proposal {
        label: insert.to_owned(),
        what: what.to_owned(),
        insert: insert.to_owned(),
    };
    match field.kind {
        _ if field.multiple && !is_item => vec![empty("[]", "a list")],
        FieldKind::Object if !field.parts().is_empty() => vec![empty("{}", "an object")],
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
        if path.iter().all(|step| step.key().is_none()) {
            return Vec::new();
        }
        let is_item = path.last().is_some_and(|step| step.key().is_none());
        field_at(self.0, path).map(|field| choices(field, is_item)).unwrap_or_default()
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
