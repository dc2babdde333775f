//! Hints for the JSON of a mapping: fields of the action, directives with their options, and paths of the event.
use serde_json::Value;

use crate::core::mapping::{DIRECTIVES, DirectiveAbout, EventPath, directive_about};
use crate::core::schema::{Field, FieldKind};
use crate::ui::composer::field_hints::{about, choices, field_at, fields_at, member};
use crate::ui::composer::value::open_braces;
use crate::ui::json_editor::{About, Hints, Proposal, Step, one_line};

/// What may stand in the mapping of an action.
#[derive(Clone, Copy, Debug)]
pub(super) struct MappingHints<'a> {
    pub(super) fields: &'static [Field],
    /// Paths of the event that is looked at.
    pub(super) paths: &'a [EventPath],
}

/// Where in a mapping a way leads.
enum Spot {
    /// The mapping itself.
    Root,
    /// A field, or a part of one.
    Field(&'static Field),
    /// What a directive is given.
    Directive(&'static DirectiveAbout),
    /// An option of a directive.
    Option(&'static Field),
    /// Inside of something else that may hold a mapping.
    Free,
}

impl MappingHints<'_> {
    fn spot(&self, path: &[Step]) -> Spot {
        let keys: Vec<&str> = path.iter().filter_map(Step::key).collect();
        match keys[..] {
            [] => Spot::Root,
            [.., last] if directive_about(last).is_some() => directive_about(last).map_or(Spot::Free, Spot::Directive),
            [.., directive, option] if directive.starts_with('@') => directive_about(directive)
                .and_then(|about| about.options().iter().find(|known| known.key == option))
                .map_or(Spot::Free, Spot::Option),
            _ => field_at(self.fields, path).map_or(Spot::Free, Spot::Field),
        }
    }

    /// Paths for `@path`, and for a template, which writes them without `$.`.
    fn path_proposals(&self, prefix: &str, write: impl Fn(&str) -> String) -> Vec<Proposal> {
        let proposal = |place: &EventPath| {
            let label = format!("{prefix}{}", place.path);
            Proposal { insert: write(&label), label, what: one_line(&place.value) }
        };
        self.paths.iter().map(proposal).collect()
    }
}

fn directives() -> impl Iterator<Item = Proposal> {
    DIRECTIVES.iter().map(|directive| Proposal {
        label: directive.name.to_owned(),
        what: directive.description.to_owned(),
        insert: format!("{}: {}", Value::from(directive.name), directive.example),
    })
}

fn as_value(proposal: Proposal) -> Proposal {
    Proposal { insert: format!("{{{}}}", proposal.insert), ..proposal }
}

impl Hints for MappingHints<'_> {
    fn members(&self, path: &[Step]) -> Vec<Proposal> {
        match self.spot(path) {
            Spot::Root => self.fields.iter().map(member).collect(),
            Spot::Directive(directive) if !directive.options().is_empty() => {
                directive.options().iter().map(member).collect()
            }
            Spot::Field(_) | Spot::Option(_) | Spot::Directive(_) | Spot::Free => {
                let parts = fields_at(self.fields, path).into_iter().flatten().map(member);
                parts.chain(directives()).collect()
            }
        }
    }

    fn values(&self, path: &[Step]) -> Vec<Proposal> {
        match self.spot(path) {
            Spot::Root => Vec::new(),
            Spot::Directive(directive) if directive.name == "@path" => {
                self.path_proposals("$.", |label| Value::from(label).to_string())
            }
            Spot::Option(option) if !choices(option, true).is_empty() => choices(option, true),
            Spot::Field(field) => {
                let object = (field.kind == FieldKind::Object && !field.properties.is_empty()).then(|| Proposal {
                    label: "{}".to_owned(),
                    what: "its parts, each mapped on its own".to_owned(),
                    insert: "{}".to_owned(),
                });
                choices(field, true).into_iter().chain(object).chain(directives().map(as_value)).collect()
            }
            Spot::Directive(_) | Spot::Option(_) | Spot::Free => directives().map(as_value).collect(),
        }
    }

    fn inside_text(&self, path: &[Step], before: &str) -> Option<(usize, Vec<Proposal>)> {
        let Spot::Directive(directive) = self.spot(path) else { return None };
        if !matches!(directive.name, "@template" | "@liquid") {
            return None;
        }
        let typed = open_braces(before)?;
        Some((typed.len(), self.path_proposals("", str::to_owned)))
    }

    fn about(&self, path: &[Step]) -> Option<About> {
        match self.spot(path) {
            Spot::Root | Spot::Free => None,
            Spot::Field(field) => Some(about(field)),
            Spot::Directive(directive) => {
                Some(About { title: directive.name.to_owned(), description: directive.description.to_owned() })
            }
            Spot::Option(option) => Some(about(option)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::core::destinations::{Operation, destination};
    use crate::core::mapping::event_paths;
    use crate::core::names::DestinationName;

    fn labels(proposals: Vec<Proposal>) -> Vec<String> {
        proposals.into_iter().map(|proposal| proposal.label).collect()
    }

    fn way(keys: &[&str]) -> Vec<Step> {
        keys.iter().map(|key| Step::Key((*key).to_owned())).collect()
    }

    #[test]
    fn fields_directives_options_and_paths_are_offered_where_they_may_stand() {
        let destination = destination(DestinationName::LinkedinConversions);
        let Some(Operation::Action(action)) = Operation::of(destination, "streamConversion") else { panic!() };
        let paths = event_paths(&json!({"userId": "u-1", "traits": {"email": "a@b.c"}}));
        let hints = MappingHints { fields: action.fields(), paths: &paths };
        assert!(labels(hints.members(&[])).contains(&"eventId".to_owned()));
        let inside = labels(hints.members(&way(&["conversionValue"])));
        assert_eq!(inside[..3], ["currencyCode", "amount", "@path"]);
        assert_eq!(labels(hints.members(&way(&["email", "@if"]))), ["exists", "blank", "then", "else"]);
        assert_eq!(labels(hints.values(&way(&["email", "@case", "operator"]))), ["lower", "upper"]);
        let path = &hints.values(&way(&["email", "@path"]))[2];
        assert_eq!((path.label.as_str(), path.what.as_str()), ("$.traits.email", "\"a@b.c\""));
        assert!(labels(hints.values(&way(&["enable_batching"]))).starts_with(&["true".into(), "false".into()]));
        let (n_bytes, inside) = hints.inside_text(&way(&["email", "@template"]), "Hi {{tr").unwrap_or_default();
        assert_eq!(n_bytes, 2);
        assert!(labels(inside).contains(&"traits.email".to_owned()), "a template knows no $.");
        assert!(hints.about(&way(&["email"])).is_some_and(|about| about.title == "Email · text"));
    }
}
