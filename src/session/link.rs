//! Links to an attempt: `inspector://session/<id>#event=<messageId>&attempt=<n>`. They name content, so that they hold in
//! every copy of the session.
use std::convert::Infallible;
use std::fmt;
use std::io::{BufRead as _, Read as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde_json::Value;

use super::input;
use crate::store::label::Label;
use crate::store::{AttemptIdx, Session};

/// Where a link leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Id of the session, if it names one.
    pub session: Option<String>,
    /// Message id of an event, or the id of a delivery.
    pub event: String,
    /// Which attempt of the delivery, from 1; the last one if it names none.
    pub attempt: Option<u32>,
}

/// What every whole link begins with.
pub const SCHEME: &str = "inspector://session/";

/// The first of these files that holds the session of a link. Of each only the header is read; one that is no session or
/// cannot be read is passed over.
#[must_use]
pub fn file_of<'p>(link: &Link, files: &'p [PathBuf]) -> Option<&'p Path> {
    let wanted = link.session.as_deref()?;
    files.iter().map(PathBuf::as_path).find(|path| session_id_of(path).as_deref() == Some(wanted))
}

fn session_id_of(path: &Path) -> Option<String> {
    /// A header holds a plan, and a plan its events; a longer one is not looked into.
    const LONGEST_HEADER: u64 = 16 << 20;
    let mut header = String::new();
    let unpacked = input::unpacked(input::open(path).ok()?, LONGEST_HEADER).ok()?;
    unpacked.take(LONGEST_HEADER).read_line(&mut header).ok()?;
    let header: Value = serde_json::from_str(&header).ok()?;
    Some(header.get("id")?.as_str()?.to_owned())
}

impl Link {
    /// The link to an attempt.
    #[must_use]
    pub fn to(session: &Session, attempt_idx: AttemptIdx) -> Self {
        let delivery = session.attempt(attempt_idx).delivery;
        Self {
            session: Some(session.header().id.clone()),
            event: Label::of(session, delivery).message_id,
            attempt: Some(session.details(attempt_idx).number),
        }
    }

    /// The attempt that it leads to. Of several deliveries of one event the first is meant.
    #[must_use]
    pub fn find(&self, session: &Session) -> Option<AttemptIdx> {
        let is_meant = |idx: &_| {
            Label::of(session, *idx).message_id == self.event || session.delivery_id(*idx).as_str() == self.event
        };
        let delivery = session.deliveries().indices().find(is_meant)?;
        match self.attempt {
            None => Some(session.delivery(delivery).last_attempt),
            Some(number) => session.attempts_of(delivery).find(|idx| session.details(*idx).number == number),
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}#event={}", Escaped(self.session.as_deref().unwrap_or_default()), Escaped(&self.event))?;
        self.attempt.map_or(Ok(()), |attempt| write!(f, "&attempt={attempt}"))
    }
}

/// A whole link, what stands behind its `#`, or only a message id with or without `/<attempt>`.
impl FromStr for Link {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (session, rest) = match text.strip_prefix(SCHEME).and_then(|rest| rest.split_once('#')) {
            Some((session, rest)) => (Some(unescaped(session)).filter(|id| !id.is_empty()), rest),
            None => (None, text),
        };
        let field = |key: &str| rest.split('&').filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == key);
        if let Some((_, event)) = field("event") {
            let attempt = field("attempt").and_then(|(_, number)| number.parse().ok());
            return Ok(Self { session, event: unescaped(event), attempt });
        }
        let numbered = rest.rsplit_once('/').and_then(|(event, number)| Some((event, number.parse().ok()?)));
        let (event, attempt) = numbered.map_or((rest, None), |(event, number)| (event, Some(number)));
        Ok(Self { session, event: event.to_owned(), attempt })
    }
}

/// Text with everything but letters, digits and `-._~` as `%XX`.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.bytes().try_for_each(|byte| match byte {
            b'-' | b'.' | b'_' | b'~' => write!(f, "{}", char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => write!(f, "{}", char::from(byte)),
            byte => write!(f, "%{byte:02X}"),
        })
    }
}

fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).and_then(|code| std::str::from_utf8(code).ok());
        let decoded = code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| *byte == b'%');
        out.push(decoded.unwrap_or(*byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::demo;
    use proptest::prelude::*;

    #[test]
    fn a_link_finds_the_file_that_holds_its_session() {
        let sample =
            |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sample-sessions/{name}.session.jsonl"));
        let files = [PathBuf::from("/nowhere"), sample("token-propagation"), sample("pendo-busy")];
        let Ok(link) = "inspector://session/094d6e25403fbc619063014df97d4839#event=m".parse::<Link>();
        assert_eq!(file_of(&link, &files), Some(files[2].as_path()));
        assert_eq!(file_of(&link, &files[..2]), None);
        assert_eq!(file_of(&Link::default(), &files), None);
    }

    #[test]
    fn a_link_leads_back_to_its_attempt() {
        let session = demo::session();
        for attempt_idx in session.attempts().indices() {
            let link = Link::to(&session, attempt_idx);
            let Ok(read) = link.to_string().parse::<Link>();
            assert_eq!(read, link);
            assert_eq!(read.find(&session), Some(attempt_idx), "{link}");
        }
    }

    #[test]
    fn people_may_leave_out_what_they_do_not_know() {
        let session = demo::session();
        let id = |text: &str| {
            let Ok(link) = text.parse::<Link>();
            link.find(&session).map(|idx| session.details(idx).id.to_string())
        };
        assert_eq!(id("m-7f21").as_deref(), Some("d1-a2"));
        assert_eq!(id("m-7f21/1").as_deref(), Some("d1-a1"));
        assert_eq!(id("event=m-7f21&attempt=1").as_deref(), Some("d1-a1"));
        assert_eq!(id("d1").as_deref(), Some("d1-a2"));
        assert_eq!(id("m-7f21/9"), None);
        assert_eq!(id("nobody"), None);
    }

    proptest! {
        #[test]
        fn any_id_goes_through_a_link(session in "\\PC{1,12}", event in "\\PC{1,12}", attempt in any::<u32>()) {
            let link = Link { session: Some(session), event, attempt: Some(attempt) };
            let Ok(read) = link.to_string().parse::<Link>();
            prop_assert_eq!(read, link);
        }
    }
}
