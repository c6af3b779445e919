//! The engine's own rate: the real binary on a script, with all orders and with very few, so that what both have in common cancels.

use super::bare::Scheduling;
use super::piece::Piece;
use super::timing::time;
use std::io;
use std::path::PathBuf;
use std::process::Command;

/// Scenarios of the script: each has the same orders.
const SCENARIOS: usize = 10;
/// Orders without a preemption: one actor goes first, or the other.
const FEW: usize = 2;

/// A script.
pub struct Script {
    _folder: tempfile::TempDir,
    path: PathBuf,
    orders: usize,
}

/// What was measured.
pub struct Measured {
    /// Orders a second, once the worlds stand.
    pub rate: f64,
    /// Seconds until they stand, and what else there is to do once for a scenario.
    pub start: f64,
}

impl Script {
    /// Writes it.
    pub fn write(piece: Piece) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("orders.ipcs");
        std::fs::write(&path, (0..SCENARIOS).map(|number| piece.script(number)).collect::<String>())?;
        Ok(Self { _folder: folder, path, orders: piece.orders().len() })
    }

    /// Runs it with so many workers.
    pub fn run(&self, scheduling: Scheduling, jobs: usize) -> io::Result<Measured> {
        let jobs = jobs.to_string();
        let seconds = |which: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
            command.args(["run", "--jobs", &jobs]).args(which).arg(&self.path);
            if scheduling == Scheduling::Ordinary {
                command.arg("--ordinary-scheduling");
            }
            time(&mut command)
        };
        let few = seconds(&["--preemptions", "0"])? / SCENARIOS as f64;
        let all = seconds(&["--no-reduction"])? / SCENARIOS as f64;
        let rate = (self.orders - FEW) as f64 / (all - few);
        Ok(Measured { rate, start: few - FEW as f64 / rate })
    }
}
