//! What may be typed next, below the filter bar.
use egui::{Align2, Popup, PopupCloseBehavior, Response, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::state::FilterBar;
use crate::store::filter::Proposal;
use crate::ui::text::elided;
use crate::ui::theme::{Theme, size};

const LINE: f32 = 22.0;
const WIDTH: f32 = 460.0;

/// Shows the proposals under `field`; gives the one that was clicked.
pub(super) fn popup_ui(field: &Response, bar: &FilterBar, theme: &Theme) -> Option<usize> {
    let completion = bar.completion.as_ref()?;
    let popup = Popup::from_response(field)
        .id(field.id.with("proposals"))
        .open(true)
        .close_behavior(PopupCloseBehavior::IgnoreClicks)
        .width(WIDTH);
    let shown = popup.show(|ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(14.0 * LINE).show(ui, |ui| {
            let mut clicked = None;
            for (proposal_idx, proposal) in completion.proposals.iter().enumerate() {
                let is_chosen = bar.chosen == Some(proposal_idx);
                if proposal_ui(ui, proposal, is_chosen, theme).clicked() {
                    clicked = Some(proposal_idx);
                }
            }
            clicked
        })
    });
    shown?.inner.inner
}

fn proposal_ui(ui: &mut Ui, proposal: &Proposal, is_chosen: bool, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::CLICK);
    let name = format!("{} {}", proposal.text.trim(), proposal.what);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, name.trim().to_owned()));
    if is_chosen {
        response.scroll_to_me(None);
    }
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(rect, size::BAR_RADIUS, theme.selection);
    }
    let painter = ui.painter().with_clip_rect(rect);
    let (left, middle) = (rect.left() + 2.0 * size::STEP, rect.center().y);
    let text = elided(&painter, &proposal.text, Theme::mono(size::MONO), theme.text, rect.width() * 0.6);
    let end = left + text.size().x + 3.0 * size::STEP;
    painter.galley(pos2(left, middle - text.size().y / 2.0), text, theme.text);
    let room = rect.right() - end - 2.0 * size::STEP;
    let what = elided(&painter, &proposal.what, Theme::font(size::TABLE_TEXT), theme.weak, room.max(0.0));
    let at = Align2::RIGHT_CENTER.align_size_within_rect(what.size(), rect.shrink2(vec2(2.0 * size::STEP, 0.0)));
    painter.galley(at.min, what, theme.weak);
    response
}
