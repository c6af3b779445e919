//! The engine's own rate: the real binary on scripts of two sizes, so that what both have in common cancels.

use super::bare::Scheduling;
use super::piece::Piece;
use super::timing::time;
use std::io;
use std::path::PathBuf;
use std::process::Command;

/// Scenarios of the small script and of the large one.
const SCENARIOS: [usize; 2] = [4, 20];

/// A small script and a large one that holds more of the same scenario.
pub struct Script {
    _folder: tempfile::TempDir,
    paths: [PathBuf; 2],
    /// Orders that the large one has more.
    more: usize,
}

impl Script {
    /// Writes both.
    pub fn write(piece: Piece) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let paths = SCENARIOS.map(|count| folder.path().join(format!("{count}.ipcs")));
        for (path, count) in paths.iter().zip(SCENARIOS) {
            std::fs::write(path, (0..count).map(|number| piece.script(number)).collect::<String>())?;
        }
        let [small, large] = SCENARIOS;
        Ok(Self { _folder: folder, paths, more: (large - small) * piece.orders().len() })
    }

    /// Orders a second with so many workers, where each order is run.
    pub fn rate(&self, scheduling: Scheduling, jobs: usize) -> io::Result<f64> {
        let seconds = |path: &PathBuf| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ipcscript"));
            command.args(["run", "--no-reduction", "--jobs", &jobs.to_string()]).arg(path);
            if scheduling == Scheduling::Ordinary {
                command.arg("--ordinary-scheduling");
            }
            time(&mut command)
        };
        let [small, large] = &self.paths;
        let less = seconds(small)?;
        Ok(self.more as f64 / (seconds(large)? - less))
    }
}
