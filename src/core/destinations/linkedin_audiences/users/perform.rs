//! The steps of `updateAudience`: find the segment or make it, then send the people. One delivery is a batch of one.
use std::time::Duration;

use serde_json::{Map, Value};

use super::fields;
use super::requests::{self, Sends};
use crate::core::destinations::linkedin_audiences::account::{NOTHING_TO_SEND, account_urn, sends};
use crate::core::destinations::{Action, ActionAbout, Delivery, Payload, Returned};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::{Body, Response};
use crate::core::js::{self, TypeError};
use crate::core::rules::Call;
use crate::core::world::LocalFuture;

/// Adds people to a LinkedIn segment or removes them.
pub(in crate::core::destinations::linkedin_audiences) struct UpdateAudience;

impl Action for UpdateAudience {
    fn about(&self) -> &'static ActionAbout {
        &ActionAbout {
            name: "updateAudience",
            title: "Sync To LinkedIn DMP Segment",
            description: "Adds people to a LinkedIn segment or removes them from it.",
            default_subscription: r#"event = "Audience Entered" or event = "Audience Exited""#,
            fields: fields::UPDATE_AUDIENCE,
        }
    }

    fn perform<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move { update(client, delivery).await.map(|_returned| ()) })
    }

    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>> {
        Box::pin(update(client, delivery))
    }
}

/// Statuses of single people in LinkedIn's answer are not looked at (Q-11), and the first payload says for all which
/// segment they go to (Q-12).
async fn update(client: &Client<'_>, delivery: Delivery<'_>) -> Result<Returned, DeliveryError> {
    let Some(first) = delivery.payloads.first() else { return Ok(Returned::Nothing) };
    let sends = Sends {
        email: sends(delivery.settings, "send_email"),
        google_advertising_id: sends(delivery.settings, "send_google_advertising_id"),
    };
    check(first, sends)?;
    let segment_id = segment_id(client, delivery.settings, first).await?;
    let is_somebody =
        |payload: &&Payload| payload.text("email").is_some() || payload.text("google_advertising_id").is_some();
    let people = delivery.payloads.iter().filter(is_somebody);
    let elements: Vec<Value> = people.map(|payload| requests::element(payload, sends)).collect();
    if elements.is_empty() {
        return Ok(Returned::Nothing);
    }
    let response = client.send(Call::Users, requests::update_users(&segment_id, &elements)).await?;
    Ok(Returned::Answer(Box::new(response)))
}

fn check(first: &Payload, sends: Sends) -> Result<(), DeliveryError> {
    let invalid = |message: &str| Err(DeliveryError::integration(message, "INVALID_SETTINGS", 400));
    let left_to_itself = first.fields.get("dmp_user_action").is_none_or(|action| action == "AUTO");
    if left_to_itself && first.fields.get("source_segment_id") != first.fields.get("personas_audience_key") {
        return invalid("The value of `source_segment_id` and `personas_audience_key` must match.");
    }
    if !sends.email && !sends.google_advertising_id {
        return invalid(NOTHING_TO_SEND);
    }
    Ok(())
}

const DAY: Duration = Duration::from_hours(24);

/// The segment's id: remembered, found or new. It is remembered under one key and looked up by another.
async fn segment_id(
    client: &Client<'_>,
    settings: &Map<String, Value>,
    first: &Payload,
) -> Result<String, DeliveryError> {
    let field = |name: &str| first.fields.get(name).map_or_else(|| "undefined".into(), js::text);
    let memory_key = format!("dmpsegment_id_{}", field("source_segment_id"));
    if let Some(id) = client.connection().recall(&memory_key, client.now()).filter(|id| !id.is_empty()) {
        return Ok(id);
    }
    let (account, audience_key) = (account_urn(settings), field("personas_audience_key"));
    let remember = |id: &str, keep| client.connection().remember(&memory_key, id, keep, client.now());
    let request = requests::find_segment(&account, &audience_key);
    let url = request.url.clone();
    let found = client.send(Call::Lookup, request).await?;
    if let Some(id) = first_id(&found, &url)? {
        remember(&id, Some(DAY));
        return Ok(id);
    }
    let request = requests::create_segment(&account, first.fields.get("dmp_segment_name"), &audience_key);
    let created = client.send(Call::Create, request).await?;
    // LinkedIn documents x-restli-id; where x-linkedin-id is missing, the word `undefined` goes into the next URL (Q-10).
    let Some(id) = created.headers.get("x-linkedin-id") else { return Ok("undefined".to_owned()) };
    remember(id, None);
    Ok(id.to_owned())
}

/// The id of the first segment of a lookup's answer, which is read as JSON whatever it says it is. A segment without one
/// has the id `undefined`, and whatever has a length counts as a list.
fn first_id(response: &Response, url: &str) -> Result<Option<String>, DeliveryError> {
    let Body::Json(body) = &response.body else {
        let reason = js::json_error(&answer::content(response));
        let message = format!("invalid json response body at {url} reason: {reason}");
        return Err(DeliveryError::new("FetchError", message));
    };
    if body.is_null() {
        return Err(TypeError::reading("elements", "null").into());
    }
    let elements = js::member(body, "elements");
    let first = elements.as_deref().and_then(|elements| js::member(elements, "0"));
    match first.as_deref() {
        None => Ok(None),
        Some(Value::Null) => Err(TypeError::reading("id", "null").into()),
        Some(first) => {
            Ok(Some(js::member(first, "id").map_or_else(|| "undefined".to_owned(), |id| js::text(&id).into_owned())))
        }
    }
}
