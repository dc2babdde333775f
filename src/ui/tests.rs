//! The painted panels, driven by the names that screen readers get.
use egui::{Key, Modifiers, Ui, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::command::{Command, Commands};
use super::facets::facets_ui;
use super::filter_bar::{FilterLibrary, filter_bar_ui};
use super::fonts;
use super::overview::overview_ui;
use super::table::{Columns, table_ui};
use super::theme::{Theme, ThemeKind};
use super::timeline::timeline_ui;
use super::view_state::{ViewCommand, ViewState};
use crate::core::record::SessionHeader;
use crate::store::rows::{Direction, SortKey};

use crate::store::demo::{Event, Story, at};
use crate::store::{Fate, Session, demo};

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
fn a_click_on_a_bar_selects_its_attempt() {
    let mut harness = harness(demo::session(), timeline);
    harness.get_by_label("attempt 1 of 2, 401, retry, m-7f21").click();
    harness.run();
    assert_eq!(harness.state().selected_attempt().as_deref(), Some("d1-a1"));
    assert!(harness.state().view.timeline.follows(), "what is in view already is not moved");
}

#[test]
fn everything_painted_has_a_name() {
    let harness = harness(demo::session(), timeline);
    for name in [
        "ada@example.com, Audience Entered, m-7f21, delivered",
        "linkedin-audiences · updateAudience, 6 deliveries, expanded",
        "wait of 18 s, m-7f21",
        "token refresh to generation 2, m-7f21",
        "token refresh failed, m-7f24",
        "delivered, m-7f21",
        "dropped, refresh failed, m-7f24",
        "partly delivered, 4 delivered, 2 dropped, b-13",
        "delivered twice, delivered twice · trait read 2.4 s stale, m-7f32",
        "attempt 2 of 2, 200, delivered, m-7f32, delivered twice",
        "stale trait read: written 2.4 s before, visible 1.1 s later, m-7f32",
        "attempt 2 of 2, 200, delivered, m-7f33, suppressed",
        "pending, next in 1 m 12 s, m-7f34",
        "29 m 54 s with nothing, folded",
    ] {
        assert!(harness.query_by_label(name).is_some(), "{name}");
    }
    let mut lanes = harness.query_all_by_label_contains("token generation 2, 9 uses");
    assert!(lanes.next().is_some(), "with what became of the token, if that is known");
    assert!(harness.query_all_by_label_contains("not yet accepted everywhere").next().is_some());
}

#[test]
fn a_folded_stretch_opens_with_a_click() {
    let mut harness = harness(demo::session(), timeline);
    harness.get_by_label("29 m 54 s with nothing, folded").click();
    harness.run();
    assert!(harness.query_by_label("29 m 54 s with nothing, folded").is_none());
    let runs = harness.query_all_by_label_contains("attempts, worst").count();
    assert!(runs > 0, "half an hour on one screen leaves no room between attempts");
}

#[test]
fn a_group_folds_up_under_its_head() {
    let mut harness = harness(demo::session(), timeline);
    harness.get_by_label("linkedin-audiences · updateAudience, 6 deliveries, expanded").click();
    harness.run();
    assert!(harness.query_by_label("ada@example.com, Audience Entered, m-7f21, delivered").is_none());
    harness.get_by_label("linkedin-audiences · updateAudience, 6 deliveries, collapsed").click();
    harness.run();
    assert!(harness.query_by_label("ada@example.com, Audience Entered, m-7f21, delivered").is_some());
}

#[test]
fn keys_walk_through_rows_and_attempts() {
    let mut harness = harness(demo::session(), timeline);
    for (key, selected) in [
        (Key::ArrowDown, Some("d1-a2")),
        (Key::J, Some("d2-a2")),
        (Key::ArrowLeft, Some("d2-a1")),
        (Key::ArrowLeft, Some("d2-a1")),
        (Key::ArrowRight, Some("d2-a2")),
        (Key::K, Some("d1-a2")),
        (Key::ArrowUp, Some("d1-a2")),
        (Key::End, Some("d9-a1")),
        (Key::Home, Some("d1-a2")),
        (Key::Escape, None),
    ] {
        harness.key_press(key);
        harness.run();
        assert_eq!(harness.state().selected_attempt().as_deref(), selected, "after {key:?}");
    }
}

#[test]
fn fitting_shows_the_selected_delivery_and_then_everything() {
    let mut harness = harness(demo::session(), timeline);
    let distance = |harness: &Harness<'_, Looking>| {
        let left = |name| harness.get_by_label(name).rect().left();
        left("attempt 3 of 3, 200, delivered, m-7f2a") - left("attempt 1 of 3, 409, retry, m-7f2a")
    };
    let before = distance(&harness);
    harness.get_by_label("attempt 1 of 3, 409, retry, m-7f2a").click();
    harness.run();
    harness.state_mut().apply(ViewCommand::FitSelection);
    harness.run();
    assert!(distance(&harness) > before * 1.4, "{} is hardly wider than {before}", distance(&harness));
    harness.state_mut().apply(ViewCommand::FitAll);
    harness.run();
    assert!((distance(&harness) - before).abs() < 0.5);
}

