//! Who a request adds to an audience or takes out of it, told from its body.
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

use super::scene::Scene;
use super::wire::Sent;
use crate::core::rules::Call;

/// One member of one audience, as a hash: a session can name millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct MemberKey(u64);

/// One member that a request adds or removes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    sent: Sent<'a>,
    place: Place,
    /// Who.
    pub(super) member: &'a str,
    /// Whether they are added; else they are removed.
    pub(super) adds: bool,
}

/// Where a member stands in a request.
#[derive(Clone, Copy, Debug)]
enum Place {
    Patch { operation_idx: usize, visitor_idx: usize },
    Element(usize),
}

impl Change<'_> {
    /// Who, in which audience.
    pub(super) fn key(&self) -> MemberKey {
        MemberKey(hash_of(&[self.sent.url(), self.member]))
    }

    /// Where it stands in the request.
    pub(super) fn path(&self) -> String {
        match self.place {
            Place::Patch { operation_idx, visitor_idx } => format!("/body/patch/{operation_idx}/value/{visitor_idx}"),
            Place::Element(element_idx) => self.sent.element_path(element_idx),
        }
    }
}

/// What the last request that carried the events changes; empty for destinations without audiences.
pub(super) fn changes<'a>(scene: &Scene<'a>) -> Vec<Change<'a>> {
    let Some(sent) = scene.last_delivery() else { return Vec::new() };
    match sent.call {
        Some(Call::Visitors) => of_patch(sent),
        Some(Call::Users | Call::Companies) => of_elements(sent),
        _ => Vec::new(),
    }
}

/// The change of each visitor in a Pendo patch.
pub(super) fn of_patch(sent: Sent<'_>) -> Vec<Change<'_>> {
    let operations = sent.asked("/patch").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut changes = Vec::new();
    for (operation_idx, operation) in operations.iter().enumerate() {
        let adds = operation.get("op").and_then(Value::as_str) == Some("add");
        let visitors = operation.get("value").and_then(Value::as_array).into_iter().flatten().enumerate();
        changes.extend(visitors.filter_map(|(visitor_idx, visitor)| {
            let place = Place::Patch { operation_idx, visitor_idx };
            Some(Change { sent, place, member: visitor.as_str()?, adds })
        }));
    }
    changes
}

fn of_elements(sent: Sent<'_>) -> Vec<Change<'_>> {
    let mut changes = Vec::new();
    for (element_idx, element) in sent.elements().iter().enumerate() {
        let adds = element.get("action").and_then(Value::as_str) == Some("ADD");
        let ids = element.get("userIds").and_then(Value::as_array).into_iter().flatten();
        let people = ids.filter_map(|id| id.get("idValue"));
        let companies = ["organizationUrn", "companyWebsiteDomain"].into_iter().find_map(|key| element.get(key));
        let members = people.chain(companies).filter_map(Value::as_str).filter(|member| !member.is_empty());
        changes.extend(members.map(|member| Change { sent, place: Place::Element(element_idx), member, adds }));
    }
    changes
}

/// A hash that is the same in every run.
pub(super) fn hash_of(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
