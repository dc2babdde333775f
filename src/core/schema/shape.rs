//! What a field says of a value, in the terms of JSON schema.
use super::field::{Field, FieldKind};

/// A type of JSON schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonType {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
    Null,
}

impl JsonType {
    /// As messages name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
            Self::Null => "null",
        }
    }
}

/// What is asked of one value.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Title for messages, empty where the reference has none.
    pub(super) title: &'static str,
    /// The types that are allowed, in the order in which coercion tries them.
    pub(super) types: &'static [JsonType],
    /// The field that it comes from.
    pub(super) field: &'static Field,
    /// The shape of the elements, if it is a list.
    pub(super) role: Role,
}

/// Which part of a field a shape is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A field with one value.
    Single,
    /// A field with a list.
    List,
    /// An element of such a list.
    Item,
}

impl Shape {
    /// What is asked of a field's value.
    pub(super) fn of(field: &'static Field) -> Self {
        let (types, role): (&[JsonType], _) =
            if field.multiple { (&[JsonType::Array], Role::List) } else { (types_of(field), Role::Single) };
        Self { title: field.label, types, field, role }
    }

    /// What is asked of the elements of a list.
    pub(super) fn items(&self) -> Self {
        Self { title: "", types: plain_types(self.field.kind), field: self.field, role: Role::Item }
    }

    /// The fields of an object that has some.
    pub(super) fn properties(&self) -> Option<&'static [Field]> {
        let is_object = self.field.kind == FieldKind::Object && self.role != Role::List;
        (is_object && !self.field.properties.is_empty()).then_some(self.field.properties)
    }

    /// Values that alone are allowed; on a list they are asked of its elements.
    pub(super) fn choices(&self) -> &'static [&'static str] {
        if self.role == Role::List { &[] } else { self.field.choices }
    }
}

const fn plain_types(kind: FieldKind) -> &'static [JsonType] {
    match kind {
        FieldKind::String | FieldKind::Text | FieldKind::Password => &[JsonType::String],
        FieldKind::Number { .. } => &[JsonType::Number],
        FieldKind::Integer => &[JsonType::Integer],
        FieldKind::Boolean => &[JsonType::Boolean],
        FieldKind::Datetime => &[JsonType::String, JsonType::Number],
        FieldKind::Object => &[JsonType::Object],
        FieldKind::Any => ANY,
    }
}

const ANY: &[JsonType] =
    &[JsonType::String, JsonType::Number, JsonType::Boolean, JsonType::Object, JsonType::Array, JsonType::Null];

/// With null where the field allows it. An object with fields of its own forgets that it does.
const fn types_of(field: &Field) -> &'static [JsonType] {
    if !field.nullable {
        return plain_types(field.kind);
    }
    match field.kind {
        FieldKind::String | FieldKind::Text | FieldKind::Password => &[JsonType::String, JsonType::Null],
        FieldKind::Number { .. } => &[JsonType::Number, JsonType::Null],
        FieldKind::Integer => &[JsonType::Integer, JsonType::Null],
        FieldKind::Boolean => &[JsonType::Boolean, JsonType::Null],
        FieldKind::Datetime => &[JsonType::String, JsonType::Number, JsonType::Null],
        FieldKind::Object if field.properties.is_empty() => &[JsonType::Object, JsonType::Null],
        FieldKind::Object => &[JsonType::Object],
        FieldKind::Any => ANY,
    }
}