#[test]
fn the_wheel_zooms_at_the_pointer_and_a_drag_pans() {
    let mut harness = harness(demo::session(), timeline);
    let bar = "attempt 3 of 3, 200, delivered, m-7f2a";
    let before = harness.get_by_label(bar).rect();
    harness.hover_at(before.left_center());
    harness.event(egui::Event::Zoom(2.0));
    harness.run();
    assert!((harness.get_by_label(bar).rect().left() - before.left()).abs() < 1.0);
    assert!(!harness.state().view.timeline.follows());

    let from = before.left_center() + vec2(-60.0, -60.0);
    harness.drag_at(from);
    harness.step();
    harness.hover_at(from + vec2(-40.0, 0.0));
    harness.step();
    harness.drop_at(from + vec2(-40.0, 0.0));
    harness.run();
    let moved = harness.get_by_label(bar).rect().left() - before.left();
    assert!((moved + 40.0).abs() < 2.0, "moved by {moved}");
}

#[test]
fn events_are_followed_through_their_batches() {
    let mut session = Session::new(SessionHeader::new("s", "s", at(0), "simulated"));
    let ids = [1, 2, 3].map(|number| {
        let event = Event::track(number, "ada@example.com", "Audience Entered");
        let id = event.id();
        session.push(event.record());
        id
    });
    let batch = |delivery, events: &[String]| Story::new(delivery, "pendo-audiences", "syncAudience", events);
    let first = batch("b-1", &ids).retry(0, 400, 503, 0, "RETRYABLE-STATUS", "unavailable");
    let second = batch("b-2", &ids[1..]).deliver(9_000, 400, 200);
    first.records().chain(second.records()).for_each(|record| session.push(record));
    let mut harness = harness(session, timeline);
    harness.run();
    assert!(harness.query_by_label_contains("on to b-2").is_none(), "nothing is selected");
    harness.get_by_label("attempt 1 of 1, 200, delivered, b-2").click();
    harness.run();
    assert!(harness.query_by_label("2 events from b-1 on to b-2").is_some());
}

#[test]
fn a_span_is_measured_with_a_key_and_with_the_pointer() {
    let mut harness = harness(demo::session(), timeline);
    for bar in ["attempt 1 of 3, 409, retry, m-7f2a", "attempt 2 of 3, 409, retry, m-7f2a"] {
        harness.get_by_label(bar).click();
        harness.run();
        harness.state_mut().apply(ViewCommand::Measure);
        harness.run();
    }
    let chip = "measured 7.3 s, from +0.906 s to +8.206 s";
    harness.get_by_label(chip).click();
    harness.run();
    assert!(harness.query_by_label_contains("measured").is_none());

    let first = harness.get_by_label("attempt 1 of 3, 409, retry, m-7f2a").rect();
    let last = harness.get_by_label("attempt 3 of 3, 200, delivered, m-7f2a").rect();
    let span = |harness: &Harness<'_, Looking>| {
        harness.state().view.timeline.span(&harness.state().session, egui::Rangef::new(0.0, 500.0))
    };
    let before = span(&harness);
    harness.event(egui::Event::ModifiersChanged(Modifiers::SHIFT));
    harness.drag_at(first.left_center() - vec2(3.0, 0.0));
    harness.step();
    harness.hover_at(last.left_center() - vec2(4.0, 0.0));
    harness.step();
    harness.drop_at(last.left_center() - vec2(4.0, 0.0));
    harness.run();
    assert!(
        harness.query_by_label("measured 15.6 s, from +0.906 s to +16.506 s").is_some(),
        "its ends are where attempts begin"
    );
    assert_eq!(span(&harness), before, "measuring does not pan");
}

#[test]
fn ten_thousand_deliveries_cost_no_more_than_those_in_view() {
    let mut few = harness(demo::many(40), timeline);
    few.run();
    let mut many = harness(demo::many(10_000), timeline);
    many.run();
    let n_rows = many.query_all_by_label_contains("Audience Entered").count();
    assert!((15..=25).contains(&n_rows), "{n_rows} rows in view");
    let (few, many) = (few.output().shapes.len(), many.output().shapes.len());
    assert!(many <= few + 20, "{many} shapes for 10,000 deliveries, {few} for 40");
}

