//! What the composer offers to begin with: events, simulator stories and a first plan.
use serde_json::{Map, Value, json};

use super::draft::{Answerer, Draft};
use crate::core::names::{ClockKind, DestinationName, Mode, RefreshHook, RuleSetName};

/// Something to begin with.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// What it is called in the gallery.
    pub title: &'static str,
    /// What to expect of it.
    pub hint: &'static str,
    /// JSON text.
    pub json: &'static str,
}

macro_rules! template {
    ($title:literal, $hint:literal, $file:literal) => {
        Template { title: $title, hint: $hint, json: include_str!(concat!("../../../assets/templates/", $file)) }
    };
}

/// Events of the gallery.
pub const EVENTS: &[Template] = &[
    template!(
        "Audience entered (track)",
        "Engage tells that a person joined an audience",
        "audience-entered-track.json"
    ),
    template!("Audience exited (track)", "Engage tells that a person left an audience", "audience-exited-track.json"),
    template!("Audience entered (identify)", "The same as a boolean trait", "audience-entered-identify.json"),
    template!("Audience exited (identify)", "The same as a boolean trait, false", "audience-exited-identify.json"),
    template!("Audience batch of 4", "Two visitors join, two leave; fire it in batch mode", "audience-batch.json"),
    template!("Journey step", "A journey's custom event: membership cannot be told", "journey-step.json"),
    template!("Purchase", "An order with revenue and an e-mail", "purchase.json"),
    template!("Invalid: membership is text", "\"true\" in quotes is no membership", "invalid-membership.json"),
    template!("Invalid: no personas", "context.personas is null: poisons a batch", "invalid-personas-null.json"),
];

/// Stories of the simulator.
pub const STORIES: &[Template] = &[
    template!("Everything works", "Answers with ordinary delays", "story-works.json"),
    template!("Pendo is busy twice", "409, 409, then 200", "story-pendo-busy.json"),
    template!("Fresh token not known yet", "401/65601, refresh, wait, delivered", "story-token-propagation.json"),
    template!("Outage", "A third of all requests answers 503", "story-outage.json"),
    template!("Refresh token revoked", "The refresh fails and is the error that counts", "story-refresh-revoked.json"),
];

/// The draft of a new composer: the LinkedIn token propagation story on the simulator.
#[must_use]
pub fn first_draft() -> Draft {
    Draft {
        name: String::new(),
        destination: DestinationName::LinkedinAudiences,
        action: "updateAudience".to_owned(),
        mode: Mode::Single,
        rules: RuleSetName::default(),
        settings: format!(
            "{:#}",
            json!({"ad_account_id": "512345", "send_email": true, "send_google_advertising_id": true})
        ),
        auth: object(json!({
            "access_token": "token-1", "refresh_token": "refresh-1", "client_id": "client-1", "client_secret": "secret-1"
        })),
        events: EVENTS[0].json.trim_end().to_owned(),
        refresh_hook: RefreshHook::default(),
        batching: Value::Null,
        subscription: String::new(),
        mapping: String::new(),
        answerer: Answerer::Simulator,
        simulator: STORIES[2].json.trim_end().to_owned(),
        script: "[\n  {\"status\": 200, \"body\": {}}\n]".to_owned(),
        endpoint: "http://127.0.0.1:9009".to_owned(),
        clock: ClockKind::Virtual,
        seed: 7,
        start_at: None,
        pipeline: Value::Null,
        deduplication: Value::Null,
        n_copies: 1,
        spread: String::new(),
        kept: Map::new(),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::composer::draft::parse_events;

    #[test]
    fn every_template_is_what_its_editor_expects() {
        for template in EVENTS {
            assert!(parse_events(template.json).is_ok(), "{}", template.title);
        }
        for story in STORIES {
            let json: Result<Map<String, Value>, _> = serde_json::from_str(story.json);
            assert!(json.is_ok(), "{}: {json:?}", story.title);
        }
        assert!(first_draft().to_plan().is_ok());
    }
}
