//! Large sessions to measure with.
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Has the program write one.
pub(crate) fn generate(n_attempts: u64, path: &Path) -> io::Result<()> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_delivery-inspector"));
    command.args(["generate", "--attempts", &n_attempts.to_string(), "--out"]).arg(path);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("generating failed")) }
}
