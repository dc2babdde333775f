//! Traits of profiles: a store that is read late, which is why a check against it lets duplicates through.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::core::js;
use crate::core::time::Timestamp;

/// When a trait was set, and from when on a reader sees that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// When it was set.
    pub written_at: Timestamp,
    /// From when on it is read.
    pub visible_at: Timestamp,
}

/// Whose profile an event belongs to: its `userId`, else its `anonymousId`.
#[must_use]
pub fn user_of(event: &Value) -> Option<String> {
    let id = |key| event.get(key).filter(|id| js::truthy(id)).map(js::text);
    id("userId").or_else(|| id("anonymousId")).map(std::borrow::Cow::into_owned)
}

/// One look at a trait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraitRead {
    /// Whose profile.
    pub user: String,
    /// When it was read.
    pub read_at: Timestamp,
    /// The latest value that the read could see.
    pub seen: Option<Written>,
    /// A later one that was written already and could not be seen yet: the read is stale.
    pub unseen: Option<Written>,
    /// Whether the function took the profile for processed.
    pub is_processed: bool,
}

/// The trait of every profile, shared by all deliveries of a run.
#[derive(Debug, Default)]
pub struct Profiles(RefCell<BTreeMap<String, Vec<Written>>>);

impl Profiles {
    /// Reads the trait of a profile, as it can be seen at `now`.
    #[must_use]
    pub fn read(&self, user: &str, remembers: Duration, now: Timestamp) -> TraitRead {
        let profiles = self.0.borrow();
        let writes = profiles.get(user).map(Vec::as_slice).unwrap_or_default();
        let seen = writes.iter().rev().find(|write| write.visible_at <= now).copied();
        let unseen = writes.last().filter(|write| now < write.visible_at).copied();
        let is_processed = seen.is_some_and(|write| now < write.written_at.saturating_add(remembers));
        TraitRead { user: user.to_owned(), read_at: now, seen, unseen, is_processed }
    }

    /// Sets the trait of a profile.
    pub fn write(&self, user: &str, staleness: Duration, now: Timestamp) {
        let written = Written { written_at: now, visible_at: now.saturating_add(staleness) };
        self.0.borrow_mut().entry(user.to_owned()).or_default().push(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trait_is_seen_late_and_forgotten_in_the_end() {
        const DAY: Duration = Duration::from_hours(24);
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1000);
        let profiles = Profiles::default();
        assert!(!profiles.read("u1", DAY, at(0)).is_processed);
        profiles.write("u1", Duration::from_mins(1), at(10));
        let stale = profiles.read("u1", DAY, at(69));
        let written = Written { written_at: at(10), visible_at: at(70) };
        assert_eq!((stale.seen, stale.unseen, stale.is_processed), (None, Some(written), false));
        let fresh = profiles.read("u1", DAY, at(70));
        assert_eq!((fresh.seen, fresh.unseen, fresh.is_processed), (Some(written), None, true));
        assert!(!profiles.read("u1", DAY, at(10 + 86_400)).is_processed, "a day later");
        assert!(!profiles.read("u2", DAY, at(70)).is_processed, "nobody else");
    }
}
