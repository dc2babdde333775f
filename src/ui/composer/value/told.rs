//! What is wrong with a field, and at which of its parts.
use crate::core::schema::Misfit;
use crate::ui::json_editor::Step;

/// A sentence about a part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui::composer) struct Told {
    /// Where it is, as `/items/0/name`; empty where the sentence does not say.
    place: String,
    message: String,
}

impl Told {
    /// A sentence of the reference, which names its place if that is not the field as a whole.
    pub(in crate::ui::composer) fn of_message(message: &str) -> Self {
        let rest = message.strip_prefix("The value at ").unwrap_or(message);
        let place = rest.split_whitespace().next().filter(|place| place.starts_with('/')).unwrap_or_default();
        Self { place: place.to_owned(), message: message.to_owned() }
    }

    /// A complaint of whoever reads the text.
    pub(in crate::ui::composer) fn of_misfit(misfit: &Misfit) -> Self {
        Self {
            place: format!("/{}", misfit.place.replace('[', "/").replace(']', "").replace('.', "/")),
            message: misfit.to_string(),
        }
    }

    /// Whether it is about exactly what stands there.
    pub(super) fn is_at(&self, way: &[Step]) -> bool {
        self.place == pointer(way)
    }

    /// The sentence.
    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

fn pointer(way: &[Step]) -> String {
    let written = |step: &Step| match step {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Item(idx) => format!("/{idx}"),
    };
    way.iter().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_told_at_the_part_that_it_is_about() {
        let way = [Step::Key("items".to_owned()), Step::Item(1), Step::Key("status".to_owned())];
        assert!(Told::of_message("The value at /items/1/status must be a number but it was a string.").is_at(&way));
        assert!(Told::of_message("/items/1/status should be a string but it is an object.").is_at(&way));
        assert!(Told::of_misfit(&Misfit::new("items[1].status", "is wrong")).is_at(&way));
        assert!(!Told::of_message("Items must be an array but it was a string.").is_at(&way[..1]));
    }
}
