//! The steps of `syncAudience`. One request changes the visitors of one segment, whatever the mode.
use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::account::host;
use super::{fields, requests};
use crate::core::destinations::{Action, ActionAbout, Delivery, Node, Payload, Returned};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::Response;
use crate::core::http_status::code_name;
use crate::core::js;
use crate::core::rules::{Call, Decide, Fact, Stage};
use crate::core::world::LocalFuture;

/// Adds visitors to a segment or removes them, as the events' audience membership says.
pub(super) struct SyncAudience;

impl Action for SyncAudience {
    fn about(&self) -> &'static ActionAbout {
        &ActionAbout {
            name: "syncAudience",
            title: "Sync to Pendo Segment",
            description: "Adds visitors to a Pendo segment or removes them from it.",
            default_subscription: r#"type = "identify" or type = "track""#,
            fields: fields::SYNC_AUDIENCE,
        }
    }

    fn perform<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let refused = |refusal: &Refusal| Err(refusal.error());
            let sync = match Sync::prepare(delivery.payloads) {
                Ok(sync) => sync,
                Err(refusal) => return refused(&refusal),
            };
            if let Some((_, refusal)) = sync.refused.first() {
                return refused(refusal);
            }
            let failed = |error: DeliveryError| match error.name.as_ref() {
                "RetryableError" => error,
                _ => single_error(&error),
            };
            sync.send(client, delivery.settings).await.map(|_nodes| ()).map_err(failed)
        })
    }

    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>> {
        Box::pin(async move {
            let sync = match Sync::prepare(delivery.payloads) {
                Ok(sync) => sync,
                Err(refusal) => return Ok(Returned::Nodes(vec![Some(refusal.node()); delivery.payloads.len()])),
            };
            let mut nodes = vec![None; delivery.payloads.len()];
            for (payload_idx, refusal) in &sync.refused {
                nodes[*payload_idx] = Some(refusal.node());
            }
            if sync.visitors.is_empty() {
                return Ok(Returned::Nodes(nodes));
            }
            match sync.send(client, delivery.settings).await {
                Ok(answered) => {
                    for (visitor, node) in sync.visitors.iter().zip(answered) {
                        nodes[visitor.payload_idx] = node;
                    }
                }
                Err(error) if error.name == "RetryableError" => return Err(error),
                Err(error) => {
                    for visitor in &sync.visitors {
                        nodes[visitor.payload_idx] = Some(failed_node(&error, visitor));
                    }
                }
            }
            Ok(Returned::Nodes(nodes))
        })
    }
}

/// What a delivery is about to change.
struct Sync<'a> {
    segment_id: &'a str,
    visitors: Vec<Visitor<'a>>,
    refused: Vec<(usize, Refusal)>,
}

struct Visitor<'a> {
    payload_idx: usize,
    id: &'a str,
    operation: &'static str,
}

/// Why a payload is not sent.
#[derive(Clone, Copy)]
enum Refusal {
    SegmentMissing,
    VisitorMissing,
    MembershipUnknown,
}

impl Refusal {
    fn message(self) -> &'static str {
        match self {
            Self::SegmentMissing => "Missing Pendo Segment ID",
            Self::VisitorMissing => "Visitor ID is required",
            Self::MembershipUnknown => "Unable to determine audience membership for this event",
        }
    }

    fn error(self) -> DeliveryError {
        match self {
            Self::SegmentMissing | Self::VisitorMissing => DeliveryError::payload_validation(self.message()),
            Self::MembershipUnknown => DeliveryError::new("InvalidAudienceMembershipError", self.message())
                .with_code("INVALID_AUDIENCE_MEMBERSHIP")
                .with_status(400),
        }
    }

    fn node(self) -> Node {
        Node::refused(400, None, self.message())
    }
}

impl<'a> Sync<'a> {
    /// Sorts payloads into visitors and refusals. The segment of the first payload counts for all of them (Q-12).
    fn prepare(payloads: &'a [Payload]) -> Result<Self, Refusal> {
        let segment_id =
            payloads.first().and_then(|first| first.text("segmentAudienceId")).ok_or(Refusal::SegmentMissing)?;
        let (mut visitors, mut refused) = (Vec::with_capacity(payloads.len()), Vec::new());
        for (payload_idx, payload) in payloads.iter().enumerate() {
            let operation = |adds: bool| if adds { "add" } else { "remove" };
            match (payload.text("visitorId"), payload.membership.map(operation)) {
                (None, _) => refused.push((payload_idx, Refusal::VisitorMissing)),
                (_, None) => refused.push((payload_idx, Refusal::MembershipUnknown)),
                (Some(id), Some(operation)) => visitors.push(Visitor { payload_idx, id, operation }),
            }
        }
        Ok(Self { segment_id, visitors, refused })
    }

