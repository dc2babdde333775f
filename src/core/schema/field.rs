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
    /// Least and greatest length of a text in letters, 0 for none.
    pub length: (usize, usize),
    /// Fields of an object; empty for an object of any shape.
    pub properties: &'static [Field],
    /// What an object of any shape usually holds: for who writes one. Validation does not look at it.
    pub outline: &'static [Self],
    /// What becomes of the keys of an object with `properties` that are not among them.
    pub other_keys: OtherKeys,
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
            length: (0, 0),
            properties: &[],
            outline: &[],
            other_keys: OtherKeys::Dropped,
            default: "",
        }
    }

    /// The fields of an object, whether or not validation asks for them.
    #[must_use]
    pub const fn parts(&self) -> &'static [Self] {
        if self.properties.is_empty() { self.outline } else { self.properties }
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
    /// Any JSON value; the reference has no such fields, what surrounds it has.
    Any,
}

/// What becomes of keys that no field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherKeys {
    /// They are left out without a word.
    Dropped,
    /// They stay as they are.
    Kept,
}

/// Whether a field must be there.
#[derive(Clone, Copy, Debug)]
pub enum Required {
    /// It may be missing.
    No,
    /// It must be there.
    Yes,
    /// It must be there if another field of the payload has a value.
    If {
        /// The other field.
        key: &'static str,
        /// The value that makes this one required.
        is: &'static str,
    },
    /// It must be there if the conditions hold.
    When {
        /// How many of them.
        matching: Match,
        /// What they say of other fields of the payload.
        conditions: &'static [FieldCondition],
    },
}

/// How many conditions must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Every one.
    All,
    /// At least one.
    Any,
}

/// A condition on another field.
#[derive(Clone, Copy, Debug)]
pub struct FieldCondition {
    /// The other field, or `parent.child` for a field inside an object.
    pub key: &'static str,
    /// What is asked of its value.
    pub operator: ConditionOperator,
    /// What it is compared with; none asks whether it is there at all.
    pub value: Option<&'static str>,
}

/// How a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionOperator {
    /// The value is that one; without one, the field is missing.
    Is,
    /// The value is another one; without one, the field is there.
    IsNot,
}