#[test]
fn the_selected_row_is_scrolled_into_view() {
    let mut harness = harness(demo::many(10_000), timeline);
    harness.run();
    assert!(harness.query_by_label_contains("m-1388").is_none());
    let delivery = harness.state().session.find_delivery(&"d5000".into()).unwrap();
    harness.state_mut().apply(ViewCommand::SelectDelivery(delivery));
    harness.run();
    assert!(harness.query_by_label("attempt 1 of 1, 200, delivered, m-1388").is_some());
}

#[test]
fn a_click_on_a_column_sorts_the_table() {
    let mut harness = harness(demo::session(), table);
    harness.get_by_label("sort by Took").click();
    harness.run();
    let arrangement = &harness.state().view.arrangement;
    assert_eq!((arrangement.sort_by, arrangement.direction), (SortKey::Took, Direction::Ascending));
    harness.get_by_label("Took, sorted ascending").click();
    harness.run();
    assert!(harness.query_by_label("Took, sorted descending").is_some());
    let first = harness.state().view.rows.visible_deliveries()[0];
    assert_eq!(harness.state().session.delivery_id(first).as_str(), "b-12");
}

#[test]
fn columns_are_chosen_and_brought_back() {
    let mut harness = harness(demo::session(), table);
    let click = |harness: &mut Harness<'_, Looking>, label: &str| {
        harness.get_by_label(label).click();
        harness.run();
    };
    click(&mut harness, "Choose columns");
    for (column, head) in [("Deciding rule", "sort by Deciding rule"), ("Token", "sort by Token")] {
        click(&mut harness, column);
        assert!(harness.query_by_label(head).is_none(), "{column} is hidden");
    }
    click(&mut harness, "Reset columns");
    assert!(harness.query_by_label("sort by Deciding rule").is_some());
}

#[test]
fn a_drag_or_shift_and_an_arrow_key_moves_a_column() {
    let mut harness = harness(demo::session(), table);
    harness.run();
    let left = |harness: &Harness<'_, Looking>, label: &str| harness.get_by_label(label).rect().left();
    assert!(left(&harness, "sort by Fate") > left(&harness, "sort by Event"));
    let (from, to) = ["sort by Fate", "sort by Event"].map(|label| harness.get_by_label(label).rect().center()).into();
    harness.drag_at(from);
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.drop_at(to);
    harness.run();
    assert!(left(&harness, "sort by Fate") < left(&harness, "sort by Event"));
    assert_eq!(harness.state().view.arrangement.sort_by, SortKey::Started, "a drag does not sort");
    harness.get_by_label("Statuses").focus();
    harness.run();
    let before = left(&harness, "Statuses");
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    harness.run();
    assert!(left(&harness, "Statuses") < before);
    assert!(harness.get_by_label("Statuses").is_focused(), "and may be moved on");
}

#[test]
fn a_drag_or_an_arrow_key_makes_a_column_wider_and_its_neighbour_narrower() {
    let mut harness = harness(demo::session(), table);
    harness.run();
    let widths = |harness: &Harness<'_, Looking>| {
        ["Event", "Message", "Took"].map(|title| harness.get_by_label(&format!("sort by {title}")).rect().width())
    };
    let before = widths(&harness);
    let edge = harness.get_by_label("width of Event").rect().center();
    harness.drag_at(edge);
    harness.step();
    harness.hover_at(edge + vec2(20.0, 0.0));
    harness.step();
    harness.drop_at(edge + vec2(20.0, 0.0));
    harness.run();
    let dragged = widths(&harness);
    for (wanted, (before, after)) in [20.0, -20.0, 0.0].into_iter().zip(before.into_iter().zip(dragged)) {
        assert!((after - before - wanted).abs() < 1.5, "{before} to {after}");
    }
    harness.get_by_label("width of Event").focus();
    harness.run();
    harness.key_press(Key::ArrowLeft);
    harness.run();
    assert!((widths(&harness)[0] - dragged[0] + 8.0).abs() < 1.5);
    assert!(harness.state().view.selection.is_none(), "the arrow moved the edge, not the selection");
}

#[test]
fn the_table_shows_only_rows_in_view_and_selects_by_click_and_key() {
    let mut harness = harness(demo::many(10_000), table);
    harness.run();
    let n_rows = harness.query_all_by_label_contains("table row").count();
    assert!((15..=25).contains(&n_rows), "{n_rows} rows in view");
    harness.get_by_label("table row m-0003, Audience Entered, delivered").click();
    harness.run();
    assert_eq!(harness.state().selected_attempt().as_deref(), Some("d3-a1"));
    harness.key_press(Key::End);
    harness.run();
    assert!(harness.query_by_label("table row m-270f, Audience Entered, dropped").is_some(), "the last row is in view");
}

