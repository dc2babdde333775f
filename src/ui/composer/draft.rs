//! The plan that is being edited, as the person typed it: half-written JSON stays as text until it is fired or saved.
use std::fmt;

use serde_json::{Map, Value, json};

use crate::core::names::{ClockKind, DestinationName, Mode, RefreshHook, RuleSetName};
use crate::core::plan::FIELDS;

/// Who shall answer the draft's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answerer {
    /// The embedded remote.
    Simulator,
    /// Scripted responses, in order.
    Script,
    /// The destination's own hosts or a base URL in their place.
    Endpoint,
}

impl Answerer {
    /// Every value, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Simulator, Self::Script, Self::Endpoint];

    /// Word on the switch.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Simulator => "Simulator",
            Self::Script => "Script",
            Self::Endpoint => "Endpoint",
        }
    }
}

/// A text field of the draft that holds JSON or another language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftField {
    /// The events.
    Events,
    /// Changes to the default mapping.
    Mapping,
    /// The destination's settings.
    Settings,
    /// The scripted responses.
    Script,
    /// The simulator's configuration.
    Simulator,
}

impl fmt::Display for DraftField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Events => "Event",
            Self::Mapping => "Mapping",
            Self::Settings => "Settings",
            Self::Script => "Script",
            Self::Simulator => "Simulator",
        })
    }
}

/// What is wrong with a text field, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}, line {line}: {message}")]
pub struct DraftProblem {
    /// The field.
    pub field: DraftField,
    /// Line in that field, from 1.
    pub line: usize,
    /// Column there, from 1, in bytes; none where the line as a whole is wrong.
    pub column: Option<usize>,
    /// What is wrong there.
    pub message: String,
}

impl DraftProblem {
    /// What a parser could not take.
    fn of_json(field: DraftField, error: &serde_json::Error) -> Self {
        Self { field, line: error.line(), column: Some(error.column()), message: json_words(error) }
    }
}

/// A plan in the making. Compare two drafts to know whether one was edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Title; empty for none.
    pub name: String,
    /// Who gets the events.
    pub destination: DestinationName,
    /// Which of its actions.
    pub action: String,
    /// One delivery an event, or one for all.
    pub mode: Mode,
    /// Who judges.
    pub rules: RuleSetName,
    /// Values of the destination's settings, a JSON object; empty for none.
    pub settings: String,
    /// Values of the OAuth form: `access_token`, `refresh_token`, `client_id`, `client_secret`.
    pub auth: Map<String, Value>,
    /// One event, an array of events, or one a line.
    pub events: String,
    /// What the platform does before a delivery refreshes the token that all share.
    pub refresh_hook: RefreshHook,
    /// How events become batches, as in a plan; null for the default. Of no meaning one by one, but kept.
    pub batching: Value,
    /// FQL; empty for the action's default.
    pub subscription: String,
    /// JSON object merged over the action's default mapping; empty for none.
    pub mapping: String,
    /// Who answers.
    pub answerer: Answerer,
    /// Configuration of the simulator, a JSON object.
    pub simulator: String,
    /// Scripted responses, a JSON array.
    pub script: String,
    /// Base URL in place of the destination's own; empty for its own.
    pub endpoint: String,
    /// Virtual or wall time.
    pub clock: ClockKind,
    /// Seed of jitter and simulator.
    pub seed: u64,
    /// Start of the virtual clock as it stood in an opened plan.
    pub start_at: Option<String>,
    /// Name of a pipeline preset, or the policy as JSON as it stood in an opened plan; null for the default.
    pub pipeline: Value,
    /// How duplicates are kept out: null, the name of a strategy, or an object with its parameters.
    pub deduplication: Value,
    /// How many copies of the events are fired, each with message ids of its own.
    pub n_copies: usize,
    /// Time in which the deliveries begin, each at an instant of its own; empty for all at once.
    pub spread: String,
    /// Fields of an opened plan that the form does not show; saved again as they were.
    pub kept: Map<String, Value>,
}

