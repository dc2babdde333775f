//! Which panels are shown and how large they are: remembered between two starts, and reset on request.
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A panel that can be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Counts on the left.
    Facets,
    /// The session over its whole time.
    Overview,
    /// The verdict and what belongs to it, on the right.
    Inspector,
    /// The rows below the timeline.
    Table,
}

/// The panels of the window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    hidden: BTreeSet<Part>,
    /// In points.
    pub facets_width: f32,
    /// In points.
    pub inspector_width: f32,
    /// In points.
    pub table_height: f32,
    /// In points.
    pub composer_height: f32,
    /// Counts resets: with another number egui takes the sizes from here, not from its own memory.
    #[serde(skip)]
    pub n_resets: u32,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            hidden: BTreeSet::new(),
            facets_width: 184.0,
            inspector_width: 352.0,
            table_height: 178.0,
            composer_height: 330.0,
            n_resets: 0,
        }
    }
}

impl Layout {
    /// Whether a panel is shown.
    #[must_use]
    pub fn shows(&self, part: Part) -> bool {
        !self.hidden.contains(&part)
    }

    /// Hides a panel, or shows it again.
    pub fn toggle(&mut self, part: Part) {
        if !self.hidden.remove(&part) {
            self.hidden.insert(part);
        }
    }

    /// Shows everything, as large as at the first start.
    pub fn reset(&mut self) {
        *self = Self { n_resets: self.n_resets + 1, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_comes_back_and_goes_with_a_reset() -> serde_json::Result<()> {
        let mut layout = Layout { facets_width: 220.0, ..Layout::default() };
        layout.toggle(Part::Inspector);
        let read: Layout = serde_json::from_str(&serde_json::to_string(&layout)?)?;
        assert_eq!(read, layout);
        assert!(!read.shows(Part::Inspector) && read.shows(Part::Table));
        layout.reset();
        assert_eq!(layout, Layout { n_resets: 1, ..Layout::default() });
        assert!(serde_json::from_str::<Layout>("{\"later\": 1}")?.shows(Part::Facets));
        Ok(())
    }
}
