//! What deliveries of a generated session go through: short plans against the simulator, each run once for every variant,
//! by the engine that runs any plan.
use serde_json::{Map, Value, json};

use super::template::Template;
use crate::core::record::Record;
use crate::net::engine::{RunOptions, run_to_end};
use crate::session::plan_file;
use crate::session::secrets::{Aliases, Secrets};
use crate::sim;

/// How many runs of each story there are to choose from.
const N_VARIANTS: u8 = 12;

/// A run of a story: its records in the order in which they became known.
pub(super) struct Scene {
    pub(super) records: Vec<Template>,
    /// How many names of each kind it uses up.
    pub(super) n_events: u64,
    pub(super) n_deliveries: u64,
    /// How many token generations it adds to those of its destination.
    pub(super) n_refreshes: u64,
    /// Which destination's tokens it uses.
    pub(super) lane: usize,
}

/// All runs to choose from.
pub(super) struct Library {
    stories: Vec<(Story, Vec<Scene>)>,
}

impl Library {
    /// Runs every story.
    pub(super) fn run(seed: u64) -> Result<Self, String> {
        let stories = STORIES.iter().zip(0_u64..).map(|(story, number)| {
            let variants =
                (0..N_VARIANTS).map(|variant| scene(story, seed ^ (number << 32) ^ (u64::from(variant) << 16)));
            Ok((*story, variants.collect::<Result<_, String>>()?))
        });
        Ok(Self { stories: stories.collect::<Result<_, String>>()? })
    }

    /// The scene at a place from 0 up to 1 among all; troubled stories are rarer while nothing is down.
    pub(super) fn choose(&self, phase: Phase, place: f64, variant: f64) -> Option<&Scene> {
        let weight = |story: &Story| match phase {
            Phase::Calm => story.weight,
            Phase::Outage => story.weight_in_outage,
        };
        let total: f64 = self.stories.iter().map(|(story, _)| weight(story)).sum();
        let mut left = place * total;
        let (_, scenes) = self.stories.iter().find(|(story, _)| {
            left -= weight(story);
            left < 0.0
        })?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list of twelve")]
        scenes.get((variant * f64::from(N_VARIANTS)) as usize)
    }
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Most goes well.
    Calm,
    /// Receivers are down.
    Outage,
}