impl Draft {
    /// The draft as plan JSON, ready for the plan reader.
    ///
    /// # Errors
    /// The first text field that is not what it should be.
    pub fn to_plan(&self) -> Result<Map<String, Value>, DraftProblem> {
        let mut plan = Map::new();
        plan.insert("format".to_owned(), json!("delivery-plan"));
        plan.insert("version".to_owned(), json!(1));
        let mut put = |key: &str, value: Value| plan.insert(key.to_owned(), value);
        if !self.name.is_empty() {
            put("name", json!(self.name));
        }
        if let Some(start_at) = &self.start_at {
            put("start_at", json!(start_at));
        }
        put("clock", json!(self.clock.name()));
        put("seed", json!(self.seed));
        put("destination", json!(self.destination.name()));
        put("action", json!(self.action));
        put("mode", json!(self.mode.name()));
        put("rules", json!(self.rules.name()));
        put("settings", Value::Object(object(&self.settings, DraftField::Settings)?));
        let auth: Map<_, _> = self.auth.iter().filter(|(_, value)| *value != "").map(cloned).collect();
        if !auth.is_empty() {
            put("auth", Value::Object(auth));
        }
        if self.refresh_hook != RefreshHook::default() {
            put("refresh_hook", json!(self.refresh_hook.name()));
        }
        if self.mode == Mode::Batch && !self.batching.is_null() {
            put("batching", self.batching.clone());
        }
        if !self.subscription.trim().is_empty() {
            put("subscription", json!(self.subscription));
        }
        if !self.mapping.trim().is_empty() {
            put("mapping", Value::Object(object(&self.mapping, DraftField::Mapping)?));
        }
        put("events", Value::Array(copies(parse_events(&self.events)?, self.n_copies)));
        if !self.pipeline.is_null() {
            put("pipeline", self.pipeline.clone());
        }
        if !self.deduplication.is_null() {
            put("deduplication", self.deduplication.clone());
        }
        if !self.spread.trim().is_empty() {
            put("spread", json!(self.spread.trim()));
        }
        match self.answerer {
            Answerer::Simulator => put("simulator", Value::Object(object(&self.simulator, DraftField::Simulator)?)),
            Answerer::Script => put("responses", Value::Array(array(&self.script, DraftField::Script)?)),
            Answerer::Endpoint if self.endpoint.trim().is_empty() => None,
            Answerer::Endpoint => put("endpoint", json!(self.endpoint.trim())),
        };
        plan.extend(self.kept.iter().map(cloned));
        Ok(plan)
    }

    /// Takes over a plan; what the form cannot show is kept for saving. Values of a wrong type are left out: the plan
    /// reader has checked the plan before.
    #[must_use]
    pub fn from_plan(plan: &Map<String, Value>, fallback: &Self) -> Self {
        let text = |key: &str| plan.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let map = |key: &str| plan.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
        let pretty = |key: &str| plan.get(key).map(pretty).unwrap_or_default();
        let answerer = match () {
            () if plan.contains_key("responses") => Answerer::Script,
            () if plan.contains_key("simulator") => Answerer::Simulator,
            () => Answerer::Endpoint,
        };
        let clock = match answerer {
            Answerer::Endpoint => ClockKind::Wall,
            Answerer::Simulator | Answerer::Script => ClockKind::Virtual,
        };
        Self {
            name: text("name"),
            destination: DestinationName::from_name(&text("destination")).unwrap_or(fallback.destination),
            action: text("action"),
            mode: Mode::from_name(&text("mode")).unwrap_or(Mode::Single),
            rules: RuleSetName::from_name(&text("rules")).unwrap_or_default(),
            settings: pretty("settings"),
            auth: map("auth"),
            refresh_hook: RefreshHook::from_name(&text("refresh_hook")).unwrap_or_default(),
            batching: plan.get("batching").cloned().unwrap_or_default(),
            events: match plan.get("events").and_then(Value::as_array).map(Vec::as_slice) {
                Some([event]) => self::pretty(event),
                _ => pretty("events"),
            },
            subscription: text("subscription"),
            mapping: pretty("mapping"),
            answerer,
            simulator: match plan.get("simulator") {
                Some(Value::Object(_)) => pretty("simulator"),
                Some(Value::String(preset)) => self::pretty(&json!({"preset": preset})),
                Some(Value::Bool(true)) => "{}".to_owned(),
                _ => fallback.simulator.clone(),
            },
            script: match plan.get("responses") {
                Some(responses) => one_a_line(responses),
                None => fallback.script.clone(),
            },
            endpoint: text("endpoint"),
            clock: ClockKind::from_name(&text("clock")).unwrap_or(clock),
            seed: plan.get("seed").and_then(Value::as_u64).unwrap_or(0),
            start_at: plan.get("start_at").and_then(Value::as_str).map(str::to_owned),
            pipeline: plan.get("pipeline").cloned().unwrap_or_default(),
            deduplication: plan.get("deduplication").cloned().unwrap_or_default(),
            n_copies: 1,
            spread: match plan.get("spread") {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Number(seconds)) => format!("{seconds} s"),
                _ => String::new(),
            },
            kept: plan.iter().filter(|(key, _)| !FIELDS.contains(&key.as_str())).map(cloned).collect(),
        }
    }
}

/// The events so many times over. From the second copy on, message ids end in the number of the copy: they are other
/// events, not retries.
fn copies(events: Vec<Value>, n_copies: usize) -> Vec<Value> {
    let copy_of = |event: &Value, number: usize| {
        let mut event = event.clone();
        if let Some(message_id) = event.get_mut("messageId").filter(|id| id.is_string()) {
            *message_id = json!(format!("{}-{number}", message_id.as_str().unwrap_or_default()));
        }
        event
    };
    let more: Vec<Value> =
        (2..=n_copies).flat_map(|number| events.iter().map(move |event| copy_of(event, number))).collect();
    events.into_iter().chain(more).collect()
}

