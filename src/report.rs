//! Reports of a run: each reads the journal's events and nothing else, and writes where it is told to.

pub mod checklist;
mod diagnosis;
mod excerpt;
pub mod human;
pub mod json;
mod label;
mod style;
#[cfg(test)]
mod tests;
mod visible;

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

    /// The run has ended, `elapsed` after it began.
    ///
    /// # Errors
    ///
    /// What writing gave.
    fn end(&mut self, elapsed: Duration) -> io::Result<()>;
}
