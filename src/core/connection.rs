//! What all deliveries of one destination share: the tokens in force, and the platform's small store for audience ids.
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::lock::{Mutex, MutexGuard};

use super::deduplication::{Profiles, Strategy};
use super::names::RefreshHook;
use super::plan::Auth;
use super::time::Timestamp;

/// The access token in force and how it came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// 1 for the token that the plan gave, one more with each refresh that succeeded.
    pub generation: u32,
    /// What goes behind `Bearer `; absent where the remote's answer had none (the reference then sends `undefined`).
    pub access_token: Option<String>,
    /// When this program saw it being issued; absent for the token that the plan gave.
    pub issued_at: Option<Timestamp>,
}

/// Shared by all deliveries of a run. A refresh replaces the token for everybody, as the reference does by writing
/// into the caller's settings; a delivery that read the token earlier goes on with the old one.
#[derive(Debug)]
pub struct Connection {
    auth: Auth,
    token: RefCell<Token>,
    state: Option<RefCell<BTreeMap<String, Remembered>>>,
    deduplication: Option<Strategy>,
    profiles: Profiles,
    /// The latest generation that was ever in force.
    latest_generation: Cell<u32>,
    refresh_hook: RefreshHook,
    refreshing: Mutex<()>,
}

/// Whose turn it is to refresh.
#[derive(Debug)]
pub enum RefreshTurn<'a> {
    /// Theirs: they ask for a new token. Nobody else does until this is dropped, if the hook is there.
    Refresh(Option<MutexGuard<'a, ()>>),
    /// Nobody's: another delivery has brought a newer token than the one that was rejected.
    Done,
}

#[derive(Debug)]
struct Remembered {
    value: String,
    expires_at: Option<Timestamp>,
}

impl Connection {
    /// A connection that has not refreshed yet and remembers nothing: without a state store each attempt looks its
    /// audience up, as in the reference's tests.
    #[must_use]
    pub fn new(auth: Auth) -> Self {
        let token = Token { generation: 1, access_token: auth.access_token.clone(), issued_at: None };
        Self {
            auth,
            token: RefCell::new(token),
            state: None,
            deduplication: None,
            profiles: Profiles::default(),
            latest_generation: Cell::new(1),
            refresh_hook: RefreshHook::None,
            refreshing: Mutex::new(()),
        }
    }

    /// The same for a run that goes on: it begins with the plan's token, and counts on from the generations that there were.
    #[must_use]
    pub fn going_on_from(self, generation: u32) -> Self {
        self.latest_generation.set(generation.max(1));
        self
    }

    /// The same with a hook that synchronises refreshes.
    #[must_use]
    pub fn with_refresh_hook(mut self, hook: RefreshHook) -> Self {
        self.refresh_hook = hook;
        self
    }

    /// The same with the platform's state store, which keeps audience ids between attempts.
    #[must_use]
    pub fn with_state(mut self) -> Self {
        self.state = Some(RefCell::default());
        self
    }

    /// The same with a way to keep duplicates out.
    #[must_use]
    pub fn with_deduplication(mut self, strategy: Option<Strategy>) -> Self {
        self.deduplication = strategy;
        self
    }

    /// How duplicates are kept out.
    #[must_use]
    pub const fn deduplication(&self) -> Option<&Strategy> {
        self.deduplication.as_ref()
    }

    /// The traits of the profiles.
    #[must_use]
    pub const fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// The credentials that the plan gave. The access token in them is generation 1, whatever came later.
    #[must_use]
    pub fn auth(&self) -> &Auth {
        &self.auth
    }

    /// The token in force now.
    #[must_use]
    pub fn token(&self) -> Token {
        self.token.borrow().clone()
    }

    /// The hook before a refresh, for a delivery whose token of that generation was rejected: waits for its turn.
    pub async fn begin_refresh(&self, rejected: Option<u32>) -> RefreshTurn<'_> {
        if self.refresh_hook == RefreshHook::None {
            return RefreshTurn::Refresh(None);
        }
        let turn = self.refreshing.lock().await;
        let is_newer = rejected.is_some_and(|rejected| rejected < self.token.borrow().generation);
        match self.refresh_hook {
            RefreshHook::Share if is_newer => RefreshTurn::Done,
            _ => RefreshTurn::Refresh(Some(turn)),
        }
    }

    /// Puts a new token in force and gives its generation.
    pub fn replace_token(&self, access_token: Option<String>, now: Timestamp) -> u32 {
        let mut token = self.token.borrow_mut();
        token.generation = self.latest_generation.get() + 1;
        self.latest_generation.set(token.generation);
        token.access_token = access_token;
        token.issued_at = Some(now);
        token.generation
    }

    /// What the state store holds under a key, if it is on and the value has not expired.
    #[must_use]
    pub fn recall(&self, key: &str, now: Timestamp) -> Option<String> {
        let state = self.state.as_ref()?.borrow();
        let remembered = state.get(key)?;
        remembered.expires_at.is_none_or(|end| now < end).then(|| remembered.value.clone())
    }

    /// Stores a value, for good or for a time. Does nothing where there is no state store.
    pub fn remember(&self, key: &str, value: &str, keep: Option<Duration>, now: Timestamp) {
        if let Some(state) = &self.state {
            let expires_at = keep.map(|keep| now.saturating_add(keep));
            state.borrow_mut().insert(key.to_owned(), Remembered { value: value.to_owned(), expires_at });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_for_a_day_is_gone_after_it() {
        let day = Duration::from_hours(24);
        let connection = Connection::new(Auth::default()).with_state();
        connection.remember("segment", "dmp_1", Some(day), Timestamp::EPOCH);
        connection.remember("made", "dmp_2", None, Timestamp::EPOCH);
        let later = Timestamp::EPOCH.saturating_add(day);
        assert_eq!(connection.recall("segment", Timestamp::EPOCH).as_deref(), Some("dmp_1"));
        assert_eq!(connection.recall("segment", later), None);
        assert_eq!(connection.recall("made", later).as_deref(), Some("dmp_2"));
    }

    #[test]
    fn each_replaced_token_is_a_generation() {
        let connection = Connection::new(Auth { access_token: Some("old".into()), ..Auth::default() });
        assert_eq!(connection.token().generation, 1);
        assert_eq!(connection.replace_token(Some("new".into()), Timestamp::EPOCH), 2);
        assert_eq!(connection.token().access_token.as_deref(), Some("new"));
    }
}
