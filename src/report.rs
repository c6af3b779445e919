//! Reports of a run: each reads the journal's events and nothing else, and writes where it is told to.

mod canvas;
mod case;
mod chart;
pub mod checklist;
mod diagnosis;
mod excerpt;
mod figure;
pub mod github;
mod histogram;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod ktap;
mod label;
mod orders;
mod pace;
mod picture;
mod state;
mod steps;
mod strokes;
mod style;
pub mod svg;
pub mod tap;
#[cfg(test)]
mod tests;
mod timeline;
mod visible;
mod widths;
mod witness;
mod words;

pub use diagnosis::{diagnostic, mismatch, notice};
pub use style::{Colour, Glyphs, Role, Style};
pub use visible::{clean, one_line, wrap};

use crate::journal::Event;
use std::io;
use std::time::Duration;

/// What makes a report of a run's events.
pub trait Report {
    /// Takes the next event, and writes what there is to say of it.
    ///
    /// # Errors
    ///
    /// What writing gave.
    fn take(&mut self, event: &Event) -> io::Result<()>;

    /// So many orders of the scenario at hand have been run, of as many as there may be. A journal does not hold this.
    ///
    /// # Errors
    ///
    /// What writing gave.
    fn progress(&mut self, run: u64, of: Option<u64>) -> io::Result<()> {
        let _ = (run, of);
        Ok(())
    }

    /// The run has ended, `elapsed` after it began; that is zero where a journal is replayed, which does not know.
    ///
    /// # Errors
    ///
    /// What writing gave.
    fn end(&mut self, elapsed: Duration) -> io::Result<()>;
}
