//! What an editor knows of the JSON that is written in it.
use std::ops::Range;

use super::outline::{Outline, Step};
use super::place::{Place, Role};

/// Something that may be typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is shown and what the typed letters are compared with.
    pub label: String,
    /// What it means, in a few words.
    pub what: String,
    /// What is written, as JSON.
    pub insert: String,
}

/// What there is to say of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Its title, with its type and whether it is required.
    pub title: String,
    /// What it is for.
    pub description: String,
}

/// Knowledge of a kind of JSON text.
pub trait Hints {
    /// Members that an object may have; those that it has already are left out by the editor.
    fn members(&self, path: &[Step]) -> Vec<Proposal>;

    /// Values that may stand at a place.
    fn values(&self, path: &[Step]) -> Vec<Proposal>;

    /// What may be written inside of a text, given what stands in it before the cursor: the proposals, and how many bytes
    /// before the cursor they take the place of.
    fn inside_text(&self, _path: &[Step], _before: &str) -> Option<(usize, Vec<Proposal>)> {
        None
    }

    /// What there is to say of a member.
    fn about(&self, path: &[Step]) -> Option<About>;
}

/// Proposals at one place of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// Bytes that a proposal takes the place of.
    pub(super) replace: Range<usize>,
    /// The likeliest first.
    pub(super) proposals: Vec<Proposal>,
}

/// So many proposals are shown at most.
const MOST: usize = 60;

/// What may be typed at a byte of a text.
pub(super) fn offer(hints: &dyn Hints, text: &str, cursor: usize) -> Option<Offer> {
    let outline = Outline::of(text);
    let place = Place::at(&outline, text, cursor)?;
    let before = text.get(place.typed.start..cursor)?;
    if place.role == Role::Value
        && let Some((n_bytes, proposals)) =
            before.strip_prefix('"').and_then(|inner| hints.inside_text(&place.path, inner))
    {
        let start = cursor - n_bytes;
        return found(proposals, text.get(start..cursor)?, start..cursor);
    }
    let typed = before.trim_start_matches('"');
    let proposals = match place.role {
        Role::Value => hints.values(&place.path),
        Role::Key => {
            let present: Vec<&Step> = outline
                .find(&place.path)
                .into_iter()
                .flat_map(|object| outline.children(object))
                .filter(|(_, node)| node.key.as_ref() != Some(&place.typed))
                .map(|(_, node)| &node.step)
                .collect();
            let is_new = |proposal: &Proposal| !present.iter().any(|step| step.key() == Some(&proposal.label));
            let mut proposals: Vec<_> = hints.members(&place.path).into_iter().filter(is_new).collect();
            if place.has_value {
                for proposal in &mut proposals {
                    proposal.insert = quoted(&proposal.label);
                }
            }
            proposals
        }
    };
    // Behind a new member another one may follow.
    found(proposals, typed, place.typed)
}

/// The proposals that what is typed may become: those that begin with it, then those that hold it.
fn found(proposals: Vec<Proposal>, typed: &str, replace: Range<usize>) -> Option<Offer> {
    let typed = typed.to_lowercase();
    let place_of = |proposal: &Proposal| proposal.label.to_lowercase().find(&typed);
    let (mut first, then): (Vec<_>, Vec<_>) = proposals
        .into_iter()
        .filter(|proposal| place_of(proposal).is_some())
        .partition(|proposal| place_of(proposal) == Some(0));
    first.extend(then);
    first.truncate(MOST);
    (!first.is_empty()).then_some(Offer { replace, proposals: first })
}

/// A text as JSON.
#[must_use]
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
