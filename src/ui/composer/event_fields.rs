//! The fields of Segment events, as far as destinations read them: hints for the editor of events, no rules.
use crate::core::schema::{Field, FieldKind};

const fn text(key: &'static str, label: &'static str, description: &'static str) -> Field {
    Field { description, ..Field::new(key, label, FieldKind::String) }
}

const fn object(
    key: &'static str,
    label: &'static str,
    description: &'static str,
    properties: &'static [Field],
) -> Field {
    Field { description, properties, ..Field::new(key, label, FieldKind::Object) }
}

const TRAITS: &[Field] = &[
    text("email", "E-mail", "Address of the person."),
    text("firstName", "First name", "First name of the person."),
    text("lastName", "Last name", "Last name of the person."),
    text("title", "Title", "Job title of the person."),
    text("company", "Company", "Company of the person."),
    text("country", "Country", "Country of the person."),
];

const PERSONAS: &[Field] = &[
    Field {
        choices: &["audience", "journey_step"],
        ..text("computation_class", "Computation class", "What made the event: an audience, or a journey's step.")
    },
    text("computation_id", "Computation id", "Id of the audience in Engage."),
    text("computation_key", "Computation key", "Key of the audience: the trait or property that tells membership."),
    text("external_audience_id", "External audience id", "What the destination calls the audience."),
    text("namespace", "Namespace", "Namespace of the computation."),
    text("space_id", "Space id", "Engage space that the audience is in."),
    object("audience_settings", "Audience settings", "Settings of this audience at the destination.", &[]),
];

const DEVICE: &[Field] = &[
    text("advertisingId", "Advertising id", "Advertising id of the device."),
    text("id", "Device id", "Id of the device."),
    text("type", "Device type", "Platform of the device."),
];

const CONTEXT: &[Field] = &[
    object("traits", "Traits", "Traits of the person on a track event.", TRAITS),
    object("personas", "Personas", "What Engage says of the audience.", PERSONAS),
    object("device", "Device", "The device that sent the event.", DEVICE),
    object("library", "Library", "The library that sent the event.", &[]),
    text("ip", "IP address", "Where the event came from."),
    text("userAgent", "User agent", "Browser of the person."),
];

const PROPERTIES: &[Field] = &[
    text("audience_key", "Audience key", "Key of the audience that was entered or exited."),
    Field { description: "What was earned.", ..Field::new("revenue", "Revenue", NUMBER) },
    text("currency", "Currency", "Currency of the revenue, as an ISO code."),
    text("orderId", "Order id", "Id of the order."),
    object("products", "Products", "What was bought.", &[]),
];

const NUMBER: FieldKind = FieldKind::Number { minimum: 0.0, maximum: 0.0 };

/// An event.
pub(super) const EVENT: &[Field] = &[
    Field {
        choices: &["track", "identify", "page", "screen", "group", "alias"],
        ..text("type", "Type", "Which call made the event.")
    },
    text("event", "Event", "Name of a track event."),
    text("messageId", "Message id", "By it ingest and receivers tell duplicates."),
    text("userId", "User id", "Id of the person."),
    text("anonymousId", "Anonymous id", "Id of a person who is not known yet."),
    text("groupId", "Group id", "Id of the group of a group event."),
    text("name", "Name", "Name of the page or screen."),
    Field { description: "When it happened.", ..Field::new("timestamp", "Timestamp", FieldKind::Datetime) },
    Field { description: "When the library sent it.", ..Field::new("sentAt", "Sent at", FieldKind::Datetime) },
    Field { description: "When Segment got it.", ..Field::new("receivedAt", "Received at", FieldKind::Datetime) },
    object("properties", "Properties", "What a track event says of itself.", PROPERTIES),
    object("traits", "Traits", "What an identify event says of the person.", TRAITS),
    object("context", "Context", "What is known around the event.", CONTEXT),
    object("integrations", "Integrations", "Which destinations get the event.", &[]),
];
