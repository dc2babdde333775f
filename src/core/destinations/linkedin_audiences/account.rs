//! The destination itself: the ad account, its credentials and their refresh.
use serde_json::{Map, Value};

use super::companies::UpdateCompanyAudience;
use super::users::UpdateAudience;
use crate::core::destinations::{AuthScheme, Destination, DestinationAbout, linkedin};
use crate::core::error::DeliveryError;
use crate::core::framework::{Client, answer};
use crate::core::http::Headers;
use crate::core::js;
use crate::core::names::DestinationName;
use crate::core::plan::Auth;
use crate::core::rules::Call;
use crate::core::schema::{Field, FieldKind, Required};
use crate::core::world::LocalFuture;

/// Version of LinkedIn's API that the reference asked for in August 2026.
const API_VERSION: &str = "202604";

/// Settings of the destination.
const SETTINGS: &[Field] = &[
    Field {
        description: "Id of the ad account, from LinkedIn Campaign Manager.",
        required: Required::Yes,
        ..Field::new("ad_account_id", "LinkedIn Ad Account Id", FieldKind::String)
    },
    Field {
        description: "Whether e-mail addresses are sent, hashed.",
        required: Required::Yes,
        default: "true",
        ..Field::new("send_email", "Send Email", FieldKind::Boolean)
    },
    Field {
        description: "Whether Google advertising ids are sent.",
        required: Required::Yes,
        default: "true",
        ..Field::new("send_google_advertising_id", "Send Google Advertising ID", FieldKind::Boolean)
    },
];

/// Said where nothing may be sent that identifies anybody.
pub(super) const NOTHING_TO_SEND: &str =
    "At least one of `Send Email` or `Send Google Advertising ID` must be set to `true`.";

/// The destination.
pub(in crate::core::destinations) struct LinkedinAudiences;

impl Destination for LinkedinAudiences {
    fn about(&self) -> &'static DestinationAbout {
        &DestinationAbout {
            name: DestinationName::LinkedinAudiences,
            title: "LinkedIn Audiences",
            description: "Keeps LinkedIn's matched audiences in step with Segment audiences.",
            auth_scheme: AuthScheme::Oauth2,
            settings: SETTINGS,
            actions: &[&UpdateAudience, &UpdateCompanyAudience],
        }
    }

    fn headers(&self, _settings: &Map<String, Value>, access_token: &str) -> Headers {
        let bearer = format!("Bearer {access_token}");
        [("authorization", bearer.as_str()), ("linkedin-version", API_VERSION)].into_iter().collect()
    }

    fn refresh<'a>(
        &'a self,
        client: &'a Client<'a>,
        auth: &'a Auth,
    ) -> LocalFuture<'a, Result<Option<String>, DeliveryError>> {
        Box::pin(linkedin::refresh(client, auth, "application/x-www-form-urlencoded;charset=UTF-8"))
    }

    fn test_authentication<'a>(
        &'a self,
        client: &'a Client<'a>,
        settings: &'a Map<String, Value>,
        auth: &'a Auth,
    ) -> Option<LocalFuture<'a, Result<(), DeliveryError>>> {
        Some(Box::pin(test_authentication(client, settings, auth)))
    }
}

/// Who are we, and may we write to the ad account?
async fn test_authentication(
    client: &Client<'_>,
    settings: &Map<String, Value>,
    auth: &Auth,
) -> Result<(), DeliveryError> {
    let error = |message: &str| Err(DeliveryError::new("Error", message));
    if auth.access_token.as_ref().is_none_or(String::is_empty) {
        return error("Please authenticate via Oauth before updating other settings and/or enabling the destination.");
    }
    if !sends(settings, "send_email") && !sends(settings, "send_google_advertising_id") {
        return error(NOTHING_TO_SEND);
    }
    let profile = client.send(Call::Profile, linkedin::request("GET", "/me", [], None)).await?;
    let profile = answer::data(&profile);
    let person = profile.as_deref().and_then(|profile| js::member(profile, "id"));
    let person = person.map_or_else(|| "undefined".to_owned(), |id| js::text(&id).into_owned());
    let path = format!("/adAccountUsers/account={}&user=urn:li:person:{person}", account_urn(settings));
    let user = client.send(Call::AdAccountUser, linkedin::request("GET", &path, [], None)).await?;
    if answer::data(&user).and_then(|user| user.get("role").cloned()) == Some("VIEWER".into()) {
        return error(
            "Access to the provided Ad Account with a role other than Viewer is required. Please reach out to a LinkedIn \
             Ad Account Admin on your team to grant proper access.",
        );
    }
    Ok(())
}

/// Whether a setting says that something is sent.
pub(super) fn sends(settings: &Map<String, Value>, setting: &str) -> bool {
    settings.get(setting) == Some(&Value::Bool(true))
}

/// LinkedIn's name for the ad account.
pub(super) fn account_urn(settings: &Map<String, Value>) -> String {
    format!("urn:li:sponsoredAccount:{}", settings.get("ad_account_id").map(js::text).unwrap_or_default())
}
