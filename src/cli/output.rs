//! Standard input and output, and the dash that stands for them.
use std::fs;
use std::io::{self, BufWriter, IsTerminal as _, Read as _, Write};
use std::path::Path;

use crate::session::export::text::{Paint, visible};
use crate::session::problem::Problem;

/// Whether a path means standard input or output.
pub(super) fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

/// All of a text file, or of standard input.
pub(super) fn read_text(path: &Path) -> io::Result<String> {
    if is_dash(path) {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        Ok(text)
    } else {
        fs::read_to_string(path)
    }
}

/// Standard output, buffered.
pub(super) fn stdout() -> BufWriter<io::Stdout> {
    BufWriter::new(io::stdout())
}

/// Colours, if somebody looks at them and did not say no to them (`NO_COLOR`, see no-color.org).
pub(super) fn paint() -> Paint {
    let says_no = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stdout().is_terminal() && !says_no && !is_dumb { Paint::Colours } else { Paint::Plain }
}

/// `1 problem`, `2 problems`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// Tells something beside the output. There is nothing to do about a standard error that is gone.
pub(super) fn note(message: &str) {
    writeln!(io::stderr(), "{}", visible(message)).unwrap_or_default();
}

/// Tells the problems of a file that was read all the same.
pub(super) fn note_problems(path: &Path, problems: &[Problem]) {
    const MOST: usize = 10;
    for problem in problems.iter().take(MOST) {
        note(&format!("{}: {problem}", path.display()));
    }
    if problems.len() > MOST {
        note(&format!(
            "{}: {} more problems; `delivery-inspector check` lists them",
            path.display(),
            problems.len() - MOST
        ));
    }
}
