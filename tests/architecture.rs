//! The rooms of the program keep to themselves: this reads every path that a source file names and fails where a room
//! names one that it may not, where the window's crates leave the window, where a file does not say what it is for,
//! and where logic stands in a `mod.rs`.
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may name besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("store", &["core"]),
    ("session", &["core", "store"]),
    ("net", &["core"]),
    ("sim", &["core", "net"]),
    ("ui", &["core", "store"]),
    ("app", &["core", "store", "session", "net", "sim", "ui", "cli"]),
    ("cli", &["core", "store", "session", "net", "sim"]),
    ("main", &["cli", "app"]),
];

/// Crates and parts of the standard library, and the only rooms that may name them.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("eframe", &["ui", "app", "main"]),
    ("egui", &["ui", "app"]),
    ("rfd", &["ui", "app"]),
    ("poll_promise", &["app"]),
    ("png", &["ui", "app"]),
    ("clap", &["cli", "main"]),
    ("directories", &["app", "cli"]),
    ("tokio", &["net", "sim", "cli", "app"]),
    ("reqwest", &["net"]),
    ("rustls", &["net"]),
    ("hyper", &["net", "sim"]),
    ("hyper_util", &["net", "sim"]),
    ("http_body_util", &["net", "sim"]),
    ("flate2", &["session", "net"]),
    ("ruzstd", &["session"]),
    ("std::fs", &["session", "net", "sim", "app", "cli"]),
    ("std::net::TcpListener", &["net", "sim"]),
    ("std::net::TcpStream", &["net", "sim"]),
    ("std::net::UdpSocket", &[]),
    ("std::env", &["session", "app", "cli", "main"]),
    ("std::process::Command", &["app"]),
    ("std::process::exit", &["cli"]),
    ("std::thread", &["session", "net", "sim", "app", "cli"]),
    ("std::time::SystemTime", &[]),
    ("std::time::Instant", &["net", "sim", "ui", "app", "cli"]),
];

#[test]
fn every_room_names_only_what_it_may() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = rust_files(&source).unwrap();
    assert!(files.len() > 10, "found only {} files under {}", files.len(), source.display());
    let broken: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            check(file.strip_prefix(&source).unwrap(), &text)
        })
        .map(|broken| broken.to_string())
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    let mut files = Vec::new();
    for path in entries.iter().map(fs::DirEntry::path) {
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

/// A sentence about what is wrong, and where.
struct Broken {
    file: PathBuf,
    line: usize,
    what: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "src/{}:{}: {}", self.file.display(), self.line, self.what)
    }
}

/// Everything that is wrong with one file; `file` is its path below `src`.
fn check(file: &Path, text: &str) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut complain = |line, what: String| broken.push(Broken { file: file.to_owned(), line, what });
    if !text.starts_with("//!") {
        complain(1, "the first line must say with `//!` what the file is for".to_owned());
    }
    let tokens = tokens_of(text);
    let module = module_of(file);
    let is_list = file.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs");
    if is_list && let Some(line) = first_function_with_a_body(&tokens) {
        complain(line, "a list of modules has a function in it: give it a file of its own".to_owned());
    }
    let Some(room) = module.first().map(String::as_str) else { return broken };
    let Some((_, may_name)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        complain(1, format!("`{room}` is no room of the design: add it to ROOMS with what it may name"));
        return broken;
    };
    for (line, path) in paths_of(&tokens, &module) {
        match &path {
            Named::Ours(named) => {
                let is_room = ROOMS.iter().any(|(name, _)| name == named);
                if is_room && named != room && !may_name.contains(&named.as_str()) {
                    complain(line, format!("`{room}` may not name `{named}`"));
                }
            }
            Named::Foreign(path) => {
                for (kept, rooms) in KEPT_IN {
                    let names_it = path.strip_prefix(kept).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
                    if names_it && !rooms.contains(&room) {
                        complain(line, format!("`{room}` may not name `{kept}`"));
                    }
                }
            }
        }
    }
    broken
}

