//! What Pendo Audiences asks people for.
use crate::core::schema::{Field, FieldKind, Required};

/// Settings of the destination.
pub(super) const SETTINGS: &[Field] = &[
    Field {
        description: "Integration key of the Pendo account, from Settings > Integrations > Integration Keys.",
        required: Required::Yes,
        ..Field::new("integrationKey", "Integration Key", FieldKind::Password)
    },
    Field {
        description: "Where the Pendo account is hosted.",
        required: Required::Yes,
        choices: &["US", "US1", "EU", "JP", "AU"],
        default: "\"US\"",
        ..Field::new("region", "Region", FieldKind::String)
    },
];

/// Fields of `syncAudience`.
pub(super) const SYNC_AUDIENCE: &[Field] = &[
    Field {
        description: "Pendo's id of the visitor.",
        required: Required::Yes,
        default: r#"{"@path":"$.userId"}"#,
        ..Field::new("visitorId", "Visitor ID", FieldKind::String)
    },
    Field {
        description: "Pendo's id of the segment, as createAudience gave it to Segment.",
        required: Required::Yes,
        hidden: true,
        default: r#"{"@path":"$.context.personas.external_audience_id"}"#,
        ..Field::new("segmentAudienceId", "Segment External Audience ID", FieldKind::String)
    },
    Field {
        description: "Whether events are sent in batches of up to 1000 visitors.",
        required: Required::Yes,
        default: "true",
        ..Field::new("enable_batching", "Batch events", FieldKind::Boolean)
    },
    Field {
        description: "Most visitors in one batch, 1 to 1000; the reference does not check it.",
        default: "1000",
        ..Field::new("batch_size", "Max Batch Size", FieldKind::Integer)
    },
];
