//! What both LinkedIn destinations share: refreshing the token, and hashing what identifies people.
use sha2::{Digest as _, Sha256};

use crate::core::error::DeliveryError;
use crate::core::form_text::form_text;
use crate::core::framework::{Client, answer};
use crate::core::http::{Body, Headers, Request};
use crate::core::js;
use crate::core::plan::Auth;
use crate::core::rules::Call;

/// Base of LinkedIn's marketing API.
pub(super) const BASE_URL: &str = "https://api.linkedin.com/rest";

const TOKEN_URL: &str = "https://www.linkedin.com/oauth/v2/accessToken";

/// Asks for a new access token. A refresh token that comes along is not looked at, and an answer without an access token
/// is no error: the next request then carries `Bearer undefined`.
pub(super) async fn refresh(
    client: &Client<'_>,
    auth: &Auth,
    content_type: &str,
) -> Result<Option<String>, DeliveryError> {
    let or_undefined = |text: &Option<String>| text.clone().unwrap_or_else(|| "undefined".to_owned());
    let body = form_text([
        ("refresh_token", or_undefined(&auth.refresh_token).as_str()),
        ("client_id", or_undefined(&auth.client_id).as_str()),
        ("client_secret", or_undefined(&auth.client_secret).as_str()),
        ("grant_type", "refresh_token"),
    ]);
    let request = Request {
        method: "POST".to_owned(),
        url: TOKEN_URL.to_owned(),
        headers: [("content-type", content_type)].into_iter().collect(),
        body: Body::Text(body),
    };
    let response = client.send(Call::Token, request).await?;
    let data = answer::data(&response);
    let token = data.as_deref().and_then(|data| js::member(data, "access_token"));
    Ok(token.map(|token| js::text(&token).into_owned()))
}

/// A `GET` or `POST` to LinkedIn.
pub(super) fn request<'h>(
    method: &str,
    path: &str,
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    body: Option<serde_json::Value>,
) -> Request {
    let mut headers: Headers = headers.into_iter().collect();
    let body = body.map_or(Body::Empty, |json| {
        headers.set("content-type", "application/json");
        Body::Json(json)
    });
    Request { method: method.to_owned(), url: format!("{BASE_URL}{path}"), headers, body }
}

/// SHA-256 in hexadecimal of a text as it stands. A text that is one already stays as it is, a blank one becomes empty.
#[must_use]
pub fn hashed(text: &str) -> String {
    if js::trim(text).is_empty() {
        return String::new();
    }
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return text.to_owned();
    }
    let half_bytes = Sha256::digest(text.as_bytes()).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    half_bytes.filter_map(|half_byte| char::from_digit(half_byte.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_hashed_once() {
        let hash = "584c4423c421df49955759498a71495aba49b8780eb9387dff333b6f0982c777";
        for (text, expected) in [("testing@testing.com", hash), (hash, hash), ("  ", ""), ("", "")] {
            assert_eq!(hashed(text), expected, "{text:?}");
        }
        assert_ne!(hashed(" testing@testing.com"), hash);
        assert_ne!(hashed("Testing@testing.com"), hash);
        assert_eq!(hashed(&hash.to_uppercase()), hash.to_uppercase());
    }
}
