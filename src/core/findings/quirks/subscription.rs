//! Subscriptions that mean something else than they seem to say.
use super::sources::FQL;
use crate::core::findings::catalogue::{Detect, Entry};
use crate::core::findings::finding::{At, FindingId, Severity};
use crate::core::findings::plan::SessionPlan;
use crate::core::findings::sighting::Sighting;
use crate::core::subscription::{self, oddities};

pub(super) const ENTRIES: &[Entry] = &[Entry {
    id: FindingId("Q-30"),
    title: "Subscription means something else than it says",
    severity: Severity::Warning,
    why: "There is no grammar behind subscriptions: what the parser does not know it skips, and the last and or or of a \
          level counts for all of it. A slip becomes another filter without a word, and events go where they should not \
          or get lost.",
    advice: "Read the subscription as it was parsed. Put groups of one level in parentheses, write and and or in small \
             letters and texts in double quotes.",
    cites: &[FQL],
    detect: Detect::InPlan(misleading_subscription),
}];

fn misleading_subscription(plan: &SessionPlan) -> Option<Sighting> {
    let text = plan.subscription()?;
    let tree = subscription::parse(text).ok()?;
    let oddities = oddities(text);
    if oddities.is_empty() {
        return None;
    }
    let said: Vec<String> = oddities.iter().map(ToString::to_string).collect();
    let seen = format!("{}. It is read as: {}", said.join("; "), tree.generate());
    Some(Sighting::new(seen).at(At::Plan, "/subscription"))
}
