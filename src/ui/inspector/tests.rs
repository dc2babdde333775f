//! The panel as people and screen readers find it: by label.
mod comparison;
mod delivery;
mod duplicate;
mod exchange;
mod verdict;

use std::sync::Arc;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::samples::{self, Sample};
use super::{InspectorContext, InspectorView, inspector_ui};
use crate::core::findings::Finding;
use crate::core::names::EventId;
use crate::core::record::{Attempt, EventRecord, Record, SessionHeader};
use crate::store::Session;
use crate::ui::command::{Command, Commands, TimeMode};
use crate::ui::fonts;
use crate::ui::mask::Mask;
use crate::ui::theme::{Theme, ThemeKind};

/// The panel and what it asked for.
struct Panel {
    sample: Sample,
    view: InspectorView,
    findings: Vec<Finding>,
    revealed: bool,
    asked: Vec<Command>,
}

fn panel(sample: Sample) -> Harness<'static, Panel> {
    panel_of_size(sample, 360.0, 1_400.0)
}

fn panel_of_size(sample: Sample, width: f32, height: f32) -> Harness<'static, Panel> {
    let panel =
        Panel { sample, view: InspectorView::default(), findings: Vec::new(), revealed: false, asked: Vec::new() };
    let theme = Theme::of(ThemeKind::Dark);
    let mut harness = Harness::builder()
        .with_size(egui::vec2(width, height))
        .with_context_setup(move |ctx| {
            fonts::install(ctx);
            theme.apply(ctx);
        })
        .build_ui_state(
            move |ui, panel: &mut Panel| {
                let mut commands = Commands::default();
                let find = |id: &EventId| -> Option<Arc<EventRecord>> {
                    panel.sample.events.iter().find(|event| event.id == *id).cloned()
                };
                let session = session_of(&panel.sample);
                let own = session.find_attempt(&panel.sample.attempt().id).map(|idx| session.attempt(idx).delivery);
                let context = InspectorContext {
                    attempts: &panel.sample.attempts,
                    tokens: own.and_then(|own| session.tokens().lane(session.delivery(own).destination)),
                    attempt: &|idx| session.details(idx),
                    findings: &panel.findings,
                    event: &find,
                    origin: samples::START,
                    times: TimeMode::Utc,
                    mask: Mask { revealed: panel.revealed, ..Mask::HIDE_ALL },
                };
                inspector_ui(ui, panel.sample.attempt(), &context, &mut panel.view, theme, &mut commands);
                panel.asked.extend(commands.take());
            },
            panel,
        );
    harness.run();
    harness
}

/// A session with all that the sample has.
fn session_of(sample: &Sample) -> Session {
    let mut session = Session::new(SessionHeader::new("s", "s", samples::START, "simulated"));
    let events = sample.events.iter().map(|event| Record::Event(Arc::clone(event)));
    let attempts = sample.attempts.iter().map(|attempt| Record::Attempt(Arc::clone(attempt)));
    events.chain(attempts).for_each(|record| session.push(record));
    session
}

/// The sample with another first attempt.
fn changed(mut sample: Sample, change: impl FnOnce(&mut Attempt)) -> Sample {
    let mut attempt = sample.attempt().clone();
    change(&mut attempt);
    let shown = sample.shown;
    sample.attempts[shown] = Arc::new(attempt);
    sample
}

fn press(harness: &mut Harness<'_, Panel>, label: &str) {
    harness.get_by_label(label).click();
    harness.run();
}

fn says(harness: &Harness<'_, Panel>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}
