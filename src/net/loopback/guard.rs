//! Who may talk to a loopback server: only clients that know that they talk to this machine. A web page that had its own
//! host name point here (DNS rebinding) sends that name in `Host`, and is turned away.

/// Whether an authority (`localhost:8765`, `[::1]`) names this machine. The port does not matter.
#[must_use]
pub fn is_local_name(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']') {
            Some((address, port)) if port.is_empty() || is_port(port) => return address == "::1",
            _ => return false,
        },
        None => match authority.split_once(':') {
            Some((_, port)) if !is_port(&format!(":{port}")) => return false,
            Some((host, _)) => host,
            None => authority,
        },
    };
    host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1"
}

fn is_port(text: &str) -> bool {
    text.strip_prefix(':').is_some_and(|digits| digits.len() <= 5 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_pass() {
        for authority in ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "127.0.0.1", "[::1]", "[::1]:8765"] {
            assert!(is_local_name(authority), "{authority}");
        }
        for authority in [
            "",
            "evil.test",
            "evil.test:8765",
            "localhost.evil.test",
            "127.0.0.1.evil.test",
            "0.0.0.0",
            "[::1",
            "[::2]",
            "[::1]x",
            "localhost:evil",
            "user@localhost",
            "localhost:1:2",
        ] {
            assert!(!is_local_name(authority), "{authority}");
        }
    }
}
