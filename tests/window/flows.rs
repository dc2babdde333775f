//! What a person does, one flow after the other.
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use delivery_inspector::app::Start;
use delivery_inspector::core::names::Decision;
use delivery_inspector::session::reader;
use delivery_inspector::store::Fate;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::Result;
use crate::harness::{Window, sample_session};

#[test]
fn the_first_window_tells_the_story_of_the_sample() {
    let window = Window::sample();
    assert_eq!(window.session().deliveries().len(), 4);
    assert!(window.shows("LINKEDIN-TOKEN-PROPAGATION"), "the verdict card names the rule");
    assert!(window.shows("4 deliveries"));
}

#[test]
fn an_attempt_is_selected_and_explained() {
    let mut window = Window::sample();
    window.click("attempt 2 of 2, 200, delivered, m-7f22");
    assert!(window.shows("PIPELINE-DELIVERED"));
    window.click("attempt 1 of 2, 401, retry, m-7f22, with findings");
    assert!(window.shows("LINKEDIN-TOKEN-PROPAGATION"));
}

#[test]
fn a_saved_session_is_opened_and_exported() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions/pendo-busy.session.jsonl");
    let mut window = Window::sample();
    window.press_with(Modifiers::COMMAND, Key::O);
    window.type_path(&sample, "Open");
    assert!(window.app().notices().is_empty(), "{:?}", window.app().notices());
    assert_eq!(window.session().header().name, "Pendo busy twice");

    for (keys, path) in [(Modifiers::COMMAND, "t.csv"), (Modifiers::COMMAND | Modifiers::SHIFT, "t.json")] {
        let path = folder.path().join(path);
        window.press_with(keys, Key::E);
        window.type_path(&path, "Save");
        let written = fs::read_to_string(&path)?;
        assert!(written.matches("PENDO-409-CONFLICT").count() >= 6, "{written}");
        assert!(!written.contains("integration-key-of-the-sample"));
    }
    Ok(())
}

/// A file that is let go over the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> std::result::Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn files_that_are_dropped_are_opened() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sessions");
    let mut window = Window::sample();
    for name in ["pendo-busy.session.jsonl", "refresh-fails.session.jsonl"] {
        window.0.input_mut().dropped_files.push(Arc::new(Dropped(samples.join(name))));
        window.settle();
    }
    assert_eq!(window.session().header().name, "LinkedIn refresh token revoked");
    assert!(window.shows("pendo-busy.session.jsonl"), "each in a tab of its own");
}

#[test]
fn what_the_composer_holds_is_fired_at_the_simulator_and_saved() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut window = Window::composing();
    window.click("Fire");
    assert!(window.has_told("1 delivered"), "{:?}", window.app().notices());
    let session = window.session();
    assert_eq!(session.n_events(), 1);
    assert!(session.attempts().len() >= 2, "the fresh token is not known at first");
    let fates: Vec<Fate> = session.deliveries().indices().map(|idx| session.delivery(idx).fate).collect();
    assert_eq!(fates, [Fate::Delivered]);

    let path = folder.path().join("fired.session.jsonl");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::S);
    window.type_path(&path, "Save");
    let (loaded, problems) = reader::read_file(&path)?;
    assert_eq!(problems, []);
    assert_eq!(loaded.records.len(), window.session().attempts().len() + 1);
    assert!(!fs::read_to_string(&path)?.contains("token-1"), "secrets are aliased");
    Ok(())
}

#[test]
fn a_broken_event_is_not_fired_and_its_line_is_named() {
    let mut window = Window::composing();
    window.type_over("Events as JSON", "{\n  \"type\": track\n}");
    window.click("Fire");
    assert!(window.shows("Event, line 2"));
    assert_eq!(window.session().header().name, "LinkedIn token propagation", "nothing was fired");
}

#[test]
fn a_subscription_is_shown_as_it_is_read_with_what_is_odd_about_it() {
    let mut window = Window::composing();
    window.click("Trigger");
    assert!(window.shows("event = \"Audience Entered\""), "the action's default is read where nothing is written");
    for (written, shown) in [
        (
            "type = \"track\" or type = \"page\" and event = \"x\"",
            "and\n  type = \"track\"\n  type = \"page\"\n  event = \"x\"",
        ),
        (" and messageId = \"y\"", "`messageId` means nothing here and is skipped."),
        (" and (", "No filter: every event is refused with"),
    ] {
        window.type_into("Subscription", written);
        assert!(window.shows(shown), "{written}");
    }
}

#[test]
fn a_file_that_is_neither_session_nor_plan_is_told_and_the_sample_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("x.txt");
    fs::write(&path, "hello")?;
    let window = Window::open(Start { open: vec![path], ..Start::default() });
    assert!(window.has_told("x.txt"), "{:?}", window.app().notices());
    assert_eq!(window.session().deliveries().len(), 4);
    Ok(())
}

