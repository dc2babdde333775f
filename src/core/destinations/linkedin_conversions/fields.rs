//! What LinkedIn Conversions asks people for. The destination itself has no settings.
use crate::core::schema::{Field, FieldKind, Required};

const CONVERSION_VALUE: &[Field] = &[
    Field {
        description: "Currency, as an ISO code.",
        required: Required::Yes,
        ..Field::new("currencyCode", "Currency Code", FieldKind::String)
    },
    Field {
        description: "Amount, as a decimal number in text.",
        required: Required::Yes,
        ..Field::new("amount", "Amount", FieldKind::String)
    },
];

const USER_INFO: &[Field] = &[
    Field { required: Required::Yes, ..Field::new("firstName", "First Name", FieldKind::String) },
    Field { required: Required::Yes, ..Field::new("lastName", "Last Name", FieldKind::String) },
    Field::new("companyName", "Company Name", FieldKind::String),
    Field::new("title", "Title", FieldKind::String),
    Field::new("countryCode", "Country Code", FieldKind::String),
];

/// Fields of `streamConversion`.
pub(super) const STREAM_CONVERSION: &[Field] = &[
    Field {
        description: "When it happened: milliseconds since 1970, or a date. Seconds are taken for milliseconds.",
        required: Required::Yes,
        default: r#"{"@path":"$.timestamp"}"#,
        ..Field::new("conversionHappenedAt", "Timestamp", FieldKind::String)
    },
    Field {
        description: "What the conversion is worth. Without currency and revenue the default mapping fails every event.",
        properties: CONVERSION_VALUE,
        default: r#"{"currencyCode":{"@path":"$.properties.currency"},"amount":{"@path":"$.properties.revenue"}}"#,
        ..Field::new("conversionValue", "Conversion Value", FieldKind::Object)
    },
    Field {
        description: "Id of the event, by which LinkedIn tells duplicates.",
        default: r#"{"@path":"$.messageId"}"#,
        ..Field::new("eventId", "Event ID", FieldKind::String)
    },
    Field {
        description: "E-mail address of the person; sent in lower case and hashed.",
        default: r#"{"@path":"$.traits.email"}"#,
        ..Field::new("email", "Email", FieldKind::String)
    },
    Field {
        description: "LinkedIn's first party cookie or click id.",
        ..Field::new("linkedInUUID", "LinkedIn First Party Ads Tracking UUID", FieldKind::String)
    },
    Field {
        description: "Id of the person in LiveRamp's identity graph.",
        ..Field::new("acxiomID", "Acxiom ID", FieldKind::String)
    },
    Field {
        description: "Id of the person in Oracle's MOAT.",
        ..Field::new("oracleID", "Oracle ID", FieldKind::String)
    },
    Field {
        description: "More about the person; first and last name are needed if there is any.",
        properties: USER_INFO,
        ..Field::new("userInfo", "User Info", FieldKind::Object)
    },
    Field {
        description: "Ids of the person elsewhere; only the first is sent.",
        multiple: true,
        ..Field::new("externalIds", "External IDs", FieldKind::String)
    },
    Field {
        description: "Whether events are sent in batches.",
        hidden: true,
        default: "true",
        ..Field::new("enable_batching", "Enable Batching", FieldKind::Boolean)
    },
    Field {
        description: "Most events in one batch.",
        hidden: true,
        default: "5000",
        ..Field::new("batch_size", "Batch Size", FieldKind::Number { minimum: 0.0, maximum: 0.0 })
    },
];
