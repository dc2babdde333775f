//! A request as a command for a shell. Secrets that were aliased stand there as variables: `‹token#1›` is `$TOKEN_1`.
use std::fmt::Write as _;

use base64::Engine as _;

use crate::core::http::Body;
use crate::core::record::Exchange;

/// Longer bodies go through a pipe: a shell takes no argument of more than 128 KiB.
const MAX_ARGUMENT_BYTES: usize = 100_000;

/// Header fields that curl makes itself.
const MADE_BY_CURL: &[&str] = &["content-length", "host", "connection", "transfer-encoding"];

/// The request of an exchange as a `curl` command for a POSIX shell.
#[must_use]
pub fn curl(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let url = exchange.sent_to.as_deref().unwrap_or(&request.url);
    let mut parts = vec![format!("curl --request {} {}", quoted(&request.method), quoted(url))];
    if url.contains(['[', ']', '{', '}']) {
        parts.push("--globoff".to_owned());
    }
    for (name, value) in request.headers.iter() {
        match name {
            "accept-encoding" => parts.push("--compressed".to_owned()),
            name if name.starts_with(':') || MADE_BY_CURL.contains(&name) => (),
            // curl sends a header without a value only if a semicolon ends it.
            name if value.is_empty() => parts.push(format!("--header {}", quoted(&format!("{name};")))),
            name => parts.push(format!("--header {}", quoted(&format!("{name}: {value}")))),
        }
    }
    let mut pipe = String::new();
    if let Some(body) = body_of(&request.body) {
        if request.headers.get("content-type").is_none() {
            parts.push("--header 'content-type:'".to_owned());
        }
        match body {
            Given::Text(text) if text.len() <= MAX_ARGUMENT_BYTES => {
                parts.push(format!("--data-raw {}", quoted(&text)));
            }
            Given::Text(text) => pipe = format!("printf %s {} | ", quoted(&text)),
            Given::Base64(base64) => pipe = format!("printf %s {base64} | base64 -d | "),
        }
        if !pipe.is_empty() {
            parts.push("--data-binary @-".to_owned());
        }
    } else if request.method != "GET" && request.method != "HEAD" {
        parts.push("--header 'content-length: 0'".to_owned());
    }
    format!("{pipe}{}", parts.join(" \\\n  "))
}

/// A body as a shell can give it.
enum Given {
    Text(String),
    Base64(String),
}

/// Bytes that are no text, or hold a NUL, which no argument can, go as base64.
fn body_of(body: &Body) -> Option<Given> {
    let bytes = body.to_bytes();
    if bytes.is_empty() {
        return None;
    }
    Some(match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Given::Text(text),
        Ok(text) => Given::Base64(base64::engine::general_purpose::STANDARD.encode(text)),
        Err(error) => Given::Base64(base64::engine::general_purpose::STANDARD.encode(error.as_bytes())),
    })
}

/// A text in single quotes, in which nothing means anything to the shell; aliases become variables.
fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    let mut rest = text;
    while let Some((before, alias, behind)) = next_alias(rest) {
        out.push_str(&before.replace('\'', "'\\''"));
        // A closing quote, the variable, an opening quote.
        let _infallible = write!(out, "'\"${alias}\"'");
        rest = behind;
    }
    out.push_str(&rest.replace('\'', "'\\''"));
    out.push('\'');
    out
}

/// What stands before the first alias, its name as a variable, and what stands behind it.
fn next_alias(text: &str) -> Option<(&str, String, &str)> {
    text.match_indices('‹').find_map(|(start, open)| {
        let inside = &text[start + open.len()..];
        let (name, behind) = inside.split_once('›')?;
        let (word, number) = name.split_once('#')?;
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
        let starts_well = word.starts_with(|c: char| c.is_ascii_alphabetic());
        (is_word && is_number && starts_well).then(|| {
            let variable = format!("{}_{number}", word.to_ascii_uppercase().replace('-', "_"));
            (&text[..start], variable, behind)
        })
    })
}