#[test]
fn n_and_p_step_through_what_is_no_plain_success() {
    let mut window = Window::sample();
    let n_problems = {
        let session = window.session();
        session.attempts().indices().filter(|idx| session.attempt(*idx).decision != Decision::Delivered).count()
    };
    for _ in 1..n_problems {
        window.press(Key::N);
        assert!(window.app().notices().is_empty());
    }
    window.press(Key::N);
    assert!(window.has_told("no problem"));
}

#[test]
fn the_composer_keeps_its_height_from_frame_to_frame() {
    let mut window = Window::composing();
    let top = |window: &Window| window.0.get_by_label("Deliver to").rect().top();
    let before = top(&window);
    window.0.run_steps(40);
    assert!((top(&window) - before).abs() < 0.5, "from {before} to {}", top(&window));
}

#[test]
fn an_example_opens_with_a_note_on_what_to_look_for() {
    let mut window = Window::sample();
    window.click("No hints");
    assert!(window.shows("Propagation delay, with refresh"), "the first story says what it is");
    window.click("Got it");
    assert!(!window.shows("Propagation delay, with refresh"));
    window.click_through(&["Help", "Examples", "Duplicates", "Stale trait lets the retry through"]);
    assert!(window.shows("The support article's case"));
    assert_eq!(window.session().header().name, "Duplicate by a stale trait");
}

#[test]
fn the_hints_of_the_first_run_are_shown_until_they_are_dismissed_for_good() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let start = Start { settings_path: Some(folder.path().join("settings.json")), ..Start::default() };
    let mut window = Window::open(start.clone());
    for title in ["Four deliveries, one dead token", "Every decision has its reason", "Tokens have generations"] {
        assert!(window.shows(title), "{title}");
        window.click("Next hint");
    }
    assert!(window.shows("4 of 4"));
    window.click("Done");
    assert!(!window.shows("4 of 4"));
    assert!(!Window::open(start.clone()).shows("1 of 4"), "not at the next start either");
    window.ask_for("show hints");
    assert!(window.shows("1 of 4"));
    window.click("No hints");
    assert!(!Window::open(start).shows("1 of 4"));
    Ok(())
}

#[test]
fn the_palette_does_what_a_few_letters_name_and_says_what_cannot_be_done() {
    let mut window = Window::sample();
    window.ask_for("stale trait");
    assert_eq!(window.session().header().name, "Duplicate by a stale trait");
    window.ask_for("times utc");
    assert!(window.shows("Z"), "times are written as UTC");
    window.0.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    window.0.run_steps(3);
    window.0.get_by_label("Command").type_text("cancel");
    window.0.run_steps(3);
    assert!(window.shows("Cancel run: Nothing runs in this session"));
    window.0.key_press(Key::Enter);
    window.0.run_steps(3);
    assert!(window.shows("Cancel run: Nothing runs"), "what cannot be done keeps the palette open");
    window.0.key_press(Key::Escape);
    window.0.run_steps(3);
    assert!(window.0.query_by_label("Command").is_none());
}

#[test]
fn longer_shortcuts_are_not_taken_for_shorter_ones() {
    let mut window = Window::sample();
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::E);
    assert!(window.shows("Export timeline as JSON"));
}

#[test]
fn the_selected_attempt_is_copied_in_every_way() {
    let both = Modifiers::COMMAND | Modifiers::SHIFT;
    let mut window = Window::sample();
    window.click("attempt 1 of 2, 401, retry, m-7f22, with findings");
    let json = window.copied_by(both, Key::C);
    assert!(json.contains("LINKEDIN-TOKEN-PROPAGATION"), "{json}");
    let curl = window.copied_by(both, Key::U);
    assert!(curl.starts_with("curl --request ") && curl.contains("$TOKEN_"), "{curl}");
    let link = window.copied_by(both, Key::L);
    assert!(link.starts_with("inspector://session/") && link.ends_with("#event=m-7f22&attempt=1"), "{link}");
    let mut linked = Window::open(Start { select: Some(link), ..Start::default() });
    assert_eq!(linked.copied_by(both, Key::C), json);
}

#[test]
fn edits_of_the_composer_and_filters_are_taken_back_and_made_again() {
    let mut window = Window::composing();
    let shown = |window: &Window| window.0.get_by_label("Events as JSON").value().unwrap_or_default();
    let before = shown(&window);
    window.type_over("Events as JSON", "{}");
    assert_eq!(shown(&window), "{}");
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(shown(&window), before);
    window.press_with(Modifiers::COMMAND, Key::Y);
    assert_eq!(shown(&window), "{}");
}

#[test]
fn a_text_is_found_in_bodies_and_f3_goes_from_match_to_match() {
    let mut window = Window::sample();
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.0.run_steps(3);
    window.0.get_by_label("Find").type_text("serviceErrorCode");
    window.settle();
    assert!(window.shows("1 of 4 matches"), "each first attempt got the code");
    window.press(Key::F3);
    assert!(window.shows("2 of 4 matches"));
    window.0.key_press_modifiers(Modifiers::SHIFT, Key::F3);
    window.press_with(Modifiers::SHIFT, Key::F3);
    assert!(window.shows("4 of 4 matches"), "round the beginning");
    window.click("Close search");
    assert!(!window.shows("4 of 4 matches"));
}

