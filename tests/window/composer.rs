//! The composer's forms and the JSON beside them, in the whole window.
use delivery_inspector::core::record::Record;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;

use crate::harness::Window;

fn composing() -> Window {
    let mut window = Window::sample();
    window.click("Fire…");
    window
}

/// Types over what a field holds.
fn type_into(window: &mut Window, label: &str, text: &str) {
    window.0.get_by_label(label).focus();
    window.0.run_steps(2);
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.0.get_by_label(label).type_text(text);
    window.settle();
}

fn value(window: &Window, label: &str) -> String {
    window.0.get_by_label(label).value().unwrap_or_default()
}

#[test]
fn an_edit_in_the_form_is_in_the_json_is_taken_back_and_is_sent() {
    let mut window = composing();
    window.click("Mapping");
    window.click("JSON");
    type_into(&mut window, "Mapping as JSON", "{ \"company\": \"ACME\" }");
    window.click("Form");
    assert!(window.shows("User Company gets \"ACME\""));
    type_into(&mut window, "Path of User Title", "$.event");
    window.0.key_press(Key::Escape);
    window.settle();
    assert!(window.shows("User Title gets \"Audience Entered\""));
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.settle();
    assert!(window.shows("User Title gets nothing"), "what was done in a form is taken back like what was typed");
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::Y);
    window.settle();
    window.click("JSON");
    let both = "{ \"company\": \"ACME\", \"title\": {\"@path\": \"$.event\"} }";
    assert_eq!(value(&window, "Mapping as JSON"), both);
    window.0.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    window.settle();
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
    let mut window = composing();
    window.click("Mapping");
    window.click("JSON");
    type_into(&mut window, "Mapping as JSON", "{\"emial\": \"x\"}");
    assert!(window.shows("has no field `emial`: the action never gets it; perhaps `email` was meant"));
}

#[test]
fn settings_are_one_text_for_the_form_and_the_json_and_secrets_are_dots_until_they_are_asked_for() {
    let mut window = composing();
    window.0.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Destination").click();
    window.settle();
    window.click("Pendo Audiences");
    assert!(window.shows("The root value is missing the required field 'integrationKey'."), "at its row");
    type_into(&mut window, "Integration Key", "key-of-pendo");
    window.click("Settings");
    let shown = value(&window, "Settings as JSON");
    assert!(shown.contains("\"ad_account_id\": \"512345\"") && shown.contains("••••••••••••"), "{shown}");
    assert!(!shown.contains("key-of-pendo"), "{shown}");
    window.click("Show secrets");
    assert!(value(&window, "Settings as JSON").contains("\"integrationKey\": \"key-of-pendo\""));
    type_into(&mut window, "Settings as JSON", "{\"region\": \"MARS\", \"integrationKey\": \"k\", \"mine\": [1,2]}");
    assert!(window.shows("Region must be one of"), "the form tells what the JSON says");
    window.click("Region");
    window.click("EU");
    let edited = "{\"region\": \"EU\", \"integrationKey\": \"k\", \"mine\": [1,2]}";
    assert_eq!(value(&window, "Settings as JSON"), edited, "the rest stays as it was typed");
}

#[test]
fn the_keys_of_an_event_are_proposed_in_its_editor() {
    let mut window = composing();
    type_into(&mut window, "Events as JSON", "{\"anon");
    assert!(window.shows("anonymousId Anonymous id · text"));
    window.0.key_press(Key::Tab);
    window.settle();
    assert_eq!(value(&window, "Events as JSON"), "{\"anonymousId\": ");
}
