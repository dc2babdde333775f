//! What a rule may look at: named facts of an answer, an error, an item or a policy, each a number or a word.
use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};

use crate::core::names::{Decision, closed_names};

closed_names! {
    /// The name of a fact, as it stands in `verdict.facts` of session files.
    Fact {
        /// Name of the destination.
        Destination = "destination",
        /// Name of its action.
        Action = "action",
        /// Name of the action, if the destination has none of that name.
        UnknownAction = "unknown_action",
        /// `single` or `batch`.
        Mode = "mode",
        /// How the destination authenticates: `oauth2`, `custom` or `none`.
        AuthScheme = "auth_scheme",
        /// Which of the destination's requests it is about, see [`super::Call`].
        Call = "call",
        /// Pass of the framework loop, 1 or 2.
        Pass = "pass",
        /// HTTP status of an answer or an item, or the status that an error carries.
        Status = "status",
        /// `serviceErrorCode` of the body, as number or word just as it came.
        ServiceErrorCode = "service_error_code",
        /// `error` of a token endpoint's answer.
        OauthError = "oauth_error",
        /// Code of the failure where no answer came, `ECONNRESET` for instance, or `unknown`.
        NetworkCode = "network_code",
        /// Method of a request that is redirected.
        Method = "method",
        /// Where an answer redirects to.
        Location = "location",
        /// How many redirects were followed already.
        Redirects = "redirects",
        /// Age of the access token that the request carried, in seconds, where this program saw it being issued.
        TokenAgeSeconds = "token_age_seconds",
        /// Which part of a request an item speaks of: Pendo's `add` or `remove`.
        Operation = "operation",
        /// What an error, or the remote itself, says of a failure in words.
        Detail = "detail",
        /// What the author's outcome rules make of an answer: `success` or the name of an error.
        FunctionResult = "function_result",
        /// Which of the author's outcome rules matched, counted from 1; 0 for the default at the end.
        FunctionRule = "function_rule",
        /// How many seconds before a message with the same `messageId` came, where ingest remembers it.
        SeenBefore = "seen_before_seconds",
        /// What a pass or an event came to: `delivered`, `not_subscribed`, `rejected`, `error`, `multistatus`, `item`.
        Outcome = "outcome",
        /// Class of the error.
        ErrorName = "error_name",
        /// Code of the error.
        ErrorCode = "error_code",
        /// How many items of a batch have status 401.
        UnauthorizedItems = "unauthorized_items",
        /// How many items of a batch are to be retried.
        ItemsRetry = "items_retry",
        /// How many items of a batch are given up.
        ItemsDiscard = "items_discard",
        /// How many items of a batch are delivered.
        ItemsDelivered = "items_delivered",
        /// How many items of a batch were never meant to be sent.
        ItemsFiltered = "items_filtered",
        /// What became of the token refresh before this: `succeeded` or `failed`.
        Refresh = "refresh",
        /// Which limit of the retry policy is used up: `attempts` or `window`.
        Limit = "limit",
        /// How many attempts were made.
        Attempts = "attempts",
        /// How many attempts the policy allows.
        MaxAttempts = "max_attempts",
        /// Seconds between the first attempt and the moment at which the next one would start.
        ElapsedSeconds = "elapsed_seconds",
        /// Seconds after the first attempt in which the last one may start.
        MaxElapsedSeconds = "max_elapsed_seconds",
        /// `Retry-After` of the answer. Shown, and read by no rule: nothing in the reference looks at it.
        RetryAfter = "retry_after",
        /// What the retry policy makes of it: `honoured` or `ignored`.
        RetryAfterIs = "retry_after_is",
    }
}

/// What a fact says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A whole number.
    Number(i64),
    /// A word or a text.
    Text(Cow<'static, str>),
}

impl FactValue {
    /// As it stands in a session file.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Number(number) => Value::from(*number),
            Self::Text(text) => Value::from(text.as_ref()),
        }
    }

    /// What a session file or a body says, if it is a whole number or a text.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().map(Self::Number),
            Value::String(text) => Some(Self::Text(Cow::Owned(text.clone()))),
            _ => None,
        }
    }
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl From<&'static str> for FactValue {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for FactValue {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for FactValue {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for FactValue {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for FactValue {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

