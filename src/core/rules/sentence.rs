//! Fills a rule's sentence, or the message of an error that it throws, with facts.
use super::fact::{Fact, Facts};

/// Replaces each `{fact}` by what the fact says, and drops each `[part in brackets]` that names an unknown fact.
/// Elsewhere an unknown fact reads `undefined`, as it does in the reference's own messages.
#[must_use]
pub fn fill(template: &str, facts: &Facts) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('[') {
        text.push_str(&fill_part(&rest[..open], facts).0);
        let part = &rest[open + 1..];
        let close = part.find(']').unwrap_or(part.len());
        let (optional, whole) = fill_part(&part[..close], facts);
        if whole {
            text.push_str(&optional);
        }
        rest = part.get(close + 1..).unwrap_or_default();
    }
    text.push_str(&fill_part(rest, facts).0);
    text
}

/// The filled text, and whether all of its facts were known.
fn fill_part(template: &str, facts: &Facts) -> (String, bool) {
    let (mut text, mut whole) = (String::new(), true);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let name_and_rest = &rest[open + 1..];
        let close = name_and_rest.find('}').unwrap_or(name_and_rest.len());
        let value = Fact::from_name(&name_and_rest[..close]).and_then(|fact| facts.get(fact));
        whole &= value.is_some();
        text.push_str(&value.map_or_else(|| "undefined".to_owned(), ToString::to_string));
        rest = name_and_rest.get(close + 1..).unwrap_or_default();
    }
    text.push_str(rest);
    (text, whole)
}

/// The names in braces of a template that stand outside brackets, for the test of the catalogue.
#[cfg(test)]
pub(super) fn facts_needed(template: &str) -> Vec<String> {
    let outside: String = template.split('[').enumerate().fold(String::new(), |mut text, (part_idx, part)| {
        text.push_str(if part_idx == 0 { part } else { part.split_once(']').map_or("", |(_, after)| after) });
        text
    });
    let names = outside.split('{').skip(1).filter_map(|part| part.split_once('}'));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_in_brackets_needs_all_of_its_facts() {
        let template = "A token[ that was {token_age_seconds} s old] was rejected with {status}.";
        let facts = Facts::default().with(Fact::Status, 401_u16);
        assert_eq!(fill(template, &facts), "A token was rejected with 401.");
        let facts = facts.with(Fact::TokenAgeSeconds, 4_i64);
        assert_eq!(fill(template, &facts), "A token that was 4 s old was rejected with 401.");
    }

    #[test]
    fn an_unknown_fact_reads_undefined() {
        assert_eq!(fill("Reason: {oauth_error}", &Facts::default()), "Reason: undefined");
        assert_eq!(facts_needed("a {status}[ b {call}] c {mode}"), ["status", "mode"]);
    }
}
