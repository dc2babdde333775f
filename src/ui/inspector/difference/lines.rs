//! Differences as lines of a list: a short one on one line, a long one with what was and what is below its place.
use serde_json::Value;

use crate::core::difference::{Change, Place, Section};
use crate::store::label::counted;
use crate::ui::mask::Mask;
use crate::ui::visible;

/// A long value is shown from so many characters before the first that differs.
const CONTEXT: usize = 12;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Which part follows, and in how many places it differs.
    Head(String),
    /// Where, what was and what is.
    Whole(Told),
    /// Where; what was and what is follow.
    Place(Told),
    /// What was.
    Before(Told),
    /// What is.
    After(Told),
}

/// A difference in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) place: String,
    /// Empty where there was nothing.
    pub(super) before: Option<String>,
    /// Empty where there is nothing any more.
    pub(super) after: Option<String>,
}

impl Told {
    fn of(change: &Change, mask: &Mask<'_>) -> Self {
        let side = |value: &Option<Value>| {
            value.as_ref().map(|value| visible::label(&shown(&change.place, value, mask)).into_owned())
        };
        let place = visible::label(&change.place.to_string()).into_owned();
        Self { place, before: side(&change.before), after: side(&change.after) }
    }

    /// In a sentence, for screen readers and tooltips.
    pub(super) fn sentence(&self) -> String {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => format!("{}: {before}, then {after}", self.place),
            (Some(before), None) => format!("{}: {before}, then nothing", self.place),
            (None, Some(after)) => format!("{}: nothing, then {after}", self.place),
            (None, None) => self.place.clone(),
        }
    }

    fn n_columns(&self) -> usize {
        let side = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count());
        self.place.chars().count() + side(&self.before) + side(&self.after) + " → − + ".len()
    }

    /// Both values from shortly before where they part, if they are too long to be seen whole.
    fn shortened(mut self, n_columns: usize) -> Self {
        if let (Some(before), Some(after)) = (&self.before, &self.after) {
            let n_common = before.chars().zip(after.chars()).take_while(|(left, right)| left == right).count();
            let is_long = before.chars().count().max(after.chars().count()) > n_columns;
            if is_long && n_common > 2 * CONTEXT {
                let from = |text: &str| format!("…{}", text.chars().skip(n_common - CONTEXT).collect::<String>());
                (self.before, self.after) = (Some(from(before)), Some(from(after)));
            }
        }
        self
    }
}

/// All lines, for a list so many characters wide.
pub(super) fn lines(sections: &[Section], mask: &Mask<'_>, n_columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for section in sections {
        let how_many = match section.changes.len() {
            0 => "the same".to_owned(),
            n_changes => counted(n_changes, "difference", "differences"),
        };
        lines.push(Line::Head(format!("{} · {how_many}", section.part)));
        for change in &section.changes {
            let told = Told::of(change, mask);
            if told.n_columns() <= n_columns {
                lines.push(Line::Whole(told));
                continue;
            }
            lines.push(Line::Place(told.clone()));
            let told = told.shortened(n_columns);
            lines.extend(told.before.is_some().then(|| Line::Before(told.clone())));
            lines.extend(told.after.is_some().then_some(Line::After(told)));
        }
    }
    lines
}

/// All differences as text: what was after a minus, what is after a plus.
pub(super) fn text(sections: &[Section], mask: &Mask<'_>) -> String {
    let side = |sign, value: Option<String>| value.map(|value| format!("    {sign} {value}"));
    let changed = sections.iter().filter(|section| !section.changes.is_empty());
    let lines = changed.flat_map(|section| {
        let places = section.changes.iter().flat_map(|change| {
            let told = Told::of(change, mask);
            [Some(format!("  {}", told.place)), side('-', told.before), side('+', told.after)]
        });
        std::iter::once(Some(section.part.to_string())).chain(places)
    });
    lines.flatten().collect::<Vec<_>>().join("\n")
}

/// A value as people may see it.
fn shown(place: &Place, value: &Value, mask: &Mask<'_>) -> String {
    if let Place::Json(_) | Place::Query(_) | Place::Form(_) = place
        && let Some(alias) = mask.member(place.key(), value)
    {
        return alias.into_owned();
    }
    match (place, value) {
        (Place::Header(name), Value::String(text)) => mask.header(name, text).into_owned(),
        (Place::Json(_), value) => mask.json(value).to_string(),
        (_, Value::String(text)) => mask.text(text).into_owned(),
        (_, value) => mask.json(value).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::difference::Part;
    use serde_json::json;

    fn section(place: Place, before: Option<Value>, after: Option<Value>) -> Section {
        Section { part: Part::Request, changes: vec![Change { place, before, after }] }
    }

    #[test]
    fn a_short_difference_takes_one_line_and_a_long_one_begins_where_it_differs() {
        let short = section(Place::Named("status"), Some(json!(401)), Some(json!(200)));
        let told = Told { place: "status".into(), before: Some("401".into()), after: Some("200".into()) };
        assert_eq!(
            lines(&[short], &Mask::HIDE_ALL, 40),
            [Line::Head("Request · 1 difference".into()), Line::Whole(told)]
        );
        let text = |end: &str| Some(Value::from(format!("{}{end}", "x".repeat(60))));
        let long = section(Place::Json("/a".into()), text("1"), text("2"));
        let lines = lines(&[long], &Mask::HIDE_ALL, 40);
        let Line::Before(told) = &lines[2] else { panic!("{lines:?}") };
        assert_eq!(
            (told.before.as_deref(), told.after.as_deref()),
            (Some("…xxxxxxxxxxxx1\""), Some("…xxxxxxxxxxxx2\""))
        );
    }

    #[test]
    fn secrets_stay_hidden_wherever_they_differ() {
        let secret = || (Some(json!("one")), Some(json!("two")));
        let bearer = || (Some(json!("Bearer one")), Some(json!("Bearer two")));
        for (place, (before, after)) in [
            (Place::Json("/deep/access_token".into()), secret()),
            (Place::Form("client_secret".into()), secret()),
            (Place::Query("access_token".into()), secret()),
            (Place::Header("authorization".into()), bearer()),
            (Place::Json("/list/0".into()), (Some(json!({"refresh_token": "one"})), None)),
            (Place::Line(1), (Some(json!("refresh_token=one")), Some(json!("refresh_token=two")))),
        ] {
            let text = text(&[section(place, before, after)], &Mask::HIDE_ALL);
            assert!(text.contains("‹hidden›") && !text.contains("one") && !text.contains("two"), "{text}");
        }
    }
}
