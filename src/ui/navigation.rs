//! Keys that walk through rows and attempts, wherever the pointer is, as long as nobody is typing.
use egui::{Context, Key, Modifiers};

use super::command::Commands;
use super::dock::focus_id;
use super::layout::Part;
use super::view_state::{Step, ViewCommand};

/// The keys and what each does.
pub const KEYS: [(Key, ViewCommand); 11] = [
    (Key::ArrowDown, ViewCommand::MoveRow(1)),
    (Key::J, ViewCommand::MoveRow(1)),
    (Key::ArrowUp, ViewCommand::MoveRow(-1)),
    (Key::K, ViewCommand::MoveRow(-1)),
    (Key::PageDown, ViewCommand::MoveRow(10)),
    (Key::PageUp, ViewCommand::MoveRow(-10)),
    (Key::Home, ViewCommand::FirstRow),
    (Key::End, ViewCommand::LastRow),
    (Key::ArrowRight, ViewCommand::MoveAttempt(Step::Next)),
    (Key::ArrowLeft, ViewCommand::MoveAttempt(Step::Previous)),
    (Key::Escape, ViewCommand::ClearSelection),
];

/// Reads the keys of this frame. Several panels may ask; only the first gets them.
pub fn read_keys(ctx: &Context, commands: &mut Commands) {
    let is_free = |focused: egui::Id| [Part::Timeline, Part::Table].map(focus_id).contains(&focused);
    if ctx.memory(|memory| memory.focused().is_some_and(|id| !is_free(id)) || memory.top_modal_layer().is_some())
        || egui::Popup::is_any_open(ctx)
    {
        return;
    }
    ctx.input_mut(|input| {
        for (key, command) in KEYS {
            for _ in 0..input.count_and_consume_key(Modifiers::NONE, key) {
                commands.view(command.clone());
            }
        }
    });
}