/// A handful of facts in the order in which they became known; each name at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(Vec<(Fact, FactValue)>);

impl Facts {
    /// The same with one fact more, or with another value for it.
    #[must_use]
    pub fn with(mut self, fact: Fact, value: impl Into<FactValue>) -> Self {
        self.set(fact, value);
        self
    }

    /// The same with one fact more where there is a value for it.
    #[must_use]
    pub fn with_some(self, fact: Fact, value: Option<impl Into<FactValue>>) -> Self {
        match value {
            Some(value) => self.with(fact, value),
            None => self,
        }
    }

    /// The same with what the items of a batch come to: how many there are of each decision, and how many with a 401.
    #[must_use]
    pub fn with_items(mut self, items: impl Iterator<Item = (u16, Decision)>) -> Self {
        let (mut n_unauthorized, mut n_decided) = (0_i64, [0_i64; 4]);
        for (status, decision) in items {
            n_unauthorized += i64::from(status == 401);
            n_decided[decision as usize] += 1;
        }
        self.set(Fact::UnauthorizedItems, n_unauthorized);
        self.set(Fact::ItemsRetry, n_decided[Decision::Retry as usize]);
        self.set(Fact::ItemsDiscard, n_decided[Decision::Discard as usize]);
        self.set(Fact::ItemsDelivered, n_decided[Decision::Delivered as usize]);
        self.set(Fact::ItemsFiltered, n_decided[Decision::Filtered as usize]);
        self
    }

    /// Sets a fact.
    pub fn set(&mut self, fact: Fact, value: impl Into<FactValue>) {
        let value = value.into();
        match self.0.iter_mut().find(|(have, _)| *have == fact) {
            Some((_, held)) => *held = value,
            None => self.0.push((fact, value)),
        }
    }

    /// Forgets a fact: rules see it as missing.
    pub fn remove(&mut self, fact: Fact) {
        self.0.retain(|(have, _)| *have != fact);
    }

    /// What a fact says, if it is known.
    #[must_use]
    pub fn get(&self, fact: Fact) -> Option<&FactValue> {
        self.0.iter().find(|(have, _)| *have == fact).map(|(_, value)| value)
    }

    /// What a fact says, if it is a number that a status can be.
    #[must_use]
    pub fn status(&self, fact: Fact) -> Option<u16> {
        match self.get(fact)? {
            FactValue::Number(number) => u16::try_from(*number).ok(),
            FactValue::Text(_) => None,
        }
    }

    /// What a fact says, if it is a text.
    #[must_use]
    pub fn text(&self, fact: Fact) -> Option<&str> {
        match self.get(fact)? {
            FactValue::Number(_) => None,
            FactValue::Text(text) => Some(text),
        }
    }

    /// All facts, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &FactValue)> {
        self.0.iter().map(|(fact, value)| (*fact, value))
    }

    /// As they stand in `verdict.facts`.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Value> {
        self.iter().map(|(fact, value)| (fact.name().to_owned(), value.to_json())).collect()
    }

    /// The facts among the entries of `verdict.facts`; entries that name no fact of this build are left out.
    #[must_use]
    pub fn from_json(entries: &Map<String, Value>) -> Self {
        let known =
            entries.iter().filter_map(|(name, value)| Some((Fact::from_name(name)?, FactValue::from_json(value)?)));
        Self(known.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_survive_a_session_file() {
        let facts = Facts::default().with(Fact::Status, 401_u16).with(Fact::ServiceErrorCode, "65601");
        assert_eq!(Facts::from_json(&facts.to_json()), facts);
        assert_eq!(
            serde_json::Value::from(facts.to_json()).to_string(),
            r#"{"status":401,"service_error_code":"65601"}"#
        );
    }

    #[test]
    fn a_fact_is_held_once() {
        let mut facts = Facts::default().with(Fact::Status, 401_u16).with(Fact::Status, 200_u16);
        assert_eq!(facts.iter().count(), 1);
        assert_eq!(facts.status(Fact::Status), Some(200));
        facts.remove(Fact::Status);
        assert_eq!(facts.get(Fact::Status), None);
    }
}
