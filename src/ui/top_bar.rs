//! First row of the window: menus, the tabs of the open sessions, the capture listener and the way to the composer.
use egui::{Align, Button, Layout, MenuBar, RichText, Sense, Ui, vec2};

use super::command::{Command, Commands, Verb};
use super::dock::move_menu_ui;
use super::examples::CHAPTERS;
use super::frame_state::{FrameState, TabLabel};
use super::layout::Part;
use super::theme::{Theme, ThemeKind, Tone, size};

/// Shows the row.
pub fn top_bar_ui(ui: &mut Ui, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    MenuBar::new().ui(ui, |ui| {
        let room = Room::of(ui.available_width());
        if room != Room::Least {
            ui.label(RichText::new("Delivery Inspector").font(Theme::semibold(size::TEXT)));
            ui.add_space(size::STEP);
        }
        file_menu_ui(ui, state, commands);
        edit_menu_ui(ui, state, commands);
        view_menu_ui(ui, state, theme, commands);
        ui.menu_button("Run", |ui| {
            let verbs = [Verb::ToggleComposer, Verb::Fire, Verb::FireAgain, Verb::EditAndFire, Verb::RunSeeds];
            verbs_ui(ui, &verbs, state, commands);
            ui.separator();
            verbs_ui(ui, &[Verb::StepThrough, Verb::StepThroughAgain], state, commands);
            let steps = [Verb::NextAttempt, Verb::NextRetry, Verb::NextDecision, Verb::PauseOrGo];
            verbs_ui(ui, &steps, state, commands);
            ui.separator();
            verbs_ui(ui, &[Verb::CancelRun, Verb::GiveUp], state, commands);
            ui.separator();
            verbs_ui(ui, &[Verb::ToggleCapture], state, commands);
        });
        ui.menu_button("Help", |ui| {
            examples_menu_ui(ui, commands);
            verbs_ui(ui, &[Verb::OpenSample, Verb::ShowHints, Verb::Palette, Verb::About], state, commands);
        });
        ui.add_space(2.0 * size::STEP);
        let tabs_width = (ui.available_width() - room.right()).max(60.0);
        ui.allocate_ui_with_layout(
            vec2(tabs_width, ui.available_height()),
            Layout::left_to_right(Align::Center),
            |ui| {
                egui::ScrollArea::horizontal().id_salt("tabs").auto_shrink(false).show(ui, |ui| {
                    ui.horizontal_centered(|ui| tabs_ui(ui, state, theme, commands));
                });
            },
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| right_ui(ui, room, state, theme, commands));
    });
}

/// How much of the row there is room for. A narrow window spares the tabs what can be found in menus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Whole,
    Less,
    Least,
}

impl Room {
    fn of(width: f32) -> Self {
        match width {
            900.0.. => Self::Whole,
            600.0.. => Self::Less,
            _ => Self::Least,
        }
    }

    /// Width of what stands right of the tabs.
    const fn right(self) -> f32 {
        match self {
            Self::Whole => 430.0,
            Self::Less => 250.0,
            Self::Least => 90.0,
        }
    }
}

/// Every story that comes with the program.
fn examples_menu_ui(ui: &mut Ui, commands: &mut Commands) {
    ui.menu_button("Examples", |ui| {
        for chapter in CHAPTERS {
            ui.menu_button(chapter.title, |ui| {
                for example in chapter.examples {
                    if ui.button(example.title).on_hover_text(example.story).clicked() {
                        commands.push(Command::OpenExample(example.name));
                        ui.close();
                    }
                }
            });
        }
    });
}

/// Shows verbs as menu entries with their shortcuts; those that cannot be done now say why.
fn verbs_ui(ui: &mut Ui, verbs: &[Verb], state: &FrameState, commands: &mut Commands) {
    for verb in verbs {
        let info = verb.info();
        let blocked = verb.blocked(state);
        let mut button = Button::new(info.text);
        if let Some(shortcut) = &info.shortcut() {
            button = button.shortcut_text(ui.ctx().format_shortcut(shortcut));
        }
        let response = ui.add_enabled(blocked.is_none(), button).on_hover_text(info.tooltip);
        if response.on_disabled_hover_text(blocked.unwrap_or_default()).clicked() {
            commands.verb(*verb);
            ui.close();
        }
    }
}

