//! One pass: from events through subscription, mapping and validation to the action.
use std::sync::Arc;

use serde_json::{Map, Value};

use super::batch::{self, BatchItem};
use super::client::Client;
use super::passes::Passes;
use super::prepared::Prepared;
use crate::core::destinations::{Action, AudienceInput, Delivery, Hook, Operation, Payload};
use crate::core::error::DeliveryError;
use crate::core::js::TypeError;
use crate::core::membership;
use crate::core::names::Mode;
use crate::core::record::EventRecord;
use crate::core::schema;

/// Validated settings of a destination.
pub(super) type Settings = Map<String, Value>;

/// What a pass came to where it did not throw.
pub(super) enum Ran {
    /// It came to its end.
    Delivered,
    /// The event, or every event of the batch, is not for this action.
    NotSubscribed,
    /// The subscription is missing or invalid.
    Rejected(String),
    /// A batch, item by item.
    Items(Vec<BatchItem>),
}

impl Ran {
    /// What the fact `outcome` says.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::NotSubscribed => "not_subscribed",
            Self::Rejected(_) => "rejected",
            Self::Items(_) => "multistatus",
        }
    }
}

/// Whether a 401 may start a second pass. Testing the credentials never does.
pub(super) fn is_looped(prepared: &Prepared<'_>) -> bool {
    !matches!(prepared.operation, Some(Operation::TestAuthentication))
}

/// Runs one pass with the token that is in force now.
pub(super) async fn once(passes: &Passes<'_>, settings: &Settings) -> Result<Ran, DeliveryError> {
    let client = passes.client(settings, passes.token());
    let prepared = passes.prepared;
    let events = passes.turn.events;
    match (prepared.operation, passes.turn.plan.mode) {
        (Some(Operation::Action(action)), Mode::Single) => single(prepared, action, settings, &client, events).await,
        (Some(Operation::Action(action)), Mode::Batch) => batch::run(prepared, action, settings, &client, events).await,
        (Some(operation), _) => audience_or_credentials(passes, operation, settings, &client).await,
        // An action that there is not: nothing happens to a single event, and a batch runs into it.
        (None, Mode::Single) => Ok(Ran::Delivered),
        (None, Mode::Batch) => Err(TypeError::reading("status", "undefined").into()),
    }
}

async fn single(
    prepared: &Prepared<'_>,
    action: &dyn Action,
    settings: &Settings,
    client: &Client<'_>,
    events: &[Arc<EventRecord>],
) -> Result<Ran, DeliveryError> {
    let Some(event) = events.first().map(|event| &event.payload) else { return Ok(Ran::NotSubscribed) };
    match &prepared.subscription {
        Err(message) => return Ok(Ran::Rejected(message.clone())),
        Ok(condition) if !condition.matches(event)? => return Ok(Ran::NotSubscribed),
        Ok(_) => {}
    }
    let compiled = prepared.compiled.as_ref().map_err(Clone::clone)?;
    let fields = validated(action, compiled.transform(event)?, Mode::Single)?;
    let membership = membership::resolve(event, membership::Options::default())?;
    client.check_headers()?;
    let payloads = [Payload { fields, membership }];
    let delivery = Delivery { settings, payloads: &payloads, hook: Hook::of_mapping(&prepared.mapping) };
    action.perform(client, delivery).await.map(|()| Ran::Delivered)
}

/// The payload as the action gets it. An action without fields takes anything.
pub(super) fn validated(action: &dyn Action, payload: Value, mode: Mode) -> Result<Map<String, Value>, DeliveryError> {
    match payload {
        Value::Object(payload) if action.fields().is_empty() => Ok(payload),
        payload => Ok(schema::validate(action.fields(), payload, mode)?),
    }
}

/// The calls that people make rather than events.
async fn audience_or_credentials(
    passes: &Passes<'_>,
    operation: Operation,
    settings: &Settings,
    client: &Client<'_>,
) -> Result<Ran, DeliveryError> {
    let destination = passes.prepared.destination;
    let personas = passes.turn.events.first().and_then(|event| event.payload.pointer("/context/personas"));
    let text = |key: &str| personas.and_then(|personas| personas.get(key)).and_then(Value::as_str).unwrap_or_default();
    let input = AudienceInput {
        settings,
        audience_settings: personas.and_then(|personas| personas.get("audience_settings")).and_then(Value::as_object),
        audience_name: text("computation_key"),
        external_id: text("external_audience_id"),
    };
    let missing = |name: &str| {
        let message = format!("{} has no {name}", destination.title());
        DeliveryError::integration(message, "NotImplemented", 501)
    };
    match operation {
        Operation::CreateAudience => match destination.create_audience(client, input) {
            Some(created) => created.await.map(|_id| ()),
            None => Err(missing("createAudience")),
        },
        Operation::GetAudience => match destination.get_audience(client, input) {
            Some(found) => found.await.map(|_id| ()),
            None => Err(missing("getAudience")),
        },
        Operation::TestAuthentication => {
            match destination.test_authentication(client, settings, passes.turn.connection.auth()) {
                Some(tested) => tested.await.map_err(|error| credentials_invalid(&error)),
                None => Err(missing("testAuthentication")),
            }
        }
        Operation::Action(_) => Ok(()),
    }
    .map(|()| Ran::Delivered)
}

/// How the framework words a failed test of the credentials: two spaces where the error is about no answer.
fn credentials_invalid(error: &DeliveryError) -> DeliveryError {
    let status = error.response.as_ref().map(|response| response.status.to_string()).unwrap_or_default();
    DeliveryError::new("Error", format!("Credentials are invalid: {status} {}", error.message))
}