/// A kind of run.
#[derive(Clone, Copy)]
struct Story {
    destination: Destination,
    n_events: u32,
    mode: &'static str,
    simulator: &'static str,
    weight: f64,
    weight_in_outage: f64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Destination {
    Pendo,
    Linkedin,
    Conversions,
    Function,
}

const fn story(
    destination: Destination,
    n_events: u32,
    mode: &'static str,
    simulator: &'static str,
    weight: f64,
    weight_in_outage: f64,
) -> Story {
    Story { destination, n_events, mode, simulator, weight, weight_in_outage }
}

const STORIES: &[Story] = &[
    story(Destination::Pendo, 30, "single", r#"{"faults":[{"chance":0.02,"status":503}]}"#, 30.0, 10.0),
    story(Destination::Pendo, 12, "single", r#"{"pendo":{"busy_ms":90000}}"#, 4.0, 4.0),
    story(
        Destination::Pendo,
        60,
        "batch",
        r#"{"pendo":{"operation_failures":[{"chance":0.3,"status":400}]}}"#,
        1.0,
        1.0,
    ),
    story(
        Destination::Linkedin,
        25,
        "single",
        r#"{"faults":[{"chance":0.02,"status":429}],
            "linkedin":{"segments":[{"source_segment_id":"trial_users","id":"10001","type":"USER"}]}}"#,
        25.0,
        10.0,
    ),
    story(
        Destination::Linkedin,
        20,
        "single",
        r#"{"preset":"linkedin-token-propagation","linkedin":{"propagation_ms":20000}}"#,
        0.5,
        0.5,
    ),
    story(Destination::Linkedin, 6, "single", r#"{"preset":"linkedin-refresh-fails"}"#, 0.8, 0.8),
    story(Destination::Conversions, 30, "single", r#"{"faults":[{"chance":0.01,"status":500}]}"#, 20.0, 10.0),
    story(Destination::Function, 30, "single", r#"{"faults":[{"chance":0.015,"fault":"timeout"}]}"#, 20.0, 10.0),
    story(
        Destination::Function,
        10,
        "single",
        r#"{"faults":[{"chance":0.5,"fault":"connection-reset","acted":true}]}"#,
        1.0,
        2.0,
    ),
    story(Destination::Function, 30, "single", r#"{"faults":[{"chance":0.9,"status":503}]}"#, 0.3, 40.0),
    story(Destination::Function, 8, "single", r#"{"faults":[{"chance":0.8,"status":400}]}"#, 0.5, 0.5),
];

/// Runs one variant of a story.
fn scene(story: &Story, seed: u64) -> Result<Scene, String> {
    let plan = plan_file::from_source(source(story, seed), &|_| None).map_err(|error| error.to_string())?;
    let mut secrets = Secrets::aliased(Aliases::of_plan(&plan));
    let (mut records, mut counts) = (Vec::new(), [0_u64; 3]);
    run_to_end(plan, &RunOptions::new(sim::in_process), &mut |record| {
        match &record {
            Record::Event(_) => counts[0] += 1,
            Record::Attempt(attempt) => {
                counts[1] += u64::from(attempt.number == 1);
                let generation = attempt.token.map_or(1, |token| token.generation_after);
                counts[2] = counts[2].max(u64::from(generation) - 1);
            }
        }
        records.push(secrets.record(&record).into_owned());
    })
    .map_err(|error| error.to_string())?;
    let [n_events, n_deliveries, n_refreshes] = counts;
    let records =
        records.iter().map(Template::of).collect::<std::io::Result<_>>().map_err(|error| error.to_string())?;
    Ok(Scene { records, n_events, n_deliveries, n_refreshes, lane: story.destination as usize })
}

fn source(story: &Story, seed: u64) -> Map<String, Value> {
    let (destination, action, settings, mapping) = match story.destination {
        Destination::Pendo => (
            "pendo-audiences",
            "syncAudience",
            json!({ "integrationKey": "generated-integration-key", "region": "EU" }),
            json!({}),
        ),
        Destination::Linkedin => (
            "linkedin-audiences",
            "updateAudience",
            json!({ "ad_account_id": "512345", "send_email": true, "send_google_advertising_id": true }),
            json!({}),
        ),
        Destination::Conversions => (
            "linkedin-conversions",
            "streamConversion",
            json!({}),
            json!({ "onMappingSave": { "inputs": {}, "outputs": {
                "id": "conv_9", "name": "n", "conversionType": "PURCHASE", "attribution_type": "LAST_TOUCH_BY_CAMPAIGN",
                "post_click_attribution_window_size": 30, "view_through_attribution_window_size": 7,
            } } }),
        ),
        Destination::Function => {
            ("destination-function", "onEvent", json!({ "url": "https://orders.example.test/in" }), json!({}))
        }
    };
    let events = (0..story.n_events).map(|number| event(story.destination, seed, number));
    let plan = json!({
        "format": "delivery-plan", "version": 1, "start_at": super::template::EPOCH, "clock": "virtual",
        "seed": seed >> 1, "destination": destination, "action": action, "mode": story.mode, "settings": settings,
        "mapping": mapping, "events": events.collect::<Vec<_>>(),
        "auth": {
            "access_token": "generated-access-token", "refresh_token": "generated-refresh-token",
            "client_id": "generated-client", "client_secret": "generated-client-secret",
        },
        "pipeline": { "max_attempts": 8, "base_delay": "15s", "max_delay": "10 min", "jitter": 1 },
        "simulator": serde_json::from_str::<Value>(story.simulator).unwrap_or_default(),
    });
    let Value::Object(plan) = plan else { return Map::new() };
    plan
}

/// Message ids are six digits behind `m-`, which [`Template`] knows and makes unique.
fn event(destination: Destination, seed: u64, number: u32) -> Value {
    let user = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(u64::from(number) * 7_919) % 90_000 + 10_000;
    let email = format!("person-{user}@example.com");
    let message_id = format!("m-{number:06}");
    let timestamp = super::template::EPOCH;
    let context = json!({
        "ip": "203.0.113.7", "locale": "en-GB", "library": { "name": "analytics.js", "version": "2.16.1" },
        "page": { "path": "/checkout", "title": "Checkout", "url": "https://shop.example.com/checkout?step=3" },
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
    });
    let names = ["Product Viewed", "Order Completed", "Product Viewed", "Cart Updated", "Product Viewed", "Signed Up"];
    match destination {
        Destination::Pendo | Destination::Linkedin => {
            let is_member = !user.is_multiple_of(3);
            json!({
                "type": "track", "event": if is_member { "Audience Entered" } else { "Audience Exited" },
                "messageId": message_id, "userId": format!("u-{user}"), "timestamp": timestamp,
                "properties": { "trial_users": is_member, "audience_key": "trial_users" },
                "context": {
                    "traits": { "email": email },
                    "personas": {
                        "computation_class": "audience", "computation_key": "trial_users", "computation_id": "aud_2f9",
                        "namespace": "spa_1", "space_id": "spa_1", "external_audience_id": "seg-trial",
                    },
                },
            })
        }
        Destination::Conversions => json!({
            "type": "track", "event": "Purchase", "messageId": message_id, "userId": format!("u-{user}"),
            "timestamp": timestamp, "traits": { "email": email }, "context": context,
            "properties": { "currency": "EUR", "revenue": user % 500 },
        }),
        Destination::Function => json!({
            "type": "track", "messageId": message_id, "userId": format!("u-{user}"), "timestamp": timestamp,
            "event": names[number as usize % names.len()],
            "properties": {
                "order_id": format!("o-{user}-{number}"), "total": user % 900, "currency": "EUR", "coupon": null,
                "products": [{ "sku": format!("sku-{}", user % 700), "name": "Espresso beans", "price": 12.5, "quantity": 2 }],
            },
            "context": context,
        }),
    }
}