fn edit_menu_ui(ui: &mut Ui, state: &FrameState, commands: &mut Commands) {
    ui.menu_button("Edit", |ui| {
        verbs_ui(ui, &[Verb::Undo, Verb::Redo], state, commands);
        ui.separator();
        verbs_ui(ui, &[Verb::Filter, Verb::Find, Verb::FindNext, Verb::FindPrevious], state, commands);
        ui.separator();
        let verbs = [Verb::CopyAttempt, Verb::CopyCurl, Verb::CopyLink];
        verbs_ui(ui, &verbs, state, commands);
        verbs_ui(ui, &[Verb::CopyTsv, Verb::CopyMarkdown, Verb::CopyPath], state, commands);
    });
}

fn file_menu_ui(ui: &mut Ui, state: &FrameState, commands: &mut Commands) {
    ui.menu_button("File", |ui| {
        verbs_ui(ui, &[Verb::Open], state, commands);
        ui.menu_button("Open recent", |ui| {
            for (path, exists) in &state.recent {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                let entry = ui.add_enabled(*exists, Button::new(name)).on_hover_text(path.display().to_string());
                if entry.on_disabled_hover_text("This file is gone").clicked() {
                    commands.push(Command::OpenPath(path.clone()));
                    ui.close();
                }
            }
            if state.recent.is_empty() {
                ui.weak("Nothing was opened yet");
            } else {
                ui.separator();
                if ui.button("Clear list").clicked() {
                    commands.push(Command::ClearRecent);
                    ui.close();
                }
            }
        });
        ui.separator();
        verbs_ui(ui, &[Verb::Save, Verb::SaveAs, Verb::SavePlan], state, commands);
        ui.separator();
        ui.menu_button("Export timeline", |ui| verbs_ui(ui, &[Verb::ExportCsv, Verb::ExportJson], state, commands));
        ui.separator();
        verbs_ui(ui, &[Verb::CloseTab, Verb::Quit], state, commands);
    });
}

fn view_menu_ui(ui: &mut Ui, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    ui.menu_button("View", |ui| {
        let verbs = [Verb::FitAll, Verb::FitSelection, Verb::Measure];
        verbs_ui(ui, &verbs, state, commands);
        verbs_ui(ui, &[Verb::Compare, Verb::KeepForComparison, Verb::Back, Verb::Forward], state, commands);
        verbs_ui(ui, &[Verb::FoldGroups, Verb::UnfoldGroups], state, commands);
        verbs_ui(ui, &[Verb::NextEvent, Verb::PreviousEvent], state, commands);
        ui.separator();
        verbs_ui(ui, &[Verb::NextProblem, Verb::PreviousProblem, Verb::FindTwin], state, commands);
        ui.separator();
        for (text, kind) in [
            ("Follow the system", None),
            ("Dark", Some(ThemeKind::Dark)),
            ("Light", Some(ThemeKind::Light)),
            ("High contrast", Some(ThemeKind::HighContrast)),
        ] {
            if ui.selectable_label(kind == Some(theme.kind), text).clicked() {
                commands.push(Command::SetTheme(kind));
                ui.close();
            }
        }
        ui.separator();
        verbs_ui(ui, &[Verb::ZoomIn, Verb::ZoomOut, Verb::ZoomReset], state, commands);
        ui.separator();
        for (verb, part) in [
            (Verb::ToggleFacets, Part::Facets),
            (Verb::ToggleOverview, Part::Overview),
            (Verb::ToggleInspector, Part::Inspector),
            (Verb::ToggleTable, Part::Table),
            (Verb::ToggleEvents, Part::Events),
            (Verb::ToggleComposer, Part::Composer),
        ] {
            check_ui(ui, verb, state.layout.shows(part), commands);
        }
        ui.menu_button("Move panel", |ui| {
            for part in Part::DOCKED {
                ui.menu_button(part.to_string(), |ui| move_menu_ui(ui, part, commands));
            }
        });
        verbs_ui(ui, &[Verb::NextPanel, Verb::PreviousPanel, Verb::ResetLayout], state, commands);
        ui.separator();
        check_ui(ui, Verb::ToggleMotion, state.reduced_motion, commands);
        check_ui(ui, Verb::ToggleSecrets, state.secrets_shown, commands);
    });
}

