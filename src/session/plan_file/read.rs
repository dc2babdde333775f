//! From the text of a plan to a plan with every default filled in.
use std::io::Read as _;
use std::path::Path;

use serde_json::{Map, Value};

use super::error::PlanError;
use super::{batching, deduplication, pipeline, remote, variables};
use crate::core::names::{ClockKind, Mode};
use crate::core::plan::{Auth, Plan, Remote};
use crate::session::fields::{FieldError, Fields, FromField as _};
use crate::session::input;
use crate::session::json_error::json_reason;
use crate::session::secrets::is_alias;
use crate::session::sniff::Seems;

/// Looks an environment variable up.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads a plan file. Larger ones than 256 MiB are refused.
///
/// # Errors
/// If it cannot be opened, or is no plan that could be run.
pub fn read_file(path: &Path, environment: Environment<'_>) -> Result<Plan, PlanError> {
    const MAX_BYTES: u64 = 256 << 20;
    let open_error = |source| PlanError::Open { path: path.to_owned(), source };
    let mut text = Vec::new();
    input::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut text)).map_err(open_error)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(PlanError::NotAPlan("it is larger than 256 MiB".to_owned()));
    }
    read(&text, environment)
}

/// Reads the text of a plan.
///
/// # Errors
/// If it is no JSON, no plan, or a plan with a missing or wrong field or an environment variable that is not set.
pub fn read(text: &[u8], environment: Environment<'_>) -> Result<Plan, PlanError> {
    from_source(source_of(text)?, environment)
}

/// The JSON object that a plan's text is, whatever its fields.
///
/// # Errors
/// If it is no JSON or something else than a plan.
pub fn source_of(text: &[u8]) -> Result<Map<String, Value>, PlanError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let json = serde_json::from_slice(text).map_err(|error| match Seems::from_head(text) {
        Seems::Plan | Seems::Text => {
            PlanError::Json { reason: json_reason(&error), line: error.line(), column: error.column() }
        }
        seems => PlanError::not_a_plan(seems),
    })?;
    match json {
        Value::Object(source) if source.contains_key("format") => Ok(source),
        Value::Object(_) | Value::Array(_) => match Seems::from_head(text) {
            Seems::Plan | Seems::Text => {
                Err(PlanError::NotAPlan("it has no `format`, which must be \"delivery-plan\"".to_owned()))
            }
            seems => Err(PlanError::not_a_plan(seems)),
        },
        _ => Err(PlanError::NotAPlan("it must be a JSON object".to_owned())),
    }
}

/// Reads a plan from its JSON object, which the plan keeps as it is.
///
/// # Errors
/// If a field is missing or wrong, or an environment variable is not set.
pub fn from_source(source: Map<String, Value>, environment: Environment<'_>) -> Result<Plan, PlanError> {
    let mut fields = Fields::new(source.clone());
    check_format(&mut fields)?;
    let remote = remote::remote(&mut fields)?;
    let mut settings: Map<String, Value> = fields.optional("settings")?.unwrap_or_default();
    variables::resolve_members(&mut settings, "settings", environment)?;
    if matches!(remote, Remote::Real { .. }) {
        refuse_aliases(&source)?;
    }
    settings.values_mut().for_each(take_alias_at_its_word);
    let destination = fields.required("destination")?;
    let mode = fields.optional("mode")?.unwrap_or(Mode::Single);
    Ok(Plan {
        name: fields.optional("name")?,
        start_at: fields.optional("start_at")?,
        clock: clock(&mut fields, &remote)?,
        seed: fields.optional("seed")?.unwrap_or_default(),
        destination,
        action: fields.required("action")?,
        mode,
        batching: batching::batching(&mut fields, mode)?,
        rules: fields.optional("rules")?.unwrap_or_default(),
        settings,
        auth: auth(&mut fields, environment)?,
        refresh_hook: fields.optional("refresh_hook")?.unwrap_or_default(),
        spread: fields.optional("spread")?.unwrap_or_default(),
        subscription: fields.optional("subscription")?,
        mapping: fields.optional("mapping")?.unwrap_or_default(),
        events: events(&mut fields)?,
        pipeline: pipeline::policy(&mut fields)?,
        deduplication: deduplication::strategy(&mut fields, destination)?,
        remote,
        source,
    })
}

fn check_format(fields: &mut Fields) -> Result<(), FieldError> {
    let format: String = fields.required("format")?;
    if format != "delivery-plan" {
        return Err(FieldError::new("format", format!("is \"{format}\"; it must be \"delivery-plan\"")));
    }
    match fields.required::<u32>("version")? {
        1 => Ok(()),
        version => Err(FieldError::new("version", format!("is {version}; this program reads version 1"))),
    }
}

/// A plan that was taken from a session has aliases where its secrets were. A script or the simulator can do with them.
fn refuse_aliases(source: &Map<String, Value>) -> Result<(), FieldError> {
    for group in ["settings", "auth"] {
        for (key, value) in source.get(group).and_then(Value::as_object).into_iter().flatten() {
            if let Some(alias) = value.as_str().filter(|text| is_alias(text)) {
                let problem = format!("is {alias}, which only stands for a secret; put the secret itself in its place");
                return Err(FieldError::new(&format!("{group}.{key}"), problem));
            }
        }
    }
    Ok(())
}

/// `‹token#1›` becomes `token#1`: the marks around it cannot stand in a header.
fn take_alias_at_its_word(value: &mut Value) {
    if let Some(alias) = value.as_str().filter(|text| is_alias(text)) {
        *value = alias.trim_matches(['‹', '›']).into();
    }
}

fn clock(fields: &mut Fields, remote: &Remote) -> Result<ClockKind, FieldError> {
    let is_real = matches!(remote, Remote::Real { .. });
    match fields.optional("clock")? {
        None if is_real => Ok(ClockKind::Wall),
        None => Ok(ClockKind::Virtual),
        Some(ClockKind::Virtual) if is_real => {
            let problem =
                "is \"virtual\", which needs `responses` or a `simulator`: real hosts answer in real time only";
            Err(FieldError::new("clock", problem))
        }
        Some(clock) => Ok(clock),
    }
}

fn auth(fields: &mut Fields, environment: Environment<'_>) -> Result<Option<Auth>, FieldError> {
    let Some(mut auth) = fields.optional::<Map<String, Value>>("auth")? else { return Ok(None) };
    variables::resolve_members(&mut auth, "auth", environment)?;
    auth.values_mut().for_each(take_alias_at_its_word);
    let mut auth = Fields::new(auth);
    let mut text = |key: &str| auth.optional(key).map_err(|error: FieldError| error.within("auth"));
    Ok(Some(Auth {
        access_token: text("access_token")?,
        refresh_token: text("refresh_token")?,
        client_id: text("client_id")?,
        client_secret: text("client_secret")?,
    }))
}

fn events(fields: &mut Fields) -> Result<Vec<Value>, FieldError> {
    let events: Vec<Value> = fields.optional("events")?.unwrap_or_default();
    for (idx, event) in events.iter().enumerate() {
        if !event.is_object() {
            let problem = format!("must be {}, a Segment event", Map::must_be());
            return Err(FieldError::new(&format!("events[{idx}]"), problem));
        }
    }
    Ok(events)
}
