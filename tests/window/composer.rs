//! The composer's forms and the JSON beside them, in the whole window.
use delivery_inspector::core::record::Record;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::harness::Window;

#[test]
fn an_edit_in_the_form_is_in_the_json_is_taken_back_and_is_sent() {
    let mut window = Window::composing();
    window.click("Mapping");
    window.click("JSON");
    window.type_over("Mapping as JSON", "{ \"company\": \"ACME\" }");
    window.click("Form");
    assert!(window.shows("User Company gets \"ACME\""));
    window.type_over("Path of User Title", "$.event");
    window.press(Key::Escape);
    assert!(window.shows("User Title gets \"Audience Entered\""));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert!(window.shows("User Title gets nothing"), "what was done in a form is taken back like what was typed");
    window.press_with(Modifiers::COMMAND, Key::Y);
    window.click("JSON");
    let both = "{ \"company\": \"ACME\", \"title\": {\"@path\": \"$.event\"} }";
    assert_eq!(window.value("Mapping as JSON"), both);
    window.press_with(Modifiers::COMMAND, Key::Enter);
    let sent = window.session().records().filter_map(Result::ok).any(|record| match record {
        Record::Attempt(attempt) => attempt
            .exchanges
            .iter()
            .any(|exchange| String::from_utf8_lossy(&exchange.request.body.to_bytes()).contains("Audience Entered")),
        Record::Event(_) => false,
    });
    assert!(sent, "what the form maps is what goes on the wire");
}

#[test]
fn a_field_that_nobody_knows_is_named_with_the_one_that_was_meant() {
    let mut window = Window::composing();
    window.click("Mapping");
    window.click("JSON");
    window.type_over("Mapping as JSON", "{\"emial\": \"x\"}");
    assert!(window.shows("has no field `emial`: the action never gets it; perhaps `email` was meant"));
}

#[test]
fn settings_are_one_text_for_the_form_and_the_json_and_secrets_are_dots_until_they_are_asked_for() {
    let mut window = Window::composing();
    window.0.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Destination").click();
    window.settle();
    window.click("Pendo Audiences");
    assert!(window.shows("The root value is missing the required field 'integrationKey'."), "at its row");
    window.type_over("Integration Key", "key-of-pendo");
    window.click("Settings");
    let shown = window.value("Settings as JSON");
    assert!(shown.contains("\"ad_account_id\": \"512345\"") && shown.contains("••••••••••••"), "{shown}");
    assert!(!shown.contains("key-of-pendo"), "{shown}");
    window.click("Show secrets");
    assert!(window.value("Settings as JSON").contains("\"integrationKey\": \"key-of-pendo\""));
    window.type_over("Settings as JSON", "{\"region\": \"MARS\", \"integrationKey\": \"k\", \"mine\": [1,2]}");
    assert!(window.shows("Region must be one of"), "the form tells what the JSON says");
    window.click("Region");
    window.click("EU");
    let edited = "{\"region\": \"EU\", \"integrationKey\": \"k\", \"mine\": [1,2]}";
    assert_eq!(window.value("Settings as JSON"), edited, "the rest stays as it was typed");
}

#[test]
fn the_keys_of_an_event_are_proposed_in_its_editor() {
    let mut window = Window::composing();
    window.type_over("Events as JSON", "{\"anon");
    assert!(window.shows("anonymousId Anonymous id · text"));
    window.press(Key::Tab);
    assert_eq!(window.value("Events as JSON"), "{\"anonymousId\": ");
}

#[test]
fn the_fields_of_the_simulator_are_proposed_explained_and_checked_where_they_stand() {
    let mut window = Window::composing();
    window.type_over("Simulator as JSON", "{\"linkedin\": {\"acc");
    assert!(window.shows("access_token How the plan's own token stands"));
    window.0.key_press(Key::Tab);
    window.settle();
    assert!(window.shows("not_yet_propagated"), "the choices of a field follow it");
    window.0.get_by_label("Simulator as JSON").type_text("\"revo");
    window.settle();
    window.press(Key::Tab);
    assert_eq!(window.value("Simulator as JSON"), "{\"linkedin\": {\"access_token\": \"revoked\"");
    for (written, told) in [
        ("{\"pendo\": {\"busy_first_write\": 2}}", "perhaps `busy_first_writes` was meant"),
        ("{\"linkedin\": {\"nodes\": 0}}", "`linkedin.nodes` is 0; it must be a whole number from 1"),
        ("{\"faults\": [{\"status\": 503}, {\"nth\": [1]}]}", "`faults[1]` has neither a `status`"),
        ("{\"preset\": \"busy\"}", "`preset` is \"busy\"; it must be one of happy-path"),
    ] {
        window.type_over("Simulator as JSON", written);
        assert!(window.shows(told), "{written}");
    }
    window.type_over("Simulator as JSON", "{\"preset\": \"outage\", \"pendo\": {\"busy_first_writes\": 2}}");
    assert!(!window.shows("it must be") && !window.shows("was meant"), "what is right is not marked");
}

