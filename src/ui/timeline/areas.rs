//! How the timeline's rectangle is divided.
use egui::{Rangef, Rect, pos2, vec2};

use crate::store::Session;
use crate::store::rows::{Line, Rows};
use crate::ui::theme::size;

/// The ruler above the rows.
const RULER: f32 = 24.0;
/// Words before the bars, as a share of the whole.
const LABELS_SHARE: f32 = 0.28;
/// One lane of tokens, its notes included.
pub(super) const TOKEN_LANE: f32 = 46.0;

/// The parts of the timeline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Areas {
    /// All of it.
    pub(super) whole: Rect,
    /// Names of times.
    pub(super) ruler: Rect,
    /// Rows, as far as they fit.
    pub(super) rows: Rect,
    /// Whether all rows fit.
    pub(super) fits: bool,
    /// Token lanes, below the rows.
    pub(super) tokens: Rect,
    /// Words before the bars.
    pub(super) labels: Rangef,
    /// Where time runs.
    pub(super) plot: Rangef,
}

impl Areas {
    pub(super) fn divide(whole: Rect, session: &Session, rows: &Rows) -> Self {
        let n_lanes = session.tokens().iter().count();
        // A low timeline is there for its rows.
        let most_lanes = if whole.height() < RULER + TOKEN_LANE + 2.0 * size::ROW { 0 } else { 3 };
        let tokens_height = f32::from(u8::try_from(n_lanes.min(most_lanes)).unwrap_or(3)) * TOKEN_LANE;
        let ruler = Rect::from_min_size(whole.min, vec2(whole.width(), RULER));
        let available = (whole.height() - RULER - tokens_height).max(0.0);
        let rows_height = rows_height(rows, available);
        let fits = rows_height < available;
        let rows = Rect::from_min_size(pos2(whole.left(), ruler.bottom()), vec2(whole.width(), rows_height));
        let tokens = Rect::from_min_size(rows.left_bottom(), vec2(whole.width(), tokens_height));
        let split = whole.left() + (whole.width() * LABELS_SHARE).clamp(120.0, 260.0).min(whole.width() * 0.45);
        let plot = Rangef::new(split, whole.right() - size::STEP * 2.0);
        Self { whole, ruler, rows, fits, tokens, labels: Rangef::new(whole.left(), split), plot }
    }

    /// A rectangle across the plot.
    pub(super) fn plot_rect(&self, y: Rangef) -> Rect {
        Rect::from_x_y_ranges(self.plot, y)
    }

    /// From the rows' upper edge to the lower end of the token lanes.
    pub(super) fn grid(&self) -> Rangef {
        Rangef::new(self.rows.top(), self.tokens.bottom())
    }
}

/// Height of a line.
pub(super) fn line_height(line: Line) -> f32 {
    match line {
        Line::Head(_) => size::GROUP,
        Line::Delivery(_) | Line::Beginning(_) => size::ROW,
    }
}

fn rows_height(rows: &Rows, available: f32) -> f32 {
    let mut height = 0.0;
    for line in rows.lines() {
        height += line_height(*line);
        if height >= available {
            return available;
        }
    }
    height
}
