//! Names of HTTP statuses: the reason phrase that servers send, and the code that the reference calls it by.

/// The reason phrase of a status, as in Node's table; one that has none reads `unknown`.
#[must_use]
pub fn reason_phrase(status: u16) -> &'static str {
    row(status).map_or("unknown", |row| row.1)
}

/// The reference's name for a status, used as error code where none is given; `UNKNOWN_ERROR` for those it lacks.
#[must_use]
pub fn code_name(status: u16) -> &'static str {
    row(status).map_or("UNKNOWN_ERROR", |row| row.2)
}

fn row(status: u16) -> Option<&'static (u16, &'static str, &'static str)> {
    STATUSES.binary_search_by_key(&status, |row| row.0).ok().map(|row_idx| &STATUSES[row_idx])
}

/// Status, reason phrase, code; ascending. The code of 301 is misspelt in the reference too.
const STATUSES: &[(u16, &str, &str)] = &[
    (100, "Continue", "CONTINUE"),
    (101, "Switching Protocols", "SWITCHING_PROTOCOLS"),
    (102, "Processing", "PROCESSING"),
    (103, "Early Hints", "EARLY_HINTS"),
    (200, "OK", "OK"),
    (201, "Created", "CREATED"),
    (202, "Accepted", "ACCEPTED"),
    (203, "Non-Authoritative Information", "NON_AUTHORITATIVE_INFORMATION"),
    (204, "No Content", "NO_CONTENT"),
    (205, "Reset Content", "RESET_CONTENT"),
    (206, "Partial Content", "PARTIAL_CONTENT"),
    (207, "Multi-Status", "MULTI_STATUS"),
    (208, "Already Reported", "ALREADY_REPORTED"),
    (226, "IM Used", "IM_USED"),
    (300, "Multiple Choices", "MULTIPLE_CHOICES"),
    (301, "Moved Permanently", "MOVED_PERMENANTLY"),
    (302, "Found", "FOUND"),
    (303, "See Other", "SEE_OTHER"),
    (304, "Not Modified", "NOT_MODIFIED"),
    (305, "Use Proxy", "USE_PROXY"),
    (306, "unknown", "SWITCH_PROXY"),
    (307, "Temporary Redirect", "TEMPORARY_REDIRECT"),
    (308, "Permanent Redirect", "PERMANENT_REDIRECT"),
    (400, "Bad Request", "BAD_REQUEST"),
    (401, "Unauthorized", "UNAUTHORIZED"),
    (402, "Payment Required", "PAYMENT_REQUIRED"),
    (403, "Forbidden", "FORBIDDEN"),
    (404, "Not Found", "NOT_FOUND"),
    (405, "Method Not Allowed", "METHOD_NOT_ALLOWED"),
    (406, "Not Acceptable", "NOT_ACCEPTABLE"),
    (407, "Proxy Authentication Required", "PROXY_AUTHENTICATION_REQUIRED"),
    (408, "Request Timeout", "REQUEST_TIMEOUT"),
    (409, "Conflict", "CONFLICT"),
    (410, "Gone", "GONE"),
    (411, "Length Required", "LENGTH_REQUIRED"),
    (412, "Precondition Failed", "PRECONDITION_FAILED"),
    (413, "Payload Too Large", "PAYLOAD_TOO_LARGE"),
    (414, "URI Too Long", "URI_TOO_LONG"),
    (415, "Unsupported Media Type", "UNSUPPORTED_MEDIA_TYPE"),
    (416, "Range Not Satisfiable", "RANGE_NOT_SATISFIABLE"),
    (417, "Expectation Failed", "EXPECTATION_FAILED"),
    (418, "I'm a Teapot", "IM_A_TEAPOT"),
    (421, "Misdirected Request", "MISDIRECTED_REQUEST"),
    (422, "Unprocessable Entity", "UNPROCESSABLE_ENTITY"),
    (423, "Locked", "LOCKED"),
    (424, "Failed Dependency", "FAILED_DEPENDENCY"),
    (425, "Too Early", "TOO_EARLY"),
    (426, "Upgrade Required", "UPGRADE_REQUIRED"),
    (428, "Precondition Required", "PRECONDITION_REQUIRED"),
    (429, "Too Many Requests", "TOO_MANY_REQUESTS"),
    (431, "Request Header Fields Too Large", "REQUEST_HEADER_FIELDS_TOO_LARGE"),
    (451, "Unavailable For Legal Reasons", "UNAVAILABLE_FOR_LEGAL_REASONS"),
    (499, "unknown", "CANCELLED"),
    (500, "Internal Server Error", "INTERNAL_SERVER_ERROR"),
    (501, "Not Implemented", "NOT_IMPLEMENTED"),
    (502, "Bad Gateway", "BAD_GATEWAY"),
    (503, "Service Unavailable", "SERVICE_UNAVAILABLE"),
    (504, "Gateway Timeout", "GATEWAY_TIMEOUT"),
    (505, "HTTP Version Not Supported", "HTTP_VERSION_NOT_SUPPORTED"),
    (506, "Variant Also Negotiates", "VARIANT_ALSO_NEGOTIATES"),
    (507, "Insufficient Storage", "INSUFFICIENT_STORAGE"),
    (508, "Loop Detected", "LOOP_DETECTED"),
    (509, "Bandwidth Limit Exceeded", "BANDWIDTH_LIMIT_EXCEEDED"),
    (510, "Not Extended", "NOT_EXTENDED"),
    (511, "Network Authentication Required", "NETWORK_AUTHENTICATION_REQUIRED"),
    (529, "unknown", "SITE_IS_OVERLOADED"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found() {
        assert!(STATUSES.is_sorted_by(|left, right| left.0 < right.0), "the search needs ascending statuses");
        for (status, phrase, code) in STATUSES {
            assert_eq!((reason_phrase(*status), code_name(*status)), (*phrase, *code));
        }
    }

    #[test]
    fn a_status_without_a_name_is_unknown() {
        for status in [0, 419, 520, 598, 599] {
            assert_eq!((reason_phrase(status), code_name(status)), ("unknown", "UNKNOWN_ERROR"));
        }
    }
}