#[test]
fn the_plan_of_a_session_is_fired_again_and_taken_into_the_composer() {
    let mut window = Window::sample();
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Enter);
    assert!(window.has_told("4 delivered"), "{:?}", window.app().notices());
    window.ask_for("edit and fire");
    assert!(window.0.get_by_label("Events as JSON").value().is_some_and(|text| text.contains("m-7f21")));
}

#[test]
fn a_plan_is_run_under_many_seeds_and_one_of_them_opened() {
    let mut window = Window::sample();
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::R);
    assert!(window.shows("Under many seeds") && window.shows("time to delivery: "), "the bars tell what they show");
    window.click("attempts");
    assert!(window.shows("attempts: "));
    window.click("Close");
    assert!(!window.shows("Under many seeds"));
}

#[test]
fn the_exact_request_is_seen_before_it_is_fired() {
    let mut window = Window::composing();
    window.click("Preview");
    assert!(window.shows("exactly as it will be sent"));
    assert!(window.shows("GET https://api.linkedin.com/rest/dmpSegments"));
    assert!(!window.shows("token-1"), "secrets are masked");
    assert_eq!(window.session().header().name, "LinkedIn token propagation", "nothing was fired");
}

#[test]
fn a_strategy_against_duplicates_is_chosen_in_a_form() {
    let mut window = Window::composing();
    window.click("Duplicates");
    window.click("Deduplication");
    assert!(window.0.query_by_label("profile-trait").is_none(), "LinkedIn audiences have no such thing");
    window.click("message-id");
    assert!(window.shows("A retry never passes there"));
    window.click("Fire");
    assert_eq!(window.session().header().plan["deduplication"], "message-id");
}

#[test]
fn copies_of_an_event_are_fired_within_a_time() {
    let mut window = Window::composing();
    window.type_into("Begin within", "30 s");
    window.0.get_by_label("Copies").focus();
    window.0.run_steps(2);
    window.0.get_by_label("Copies").type_text("5");
    window.press(Key::Enter);
    window.click("Fire");
    let session = window.session();
    assert_eq!(session.n_events(), 5, "{:?}", window.app().notices());
    let starts: std::collections::BTreeSet<_> =
        session.deliveries().indices().map(|idx| session.delivery(idx).started_at).collect();
    assert_eq!(starts.len(), 5, "each begins at an instant of its own");
}

#[test]
fn a_mistake_is_marked_at_its_line_while_it_is_typed() {
    let mut window = Window::composing();
    window.type_over("Events as JSON", "{\n  \"type\": track\n}");
    assert!(window.shows("Event, line 2"));
}

#[test]
fn panels_are_hidden_remembered_and_reset() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let start = Start { settings_path: Some(folder.path().join("settings.json")), ..Start::default() };
    let mut window = Window::open(start.clone());
    assert!(window.shows("table row m-7f21"));
    window.press_with(Modifiers::COMMAND, Key::Num4);
    assert!(!window.shows("table row m-7f21"));
    window.0.state_mut().as_mut().ok_or("no program")?.remember();
    let mut again = Window::open(start);
    assert!(!again.shows("table row m-7f21"), "as it was left");
    again.ask_for("reset layout");
    assert!(again.shows("table row m-7f21"));
    Ok(())
}

#[test]
fn a_plan_that_cannot_be_run_opens_in_the_composer_with_the_reason() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("broken.plan.json");
    fs::write(
        &path,
        r#"{"format": "delivery-plan", "version": 1, "destination": "pendo-audiences", "action": "syncAudience",
            "deduplication": "profile-trait", "simulator": {}, "events": [{"type": "track"}]}"#,
    )?;
    let window = Window::open(Start { open: vec![path], fire: true, ..Start::default() });
    assert!(window.shows("only destination-function can do"), "the composer says why");
    assert_eq!(window.session().header().name, "LinkedIn token propagation", "nothing was fired");
    Ok(())
}

#[test]
fn a_link_alone_opens_the_recent_file_that_holds_its_session() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let remembering = Start { settings_path: Some(folder.path().join("settings.json")), ..Start::default() };
    let both = Modifiers::COMMAND | Modifiers::SHIFT;
    let mut window = Window::open(Start { open: vec![sample_session("pendo-busy")], ..remembering.clone() });
    window.press(Key::N);
    let (json, link) = (window.copied_by(both, Key::C), window.copied_by(both, Key::L));
    window.0.state_mut().as_mut().ok_or("no program")?.remember();
    let mut linked = Window::open(Start { select: Some(link.clone()), ..remembering });
    assert_eq!(linked.session().header().name, "Pendo busy twice");
    assert_eq!(linked.copied_by(both, Key::C), json);
    let elsewhere = Window::open(Start { select: Some(link), ..Start::default() });
    assert!(elsewhere.has_told("No recent file holds the session that the link leads to"));
    Ok(())
}
