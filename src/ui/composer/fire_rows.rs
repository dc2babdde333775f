//! The rows below the composer's columns: what fires, in which clock, under which retry policy and how often.
use std::num::NonZeroUsize;

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, Checkbox, ComboBox, DragValue, PopupCloseBehavior, RichText, TextEdit, Ui, vec2};
use serde_json::{Value, json};

use super::draft::{Answerer, Draft};
use super::panel::ComposerState;
use crate::core::names::ClockKind;
use crate::core::pipeline::PRESETS;
use crate::ui::command::{Commands, Verb};
use crate::ui::theme::{Theme, size};

/// Height of what fires.
const BUTTON: f32 = 26.0;
/// A panel lower than this, in points, has room for one row only, and a narrower one would need three.
const ROOM_FOR_ALL: (f32, f32) = (150.0, 330.0);
/// So wide, all has room in one row.
const ONE_ROW: f32 = 600.0;

/// Shows the rows below a column of that height.
pub(super) fn fire_rows_ui(
    ui: &mut Ui,
    state: &mut ComposerState,
    running: bool,
    height: f32,
    theme: &Theme,
    commands: &mut Commands,
) {
    let shows_all = height >= ROOM_FOR_ALL.0 && ui.available_width() >= ROOM_FOR_ALL.1;
    let is_one_row = ui.available_width() >= ONE_ROW;
    if shows_all && !is_one_row {
        ui.horizontal_wrapped(|ui| chances_ui(ui, &mut state.draft));
    }
    ui.horizontal_wrapped(|ui| {
        fire_ui(ui, state, running, theme, commands);
        clock_ui(ui, state);
        if is_one_row {
            chances_ui(ui, &mut state.draft);
        } else if !shows_all {
            options_ui(ui, &mut state.draft);
        }
    });
}

/// The seed, the retry policy, and how many go out.
fn chances_ui(ui: &mut Ui, draft: &mut Draft) {
    let label = ui.label("seed").id;
    ui.add(DragValue::new(&mut draft.seed).speed(0.1)).labelled_by(label);
    pipeline_ui(ui, draft);
    copies_ui(ui, draft);
}

fn fire_ui(ui: &mut Ui, state: &ComposerState, running: bool, theme: &Theme, commands: &mut Commands) {
    let draft = &state.draft;
    let fire = Button::new(RichText::new("Fire").font(Theme::semibold(size::TEXT)).color(theme.on_color));
    let fire = fire.fill(theme.accent).stroke(egui::Stroke::NONE).min_size(vec2(72.0, BUTTON));
    if running {
        if ui.add(Button::new("Cancel run").min_size(vec2(72.0, BUTTON))).clicked() {
            commands.verb(Verb::CancelRun);
        }
    } else if ui.add(fire).on_hover_text("Ctrl+Enter").clicked() {
        commands.verb(Verb::Fire);
    }
    let is_virtual = draft.answerer != Answerer::Endpoint && draft.clock == ClockKind::Virtual;
    let info = Verb::StepThrough.info();
    let steps = ui.add_enabled(is_virtual && !running, Button::new(info.text).min_size(vec2(0.0, BUTTON)));
    let steps = steps.on_hover_text(format!("{} (F9)", info.tooltip));
    if steps.on_disabled_hover_text("Only what the simulator or a script answers in virtual time").clicked() {
        commands.verb(Verb::StepThrough);
    }
}

/// Whether the run takes real time, and how many attempts may be under way at once then.
fn clock_ui(ui: &mut Ui, state: &mut ComposerState) {
    let draft = &mut state.draft;
    let can_be_virtual = draft.answerer != Answerer::Endpoint;
    let mut wall = draft.clock == ClockKind::Wall;
    if ui.add_enabled(can_be_virtual, Checkbox::new(&mut wall, "real time")).changed() {
        draft.clock = if wall { ClockKind::Wall } else { ClockKind::Virtual };
    }
    if wall {
        let label = ui.label("at once").id;
        let mut at_once = state.at_once.get();
        let field = ui.add(DragValue::new(&mut at_once).range(1..=1_000).speed(0.1)).labelled_by(label);
        field.on_hover_text("How many attempts may be under way at the same time");
        state.at_once = NonZeroUsize::new(at_once).unwrap_or(NonZeroUsize::MIN);
    }
}

/// What else can be chosen, behind a button.
fn options_ui(ui: &mut Ui, draft: &mut Draft) {
    let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let button = Button::new("Options…").min_size(vec2(0.0, BUTTON));
    MenuButton::from_button(button).config(config).ui(ui, |ui| {
        ui.horizontal(|ui| {
            let label = ui.label("seed").id;
            ui.add(DragValue::new(&mut draft.seed).speed(0.1)).labelled_by(label);
        });
        ui.menu_button("Retry policy", |ui| pipelines_ui(ui, draft));
        ui.horizontal(|ui| copies_ui(ui, draft));
    });
}

/// How many copies of the events go out, and in which time.
fn copies_ui(ui: &mut Ui, draft: &mut Draft) {
    let label = ui.label("×").id;
    let copies = ui.add(DragValue::new(&mut draft.n_copies).range(1..=10_000).speed(0.1)).labelled_by(label);
    copies.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Copies"));
    copies.on_hover_text("So many copies of the events, each with message ids of its own");
    let within = TextEdit::singleline(&mut draft.spread).desired_width(64.0).hint_text("at once");
    let response = ui.add(within);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Begin within"));
    response.on_hover_text("Deliveries begin at chance instants within this time, such as 30 s; empty for all at once");
}

fn pipeline_ui(ui: &mut Ui, draft: &mut Draft) {
    let chosen = chosen_pipeline(draft);
    let combo = ComboBox::from_id_salt("pipeline").selected_text(chosen).width(130.0).truncate();
    let shown = combo.show_ui(ui, |ui| pipelines_ui(ui, draft));
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Retry policy"));
}

fn chosen_pipeline(draft: &Draft) -> String {
    match &draft.pipeline {
        Value::String(name) => name.clone(),
        Value::Null => PRESETS[0].name.to_owned(),
        _ => "from the plan".to_owned(),
    }
}

fn pipelines_ui(ui: &mut Ui, draft: &mut Draft) {
    let chosen = chosen_pipeline(draft);
    for preset in PRESETS {
        let told = format!("{} ({}). {}", preset.title, preset.standing(), preset.source);
        let told = if preset.assumed.is_empty() { told } else { format!("{told}. Assumed: {}", preset.assumed) };
        if ui.selectable_label(preset.name == chosen, preset.name).on_hover_text(told).clicked() {
            draft.pipeline = json!(preset.name);
            ui.close();
        }
    }
}
