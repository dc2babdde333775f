//! The steps of a destination function: one call, judged by the author's outcome rules.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::outcome::OutcomeRules;
use super::{fields, requests};
use crate::core::destinations::{
    Action, ActionAbout, AuthScheme, Delivery, Destination, DestinationAbout, Node, Returned,
};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::{Fault, Headers, Response};
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::rules::{Call, Decide, Fact, Stage};
use crate::core::world::LocalFuture;

/// The destination.
pub(in crate::core::destinations) struct DestinationFunction;

impl Destination for DestinationFunction {
    fn about(&self) -> &'static DestinationAbout {
        &DestinationAbout {
            name: DestinationName::DestinationFunction,
            title: "Destination function",
            description: "Calls your own endpoint, and takes its answers as your outcome rules say.",
            auth_scheme: AuthScheme::None,
            settings: fields::SETTINGS,
            actions: &[&OnEvent],
        }
    }

    fn headers(&self, _settings: &Map<String, Value>, _access_token: &str) -> Headers {
        Headers::default()
    }
}

/// Hands events to the function's handlers.
struct OnEvent;

impl Action for OnEvent {
    fn about(&self) -> &'static ActionAbout {
        &ActionAbout {
            name: "onEvent",
            title: "Handle event",
            description: "Calls the endpoint with the event, or with all events of a batch.",
            default_subscription: "type = \"track\" or type = \"identify\" or type = \"page\" or type = \"screen\" or type = \"group\" or type = \
         \"alias\" or type = \"delete\"",
            fields: fields::ON_EVENT,
        }
    }

    fn perform<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let events = events(delivery);
            if let Some(refused) = events.iter().find_map(|event| not_handled(delivery.settings, event)) {
                return Err(DeliveryError::new("EventNotSupported", refused));
            }
            call(client, delivery.settings, &events, false).await.map(|_response| ())
        })
    }

    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>> {
        Box::pin(async move {
            let response = call(client, delivery.settings, &events(delivery), true).await?;
            Ok(match results(delivery.settings, &response) {
                Some(results) => Returned::Nodes(nodes(client, delivery, &results)),
                None => Returned::Answer(Box::new(response)),
            })
        })
    }
}

fn events(delivery: Delivery<'_>) -> Vec<&Value> {
    delivery.payloads.iter().filter_map(|payload| payload.fields.get("event")).collect()
}

/// Why a function has no handler for an event, if it has none.
fn not_handled(settings: &Map<String, Value>, event: &Value) -> Option<String> {
    let handled = settings.get("handles").and_then(Value::as_array).filter(|handled| !handled.is_empty())?;
    let kind = event.get("type").unwrap_or(&Value::Null);
    (!handled.contains(kind)).then(|| format!("the function has no handler for events of type {kind}"))
}

/// Calls the endpoint. An answer that comes after the time limit comes too late, whatever it says.
async fn call(
    client: &Client<'_>,
    settings: &Map<String, Value>,
    events: &[&Value],
    is_batch: bool,
) -> Result<Response, DeliveryError> {
    let rules = OutcomeRules::of_settings(settings).map_err(requests::invalid)?;
    let request = requests::call(settings, events, is_batch)?;
    let limit = settings.get("time_limit_ms").and_then(Value::as_f64).unwrap_or(5000.0);
    let limit = Duration::try_from_secs_f64(limit / 1000.0).unwrap_or(Duration::MAX);
    let started_at = client.now();
    let more = |result: Result<&Response, &Fault>| rules.judge(result, client.now().since(started_at) < limit);
    client.send_judged(Call::Endpoint, request, &more).await
}

/// The list of results in the answer to a batch, if there is one.
fn results(settings: &Map<String, Value>, response: &Response) -> Option<Vec<Value>> {
    let data = answer::data(response)?;
    let path = settings.get("results_path").and_then(Value::as_str).unwrap_or_default();
    let found = js::lookup(&data, js::keys(&path.replacen("$.", "", 1)))?;
    found.as_array().cloned()
}

fn nodes(client: &Client<'_>, delivery: Delivery<'_>, results: &[Value]) -> Vec<Option<Node>> {
    let payloads = delivery.payloads.iter();
    let node = |(payload_idx, payload): (usize, &crate::core::destinations::Payload)| {
        let result = results.get(payload_idx)?;
        let status = answer::item_status(result)?;
        let facts = client.judge().facts().with(Fact::Call, Call::Endpoint.name()).with(Fact::Status, status);
        let sent = payload.fields.get("event").cloned().unwrap_or_default();
        Some(if matches!(client.judge().ask(Stage::Item, facts).decides, Decide::Accept) {
            Node::Success { status, sent, body: Arc::new(result.clone()) }
        } else {
            let message = result.get("errormessage").map(js::text).unwrap_or_default();
            let (sent, body) = (Some(sent), Some(Arc::new(result.clone())));
            Node::Failure { status, errortype: None, errormessage: message.into_owned(), sent, body }
        })
    };
    payloads.enumerate().map(node).collect()
}
