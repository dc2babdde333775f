//! Every fixture of the reference's page has a test: docs/fixtures.md names it, and this looks whether it is there.
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The numbers that fixtures have: the families begin at round numbers and leave gaps.
const FAMILIES: [(u16, u16); 8] =
    [(1, 36), (40, 66), (70, 83), (90, 117), (120, 146), (150, 157), (160, 166), (167, 169)];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn number(text: &str) -> u16 {
    text.trim().trim_start_matches('F').parse().unwrap_or_else(|_| panic!("{text:?} names no fixture"))
}

#[test]
fn every_fixture_is_covered_by_a_test_that_exists() {
    let page = fs::read_to_string(root().join("docs/fixtures.md")).unwrap_or_default();
    let mut covered = BTreeSet::new();
    for row in page.lines().filter(|line| line.starts_with("| F")) {
        let mut cells = row.trim_matches('|').split('|');
        let ids = cells.next().unwrap_or_default();
        let (first, last) = ids.split_once('–').unwrap_or((ids, ids));
        covered.extend(number(first)..=number(last));
        let said = cells.next().unwrap_or_default();
        if said.trim_start().starts_with("none:") {
            continue;
        }
        let names: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty() && names.len().is_multiple_of(2), "{row}");
        for pair in names.chunks(2) {
            let text = fs::read_to_string(root().join(pair[0])).unwrap_or_default();
            assert!(text.contains(&format!("fn {}(", pair[1])), "{} has no test {}", pair[0], pair[1]);
        }
    }
    let expected: BTreeSet<u16> = FAMILIES.iter().flat_map(|(first, last)| *first..=*last).collect();
    assert_eq!(covered, expected);
}
