//! What `updateCompanyAudience` sends to LinkedIn.
use serde_json::{Value, json};

use crate::core::destinations::linkedin;
use crate::core::form_text::form_text;
use crate::core::http::Request;
use crate::core::js;

const PROTOCOL: (&str, &str) = ("x-restli-protocol-version", "2.0.0");
const URN_PREFIX: &str = "urn:li:organization:";

/// Looks the segments of an audience up.
pub(super) fn find_segments(account: &str, key: &str) -> Request {
    let query =
        form_text([("q", "account"), ("account", account), ("sourceSegmentId", key), ("sourcePlatform", "SEGMENT")]);
    linkedin::request("GET", &format!("/dmpSegments?{query}"), [PROTOCOL], None)
}

/// Makes the segment of an audience.
pub(super) fn create_segment(account: &str, key: &str) -> Request {
    let body = json!({
        "name": key,
        "sourcePlatform": "SEGMENT",
        "sourceSegmentId": key,
        "account": account,
        "type": "COMPANY",
        "destinations": [{ "destination": "LINKEDIN" }],
    });
    linkedin::request("POST", "/dmpSegments", [PROTOCOL], Some(body))
}

/// Adds companies to a segment or removes them.
pub(super) fn update_companies(segment_id: &str, elements: &[Value]) -> Request {
    let path = format!("/dmpSegments/{segment_id}/companies");
    let headers = [("x-restli-method", "BATCH_CREATE"), PROTOCOL];
    linkedin::request("POST", &path, headers, Some(json!({ "elements": elements })))
}

/// A company, normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Company {
    pub(super) action: String,
    pub(super) domain: Option<String>,
    pub(super) urn: Option<String>,
}

impl Company {
    /// As LinkedIn wants it; what is not known is left out.
    pub(super) fn element(&self) -> Value {
        let entries = [
            ("action", Some(&self.action)),
            ("companyWebsiteDomain", self.domain.as_ref()),
            ("organizationUrn", self.urn.as_ref()),
        ];
        entries.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::from(text?.as_str())))).collect()
    }
}

/// A domain without blanks around it, in lower case.
pub(super) fn domain(text: &str) -> Option<String> {
    Some(js::trim(text).to_lowercase()).filter(|domain| !domain.is_empty())
}

/// LinkedIn's name for a company out of its id, or out of a URN however often it was put before the id.
pub(super) fn urn(text: &str) -> Option<String> {
    let trimmed = js::trim(text);
    let once = without_prefix(trimmed).map_or(trimmed, js::trim);
    if once.is_empty() {
        return None;
    }
    let mut id = once;
    while let Some(rest) = without_prefix(id) {
        id = js::trim(rest);
    }
    Some(format!("{URN_PREFIX}{id}"))
}

fn without_prefix(text: &str) -> Option<&str> {
    let prefix = text.get(..URN_PREFIX.len())?;
    prefix.eq_ignore_ascii_case(URN_PREFIX).then(|| &text[URN_PREFIX.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_id_is_one_urn() {
        for id in [
            "1035",
            "urn:li:organization:1035",
            "urn:li:organization:urn:li:organization:1035",
            "URN:LI:ORGANIZATION:1035",
            "  1035  ",
        ] {
            assert_eq!(urn(id).as_deref(), Some("urn:li:organization:1035"), "{id:?}");
        }
        assert_eq!(urn("urn:li:organization:"), None);
        assert_eq!(urn("  "), None);
    }
}
