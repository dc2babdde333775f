//! From what was typed to a window.
use std::time::Duration;

use super::screenshot::Picture;
use super::shell::Start;
use super::window::{self, WindowOptions};
use crate::cli::WindowArgs;
use crate::ui::theme::ThemeKind;

/// Opens the window that the command line asks for and stays until it is closed.
///
/// # Errors
/// A sentence: there is no theme of that name, no screen to draw on, or the picture could not be written.
pub fn open(args: WindowArgs) -> Result<(), String> {
    let no_theme = |name: &str| format!("failed to open the window: no theme is called {name}");
    let theme = args.theme.map(|name| ThemeKind::from_name(&name).ok_or_else(|| no_theme(&name))).transpose()?;
    let picture = args.picture.map(|path| Picture {
        path,
        size: args.size,
        after: args.after.map(|seconds| Duration::from_secs(seconds.into())),
    });
    // A picture shows the program as it is, not as its user has arranged it.
    let start = match picture {
        Some(_) => Start { open: args.files, ..Start::default() },
        None => Start::for_person(args.files),
    };
    let start = Start {
        theme,
        compose: args.compose,
        select: args.select,
        filter: args.filter,
        zoom: args.zoom,
        fire: args.fire,
        ..start
    };
    window::open(WindowOptions { start, picture }).map_err(|error| error.to_string())
}
