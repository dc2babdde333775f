//! The shell: owns everything, applies commands, runs jobs, asks for files, remembers settings. It never draws.
mod dialogs;
mod jobs;
mod settings;
