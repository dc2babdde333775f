//! The `pipeline` of a plan: the name of a preset, or an object whose fields are laid over one.
use std::time::Duration;

use serde_json::Value;

use crate::core::pipeline::{Ends, PRESETS, Policy};
use crate::session::fields::{FieldError, Fields, FromField as _};

const FIELD: &str = "pipeline";

pub(super) fn policy(fields: &mut Fields) -> Result<Policy, FieldError> {
    match fields.take(FIELD) {
        Value::Null => Ok(Policy::default()),
        Value::String(name) => preset(FIELD, &name),
        Value::Object(object) => {
            let mut object = Fields::new(object);
            custom(&mut object).map_err(|error| error.within(FIELD))
        }
        _ => Err(FieldError::new(FIELD, format!("must be an object, or one of {}", preset_names()))),
    }
}

fn preset(field: &str, name: &str) -> Result<Policy, FieldError> {
    Policy::preset(name)
        .ok_or_else(|| FieldError::new(field, format!("is \"{name}\"; it must be one of {}", preset_names())))
}

fn preset_names() -> String {
    let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
    names.join(", ")
}

/// A null limit is none; what is not given is as in `preset`, or as in the default.
fn custom(fields: &mut Fields) -> Result<Policy, FieldError> {
    let mut policy = match fields.optional::<String>("preset")? {
        Some(name) => preset("preset", &name)?,
        None => Policy::default(),
    };
    "custom".clone_into(&mut policy.preset);
    if fields.has("max_attempts") {
        policy.max_attempts = fields.optional("max_attempts")?;
        if policy.max_attempts == Some(0) {
            return Err(FieldError::new("max_attempts", "is 0; it must be 1 or more, or null for no limit"));
        }
    }
    if fields.has("max_elapsed") {
        policy.max_elapsed = fields.optional("max_elapsed")?;
    }
    if let Some(ends) = fields.optional("ends")? {
        policy.ends = ends;
    }
    if let Some(waits) = fields.optional::<Vec<Value>>("waits")? {
        policy.waits = (0..).zip(waits).map(wait).collect::<Result<_, _>>()?;
    }
    let duration = |fields: &mut Fields, key: &str, usual: Duration| {
        fields.optional(key).map(|duration: Option<Duration>| duration.unwrap_or(usual))
    };
    policy.base_delay = duration(fields, "base_delay", policy.base_delay)?;
    policy.max_delay = duration(fields, "max_delay", policy.max_delay)?;
    if let Some(jitter) = fields.optional::<f64>("jitter")? {
        if jitter < 0.0 {
            return Err(FieldError::new("jitter", format!("is {jitter}; it must be 0 or more")));
        }
        policy.jitter = jitter;
    }
    policy.honour_retry_after = fields.optional("honour_retry_after")?.unwrap_or(policy.honour_retry_after);
    let is_ever_over = policy.most_attempts().is_some() && policy.ends == Ends::FirstLimit;
    if policy.wait(u32::MAX, 0.0).is_zero() && !is_ever_over {
        let problem = "is 0, and without `max_attempts` that is trying at once for ever; give it a wait";
        return Err(FieldError::new("base_delay", problem));
    }
    Ok(policy)
}

fn wait((idx, wait): (usize, Value)) -> Result<Duration, FieldError> {
    let must_be = |_| FieldError::new(&format!("waits[{idx}]"), format!("must be {}", Duration::must_be()));
    Duration::from_value(wait).map_err(must_be)
}
