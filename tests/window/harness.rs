//! The program in a window without a display, and what a person does with it.
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use delivery_inspector::app::{App, Start};
use delivery_inspector::store::Session;
use egui::accesskit::Toggled;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

/// The program in a window of the size that the pictures have.
pub(crate) struct Window(pub(crate) Harness<'static, Option<App>>, pub(crate) Rc<RefCell<String>>);

/// A session that comes with the program.
pub(crate) fn sample_session(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("sample-sessions/{name}.session.jsonl"))
}

impl Window {
    pub(crate) fn open(start: Start) -> Self {
        let mut window = Self::open_busy(start);
        window.settle();
        window
    }

    /// With something under way that takes longer than a test. Paths are typed: no dialog of the desktop may pop up.
    pub(crate) fn open_busy(start: Start) -> Self {
        let start = Start { typed_paths: true, ..start };
        let copied = Rc::<RefCell<String>>::default();
        let clipboard = Rc::clone(&copied);
        let harness = Harness::builder().with_size(egui::vec2(1400.0, 900.0)).build_ui_state(
            move |ui, app: &mut Option<App>| {
                let app = app.get_or_insert_with(|| App::new(ui.ctx(), start.clone()));
                app.tick(ui.ctx());
                ui.output(|output| {
                    for command in &output.commands {
                        if let egui::OutputCommand::CopyText(text) = command {
                            clipboard.borrow_mut().clone_from(text);
                        }
                    }
                });
                app.show(ui);
            },
            None,
        );
        Self(harness, copied)
    }

    pub(crate) fn sample() -> Self {
        Self::open(Start::default())
    }

    pub(crate) fn app(&self) -> &App {
        self.0.state().as_ref().unwrap_or_else(|| panic!("the first step makes the program"))
    }

    pub(crate) fn session(&self) -> &Session {
        self.app().session().unwrap_or_else(|| panic!("a session is always open"))
    }

    /// The sample with the composer open.
    pub(crate) fn composing() -> Self {
        let mut window = Self::sample();
        window.click("Fire…");
        window
    }

    /// What the window has told at its corner.
    pub(crate) fn has_told(&self, words: &str) -> bool {
        self.app().notices().iter().any(|notice| notice.contains(words))
    }

    /// Lets jobs and runs end and the picture come to rest.
    pub(crate) fn settle(&mut self) {
        for _ in 0..1_000 {
            self.0.run_steps(2);
            if !self.app().is_busy() {
                self.0.run_steps(4);
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("still busy: {:?}", self.app().notices());
    }

    /// The name of the row that is selected in the table.
    pub(crate) fn selected_row(&self) -> Option<String> {
        let mut rows = self.0.query_all_by_label_contains("table row");
        rows.find_map(|node| {
            let node = egui_kittest::kittest::NodeT::accesskit_node(&node);
            node.label().filter(|_| node.is_selected() == Some(true) || node.toggled() == Some(Toggled::True))
        })
    }

    pub(crate) fn click(&mut self, label: &str) {
        self.0.get_by_label(label).click();
        self.settle();
    }

    /// Scrolls to something and clicks it.
    pub(crate) fn reach(&mut self, label: &str) {
        self.0.get_by_label(label).scroll_to_me();
        self.settle();
        self.click(label);
    }

    /// Clicks one thing after the other.
    pub(crate) fn click_through(&mut self, labels: &[&str]) {
        for label in labels {
            self.click(label);
        }
    }

    /// Presses a key and lets what it does come to rest.
    pub(crate) fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    /// Presses a key with others held down.
    pub(crate) fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.0.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Gives the keyboard to a field.
    pub(crate) fn focus(&mut self, label: &str) {
        self.0.get_by_label(label).focus();
        self.0.run_steps(2);
    }

    /// Types into a field, behind what it holds.
    pub(crate) fn type_into(&mut self, label: &str, text: &str) {
        self.focus(label);
        self.0.key_press(Key::End);
        self.0.get_by_label(label).type_text(text);
        self.settle();
    }

    /// Types over what a field holds.
    pub(crate) fn type_over(&mut self, label: &str, text: &str) {
        self.focus(label);
        self.0.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.0.get_by_label(label).type_text(text);
        self.settle();
    }

    /// What a field holds.
    pub(crate) fn value(&self, label: &str) -> String {
        self.0.get_by_label(label).value().unwrap_or_default()
    }

    pub(crate) fn shows(&self, label: &str) -> bool {
        self.0.query_all_by_label_contains(label).next().is_some()
    }

    /// Answers the prompt that stands in for the desktop's file dialog.
    pub(crate) fn type_path(&mut self, path: &Path, button: &str) {
        self.type_over("Path", &path.display().to_string());
        self.click(button);
    }

    /// Presses keys and gives what was copied for it.
    pub(crate) fn copied_by(&mut self, modifiers: Modifiers, key: Key) -> String {
        self.1.borrow_mut().clear();
        self.press_with(modifiers, key);
        self.1.borrow().clone()
    }

    /// Opens the palette, types and presses Enter.
    pub(crate) fn ask_for(&mut self, letters: &str) {
        self.0.key_press_modifiers(Modifiers::COMMAND, Key::K);
        self.0.run_steps(3);
        self.0.get_by_label("Command").type_text(letters);
        self.0.run_steps(3);
        self.0.key_press(Key::Enter);
        self.settle();
    }
}
