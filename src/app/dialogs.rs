//! The operating system's file dialogs, asked for on the window's thread and waited for on another.
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::jobs::{Job, JobEnd};
use crate::ui::command::FileRequest;

/// What the person chose.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FileChoice {
    /// A path.
    Chosen(FileRequest, PathBuf),
    /// The dialog was closed.
    Cancelled,
    /// No dialog could be shown: a desktop without portal and helper. The shell asks for a typed path instead.
    Unavailable(FileRequest),
}

/// One dialog at a time.
#[derive(Default)]
pub(crate) struct FileDialogs {
    job: Job<FileChoice>,
}

/// A dialog that is gone sooner than a person can close it was never shown.
const SOONEST_HUMAN_CANCEL: Duration = Duration::from_millis(150);

impl FileDialogs {
    /// Shows the dialog. `name` is the suggested file name of files to be written.
    pub(crate) fn ask(&mut self, ctx: &egui::Context, request: FileRequest, name: &str) {
        let (filter_name, endings) = filter(request);
        // The dialog must be created on the window's thread; macOS insists.
        let dialog = rfd::AsyncFileDialog::new().set_title(request.title()).add_filter(filter_name, endings);
        let asked_at = Instant::now();
        let choice = move |handle: Option<rfd::FileHandle>| match handle {
            Some(handle) => FileChoice::Chosen(request, handle.path().to_owned()),
            None if asked_at.elapsed() < SOONEST_HUMAN_CANCEL => FileChoice::Unavailable(request),
            None => FileChoice::Cancelled,
        };
        if request.writes() {
            let shown = dialog.set_file_name(name).save_file();
            self.job.start(ctx, request.title(), move |_| choice(pollster::block_on(shown)));
        } else {
            let shown = dialog.pick_file();
            self.job.start(ctx, request.title(), move |_| choice(pollster::block_on(shown)));
        }
    }

    /// What the person chose, once.
    pub(crate) fn poll(&mut self) -> Option<FileChoice> {
        match self.job.poll()? {
            JobEnd::Done(choice) => Some(choice),
            JobEnd::Panicked => Some(FileChoice::Cancelled),
        }
    }
}

const fn filter(request: FileRequest) -> (&'static str, &'static [&'static str]) {
    match request {
        FileRequest::Open => ("Sessions and plans", &["jsonl", "json", "gz", "zst"]),
        FileRequest::SaveSession => ("Delivery session", &["jsonl"]),
        FileRequest::ExportCsv => ("CSV", &["csv"]),
        FileRequest::ExportJson => ("JSON", &["json"]),
        FileRequest::SavePlan => ("Delivery plan", &["json"]),
    }
}
