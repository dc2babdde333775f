//! The heads over panels: grasped to drag one, pressed to bring it to the front, with a menu for those without a pointer.
use egui::{Align2, EventFilter, Popup, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::place::{Place, places_for};
use super::tree::focus_id;
use crate::ui::command::{Command, Commands};
use crate::ui::icon::{Icon, icon_button};
use crate::ui::layout::Part;
use crate::ui::theme::{Theme, size};

/// How far from its edges the title of a head stands.
const MARGIN: f32 = 12.0;

/// Shows the head of one panel.
pub(super) fn head_ui(ui: &mut Ui, part: Part, is_in_front: bool, theme: &Theme, commands: &mut Commands) -> Response {
    let title = part.to_string();
    let color = if is_in_front { theme.text } else { theme.weak };
    let galley = ui.painter().layout_no_wrap(title.clone(), Theme::semibold(size::TABLE_TEXT), color);
    let (_, rect) = ui.allocate_space(vec2(galley.size().x + 2.0 * MARGIN, ui.available_height()));
    let response = ui.interact(rect, focus_id(part), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_in_front, format!("{title} panel")));
    let painter = ui.painter();
    if is_in_front {
        painter.rect_filled(rect, 0.0, theme.panel);
        if theme.panel == theme.background {
            // Where the strip has the colour of the panels, a line says which head is in front.
            painter.hline(rect.x_range(), rect.top() + 1.0, Stroke::new(2.0, theme.accent));
        }
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, theme.raised);
    }
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect.shrink2(vec2(MARGIN, 0.0))).min;
    painter.galley(at, galley, color);
    if response.has_focus() {
        keep_keys(ui, &response);
    }
    response.context_menu(|ui| menu_ui(ui, part, commands));
    response.on_hover_text("Drag to move this panel; its menu and the palette move it, too")
}

/// The button at the right end of the heads, for the panel in front.
pub(super) fn menu_button_ui(ui: &mut Ui, part: Part, theme: &Theme, commands: &mut Commands) {
    ui.add_space(size::STEP);
    let name = if part.can_be_hidden() { format!("Move or hide {part}") } else { format!("Move {part}") };
    let button = icon_button(ui, Icon::Dots, &name, theme);
    Popup::menu(&button).show(|ui| menu_ui(ui, part, commands));
}

/// Every place that a panel can be moved to, as entries of a menu.
pub fn move_menu_ui(ui: &mut Ui, part: Part, commands: &mut Commands) {
    for place in places_for(part) {
        if ui.button(format!("Move {place}")).clicked() {
            commands.push(Command::Arrange(part, place));
            ui.close();
        }
    }
}

fn menu_ui(ui: &mut Ui, part: Part, commands: &mut Commands) {
    move_menu_ui(ui, part, commands);
    if part.can_be_hidden() {
        ui.separator();
        if ui.button(format!("Hide {part}")).clicked() {
            commands.push(Command::Arrange(part, Place::Hidden));
            ui.close();
        }
    }
}

/// Arrow keys walk through the rows of the panel, not to the next widget.
fn keep_keys(ui: &Ui, response: &Response) {
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
}
