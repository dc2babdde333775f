//! The page as people and screen readers find it: by label.
use egui::{Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};

use super::{MappingView, mapping_ui};
use crate::core::destinations::{Operation, default_mapping, destination};
use crate::core::names::DestinationName;
use crate::ui::composer::draft::Draft;
use crate::ui::composer::problem::ComposerProblem;
use crate::ui::composer::templates::first_draft;
use crate::ui::fonts;
use crate::ui::theme::{Theme, ThemeKind};

struct Page {
    draft: Draft,
    view: MappingView,
}

fn page(draft: Draft) -> Harness<'static, Page> {
    let theme = Theme::of(ThemeKind::Dark);
    let mut harness = Harness::builder()
        .with_size(vec2(460.0, 1_200.0))
        .with_context_setup(move |ctx| {
            fonts::install(ctx);
            theme.apply(ctx);
        })
        .build_ui_state(
            move |ui, page: &mut Page| {
                let problem = page.draft.to_plan().err().map(ComposerProblem::from);
                mapping_ui(ui, &mut page.view, &mut page.draft, problem.as_ref(), theme);
            },
            Page { draft, view: MappingView::default() },
        );
    harness.run_steps(3);
    harness
}

fn linkedin(mapping: &str) -> Harness<'static, Page> {
    page(Draft { mapping: mapping.to_owned(), ..first_draft() })
}

