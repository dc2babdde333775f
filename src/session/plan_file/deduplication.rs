//! The `deduplication` of a plan: the name of a strategy, or an object with its name and parameters.
use std::time::Duration;

use serde_json::{Map, Value};

use crate::core::deduplication::{KeyOf, Strategy};
use crate::core::names::DestinationName;
use crate::session::fields::{FieldError, Fields};

const FIELD: &str = "deduplication";

pub(super) fn strategy(fields: &mut Fields, destination: DestinationName) -> Result<Option<Strategy>, FieldError> {
    let (object, name_field) = match fields.take(FIELD) {
        Value::Null => return Ok(None),
        Value::String(name) => (Map::from_iter([("strategy".to_owned(), name.into())]), FIELD),
        Value::Object(object) => (object, "deduplication.strategy"),
        _ => return Err(FieldError::new(FIELD, format!("must be an object with `strategy`, or one of {}", names()))),
    };
    let mut object = Fields::new(object);
    let name: String = object.required("strategy").map_err(|error| error.within(FIELD))?;
    let strategy = named(&name, &mut object).map_err(|error| error.within(FIELD))?;
    let strategy =
        strategy.ok_or_else(|| FieldError::new(name_field, format!("is \"{name}\"; it must be one of {}", names())))?;
    if let Some(key) = object.into_unknown().keys().next() {
        let problem = format!("means nothing to the strategy {name}; docs/duplicates.md lists what each takes");
        return Err(FieldError::new(&format!("{FIELD}.{key}"), problem));
    }
    match Strategy::only_of(&name) {
        Some(only) if only != destination => {
            Err(FieldError::new(name_field, format!("is \"{name}\", which is something that only {only} can do")))
        }
        _ => Ok(Some(strategy)),
    }
}

fn names() -> String {
    Strategy::NAMES.join(", ")
}

fn named(name: &str, object: &mut Fields) -> Result<Option<Strategy>, FieldError> {
    const DAY: Duration = Duration::from_hours(24);
    Ok(Some(match name {
        "none" => Strategy::None,
        "message-id" => Strategy::MessageId { window: object.optional("window")?.unwrap_or(DAY) },
        "profile-trait" => Strategy::ProfileTrait {
            name: object.optional("trait")?.unwrap_or_else(|| "last_processed_at".to_owned()),
            staleness: object.optional("staleness")?.unwrap_or(Duration::from_mins(5)),
            remembers: object.optional("remembers")?.unwrap_or(30 * DAY),
        },
        "idempotency-key" => Strategy::IdempotencyKey { header: header(object)?, of: key_of(object)? },
        "linkedin-event-id" => Strategy::LinkedinEventId,
        "receiver-unique-key" => Strategy::ReceiverUniqueKey,
        _ => return Ok(None),
    }))
}

fn header(object: &mut Fields) -> Result<String, FieldError> {
    let header = object.optional::<String>("header")?.unwrap_or_else(|| "idempotency-key".to_owned());
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if header.is_empty() || !header.bytes().all(is_token) {
        return Err(FieldError::new("header", format!("is \"{header}\", which cannot be the name of a header")));
    }
    Ok(header.to_ascii_lowercase())
}

fn key_of(object: &mut Fields) -> Result<KeyOf, FieldError> {
    let Some(name) = object.optional::<String>("key")? else { return Ok(KeyOf::default()) };
    let known = || KeyOf::ALL.map(KeyOf::name).join(", ");
    KeyOf::from_name(&name)
        .ok_or_else(|| FieldError::new("key", format!("is \"{name}\"; it must be one of {}", known())))
}
