//! What somebody probably meant who typed a word that is not known.

/// The known word that a mistyped one comes closest to, if it comes close at all.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const MAX_SLIPS: usize = 2;
    let slips = known.into_iter().map(|known| (distance(typed, known), known)).min();
    // As many slips as letters make any word of any other.
    slips.filter(|(slips, known)| *slips <= MAX_SLIPS && *slips < known.chars().count()).map(|(_, known)| known)
}

/// How many letters have to be put in, left out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (column, other_letter) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other_letter);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_a_stranger_is_not() {
        for (typed, meant) in [
            ("verdct", Some("verdict")),
            ("verdcit", Some("verdict")),
            ("dst", Some("dest")),
            ("status", Some("status")),
            ("ab", None),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, ["verdict", "dest", "status", "xy"]), meant, "{typed}");
        }
        assert_eq!(nearest("anything", []), None);
    }
}