#[test]
fn the_answers_of_a_script_are_proposed_and_checked_one_by_one() {
    let mut window = Window::composing();
    window.click("Script");
    window.type_over("Scripted responses as JSON", "[{\"fa");
    assert!(window.shows("fault What happens in place of any answer"));
    window.press(Key::Tab);
    assert!(window.shows("connection-reset"));
    window.type_over("Scripted responses as JSON", "[{\"status\": 20}, {\"status\": 200, \"dealy_ms\": 5}]");
    assert!(window.shows("`[0].status` is 20; it must be from 100 to 999"));
    assert!(window.shows("`[1].dealy_ms` means nothing there; perhaps `delay_ms` was meant"));
    window.type_over("Scripted responses as JSON", "[{\"status\": 503}, {\"status\": 200}]");
    assert!(!window.shows("means nothing there"));
}

fn destination_function() -> Window {
    let mut window = Window::composing();
    window.0.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Destination").click();
    window.settle();
    window.click("Destination function");
    window.type_into("URL", "https://hooks.test/in");
    window
}

fn settings(window: &mut Window) -> serde_json::Value {
    window.click("JSON");
    let settings = serde_json::from_str(&window.value("Settings as JSON")).unwrap_or_default();
    window.click("Form");
    settings
}

#[test]
fn the_outcome_rules_of_a_function_are_edited_in_the_form_and_judge_what_is_fired() {
    let mut window = destination_function();
    assert!(window.shows("3 items"));
    window.reach("Edit Outcome rules");
    assert!(window.shows("Move Outcome rules / 3 up"), "the page of the rules");
    window.type_over("Value of Outcome rules / 1 / Status", "[200, \"201\"]");
    window.reach("Remove Outcome rules / 2");
    window.reach("Add to Outcome rules");
    assert!(window.shows("`rules[2]` has no `result`"), "at the rule that lacks it");
    window.reach("Value of Outcome rules / 3 / Result");
    window.click("DropEvent");
    window.type_over("Value of Outcome rules / 3 / Status", "many");
    assert!(window.shows("`rules[2].status` has the status \"many\""));
    window.type_over("Value of Outcome rules / 3 / Status", "503");
    window.reach("Move Outcome rules / 3 up");
    let rules = serde_json::json!([
        {"status": [200, "201"], "result": "success"},
        {"status": 503, "result": "DropEvent"},
        {"network": "any", "result": "RetryError"},
    ]);
    let written = settings(&mut window)["rules"].clone();
    assert_eq!(written[0], rules[0]);
    assert_eq!(written[1]["result"], rules[1]["result"]);
    assert_eq!(written[2], rules[2]);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(settings(&mut window)["rules"][1], rules[2], "moving is taken back");
    window.press_with(Modifiers::COMMAND, Key::Y);
    window.click("Answered by");
    window.type_over("Simulator as JSON", "{\"receiver\": {\"status\": 503}}");
    window.click("Fire");
    assert!(window.has_told("1 dropped") || window.shows("DropEvent"), "{:?}", window.app().notices());
}

#[test]
fn headers_of_a_function_take_directives_and_event_types_are_chosen() {
    let mut window = destination_function();
    window.reach("Edit Headers");
    window.reach("Headers comes from");
    window.click("its parts");
    window.type_into("New key in Headers", "x-message");
    window.reach("Add to Headers");
    window.reach("Headers / x-message comes from");
    window.click("event path");
    window.type_over("Path of Headers / x-message", "$.messageId");
    window.press(Key::Escape);
    window.reach("Add to Handled event types");
    window.reach("Value of Handled event types / 1");
    window.click("identify");
    let settings = settings(&mut window);
    assert_eq!(settings["headers"], serde_json::json!({"x-message": {"@path": "$.messageId"}}));
    assert_eq!(settings["handles"], serde_json::json!(["identify"]));
}

#[test]
fn a_template_that_nothing_is_sent_of_names_who_takes_it() {
    let mut window = Window::composing();
    window.click_through(&["Template event…", "Audience entered (identify)", "Preview"]);
    assert!(window.shows("Nothing is sent: The event does not match the subscription."));
    window.click("Pendo Audiences · Sync to Pendo Segment");
    window.type_over("Integration Key", "k");
    assert!(window.shows("PATCH https://app.pendo.io/api/v1/segment/"), "the exact request");
    window.click("Fire");
    assert!(window.has_told("1 delivered"), "{:?}", window.app().notices());
}

#[test]
fn the_session_in_front_has_its_tab_in_sight() {
    let mut window = Window::composing();
    for _ in 0..9 {
        window.click("Fire");
    }
    let tab = window.0.get_by_label_contains("Run 9 · linkedin-audiences •").rect();
    let capture = window.0.get_by_label_contains("capture off").rect();
    assert!(tab.left() > 0.0 && tab.right() <= capture.left(), "{tab:?} {capture:?}");
}
