//! What the reference's parser makes of a subscription, below the field that it is written in.
use egui::{Label, RichText, ScrollArea, Ui};

use crate::core::subscription;
use crate::ui::theme::{Theme, Tone, size};

/// The tree takes no more room than this; a longer one is scrolled.
const HEIGHT: f32 = 92.0;

/// Shows the tree that is evaluated, which is not always what the text seems to say, and below it where the two part.
pub(super) fn subscription_tree_ui(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.label(RichText::new("Read as:").color(theme.weak));
    ScrollArea::vertical().id_salt("subscription tree").max_height(HEIGHT).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        match subscription::parse(text) {
            Ok(condition) => {
                let tree = RichText::new(condition.to_string()).font(Theme::mono(size::MONO));
                ui.add(Label::new(tree).wrap());
            }
            Err(error) => {
                let words =
                    format!("No filter: every event is refused with \u{201c}Invalid subscription : {error}\u{201d}");
                ui.add(Label::new(RichText::new(words).color(theme.tone(Tone::Dropped))).wrap());
            }
        }
        for oddity in subscription::oddities(text) {
            ui.add(Label::new(RichText::new(sentence(&oddity.to_string())).color(theme.tone(Tone::Retry))).wrap());
        }
    });
}

/// Begins with a capital letter and ends with a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}
