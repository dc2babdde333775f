//! The semantics of JavaScript values that the reference's behaviour rests on: what is truthy, what a value reads as in
//! text, what counts as a number. A missing value (`undefined`) is `None` throughout.
mod date;
mod number;
mod property;
mod text;
mod value;

pub use date::{Civil, is_valid as is_date, parse as parse_date};
pub use number::{from_text as number_from_text, json as number_json, of as number, text as number_text};
pub use property::{Found, keys, lookup, member};
pub use text::{article, indented_json_text, is_blank, json_error, json_text, quoted, trim, utf16_len};
pub use value::{TypeError, differs_from_empty_text, real_type_of, text, truthy, type_of};