/// `core/http.rs` is `[core, http]`, `core/mod.rs` is `[core]`, `lib.rs` is `[]`.
fn module_of(file: &Path) -> Vec<String> {
    let mut module: Vec<String> = file
        .with_extension("")
        .components()
        .map(|component| component.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    module
}

/// What a path leads to.
#[derive(Debug, PartialEq)]
enum Named {
    /// First module below this crate's root.
    Ours(String),
    /// Any other path, as written.
    Foreign(String),
}

/// Every path in a file, `use` trees spread out, with the line that it stands on.
fn paths_of(tokens: &[Token], module: &[String]) -> Vec<(usize, Named)> {
    let mut found = Vec::new();
    let mut inline_modules: Vec<(String, usize)> = Vec::new();
    let (mut depth, mut at) = (0_usize, 0_usize);
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                inline_modules.pop_if(|(_, opened_at)| *opened_at > depth);
            }
            "mod" if tokens.get(at + 2).is_some_and(|next| next.text == "{") => {
                inline_modules.push((tokens[at + 1].text.clone(), depth + 1));
                at += 2;
                continue;
            }
            "use" => {}
            text if is_word(text) => {
                let before = at.checked_sub(1).map_or("", |before| tokens[before].text.as_str());
                let is_path =
                    before == "use" || (before != "." && tokens.get(at + 1).is_some_and(|next| next.text == "::"));
                if !is_path {
                    at += 1;
                    continue;
                }
                let mut here = module.to_vec();
                here.extend(inline_modules.iter().map(|(name, _)| name.clone()));
                at = spread(tokens, at, &[], &mut |path| found.push((token.line, resolve(path, &here))));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads one path or `use` tree from `at`, gives each of its leaves, and returns where it ends.
fn spread(tokens: &[Token], mut at: usize, prefix: &[String], leaf: &mut dyn FnMut(&[String])) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut path = prefix.to_vec();
    while is_word(text(at)) {
        path.push(text(at).to_owned());
        at += 1;
        if text(at) != "::" {
            break;
        }
        at += 1;
        if text(at) == "{" {
            at += 1;
            while !matches!(text(at), "}" | "") {
                at = if is_word(text(at)) { spread(tokens, at, &path, leaf) } else { at + 1 };
            }
            return at + 1;
        }
    }
    leaf(&path);
    at
}

fn resolve(path: &[String], here: &[String]) -> Named {
    let mut absolute = match path.first().map(String::as_str) {
        Some("crate" | "delivery_inspector") => Vec::new(),
        Some("super" | "self") => here.to_vec(),
        _ => return Named::Foreign(path.join("::")),
    };
    for segment in path.iter().skip_while(|segment| matches!(segment.as_str(), "crate" | "delivery_inspector" | "self"))
    {
        if segment == "super" {
            absolute.pop();
        } else {
            absolute.push(segment.clone());
        }
    }
    Named::Ours(absolute.first().cloned().unwrap_or_default())
}

/// The line of the first `fn name(…) {`; signatures that end in `;` and `fn(…)` types are no functions with a body.
fn first_function_with_a_body(tokens: &[Token]) -> Option<usize> {
    tokens.iter().enumerate().find_map(|(at, token)| {
        let named = token.text == "fn" && tokens.get(at + 1).is_some_and(|next| is_word(&next.text));
        let end = tokens[at..].iter().find(|token| matches!(token.text.as_str(), "{" | ";"))?;
        (named && end.text == "{").then_some(token.line)
    })
}

/// A word, `::`, or a single character that is neither space, comment nor part of a literal.
#[derive(Debug)]
struct Token {
    text: String,
    line: usize,
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphanumeric() || first == '_')
}

fn tokens_of(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let end = after_token(&chars, at);
        let token: String = chars[at..end].iter().collect();
        let skipped = token.starts_with(char::is_whitespace)
            || token.starts_with("//")
            || token.starts_with("/*")
            || token.contains('"')
            || token.starts_with('\'');
        if !skipped {
            tokens.push(Token { text: token.clone(), line });
        }
        line += token.matches('\n').count();
        at = end;
    }
    tokens
}

/// Where the token ends that begins at `at`.
fn after_token(chars: &[char], at: usize) -> usize {
    let is = |at: usize, wanted: char| chars.get(at) == Some(&wanted);
    let word_end = |from: usize| (from..chars.len()).find(|at| !is_word_char(chars[*at])).unwrap_or(chars.len());
    match chars[at] {
        '/' if is(at + 1, '/') => (at..chars.len()).find(|at| is(*at, '\n')).unwrap_or(chars.len()),
        '/' if is(at + 1, '*') => after_block_comment(chars, at),
        ':' if is(at + 1, ':') => at + 2,
        '"' => after_string(chars, at + 1),
        '\'' if is(at + 1, '\\') => {
            (at + 3..chars.len()).find(|at| is(*at, '\'')).map_or(chars.len(), |quote| quote + 1)
        }
        '\'' if is(at + 2, '\'') => at + 3,
        '\'' => word_end(at + 1),
        first if is_word_char(first) => {
            let end = word_end(at);
            let word: String = chars[at..end].iter().collect();
            let n_hashes = chars[end..].iter().take_while(|next| **next == '#').count();
            match word.as_str() {
                "r" | "br" | "cr" if is(end + n_hashes, '"') => after_raw_string(chars, end + n_hashes + 1, n_hashes),
                "b" | "c" if is(end, '"') => after_string(chars, end + 1),
                _ => end,
            }
        }
        _ => at + 1,
    }
}

