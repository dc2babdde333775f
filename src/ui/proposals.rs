//! A list of what may be typed next, below the field or the cursor that it is for, and the keys that walk through it.
use egui::{Align2, Key, Modifiers, Popup, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::text::elided;
use super::theme::{Theme, size};

const LINE: f32 = 22.0;
const WIDTH: f32 = 460.0;

/// What a key means to the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKey {
    /// Offer nothing any more.
    Close,
    /// Choose the next one, or the one before.
    Step(bool),
    /// Write the chosen one.
    Take,
}

/// Takes a key of the list from the input, so that the field does not get it. `enter_takes` is whether Enter does the same
/// as Tab.
#[must_use]
pub fn list_key(ui: &Ui, enter_takes: bool) -> Option<ListKey> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::Escape) {
        return Some(ListKey::Close);
    }
    if pressed(Key::ArrowDown) {
        return Some(ListKey::Step(true));
    }
    if pressed(Key::ArrowUp) {
        return Some(ListKey::Step(false));
    }
    (pressed(Key::Tab) || (enter_takes && pressed(Key::Enter))).then_some(ListKey::Take)
}

/// The proposal after the chosen one or before it, round and round.
#[must_use]
pub fn stepped(chosen: Option<usize>, n_proposals: usize, forward: bool) -> Option<usize> {
    let last = n_proposals.checked_sub(1)?;
    Some(match (chosen, forward) {
        (None, true) => 0,
        (None, false) => last,
        (Some(chosen), true) => (chosen + 1) % n_proposals,
        (Some(chosen), false) => chosen.checked_sub(1).unwrap_or(last),
    })
}

/// Shows proposals, each with what it means; gives the one that was clicked.
pub fn list_ui<'a>(
    popup: Popup<'_>,
    proposals: impl Iterator<Item = (&'a str, &'a str)>,
    chosen: Option<usize>,
    theme: &Theme,
) -> Option<usize> {
    let shown = popup.width(WIDTH).show(|ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(14.0 * LINE).show(ui, |ui| {
            let mut clicked = None;
            for (proposal_idx, proposal) in proposals.enumerate() {
                if proposal_ui(ui, proposal, chosen == Some(proposal_idx), theme).clicked() {
                    clicked = Some(proposal_idx);
                }
            }
            clicked
        })
    });
    shown?.inner.inner
}

fn proposal_ui(ui: &mut Ui, (text, what): (&str, &str), is_chosen: bool, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::CLICK);
    let name = format!("{} {what}", text.trim());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, name.trim().to_owned()));
    if is_chosen {
        response.scroll_to_me(None);
    }
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(rect, size::BAR_RADIUS, theme.selection);
    }
    let painter = ui.painter().with_clip_rect(rect);
    let (left, middle) = (rect.left() + 2.0 * size::STEP, rect.center().y);
    let text = elided(&painter, text, Theme::mono(size::MONO), theme.text, rect.width() * 0.6);
    let end = left + text.size().x + 3.0 * size::STEP;
    painter.galley(pos2(left, middle - text.size().y / 2.0), text, theme.text);
    let room = rect.right() - end - 2.0 * size::STEP;
    let what = elided(&painter, what, Theme::font(size::TABLE_TEXT), theme.weak, room.max(0.0));
    let at = Align2::RIGHT_CENTER.align_size_within_rect(what.size(), rect.shrink2(vec2(2.0 * size::STEP, 0.0)));
    painter.galley(at.min, what, theme.weak);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_round() {
        for (chosen, n_proposals, forward, next) in [
            (None, 3, true, Some(0)),
            (None, 3, false, Some(2)),
            (Some(2), 3, true, Some(0)),
            (Some(0), 3, false, Some(2)),
            (Some(0), 0, true, None),
        ] {
            assert_eq!(stepped(chosen, n_proposals, forward), next);
        }
    }
}
