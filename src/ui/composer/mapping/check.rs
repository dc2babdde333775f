//! What a draft's mapping makes of one of its events, worked out again only when one of them changes.
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::core::destinations::{Action, MappedField, Operation, default_mapping, destination, mapped_fields};
use crate::core::mapping::{EventPath, ROOT_DIRECTIVE, event_paths, problems};
use crate::core::names::{DestinationName, Mode};
use crate::core::spelling::nearest;
use crate::ui::composer::draft::{Draft, parse_events};
use crate::ui::json_editor::{Mark, Outline};

/// Keys of a mapping that are no fields and have a meaning all the same.
const OTHER_KEYS: &[&str] =
    &[ROOT_DIRECTIVE, "__segment_internal_sync_mode", "__segment_internal_matching_key", "onMappingSave"];

/// What all depends on.
#[derive(Clone, Debug, PartialEq)]
struct Question {
    events: String,
    mapping: String,
    destination: DestinationName,
    action: String,
    mode: Mode,
    event_idx: usize,
}

impl Question {
    fn is_asked_by(&self, draft: &Draft, event_idx: usize) -> bool {
        self.event_idx == event_idx
            && self.destination == draft.destination
            && self.mode == draft.mode
            && self.action == draft.action
            && self.mapping == draft.mapping
            && self.events == draft.events
    }
}

/// The answer.
#[derive(Debug, Default)]
pub(super) struct Checked {
    question: Option<Question>,
    /// How many events there are, and which of them is looked at.
    pub(super) n_events: usize,
    pub(super) event_idx: usize,
    /// That event.
    pub(super) event: Arc<Value>,
    /// What can be named in that event.
    pub(super) paths: Vec<EventPath>,
    /// What the plan writes; none while it is no JSON object.
    pub(super) over: Option<Map<String, Value>>,
    /// The action's own mapping.
    pub(super) default: Map<String, Value>,
    /// Each field of the action.
    pub(super) fields: Vec<MappedField>,
    /// What is wrong in the text.
    pub(super) marks: Vec<Mark>,
    /// What is wrong with fields that the text does not name.
    pub(super) elsewhere: Vec<String>,
}

/// The action of a draft, if it names one that events are sent to.
pub(super) fn action_of(draft: &Draft) -> Option<&'static dyn Action> {
    match Operation::of(destination(draft.destination), &draft.action)? {
        Operation::Action(action) => Some(action),
        _ => None,
    }
}

impl Checked {
    /// Answers again if something changed.
    pub(super) fn refresh(&mut self, draft: &Draft, event_idx: usize) {
        if self.question.as_ref().is_some_and(|question| question.is_asked_by(draft, event_idx)) {
            return;
        }
        self.question = Some(Question {
            events: draft.events.clone(),
            mapping: draft.mapping.clone(),
            destination: draft.destination,
            action: draft.action.clone(),
            mode: draft.mode,
            event_idx,
        });
        let events = parse_events(&draft.events).unwrap_or_default();
        self.n_events = events.len();
        self.event_idx = event_idx.min(events.len().saturating_sub(1));
        let event = events.into_iter().nth(self.event_idx).unwrap_or_else(|| Value::Object(Map::new()));
        self.paths = event_paths(&event);
        self.event = Arc::new(event);
        let text = if draft.mapping.trim().is_empty() { "{}" } else { &draft.mapping };
        self.over = serde_json::from_str(text).ok();
        (self.marks, self.elsewhere) = (Vec::new(), Vec::new());
        self.fields.clear();
        let (Some(over), Some(action)) = (&self.over, action_of(draft)) else { return };
        self.default = default_mapping(action);
        self.fields = mapped_fields(action, over, &self.event, draft.mode);
        let outline = Outline::of(text);
        self.marks = strangers(&outline, action).chain(misshapen(&outline, over)).collect();
        self.tell_fields(&outline);
    }

