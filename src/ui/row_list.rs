//! Rows of one height in a window of their own: only the rows in sight are laid out, and what stands at the top is a
//! row number, exact for any number of rows. Used for bodies, items and attempts.
use egui::{Event, EventFilter, Key, NumExt as _, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::theme::{Theme, size};

/// Width of the scroll bar.
const BAR: f32 = 8.0;

/// Shortest handle that can still be grasped.
const MIN_HANDLE: f32 = 20.0;

/// What stands at the upper edge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowAnchor {
    /// The first row in sight.
    pub row_idx: usize,
    /// How many points of it are above the edge.
    pub above: f32,
}

impl RowAnchor {
    /// Moves as little as brings a row into sight.
    pub fn reveal(&mut self, row_idx: usize, n_visible_rows: usize) {
        if row_idx < self.row_idx || (row_idx == self.row_idx && self.above > 0.0) {
            *self = Self { row_idx, above: 0.0 };
        } else if row_idx + 1 > self.row_idx + n_visible_rows {
            *self = Self { row_idx: row_idx + 1 - n_visible_rows.at_least(1), above: 0.0 };
        }
    }
}

/// Rows of one height and the window that they are seen through.
#[derive(Clone, Copy, Debug)]
pub struct RowList<'a> {
    /// Accessible name of the window.
    pub name: &'a str,
    /// How many rows there are.
    pub n_rows: usize,
    /// Height of each.
    pub row_height: f32,
    /// The window is at most so high; lower if the rows need less.
    pub max_height: f32,
}

impl RowList<'_> {
    /// Height of the window.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.max_height.min(points(self.n_rows, self.row_height))
    }

    /// How many rows are whole in sight.
    #[must_use]
    pub fn n_visible_rows(&self) -> usize {
        rows(self.height(), self.row_height)
    }

    /// Whether there are more rows than fit.
    #[must_use]
    pub fn scrolls(&self) -> bool {
        f64::from(points(self.n_rows, self.row_height)) - f64::from(self.height()) > 0.5
    }

    /// Shows the rows in sight in the width that is there. `add_row` gets a row's own `Ui` and its number.
    pub fn show(
        &self,
        ui: &mut Ui,
        anchor: &mut RowAnchor,
        theme: &Theme,
        mut add_row: impl FnMut(&mut Ui, usize),
    ) -> Response {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), self.height()), Sense::hover());
        let scrolls = self.scrolls();
        let content = if scrolls { rect.with_max_x(rect.right() - BAR - size::STEP) } else { rect };
        let response = if scrolls {
            let response = ui.interact(rect, response.id.with("rows"), Sense::focusable_noninteractive());
            self.take_input(ui, &response, anchor);
            self.bar_ui(ui, rect, anchor, theme);
            response
        } else {
            *anchor = RowAnchor::default();
            response
        };
        response.widget_info(|| WidgetInfo::labeled(Role::List, true, self.name));
        let mut window = ui.new_child(UiBuilder::new().max_rect(content).id_salt(self.name));
        window.set_clip_rect(rect.intersect(ui.clip_rect()));
        let mut top = rect.top() - anchor.above;
        for row_idx in anchor.row_idx..self.n_rows {
            if top >= rect.bottom() {
                break;
            }
            let row = Rect::from_min_size(pos2(content.left(), top), vec2(content.width(), self.row_height));
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            let builder = UiBuilder::new().max_rect(row).layout(layout).id_salt(row_idx);
            add_row(&mut window.new_child(builder), row_idx);
            top += self.row_height;
        }
        response
    }

    /// The last place to scroll to.
    fn last(&self) -> RowAnchor {
        let n_visible = self.height() / self.row_height;
        let n_whole = rows(self.height(), self.row_height);
        let above = (n_visible.ceil() - n_visible) * self.row_height;
        let n_shown = if above > 0.0 { n_whole + 1 } else { n_whole };
        RowAnchor { row_idx: self.n_rows.saturating_sub(n_shown), above }
    }

    /// Whether the last row is in sight.
    pub(super) fn is_at_end(&self, anchor: &RowAnchor) -> bool {
        let last = self.last();
        !self.scrolls() || (anchor.row_idx, anchor.above) >= (last.row_idx, last.above - 1.0)
    }

    /// Scrolls to the end where people follow what comes there.
    pub(super) fn follow(&self, anchor: &mut RowAnchor, follows: bool) {
        if follows && self.scrolls() {
            *anchor = self.last();
        }
    }

    /// Scrolls by points, down where positive.
    pub(super) fn scroll_by(&self, anchor: &mut RowAnchor, by: f32) {
        let above = anchor.above + by;
        let down = rows(above.at_least(0.0), self.row_height);
        let up = if above < 0.0 { rows(-above, self.row_height) + 1 } else { 0 };
        let row_idx = anchor.row_idx.saturating_add(down);
        *anchor = if up > row_idx {
            RowAnchor::default()
        } else {
            let above = above - points(down, self.row_height) + points(up, self.row_height);
            RowAnchor { row_idx: row_idx - up, above: above.clamp(0.0, self.row_height) }
        };
        self.limit(anchor);
    }

    /// Scrolls back where the end of the rows would leave a gap.
    pub(super) fn limit(&self, anchor: &mut RowAnchor) {
        let last = self.last();
        if (anchor.row_idx, anchor.above) > (last.row_idx, last.above) {
            *anchor = last;
        }
    }

    /// Wheel while the pointer is over the rows, keys while they have the focus. At either end the wheel is left to
    /// what is around.
    fn take_input(&self, ui: &Ui, response: &Response, anchor: &mut RowAnchor) {
        self.limit(anchor);
        if response.contains_pointer() {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            let before = *anchor;
            if wheel != 0.0 {
                self.scroll_by(anchor, -wheel);
            }
            if *anchor != before {
                ui.input_mut(|input| input.smooth_scroll_delta.y = 0.0);
            }
        }
        if response.has_focus() {
            let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
            let keys = ui.input(|input| {
                let pressed = |event: &Event| match event {
                    Event::Key { key, pressed: true, .. } => Some(*key),
                    _ => None,
                };
                input.events.iter().filter_map(pressed).collect::<Vec<Key>>()
            });
            let page = (self.height() - self.row_height).at_least(self.row_height);
            for key in keys {
                match key {
                    Key::ArrowUp => self.scroll_by(anchor, -self.row_height),
                    Key::ArrowDown => self.scroll_by(anchor, self.row_height),
                    Key::PageUp => self.scroll_by(anchor, -page),
                    Key::PageDown => self.scroll_by(anchor, page),
                    Key::Home => *anchor = RowAnchor::default(),
                    Key::End => *anchor = self.last(),
                    _ => (),
                }
            }
        }
    }

    /// The bar at the right edge of `rect`, in which more rows are than fit.
    pub(super) fn bar_ui(&self, ui: &Ui, rect: Rect, anchor: &mut RowAnchor, theme: &Theme) {
        let track = rect.with_min_x(rect.right() - BAR);
        let response =
            ui.interact(track, ui.scope_id().with((self.name, "bar")), Sense::click_and_drag() - Sense::FOCUSABLE);
        let last = self.last();
        let share_seen = rect.height() / points(self.n_rows, self.row_height);
        let handle = (track.height() * share_seen).at_least(MIN_HANDLE.min(track.height()));
        let way = (track.height() - handle).at_least(1.0);
        if response.is_pointer_button_down_on()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            let share = ((pointer.y - track.top() - handle / 2.0) / way).clamp(0.0, 1.0);
            *anchor = RowAnchor { row_idx: part_of(last.row_idx, share), above: 0.0 };
            if share >= 1.0 {
                *anchor = last;
            }
        }
        let share = points(anchor.row_idx, 1.0) / points(last.row_idx, 1.0).at_least(1.0);
        let top = track.top() + way * share.at_most(1.0);
        let handle = Rect::from_min_size(pos2(track.left() + 2.0, top), vec2(BAR - 4.0, handle));
        let is_active = response.hovered() || response.is_pointer_button_down_on();
        let color = if is_active { theme.weak } else { theme.hairline };
        ui.painter().rect_filled(handle, size::BAR_RADIUS, color);
    }
}

