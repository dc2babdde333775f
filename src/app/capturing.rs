//! Capture: what Segment SDKs on this machine send becomes the events of a tab.
use std::net::SocketAddr;
use std::sync::Arc;

use super::shell::App;
use super::tab::Tab;
use crate::core::names::EventId;
use crate::core::record::{Record, SessionHeader};
use crate::core::time::Timestamp;
use crate::net::capture::{Capture, CaptureNews, CaptureOptions};

/// The listener, and the session that its events go to.
pub(super) struct Capturing {
    capture: Capture,
    session_id: String,
    n_events: usize,
}

impl Capturing {
    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.capture.address()
    }

    /// How many events it has taken.
    pub(super) fn n_events(&self) -> usize {
        self.n_events
    }

    /// Whether its events go to this tab.
    pub(super) fn fills(&self, tab: &Tab) -> bool {
        tab.session.header().id == self.session_id
    }
}

impl App {
    /// Switches the listener on, with a tab of its own, or off; what it has captured stays open.
    pub(super) fn toggle_capture(&mut self) {
        if let Some(capturing) = self.capturing.take() {
            let Capturing { capture, session_id, n_events } = capturing;
            let rest = capture.stop();
            self.take_news(&session_id, n_events, rest);
            return self.notices.done("Capture is off.");
        }
        let ctx = self.ctx.clone();
        let options = CaptureOptions { port: self.settings.capture_port, ..CaptureOptions::default() };
        match Capture::start(options, Arc::new(move || ctx.request_repaint())) {
            Ok(capture) => {
                let now = Timestamp::from_system_clock();
                let name = format!("Captured on {}", capture.address());
                let header = SessionHeader::new(format!("captured-{}", now.as_nanos()), name, now, "captured");
                let capturing = Capturing { capture, session_id: header.id.clone(), n_events: 0 };
                let mut tab = Tab::live(header, "live capture", None);
                self.journals.begin(&mut tab);
                self.show_tab(tab);
                self.capturing = Some(capturing);
            }
            Err(error) => self.notices.error(error.to_string()),
        }
    }

    /// Takes in what has arrived.
    pub(super) fn take_captured(&mut self) {
        let Some(capturing) = &self.capturing else { return };
        let news: Vec<CaptureNews> = capturing.capture.news().collect();
        let (session_id, n_before) = (capturing.session_id.clone(), capturing.n_events);
        let n_events = self.take_news(&session_id, n_before, news);
        if let Some(capturing) = &mut self.capturing {
            capturing.n_events = n_events;
        }
    }

    /// Gives how many events there are now.
    fn take_news(&mut self, session_id: &str, n_before: usize, news: Vec<CaptureNews>) -> usize {
        let mut n_events = n_before;
        let mut records = Vec::new();
        for piece in news {
            match piece {
                CaptureNews::Arrived(events) => records.extend(events.into_iter().map(|event| {
                    n_events += 1;
                    Record::Event(Arc::new(event.into_record(EventId::from(format!("e{n_events}")))))
                })),
                CaptureNews::Refused(refusal) => self.notices.error(format!("Capture refused a request: {refusal}")),
            }
        }
        if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.session.header().id == session_id) {
            tab.push(records);
        }
        n_events
    }
}
