//! What `--timings` tells people: the machine, and the scenarios that took longest.

use super::style::Role;
use super::{Style, one_line};
use crate::journal::{Event, Timing};

/// So many scenarios are named.
const NAMED: usize = 5;

/// The durations of a run, as far as they matter; and where it was.
#[derive(Debug, Default)]
pub(super) struct Pace {
    machines: Vec<String>,
    /// The slowest, slowest first.
    slowest: Vec<Timing>,
}

impl Pace {
    /// Takes the next event.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::Machine(machine) => self.machines.push(format!("Linux {} on {}", machine.release, machine.machine)),
            Event::Timing(timing) => {
                let at = self.slowest.partition_point(|known| known.microseconds >= timing.microseconds);
                self.slowest.insert(at, timing.clone());
                self.slowest.truncate(NAMED);
            }
            _ => {}
        }
    }

    /// What there is to say at the end; nothing where no time was taken.
    pub fn page(&self, style: Style) -> String {
        let mut page = String::new();
        if !self.slowest.is_empty() {
            page += &format!("{}\n", style.paint(Role::Aside, "slowest"));
            for Timing { id, microseconds, .. } in &self.slowest {
                let milliseconds = format!("{}.{:03}", microseconds / 1000, microseconds % 1000);
                page += &format!("{milliseconds:>10} ms  {}\n", one_line(id, style.glyphs));
            }
            page.push('\n');
        }
        for machine in &self.machines {
            page += &format!("{}\n", one_line(machine, style.glyphs));
        }
        page
    }
}
