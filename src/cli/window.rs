//! The door to the window: everything that can be said before it opens.
use std::path::Path;

use super::args::WindowArgs;
use super::entry::OpenWindow;
use super::failure::Failure;
use crate::session::link;

const VERBS: &str = "`run`, `export`, `check`, `capture`, `simulate` and `conformance` work without it";

/// Opens the window on some files, if there is a window in this build and a display to show it on.
pub(super) fn open(mut args: WindowArgs, open_window: Option<OpenWindow>) -> Result<(), Failure> {
    take_link(&mut args);
    if let Some(missing) = args.files.iter().find(|file| !file.exists()) {
        let name = missing.display();
        return Err(match missing.extension() {
            None => {
                Failure::Usage(format!("`{name}` is no verb and no file; `delivery-inspector --help` lists the verbs"))
            }
            Some(_) => Failure::Input(format!("failed to open {name}: there is no such file")),
        });
    }
    let Some(open_window) = open_window else {
        return Err(Failure::Run(format!("failed to open the window: this build has none; {VERBS}")));
    };
    if !has_display() {
        return Err(Failure::Run(format!(
            "failed to open the window: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set); {VERBS}"
        )));
    }
    open_window(args).map_err(|error| Failure::Run(format!("{error}; {VERBS}")))
}

/// A link among the files says what to select.
fn take_link(args: &mut WindowArgs) {
    let is_link = |file: &Path| file.to_str().is_some_and(|name| name.starts_with(link::SCHEME));
    if let Some(link_idx) = args.files.iter().position(|file| is_link(file)) {
        args.select = args.files.remove(link_idx).into_os_string().into_string().ok();
    }
}

fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let needs_variable = cfg!(all(unix, not(target_os = "macos")));
    !needs_variable || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
