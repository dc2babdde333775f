//! The secrets that a plan gives away, before anything was sent.
use serde_json::{Map, Value};

use super::alias::Kind;
use crate::core::destinations::destination;
use crate::core::names::DestinationName;
use crate::core::plan::Plan;
use crate::core::schema::FieldKind;
use crate::core::secret_names::is_secret_key;

/// Secrets of a plan that is to be run, those from the environment included.
pub(super) fn of_plan(plan: &Plan) -> Vec<(String, Kind)> {
    let mut secrets = Vec::new();
    if let Some(auth) = &plan.auth {
        for (name, secret) in [
            ("access_token", &auth.access_token),
            ("refresh_token", &auth.refresh_token),
            ("client_secret", &auth.client_secret),
        ] {
            secrets.extend(secret.iter().map(|secret| (secret.clone(), Kind::of_name(name))));
        }
        let from_variable = is_variable(plan.source.get("auth").and_then(|auth| auth.get("client_id")));
        secrets.extend(auth.client_id.iter().filter(|_| from_variable).map(|id| (id.clone(), Kind::Variable)));
    }
    of_settings(Some(plan.destination), &plan.settings, &mut secrets);
    let settings = plan.source.get("settings");
    for (name, value) in &plan.settings {
        of_variables(settings.and_then(|settings| settings.get(name)), value, &mut secrets);
    }
    secrets
}

/// Secrets of a plan as it stands in a session.
pub(super) fn of_source(plan: &Value) -> Vec<(String, Kind)> {
    let mut secrets = Vec::new();
    for (name, secret) in plan.get("auth").and_then(Value::as_object).into_iter().flatten() {
        if is_secret_key(name) {
            all_texts(secret, Kind::of_name(name), &mut secrets);
        }
    }
    if let Some(settings) = plan.get("settings").and_then(Value::as_object) {
        let destination = plan.get("destination").and_then(Value::as_str).and_then(DestinationName::from_name);
        of_settings(destination, settings, &mut secrets);
    }
    secrets
}

fn of_settings(destination: Option<DestinationName>, settings: &Map<String, Value>, secrets: &mut Vec<(String, Kind)>) {
    for (name, value) in settings {
        if is_secret_setting(destination, name) {
            all_texts(value, Kind::of_name(name), secrets);
        }
    }
}

/// Whether the destination says that a setting is a secret, or its name does where the destination does not know it.
fn is_secret_setting(destination_name: Option<DestinationName>, name: &str) -> bool {
    let fields = destination_name.map_or(&[][..], |name| destination(name).settings());
    if let Some(field) = fields.iter().find(|field| field.key == name) {
        return field.kind == FieldKind::Password;
    }
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password"].iter().any(|word| name.contains(word))
}

fn all_texts(value: &Value, kind: Kind, secrets: &mut Vec<(String, Kind)>) {
    match value {
        Value::String(text) => secrets.push((text.clone(), kind)),
        Value::Array(list) => list.iter().for_each(|element| all_texts(element, kind, secrets)),
        Value::Object(object) => object.values().for_each(|member| all_texts(member, kind, secrets)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_variable(source: Option<&Value>) -> bool {
    source.and_then(Value::as_str).is_some_and(|text| text.starts_with("$env:"))
}

/// What was read from the environment, wherever it stands in a setting.
fn of_variables(source: Option<&Value>, value: &Value, secrets: &mut Vec<(String, Kind)>) {
    match value {
        Value::String(text) if is_variable(source) => secrets.push((text.clone(), Kind::Variable)),
        Value::Array(list) => {
            for (idx, element) in list.iter().enumerate() {
                of_variables(source.and_then(|source| source.get(idx)), element, secrets);
            }
        }
        Value::Object(object) => {
            for (key, member) in object {
                of_variables(source.and_then(|source| source.get(key)), member, secrets);
            }
        }
        _ => {}
    }
}
