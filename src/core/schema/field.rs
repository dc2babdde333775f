//! Field definitions: what an action or a destination's settings take, as data. The validator, the composer's form
//! and the default mapping all read these.

/// One field of an action, of settings or of an object field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Key in the payload.
    pub key: &'static str,
    /// Title for people; validation messages begin with it.
    pub label: &'static str,
    /// What it is for, in a sentence.
    pub description: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a payload without it is refused.
    pub required: Required,
    /// Whether it holds a list of `kind`.
    pub multiple: bool,
    /// Whether null is a value.
    pub nullable: bool,
    /// Whether the form hides it.
    pub hidden: bool,
    /// The only values allowed; empty for any.
    pub choices: &'static [&'static str],
    /// Fields of an object; empty for an object of any shape.
    pub properties: &'static [Field],
    /// Default mapping or setting as JSON text; empty for none. Only pre-fills: validation applies no defaults.
    pub default: &'static str,
}

impl Field {
    /// An optional field of a kind, with nothing else said of it.
    #[must_use]
    pub const fn new(key: &'static str, label: &'static str, kind: FieldKind) -> Self {
        Self {
            key,
            label,
            description: "",
            kind,
            required: Required::No,
            multiple: false,
            nullable: false,
            hidden: false,
            choices: &[],
            properties: &[],
            default: "",
        }
    }
}

/// What a field holds. Names follow the reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// Text.
    String,
    /// Text shown in several lines.
    Text,
    /// Text that is a secret.
    Password,
    /// Any number; the bounds count only where they are not zero, as in the reference.
    Number {
        /// Least value, 0 for none.
        minimum: f64,
        /// Greatest value, 0 for none.
        maximum: f64,
    },
    /// A whole number; the reference ignores its bounds.
    Integer,
    /// True or false.
    Boolean,
    /// A time as text or number.
    Datetime,
    /// An object.
    Object,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug)]
pub enum Required {
    /// It may be missing.
    No,
    /// It must be there.
    Yes,
    /// It must be there if another field of the same object has a value.
    If {
        /// The other field.
        key: &'static str,
        /// The value that makes this one required.
        is: &'static str,
    },
}
