//! The steps of LinkedIn Conversions.
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{fields, requests};
use crate::core::destinations::{
    Action, ActionAbout, AuthScheme, Delivery, Destination, DestinationAbout, Hook, Node, Payload, Returned, linkedin,
};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::Headers;
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::plan::Auth;
use crate::core::rules::Call;
use crate::core::time::Timestamp;
use crate::core::world::LocalFuture;

/// Version of LinkedIn's API that the reference asked for in August 2026.
const API_VERSION: &str = "202603";

/// The destination.
pub(in crate::core::destinations) struct LinkedinConversions;

impl Destination for LinkedinConversions {
    fn about(&self) -> &'static DestinationAbout {
        &DestinationAbout {
            name: DestinationName::LinkedinConversions,
            title: "LinkedIn Conversions API",
            description: "Reports conversions to LinkedIn.",
            auth_scheme: AuthScheme::Oauth2,
            settings: &[],
            actions: &[&StreamConversion],
        }
    }

    fn headers(&self, _settings: &Map<String, Value>, access_token: &str) -> Headers {
        let bearer = format!("Bearer {access_token}");
        let fields = [
            ("authorization", bearer.as_str()),
            ("linkedin-version", API_VERSION),
            ("x-restli-protocol-version", "2.0.0"),
        ];
        fields.into_iter().collect()
    }

    /// Client and secret are the app's own in the reference; a plan says them.
    fn refresh<'a>(
        &'a self,
        client: &'a Client<'a>,
        auth: &'a Auth,
    ) -> LocalFuture<'a, Result<Option<String>, DeliveryError>> {
        Box::pin(async move {
            let is_missing = |text: &Option<String>| text.as_ref().is_none_or(String::is_empty);
            let failed =
                |message: &str, status| Err(DeliveryError::integration(message, "OAUTH_REFRESH_FAILED", status));
            if is_missing(&auth.client_id) {
                return failed("Missing client ID", 500);
            }
            if is_missing(&auth.client_secret) {
                return failed("Missing client secret", 500);
            }
            if is_missing(&auth.refresh_token) {
                return failed("Missing refresh token. Please re-authenticate to fetch a new refresh token.", 401);
            }
            linkedin::refresh(client, auth, "application/x-www-form-urlencoded").await
        })
    }

    fn test_authentication<'a>(
        &'a self,
        client: &'a Client<'a>,
        _settings: &'a Map<String, Value>,
        auth: &'a Auth,
    ) -> Option<LocalFuture<'a, Result<(), DeliveryError>>> {
        Some(Box::pin(async move {
            if auth.access_token.as_ref().is_none_or(String::is_empty) {
                let message = "Please authenticate via Oauth before enabling the destination.";
                return Err(DeliveryError::new("Error", message));
            }
            client.send(Call::Profile, linkedin::request("GET", "/me", [], None)).await.map(|_profile| ())
        }))
    }
}

/// Reports conversions of one conversion rule.
struct StreamConversion;

impl Action for StreamConversion {
    fn about(&self) -> &'static ActionAbout {
        &ActionAbout {
            name: "streamConversion",
            title: "Stream Conversion Event",
            description: "Reports conversions of one conversion rule, which the mapping's onMappingSave names.",
            default_subscription: r#"type = "track""#,
            fields: fields::STREAM_CONVERSION,
        }
    }

    /// The rule's id is asked for after everything else; a batch asks for it first.
    fn perform<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<(), DeliveryError>> {
        Box::pin(async move {
            let Some(payload) = delivery.payloads.first() else { return Ok(()) };
            let happened_at = check(payload, client.now()).map_err(DeliveryError::payload_validation)?;
            let element = requests::element(payload, rule_id(delivery.hook)?, happened_at);
            client.send(Call::Conversions, requests::stream(element)).await.map(|_created| ())
        })
    }

    fn perform_batch<'a>(
        &'a self,
        client: &'a Client<'a>,
        delivery: Delivery<'a>,
    ) -> LocalFuture<'a, Result<Returned, DeliveryError>> {
        Box::pin(async move {
            let rule_id = rule_id(delivery.hook)?;
            let mut nodes = vec![None; delivery.payloads.len()];
            let (mut valid, mut elements) = (Vec::new(), Vec::new());
            for (payload_idx, payload) in delivery.payloads.iter().enumerate() {
                match check(payload, client.now()) {
                    Ok(happened_at) => {
                        valid.push(payload_idx);
                        elements.push(requests::element(payload, rule_id, happened_at));
                    }
                    Err(message) => {
                        nodes[payload_idx] = Some(Node::refused(400, Some("PAYLOAD_VALIDATION_FAILED"), message));
                    }
                }
            }
            if !elements.is_empty() {
                let answered = answer_nodes(client, elements).await?;
                for (payload_idx, node) in valid.into_iter().zip(answered) {
                    nodes[payload_idx] = Some(node);
                }
            }
            Ok(Returned::Nodes(nodes))
        })
    }
}

