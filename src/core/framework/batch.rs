//! One pass over a batch: every event ends up as one node, in the order of the events.
use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};

use super::answer;
use super::client::Client;
use super::prepared::Prepared;
use super::run::{Ran, Settings, validated};
use super::verdict;
use crate::core::destinations::{Action, Delivery, Hook, Node, Payload, Returned};
use crate::core::error::DeliveryError;
use crate::core::membership;
use crate::core::names::Mode;
use crate::core::record::{EventRecord, Item};

/// One event of a batch.
#[derive(Clone, Debug)]
pub(super) struct BatchItem {
    /// What the session records of it, its decision still open.
    pub(super) record: Item,
    /// What the fact `outcome` says of it: `item`, or `not_subscribed` or `rejected` where it was never meant to be sent.
    pub(super) outcome: &'static str,
}

impl BatchItem {
    fn of(node: Node, outcome: &'static str) -> Self {
        Self { record: node.into(), outcome }
    }

    fn refused(message: &str, outcome: &'static str) -> Self {
        Self::of(Node::refused(400, Some("PAYLOAD_VALIDATION_FAILED"), message), outcome)
    }
}

pub(super) async fn run(
    prepared: &Prepared<'_>,
    action: &dyn Action,
    settings: &Settings,
    client: &Client<'_>,
    events: &[Arc<EventRecord>],
) -> Result<Ran, DeliveryError> {
    let condition = match &prepared.subscription {
        Ok(condition) => condition,
        Err(message) => {
            return Ok(decided(client, vec![BatchItem::refused(message, "rejected"); events.len()]));
        }
    };
    let not_matching = BatchItem::refused(NOT_MATCHING, "not_subscribed");
    let mut items: Vec<Option<BatchItem>> = vec![None; events.len()];
    let mut subscribed = Vec::with_capacity(events.len());
    for (event_idx, event) in events.iter().enumerate() {
        if condition.matches(&event.payload)? {
            subscribed.push((event_idx, &event.payload));
        } else {
            items[event_idx] = Some(not_matching.clone());
        }
    }
    if subscribed.is_empty() {
        return Ok(Ran::NotSubscribed);
    }
    let (valid, payloads) = payloads(prepared, action, &subscribed, &mut items)?;
    if !payloads.is_empty() {
        client.check_headers()?;
        let delivery = Delivery { settings, payloads: &payloads, hook: Hook::of_mapping(&prepared.mapping) };
        let returned = action.perform_batch(client, delivery).await?;
        for (event_idx, node) in valid.into_iter().zip(nodes(returned, payloads)) {
            items[event_idx] = Some(BatchItem::of(node, "item"));
        }
    }
    Ok(decided(client, items.into_iter().map(|item| item.unwrap_or_else(|| not_matching.clone())).collect()))
}

fn decided(client: &Client<'_>, mut items: Vec<BatchItem>) -> Ran {
    verdict::decide_items(client.judge(), &mut items);
    Ran::Items(items)
}

const NOT_MATCHING: &str = "Payload is either invalid or does not match the subscription";

/// The payloads that are valid, and the indexes of their events. The others become items.
fn payloads(
    prepared: &Prepared<'_>,
    action: &dyn Action,
    subscribed: &[(usize, &Value)],
    items: &mut [Option<BatchItem>],
) -> Result<(Vec<usize>, Vec<Payload>), DeliveryError> {
    let compiled = prepared.compiled.as_ref().map_err(Clone::clone)?;
    let events: Vec<&Value> = subscribed.iter().map(|(_, event)| *event).collect();
    let (mut valid, mut payloads) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    let mut throws = None;
    for ((event_idx, event), payload) in subscribed.iter().zip(compiled.transform_batch(&events)?) {
        // Asked of events that are not valid too, and one that throws takes the valid ones along.
        let membership = membership::resolve(event, membership::Options::default());
        let membership = membership.unwrap_or_else(|error| {
            throws.get_or_insert(error);
            None
        });
        match validated(action, payload, Mode::Batch) {
            Ok(fields) => {
                valid.push(*event_idx);
                payloads.push(Payload { fields, membership });
            }
            Err(error) => items[*event_idx] = Some(BatchItem::refused(&error.message, "item")),
        }
    }
    match throws {
        Some(error) if !payloads.is_empty() => Err(error.into()),
        _ => Ok((valid, payloads)),
    }
}

/// One node a payload out of what the action returned.
fn nodes(returned: Returned, payloads: Vec<Payload>) -> Vec<Node> {
    match returned {
        Returned::Nothing => successes(payloads, 200, json!({})),
        Returned::Answer(response) => {
            let data = answer::data(&response).filter(|data| !data.is_null());
            let body = data.map_or_else(|| answer::content(&response).into_owned().into(), Cow::into_owned);
            successes(payloads, response.status, body)
        }
        Returned::Nodes(nodes) => {
            let mut nodes = nodes.into_iter();
            payloads.iter().map(|_| nodes.next().flatten().unwrap_or_else(missing_node)).collect()
        }
    }
}

fn successes(payloads: Vec<Payload>, status: u16, body: Value) -> Vec<Node> {
    let body = Arc::new(body);
    let success = |payload: Payload| Node::Success { status, sent: payload.fields.into(), body: Arc::clone(&body) };
    payloads.into_iter().map(success).collect()
}

fn missing_node() -> Node {
    let message = "MultiStatusResponse is missing a response at the specified index";
    Node::refused(500, Some("PAYLOAD_VALIDATION_FAILED"), message)
}
