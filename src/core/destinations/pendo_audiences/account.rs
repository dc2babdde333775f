//! The destination itself: the account, its credentials, and the segments that stand for audiences.
use std::borrow::Cow;

use serde_json::{Map, Value};

use super::perform::SyncAudience;
use super::{fields, requests};
use crate::core::destinations::{AudienceInput, AuthScheme, Destination, DestinationAbout};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::{Headers, Response};
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::plan::Auth;
use crate::core::rules::Call;
use crate::core::world::LocalFuture;

/// The destination.
pub(in crate::core::destinations) struct PendoAudiences;

impl Destination for PendoAudiences {
    fn about(&self) -> &'static DestinationAbout {
        &DestinationAbout {
            name: DestinationName::PendoAudiences,
            title: "Pendo Audiences",
            description: "Keeps the visitors of Pendo segments in step with Segment audiences.",
            auth_scheme: AuthScheme::Custom,
            settings: fields::SETTINGS,
            actions: &[&SyncAudience],
        }
    }

    fn headers(&self, settings: &Map<String, Value>, _access_token: &str) -> Headers {
        let key = settings.get("integrationKey").map(js::text).unwrap_or_default();
        [("x-pendo-integration-key", key.as_ref()), ("content-type", "application/json")].into_iter().collect()
    }

    fn test_authentication<'a>(
        &'a self,
        client: &'a Client<'a>,
        settings: &'a Map<String, Value>,
        _auth: &'a Auth,
    ) -> Option<LocalFuture<'a, Result<(), DeliveryError>>> {
        Some(Box::pin(async move {
            client.send(Call::Profile, requests::verify_key(host(settings)?)).await?;
            Ok(())
        }))
    }

    fn create_audience<'a>(
        &'a self,
        client: &'a Client<'a>,
        input: AudienceInput<'a>,
    ) -> Option<LocalFuture<'a, Result<String, DeliveryError>>> {
        Some(Box::pin(create_audience(client, input)))
    }

    fn get_audience<'a>(
        &'a self,
        client: &'a Client<'a>,
        input: AudienceInput<'a>,
    ) -> Option<LocalFuture<'a, Result<String, DeliveryError>>> {
        Some(Box::pin(get_audience(client, input)))
    }
}

/// The host of the account's region.
pub(super) fn host(settings: &Map<String, Value>) -> Result<&'static str, DeliveryError> {
    let region = settings.get("region").and_then(Value::as_str).unwrap_or_default();
    let unknown = || DeliveryError::integration(format!("Invalid region: {region}"), "NOT_IMPLEMENTED", 400);
    requests::host(region).ok_or_else(unknown)
}

/// An empty name in the audience's own settings is a name too, and not a good one.
async fn create_audience(client: &Client<'_>, input: AudienceInput<'_>) -> Result<String, DeliveryError> {
    let own = input.audience_settings.and_then(|settings| settings.get("audienceName")).filter(|name| !name.is_null());
    let name = own.map_or(Cow::Borrowed(input.audience_name), js::text);
    if name.is_empty() {
        let message = "A Pendo Segment name is required";
        return Err(DeliveryError::integration(message, "MISSING_REQUIRED_FIELD", 422));
    }
    let response = client.send(Call::Create, requests::create_segment(host(input.settings)?, &name)).await?;
    Ok(field_text(&response, "segmentId"))
}

async fn get_audience(client: &Client<'_>, input: AudienceInput<'_>) -> Result<String, DeliveryError> {
    let id = input.external_id;
    let response = client.send(Call::Lookup, requests::get_segment(host(input.settings)?, id)).await?;
    if field_text(&response, "id") == id {
        return Ok(id.to_owned());
    }
    Err(DeliveryError::integration(format!("Pendo segment with ID {id} not found"), "SEGMENT_NOT_FOUND", 404))
}

fn field_text(response: &Response, name: &str) -> String {
    let data = answer::data(response);
    let field = data.as_deref().and_then(|data| js::member(data, name));
    field.as_deref().map_or_else(|| "undefined".to_owned(), |value| js::text(value).into_owned())
}
