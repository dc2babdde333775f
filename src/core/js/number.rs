//! Numbers: all of them are doubles, and their text is the shortest that reads back as the same double.
use serde_json::{Number, Value};

use super::{text as texts, value};

/// `Number(value)`: 0 for null, false and blank text; NaN for objects and for text that is no number.
#[must_use]
pub fn of(value: &Value) -> f64 {
    match value {
        Value::Null | Value::Bool(false) => 0.0,
        Value::Bool(true) => 1.0,
        Value::Number(number) => double(number),
        Value::String(text) => from_text(text),
        Value::Array(_) => from_text(&value::text(value)),
        Value::Object(_) => f64::NAN,
    }
}

/// The double that a JSON number is. Integers past 2⁵³ lose their last digits, as they do in the reference.
pub(super) fn double(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

/// The number as JSON: whole ones without a point, null where JSON has no number for it.
#[must_use]
pub fn json(number: f64) -> Value {
    let text = text(number);
    text.parse::<i64>().map_or_else(|_| Value::from(number), Value::from)
}

/// `Number(text)`: surrounding blanks do not count, blank text is 0, `0x`, `0o` and `0b` are understood, and anything
/// else that is not a whole decimal literal is NaN.
#[must_use]
pub fn from_text(text: &str) -> f64 {
    let text = texts::trim(text);
    if text.is_empty() {
        return 0.0;
    }
    for (prefixes, radix) in [(["0x", "0X"], 16), (["0o", "0O"], 8), (["0b", "0B"], 2)] {
        if let Some(digits) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) {
            return whole(digits, radix);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    if unsigned == "Infinity" {
        return sign * f64::INFINITY;
    }
    // Rust's own grammar also knows "inf", "nan" and a second sign.
    let is_decimal = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    if is_decimal { unsigned.parse().map_or(f64::NAN, |number: f64| sign * number) } else { f64::NAN }
}

fn whole(digits: &str, radix: u32) -> f64 {
    let mut number = if digits.is_empty() { f64::NAN } else { 0.0 };
    for digit in digits.chars() {
        number = digit.to_digit(radix).map_or(f64::NAN, |digit| number * f64::from(radix) + f64::from(digit));
    }
    number
}

/// `String(number)`: `1.5`, `5` for 5.0, `1e+21` from there on, `0` for −0, `NaN`, `Infinity`.
#[must_use]
pub fn text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let (digits, exponent) = shortest(number.abs());
    format!("{sign}{}", layout(&digits, exponent))
}

/// The significant digits of a positive number, and the power of ten of the first of them. JSON's writer finds the same
/// digits as JavaScript does, also where two texts are equally short and equally near; Rust's own does not.
fn shortest(number: f64) -> (String, i32) {
    let json = Value::from(number).to_string();
    let (mantissa, exponent) = json.split_once('e').unwrap_or((&json, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    let n_leading_zeros = all.len() - digits.len();
    let power = i32::try_from(whole.len()).unwrap_or(0) - i32::try_from(n_leading_zeros).unwrap_or(0) - 1;
    (digits.trim_end_matches('0').to_owned(), power + exponent.parse().unwrap_or(0))
}

/// Where the point goes: `digits` are the significant ones and the first of them stands at 10^`exponent`.
fn layout(digits: &str, exponent: i32) -> String {
    match usize::try_from(exponent) {
        Ok(exponent) if exponent < 21 => {
            if digits.len() <= exponent + 1 {
                format!("{digits:0<width$}", width = exponent + 1)
            } else {
                let (whole, fraction) = digits.split_at(exponent + 1);
                format!("{whole}.{fraction}")
            }
        }
        Err(_) if exponent >= -6 => {
            let zeros = usize::try_from(-1 - exponent).unwrap_or(0);
            format!("0.{}{digits}", "0".repeat(zeros))
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{first}{point}{rest}e{sign}{}", exponent.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_javascript_writes_them() {
        for (number, expected) in [
            (5.0, "5"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (-1.25, "-1.25"),
            (0.1 + 0.2, "0.30000000000000004"),
            (100.0, "100"),
            (123_456.789, "123456.789"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000_001, "0.000001"),
            (1e-7, "1e-7"),
            (1.23e-7, "1.23e-7"),
            (5e-324, "5e-324"),
            (221_816_986_799_240.12, "221816986799240.12"),
            (9_007_199_254_740_993.0, "9007199254740992"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(text(number), expected);
        }
    }

    #[test]
    fn text_becomes_a_number_as_in_javascript() {
        for (text, expected) in [
            ("", 0.0),
            ("  ", 0.0),
            (" 12 ", 12.0),
            ("5.5e2", 550.0),
            ("5.", 5.0),
            (".5", 0.5),
            ("+5", 5.0),
            ("-5", -5.0),
            ("0x10", 16.0),
            ("0b101", 5.0),
            ("0o17", 15.0),
            ("Infinity", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e999", f64::INFINITY),
        ] {
            assert_eq!(from_text(text).to_bits(), expected.to_bits(), "{text:?}");
        }
        for text in
            ["abc", "5a", "--5", "+-5", ".", "e5", "1e", "inf", "nan", "0x", "0xg", "-0x10", "1_000", "1,5", "5 5"]
        {
            assert!(from_text(text).is_nan(), "{text:?}");
        }
    }
}