/// A menu entry that is on or off.
fn check_ui(ui: &mut Ui, verb: Verb, is_on: bool, commands: &mut Commands) {
    let info = verb.info();
    let mut checked = is_on;
    if ui.checkbox(&mut checked, info.text).on_hover_text(info.tooltip).clicked() {
        commands.verb(verb);
        ui.close();
    }
}

fn tabs_ui(ui: &mut Ui, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    ui.spacing_mut().button_padding = vec2(12.0, 4.0);
    // A tab takes what it needs, but never more than can be seen at once.
    let most = ui.clip_rect().width() - 2.0 * size::STEP;
    for (tab_idx, tab) in state.tabs.iter().enumerate() {
        let in_front = tab_idx == state.front;
        let text = tab_text(tab);
        let fill = if in_front { theme.selection } else { theme.raised };
        let tab_button = Button::new(text.as_str()).fill(fill).stroke(egui::Stroke::NONE).truncate();
        let tab_ui = |ui: &mut Ui| {
            ui.set_max_width(most);
            ui.add(tab_button)
        };
        let response = ui.scope(tab_ui).inner.on_hover_text(text);
        // The one in front is in sight, unless somebody scrolls through the others.
        if in_front && !ui.clip_rect().expand(1.0).contains_rect(response.rect) && !ui.ui_contains_pointer() {
            response.scroll_to_me(None);
        }
        if response.clicked() {
            commands.push(Command::SelectTab(tab_idx));
        }
        if response.middle_clicked() {
            commands.push(Command::CloseTab(tab_idx));
        }
        response.context_menu(|ui| {
            if ui.button("Close").clicked() {
                commands.push(Command::CloseTab(tab_idx));
                ui.close();
            }
        });
    }
}

fn tab_text(tab: &TabLabel) -> String {
    let unsaved = if tab.unsaved { " •" } else { "" };
    let live = if tab.live { " · running" } else { "" };
    format!("{}{live}{unsaved}", tab.title)
}

fn right_ui(ui: &mut Ui, room: Room, state: &FrameState, theme: &Theme, commands: &mut Commands) {
    ui.spacing_mut().button_padding = vec2(12.0, 4.0);
    let fire = Button::new(RichText::new("Fire…").font(Theme::semibold(size::TEXT)).color(theme.on_color))
        .fill(theme.accent)
        .stroke(egui::Stroke::NONE);
    if ui.add(fire).on_hover_text("Compose an event and fire it (Ctrl+N)").clicked() {
        commands.verb(Verb::ToggleComposer);
    }
    if room == Room::Least {
        return;
    }
    let palette = Verb::Palette.info();
    let keys = palette.shortcut().map(|keys| ui.ctx().format_shortcut(&keys)).unwrap_or_default();
    let words = if room == Room::Less { "Commands".to_owned() } else { format!("{keys}  Commands") };
    let words = RichText::new(words).color(theme.weak);
    if ui.add(Button::new(words)).on_hover_text(palette.tooltip).clicked() {
        commands.verb(Verb::Palette);
    }
    let (ink, words) = match &state.capture {
        Some(capture) => (theme.tone(Tone::Delivered), format!("capture {} · {}", capture.address, capture.n_events)),
        None => (theme.faint, if room == Room::Less { "capture" } else { "capture off" }.to_owned()),
    };
    let hover = match &state.capture {
        Some(_) => "Listening on this machine only. Click to stop.",
        None => "Click to listen for Segment SDKs on this machine.",
    };
    let response = ui.add(Button::new(RichText::new(words).color(theme.weak)).frame(false)).on_hover_text(hover);
    if response.clicked() {
        commands.verb(Verb::ToggleCapture);
    }
    let (rect, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
    if state.capture.is_some() {
        ui.painter().circle_filled(rect.center(), 4.0, ink);
    } else {
        ui.painter().circle_stroke(rect.center(), 3.5, egui::Stroke::new(1.0, ink));
    }
}
