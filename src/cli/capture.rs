//! `capture`: what Segment SDKs on this machine send becomes the events of a session.
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use super::args::CaptureArgs;
use super::failure::Failure;
use super::output::{self, counted};
use super::session_out::SessionOut;
use super::signals::Signals;
use crate::core::names::EventId;
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::net::capture::{Capture, CaptureNews, CaptureOptions};
use crate::session::export::text::{event_title, visible};
use crate::session::secrets::Secrets;

pub(super) fn capture(args: CaptureArgs) -> Result<(), Failure> {
    if let Some(path) = &args.out {
        refuse_to_overwrite(path)?;
    }
    let signals = Signals::new();
    let options = CaptureOptions { port: args.port, origins: args.origin };
    let capture = Capture::start(options, signals.wake()).map_err(|error| Failure::Run(error.to_string()))?;
    let mut log = Log::open(args.out.as_deref(), capture.address())?;
    log.say(&format!("listening on http://{} (Ctrl-C ends it)", capture.address()))?;
    while signals.wait() {
        log.take(capture.news())?;
    }
    log.take(capture.stop())?;
    log.finish(args.out.as_deref())
}

/// What was captured cannot be captured again.
fn refuse_to_overwrite(path: &Path) -> Result<(), Failure> {
    let is_taken = !output::is_dash(path) && path.metadata().is_ok_and(|file| file.is_file() && file.len() > 0);
    if is_taken {
        let name = path.display();
        return Err(Failure::Usage(format!("{name} exists already; name another file, or remove it")));
    }
    Ok(())
}

/// The session that is written, and what is printed beside it.
struct Log {
    session: Option<SessionOut>,
    lines: Box<dyn Write>,
    n_events: usize,
}

impl Log {
    fn open(out: Option<&Path>, address: SocketAddr) -> Result<Self, Failure> {
        let now = Timestamp::from_system_clock();
        let id = format!("captured-{}", now.as_nanos());
        let header = SessionHeader::new(id, format!("Captured on {address}"), now, "captured");
        let session = out.map(|path| SessionOut::open(path, &header, Secrets::default())).transpose()?;
        let to_stdout = out.is_some_and(output::is_dash);
        let lines: Box<dyn Write> = if to_stdout { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        Ok(Self { session, lines, n_events: 0 })
    }

    fn take(&mut self, news: impl IntoIterator<Item = CaptureNews>) -> Result<(), Failure> {
        for piece in news {
            match piece {
                CaptureNews::Arrived(events) => {
                    let (mut records, mut lines) = (Vec::new(), Vec::new());
                    for event in events {
                        self.n_events += 1;
                        let sdk = event.origin.sdk.clone().unwrap_or_else(|| "unknown SDK".to_owned());
                        let event = event.into_record(EventId::from(format!("e{}", self.n_events)));
                        let (at, id) = (event.received_at.cut_to_millis(), event.id.as_str());
                        lines.push(format!("{at}  {id:<5} {}  {sdk}", event_title(&event)));
                        records.push(Record::Event(event.into()));
                    }
                    if let Some(session) = &mut self.session {
                        session.write(&records)?;
                    }
                    lines.iter().try_for_each(|line| self.say(line))?;
                }
                CaptureNews::Refused(refusal) => {
                    self.say(&format!("refused with {} ({}): {refusal}", refusal.status, refusal.code))?;
                }
            }
        }
        Ok(())
    }

    /// Prints a line at once: whoever waits for the address reads it from a pipe. While a session is written, the
    /// listener goes on although nobody reads.
    fn say(&mut self, line: &str) -> Result<(), Failure> {
        let said = writeln!(self.lines, "{}", visible(line)).and_then(|()| self.lines.flush());
        match said {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.session.is_some() => Ok(()),
            said => Ok(said?),
        }
    }

    fn finish(mut self, out: Option<&Path>) -> Result<(), Failure> {
        if let Some(session) = self.session.take() {
            session.finish()?;
        }
        let place = out.filter(|path| !output::is_dash(path)).map(|path| format!(" in {}", path.display()));
        self.say(&format!("{} captured{}", counted(self.n_events, "event"), place.unwrap_or_default()))
    }
}
