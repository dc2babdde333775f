//! What `updateAudience` asks people for.
use crate::core::schema::{Field, FieldKind, Required};

const AUDIENCE_KEY: &str = r#"{"@if":{"exists":{"@path":"$.properties.audience_key"},"then":{"@path":"$.properties.audience_key"},"else":{"@path":"$.context.personas.computation_key"}}}"#;

/// Fields of `updateAudience`.
pub(super) const UPDATE_AUDIENCE: &[Field] = &[
    Field {
        description: "Name of the segment in LinkedIn; used only when Segment creates it.",
        default: AUDIENCE_KEY,
        ..Field::new("dmp_segment_name", "DMP Segment Display Name", FieldKind::String)
    },
    Field {
        description: "Whether events are sent in batches.",
        hidden: true,
        default: "true",
        ..Field::new("enable_batching", "Enable Batching", FieldKind::Boolean)
    },
    Field {
        description: "E-mail address of the person; sent hashed, as it stands.",
        default: r#"{"@if":{"exists":{"@path":"$.context.traits.email"},"then":{"@path":"$.context.traits.email"},"else":{"@path":"$.traits.email"}}}"#,
        ..Field::new("email", "User Email", FieldKind::String)
    },
    Field {
        description: "First name of the person.",
        default: r#"{"@path":"$.traits.firstName"}"#,
        ..Field::new("first_name", "User First Name", FieldKind::String)
    },
    Field {
        description: "Last name of the person.",
        default: r#"{"@path":"$.traits.lastName"}"#,
        ..Field::new("last_name", "User Last Name", FieldKind::String)
    },
    Field {
        description: "Job title of the person.",
        default: r#"{"@path":"$.traits.title"}"#,
        ..Field::new("title", "User Title", FieldKind::String)
    },
    Field {
        description: "Company of the person.",
        default: r#"{"@path":"$.traits.company"}"#,
        ..Field::new("company", "User Company", FieldKind::String)
    },
    Field {
        description: "Country of the person, as a two-letter code.",
        default: r#"{"@path":"$.traits.country"}"#,
        ..Field::new("country", "User Country", FieldKind::String)
    },
    Field {
        description: "Google advertising id of the person's device.",
        hidden: true,
        default: r#"{"@path":"$.context.device.advertisingId"}"#,
        ..Field::new("google_advertising_id", "User Google Advertising ID", FieldKind::String)
    },
    Field {
        description: "Key that the event belongs to; under it the platform remembers the segment's id.",
        hidden: true,
        default: AUDIENCE_KEY,
        ..Field::new("source_segment_id", "LinkedIn Source Segment ID", FieldKind::String)
    },
    Field {
        description: "Key under which the segment is looked up in LinkedIn.",
        required: Required::Yes,
        default: AUDIENCE_KEY,
        ..Field::new("personas_audience_key", "Segment Engage Audience Key", FieldKind::String)
    },
    Field {
        description: "Name of the event; decides between adding and removing.",
        hidden: true,
        default: r#"{"@path":"$.event"}"#,
        ..Field::new("event_name", "Event Name", FieldKind::String)
    },
    Field {
        description: "Whether the person is added or removed, or the event's name decides.",
        choices: &["AUTO", "ADD", "REMOVE"],
        default: "\"AUTO\"",
        ..Field::new("dmp_user_action", "DMP User Action", FieldKind::String)
    },
];
