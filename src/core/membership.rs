//! Whether an event adds its user to an audience or takes them out, read from the raw event whatever the mapping says.
//! Neither is an answer too: it is why an audience destination refuses an event.
use serde_json::{Map, Value};

use super::js::{self, Found, TypeError};

/// How a reverse-ETL sync writes to the destination, for actions that let people choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncMode {
    /// New rows only.
    Add,
    /// Changed rows only.
    Update,
    /// New and changed rows.
    Upsert,
    /// New, changed and deleted rows.
    Mirror,
    /// Deleted rows only.
    Delete,
}

impl SyncMode {
    /// Key of a mapping that holds the mode.
    pub const MAPPING_KEY: &'static str = "__segment_internal_sync_mode";

    /// The mode that a mapping selects, if it names one that there is.
    #[must_use]
    pub fn of_mapping(mapping: &Map<String, Value>) -> Option<Self> {
        match mapping.get(Self::MAPPING_KEY)?.as_str()? {
            "add" => Some(Self::Add),
            "update" => Some(Self::Update),
            "upsert" => Some(Self::Upsert),
            "mirror" => Some(Self::Mirror),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// What the answer depends on besides the event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The sync mode, for actions that declare one and where one is selected.
    pub sync_mode: Option<SyncMode>,
    /// Whether the feature flag `actions-legacy-journeys-audience-membership` is on: a journey step without a boolean
    /// then adds.
    pub legacy_journeys: bool,
}

/// True adds, false removes, `None` is undetermined.
///
/// # Errors
/// The exception that the reference throws where `context` or `context.personas` is null; one such event fails its
/// whole batch.
pub fn resolve(event: &Value, options: Options) -> Result<Option<bool>, TypeError> {
    if !js::truthy(event) {
        return Ok(None);
    }
    let facts = Facts::read(event)?;
    Ok(facts.engage().or_else(|| options.sync_mode.and_then(|mode| reverse_etl(event, mode))).or_else(|| {
        (options.legacy_journeys && facts.is_class(&["journey_step"]) && facts.flag().is_none()).then_some(true)
    }))
}

/// What the rules about Engage look at.
struct Facts<'a> {
    class: Found<'a>,
    key: Found<'a>,
    flag: Option<bool>,
}

impl<'a> Facts<'a> {
    fn read(event: &'a Value) -> Result<Self, TypeError> {
        let undefined = (None, None);
        let (class, key) = match js::member(event, "context").as_deref() {
            None => undefined,
            Some(Value::Null) => return Err(TypeError::destructuring("personas")),
            Some(_) => match event.pointer("/context/personas") {
                None => undefined,
                Some(Value::Null) => return Err(TypeError::reading("computation_class", "null")),
                Some(personas) => (js::member(personas, "computation_class"), js::member(personas, "computation_key")),
            },
        };
        let container = match event.get("type").and_then(Value::as_str) {
            Some("identify") => event.get("traits"),
            Some("track") => event.get("properties"),
            _ => None,
        };
        let name = key.as_deref().map(js::text).unwrap_or_default();
        let flag = container.and_then(|container| js::member(container, &name)).and_then(|value| value.as_bool());
        Ok(Self { class, key, flag })
    }

    fn is_class(&self, names: &[&str]) -> bool {
        self.class.as_deref().and_then(Value::as_str).is_some_and(|class| names.contains(&class))
    }

    /// The boolean that an identify's traits or a track's properties hold under the key.
    fn flag(&self) -> Option<bool> {
        self.flag
    }

    fn engage(&self) -> Option<bool> {
        let has_key = self.key.as_deref().is_some_and(js::truthy);
        self.flag.filter(|_| has_key && self.is_class(&["audience", "journey_step"]))
    }
}

fn reverse_etl(event: &Value, mode: SyncMode) -> Option<bool> {
    if event.get("type")?.as_str()? != "track" {
        return None;
    }
    match (mode, event.get("event")?.as_str()?) {
        (SyncMode::Add | SyncMode::Upsert | SyncMode::Mirror, "new")
        | (SyncMode::Update | SyncMode::Upsert | SyncMode::Mirror, "updated") => Some(true),
        (SyncMode::Delete | SyncMode::Mirror, "deleted") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn engage(kind: &str, class: &str, value: &Value) -> Value {
        json!({
            "type": kind,
            "traits": {"a.b": value},
            "properties": {"a.b": value},
            "context": {"personas": {"computation_class": class, "computation_key": "a.b"}},
        })
    }

    #[test]
    fn engage_events_need_a_boolean_under_the_key() {
        for (kind, class, value, expected) in [
            ("identify", "audience", json!(true), Some(true)),
            ("identify", "audience", json!(false), Some(false)),
            ("track", "journey_step", json!(true), Some(true)),
            ("track", "audience", json!("true"), None),
            ("track", "audience", json!(1), None),
            ("track", "audience", json!(null), None),
            ("identify", "trait", json!(true), None),
            ("identify", "", json!(true), None),
            ("page", "audience", json!(true), None),
            ("group", "audience", json!(true), None),
        ] {
            let event = engage(kind, class, &value);
            assert_eq!(resolve(&event, Options::default()), Ok(expected), "{event}");
        }
    }

    #[test]
    fn a_null_context_throws_and_other_odd_shapes_do_not() {
        for (event, expected) in [
            (json!({"context": null}), Err("Cannot destructure property 'personas' of '{}' as it is null.")),
            (
                json!({"context": {"personas": null}}),
                Err("Cannot read properties of null (reading 'computation_class')"),
            ),
            (json!({"context": {"personas": "x"}}), Ok(None)),
            (json!({"context": 5}), Ok(None)),
            (json!({}), Ok(None)),
            (json!(null), Ok(None)),
            (
                json!({"type": "identify", "traits": null,
                    "context": {"personas": {"computation_class": "audience", "computation_key": "k"}}}),
                Ok(None),
            ),
        ] {
            let answer = resolve(&event, Options::default()).map_err(|error| error.to_string());
            assert_eq!(answer, expected.map_err(str::to_owned), "{event}");
        }
    }

    #[test]
    fn reverse_etl_goes_by_sync_mode_and_event_name() {
        for (mode, event, expected) in [
            ("add", "new", Some(true)),
            ("update", "updated", Some(true)),
            ("upsert", "new", Some(true)),
            ("upsert", "updated", Some(true)),
            ("mirror", "new", Some(true)),
            ("mirror", "updated", Some(true)),
            ("mirror", "deleted", Some(false)),
            ("delete", "deleted", Some(false)),
            ("add", "updated", None),
            ("delete", "new", None),
            ("sideways", "new", None),
        ] {
            let mapping = Map::from_iter([(SyncMode::MAPPING_KEY.to_owned(), json!(mode))]);
            let options = Options { sync_mode: SyncMode::of_mapping(&mapping), ..Options::default() };
            assert_eq!(resolve(&json!({"type": "track", "event": event}), options), Ok(expected), "{mode} {event}");
            assert_eq!(resolve(&json!({"type": "identify", "event": event}), options), Ok(None));
        }
    }

    #[test]
    fn legacy_journeys_add_only_with_the_flag() {
        let event = engage("track", "journey_step", &json!("true"));
        let flagged = Options { legacy_journeys: true, ..Options::default() };
        assert_eq!(resolve(&event, Options::default()), Ok(None));
        assert_eq!(resolve(&event, flagged), Ok(Some(true)));
        assert_eq!(resolve(&engage("track", "journey_step", &json!(false)), flagged), Ok(Some(false)));
        assert_eq!(resolve(&engage("track", "audience", &json!("true")), flagged), Ok(None));
    }
}
