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
#[derive(Clone, Debug)]
pub(super) struct Change<'a> {
    /// Who.
    pub(super) member: &'a str,
    /// Whether they are added; else they are removed.
    pub(super) adds: bool,
    /// Who, in which audience.
    pub(super) key: MemberKey,
    /// Where it stands in the request.
    pub(super) path: String,
}

/// What the last request that carried the events changes; empty for destinations without audiences.
pub(super) fn changes<'a>(scene: &Scene<'a>) -> Vec<Change<'a>> {
    let Some(sent) = scene.last_delivery() else { return Vec::new() };
    match sent.call {
        Some(Call::Visitors) => of_patch(&sent),
        Some(Call::Users | Call::Companies) => of_elements(&sent),
        _ => Vec::new(),
    }
}

/// The change of each visitor in a Pendo patch.
pub(super) fn of_patch<'a>(sent: &Sent<'a>) -> Vec<Change<'a>> {
    let operations = sent.asked("/patch").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut changes = Vec::new();
    for (operation_idx, operation) in operations.iter().enumerate() {
        let adds = operation.get("op").and_then(Value::as_str) == Some("add");
        let visitors = operation.get("value").and_then(Value::as_array).into_iter().flatten();
        changes.extend(visitors.enumerate().filter_map(|(visitor_idx, visitor)| {
            let path = format!("/body/patch/{operation_idx}/value/{visitor_idx}");
            Some(change(sent, visitor.as_str()?, adds, path))
        }));
    }
    changes
}

fn of_elements<'a>(sent: &Sent<'a>) -> Vec<Change<'a>> {
    let mut changes = Vec::new();
    for (element_idx, element) in sent.elements().iter().enumerate() {
        let adds = element.get("action").and_then(Value::as_str) == Some("ADD");
        let ids = element.get("userIds").and_then(Value::as_array).into_iter().flatten();
        let people = ids.filter_map(|id| id.get("idValue"));
        let companies = ["organizationUrn", "companyWebsiteDomain"].into_iter().find_map(|key| element.get(key));
        let members = people.chain(companies).filter_map(Value::as_str).filter(|member| !member.is_empty());
        changes.extend(members.map(|member| change(sent, member, adds, sent.element_path(element_idx))));
    }
    changes
}

fn change<'a>(sent: &Sent<'a>, member: &'a str, adds: bool, path: String) -> Change<'a> {
    Change { member, adds, key: MemberKey(hash_of(&[sent.url(), member])), path }
}

/// A hash that is the same in every run.
pub(super) fn hash_of(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}
