//! What a destination is: how to prove who we are, what it needs to know, and what it can do.
use serde_json::{Map, Value};

use super::action::Action;
use crate::core::error::DeliveryError;
use crate::core::framework::Client;
use crate::core::http::Headers;
use crate::core::names::{DestinationName, closed_names};
use crate::core::plan::Auth;
use crate::core::schema::{Field, Misfit};
use crate::core::world::LocalFuture;

closed_names! {
    /// How a destination authenticates.
    AuthScheme {
        /// Access tokens that are refreshed.
        Oauth2 = "oauth2",
        /// A key in a header or the like.
        Custom = "custom",
        /// Not at all, or in ways of the author's own.
        None = "none",
    }
}

/// What there is to say of a destination before anything is sent.
pub struct DestinationAbout {
    /// Its name in plans and sessions.
    pub name: DestinationName,
    /// Its name for people.
    pub title: &'static str,
    /// What it is for, in a sentence.
    pub description: &'static str,
    /// How it authenticates.
    pub auth_scheme: AuthScheme,
    /// What it needs to know of the customer's account.
    pub settings: &'static [Field],
    /// What can be sent to it.
    pub actions: &'static [&'static dyn Action],
}

/// A destination. All methods that send do so through the client of the pass, which knows the token.
pub trait Destination: Sync {
    /// What there is to say of it.
    fn about(&self) -> &'static DestinationAbout;

    /// Its name in plans and sessions.
    fn name(&self) -> DestinationName {
        self.about().name
    }

    /// Its name for people.
    fn title(&self) -> &'static str {
        self.about().title
    }

    /// What it is for, in a sentence.
    fn description(&self) -> &'static str {
        self.about().description
    }

    /// How it authenticates.
    fn auth_scheme(&self) -> AuthScheme {
        self.about().auth_scheme
    }

    /// What it needs to know of the customer's account.
    fn settings(&self) -> &'static [Field] {
        self.about().settings
    }

    /// What can be sent to it.
    fn actions(&self) -> &'static [&'static dyn Action] {
        self.about().actions
    }

    /// What is wrong with settings that have the types they must have, each with its place inside of them. It is found when
    /// an event is delivered; who writes settings wants to know before.
    fn settings_misfits(&self, settings: &Map<String, Value>) -> Vec<Misfit> {
        let _ = settings;
        Vec::new()
    }

    /// The headers of all of its requests; `access_token` is what stands in them, the word `undefined` if there is none.
    fn headers(&self, settings: &Map<String, Value>, access_token: &str) -> Headers;

    /// Asks for a new access token, and gives what the answer had in its place, if anything.
    ///
    /// # Errors
    /// The refresh failed, or the destination has none.
    fn refresh<'a>(
        &'a self,
        client: &'a Client<'a>,
        auth: &'a Auth,
    ) -> LocalFuture<'a, Result<Option<String>, DeliveryError>> {
        let _ = (client, auth);
        let message = "refreshAccessToken is only valid with oauth2 authentication scheme";
        Box::pin(async move { Err(DeliveryError::integration(message, "NotImplemented", 501)) })
    }

    /// Asks whether the credentials work; none if the destination has no way to find out.
    ///
    /// # Errors
    /// They do not.
    fn test_authentication<'a>(
        &'a self,
        client: &'a Client<'a>,
        settings: &'a Map<String, Value>,
        auth: &'a Auth,
    ) -> Option<LocalFuture<'a, Result<(), DeliveryError>>> {
        let _ = (client, settings, auth);
        None
    }

    /// Makes an audience and gives its id; none if the destination has no audiences of its own.
    ///
    /// # Errors
    /// It was not made.
    fn create_audience<'a>(
        &'a self,
        client: &'a Client<'a>,
        input: AudienceInput<'a>,
    ) -> Option<LocalFuture<'a, Result<String, DeliveryError>>> {
        let _ = (client, input);
        None
    }

    /// Looks an audience up and gives its id; none if the destination has no audiences of its own.
    ///
    /// # Errors
    /// It is not there.
    fn get_audience<'a>(
        &'a self,
        client: &'a Client<'a>,
        input: AudienceInput<'a>,
    ) -> Option<LocalFuture<'a, Result<String, DeliveryError>>> {
        let _ = (client, input);
        None
    }
}

/// What creating or looking up an audience is told. A plan says it in the `context.personas` of its first event:
/// `computation_key` is the audience's name, `external_audience_id` its id and `audience_settings` the settings.
#[derive(Clone, Copy)]
pub struct AudienceInput<'a> {
    /// The destination's settings.
    pub settings: &'a Map<String, Value>,
    /// Settings of this audience.
    pub audience_settings: Option<&'a Map<String, Value>>,
    /// What Segment calls the audience.
    pub audience_name: &'a str,
    /// What the destination calls it.
    pub external_id: &'a str,
}

/// What the `action` of a plan can name besides the actions of a destination.
#[derive(Clone, Copy)]
pub enum Operation {
    /// An action that events are sent to.
    Action(&'static dyn Action),
    /// Makes an audience.
    CreateAudience,
    /// Looks an audience up.
    GetAudience,
    /// Asks whether the credentials work.
    TestAuthentication,
}

impl Operation {
    /// What a plan's `action` means for a destination; none if it means nothing.
    #[must_use]
    pub fn of(destination: &dyn Destination, name: &str) -> Option<Self> {
        match name {
            "createAudience" => Some(Self::CreateAudience),
            "getAudience" => Some(Self::GetAudience),
            "testAuthentication" => Some(Self::TestAuthentication),
            _ => destination.actions().iter().find(|action| action.name() == name).map(|action| Self::Action(*action)),
        }
    }
}
