//! One secret, many spellings: as it is, in a URL, in a form, inside a JSON string.
use std::collections::HashSet;

use serde_json::Value;

/// Values that stand where a secret would, and are none: what JavaScript prints of a token that is not there.
const NO_SECRETS: &[&str] = &["", "undefined", "null", "true", "false", "NaN", "[object Object]"];

/// Whether a value in a secret's place can be one. The name of an environment variable is none.
pub(super) fn is_secret(value: &str) -> bool {
    !NO_SECRETS.contains(&value) && !value.starts_with("$env:")
}

/// What browsers, forms and strict writers leave as it is when they percent-encode, and how they write a space.
const ENCODINGS: &[(&[u8], &str)] = &[(b"-_.!~*'()", "%20"), (b"*-._", "+"), (b"-._~", "%20")];

/// Every way in which a secret can stand in a text, the plain one first.
pub(super) fn spellings(secret: &str) -> Vec<String> {
    let escaped = json_escaped(secret);
    let twice_escaped = json_escaped(&escaped);
    let mut spellings = vec![secret.to_owned(), escaped.replace('/', "\\/"), escaped, twice_escaped];
    for (safe, space) in ENCODINGS {
        spellings.push(percent_encoded(secret, safe, space, |byte| format!("%{byte:02X}")));
        spellings.push(percent_encoded(secret, safe, space, |byte| format!("%{byte:02x}")));
    }
    let mut seen = HashSet::new();
    spellings.retain(|spelling| seen.insert(spelling.clone()));
    spellings
}

fn json_escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn percent_encoded(text: &str, safe: &[u8], space: &str, hex: fn(u8) -> String) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b' ' => space.to_owned(),
        byte if byte.is_ascii_alphanumeric() || safe.contains(&byte) => char::from(byte).to_string(),
        byte => hex(byte),
    });
    encoded.collect()
}

/// What a value that was found in a URL, a form or a piece of JSON may stand for, likeliest first.
pub(super) fn readings(found: &str) -> Vec<String> {
    let mut readings = Vec::new();
    if found.contains('\\')
        && let Ok(unescaped) = serde_json::from_str(&format!("\"{found}\""))
    {
        readings.push(unescaped);
    }
    if found.contains('%')
        && let Some(decoded) = percent_decoded(found)
    {
        readings.push(decoded.replace('+', " "));
        readings.push(decoded);
    }
    readings.push(found.to_owned());
    readings
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
            decoded.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}
