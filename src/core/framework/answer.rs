//! An answer as the reference's code sees it: `.content` is its text, `.data` its JSON or, failing that, its text.
use std::borrow::Cow;

use serde_json::Value;

use crate::core::http::{Body, Response};
use crate::core::js;

/// `response.content`.
#[must_use]
pub fn content(response: &Response) -> Cow<'_, str> {
    match &response.body {
        Body::Empty => Cow::Borrowed(""),
        Body::Json(json) => Cow::Owned(json.to_string()),
        Body::Text(text) => Cow::Borrowed(text),
        Body::Bytes(bytes) => String::from_utf8_lossy(bytes),
    }
}

/// `response.data`: parsed where the content type says JSON, `None` (undefined) if that fails, else the text. An answer
/// without a content type counts as what its body is, because scripts leave it out.
#[must_use]
pub fn data(response: &Response) -> Option<Cow<'_, Value>> {
    let says_json = response.headers.get("content-type").map(|kind| kind.contains("application/json"));
    match (&response.body, says_json) {
        (Body::Json(json), Some(true) | None) => Some(Cow::Borrowed(json)),
        (_, Some(true)) => None,
        _ => Some(Cow::Owned(Value::String(content(response).into_owned()))),
    }
}

/// The status that an item in a body gives itself; numbers in quotes count, as they do in a JavaScript comparison.
#[must_use]
pub fn item_status(item: &Value) -> Option<u16> {
    js::number_text(js::number(item.get("status")?)).parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::core::http::Headers;

    #[test]
    fn an_item_s_status_is_a_whole_number() {
        for (item, status) in [
            (json!({"status": 200}), Some(200)),
            (json!({"status": "409"}), Some(409)),
            (json!({"status": 200.5}), None),
            (json!({"status": "ok"}), None),
            (json!({}), None),
        ] {
            assert_eq!(item_status(&item), status, "{item}");
        }
    }

    #[test]
    fn data_is_what_the_content_type_promises() {
        let (json_body, text_body) = (Body::Json(json!({"a": 1})), Body::Text("plain".into()));
        for (kind, body, expected) in [
            (Some("application/json; charset=utf-8"), json_body.clone(), Some(json!({"a": 1}))),
            (Some("application/json"), text_body.clone(), None),
            (Some("application/json"), Body::Empty, None),
            (Some("text/plain"), json_body.clone(), Some(json!("{\"a\":1}"))),
            (None, json_body, Some(json!({"a": 1}))),
            (None, text_body, Some(json!("plain"))),
            (None, Body::Empty, Some(json!(""))),
        ] {
            let headers: Headers = kind.map(|kind| ("content-type", kind)).into_iter().collect();
            let response = Response { status: 200, headers, body };
            assert_eq!(data(&response).map(Cow::into_owned), expected, "{kind:?}");
        }
    }
}
