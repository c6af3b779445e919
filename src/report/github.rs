//! The report for GitHub Actions: annotations at the lines of scripts, and the summary of the step.

mod annotation;
mod summary;

use super::Report;
use super::case::{Case, Gathering};
use crate::journal::{Event, Machine};
use annotation::annotations;
use std::io::{self, Write};
use std::time::Duration;
use summary::page;

/// Where the summary of the step goes.
pub struct Page {
    /// The file that the runner shows.
    pub out: Box<dyn Write>,
    /// How many bytes it takes yet: a summary that is larger is not shown at all.
    pub room: usize,
}

/// Writes the annotations to `out`, the most useful first and no more than are shown, and the summary to `page`, at the end of the run.
pub fn github(out: Box<dyn Write>, page: Option<Page>) -> Box<dyn Report> {
    Box::new(Github { out, page, gathering: Gathering::default(), cases: Vec::new(), machines: Vec::new() })
}

struct Github {
    out: Box<dyn Write>,
    page: Option<Page>,
    gathering: Gathering,
    cases: Vec<Case>,
    machines: Vec<Machine>,
}

impl Report for Github {
    fn take(&mut self, event: &Event) -> io::Result<()> {
        if let Event::Machine(machine) = event {
            self.machines.push(machine.clone());
        }
        self.cases.extend(self.gathering.take(event));
        Ok(())
    }

    fn end(&mut self, _elapsed: Duration) -> io::Result<()> {
        self.out.write_all(annotations(&self.cases).as_bytes())?;
        self.out.flush()?;
        let Some(Page { out, room }) = &mut self.page else { return Ok(()) };
        out.write_all(page(&self.cases, &self.machines, *room).as_bytes())?;
        out.flush()
    }
}
