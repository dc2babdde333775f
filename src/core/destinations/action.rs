//! What an action is: the fields that it takes, the default way to fill them, and the steps that deliver them.
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::core::error::DeliveryError;
use crate::core::framework::Client;
use crate::core::http::Response;
use crate::core::record::Item;
use crate::core::schema::Field;
use crate::core::world::LocalFuture;

/// What there is to say of an action before anything is sent.
pub struct ActionAbout {
    /// Its name in plans and sessions.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it does, in a sentence.
    pub description: &'static str,
    /// The subscription of a plan that has none.
    pub default_subscription: &'static str,
    /// What a payload holds.
    pub fields: &'static [Field],
}

/// An action of a destination. Both ways of performing it read top to bottom like the remote's own documentation.
pub trait Action: Sync {
    /// What there is to say of it.
    fn about(&self) -> &'static ActionAbout;

    /// Its name in plans and sessions.
    fn name(&self) -> &'static str {
        self.about().name
    }

    /// Its name for people.
    fn title(&self) -> &'static str {
        self.about().title
    }

    /// What it does, in a sentence.
    fn description(&self) -> &'static str {
        self.about().description
    }

    /// The subscription of a plan that has none.
    fn default_subscription(&self) -> &'static str {
        self.about().default_subscription
    }

    /// What a payload holds.
    fn fields(&self) -> &'static [Field] {
        self.about().fields
    }

    /// Delivers one event.
    ///
    /// # Errors
    /// What the reference's `perform` throws.
    fn perform<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<(), DeliveryError>>;

    /// Delivers a batch of at least one event.
    ///
    /// # Errors
    /// What the reference's `performBatch` throws; it fails the whole batch.
    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>>;
}

/// What an action is given.
#[derive(Clone, Copy)]
pub struct Delivery<'a> {
    /// The destination's settings.
    pub settings: &'a Map<String, Value>,
    /// One payload, or those of a batch that are valid.
    pub payloads: &'a [Payload],
    /// What was kept when the mapping was saved.
    pub hook: Hook<'a>,
}

/// One event as the action gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Payload {
    /// What the mapping made of it, validated.
    pub fields: Map<String, Value>,
    /// Whether the event adds its user to an audience (true) or takes them out, if it says so.
    pub membership: Option<bool>,
}

impl Payload {
    /// A field's text, if it has any: empty text counts as none, as it does in a JavaScript condition.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// What a mapping keeps of the `onMappingSave` hook.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hook<'a> {
    outputs: Option<&'a Value>,
}

impl<'a> Hook<'a> {
    /// The hook's part of a mapping.
    #[must_use]
    pub fn of_mapping(mapping: &'a Map<String, Value>) -> Self {
        Self { outputs: mapping.get("onMappingSave").and_then(|hook| hook.get("outputs")) }
    }

    /// One of the values that the hook gave.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&'a Value> {
        self.outputs?.get(name)
    }
}

/// What performing a batch returns where it does not throw.
#[derive(Clone, Debug, PartialEq)]
pub enum Returned {
    /// Nothing that says anything of single events: all of them went through.
    Nothing,
    /// An answer that stands for all of them.
    Answer(Box<Response>),
    /// One result a payload, by position; a missing one is an error of the action.
    Nodes(Vec<Option<Node>>),
}

/// What an action says of one payload of a batch.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// It went through.
    Success {
        /// Status to show.
        status: u16,
        /// What was sent for it.
        sent: Value,
        /// What came back for it; the nodes of a batch may share it.
        body: Arc<Value>,
    },
    /// It did not.
    Failure {
        /// Status that decides what happens next.
        status: u16,
        /// Name of the error; none takes the status's name.
        errortype: Option<&'static str>,
        /// The error for people; none where the remote gave none and the reference does not say either.
        errormessage: Option<String>,
        /// What was sent for it, if it came that far.
        sent: Option<Value>,
        /// What came back for it, if anything; the nodes of a batch may share it.
        body: Option<Arc<Value>>,
    },
}

impl Node {
    /// A payload that the action refused before sending anything.
    #[must_use]
    pub fn refused(status: u16, errortype: Option<&'static str>, errormessage: impl Into<String>) -> Self {
        Self::Failure { status, errortype, errormessage: Some(errormessage.into()), sent: None, body: None }
    }
}

/// The record of a node. Its decision is still open.
impl From<Node> for Item {
    fn from(node: Node) -> Self {
        let decision = crate::core::names::Decision::Discard;
        match node {
            Node::Success { status, sent, body } => Self {
                status,
                errortype: None,
                errormessage: None,
                errorreporter: None,
                sent: Some(sent),
                body: Some(body),
                decision,
            },
            Node::Failure { status, errortype, errormessage, sent, body } => {
                let reporter = if sent.is_some() || body.is_some() { "DESTINATION" } else { "INTEGRATIONS" };
                Self {
                    status,
                    errortype: Some(
                        errortype.unwrap_or_else(|| crate::core::http_status::code_name(status)).to_owned(),
                    ),
                    errormessage,
                    errorreporter: Some(reporter.to_owned()),
                    sent,
                    body,
                    decision,
                }
            }
        }
    }
}