fn shows(harness: &Harness<'_, Page>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

fn click(harness: &mut Harness<'_, Page>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

fn choose(harness: &mut Harness<'_, Page>, field: &str, kind: &str) {
    click(harness, &format!("{field} comes from"));
    click(harness, kind);
}

fn choose_in(harness: &mut Harness<'_, Page>, chooser: &str, choice: &str) {
    click(harness, chooser);
    click(harness, choice);
}

fn type_into(harness: &mut Harness<'_, Page>, label: &str, text: &str) {
    harness.get_by_label(label).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.get_by_label(label).type_text(text);
    harness.run_steps(4);
}

fn mapping(harness: &Harness<'_, Page>) -> Value {
    serde_json::from_str(&harness.state().draft.mapping).unwrap_or_default()
}

#[test]
fn every_field_tells_what_the_event_gives_it() {
    let harness = linkedin("");
    assert!(shows(&harness, "User Email gets \"ada@example.com\""));
    assert!(shows(&harness, "User First Name gets nothing"));
    assert!(shows(&harness, "DMP User Action gets \"AUTO\""));
    assert_eq!(harness.get_by_label("User First Name comes from").value().as_deref(), Some("event path"));
    assert_eq!(harness.state().draft.mapping, "", "looking changes nothing");
}

#[test]
fn a_path_is_chosen_among_those_of_the_event_and_the_rest_of_the_text_stays() {
    let written = "{\n   \"later\": [1,  2],\n   \"company\": \"ACME\"\n}";
    let mut harness = linkedin(written);
    assert!(shows(&harness, "Also in the mapping, and kept: later"));
    type_into(&mut harness, "Path of User First Name", "$.context.tr");
    assert!(shows(&harness, "$.context.traits.email \"ada@example.com\""), "each path with what stands there");
    harness.key_press(Key::ArrowDown);
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert!(shows(&harness, "User First Name gets \"ada@example.com\""));
    let text = &harness.state().draft.mapping;
    let rest = ",\n   \"first_name\": {\"@path\": \"$.context.traits.email\"}\n}";
    assert_eq!(*text, format!("{}{rest}", written.trim_end_matches("\n}")));
}

#[test]
fn kinds_are_changed_and_the_default_comes_back() {
    let mut harness = linkedin("");
    choose(&mut harness, "User Title", "template");
    assert_eq!(mapping(&harness), json!({"title": {"@template": "{{traits.title}}"}}));
    type_into(&mut harness, "Template of User Title", "Hi {{user");
    harness.key_press(Key::Tab);
    harness.run_steps(3);
    assert_eq!(mapping(&harness), json!({"title": {"@template": "Hi {{userId}}"}}));
    assert!(shows(&harness, "User Title gets \"Hi u-1041\""));
    choose(&mut harness, "User Title", "if … else");
    type_into(&mut harness, "User Title: else", "none");
    assert_eq!(mapping(&harness)["title"]["@if"]["else"], json!("none"));
    choose(&mut harness, "User Title", "nothing");
    assert_eq!(mapping(&harness), json!({"title": null}), "null takes the default away");
    click(&mut harness, "Default");
    assert_eq!(mapping(&harness), json!({}));
}

#[test]
fn a_value_is_chosen_and_what_is_wrong_stands_at_its_row() {
    let mut harness = linkedin(r#"{"dmp_user_action": "MAYBE"}"#);
    assert!(shows(&harness, "DMP User Action must be one of: \"AUTO\", \"ADD\", or \"REMOVE\"."));
    click(&mut harness, "Value of DMP User Action");
    click(&mut harness, "REMOVE");
    assert_eq!(mapping(&harness), json!({"dmp_user_action": "REMOVE"}));
    assert!(shows(&harness, "DMP User Action gets \"REMOVE\""));
}

#[test]
fn parts_of_an_object_have_rows_and_take_the_other_parts_along() {
    let event = r#"{"type": "track", "properties": {"currency": "EUR", "price": 7}}"#;
    let destination = DestinationName::LinkedinConversions;
    let draft = Draft { destination, action: "streamConversion".to_owned(), events: event.to_owned(), ..first_draft() };
    let mut harness = page(draft);
    assert!(shows(&harness, "Conversion Value is missing the required field 'amount'."));
    type_into(&mut harness, "Path of Conversion Value / Amount", "$.properties.pr");
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let whole = json!({"currencyCode": {"@path": "$.properties.currency"}, "amount": {"@path": "$.properties.price"}});
    assert_eq!(mapping(&harness), json!({"conversionValue": whole}));
    assert!(shows(&harness, "Conversion Value / Amount gets \"7\""), "a number becomes the text that the field holds");
}

#[test]
fn what_a_form_cannot_show_says_why_is_edited_as_json_and_the_form_comes_back() {
    let written = r#"{"email": {"@path": "$.context.traits.email", "_metadata": {"label": "e-mail"}}}"#;
    let mut harness = linkedin(written);
    assert!(shows(&harness, "User Email gets \"ada@example.com\""));
    assert!(shows(&harness, "More stands beside the directive than a form shows."));
    assert!(shows(&harness, "\"_metadata\": {\"label\": \"e-mail\"}"), "its JSON stands in place");
    click(&mut harness, "Edit User Email as JSON");
    assert_eq!(harness.get_by_label("Mapping as JSON").value().as_deref(), Some(written));
    click(&mut harness, "Form");
    assert!(shows(&harness, "Edit User Email as JSON"));
    assert_eq!(harness.state().draft.mapping, written);
    harness.state_mut().draft.mapping = "{\"email\": ".to_owned();
    harness.run_steps(3);
    assert!(shows(&harness, "The mapping is no JSON yet"));
}

#[test]
fn the_options_of_a_directive_have_rows_and_directives_stand_in_each_other() {
    let mut harness = linkedin("{\n  \"later\":  1\n}");
    choose(&mut harness, "User Email", "@case");
    let lower = json!({"operator": "lower", "value": DEFAULT_EMAIL.clone()});
    assert_eq!(mapping(&harness)["email"]["@case"], lower);
    choose_in(&mut harness, "Value of User Email / operator", "upper");
    assert!(shows(&harness, "User Email gets \"ADA@EXAMPLE.COM\""));
    choose(&mut harness, "User Email / value", "template");
    type_into(&mut harness, "Template of User Email / value", "x@{{userId}}.test");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(
        mapping(&harness)["email"],
        json!({"@case": {"operator": "upper", "value": {"@template": "x@{{userId}}.test"}}})
    );
    assert!(shows(&harness, "User Email gets \"X@U-1041.TEST\""));
    assert!(harness.state().draft.mapping.starts_with("{\n  \"later\":  1,\n"), "the rest stays as it was written");
}

static DEFAULT_EMAIL: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| {
    let Some(Operation::Action(action)) =
        Operation::of(destination(DestinationName::LinkedinAudiences), "updateAudience")
    else {
        panic!("no such action")
    };
    default_mapping(action)["email"].clone()
});

fn conversions(mapping: &str) -> Harness<'static, Page> {
    let event = r#"{"type": "track", "userId": "u-1", "properties": {"currency": "EUR", "price": 7}}"#;
    page(Draft {
        destination: DestinationName::LinkedinConversions,
        action: "streamConversion".to_owned(),
        events: event.to_owned(),
        mapping: mapping.to_owned(),
        ..first_draft()
    })
}

#[test]
fn the_items_of_a_list_are_added_edited_moved_and_removed() {
    let mut harness = conversions("{ \"externalIds\": [\"a\"],  \"later\": 1 }");
    assert_eq!(harness.get_by_label("External IDs comes from").value().as_deref(), Some("a list"));
    click(&mut harness, "Add to External IDs");
    assert_eq!(mapping(&harness)["externalIds"], json!(["a", ""]));
    choose(&mut harness, "External IDs / 2", "event path");
    type_into(&mut harness, "Path of External IDs / 2", "$.userId");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(shows(&harness, "External IDs / 2 gets \"u-1\""));
    click(&mut harness, "Move External IDs / 2 up");
    assert_eq!(mapping(&harness)["externalIds"], json!([{"@path": "$.userId"}, "a"]));
    type_into(&mut harness, "Value of External IDs / 2", "b");
    click(&mut harness, "Remove External IDs / 1");
    assert_eq!(harness.state().draft.mapping, "{ \"externalIds\": [\"b\"],  \"later\": 1 }");
    choose(&mut harness, "External IDs", "nothing");
    assert!(mapping(&harness).get("externalIds").is_none_or(Value::is_null));
}

#[test]
fn what_is_wrong_with_an_item_is_told_at_the_item() {
    let harness = conversions(r#"{"externalIds": ["a", {"b": 1}, {"@case": {"operator": 7}}]}"#);
    let at = |text: &str| harness.get_by_label(text).rect().center().y;
    let wrong = at("The value at /externalIds/1 must be a string but it was an object.");
    assert!(at("Remove External IDs / 2") < wrong && wrong < at("Remove External IDs / 3"));
}

#[test]
fn another_event_of_several_can_be_looked_at() {
    let events = r#"[{"traits": {"title": "first"}}, {"traits": {"title": "second"}}]"#;
    let mut harness = page(Draft { events: events.to_owned(), ..first_draft() });
    assert!(shows(&harness, "event 1 of 2") && shows(&harness, "User Title gets \"first\""));
    click(&mut harness, "Next event");
    assert!(shows(&harness, "event 2 of 2") && shows(&harness, "User Title gets \"second\""));
}

#[test]
fn parts_below_a_directive_show_what_the_event_gives_them() {
    let harness = linkedin(
        r#"{"email": {"@json": {"mode": "encode", "value": {"a": 1, "b": {"@path": "$.userId"}}}},
            "company": {"@transform": {"apply": {"who": {"@path": "$.userId"}}, "mapping": {"@path": "$.who"}}},
            "title": {"@case": {"operator": "upper", "value": {"@path": "$.nobody"}}}}"#,
    );
    for told in [
        "User Email / value gets {\"a\": 1, \"b\": \"u-1041\"}",
        "User Email / value / b gets \"u-1041\"",
        "User Company / apply gets {\"who\": \"u-1041\"}",
        "User Company / mapping gets \"u-1041\"",
        "User Title / value gets nothing",
    ] {
        assert!(shows(&harness, told), "{told}");
    }
    let elements = linkedin(r#"{"email": {"@arrayPath": ["$.items", {"id": {"@path": "$.userId"}}]}}"#);
    assert!(!shows(&elements, "User Email / each gets"), "it is read for each element, not for the event");
}

#[test]
fn a_key_is_typed_over_where_it_stands() {
    let written = r#"{"email": {"@json": {"mode": "encode", "value": {"a":  1, "b": 2}}}}"#;
    let mut harness = linkedin(written);
    let typed_over = |harness: &mut Harness<'_, Page>, text: &str, key: Key| {
        type_into(harness, "Key of User Email / value / a", text);
        harness.key_press(key);
        harness.run_steps(4);
    };
    for (text, key) in [("b", Key::Enter), ("", Key::Enter), ("@path", Key::Enter), ("first", Key::Escape)] {
        typed_over(&mut harness, text, key);
        assert_eq!(harness.state().draft.mapping, written, "{text} and {key:?} change nothing");
        assert_eq!(harness.get_by_label("Key of User Email / value / a").value().as_deref(), Some("a"));
    }
    typed_over(&mut harness, "first", Key::Enter);
    assert_eq!(
        harness.state().draft.mapping,
        written.replace("\"a\"", "\"first\""),
        "the rest stays as it was written"
    );
    assert!(shows(&harness, "User Email gets \"{\\\"first\\\":1,\\\"b\\\":2}\""));
}
