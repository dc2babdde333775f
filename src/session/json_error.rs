//! What `serde_json` says of broken JSON, without the place: the callers know the place in the file.

/// The reason alone: `expected value`.
pub(crate) fn json_reason(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_left_out() {
        let error = serde_json::from_str::<serde_json::Value>("{\"a\":}").unwrap_err();
        assert_eq!(json_reason(&error), "expected value");
    }
}
