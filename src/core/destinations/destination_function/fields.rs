//! What a destination function asks people for.
use crate::core::schema::{Field, FieldKind, Required};

/// The outcome rules of a function that has none of its own, as the documentation of functions shows them.
pub(super) const DEFAULT_RULES: &str = r#"[{"status":"2xx","result":"success"},{"status":[429,"5xx"],"result":"RetryError"},{"network":"any","result":"RetryError"}]"#;

/// What an outcome rule can say of an answer.
pub(super) const RESULTS: [&str; 6] =
    ["success", "RetryError", "ValidationError", "EventNotSupported", "InvalidEventPayload", "DropEvent"];

/// What an outcome rule can ask of a connection that failed: the codes that Node gives, or `any`.
pub(super) const NETWORKS: [&str; 5] = ["any", "ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ERR_STREAM_PREMATURE_CLOSE"];

/// An outcome rule. All conditions that are there must hold.
pub(super) const RULE: &[Field] = &[
    Field {
        description: "Status of the answer: 503, \"5xx\" or \"500-504\", or a list of these such as [429, \"5xx\"].",
        ..Field::new("status", "Status", FieldKind::Any)
    },
    Field {
        description: "What became of the connection where no answer came: the code of the failure, or any.",
        choices: &NETWORKS,
        ..Field::new("network", "Network", FieldKind::String)
    },
    Field {
        description: "A path into the body of the answer, at which something must stand.",
        ..Field::new("body_path", "Body path", FieldKind::String)
    },
    Field {
        description: "What must stand at the body path; without it, anything but null.",
        ..Field::new("body_is", "Body is", FieldKind::Any)
    },
    Field {
        description: "What the function makes of the answer.",
        required: Required::Yes,
        choices: &RESULTS,
        ..Field::new("result", "Result", FieldKind::String)
    },
];

/// Settings of the destination.
pub(super) const SETTINGS: &[Field] = &[
    Field {
        description: "Address of the endpoint.",
        required: Required::Yes,
        ..Field::new("url", "URL", FieldKind::String)
    },
    Field {
        description: "How it is called.",
        choices: &["POST", "PUT", "PATCH", "GET", "DELETE"],
        default: "\"POST\"",
        ..Field::new("method", "Method", FieldKind::String)
    },
    Field {
        description: "Header fields; a value is a text or a mapping directive, {\"@path\":\"$.messageId\"} for instance.",
        ..Field::new("headers", "Headers", FieldKind::Object)
    },
    Field {
        description: "What is sent for an event: JSON with mapping directives in it. Without one, the event itself.",
        ..Field::new("body", "Body", FieldKind::Object)
    },
    Field {
        description: "Sent as `Authorization: Bearer …`, unless the headers say otherwise.",
        ..Field::new("secret", "Secret", FieldKind::Password)
    },
    Field {
        description: "Types of event that the function has a handler for; all if none is named.",
        multiple: true,
        choices: &["track", "identify", "page", "screen", "group", "alias", "delete"],
        ..Field::new("handles", "Handled event types", FieldKind::String)
    },
    Field {
        description: "What answers mean, first match first: objects with `status`, `network`, `body_path` and `body_is` as \
                      conditions and `result` as what follows: success, RetryError, ValidationError, EventNotSupported, \
                      InvalidEventPayload or DropEvent.",
        multiple: true,
        outline: RULE,
        default: DEFAULT_RULES,
        ..Field::new("rules", "Outcome rules", FieldKind::Object)
    },
    Field {
        description: "In a batch: where in the answer the list of results stands, one `{status, errormessage}` an event. \
                      Without one, an answer that is a list is that list.",
        ..Field::new("results_path", "Path to results", FieldKind::String)
    },
    Field {
        description: "Address of a second call that the function makes after the first one succeeded. If it fails, the function \
                      fails, though the endpoint has acted.",
        ..Field::new("follow_up_url", "Follow-up URL", FieldKind::String)
    },
    Field {
        description: "Milliseconds after which the function is stopped, 5000 if not said.",
        default: "5000",
        ..Field::new("time_limit_ms", "Time limit", FieldKind::Number { minimum: 1.0, maximum: 60_000.0 })
    },
];

/// Fields of `onEvent`.
pub(super) const ON_EVENT: &[Field] = &[Field {
    description: "The event that the function gets.",
    required: Required::Yes,
    default: r#"{"@path":"$."}"#,
    ..Field::new("event", "Event", FieldKind::Object)
}];
