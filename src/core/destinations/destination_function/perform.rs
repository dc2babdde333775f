//! The steps of a destination function: one call, judged by the author's outcome rules.
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::outcome::OutcomeRules;
use super::{deduplication, fields, requests};
use crate::core::destinations::{
    Action, ActionAbout, AuthScheme, Delivery, Destination, DestinationAbout, Node, Returned,
};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::{Fault, Headers, Request, Response};
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::rules::{Call, Decide, Fact, Stage};
use crate::core::schema::Misfit;
use crate::core::time::Timestamp;
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

    fn settings_misfits(&self, settings: &Map<String, Value>) -> Vec<Misfit> {
        OutcomeRules::misfits(settings)
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
            if let Some(words) = events.iter().find_map(|event| deduplication::told_off(client, event)) {
                return Err(DeliveryError::new("Error", words));
            }
            let function = Function::start(client, delivery.settings)?;
            function.call(&events, false).await?;
            for event in &events {
                deduplication::set_trait(client, event);
            }
            function.follow_up(&events, false).await
        })
    }

    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>> {
        Box::pin(async move {
            let mut nodes = vec![None; delivery.payloads.len()];
            let mut open = Vec::with_capacity(nodes.len());
            for (payload_idx, payload) in delivery.payloads.iter().enumerate() {
                let Some(event) = payload.fields.get("event") else { continue };
                match deduplication::told_off(client, event) {
                    Some(words) => nodes[payload_idx] = Some(Node::refused(400, None, words)),
                    None => open.push((payload_idx, event)),
                }
            }
            if open.is_empty() {
                return Ok(Returned::Nodes(nodes));
            }
            let events: Vec<&Value> = open.iter().map(|(_, event)| *event).collect();
            let function = Function::start(client, delivery.settings)?;
            let response = function.call(&events, true).await?;
            let results = results(delivery.settings, &response);
            for (place, (payload_idx, event)) in open.iter().enumerate() {
                let node = match &results {
                    Some(results) => results.get(place).and_then(|result| node(client, event, result)),
                    None => Some(success(response.status, event, &response)),
                };
                if matches!(node, Some(Node::Success { .. })) {
                    deduplication::set_trait(client, event);
                }
                nodes[*payload_idx] = node;
            }
            function.follow_up(&events, true).await?;
            let is_whole = results.is_none() && open.len() == nodes.len();
            Ok(if is_whole { Returned::Answer(Box::new(response)) } else { Returned::Nodes(nodes) })
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

/// One run of the function.
struct Function<'a> {
    client: &'a Client<'a>,
    settings: &'a Map<String, Value>,
    rules: OutcomeRules,
    started_at: Timestamp,
    time_limit: Duration,
}

impl<'a> Function<'a> {
    fn start(client: &'a Client<'a>, settings: &'a Map<String, Value>) -> Result<Self, DeliveryError> {
        let rules = OutcomeRules::of_settings(settings).map_err(requests::invalid)?;
        let limit = settings.get("time_limit_ms").and_then(Value::as_f64).unwrap_or(5000.0);
        let time_limit = Duration::try_from_secs_f64(limit / 1000.0).unwrap_or(Duration::MAX);
        Ok(Self { client, settings, rules, started_at: client.now(), time_limit })
    }

    /// Calls the endpoint.
    async fn call(&self, events: &[&Value], is_batch: bool) -> Result<Response, DeliveryError> {
        let mut request = requests::call(self.settings, events, is_batch)?;
        deduplication::add_key(self.client, &mut request, events, "onEvent");
        self.send(request).await
    }

    /// Makes the call that comes after, if the settings have one. If it fails, the function fails, though the endpoint has
    /// acted already.
    async fn follow_up(&self, events: &[&Value], is_batch: bool) -> Result<(), DeliveryError> {
        let Some(mut request) = requests::follow_up(self.settings, events, is_batch)? else { return Ok(()) };
        deduplication::add_key(self.client, &mut request, events, "followUp");
        self.send(request).await.map(|_response| ())
    }

    /// An answer that comes after the time limit of the function comes too late, whatever it says.
    async fn send(&self, request: Request) -> Result<Response, DeliveryError> {
        let is_in_time = || self.client.now().since(self.started_at) < self.time_limit;
        let more = |result: Result<&Response, &Fault>| self.rules.judge(result, is_in_time());
        self.client.send_judged(Call::Endpoint, request, &more).await
    }
}

/// The list of results in the answer to a batch, if there is one.
fn results(settings: &Map<String, Value>, response: &Response) -> Option<Vec<Value>> {
    let data = answer::data(response)?;
    let path = settings.get("results_path").and_then(Value::as_str).unwrap_or_default();
    let found = js::lookup(&data, js::keys(&path.replacen("$.", "", 1)))?;
    found.as_array().cloned()
}

/// What a result says of its event; nothing where it has no status.
fn node(client: &Client<'_>, event: &Value, result: &Value) -> Option<Node> {
    let status = answer::item_status(result)?;
    let facts = client.judge().facts().with(Fact::Call, Call::Endpoint.name()).with(Fact::Status, status);
    let (sent, body) = (event.clone(), Arc::new(result.clone()));
    Some(if matches!(client.judge().ask(Stage::Item, facts).decides, Decide::Accept) {
        Node::Success { status, sent, body }
    } else {
        let errormessage = result.get("errormessage").map(js::text).unwrap_or_default().into_owned();
        Node::Failure { status, errortype: None, errormessage: Some(errormessage), sent: Some(sent), body: Some(body) }
    })
}

fn success(status: u16, event: &Value, response: &Response) -> Node {
    let body = answer::data(response).map(Cow::into_owned).unwrap_or_default();
    Node::Success { status, sent: event.clone(), body: Arc::new(body) }
}
