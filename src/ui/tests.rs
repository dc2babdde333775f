//! The painted panels, driven by the names that screen readers get.
use egui::{Key, Modifiers, Ui, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::command::{Command, Commands};
use super::facets::facets_ui;
use super::filter_bar::{FilterLibrary, filter_bar_ui, filter_error_ui};
use super::fonts;
use super::overview::overview_ui;
use super::table::{Columns, table_ui};
use super::theme::{Theme, ThemeKind};
use super::timeline::timeline_ui;
use super::view_state::{ViewCommand, ViewState};
use crate::core::record::SessionHeader;
use crate::store::rows::{Direction, Rows, SortKey};

use crate::store::demo::{Event, Story, at};
use crate::store::{Fate, Session, demo};

mod filter;
mod table;
mod timeline;

struct Looking {
    session: Session,
    view: ViewState,
    columns: Columns,
    commands: Commands,
}

impl Looking {
    fn selected_attempt(&self) -> Option<String> {
        Some(self.session.details(self.view.selection?.attempt).id.to_string())
    }

    fn apply(&mut self, command: ViewCommand) {
        self.view.apply(&self.session, command);
    }
}

type Panel = fn(&mut Ui, &mut Looking, &Theme);

/// Drags with the left button.
fn drag(harness: &mut Harness<'_, Looking>, from: egui::Pos2, to: egui::Pos2) {
    harness.drag_at(from);
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.drop_at(to);
    harness.run();
}

fn harness(session: Session, panel: Panel) -> Harness<'static, Looking> {
    let looking =
        Looking { session, view: ViewState::default(), columns: Columns::default(), commands: Commands::default() };
    Harness::builder()
        .with_size(vec2(900.0, 600.0))
        .with_step_dt(1.0 / 60.0)
        .with_context_setup(|ctx| {
            fonts::install(ctx);
            Theme::of(ThemeKind::Dark).apply(ctx);
        })
        .build_ui_state(
            move |ui, looking: &mut Looking| {
                for command in looking.commands.take() {
                    if let Command::View(command) = command {
                        looking.apply(command);
                    }
                }
                looking.view.refresh(&looking.session);
                panel(ui, looking, Theme::of(ThemeKind::Dark));
            },
            looking,
        )
}

fn timeline(ui: &mut Ui, looking: &mut Looking, theme: &Theme) {
    timeline_ui(ui, &looking.session, &mut looking.view, theme, &mut looking.commands);
}

fn table(ui: &mut Ui, looking: &mut Looking, theme: &Theme) {
    table_ui(ui, &looking.session, &mut looking.view, &mut looking.columns, theme, &mut looking.commands);
}

fn facets(ui: &mut Ui, looking: &mut Looking, theme: &Theme) {
    facets_ui(ui, &looking.session, &looking.view, theme, &mut looking.commands);
}

/// The filter bar over the counts. One filter was saved, another one used.
fn filter_bar(ui: &mut Ui, looking: &mut Looking, theme: &Theme) {
    let library = FilterLibrary { saved: vec!["dup:*".to_owned()], recent: vec!["attempt>2".to_owned()] };
    ui.horizontal(|ui| {
        filter_bar_ui(ui, &looking.session, &mut looking.view, &library, theme, &mut looking.commands);
    });
    if let Some(error) = looking.view.filter_bar.shown_error() {
        filter_error_ui(ui, error, !looking.view.arrangement.filter.is_empty(), theme);
    }
    facets(ui, looking, theme);
}

/// Types into the filter bar.
fn type_filter(harness: &mut Harness<'static, Looking>, text: &str) {
    harness.get_by_label("Filter").focus();
    harness.run_steps(2);
    harness.get_by_label("Filter").type_text(text);
    harness.run_steps(2);
}

fn overview(ui: &mut Ui, looking: &mut Looking, theme: &Theme) {
    overview_ui(ui, &looking.session, &mut looking.view, theme, &mut looking.commands);
}

#[test]
fn a_drag_on_the_overview_zooms_and_a_double_click_shows_everything() {
    let mut harness = harness(demo::many(1_000), overview);
    harness.run();
    let rect = harness.get_by_label_contains("overview of").rect();
    let (from, to) = (rect.center(), rect.center() + vec2(90.0, 0.0));
    drag(&mut harness, from, to);
    let view = &harness.state().view;
    let span = view.timeline.span(&harness.state().session, egui::Rangef::new(0.0, 500.0)).unwrap();
    let share = span.end.since(span.start).as_secs_f64() / 9.99;
    assert!((share - 90.0 / f64::from(rect.width())).abs() < 0.01, "{share}");
    for _ in 0..2 {
        harness.get_by_label_contains("overview of").click();
    }
    harness.run();
    assert!(harness.state().view.timeline.follows());
}

#[test]
fn keys_are_left_to_who_is_typing() {
    let mut harness = harness(demo::session(), |ui, looking, theme| {
        let name = ui.label("Name").id;
        ui.text_edit_singleline(&mut String::new()).labelled_by(name).request_focus();
        timeline(ui, looking, theme);
    });
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::NONE, Key::J);
    harness.run_steps(2);
    assert_eq!(harness.state().selected_attempt(), None);
}