fn is_word_char(of: char) -> bool {
    of.is_alphanumeric() || of == '_'
}

fn after_block_comment(chars: &[char], start: usize) -> usize {
    let (mut at, mut depth) = (start, 0_usize);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (at, depth) = (at + 2, depth + 1),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (at, depth) = (at + 2, depth - 1),
            _ => at += 1,
        }
    }
    at
}

fn after_string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

fn after_raw_string(chars: &[char], from: usize, n_hashes: usize) -> usize {
    let closes =
        |at: &usize| chars[*at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= n_hashes;
    (from..chars.len()).find(closes).map_or(chars.len(), |quote| quote + 1 + n_hashes)
}

#[test]
fn bad_snippets_are_caught() {
    for (file, text, complaint) in [
        ("core/a.rs", "//! A.\nuse crate::net::engine;", "src/core/a.rs:2: `core` may not name `net`"),
        ("core/b/c.rs", "//! C.\n\nuse super::super::super::net;", "src/core/b/c.rs:3: `core` may not name `net`"),
        (
            "store/a.rs",
            "//! A.\nuse crate::{core::http, session::wire};",
            "src/store/a.rs:2: `store` may not name `session`",
        ),
        ("cli/a.rs", "//! A.\nfn f() { crate::app::run(); }", "src/cli/a.rs:2: `cli` may not name `app`"),
        ("net/a.rs", "//! A.\nfn f() -> egui::Color32 { todo!() }", "src/net/a.rs:2: `net` may not name `egui`"),
        ("core/a.rs", "//! A.\nuse std::{fmt, fs};", "src/core/a.rs:2: `core` may not name `std::fs`"),
        (
            "core/a.rs",
            "//! A.\nmacro_rules! m { () => { $crate::ui::x() } }",
            "src/core/a.rs:2: `core` may not name `ui`",
        ),
        ("core/a.rs", "use std::fmt;", "src/core/a.rs:1: the first line must say with `//!` what the file is for"),
        (
            "attic/a.rs",
            "//! A.",
            "src/attic/a.rs:1: `attic` is no room of the design: add it to ROOMS with what it may name",
        ),
        (
            "core/mod.rs",
            "//! A.\nmod a;\nfn logic() -> u8 { 1 }",
            "src/core/mod.rs:3: a list of modules has a function in it: give it a file of its own",
        ),
        (
            "lib.rs",
            "//! A.\nimpl A {\n    pub fn logic() {}\n}",
            "src/lib.rs:3: a list of modules has a function in it: give it a file of its own",
        ),
    ] {
        let found: Vec<String> = check(Path::new(file), text).iter().map(ToString::to_string).collect();
        assert_eq!(found, [complaint], "{file}: {text}");
    }
}

#[test]
fn good_snippets_pass() {
    for (file, text) in [
        (
            "core/a.rs",
            "//! A.\n// crate::net is far away\nconst A: &str = \"crate::net\";\n/* egui::Ui /* */ crate::ui */",
        ),
        (
            "core/a.rs",
            "//! A.\nconst A: &str = r#\"x\" crate::net\"#; const Q: char = '\"'; fn f<'a>(crate_net: &'a str) {}",
        ),
        ("core/a.rs", "//! A.\nmod tests { use super::*; mod deep { use super::super::b; } }"),
        ("core/a/b.rs", "//! A.\nmod tests { use super::super::super::names; }"),
        ("core/a.rs", "//! A.\nfn f() { my.egui::<u8>(); let net = 1; }"),
        ("session/a.rs", "//! A.\nuse crate::core::http;\nuse crate::store::Session;\nuse flate2::read::GzDecoder;"),
        ("ui/a.rs", "//! A.\nuse egui::Ui;\nuse crate::store::{self, Session};"),
        (
            "core/mod.rs",
            "//! A.\nmod a;\npub use a::A;\npub trait T { fn name(&self) -> u8; }\npub type F = fn(u8) -> u8;",
        ),
        ("main.rs", "//! A.\nfn main() { delivery_inspector::cli::main() }"),
    ] {
        let found: Vec<String> = check(Path::new(file), text).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{file}: {text}\n{found:?}");
    }
}

#[test]
fn a_file_knows_its_module() {
    for (file, module) in [("core/http.rs", &["core", "http"][..]), ("core/mod.rs", &["core"]), ("lib.rs", &[])] {
        assert_eq!(module_of(Path::new(file)), module);
    }
}
