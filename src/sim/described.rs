//! Configuration that describes itself. One declaration gives the struct that is read, what editors propose and tell of
//! its fields, and what is wrong with a value, field by field: none of them can fall behind the others.
use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::core::schema::{Field, FieldKind, Misfit, Required};

/// A type that a configuration holds.
pub(super) trait Described: DeserializeOwned {
    /// What holds such a value, as a field that has no name yet.
    const FIELD: Field;

    /// Whether it may be missing wherever it stands.
    const MAY_BE_MISSING: bool = false;

    /// Reads on from "it must be".
    fn must_be() -> String;

    /// Adds everything that is wrong with a value.
    fn check(value: &Value, place: &str, misfits: &mut Vec<Misfit>) {
        if serde_json::from_value::<Self>(value.clone()).is_err() {
            misfits.push(Misfit::wrong(place, value, &Self::must_be()));
        }
    }
}

/// Declares a struct that is read from an object, with what each of its fields is for as its documentation. With
/// `#[serde(default)]` before it, or before a field, what is not there has its default.
macro_rules! described {
    (
        $(#[doc = $about:literal])+
        $(#[serde($defaults:ident)])?
        $(#[derive($($derived:ident),+)])?
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $(#[serde($default:ident)])?
                $field_vis:vis $field:ident: $type:ty,
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, serde::Deserialize $($(, $derived)+)?)]
        #[serde(deny_unknown_fields)]
        $(#[serde($defaults)])?
        $vis struct $name {
            $(
                $(#[doc = $doc])+
                $(#[serde($default)])?
                $field_vis $field: $type,
            )+
        }

        impl $name {
            /// Not empty where all fields have a default.
            const DEFAULTED: &'static [&'static str] = &[$(stringify!($defaults))?];
        }

        impl $crate::sim::described::Described for $name {
            const FIELD: $crate::core::schema::Field = $crate::core::schema::Field {
                properties: &[$({
                    let own: &[&str] = &[$(stringify!($default))?];
                    let key = $crate::sim::described::key_of(stringify!($field));
                    $crate::core::schema::Field {
                        key,
                        label: key,
                        description: concat!($($doc),+).trim_ascii(),
                        required: $crate::sim::described::need(
                            !Self::DEFAULTED.is_empty() || !own.is_empty() || <$type as $crate::sim::described::Described>::MAY_BE_MISSING,
                        ),
                        ..<$type as $crate::sim::described::Described>::FIELD
                    }
                }),+],
                ..$crate::core::schema::Field::new("", "", $crate::core::schema::FieldKind::Object)
            };

            fn must_be() -> String {
                "an object".to_owned()
            }

            fn check(value: &serde_json::Value, place: &str, misfits: &mut Vec<$crate::core::schema::Misfit>) {
                let Some(members) = $crate::sim::described::members::<Self>(value, place, misfits) else { return };
                for (key, member) in members {
                    let place = $crate::core::schema::member_place(place, key);
                    $(
                        if key == $crate::sim::described::key_of(stringify!($field)) {
                            <$type as $crate::sim::described::Described>::check(member, &place, misfits);
                        }
                    )+
                }
            }
        }
    };
}

/// Declares an enum that is read from a name, with what each name means as its documentation.
macro_rules! choices {
    (
        $(#[$meta:meta])+
        $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+ }
    ) => {
        $(#[$meta])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in configurations.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }

        $crate::sim::described::described_names!($name);
    };
}

/// Types with a closed set of names.
macro_rules! described_names {
    ($($name:ty),+) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = <String as serde::Deserialize>::deserialize(deserializer)?;
                let must_be = <Self as $crate::sim::described::Described>::must_be;
                Self::from_name(&name)
                    .ok_or_else(|| serde::de::Error::custom(format!("\"{name}\" is not {}", must_be())))
            }
        }

        impl $crate::sim::described::Described for $name {
            const FIELD: $crate::core::schema::Field = $crate::core::schema::Field {
                choices: {
                    const NAMES: [&str; <$name>::ALL.len()] = {
                        let mut names = [""; <$name>::ALL.len()];
                        let mut name_idx = 0;
                        while name_idx < names.len() {
                            names[name_idx] = <$name>::ALL[name_idx].name();
                            name_idx += 1;
                        }
                        names
                    };
                    &NAMES
                },
                ..$crate::core::schema::Field::new("", "", $crate::core::schema::FieldKind::String)
            };

            fn must_be() -> String {
                format!("one of {}", Self::FIELD.choices.join(", "))
            }
        }
    )+};
}

pub(super) use {choices, described, described_names};

/// The key of a struct's field: `r#type` is written `type`.
pub(super) const fn key_of(name: &'static str) -> &'static str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

/// Whether a field must be there.
pub(super) const fn need(may_be_missing: bool) -> Required {
    if may_be_missing { Required::No } else { Required::Yes }
}

/// The members of an object, once what it lacks and what nobody reads of it is told.
pub(super) fn members<'v, T: Described>(
    value: &'v Value,
    place: &str,
    misfits: &mut Vec<Misfit>,
) -> Option<&'v Map<String, Value>> {
    let fields = T::FIELD.properties;
    let Some(members) = value.as_object() else {
        misfits.push(Misfit::wrong(place, value, &T::must_be()));
        return None;
    };
    for field in fields.iter().filter(|field| matches!(field.required, Required::Yes)) {
        if !members.contains_key(field.key) {
            misfits.push(Misfit::new(place, format!("has no `{}`, which it needs", field.key)));
        }
    }
    let unknown = members.keys().filter(|key| !fields.iter().any(|field| field.key == key.as_str()));
    misfits.extend(unknown.map(|key| Misfit::of_stranger(key, fields).within(place)));
    Some(members)
}

macro_rules! scalars {
    ($($type:ty: $kind:expr, $must_be:literal;)+) => {$(
        impl Described for $type {
            const FIELD: Field = Field::new("", "", $kind);

            fn must_be() -> String {
                $must_be.to_owned()
            }
        }
    )+};
}

scalars! {
    bool: FieldKind::Boolean, "true or false";
    String: FieldKind::String, "text";
    u16: FieldKind::Integer, "a whole number from 0 to 65535";
    u32: FieldKind::Integer, "a whole number from 0 to 4294967295";
    u64: FieldKind::Integer, "a whole number, 0 or more";
    NonZeroU32: FieldKind::Integer, "a whole number from 1 to 4294967295";
    Value: FieldKind::Any, "any value";
    BTreeMap<String, String>: FieldKind::Object, "an object whose values are texts";
}

impl Described for (u64, u64) {
    const FIELD: Field = Field { multiple: true, ..u64::FIELD };

    fn must_be() -> String {
        "[from, to], two whole numbers".to_owned()
    }
}

impl<T: Described> Described for Option<T> {
    const FIELD: Field = T::FIELD;
    const MAY_BE_MISSING: bool = true;

    fn must_be() -> String {
        T::must_be()
    }

    fn check(value: &Value, place: &str, misfits: &mut Vec<Misfit>) {
        if !value.is_null() {
            T::check(value, place, misfits);
        }
    }
}

impl<T: Described> Described for Vec<T> {
    const FIELD: Field = Field { multiple: true, ..T::FIELD };

    fn must_be() -> String {
        "a list".to_owned()
    }

    fn check(value: &Value, place: &str, misfits: &mut Vec<Misfit>) {
        let Some(items) = value.as_array() else {
            return misfits.push(Misfit::wrong(place, value, &Self::must_be()));
        };
        for (item_idx, item) in items.iter().enumerate() {
            T::check(item, &format!("{place}[{item_idx}]"), misfits);
        }
    }
}