    /// Puts what is wrong with a field beside its key, if the text names it.
    fn tell_fields(&mut self, outline: &Outline) {
        for field in self.fields.iter().filter(|field| !field.problems.is_empty()) {
            let message = field.problems.join("\n");
            match outline.children(0).rfind(|(_, node)| node.step.key() == Some(field.key)) {
                None => self.elsewhere.push(message),
                // The exact place within the field is marked already.
                Some((_, node)) if self.marks.iter().any(|mark| node.value.contains(&mark.range.start)) => (),
                Some((_, node)) => self.marks.push(Mark { range: node.value.clone(), message }),
            }
        }
    }
}

/// Keys that no field has.
fn strangers<'a>(outline: &'a Outline, action: &'a dyn Action) -> impl Iterator<Item = Mark> + 'a {
    let keys = || action.fields().iter().map(|field| field.key);
    outline.children(0).filter_map(move |(_, node)| {
        let key = node.step.key()?;
        if keys().any(|known| known == key) || OTHER_KEYS.contains(&key) {
            return None;
        }
        let meant = nearest(key, keys()).map(|meant| format!("; perhaps `{meant}` was meant")).unwrap_or_default();
        let message = format!("{} has no field `{key}`: the action never gets it{meant}", action.title());
        Some(Mark { range: node.key.clone()?, message })
    })
}

/// What is no mapping by its shape alone.
fn misshapen<'a>(outline: &'a Outline, over: &Map<String, Value>) -> impl Iterator<Item = Mark> + 'a {
    problems(&Value::Object(over.clone())).into_iter().filter_map(move |problem| {
        let (node_idx, _) = outline.follow(problem.path.iter().map(String::as_str))?;
        let node = outline.nodes().get(node_idx)?;
        // Of an object, the key that is wrong: the whole of it would be too much.
        let wrong =
            outline.children(node_idx).find(|(_, child)| child.step.key().is_some_and(|key| key.starts_with('@')));
        let range = wrong.and_then(|(_, child)| child.key.clone()).unwrap_or_else(|| node.value.clone());
        Some(Mark { range, message: problem.message })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::composer::templates::first_draft;

    fn checked(mapping: &str) -> Checked {
        let mut checked = Checked::default();
        checked.refresh(&Draft { mapping: mapping.to_owned(), ..first_draft() }, 0);
        checked
    }

    #[test]
    fn a_mistake_is_marked_at_the_letters_that_make_it() {
        for (mapping, marked, message) in [
            (r#"{"emial": "x"}"#, "\"emial\"", "perhaps `email` was meant"),
            (r#"{"email": {"@pth": "$.a"}}"#, "\"@pth\"", "/email has an invalid directive: @pth."),
            (r#"{"email": {"@path": 5}}"#, "5", "should be a string or a mapping directive"),
            (r#"{"email": {"a": 1}}"#, r#"{"a": 1}"#, "User Email must be a string but it was an object."),
            (r#"{"dmp_user_action": "MAYBE"}"#, "\"MAYBE\"", "must be one of"),
            (r#"{"personas_audience_key": null}"#, "null", "is missing the required field 'personas_audience_key'"),
            (
                r#"{"personas_audience_key": {"@path": "$.nobody"}}"#,
                r#"{"@path": "$.nobody"}"#,
                "is missing the required",
            ),
        ] {
            let marks = checked(mapping).marks;
            let [mark] = &marks[..] else { panic!("{mapping}: {marks:?}") };
            assert_eq!(&mapping[mark.range.clone()], marked);
            assert!(mark.message.contains(message), "{}", mark.message);
        }
        let sound = checked(r#"{"email": "x", "onMappingSave": {"outputs": {}}, "dmp_user_action": "ADD"}"#);
        assert_eq!((sound.marks, sound.elsewhere), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_the_text_does_not_name_is_told_apart() {
        let mut checked = Checked::default();
        checked.refresh(&Draft { events: "{\"type\": \"track\"}".to_owned(), ..first_draft() }, 0);
        assert_eq!(checked.marks, []);
        assert_eq!(checked.elsewhere, ["The root value is missing the required field 'personas_audience_key'."]);
    }
}