/// Events as people paste them: one object, an array of objects, `{"batch": […]}`, or one object a line.
///
/// # Errors
/// The line where the text stops being that.
pub fn parse_events(text: &str) -> Result<Vec<Value>, DraftProblem> {
    let problem = |message| DraftProblem { field: DraftField::Events, line: 1, column: None, message };
    let whole = match serde_json::from_str::<Value>(text) {
        Ok(whole) => whole,
        Err(error) => return parse_lines(text).ok_or_else(|| DraftProblem::of_json(DraftField::Events, &error)),
    };
    let events = match whole {
        Value::Array(events) => events,
        Value::Object(mut batch) if batch.get("batch").is_some_and(Value::is_array) => match batch.remove("batch") {
            Some(Value::Array(events)) => events,
            _ => Vec::new(),
        },
        event => vec![event],
    };
    match events.iter().position(|event| !event.is_object()) {
        Some(event_idx) => Err(problem(format!("event {} is not a JSON object", event_idx + 1))),
        None if events.is_empty() => Err(problem("there is no event to send".to_owned())),
        None => Ok(events),
    }
}

fn parse_lines(text: &str) -> Option<Vec<Value>> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let events: Vec<Value> =
        lines.map(|line| serde_json::from_str(line).ok().filter(Value::is_object)).collect::<Option<_>>()?;
    (!events.is_empty()).then_some(events)
}

fn object(text: &str, field: DraftField) -> Result<Map<String, Value>, DraftProblem> {
    match json_value(text, field, "{}")? {
        Value::Object(object) => Ok(object),
        _ => Err(DraftProblem { field, line: 1, column: None, message: "a JSON object is expected here".to_owned() }),
    }
}

fn array(text: &str, field: DraftField) -> Result<Vec<Value>, DraftProblem> {
    match json_value(text, field, "[]")? {
        Value::Array(array) => Ok(array),
        _ => Err(DraftProblem { field, line: 1, column: None, message: "a JSON array is expected here".to_owned() }),
    }
}

fn json_value(text: &str, field: DraftField, empty: &str) -> Result<Value, DraftProblem> {
    let text = if text.trim().is_empty() { empty } else { text };
    serde_json::from_str(text).map_err(|error| DraftProblem::of_json(field, &error))
}

/// The parser's words without its own "at line …": the line is told apart.
fn json_words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    format!("{words} (column {})", error.column())
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

fn one_a_line(array: &Value) -> String {
    let Some(entries) = array.as_array().filter(|entries| !entries.is_empty()) else { return "[]".to_owned() };
    let lines: Vec<String> = entries.iter().map(|entry| format!("  {entry}")).collect();
    format!("[\n{}\n]", lines.join(",\n"))
}

fn cloned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::composer::templates;

    #[test]
    fn a_plan_goes_through_the_form_unchanged() {
        let plan = json!({
            "format": "delivery-plan", "version": 1, "name": "n", "start_at": "2026-11-22T00:00:00Z",
            "clock": "virtual", "seed": 7, "destination": "linkedin-audiences", "action": "updateAudience",
            "mode": "batch", "rules": "segment-main", "settings": {"send_email": false},
            "auth": {"access_token": "$env:TOKEN"}, "subscription": "type = \"track\"",
            "mapping": {"email": null}, "events": [{"type": "track"}, {"type": "identify"}],
            "refresh_hook": "share", "batching": {"kind": "stream"},
            "pipeline": {"max_attempts": 2}, "responses": [{"status": 200}], "deduplication": "none", "later": 1
        });
        let plan = plan.as_object().cloned().unwrap_or_default();
        let draft = Draft::from_plan(&plan, &templates::first_draft());
        assert_eq!(draft.to_plan(), Ok(plan));
    }

    #[test]
    fn copies_are_events_of_their_own() {
        let draft = Draft {
            events: "{\"messageId\": \"m\", \"type\": \"track\"}".to_owned(),
            n_copies: 3,
            spread: " 30 s ".to_owned(),
            ..templates::first_draft()
        };
        let plan = draft.to_plan().unwrap_or_default();
        let events = plan.get("events").and_then(Value::as_array).cloned().unwrap_or_default();
        let ids: Vec<&Value> = events.iter().filter_map(|event| event.get("messageId")).collect();
        assert_eq!(ids, [&json!("m"), &json!("m-2"), &json!("m-3")]);
        assert_eq!(plan.get("spread"), Some(&json!("30 s")));
    }

    #[test]
    fn events_are_read_however_they_were_pasted() {
        let event = json!({"type": "track"});
        for text in [
            "{\"type\":\"track\"}",
            "[{\"type\":\"track\"}]",
            "{\"batch\":[{\"type\":\"track\"}],\"writeKey\":\"k\"}",
            "{\"type\":\n\"track\"}",
        ] {
            assert_eq!(parse_events(text), Ok(vec![event.clone()]), "{text}");
        }
        let lines = "{\"type\":\"track\"}\n\n{\"type\":\"track\"}\n";
        assert_eq!(parse_events(lines), Ok(vec![event.clone(), event]));
    }

    #[test]
    fn a_broken_event_names_its_line() {
        let line = |text: &str| parse_events(text).map_err(|problem| problem.line);
        assert_eq!(line("{\n  \"type\": track\n}"), Err(2));
        assert_eq!(line("[]"), Err(1));
        assert_eq!(line("7"), Err(1));
        assert_eq!(line(""), Err(1));
    }
}
