//! Time on the processor, so that other programs take nothing away.
use std::time::{Duration, Instant};

/// Time that this thread spent on a processor; where the system does not tell, time that passed.
pub(crate) struct Stopwatch {
    began: Instant,
    on_processor: Option<Duration>,
}

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self { began: Instant::now(), on_processor: on_processor() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        let spent = self.on_processor.zip(on_processor()).map(|(before, now)| now.saturating_sub(before));
        spent.unwrap_or_else(|| self.began.elapsed())
    }
}

fn on_processor() -> Option<Duration> {
    let nanos = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    nanos.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
