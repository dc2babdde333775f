//! Settings are written soon after they change, so that nothing takes them along: neither a crash nor a kill.
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::jobs::{Job, JobEnd};
use super::settings::Settings;

/// Settings that have stayed as they are for so long are written. Panels and zoom change bit by bit.
const REST: Duration = Duration::from_secs(1);

/// The file of the settings, and what stands in it.
pub(super) struct Remembering {
    /// None where nothing is to be remembered.
    path: Option<PathBuf>,
    written: Settings,
    /// What was seen last that is not written yet, and since when it is so.
    waiting: Option<(Settings, Instant)>,
    job: Job<io::Result<()>>,
}

impl Remembering {
    /// Reads what was remembered.
    pub(super) fn load(path: Option<PathBuf>) -> (Self, Settings) {
        let settings = path.as_deref().map(Settings::load).unwrap_or_default();
        (Self { path, written: settings.clone(), waiting: None, job: Job::default() }, settings)
    }

    /// Writes settings that have changed, once they rest, on another thread. Call it every frame.
    pub(super) fn keep(&mut self, ctx: &egui::Context, settings: &Settings, now: Instant) {
        if let Some(JobEnd::Done(end)) = self.job.poll() {
            self.tell(end);
        }
        let Some(path) = self.path.clone().filter(|_| *settings != self.written) else {
            self.waiting = None;
            return;
        };
        match &self.waiting {
            Some((seen, since)) if seen == settings => {
                let rested = now.saturating_duration_since(*since);
                if rested < REST || self.job.running().is_some() {
                    ctx.request_repaint_after(REST.saturating_sub(rested));
                    return;
                }
                self.written = settings.clone();
                let settings = settings.clone();
                self.job.start(ctx, "Remembering settings", move |_| settings.save(&path));
            }
            _ => {
                self.waiting = Some((settings.clone(), now));
                ctx.request_repaint_after(REST);
            }
        }
    }

    /// Writes them now, as the window closes.
    pub(super) fn end(&mut self, settings: &Settings) {
        if let Some(end) = self.job.finish() {
            self.tell(end);
        }
        if let Some(path) = &self.path {
            self.tell(settings.save(path));
        }
    }

    fn tell(&self, end: io::Result<()>) {
        if let (Err(error), Some(path)) = (end, &self.path) {
            eprintln!("failed to remember the settings in {}: {error}", path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_written_once_they_rest_and_no_sooner() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("settings.json");
        let ctx = egui::Context::default();
        let (mut remembering, mut settings) = Remembering::load(Some(path.clone()));
        let start = Instant::now();
        let mut after = |settings: &Settings, seconds: f32| {
            remembering.keep(&ctx, settings, start + Duration::from_secs_f32(seconds));
            remembering.job.finish().transpose()
        };
        after(&settings, 0.0)?;
        after(&settings, 5.0)?;
        assert!(!path.exists(), "nothing has changed");
        for step in 1..=4_u8 {
            settings.zoom = 1.0 + f32::from(step) / 10.0;
            after(&settings, 5.0 + f32::from(step) / 2.0)?;
        }
        after(&settings, 7.9)?;
        assert!(!path.exists(), "it changed a moment ago");
        assert!(after(&settings, 8.1)?.is_some());
        assert_eq!(Settings::load(&path), settings);
        assert!(after(&settings, 20.0)?.is_none(), "it is written already");
        Ok(())
    }
}
