//! Filters that encode: URLs, Base64, digests, JSON.
use std::fmt::Write as _;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

use super::Arguments;
use crate::core::js;
use crate::core::mapping::liquid::error::LiquidError;
use crate::core::mapping::liquid::value::Val;

/// Letters that `encodeURIComponent` leaves alone besides ASCII letters and digits.
const COMPONENT: &str = "-_.!~*'()";
/// What `encodeURI` leaves alone as well; brackets are put back by the filter.
const WHOLE: &str = "-_.!~*'();/?:@&=+$,#[]";

/// Base64 as Node reads it: padding may be missing, and bits that are left over do not count.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn apply<'a>(
    name: &str,
    value: &Val<'a>,
    arguments: &Arguments<'a>,
) -> Option<Result<Val<'a>, LiquidError>> {
    let text = value.to_text();
    let result = match name {
        "url_encode" => percent_encoded(&text, COMPONENT).replace("%20", "+"),
        "cgi_escape" => percent_encoded(&text, "-_.~").replace("%20", "+"),
        "uri_escape" => percent_encoded(&text, WHOLE),
        "url_decode" => return Some(percent_decoded(&text.replace('+', " ")).map(Val::text)),
        "base64_encode" => BASE64.encode(text.as_bytes()),
        "base64_decode" => return Some(base64_decoded(&text).map(Val::text)),
        "sha256" => hex(&Sha256::digest(text.as_bytes())),
        "hmac_sha256" => hex(&hmac_sha256(text.as_bytes(), arguments.text(0).as_bytes())),
        "json" | "jsonify" | "inspect" => return Some(Ok(json(value, arguments))),
        _ => return None,
    };
    Some(Ok(Val::text(result)))
}

fn percent_encoded(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || kept.contains(letter) {
            out.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn percent_decoded(text: &str) -> Result<String, LiquidError> {
    let malformed = || LiquidError::new("URI malformed");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit =
            || rest.next().and_then(|byte| char::from(byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(malformed()) };
        bytes.push(high * 16 + low);
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}

fn base64_decoded(text: &str) -> Result<String, LiquidError> {
    let packed: String = text.chars().filter(|letter| !matches!(letter, '\t' | '\n' | '\u{c}' | '\r' | ' ')).collect();
    let is_whole = packed.len().is_multiple_of(4);
    let unpadded = packed.strip_suffix("==").or_else(|| packed.strip_suffix('=')).filter(|_| is_whole);
    let decoded = BASE64.decode(unpadded.unwrap_or(&packed));
    let decoded = decoded.map_err(|_| LiquidError::new("invalid base64 provided to base64_decode"))?;
    Ok(String::from_utf8_lossy(&decoded).into_owned())
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        _ = write!(out, "{byte:02x}");
    }
    out
}

/// RFC 2104 with SHA-256, whose blocks have 64 bytes.
fn hmac_sha256(text: &[u8], key: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

fn json<'a>(value: &Val<'a>, arguments: &Arguments<'_>) -> Val<'a> {
    match value {
        Val::Undefined => Val::Undefined,
        // Words are objects without fields to JSON.
        Val::Drop(_) => Val::text("{}"),
        other => Val::text(js::indented_json_text(&other.clone().into_json(), gap(&arguments.at(0)).as_deref())),
    }
}

/// What stands before a line of JSON for each level: so many blanks, or a text, at most ten letters of either.
fn gap(argument: &Val<'_>) -> Option<String> {
    const LONGEST: usize = 10;
    match argument {
        Val::Number(count) if *count > 0.0 => {
            Some((1..=LONGEST).zip(1_u8..).take_while(|(_, nth)| f64::from(*nth) <= *count).map(|_| ' ').collect())
        }
        other => {
            let text = other.as_str().filter(|text| !text.is_empty())?;
            Some(text.chars().take(LONGEST).collect())
        }
    }
}
