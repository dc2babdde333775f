//! Four short hints of the first run. They tell the sample's story from the first attempt to the person's own.
use egui::{Button, Frame, Margin, RichText, Ui};

use super::command::{Command, Commands};
use super::primary::primary_button;
use super::theme::{Theme, size};

/// One hint.
#[derive(Clone, Copy, Debug)]
pub struct Hint {
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What to see or to do.
    pub text: &'static str,
}

/// The hints in their order.
pub const HINTS: [Hint; 4] = [
    Hint {
        title: "Four deliveries, one dead token",
        text: "A row is a delivery, a bar one attempt at it, the dashed line the wait until the next. All four met the same \
               revoked LinkedIn token and came through. Drag to pan, Ctrl+wheel to zoom, 0 for all.",
    },
    Hint {
        title: "Every decision has its reason",
        text: "Click a bar marked 401. The card on the right names the rule that decided, the facts that it read and the \
               smallest change that would have turned the decision around. N and P go to the next and the last problem.",
    },
    Hint {
        title: "Tokens have generations",
        text: "A diamond is a refresh, its arrow leads to the first attempt that used the new token, and the lanes below the \
               rows show how long each generation lived. Here four refreshes raced and only the last was used.",
    },
    Hint {
        title: "Now your own",
        text: "Fire… composes an event and sends it to a built-in simulator, at no risk. Drop a session file on the window to \
               open it. Ctrl+Shift+P finds every command, and Help → Examples tells more stories.",
    },
];

/// Shows one hint as a strip, with the way to the next one and the way out.
pub fn hint_bar_ui(ui: &mut Ui, hint_idx: usize, theme: &Theme, commands: &mut Commands) {
    let Some(hint) = HINTS.get(hint_idx) else { return };
    let is_last = hint_idx + 1 == HINTS.len();
    Frame::NONE.fill(theme.selection).inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width((ui.available_width() - BUTTONS_WIDTH).max(160.0));
                ui.horizontal(|ui| {
                    let place = format!("{} of {}", hint_idx + 1, HINTS.len());
                    ui.label(RichText::new(hint.title).font(Theme::semibold(size::TEXT)));
                    ui.label(RichText::new(place).font(Theme::font(size::TABLE_TEXT)).color(theme.weak));
                });
                ui.label(RichText::new(hint.text).color(theme.text));
            });
            if ui.add_enabled(hint_idx > 0, Button::new("Back")).clicked() {
                commands.push(Command::ShowHint(hint_idx.checked_sub(1)));
            }
            let forward = if is_last { "Done" } else { "Next hint" };
            if ui.add(primary_button(forward, theme)).clicked() {
                commands.push(Command::ShowHint((!is_last).then_some(hint_idx + 1)));
            }
            if ui
                .button("No hints")
                .on_hover_text("Never show them again; Help → Show hints brings them back")
                .clicked()
            {
                commands.push(Command::ShowHint(None));
            }
        });
    });
}

/// Room for the three buttons.
const BUTTONS_WIDTH: f32 = 232.0;