fn rule_id(hook: Hook<'_>) -> Result<&Value, DeliveryError> {
    let missing = || DeliveryError::payload_validation("Conversion Rule ID is required.");
    hook.output("id").filter(|id| js::truthy(id)).ok_or_else(missing)
}

/// One answer for all elements; statuses of single ones in it are not looked at (Q-11).
async fn answer_nodes(client: &Client<'_>, elements: Vec<Value>) -> Result<Vec<Node>, DeliveryError> {
    let result = client.send(Call::Conversions, requests::stream_batch(&elements)).await;
    let failed = match &result {
        Ok(response) => {
            let body = Arc::new(Value::String(answer::content(response).into_owned()));
            let success = |sent| Node::Success { status: response.status, sent, body: Arc::clone(&body) };
            return Ok(elements.into_iter().map(success).collect());
        }
        Err(error) => error,
    };
    let Some(response) = &failed.response else { return result.map(|_response| Vec::new()) };
    let content = answer::content(response);
    let message = if content.is_empty() { failed.message.clone() } else { content.into_owned() };
    let failure = |sent| Node::Failure {
        status: response.status,
        errortype: None,
        errormessage: Some(message.clone()),
        sent: Some(sent),
        body: None,
    };
    Ok(elements.into_iter().map(failure).collect())
}

const OLDEST: Duration = Duration::from_hours(90 * 24);

/// When the conversion happened, in milliseconds since 1970, or why it cannot be sent.
fn check(payload: &Payload, now: Timestamp) -> Result<f64, &'static str> {
    let text = payload.fields.get("conversionHappenedAt").map(js::text).unwrap_or_default();
    let happened_at = millis(&text).ok_or("Timestamp is not a valid date.")?;
    if happened_at < js::number(&now.saturating_sub(OLDEST).as_millis().into()) {
        return Err("Timestamp should be within the past 90 days.");
    }
    if ["email", "linkedInUUID", "acxiomID", "oracleID"].iter().all(|field| payload.text(field).is_none()) {
        return Err("One of email or LinkedIn UUID or Acxiom ID or Oracle ID is required.");
    }
    Ok(happened_at)
}

/// Whole numbers that are a time between 1970 and 2100 in milliseconds are one, seconds too (Q-22); empty text is 0.
/// Everything else is read as a date.
fn millis(text: &str) -> Option<f64> {
    const YEAR_2100: f64 = 4_102_444_800_000.0;
    let number = js::number_from_text(text);
    if number.fract() == 0.0 && (0.0..=YEAR_2100).contains(&number) {
        return Some(number);
    }
    js::parse_date(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_milliseconds_or_dates() {
        for (text, expected) in [
            ("1764000000000", Some(1_764_000_000_000.0)),
            ("1764000000", Some(1_764_000_000.0)),
            ("", Some(0.0)),
            ("4102444800001", None),
            ("1.5", Some(978_652_800_000.0)),
            ("yesterday", None),
            ("2026-11-20T10:00:00.000Z", Some(1_795_168_800_000.0)),
        ] {
            assert_eq!(millis(text), expected, "{text:?}");
        }
    }
}