    /// Sends the one request, and gives a node for each visitor that Pendo's answer speaks of.
    async fn send(
        &self,
        client: &Client<'_>,
        settings: &Map<String, Value>,
    ) -> Result<Vec<Option<Node>>, DeliveryError> {
        let of = |operation: &str| -> Vec<&str> {
            self.visitors.iter().filter(|visitor| visitor.operation == operation).map(|visitor| visitor.id).collect()
        };
        let request = requests::patch_visitors(host(settings)?, self.segment_id, &of("add"), &of("remove"));
        let response = client.send(Call::Visitors, request).await?;
        let mut nodes = vec![None; self.visitors.len()];
        for item in multistatus(&response)? {
            // Whatever is not called "add" speaks of the removals.
            let operation = if item.get("operation").and_then(Value::as_str) == Some("add") { "add" } else { "remove" };
            let mut concerned =
                self.visitors.iter().zip(&mut nodes).filter(|(v, _)| v.operation == operation).peekable();
            if concerned.peek().is_some() {
                let verdict = judge_item(client, operation, &item)?;
                concerned.for_each(|(visitor, node)| *node = Some(verdict.node(visitor, &item)));
            }
        }
        Ok(nodes)
    }
}

/// The items of Pendo's answer, or what JavaScript says where they are not where they should be (Q-08).
fn multistatus(response: &Response) -> Result<Vec<Value>, DeliveryError> {
    let type_error = |message: String| DeliveryError::new("TypeError", message);
    let unreadable = |of: &str, key: &str| type_error(format!("Cannot read properties of {of} (reading '{key}')"));
    let data = answer::data(response);
    let list = match data.as_deref() {
        None => return Err(unreadable("undefined", "multistatus")),
        Some(Value::Null) => return Err(unreadable("null", "multistatus")),
        Some(data) => js::member(data, "multistatus"),
    };
    match list.as_deref() {
        None => Err(unreadable("undefined", "forEach")),
        Some(Value::Null) => Err(unreadable("null", "forEach")),
        Some(Value::Array(items)) if items.iter().any(Value::is_null) => Err(unreadable("null", "status")),
        Some(Value::Array(items)) => Ok(items.clone()),
        Some(_) => Err(type_error("data.multistatus.forEach is not a function".to_owned())),
    }
}

/// What the rules make of one item of Pendo's answer.
struct ItemVerdict {
    is_success: bool,
    status: u16,
}

fn judge_item(client: &Client<'_>, operation: &str, item: &Value) -> Result<ItemVerdict, DeliveryError> {
    let status = answer::item_status(item);
    let message =
        item.get("message").filter(|message| js::truthy(message)).map(|message| js::text(message).into_owned());
    let message = message.unwrap_or_else(|| FALLBACK_MESSAGE.to_owned());
    let facts =
        client.judge().facts().with(Fact::Call, Call::Visitors.name()).with(Fact::Operation, operation.to_owned());
    let facts = facts.with_some(Fact::Status, status).with(Fact::Detail, message);
    let is_success = match client.judge().ask(Stage::Item, facts.clone()).decides {
        Decide::Throw(thrown) => return Err(thrown.error(&facts)),
        Decide::Accept => true,
        _ => false,
    };
    Ok(ItemVerdict { is_success, status: status.unwrap_or(400) })
}

impl ItemVerdict {
    fn node(&self, visitor: &Visitor<'_>, item: &Value) -> Node {
        let (status, sent) = (self.status, requests::sent_for(visitor.operation, visitor.id));
        if self.is_success {
            return Node::Success { status, sent, body: Arc::new(json!({ "success": status })) };
        }
        let told = |name: &str| Some((name.to_owned(), item.get(name)?.clone()));
        let body: Value = ["status", "message", "operation"].into_iter().filter_map(told).collect();
        Node::Failure {
            status,
            errortype: None,
            errormessage: item.get("message").map(|message| js::text(message).into_owned()),
            sent: Some(sent),
            body: Some(Arc::new(body)),
        }
    }
}

const FALLBACK_MESSAGE: &str = "An error occurred while syncing visitors to Pendo Segment.";

fn message_of(error: &DeliveryError) -> &str {
    if error.message.is_empty() { FALLBACK_MESSAGE } else { &error.message }
}

/// What the reference's own catch makes of an error in single mode: 500 unless an answer came (Q-01).
fn single_error(error: &DeliveryError) -> DeliveryError {
    let status = error.response.as_ref().map_or(500, |response| response.status);
    DeliveryError::integration(message_of(error).to_owned(), code_name(status), status)
}

/// What the reference's own catch makes of an error for one visitor of a batch.
fn failed_node(error: &DeliveryError, visitor: &Visitor<'_>) -> Node {
    let (status, body) = match &error.response {
        Some(response) => (response.status, answer::data(response).map(Cow::into_owned).filter(js::truthy)),
        None => (500, Some(json!({ "message": message_of(error) }))),
    };
    Node::Failure {
        status,
        errortype: None,
        errormessage: Some(message_of(error).to_owned()),
        sent: Some(requests::sent_for(visitor.operation, visitor.id)),
        body: body.map(Arc::new),
    }
}
