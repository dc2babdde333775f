//! The editor as people use it: typing, choosing, hovering.
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use super::{About, EditorState, Hints, JsonEditor, Mark, Proposal, Step};
use crate::ui::fonts;
use crate::ui::theme::{Theme, ThemeKind};

/// Two fields, one of them a choice.
struct Two;

impl Hints for Two {
    fn members(&self, path: &[Step]) -> Vec<Proposal> {
        let proposal = |label: &str| Proposal {
            label: label.to_owned(),
            what: "a field".to_owned(),
            insert: format!("\"{label}\": "),
        };
        if path.is_empty() { vec![proposal("email"), proposal("mode")] } else { Vec::new() }
    }

    fn values(&self, path: &[Step]) -> Vec<Proposal> {
        let choice = |label: &str| Proposal {
            label: label.to_owned(),
            what: "a choice".to_owned(),
            insert: format!("\"{label}\""),
        };
        if path == [Step::Key("mode".to_owned())] { vec![choice("ADD"), choice("REMOVE")] } else { Vec::new() }
    }

    fn about(&self, path: &[Step]) -> Option<About> {
        let title = format!("About {}", path.first()?.key()?);
        Some(About { title, description: "What it is for.".to_owned() })
    }
}

struct Editing {
    text: String,
    state: EditorState,
    marks: Vec<Mark>,
}

fn editor(text: &str, marks: Vec<Mark>) -> Harness<'static, Editing> {
    let theme = Theme::of(ThemeKind::Dark);
    let editing = Editing { text: text.to_owned(), state: EditorState::default(), marks };
    let mut harness = Harness::builder()
        .with_size(vec2(600.0, 400.0))
        .with_context_setup(move |ctx| {
            fonts::install(ctx);
            theme.apply(ctx);
        })
        .build_ui_state(
            move |ui, editing: &mut Editing| {
                let hidden = [];
                let editor =
                    JsonEditor { label: "Text", marks: &editing.marks, hints: Some(&Two), hidden: &hidden, theme };
                editor.show(ui, &mut editing.text, &mut editing.state);
            },
            editing,
        );
    harness.get_by_label("Text").focus();
    harness.run_steps(2);
    harness
}

fn type_at_end(harness: &mut Harness<'_, Editing>, text: &str) {
    harness.get_by_label("Text").type_text(text);
    harness.run_steps(3);
}

fn press(harness: &mut Harness<'_, Editing>, keys: &[Key]) {
    for key in keys {
        harness.key_press(*key);
        harness.run_steps(3);
    }
}

#[test]
fn a_key_is_proposed_while_it_is_typed_and_its_values_after_it() {
    let mut harness = editor("", Vec::new());
    type_at_end(&mut harness, "{\"mo");
    assert!(harness.query_by_label("mode a field").is_some());
    press(&mut harness, &[Key::Enter]);
    assert_eq!(harness.state().text, "{\"mode\": ");
    assert!(harness.query_by_label("ADD a choice").is_some(), "the choices follow at once");
    press(&mut harness, &[Key::ArrowDown, Key::Tab]);
    assert_eq!(harness.state().text, "{\"mode\": \"REMOVE\"");
    type_at_end(&mut harness, ", \"e");
    assert!(harness.query_by_label("mode a field").is_none(), "what is there already is not offered");
    harness.get_by_label("email a field").click();
    harness.run_steps(3);
    assert_eq!(harness.state().text, "{\"mode\": \"REMOVE\", \"email\": ");
}

#[test]
fn the_list_opens_on_request_and_closes_without_a_change() {
    let mut harness = editor("", Vec::new());
    type_at_end(&mut harness, "{ ");
    assert!(harness.query_by_label("email a field").is_none());
    harness.key_press_modifiers(Modifiers::CTRL, Key::Space);
    harness.run_steps(3);
    assert!(harness.query_by_label("email a field").is_some());
    press(&mut harness, &[Key::Escape]);
    assert!(harness.query_by_label("email a field").is_none());
    assert_eq!(harness.state().text, "{ ");
    assert!(harness.get_by_label("Text").accesskit_node().is_focused(), "Escape closed the list alone");
}

#[test]
fn keys_and_mistakes_explain_themselves_below_the_pointer() {
    let text = "{\n  \"email\": 1\n}";
    let at = text.find('1').unwrap_or_default();
    let mut harness = editor(text, vec![Mark { range: at..at + 1, message: "is no text".to_owned() }]);
    let editor = harness.get_by_label("Text").rect();
    let line = editor.top() + 1.5 * 15.0;
    harness.hover_at(egui::pos2(editor.left() + 40.0, line));
    harness.run_steps(40);
    assert!(harness.query_by_label("About email").is_some());
    harness.hover_at(egui::pos2(editor.left() + 6.6 * 11.5, line));
    harness.run_steps(40);
    assert!(harness.query_by_label("is no text").is_some());
}

#[test]
fn a_mistake_is_marked_where_the_parser_stopped() {
    let text = "{\n  \"é\": nope\n}";
    for (line, column, marked) in
        [(2, Some(10), "nope"), (2, Some(7), ":"), (2, None, "\"é\": nope"), (9, Some(4), ""), (3, Some(40), "")]
    {
        let mark = Mark::at(text, line, column, "no");
        assert_eq!(&text[mark.range], marked, "{line} {column:?}");
    }
}
