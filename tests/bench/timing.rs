//! Times: of commands, and of many measurements.

use std::io;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Seconds until a command has ended well.
pub fn time(command: &mut Command) -> io::Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let began = Instant::now();
    let status = command.status()?;
    let seconds = began.elapsed().as_secs_f64();
    if status.success() { Ok(seconds) } else { Err(io::Error::other(format!("{command:?}: {status}"))) }
}

/// The one in the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
