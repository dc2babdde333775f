//! What `updateCompanyAudience` asks people for.
use crate::core::schema::{Field, FieldKind, Required};

const IDENTIFIERS: &[Field] = &[
    Field {
        description: "Domain of the company, `microsoft.com` for instance.",
        ..Field::new("companyDomain", "Company Domain", FieldKind::String)
    },
    Field {
        description: "LinkedIn's id of the company, as number or URN.",
        ..Field::new("linkedInCompanyId", "LinkedIn Company ID", FieldKind::String)
    },
];

/// Fields of `updateCompanyAudience`.
pub(super) const UPDATE_COMPANY_AUDIENCE: &[Field] = &[
    Field {
        description: "What identifies the company; at least one of the two.",
        required: Required::Yes,
        properties: IDENTIFIERS,
        default: r#"{"companyDomain":{"@if":{"exists":{"@path":"$.traits.company_domain"},"then":{"@path":"$.traits.company_domain"},"else":{"@path":"$.properties.company_domain"}}},"linkedInCompanyId":{"@if":{"exists":{"@path":"$.traits.linkedin_company_id"},"then":{"@path":"$.traits.linkedin_company_id"},"else":{"@path":"$.properties.linkedin_company_id"}}}}"#,
        ..Field::new("identifiers", "Company Identifiers", FieldKind::Object)
    },
    Field {
        description: "Whether the company is added or removed.",
        required: Required::Yes,
        choices: &["ADD", "REMOVE"],
        ..Field::new("dmp_company_action", "Company Segment Action", FieldKind::String)
    },
    Field {
        description: "Where the audience comes from, which decides what names its segment.",
        required: Required::Yes,
        choices: &["ENGAGE_RETL", "CONNECTIONS"],
        default: "\"ENGAGE_RETL\"",
        ..Field::new("audience_source", "Audience Source", FieldKind::String)
    },
    Field {
        description: "Name of the segment, for audiences from Connections.",
        required: Required::If { key: "audience_source", is: "CONNECTIONS" },
        ..Field::new("segment_name", "Segment Name", FieldKind::String)
    },
    Field {
        description: "Key of the audience, for audiences from Engage and reverse ETL.",
        required: Required::If { key: "audience_source", is: "ENGAGE_RETL" },
        hidden: true,
        default: r#"{"@path":"$.context.personas.computation_key"}"#,
        ..Field::new("computation_key", "Audience Key", FieldKind::String)
    },
    Field {
        description: "Whether events are sent in batches.",
        hidden: true,
        default: "true",
        ..Field::new("enable_batching", "Enable Batching", FieldKind::Boolean)
    },
    Field {
        description: "Most companies in one batch.",
        hidden: true,
        default: "5000",
        ..Field::new("batch_size", "Batch Size", FieldKind::Number { minimum: 0.0, maximum: 0.0 })
    },
    Field {
        description: "Fields that all events of a batch must agree on.",
        hidden: true,
        multiple: true,
        default: r#"["dmp_company_action","audience_source","segment_name","computation_key"]"#,
        ..Field::new("batch_keys", "Batch Keys", FieldKind::String)
    },
];
