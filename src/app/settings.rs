//! What the program remembers between two starts: looks, layout, recent files. Never a secret.
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ui::filter_bar::FilterLibrary;
use crate::ui::layout::Layout;

/// How many recent files are kept.
const MAX_RECENT: usize = 10;

/// Remembered between two starts. Unknown and missing fields are fine: an older or newer version wrote the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// `dark`, `light`, `high-contrast` or `system`.
    pub(crate) theme: String,
    /// `relative`, `utc` or `local`.
    pub(crate) times: String,
    /// Points to pixels, on top of what the screen asks for.
    pub(crate) zoom: f32,
    /// Sessions and plans, newest first.
    pub(crate) recent: Vec<PathBuf>,
    /// Filters that were saved, oldest first.
    pub(crate) saved_filters: Vec<String>,
    /// Filters that were used, newest first.
    pub(crate) recent_filters: Vec<String>,
    /// Whether the hints of the first run were dismissed for good.
    pub(crate) hints_dismissed: bool,
    /// Whether things move at once instead of bit by bit.
    pub(crate) reduced_motion: bool,
    /// Which panels are shown and how large.
    pub(crate) layout: Layout,
    /// Port of the capture listener.
    pub(crate) capture_port: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: "system".to_owned(),
            times: "relative".to_owned(),
            zoom: 1.0,
            recent: Vec::new(),
            saved_filters: Vec::new(),
            recent_filters: Vec::new(),
            hints_dismissed: false,
            reduced_motion: false,
            layout: Layout::default(),
            capture_port: 8765,
        }
    }
}

impl Settings {
    /// Where they are kept: the user's configuration folder.
    pub(crate) fn default_path() -> Option<PathBuf> {
        let dirs = directories::ProjectDirs::from("", "", "delivery-inspector")?;
        Some(dirs.config_dir().join("settings.json"))
    }

    /// Where recordings are kept until they are saved: the user's folder for such things.
    pub(crate) fn journals_path() -> Option<PathBuf> {
        let dirs = directories::ProjectDirs::from("", "", "delivery-inspector")?;
        Some(dirs.state_dir().unwrap_or(dirs.data_local_dir()).join("unsaved"))
    }

    /// Reads them; a missing or broken file gives the defaults.
    pub(crate) fn load(path: &Path) -> Self {
        fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Writes them beside the old file, then replaces it.
    pub(crate) fn save(&self, path: &Path) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let beside = path.with_extension("json.new");
        let mut file = fs::File::create(&beside)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    }

    /// Puts a file at the head of the recent ones.
    pub(crate) fn remember(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.recent.retain(|recent| *recent != path);
        self.recent.insert(0, path);
        self.recent.truncate(MAX_RECENT);
    }

    /// Filters that people keep.
    pub(crate) fn filters(&self) -> FilterLibrary {
        FilterLibrary { saved: self.saved_filters.clone(), recent: self.recent_filters.clone() }
    }

    /// Puts a filter at the head of those that were used.
    pub(crate) fn remember_filter(&mut self, filter: String) {
        self.recent_filters.retain(|recent| *recent != filter);
        self.recent_filters.insert(0, filter);
        self.recent_filters.truncate(MAX_RECENT);
    }

    /// Saves a filter, or does so no longer.
    pub(crate) fn keep_filter(&mut self, filter: String, keep: bool) {
        self.saved_filters.retain(|saved| *saved != filter);
        if keep {
            self.saved_filters.push(filter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_saved_is_loaded_and_a_broken_file_gives_defaults() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("deep/settings.json");
        let mut settings = Settings { theme: "light".to_owned(), ..Settings::default() };
        settings.remember(Path::new("/tmp/a.session.jsonl"));
        settings.save(&path)?;
        assert_eq!(Settings::load(&path), settings);
        fs::write(&path, "{\"theme\": 7")?;
        assert_eq!(Settings::load(&path), Settings::default());
        fs::write(&path, "{\"theme\": \"dark\", \"from_the_future\": 1}")?;
        assert_eq!(Settings::load(&path).theme, "dark");
        Ok(())
    }

    #[test]
    fn a_file_opened_again_moves_to_the_head() {
        let mut settings = Settings::default();
        for name in ["/a", "/b", "/a"] {
            settings.remember(Path::new(name));
        }
        assert_eq!(settings.recent, [PathBuf::from("/a"), PathBuf::from("/b")]);
    }
}
