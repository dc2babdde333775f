//! What is sent to LinkedIn Conversions.
use serde_json::{Value, json};

use crate::core::destinations::{Payload, linkedin};
use crate::core::http::Request;
use crate::core::js;

/// Reports one conversion.
pub(super) fn stream(element: Value) -> Request {
    linkedin::request("POST", "/conversionEvents", [], Some(element))
}

/// Reports several.
pub(super) fn stream_batch(elements: &[Value]) -> Request {
    let headers = [("x-restli-method", "BATCH_CREATE")];
    linkedin::request("POST", "/conversionEvents", headers, Some(json!({ "elements": elements })))
}

/// One conversion of the rule `rule_id`; what is not known is left out.
pub(super) fn element(payload: &Payload, rule_id: &Value, happened_at: f64) -> Value {
    let field = |name: &str| payload.fields.get(name).cloned();
    let external_id = field("externalIds").and_then(|ids| ids.get(0).cloned()).map(|id| json!([id]));
    let user = object([
        ("userIds", Some(user_ids(payload).into())),
        ("userInfo", field("userInfo")),
        ("externalIds", external_id),
    ]);
    object([
        ("conversion", Some(format!("urn:lla:llaPartnerConversion:{}", js::text(rule_id)).into())),
        ("conversionHappenedAt", Some(js::number_json(happened_at))),
        ("conversionValue", field("conversionValue")),
        ("eventId", field("eventId")),
        ("user", Some(user)),
    ])
}

/// `AXCIOM_ID` is misspelt in the reference too.
fn user_ids(payload: &Payload) -> Vec<Value> {
    let email = payload.text("email").map(hashed_email);
    let plain = |field: &str| payload.text(field).map(str::to_owned);
    let ids = [
        ("SHA256_EMAIL", email),
        ("LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", plain("linkedInUUID")),
        ("AXCIOM_ID", plain("acxiomID")),
        ("ORACLE_MOAT_ID", plain("oracleID")),
    ];
    ids.into_iter().filter_map(|(kind, id)| Some(json!({ "idType": kind, "idValue": id? }))).collect()
}

/// In lower case but not trimmed. What is a hash already stays as it is.
fn hashed_email(email: &str) -> String {
    let hash = linkedin::hashed(email);
    if hash == email { hash } else { linkedin::hashed(&email.to_lowercase()) }
}

fn object<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}