#[test]
fn a_click_on_a_count_shows_only_what_was_counted() {
    let mut harness = harness(demo::session(), facets);
    harness.get_by_label("dropped: 2").click();
    harness.run();
    let looking = harness.state();
    let fates: Vec<Fate> =
        looking.view.rows.visible_deliveries().iter().map(|idx| looking.session.delivery(*idx).fate).collect();
    assert_eq!(fates, [Fate::Dropped, Fate::Dropped]);
    harness.get_by_label("Show everything").click();
    harness.run();
    assert_eq!(harness.state().view.rows.visible_deliveries().len(), 12);
}

#[test]
fn what_is_typed_into_the_filter_bar_takes_effect_once_it_makes_sense() {
    let mut harness = harness(demo::session(), filter_bar);
    type_filter(&mut harness, "verdict:dropped");
    assert!(harness.query_by_label("2 of 12 deliveries").is_some());
    type_filter(&mut harness, " statsu:401");
    let said = "there is no field `statsu`, perhaps `status`; text that is not meant as one goes in quotes";
    assert!(harness.query_by_label(said).is_some());
    let looking = harness.state();
    assert_eq!(looking.view.rows.visible_deliveries().len(), 2, "the last filter that was right stays in force");
    assert_eq!(looking.view.arrangement.filter.text(), "verdict:dropped");
    harness.get_by_label("Clear the filter").click();
    harness.run();
    assert!(harness.query_by_label("12 deliveries").is_some());
    type_filter(&mut harness, "verdict:filtered");
    assert!(harness.query_by_label("none of 12").is_some());
}

#[test]
fn proposals_are_taken_by_key_and_by_click() {
    let mut harness = harness(demo::session(), filter_bar);
    type_filter(&mut harness, "ver");
    harness.key_press(Key::Tab);
    harness.run_steps(3);
    for key in [Key::ArrowDown, Key::ArrowDown, Key::ArrowUp, Key::ArrowUp, Key::ArrowUp, Key::ArrowUp, Key::Enter] {
        harness.key_press(key);
        harness.run_steps(2);
    }
    assert_eq!(harness.state().view.arrangement.filter.text(), "verdict:filtered", "the last but two of eight");
    type_filter(&mut harness, " or verdict:dr");
    harness.get_by_label_contains("dropped given up").click();
    harness.run_steps(3);
    assert_eq!(harness.state().view.arrangement.filter.text(), "verdict:filtered or verdict:dropped");
    assert_eq!(harness.state().view.rows.visible_deliveries().len(), 2);
    type_filter(&mut harness, " des");
    assert!(harness.query_by_label("dest: who gets it").is_some());
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_by_label("dest: who gets it").is_none());
}

#[test]
fn an_empty_filter_bar_offers_what_was_saved_and_used() {
    let mut harness = harness(demo::session(), filter_bar);
    type_filter(&mut harness, "");
    assert!(harness.query_by_label("attempt>2 used lately").is_some());
    harness.get_by_label("dup:* saved").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("2 of 12 deliveries").is_some());
    harness.get_by_label("Saved filter").click();
    harness.step();
    let commands = harness.state_mut().commands.take();
    assert!(commands.contains(&Command::KeepFilter("dup:*".to_owned(), false)), "{commands:?}");
}

#[test]
fn a_click_on_a_count_writes_its_term_into_the_filter_bar() {
    let mut harness = harness(demo::session(), filter_bar);
    harness.get_by_label("dropped: 2").click();
    harness.run();
    harness.get_by_label("pending: 1").click();
    harness.run();
    assert!(harness.query_by_label("3 of 12 deliveries").is_some());
    assert_eq!(harness.get_by_label("Filter").value().as_deref(), Some("verdict:dropped,pending"));
    type_filter(&mut harness, " ");
    harness.key_press(Key::Escape);
    harness.run();
    harness.get_by_label("dropped: 2").click();
    harness.run();
    assert_eq!(harness.get_by_label("Filter").value().as_deref(), Some("verdict:pending "));
}

#[test]
fn a_drag_on_the_overview_zooms_and_a_double_click_shows_everything() {
    let mut harness = harness(demo::many(1_000), overview);
    harness.run();
    let rect = harness.get_by_label_contains("overview of").rect();
    let (from, to) = (rect.center(), rect.center() + vec2(90.0, 0.0));
    harness.drag_at(from);
    harness.step();
    harness.hover_at(to);
    harness.step();
    harness.drop_at(to);
    harness.run();
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
