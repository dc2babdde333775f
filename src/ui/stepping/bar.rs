//! The strip itself.
use std::time::Duration;

use egui::{Button, Frame, Label, Margin, RichText, Stroke, Ui};

use super::words;
use crate::core::stepping::Breakpoint;
use crate::core::time::Timestamp;
use crate::store::Session;
use crate::ui::busy::busy_ui;
use crate::ui::command::{Command, Commands, TimeMode, Verb};
use crate::ui::frame_state::{FrameState, StepState};
use crate::ui::icon::{Icon, icon_ui};
use crate::ui::primary::primary_button;
use crate::ui::stamps;
use crate::ui::theme::{Theme, size};

/// So wide, buttons and boxes have room in one row.
const ONE_ROW: f32 = 840.0;
/// How much time can be let pass at once.
const PASSES: [Duration; 6] = [
    Duration::from_millis(100),
    Duration::from_secs(1),
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(10),
    Duration::from_hours(1),
];

/// Shows where the run stands, what comes next, and the ways on. `origin` is when the session began, as far as that is known.
pub fn step_bar_ui(
    ui: &mut Ui,
    session: &Session,
    (steps, times, origin): (&StepState, TimeMode, Option<Timestamp>),
    state: &FrameState,
    theme: &Theme,
    commands: &mut Commands,
) {
    Frame::NONE.fill(theme.selection).inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = size::STEP;
        where_ui(ui, session, steps, (times, origin), theme);
        ui.add_space(2.0);
        if ui.available_width() >= ONE_ROW {
            ui.horizontal(|ui| {
                buttons_ui(ui, steps, state, theme, commands);
                ui.add_space(2.0 * size::STEP);
                breakpoints_ui(ui, steps, theme, commands);
            });
        } else {
            ui.horizontal_wrapped(|ui| buttons_ui(ui, steps, state, theme, commands));
            ui.horizontal_wrapped(|ui| breakpoints_ui(ui, steps, theme, commands));
        }
    });
}

fn buttons_ui(ui: &mut Ui, steps: &StepState, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    let is_standing = steps.is_standing;
    for verb in [Verb::NextAttempt, Verb::NextRetry, Verb::NextDecision] {
        let text = verb.info().text;
        let button = match verb {
            Verb::NextAttempt if is_standing => primary_button(text, theme),
            _ => Button::new(text),
        };
        verb_ui(ui, verb, button, state, commands);
    }
    pass_ui(ui, steps, commands);
    verb_ui(ui, Verb::PauseOrGo, Button::new(if is_standing { "Run on" } else { "Pause" }), state, commands);
    verb_ui(ui, Verb::CancelRun, Button::new("Stop"), state, commands);
}

fn breakpoints_ui(ui: &mut Ui, steps: &StepState, theme: &Theme, commands: &mut Commands) {
    ui.label(RichText::new("Pause at").color(theme.weak));
    // An empty box would not be seen on this ground.
    ui.visuals_mut().widgets.inactive.bg_stroke = Stroke::new(1.0, theme.weak);
    for kind in Breakpoint::ALL {
        let mut is_on = steps.breakpoints.has(kind);
        if ui.checkbox(&mut is_on, kind.word()).on_hover_text(breakpoint_words(kind)).clicked() {
            commands.push(Command::BreakAt(kind));
        }
    }
}

fn where_ui(
    ui: &mut Ui,
    session: &Session,
    steps: &StepState,
    (times, origin): (TimeMode, Option<Timestamp>),
    theme: &Theme,
) {
    let Some(standstill) = steps.standstill.as_deref() else {
        ui.horizontal(|ui| {
            busy_ui(ui, theme);
            ui.label(RichText::new("Virtual time passes").font(Theme::semibold(size::TEXT)));
        });
        return;
    };
    ui.horizontal(|ui| {
        icon_ui(ui, Icon::Pause, 12.0, theme.accent);
        let now = format!("Stands at {}", stamps::instant(times, standstill.now, origin.unwrap_or(standstill.now)));
        ui.label(RichText::new(now).font(Theme::semibold(size::TEXT)));
        ui.add(Label::new(RichText::new(words::stands(session, standstill)).color(theme.text)).truncate());
    });
    ui.horizontal(|ui| {
        icon_ui(ui, Icon::Next, 12.0, theme.weak);
        let (next, reason) = words::next(session, standstill);
        let pending = words::pending(standstill);
        let pending = if pending.is_empty() { pending } else { format!(" · {pending}") };
        let label = Label::new(RichText::new(format!("Next: {next}{pending}")).color(theme.text)).truncate();
        let response = ui.add(label);
        if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
            response.on_hover_text(reason);
        }
    });
}

/// A button that does a verb, and says why not where it cannot.
fn verb_ui(ui: &mut Ui, verb: Verb, button: Button<'_>, state: &FrameState, commands: &mut Commands) {
    let info = verb.info();
    let blocked = verb.blocked(state);
    let keys = info.shortcut().map(|keys| format!(" ({})", ui.ctx().format_shortcut(&keys))).unwrap_or_default();
    let response = ui.add_enabled(blocked.is_none(), button);
    let response = response.on_hover_text(format!("{}{keys}", info.tooltip));
    if response.on_disabled_hover_text(blocked.unwrap_or_default()).clicked() {
        commands.verb(verb);
    }
}

fn pass_ui(ui: &mut Ui, steps: &StepState, commands: &mut Commands) {
    ui.add_enabled_ui(steps.is_standing, |ui| {
        ui.menu_button("Let pass…", |ui| {
            for length in PASSES {
                if ui.button(stamps::duration(length)).clicked() {
                    commands.push(Command::LetPass(length));
                    ui.close();
                }
            }
        });
    });
}

const fn breakpoint_words(kind: Breakpoint) -> &'static str {
    match kind {
        Breakpoint::Retry => "Pause whenever an attempt ended and another one is to follow",
        Breakpoint::Refresh => "Pause whenever an attempt asked for a new token, with or without success",
        Breakpoint::Dropped => "Pause whenever events were given up",
        Breakpoint::Duplicate => "Pause whenever a message came that had been sent before, whatever became of it",
    }
}