/// Height of so many rows, in points.
#[expect(clippy::cast_precision_loss, reason = "only sizes of handles and windows come from it, never a row number")]
fn points(n_rows: usize, row_height: f32) -> f32 {
    n_rows as f32 * row_height
}

/// How many whole rows fit into a height.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "heights of windows are small and positive"
)]
fn rows(height: f32, row_height: f32) -> usize {
    (height / row_height) as usize
}

/// A share from 0 to 1 of a number of rows.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "where a handle is dropped is no exact row"
)]
fn part_of(n_rows: usize, share: f32) -> usize {
    (n_rows as f64 * f64::from(share)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: RowList<'_> = RowList { name: "rows", n_rows: 10_000_000, row_height: 16.0, max_height: 100.0 };

    #[test]
    fn one_row_down_is_one_row_even_among_ten_million() {
        let mut anchor = RowAnchor { row_idx: 9_000_001, above: 3.0 };
        MANY.scroll_by(&mut anchor, 16.0);
        assert_eq!(anchor, RowAnchor { row_idx: 9_000_002, above: 3.0 });
        MANY.scroll_by(&mut anchor, -32.0);
        assert_eq!(anchor, RowAnchor { row_idx: 9_000_000, above: 3.0 });
    }

    #[test]
    fn scrolling_ends_at_both_ends() {
        let mut anchor = RowAnchor { row_idx: 1, above: 2.0 };
        MANY.scroll_by(&mut anchor, -100.0);
        assert_eq!(anchor, RowAnchor::default());
        MANY.scroll_by(&mut anchor, f32::MAX);
        assert_eq!(anchor, MANY.last());
        assert_eq!(anchor, RowAnchor { row_idx: 9_999_993, above: 12.0 });
    }

    #[test]
    fn new_rows_are_followed_by_who_has_seen_the_last_one_and_by_nobody_else() {
        let list = |n_rows| RowList { n_rows, ..MANY };
        let mut anchor = RowAnchor::default();
        assert!(list(3).is_at_end(&anchor), "all of them are in sight");
        list(20).follow(&mut anchor, true);
        assert!(list(20).is_at_end(&anchor) && !list(21).is_at_end(&anchor));
        list(20).scroll_by(&mut anchor, -20.0);
        let away = anchor;
        let was_at_end = list(20).is_at_end(&anchor);
        list(30).follow(&mut anchor, was_at_end);
        assert_eq!(anchor, away, "who has scrolled up stays there");
    }

    #[test]
    fn a_row_is_brought_into_sight_by_the_shortest_way() {
        let mut anchor = RowAnchor { row_idx: 10, above: 4.0 };
        anchor.reveal(12, 6);
        assert_eq!(anchor, RowAnchor { row_idx: 10, above: 4.0 });
        anchor.reveal(10, 6);
        assert_eq!(anchor, RowAnchor { row_idx: 10, above: 0.0 });
        anchor.reveal(30, 6);
        assert_eq!(anchor, RowAnchor { row_idx: 25, above: 0.0 });
        anchor.reveal(3, 6);
        assert_eq!(anchor, RowAnchor { row_idx: 3, above: 0.0 });
    }

    /// A window with very many rows, and which row stood where in the last frame: its number and its upper edge.
    struct Shown {
        harness: egui_kittest::Harness<'static, RowAnchor>,
        rows: std::rc::Rc<std::cell::RefCell<Vec<(usize, f32)>>>,
    }

    impl Shown {
        fn open(n_rows: usize, anchor: RowAnchor) -> Self {
            let rows = std::rc::Rc::<std::cell::RefCell<Vec<(usize, f32)>>>::default();
            let drawn = std::rc::Rc::clone(&rows);
            let list = RowList { name: "rows", n_rows, row_height: 16.0, max_height: 320.0 };
            let harness = egui_kittest::Harness::builder().with_size(vec2(200.0, 320.0)).build_ui_state(
                move |ui, anchor: &mut RowAnchor| {
                    drawn.borrow_mut().clear();
                    list.show(ui, anchor, Theme::of(crate::ui::theme::ThemeKind::Dark), |ui, row_idx| {
                        drawn.borrow_mut().push((row_idx, ui.max_rect().top()));
                    });
                },
                anchor,
            );
            Self { harness, rows }
        }

        fn first(&self) -> (usize, f32) {
            self.rows.borrow()[0]
        }

        /// Turns the wheel by so many rows, and waits until the movement has come to its end.
        fn turn(&mut self, n_rows: f32) {
            self.harness.hover_at(pos2(50.0, 100.0));
            self.harness.event(Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: vec2(0.0, -16.0 * n_rows),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: egui::Modifiers::NONE,
            });
            self.harness.run_steps(12);
        }
    }

    #[test]
    fn in_the_window_a_turn_of_the_wheel_moves_exactly_its_rows_among_a_hundred_million() {
        for (n_rows, row_idx) in [(1_000, 500), (10_000_000, 9_999_000), (100_000_000, 99_999_000)] {
            let mut shown = Shown::open(n_rows, RowAnchor { row_idx, above: 0.0 });
            let (first, top) = shown.first();
            assert_eq!(first, row_idx, "of {n_rows}");
            // What the wheel moves comes in parts, whose sum may be a hair off.
            let moved = |shown: &Shown| {
                let (now, now_top) = shown.first();
                points(now - row_idx + 10, 16.0) - 160.0 - (now_top - top)
            };
            for n_turns in [1.0, 2.0, 3.0] {
                shown.turn(1.0);
                assert!((moved(&shown) - 16.0 * n_turns).abs() < 0.01, "{n_turns} of {n_rows}: {}", moved(&shown));
            }
            shown.turn(-3.0);
            assert!(moved(&shown).abs() < 0.01, "and back, of {n_rows}: {}", moved(&shown));
        }
    }

    #[test]
    fn in_the_window_a_row_that_is_asked_for_is_there_and_so_is_the_last() {
        for n_rows in [10_000_000, 100_000_000] {
            let mut anchor = RowAnchor::default();
            anchor.reveal(n_rows - 123_457, 20);
            let mut shown = Shown::open(n_rows, anchor);
            let (wanted, top) = (n_rows - 123_457, shown.first().1);
            let (row_idx, row_top) = *shown.rows.borrow().last().unwrap();
            assert_eq!((row_idx, row_top), (wanted, top + 16.0 * 19.0), "the lowest whole row of {n_rows}");
            shown.turn(1.0e9);
            let (row_idx, row_top) = *shown.rows.borrow().last().unwrap();
            assert_eq!((row_idx, row_top), (n_rows - 1, top + 16.0 * 19.0), "the last row of {n_rows}");
        }
    }
}
