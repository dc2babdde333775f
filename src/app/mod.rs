//! The shell: owns everything, applies commands, runs jobs, asks for files, remembers settings. It never draws.
pub mod command_line;
pub mod window;
mod writing;

mod screenshot;
mod shell;

mod answering;
mod apply;
mod arranging;
mod capturing;
mod caret;
mod chronicling;
mod comparing;
mod copying;
mod examples;
mod files;
mod finding;
mod input;
mod journals;
mod leftover;
mod looking;
mod opening;
mod previewing;
mod remembering;
mod running;
mod seeding;
mod stepping;
mod tab;
mod typing;

mod dialogs;
mod jobs;
mod settings;

#[cfg(test)]
mod large_session;

pub use screenshot::Picture;
pub use shell::{App, Start};
